"""The words of all packs that cases may run on: steps by who must see to them, states by whether they are final."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trim.engine.definition import Action, Pack, State, Step
from trim.engine.wording import Text
from trim.store import worklists
from trim.store.worklists import StepName
from trim.usecases.acting.rule_words import OVERDUE, OVERDUE_WORDS
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Words:
    """Every installed version of some programmes, the newest last; a word that several have is the newest one's."""

    packs: tuple[Pack, ...]

    def steps(self, kinds: Collection[str], who: Collection[str]) -> dict[StepName, Step]:
        """The steps of some kinds of subject that these roles see to, in the newest pack's order, older ones after."""
        found: dict[StepName, Step] = {}
        for pack in reversed(self.packs):
            for kind in kinds:
                lifecycle = pack.lifecycles.get(kind)
                for step in lifecycle.steps.values() if lifecycle is not None else ():
                    if step.who in who:
                        found.setdefault((kind, step.name), step)
        return found

    def states(self, kind: str, *, final: bool | None = None) -> dict[str, State]:
        """The states of a kind of subject by word; `final` narrows to those that end it or do not."""
        return {
            state.name: state
            for pack in self.packs
            if kind in pack.lifecycles
            for state in pack.lifecycles[kind].states.values()
            if final is None or (state.kind == "final") == final
        }

    def action(self, kind: str, name: str) -> Action | None:
        """An action by kind of subject and name, as the newest version that has it tells it."""
        having = (pack.lifecycles[kind].actions for pack in reversed(self.packs) if kind in pack.lifecycles)
        return next((actions[name] for actions in having if name in actions), None)

    def rule(self, name: str) -> Text:
        """The label of an escalation rule; a step's own rule has the program's words."""
        if name == OVERDUE:
            return OVERDUE_WORDS
        found = next((pack.escalations[name] for pack in reversed(self.packs) if name in pack.escalations), None)
        return found.label if found is not None else Text(name, name)


def words_of(uow: UnitOfWork, programmes: Collection[str]) -> Words:
    """The words of these programmes."""
    return Words(tuple(uow.pack(one) for one in worklists.pack_versions(uow.session, programmes)))
