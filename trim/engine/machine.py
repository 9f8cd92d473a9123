"""Decides one action: allowed with all that follows from it, or refused with every reason a person can act on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from transitions import Machine

from trim.engine.conditions import Condition, ConditionFailed, Conditions, conditions_of
from trim.engine.definition import ALL, Action, Field, Lifecycle, Pack, Requirement, Window
from trim.engine.wording import Text

RefusalCode = Literal["unknown_action", "wrong_state", "wrong_role", "requirement", "condition_failed"]
Values = Mapping[str, Any]

_UNKNOWN: Final = Text("There is no such action here.", "Cette action n’existe pas ici.")
_WRONG_ROLE: Final = Text(
    "Your role cannot do this: {action}.",
    "Votre rôle ne permet pas de faire cela\u00a0: {action}.",
)
_WRONG_STATE: Final = Text(
    "“{action}” cannot be done now, because it stands at “{state}”.",
    "«\u00a0{action}\u00a0» n’est pas possible maintenant, car l’état est «\u00a0{state}\u00a0».",
)
_FAILED: Final = Text(
    "The rule for “{action}” could not be worked out, so nothing was changed. Please tell your coordinator.",
    "La règle de «\u00a0{action}\u00a0» n’a pas pu être appliquée, rien n’a donc été modifié. "
    "Merci d’en informer la coordination.",
)


class Refused(Exception):
    """Raised when an action may not happen; `reasons` are for the person, `code` for the trail."""

    def __init__(self, code: RefusalCode, reasons: tuple[Text, ...]) -> None:
        super().__init__(f"{code}: {' '.join(reason.en for reason in reasons)}")
        self.code = code
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Decision:
    """What an allowed action brings; `cancels` holds step names, or "all" for every open step."""

    action: Action
    from_state: str
    to_state: str
    completes: tuple[str, ...]
    starts: tuple[str, ...]
    cancels: tuple[str, ...]
    does: tuple[str, ...]

    @property
    def cancels_all(self) -> bool:
        """Say whether every open step stops."""
        return ALL in self.cancels


@dataclass(frozen=True, slots=True)
class Possible:
    """An action that this role has in this state; an empty `refused` means that it can be done now."""

    action: Action
    refused: tuple[Text, ...]


class _Cursor:
    """The thing that a transition moves: a row of the database cannot be it (transitions keeps every model)."""

    __slots__ = ("branch", "state", "values")

    def __init__(self, state: str, values: Values) -> None:
        self.state = state
        self.values = values
        self.branch = 0


def decide(
    pack: Pack, *, lifecycle: str, state: str, action: str, roles: Collection[str], variables: Values
) -> Decision:
    """Decide an action; raises Refused.

    A condition that cannot be reckoned refuses, with code "condition_failed"; whoever calls tells the programme.
    """
    life = pack.lifecycles[lifecycle]
    act = life.actions.get(action)
    if act is None:
        raise Refused("unknown_action", (_UNKNOWN,))
    if not any(role in act.by for role in roles):
        raise Refused("wrong_role", (_WRONG_ROLE.filled(action=act.label),))
    if state not in act.from_:
        label = life.states[state].label if state in life.states else state
        raise Refused("wrong_state", (_WRONG_STATE.filled(action=act.label, state=label),))
    conditions = conditions_of(pack)
    values = _with_engine(pack, state, roles, variables)
    cursor = _Cursor(state, values)
    try:
        if reasons := _unmet(act.requires, conditions, values):
            raise Refused("requirement", reasons)
        if not _machine(pack, life).events[action].trigger(cursor, cursor):
            raise ConditionFailed(f"no branch of {lifecycle}.{action} holds")
        starts = act.starts + (act.to[cursor.branch].starts if act.to else ())
        starts = tuple(step for step in starts if _holds(conditions, life.steps[step].when, values))
    except ConditionFailed as error:
        raise Refused("condition_failed", (could_not_be_worked_out(act),)) from error
    return Decision(act, state, cursor.state, act.completes, starts, act.cancels, act.does)


def could_not_be_worked_out(action: Action) -> Text:
    """Say that a rule of an action failed, so that nothing was done."""
    return _FAILED.filled(action=action.label)


def possible(pack: Pack, *, lifecycle: str, state: str, roles: Collection[str], variables: Values) -> list[Possible]:
    """Give the actions of these roles from this state, in the pack's order, with what still stands in the way.

    A requirement that reads an answer of the action's own form is left out until that answer is given.
    """
    conditions = conditions_of(pack)
    values = _with_engine(pack, state, roles, variables)
    found = []
    for action in pack.lifecycles[lifecycle].actions.values():
        if state in action.from_ and any(role in action.by for role in roles):
            ready = [one for one in action.requires if not _awaits_form(pack, conditions[one.when], variables)]
            try:
                refused = _unmet(ready, conditions, values)
            except ConditionFailed:
                refused = (could_not_be_worked_out(action),)
            found.append(Possible(action, refused))
    return found


def needed(pack: Pack, *, lifecycle: str, action: str) -> frozenset[str]:
    """Name every variable that deciding an action may read, without those the engine adds itself."""
    life = pack.lifecycles[lifecycle]
    act = life.actions[action]
    texts = [
        *(requirement.when for requirement in act.requires),
        *(branch.when for branch in act.to or ()),
        *(life.steps[step].when for step in act.may_start),
        *(field.when for field in act.form),
    ]
    conditions = conditions_of(pack)
    names = {name for text in texts if text for name in conditions[text].names}
    return frozenset(name for name in names if pack.variables[name].source != "engine")


def form_of(
    pack: Pack, *, lifecycle: str, action: str, state: str, roles: Collection[str], variables: Values
) -> tuple[Field, ...]:
    """Give the fields to show; a field whose condition cannot be reckoned is shown rather than lost."""
    conditions = conditions_of(pack)
    values = _with_engine(pack, state, roles, variables)
    shown = []
    for field in pack.lifecycles[lifecycle].actions[action].form:
        try:
            wanted = _holds(conditions, field.when, values)
        except ConditionFailed:
            wanted = True
        if wanted:
            shown.append(field)
    return tuple(shown)


def window_of(pack: Pack, *, lifecycle: str, step: str, variables: Values) -> Window:
    """Give the window that holds for a step now; raises ConditionFailed."""
    definition = pack.lifecycles[lifecycle].steps[step]
    conditions = conditions_of(pack)
    for other in definition.instead:
        if conditions[other.when].holds(variables):
            return other.window
    return definition.window


def _holds(conditions: Conditions, when: str | None, values: Values) -> bool:
    return when is None or conditions[when].holds(values)


def _unmet(requires: Collection[Requirement], conditions: Conditions, values: Values) -> tuple[Text, ...]:
    return tuple(one.otherwise for one in requires if not conditions[one.when].holds(values))


def _awaits_form(pack: Pack, condition: Condition, given: Values) -> bool:
    return any(pack.variables[name].source == "form" and name not in given for name in condition.names)


def _with_engine(pack: Pack, state: str, roles: Collection[str], variables: Values) -> Values:
    """Add the state and the roles; they come last, so that no caller can pretend to another role."""
    own = {name: state if name == "state" else name.removeprefix("role_is_") in roles for name in _engine_names(pack)}
    return {**variables, **own} if own else variables


def _engine_names(pack: Pack) -> tuple[str, ...]:
    names = _ENGINE_NAMES.get(pack.behaviour_hash)
    if names is None:
        names = tuple(name for name, variable in pack.variables.items() if variable.source == "engine")
        _ENGINE_NAMES[pack.behaviour_hash] = names
    return names


def _machine(pack: Pack, life: Lifecycle) -> Machine:
    key = (pack.behaviour_hash, life.name)
    machine = _MACHINES.get(key)
    if machine is None:
        if len(_MACHINES) >= _MOST_MACHINES:
            _MACHINES.clear()
            _ENGINE_NAMES.clear()
        machine = _MACHINES[key] = _build(pack, life)
    return machine


def _build(pack: Pack, life: Lifecycle) -> Machine:
    """Make the one shared machine of a lifecycle; no automatic transitions, for they would skip every rule."""
    conditions = conditions_of(pack)
    machine = Machine(model=None, states=list(life.states), initial=life.initial, auto_transitions=False)
    for action in life.actions.values():
        for index, branch in enumerate(action.to or (None,)):
            guard = partial(_take, index, conditions[branch.when] if branch and branch.when else None)
            target = branch.state if branch else None
            machine.add_transition(action.name, list(action.from_), target, conditions=[guard])
    return machine


def _take(index: int, condition: Condition | None, cursor: _Cursor) -> bool:
    if condition is not None and not condition.holds(cursor.values):
        return False
    cursor.branch = index
    return True


_MACHINES: Final[dict[tuple[str, str], Machine]] = {}
_ENGINE_NAMES: Final[dict[str, tuple[str, ...]]] = {}
_MOST_MACHINES: Final = 256
