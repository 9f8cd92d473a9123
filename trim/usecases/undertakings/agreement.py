"""What a pair or a mediation agrees on: ground rules, goals with their measure, and how it ends."""

from __future__ import annotations

from trim.domain.errors import InvalidInput, Reason
from trim.store import undertakings
from trim.store.tables import UndertakingGoal
from trim.usecases.acting.act import Act
from trim.usecases.acting.beside_variables import content_of
from trim.usecases.undertakings.people import party_of

NO_SUCH_GOAL = Reason("no_such_goal", "There is no goal of this number.", "Il n’y a pas d’objectif de ce numéro.")


def write_down(act: Act) -> None:
    """Ground rules or an agreement: everybody has to say yes to it anew."""
    row = act.subject
    for one in undertakings.parties(act.uow.session, row.id):
        one.agreed_at = None
        act.uow.session.add(one)
    row.agreed_at = None
    content = {**content_of(act.uow, row), "written_at": act.now.isoformat(), "written_by": act.record_id}
    row.sealed = act.seal("undertaking", row.id, content)


def say_yes(act: Act) -> None:
    """Somebody who takes part says yes to what is written down. Raises InvalidInput (`party`), NotAllowedNow."""
    row = act.subject
    party = party_of(act)
    party.agreed_at = act.now
    act.uow.session.add(party)
    act.uow.session.flush()
    there = undertakings.parties(act.uow.session, row.id)
    if all(one.agreed_at is not None for one in there):
        row.agreed_at = act.now
        act.anchors["undertaking.agreed_at"] = act.now


def set_goal(act: Act) -> None:
    """A goal with its measure before. Raises InvalidInput (`goal`)."""
    row = act.subject
    number = len(undertakings.goals(act.uow.session, row.id)) + 1
    row_id = act.uow.new_id()
    kept = {name: act.values.get(name) for name in ("goal", "measure", "before")}
    act.uow.session.add(
        UndertakingGoal(
            id=row_id,
            undertaking_id=row.id,
            number=number,
            set_at=act.now,
            sealed=act.seal("undertaking_goal", row_id, kept),
        )
    )
    act.codes["goal"] = number


def measure_goal(act: Act) -> None:
    """The measure of a goal afterwards. Raises InvalidInput (`number`)."""
    goals = {one.number: one for one in undertakings.goals(act.uow.session, act.subject.id)}
    goal = goals.get(int(act.values.get("number") or 0))
    if goal is None:
        raise InvalidInput({"number": NO_SUCH_GOAL})
    content = act.unseal("undertaking_goal", goal.id, goal.sealed)
    goal.sealed = act.seal("undertaking_goal", goal.id, {**content, "after": act.values.get("after")})
    goal.measured_at = act.now
    act.uow.session.add(goal)
    act.codes["goal"] = goal.number


def give_feedback(_: Act) -> None:
    """What one side says of it stands in the record of the action."""


def end_undertaking(_: Act) -> None:
    """That it ended, and when, follows from its state."""
