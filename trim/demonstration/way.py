"""One person's way through the programme: whose case, what is planned for it, and how somebody does something on it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from trim.demonstration.plans import Plan
from trim.demonstration.stage import Stage
from trim.store import cases
from trim.store.tables import Account, SupportCase
from trim.usecases.acting.act import Act
from trim.usecases.cases.read_case import read_case


@dataclass
class Way:
    """A case and its plan; `coordinator` sees to it, the practitioner is found on the way."""

    stage: Stage
    ref: str
    plan: Plan
    coordinator: Account
    chosen: random.Random
    practitioner: Account | None = None
    #: The newest answer to each item.
    answered: dict[str, str] = field(default_factory=dict)

    def case(self) -> SupportCase:
        """The case as it stands now."""
        with self.stage.backend.reading() as uow:
            case: SupportCase = cases.load(uow.session, "case", self.ref)
            return case

    def is_open(self) -> bool:
        """Whether the case has not ended."""
        return self.stage.pack.lifecycles["case"].states[self.case().state].kind != "final"

    def supporter(self) -> Account:
        """Who supports the person; asked for only where there is one."""
        assert self.practitioner is not None
        return self.practitioner

    def does(self, who: Account, action: str, **values: object) -> Act:
        """Somebody does an action of the case."""
        return self.stage.does(who, "case", self.ref, action, **values)

    def reads(self, who: Account) -> None:
        """Somebody opens the case before they telephone."""

        def read() -> None:
            with self.stage.backend.writing() as uow:
                read_case(uow, self.stage.actor(who), now=self.stage.now, ref=self.ref)

        self.stage.keeping_apart(who, self.ref, read)
