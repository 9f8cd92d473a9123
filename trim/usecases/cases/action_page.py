"""What the page of one action needs: its form as the pack asks it now, and what still stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from trim.domain.access import Actor
from trim.domain.errors import NotAllowedNow, NotFound, Reason
from trim.engine import machine
from trim.engine.definition import Action, Field
from trim.engine.wording import Text
from trim.store import undertakings
from trim.store.tables import Undertaking
from trim.usecases.acting.beside_standing import is_undertaking, leaders_for, people_of, stand_to
from trim.usecases.acting.beside_variables import content_of
from trim.usecases.acting.standing import subject_of
from trim.usecases.allocation.eligible import Candidate, candidates
from trim.usecases.cases.actions import ELSEWHERE
from trim.usecases.perform import Found, find, is_kept_back, variables_of
from trim.usecases.unit_of_work import UnitOfWork

#: Texts of the pack that belong beside an action, by what the action does.
ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "make_offer": "first_contact",
        "log_contact": "neutral_message",
        "stop_contact": "decline",
        "raise_red_flag": "call_now",
    }
)

#: Effects by which somebody answers for themselves whether they will support a person.
ANSWERING = frozenset({"accept_allocation", "decline_allocation"})


@dataclass(frozen=True, slots=True)
class ActionPage:
    """One action on one subject, as its page shows it; `refused` is empty when it can be done now."""

    kind: str
    ref: str
    version: int
    state: Text
    name: str
    label: Text
    #: What is said once it is done: "Offer made", where the label says "Record that the offer was made".
    told: Text
    hint: Text | None
    confirm: Text | None
    danger: bool
    fields: tuple[Field, ...]
    refused: tuple[Text, ...]
    advice: tuple[Text, ...] = ()
    does: tuple[str, ...] = ()
    instrument: str | None = None
    #: Whose case it is, and its reference; None for an incident.
    person: str | None = None
    case_ref: str | None = None
    #: What a session, a check, a pair or a mediation is about, in the words of whoever set it up; empty for others.
    about: str = ""
    #: Who can be asked, where the form has a field for a practitioner.
    candidates: tuple[Candidate, ...] = ()
    #: Who takes part, as (row, name), where the form has a field for somebody of them.
    parties: tuple[tuple[str, str], ...] = ()

    @property
    def asks_nothing(self) -> bool:
        """Whether there is nothing to fill in."""
        return not self.fields


def action_page(
    uow: UnitOfWork, actor: Actor, *, now: datetime, kind: str, ref: str, action: str, is_shown: bool = True
) -> ActionPage:
    """The page of `action` on the `kind` of that reference.

    It names the person, so it leaves a line in the trail: call it while writing, or with `is_shown` False where only
    the form is needed and nothing of it is sent.

    Raises NotFound, ConflictUnknown, and NotAllowedNow when the action is not to be had from this state or role.
    """
    found = find(uow, actor, kind, ref, lock=False, glass=True)
    definition = found.pack.lifecycles[kind].actions.get(action)
    if definition is None or ELSEWHERE & set(definition.does):
        raise NotFound
    variables = variables_of(uow, actor, found, now, definition)
    refused = _refused(found, definition, kind, variables)
    fields = machine.form_of(
        found.pack, lifecycle=kind, action=action, state=found.subject.state, roles=found.roles, variables=variables
    )
    asks_for_somebody = any(field.field_class == "practitioner" for field in fields)
    page = ActionPage(
        kind=kind,
        ref=ref,
        version=found.subject.version,
        state=found.pack.lifecycles[kind].states[found.subject.state].label,
        name=action,
        label=definition.label,
        told=definition.told,
        hint=definition.hint,
        confirm=definition.needs_confirm,
        danger=definition.danger,
        fields=fields,
        refused=refused,
        advice=tuple(
            found.pack.texts[ADVICE[effect]]
            for effect in definition.does
            if effect in ADVICE and ADVICE[effect] in found.pack.texts
        ),
        does=definition.does,
        instrument=definition.instrument,
        person=subject_of(uow, found.case).name if found.case is not None else None,
        case_ref=found.case.ref if found.case is not None else None,
        about=str(content_of(uow, found.subject).get("about") or "") if is_undertaking(kind) else "",
        candidates=_candidates(uow, found, now) if asks_for_somebody else (),
        parties=_parties(uow, actor, found.subject)
        if any(field.field_class in ("party", "parties") for field in fields)
        else (),
    )
    if not is_shown:
        return page
    room = "undertaking" if is_undertaking(kind) else "incident"
    owner = f"case:{found.case.id}" if found.case is not None else f"{room}:{found.subject.id}"
    uow.record(
        actor,
        now,
        f"{owner.partition(':')[0]}.read",
        chain=owner,
        subject=f"{kind}:{found.subject.id}",
        role=sorted(found.roles)[0],
        codes={"page": f"{kind}.{action}"},
    )
    return page


def _candidates(uow: UnitOfWork, found: Found, now: datetime) -> tuple[Candidate, ...]:
    """Who can be asked to support a person, or to lead what runs beside cases."""
    if found.case is not None:
        return tuple(candidates(uow, found.case, found.pack, now))
    if not isinstance(found.subject, Undertaking):
        return ()
    able = leaders_for(uow, found.subject, now)
    return tuple(Candidate(one.id, one.name, 0, 0, ()) for one in sorted(able, key=lambda one: one.name))


def _parties(uow: UnitOfWork, actor: Actor, subject: object) -> tuple[tuple[str, str], ...]:
    """Whoever takes part, for those who may see it (CARE 27)."""
    if not isinstance(subject, Undertaking) or not stand_to(uow, actor, subject).sees_people:
        return ()
    who = people_of(uow, subject, undertakings.parties(uow.session, subject.id))
    return tuple(sorted(((row_id, person.name) for row_id, person in who.items()), key=lambda one: one[1]))


def is_for(found: Found, action: Action) -> bool:
    """Whoever is asked to support a person may answer that question and do nothing else; nobody answers for them.

    Whoever opened the case by break-glass may raise an alarm and see to one.
    """
    return not is_kept_back(found, action.does) and found.proposed == bool(ANSWERING & set(action.does))


def _refused(found: Found, action: Action, kind: str, variables: Mapping[str, object]) -> tuple[Text, ...]:
    choices = machine.possible(
        found.pack, lifecycle=kind, state=found.subject.state, roles=found.roles, variables=variables
    )
    here = next((one for one in choices if one.action.name == action.name), None)
    if here is not None and is_for(found, action):
        return here.refused
    if here is not None:
        raise NotFound
    try:
        machine.decide(
            found.pack,
            lifecycle=kind,
            state=found.subject.state,
            action=action.name,
            roles=found.roles,
            variables=variables,
        )
    except machine.Refused as refused:
        raise NotAllowedNow([Reason(refused.code, text.en, text.fr) for text in refused.reasons]) from refused
    raise NotFound  # Not possible and yet not refused: the two disagree, so nothing is offered.
