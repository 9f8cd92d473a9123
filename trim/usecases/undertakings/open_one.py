"""Set up a group session, a periodic check, a pair or a mediation: an empty one, which the pack's actions then fill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trim.domain.access import Actor, Can
from trim.domain.confidentiality import OVERSEERS, UNDERTAKINGS
from trim.domain.errors import Forbidden, InvalidInput, NotFound, Reason
from trim.engine.wording import Text
from trim.store import cases, people
from trim.store.tables import Incident, Undertaking
from trim.usecases.acting import clocks
from trim.usecases.acting.act import PREFIXES
from trim.usecases.acting.beside_variables import anchors_of, undertaking_variables
from trim.usecases.incident_access import may_work_on
from trim.usecases.unit_of_work import UnitOfWork

#: Longest words about the whole of it.
MOST_WORDS = 120
UNKNOWN_UNIT = Reason("unknown_unit", "Choose a unit from the list.", "Choisissez une unité dans la liste.")
TOO_LONG = Reason("too_long", "Shorten this text.", "Raccourcissez ce texte.")
MISSING = Reason("missing", "Fill this in.", "Remplissez ce champ.")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind that somebody may set up: its programme, its lifecycle, and the pack's words for it."""

    programme: str
    kind: str
    label: Text
    hint: Text | None
    programme_label: Text


def kinds_to_open(uow: UnitOfWork, actor: Actor) -> tuple[Kind, ...]:
    """What the packs of the programmes hold that this actor oversees, in the order of the language."""
    programmes = sorted({grant.programme for grant in actor.grants if grant.role in OVERSEERS})
    found = []
    for programme in programmes:
        pack = uow.shelf.current(uow.session, programme)[1]
        found += [
            Kind(programme, kind, pack.lifecycles[kind].label, pack.lifecycles[kind].hint, pack.title)
            for kind in UNDERTAKINGS
            if kind in pack.lifecycles
        ]
    return tuple(found)


def units_to_open_in(uow: UnitOfWork, actor: Actor, programme: str) -> tuple[tuple[str, str], ...]:
    """The units that this actor oversees in a programme, as (id, name), by name."""
    covered: set[str] = set()
    for grant in actor.grants:
        if grant.programme == programme and grant.role in OVERSEERS:
            covered |= grant.covers
    known = people.units(uow.session)
    return tuple(sorted(((one, known[one].name) for one in covered if one in known), key=lambda one: one[1]))


def open_undertaking(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    programme: str,
    kind: str,
    unit_id: str,
    about: str,
    incident_ref: str | None = None,
) -> Undertaking:
    """Set one up, with its own key and its first clocks.

    `about` is said of the whole and never of a person. For an event its unit and programme are taken from there.
    Raises Forbidden, NotFound, InvalidInput (`unit_id`, `about`).
    """
    incident: Incident | None = None
    if incident_ref:
        incident = cases.load(uow.session, "incident", incident_ref)
        may_work_on(uow, actor, incident)
        programme, unit_id = incident.programme, incident.unit_id
    if not actor.can(Can.OVERSEE_CASES, programme=programme):
        raise Forbidden
    if kind not in {one.kind for one in kinds_to_open(uow, actor) if one.programme == programme}:
        raise NotFound
    words = " ".join(about.split())
    problems: dict[str, Reason] = {}
    if unit_id not in dict(units_to_open_in(uow, actor, programme)):
        problems["unit_id"] = UNKNOWN_UNIT
    if not words:
        problems["about"] = MISSING
    elif len(words) > MOST_WORDS:
        problems["about"] = TOO_LONG
    if problems:
        raise InvalidInput(problems)
    return _open(uow, actor, now, programme, kind, unit_id, words, incident)


def _open(
    uow: UnitOfWork,
    actor: Actor,
    now: datetime,
    programme: str,
    kind: str,
    unit_id: str,
    words: str,
    incident: Incident | None,
) -> Undertaking:
    version_id, pack = uow.shelf.current(uow.session, programme)
    life = pack.lifecycles[kind]
    row_id = uow.new_id()
    owner = f"undertaking:{row_id}"
    uow.new_key(owner)
    row = Undertaking(
        id=row_id,
        ref=uow.new_ref(PREFIXES[kind]),
        kind=kind,
        programme=programme,
        pack_version_id=version_id,
        state=life.initial,
        unit_id=unit_id,
        incident_id=incident.id if incident is not None else None,
        opened_at=now,
        opened_by=actor.account_id,
        sealed=uow.vault.seal(owner, "undertaking", row_id, {"about": words}),
    )
    uow.session.add(row)
    uow.session.flush()
    clocks.start(
        uow,
        pack=pack,
        lifecycle=kind,
        subject=row,
        names=life.starts,
        anchors=clocks.anchors_of(uow, case=None, incident=incident, exposure=None, now=now) | anchors_of(row, {}, now),
        variables=undertaking_variables(uow, row, incident, now),
        case_id=None,
        now=now,
    )
    roles = {grant.role.value for grant in actor.grants if grant.role in OVERSEERS and unit_id in grant.covers}
    uow.record(
        actor,
        now,
        "undertaking.opened",
        chain=owner,
        subject=f"{kind}:{row_id}",
        role=sorted(roles)[0] if roles else None,
        pack=version_id,
        codes={"kind": kind, "to": row.state, "version": 1, **({"incident": incident.id} if incident else {})},
    )
    return row
