"""What checking a trail can find, and how it is told. Only the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

MEANINGS = {
    "changed": "its text is not the one that was hashed",
    "moved": "it belongs to another chain",
    "missing": "one or more entries before it are missing",
    "replayed": "an earlier entry stands here again",
    "replaced": "it does not follow from the entry before",
    "damaged": "it cannot be read",
    "head": "the chain does not end where its head says: the tail was cut, or the head changed",
    "cut": "entries that a signed checkpoint covers are gone",
    "rewritten": "it is not the entry that a signed checkpoint covers: the chain was rewritten",
    "chain_missing": "a chain that a signed checkpoint covers is gone",
    "twice": "the chain stands in the export twice",
    "base": "the chain begins after entries that no signed checkpoint covers",
    "pruned_unsaid": "entries before it were removed, and no entry of the organisation says that they were pruned",
    "column": "a shown column differs from the text",
    "witness_cut": "the witness saw entries that are gone",
    "witness_rewritten": "the witness saw another entry here",
    "witness_contradiction": "the witness saw two different entries here",
    "signature": "the checkpoint's signature does not fit the public key",
    "checkpoint_order": "the checkpoint does not follow the one before",
    "root": "the checkpoint's root does not fit the leaves",
    "anchor": "the checkpoint differs from the copy that was sent out",
    "older": "a checkpoint that was sent out is not here: an older database was restored, or checkpoints were cut",
    "format": "the export cannot be read",
    "end": "the export is cut",
}


#: More pruned chains than these are counted instead of named.
MANY = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One break: where, what, and since which checkpoint it can have happened."""

    kind: str
    where: str
    number: int | None = None
    #: Number of the last checkpoint before the break that still fits; 0 when there is none.
    since: int = 0
    detail: str = ""

    def line(self) -> str:
        """The finding in one line."""
        place = self.where if self.number is None else f"{self.where}, entry {self.number}"
        since = f"after checkpoint {self.since}" if self.since else "no earlier checkpoint covers this chain"
        said = f"{place}: {MEANINGS[self.kind]}"
        return f"{said} ({self.detail}; {since})" if self.detail else f"{said} ({since})"


@dataclass
class Report:
    """What was checked and what was found."""

    entries: int = 0
    chains: int = 0
    checkpoints: int = 0
    #: Newest checkpoint: number and instant; entries up to it cannot have changed unnoticed.
    vouched_number: int = 0
    vouched_at: str = ""
    #: Entries that no checkpoint covers yet.
    uncovered: int = 0
    #: Instant of the last line of the witness, when one was given.
    witnessed_at: str = ""
    #: Number of the checkpoint that an archive holds everything of; 0 for a whole trail.
    archive: int = 0
    #: The first entry that can be read, for each pruned chain; and when the newest of the pruned was sealed.
    pruned: dict[str, int] = field(default_factory=dict)
    pruned_at: str = ""
    findings: list[Finding] = field(default_factory=list)
    #: Things to know that break nothing, such as a clock that went backwards.
    notes: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def lines(self) -> list[str]:
        """The report in words."""
        said = [f"{self.entries} entries in {self.chains} chains, {self.checkpoints} checkpoints."]
        if self.vouched_number:
            said.append(f"Signed up to checkpoint {self.vouched_number} of {self.vouched_at}.")
        if self.uncovered:
            since = self.vouched_at or "the beginning"
            cover = (
                f"the witness covers them up to {self.witnessed_at}"
                if self.witnessed_at
                else f"not covered since {since}: without a witness a cut tail goes unnoticed"
            )
            said.append(f"{self.uncovered} entries came after it: {cover}.")
        if self.archive:
            said.append(f"This is an archive: it holds what checkpoint {self.archive} covers and nothing after it.")
        said += self._pruning()
        said += self.notes
        said += [finding.line() for finding in self.findings]
        said.append("The trail is whole." if self.is_whole else f"The trail is BROKEN in {len(self.findings)} places.")
        return said

    def _pruning(self) -> list[str]:
        if len(self.pruned) > MANY:
            sealed = f" sealed by {self.pruned_at}" if self.pruned_at else ""
            return [f"{len(self.pruned)} chains were pruned of entries{sealed}: those are in the archive."]
        return [f"{chain} was pruned: it can be read from entry {first} on." for chain, first in self.pruned.items()]

    def as_json(self) -> Mapping[str, Any]:
        """The report for machines."""
        return {"whole": self.is_whole, **asdict(self)}
