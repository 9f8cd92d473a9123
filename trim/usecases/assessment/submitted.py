"""A submitted interview and all that belongs to it: its versions, its neighbours, who may look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.errors import NotFound
from trim.engine import machine
from trim.engine.definition import Action, Instrument
from trim.engine.scoring import Change, Score
from trim.store import cases
from trim.store.tables import Assessment, SupportCase
from trim.usecases.acting.act import Act
from trim.usecases.acting.variables import instrument_of, opened
from trim.usecases.assessment.interview import the_case
from trim.usecases.assessment.scored import compared, neighbours, stored_score
from trim.usecases.perform import Found, find, is_kept_back, perform
from trim.usecases.unit_of_work import UnitOfWork


class Removed(NotFound):
    """The interview was taken off the case: its content is shown to nobody there."""


@dataclass(frozen=True)
class Submitted:
    """An interview as it stands: `versions` are all of it, the first recorded first; `held` those of the case."""

    found: Found
    one: Assessment
    content: dict[str, Any]
    instrument: Instrument
    score: Score
    change: Change | None
    earlier: Assessment | None
    following: Assessment | None
    versions: tuple[Assessment, ...]
    held: tuple[Assessment, ...]

    @property
    def case(self) -> SupportCase:
        """The case it belongs to."""
        return the_case(self.found)

    @property
    def is_newest(self) -> bool:
        """Whether no later interview stands on the case."""
        return self.following is None

    @property
    def first(self) -> Assessment:
        """The version that was submitted at first."""
        return self.versions[0]


def submitted(
    uow: UnitOfWork, actor: Actor, case_ref: str, assessment_id: str, *, lock: bool, glass: bool = False
) -> Submitted:
    """The interview of that id, for whoever may read the case; `glass` as for `find`.

    Raises NotFound, Removed, ConflictUnknown.
    """
    found = find(uow, actor, "case", case_ref, lock=lock, glass=glass)
    if found.proposed:
        raise NotFound
    case = the_case(found)
    every = {one.id: one for one in cases.assessments(uow.session, case.id, current_only=False)}
    one = every.get(assessment_id)
    if one is None:
        raise NotFound
    if one.status == "removed":
        raise Removed
    held = [other for other in every.values() if other.status == "current"]
    versions = _versions(every, one)
    earlier, following = neighbours(held, one, {version.id for version in versions})
    content = opened(uow, case, one)
    instrument = instrument_of(uow, one)
    said = {**content["answers"], **content.get("disclosed", {})}
    return Submitted(
        found=found,
        one=one,
        content=content,
        instrument=instrument,
        score=stored_score(content["score"]),
        change=compared(uow, case, earlier, instrument, said),
        earlier=earlier,
        following=following,
        versions=versions,
        held=tuple(held),
    )


def actions_doing(found: Found, effect: str, variables: dict[str, Any]) -> list[Action]:
    """The pack's actions with that effect which can be done now by these roles, in the pack's order."""
    offered = machine.possible(
        found.pack, lifecycle="case", state=found.subject.state, roles=found.roles, variables=variables
    )
    return [
        one.action
        for one in offered
        if effect in one.action.does and not one.refused and not is_kept_back(found, one.action.does)
    ]


def act_on(
    uow: UnitOfWork,
    actor: Actor,
    seen: Submitted,
    *,
    now: datetime,
    action: Action,
    version: int,
    reason: str,
    computed: Mapping[str, Any],
) -> Act:
    """Do an action that changes this interview, with its reason; the record of the interview is what it corrects.

    Raises what `perform` raises.
    """
    return perform(
        uow,
        actor,
        now=now,
        kind="case",
        ref=seen.case.ref,
        action=action.name,
        version=version,
        values={"reason": reason},
        computed=computed,
        corrects_id=seen.content.get("record"),
    )


def _versions(every: dict[str, Assessment], one: Assessment) -> tuple[Assessment, ...]:
    newer = {version.supersedes_id: version for version in every.values() if version.supersedes_id}
    chain = [one]
    while (before := every.get(chain[0].supersedes_id or "")) is not None:
        chain.insert(0, before)
    while (after := newer.get(chain[-1].id)) is not None:
        chain.append(after)
    return tuple(chain)
