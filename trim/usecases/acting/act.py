"""One action being done: everything an effect needs, handed from the engine's decision to the rooms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trim.domain.access import Actor
from trim.domain.confidentiality import UNDERTAKINGS
from trim.engine.definition import Pack
from trim.engine.machine import Decision
from trim.store.tables import Incident, SupportCase
from trim.usecases.unit_of_work import UnitOfWork

#: Prefix of the reference of each kind of thing.
PREFIXES = {
    "case": "C",
    "incident": "I",
    "escalation": "E",
    "referral": "R",
    "agreed_step": "S",
    "group_session": "G",
    "periodic_check": "K",
    "pair": "P",
    "mediation": "M",
}


@dataclass
class Act:
    """An action on a subject. Effects change `subject` and `case`, add rows, and leave codes for the trail."""

    uow: UnitOfWork
    actor: Actor
    now: datetime
    kind: str
    subject: Any
    case: SupportCase | None
    incident: Incident | None
    pack: Pack
    role: str
    decision: Decision
    values: Mapping[str, Any]
    record_id: str
    #: Runs a further action that follows from this one, in the same transaction.
    then: Callable[..., Act]
    #: Facts for anchors that only this action knows, such as when an interview was held.
    anchors: dict[str, datetime] = field(default_factory=dict)
    #: Variables that this action changes, for the clocks that it starts.
    known: dict[str, Any] = field(default_factory=dict)
    #: Code words for the trail entry; never content.
    codes: dict[str, Any] = field(default_factory=dict)
    #: Keyed digests of content for the trail entry.
    digests: dict[str, str] = field(default_factory=dict)
    #: What the record of this action keeps instead of what was filled in, where that has a row of its own.
    kept: Mapping[str, Any] | None = None
    #: References of what this action made, by kind: where the page goes next.
    made: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The action's name."""
        return self.decision.action.name

    @property
    def owner(self) -> str:
        """Whose key seals what this action leaves."""
        if self.case is not None:
            return f"case:{self.case.id}"
        room = "undertaking" if self.kind in UNDERTAKINGS else "incident"
        return f"{room}:{self.subject.id}"

    @property
    def chain(self) -> str:
        """The chain of the trail it belongs to: named as the key."""
        return self.owner

    def the_case(self) -> SupportCase:
        """The case behind the subject; only an incident has none."""
        assert self.case is not None
        return self.case

    def seal(self, table: str, row_id: str, content: Mapping[str, Any]) -> bytes:
        """Content sealed to a row under the key of this action's case or incident."""
        return self.uow.vault.seal(self.owner, table, row_id, dict(content))

    def unseal(self, table: str, row_id: str, sealed: bytes) -> dict[str, Any]:
        """Content of a row of this action's case or incident."""
        opened: dict[str, Any] = self.uow.vault.unseal(self.owner, table, row_id, sealed)
        return opened


Effect = Callable[[Act], None]
