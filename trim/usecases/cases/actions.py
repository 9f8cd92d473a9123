"""Which actions a case page offers, and where it puts them: what is next comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from trim.engine.definition import Action, Lifecycle
from trim.engine.machine import Possible
from trim.usecases.cases.case_file import Group, PossibleAction

#: An action that few states have is what such a state is for; one that many have is always there besides.
FEW_STATES = 2

#: Actions that need more than a form: corrections begin at the interview that is wrong (CARE 8), joining at the event.
ELSEWHERE = frozenset({"correct_assessment", "withdraw_assessment", "hold_planning_meeting", "join_incident"})

#: Always in sight on an open case, and never among the others (CARE 1).
APART = frozenset({"raise_red_flag"})

_BY_EFFECT: tuple[tuple[frozenset[str], Group], ...] = (
    (frozenset({"log_contact"}), "contact"),
    (frozenset({"raise_escalation", "propose_referral"}), "help"),
    (frozenset({"close_case", "stop_contact"}), "end"),
)


def offered(
    lifecycle: Lifecycle,
    state: str,
    possible: Iterable[Possible],
    open_steps: Iterable[str],
    *,
    asking: Collection[str],
) -> tuple[PossibleAction, ...]:
    """The possible actions with their groups; `open_steps` are the names of what is due, `asking` those of the
    actions that have something to fill in now."""
    due = frozenset(open_steps)
    able = [one for one in possible if not (ELSEWHERE | APART) & set(one.action.does) and not is_beside_the_point(one)]
    main = {one.action.name for one in able if _is_main(one.action, due)}
    answers = {effect for one in able if one.action.name in main for effect in one.action.does} & {"record_answer"}
    # "The person declines" is as good an answer as "the person accepts", and stands beside it.
    main |= {one.action.name for one in able if answers & set(one.action.does)}
    if not main:
        main = {one.action.name for one in able if "close_case" in one.action.does and _is_ready(lifecycle, state)}
    return tuple(shown_action(one, main, asking, due) for one in able)


def is_beside_the_point(one: Possible) -> bool:
    """Whether an action is about a pause or a clock that is not there: on most cases it would only be in the way."""
    action = one.action
    return bool(one.refused) and bool(action.pauses or action.resumes or action.resets)


def _is_main(action: Action, due: frozenset[str]) -> bool:
    if due & set(action.completes) and not action.danger:
        return True
    if "agree_step" in action.does:
        # The plan grows while the case goes on: that is the work, however many states it goes through.
        return True
    if "propose_allocation" in action.does:
        # Somebody is found in one state; that a case may change hands in others is no next step.
        return len(action.from_) == 1
    return action.to is not None and len(action.from_) <= FEW_STATES


def _is_ready(lifecycle: Lifecycle, state: str) -> bool:
    """Whether nothing else leads on from this state: then closing is what is next."""
    return all(
        state not in action.from_ or set(action.from_) >= set(lifecycle.open_states()) or len(action.from_) > FEW_STATES
        for action in lifecycle.actions.values()
        if action.to is not None
    )


def shown_action(one: Possible, main: set[str], asking: Collection[str], due: Collection[str]) -> PossibleAction:
    """An action as a page shows it; `main` are the names of those that stand first."""
    action = one.action
    group: Group = next((name for effects, name in _BY_EFFECT if effects & set(action.does)), "change")
    return PossibleAction(
        name=action.name,
        label=action.label,
        hint=action.hint,
        group="main" if action.name in main else group,
        danger=action.danger,
        confirm=action.needs_confirm,
        refused=one.refused,
        instrument=action.instrument is not None,
        asks=action.name in asking or action.needs_confirm is not None or bool(one.refused),
        completes=action.completes,
        is_due=bool(set(due) & set(action.completes)),
    )
