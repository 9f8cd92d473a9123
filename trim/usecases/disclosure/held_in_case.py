"""Everything a case holds on its person, item by item, and who read it; each free text as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from trim.domain.calendar import CLOCKS_MOVED
from trim.domain.trail_words import TRAIL_WORDS
from trim.engine.definition import NOT_ASKED, PREFERRED_NOT_TO_ANSWER, Instrument, Pack
from trim.engine.definition import Item as Question
from trim.engine.scoring import tags_of
from trim.engine.wording import Text
from trim.store import accounts, break_glass, cases, conflicts, disclosure, ledger, private_links
from trim.store.tables import Assessment, Incident, SupportCase
from trim.usecases.acting.rule_words import rule_words
from trim.usecases.acting.standing import content_of
from trim.usecases.acting.variables import instrument_of, opened
from trim.usecases.cases.gathered import Gathered, Record, gather
from trim.usecases.cases.said import provider_of, said, shown
from trim.usecases.disclosure import words
from trim.usecases.disclosure.held_beside import held_beside
from trim.usecases.disclosure.items import READINGS, Item, Line, Section
from trim.usecases.ledger.withheld import Withheld, withheld
from trim.usecases.perform import Found
from trim.usecases.unit_of_work import UnitOfWork

#: Lines of the trail that a package holds for one case: more than any case has in ten years.
MOST_LINES = 10_000


def case_sections(uow: UnitOfWork, case: SupportCase, now: datetime) -> list[Section]:
    """The sections of one case: what it holds, and who read or changed it."""
    incident = uow.session.get(Incident, case.incident_id) if case.incident_id else None
    found = Found(case, case, incident, uow.pack(case.pack_version_id), frozenset())
    gathered = gather(uow, found)
    subject = f"case:{case.id}"
    return [
        Section(
            f"case-{case.ref}", Text(f"Support {case.ref}", f"Accompagnement {case.ref}"),
            tuple(_items(uow, found, gathered, now)), subject,
        ),
        Section(
            f"trail-{case.ref}",
            Text(f"Who read or changed {case.ref}", f"Qui a lu ou modifié {case.ref}"),
            tuple(_trail(uow, found, now)), subject,
        ),
    ]  # fmt: skip


def _items(uow: UnitOfWork, found: Found, gathered: Gathered, now: datetime) -> Iterator[Item]:
    hidden = withheld(uow, gathered.case, now)
    yield _course(uow, found, gathered)
    yield from held_beside(uow, found, gathered)
    for record in gathered.records:
        if not hidden.done_by(record.row.actor_id, record.row.done_at):
            yield _record(gathered, record)
    yield from _interviews(uow, found, gathered)
    yield from _drafts(uow, found)
    yield from _beside(uow, found, gathered, hidden)
    yield from _kept(uow, found, now)
    yield from _ways_in(uow, found, now)


def _course(uow: UnitOfWork, found: Found, gathered: Gathered) -> Item:
    case = gathered.case
    states = found.pack.lifecycles["case"].states
    content = content_of(uow, case)
    rows: list[tuple[Text, Any]] = [
        (words.STATE, states[case.state].label if case.state in states else Text(case.state, case.state)),
        (words.OPENED, case.opened_at),
        (words.ACCEPTED, case.accepted_at),
        (words.CLOSED, case.closed_at),
        (words.OUTCOME, words.of_choice(found.pack, "closing_outcomes", case.outcome) if case.outcome else None),
        (words.SUPPORTED_BY, gathered.name(case.practitioner_id)),
        *((words.REACH, str(value)) for name, value in content.items() if name != "person_id" and value),
    ]
    rows += [
        (Text(f"{words.DUE.en}: {label.en}", f"{words.DUE.fr} : {label.fr}"), step.due_at)
        for step in gathered.steps
        if (label := _step(found.pack, step.subject_kind, step.name))
    ]
    return Item(f"case-{case.id}", Text("Course", "Déroulement"), words.lines(rows), case.opened_at)


def _record(gathered: Gathered, record: Record) -> Item:
    row, action = record.row, record.action
    told = [Line(one.label, one.value) for one in said(action, record.values, gathered.names)]
    known = {field.name for field in action.form} if action else set()
    # What no form of the pack asks for any more was said all the same.
    told += [
        Line(Text(name, name), value)
        for name, value in record.values.items()
        if name not in known and isinstance(value, str) and name not in ("assessment",)
    ]
    role = words.ROLES.get(row.actor_role, Text(row.actor_role, row.actor_role))
    rows = words.lines(((words.BY, gathered.name(row.actor_id)), (words.IN_ROLE, role)))
    title = words.CLOCKS_MOVED if row.action == CLOCKS_MOVED else Text(row.action, row.action)
    title = action.label if action else title
    return Item(f"record-{row.id}", title, (*rows, *told), row.done_at)


def _interviews(uow: UnitOfWork, found: Found, gathered: Gathered) -> Iterator[Item]:
    case = gathered.case
    for one in cases.assessments(uow.session, case.id, current_only=False):
        # What was taken off because it was another person's talk (CARE 8) is not this person's to have.
        if one.status == "removed":
            continue
        content, instrument = opened(uow, case, one), instrument_of(uow, one)
        form, score = content.get("form", {}), content["score"]
        band = instrument.band(score.get("band"))
        rows: list[tuple[Text, Any]] = [
            (words.STATE, words.EARLIER_VERSION if one.status == "corrected" else None),
            (words.RECORDED, one.recorded_at),
            (words.BY, gathered.name(one.recorded_by)),
            *_answers(instrument, content["answers"]),
            *_answers(instrument, content.get("disclosed", {}), later=True),
            (words.SCORE, str(score["total"]) if score.get("maximum") else None),
            (words.BAND, band.label if band else None),
            (words.STOPPED_EARLY, content.get("stopped_early") or None),
            (words.CORRECTION, content.get("reason")),
            *_form(found.pack, one, form),
        ]
        step = found.pack.lifecycles["case"].steps.get(one.step)
        yield Item(f"interview-{one.id}", step.label if step else instrument.title, words.lines(rows), one.held_at)


def _form(pack: Pack, one: Assessment, form: Mapping[str, Any]) -> Iterator[tuple[Text, Any]]:
    fields = {
        field.name: field
        for action in pack.lifecycles["case"].actions.values()
        if action.instrument and one.step in (action.step, *action.completes)
        for field in action.form
    }
    for name, value in form.items():
        field = fields.get(name)
        if field is not None:
            yield field.label, shown(field, value, {})
        elif isinstance(value, str):
            yield Text(name, name), value


def _answers(instrument: Instrument, answers: Mapping[str, Any], *, later: bool = False) -> Iterator[tuple[Text, Any]]:
    known = {item.name: item for item in instrument.items()}
    for name, answer in answers.items():
        item = known.get(name)
        label = item.label if item else Text(name, name)
        if later:
            label = Text(f"{label.en} ({words.NEWLY_TOLD.en})", f"{label.fr} ({words.NEWLY_TOLD.fr})")
        yield label, _answer(item, answer)


def _answer(item: Question | None, answer: Any) -> Any:
    if answer == NOT_ASKED:
        return words.NOT_ASKED
    if answer == PREFERRED_NOT_TO_ANSWER:
        return words.PREFERRED_NOT
    if item is not None and item.kind == "tags":
        labels = {one.value: one.label for one in item.choices}
        return tuple(labels[value] for value in tags_of(item, str(answer)))
    anchors = item.anchors if item else ()
    return next((one.label for one in anchors if str(one.value) == str(answer)), str(answer))


def _drafts(uow: UnitOfWork, found: Found) -> Iterator[Item]:
    case = found.case
    assert case is not None
    for one in cases.drafts(uow.session, case.id):
        content = uow.vault.unseal(f"case:{case.id}", "assessment_draft", one.id, one.sealed)
        rows = [(Text(name, name), value) for name, value in _flat(content) if isinstance(value, str)]
        yield Item(f"draft-{one.id}", words.DRAFT, words.lines(rows), one.saved_at)


def _flat(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield name, value


def _beside(uow: UnitOfWork, found: Found, gathered: Gathered, hidden: Withheld) -> Iterator[Item]:
    pack, owner = found.pack, f"case:{gathered.case.id}"
    for one in gathered.escalations:
        if hidden.done_by(one.raised_by, one.raised_at):
            continue
        content = uow.vault.unseal(owner, "escalation", one.id, one.sealed)
        rows = (
            (words.LEVEL, one.level), (words.RAISED, one.raised_at), (words.BY, gathered.name(one.raised_by)),
            (words.DECIDED, one.decided_at),
            *((Text(name, name), value) for name, value in content.items() if isinstance(value, str) and " " in value),
        )  # fmt: skip
        yield Item(f"escalation-{one.id}", rule_words(pack, one.rule), words.lines(rows))
    for each in gathered.referrals:
        content = dict(gathered.proposals[each.id])
        known = (
            (words.PROVIDER, provider_of(pack, content)), (words.PROPOSED, each.proposed_at),
            (words.SENT, each.sent_at), (words.CLOSED, each.ended_at), (words.REASON, str(content.get("reason") or "")),
        )  # fmt: skip
        # The letter to the provider holds the provider, this reason and nothing else (usecases.referral.letter).
        title = Text(f"Referral {each.ref}, and its letter", f"Orientation {each.ref}, et son courrier")
        yield Item(f"referral-{each.id}", title, words.lines(known), each.proposed_at)


def _kept(uow: UnitOfWork, found: Found, now: datetime) -> Iterator[Item]:
    """Who is kept away, holds, and what others asked for, without what the person may not know of (CARE 15, 18)."""
    case = found.case
    assert case is not None
    owner = f"case:{case.id}"
    away = conflicts.exclusions(uow.session, case.id)
    names = accounts.names(uow.session, [one.account_id for one in away])
    for one in away:
        why = uow.vault.unseal(owner, "exclusion", one.id, one.sealed)["reason"] if one.sealed else None
        rows: tuple[tuple[Text, Any], ...] = ((words.NAME, names.get(one.account_id)), (words.REASON, why))
        yield Item(f"exclusion-{one.id}", words.KEPT_AWAY, words.lines(rows), one.made_at)
    untold = withheld(uow, case, now).requests
    # A hold lets a request be guessed: both stay out until the person was told of it.
    for hold in disclosure.holds_of(uow.session, [case.id]) if not untold else ():
        why = uow.vault.unseal(owner, "legal_hold", hold.id, hold.sealed)["reason"]
        rows = (
            (words.GROUND, hold.ground),
            (words.SINCE, hold.set_at),
            (words.LIFTED, hold.lifted_at),
            (words.REASON, why),
        )
        yield Item(f"hold-{hold.id}", Text("Erasure put on hold", "Effacement suspendu"), words.lines(rows))
    for entry in disclosure.disclosures_of(uow.session, [case.id]):
        if f"disclosure:{entry.id}" in untold:
            continue
        content = uow.vault.unseal(owner, "disclosure", entry.id, entry.sealed) if entry.sealed else {}
        rows = (
            (words.BODY, str(content.get("who") or "")), (words.ASKED, entry.asked_on),
            (words.GROUND, str(content.get("ground") or "")), (words.DECIDED, entry.decided_at),
            (words.DECISION, str(content.get("decision") or "")), (words.GIVEN, str(content.get("given") or "")),
        )  # fmt: skip
        title = Text(f"Somebody else asked: {entry.ref}", f"Demande d’un tiers : {entry.ref}")
        yield Item(f"disclosure-{entry.id}", title, words.lines(rows))


def _ways_in(uow: UnitOfWork, found: Found, now: datetime) -> Iterator[Item]:
    """The person's own private links, and who opened the case in an emergency, once the person may be told of it."""
    case = found.case
    assert case is not None
    owner = f"case:{case.id}"
    for link in private_links.of_case(uow.session, case.id, MOST_LINES):
        address = uow.vault.unseal(owner, "private_link", link.id, link.sealed).get("address")
        rows = ((words.SENT_TO, str(address or "")), (words.SENT, link.sent_at), (words.CLOSED, link.ended_at))
        title = Text("Private link to your record", "Lien privé vers votre dossier")
        yield Item(f"link-{link.id}", title, words.lines(rows), link.made_at)
    untold = {one.id for one in break_glass.untold(uow.session, case.id, now)}
    openings = [one for one in disclosure.openings_of(uow.session, case.id) if one.id not in untold]
    names = accounts.names(uow.session, {one.account_id for one in openings})
    for one in openings:
        said_why = uow.vault.unseal(owner, "break_glass", one.id, one.sealed).get("reason")
        known = (
            (words.BY, names.get(one.account_id)),
            (words.REASON, str(said_why or "")),
            (words.CLOSED, one.until_at),
        )
        yield Item(f"opening-{one.id}", Text("Emergency look", "Accès d’urgence"), words.lines(known), one.opened_at)


def _trail(uow: UnitOfWork, found: Found, now: datetime) -> Iterator[Item]:
    """One item: each line says who, in which role, what, when; lists that named the case stand in it, too.

    What the person is not told yet for a recorded safeguarding reason (CARE 15) is kept back here as in their ledger.
    """
    case, pack = found.case, found.pack
    assert case is not None
    hidden = withheld(uow, case, now)
    about = reversed(ledger.about(uow.session, f"case:{case.id}", before=None, limit=MOST_LINES))
    entries = [one for one in about if not hidden.covers(one, json.loads(one.text))]
    names = accounts.names(uow.session, {one.actor_id for one in entries})
    read = []
    for entry in entries:
        role = words.ROLES.get(str(json.loads(entry.text).get("role", "")))
        who = names.get(entry.actor_id, "Trim")
        what = _what(pack, entry.what)
        read.append(
            Line(
                Text(
                    f"{what.en}: {who}" + (f", {role.en}" if role else ""),
                    f"{what.fr} : {who}" + (f", {role.fr}" if role else ""),
                ),
                entry.at,
            )
        )
    at: datetime | None = entries[0].at if entries else None
    title = Text("Readings and changes", "Lectures et modifications")
    yield Item(f"{READINGS}-{case.id}", title, tuple(read), at)


def _what(pack: Pack, word: str) -> Text:
    known = TRAIL_WORDS.get(word)
    if known is not None:
        return Text(known.words.en, known.words.fr)
    kind, _, name = word.partition(".")
    lifecycle = pack.lifecycles.get(kind)
    action = lifecycle.actions.get(name) if lifecycle else None
    return action.label if action else Text(word, word)


def _step(pack: Pack, kind: str, name: str) -> Text | None:
    lifecycle = pack.lifecycles.get(kind)
    step = lifecycle.steps.get(name) if lifecycle else None
    return step.label if step else None
