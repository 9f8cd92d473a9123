"""Check an exported trail against its public key, on any machine: `python -m trim.audit.verify EXPORT --public-key K`.

Needs the export, the public key, Python's standard library and `cryptography`; nothing of the rest of Trim. The format
is described in `docs/trail-format.md`, so that somebody else can write another verifier.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trim.audit.findings import Finding, Report
from trim.audit.merkle import Frontier, leaf_hash
from trim.audit.signed import NOTHING_BEFORE, Signed
from trim.audit.signed import public_key as read_public_key

HEADER = b"trim-trail 1\n"
GENESIS = NOTHING_BEFORE.encode()
HASH_LENGTH = 64
#: Stands in the text of an entry that says which checkpoint the trail was pruned down to.
PRUNED = b'"what":"trail.pruned"'


@dataclass
class Mark:
    """An entry that something outside the chain vouches for: a leaf of the signed tree, or the witness."""

    number: int
    digest: bytes
    checkpoint: int
    by_witness: bool = False


@dataclass
class Checker:
    """Reads an export once, line by line; its memory grows with chains and checkpoints, not with entries."""

    public_key: Ed25519PublicKey
    columns: bool = False
    report: Report = field(default_factory=Report)
    marks: dict[bytes, list[Mark]] = field(default_factory=dict)
    covered: dict[bytes, int] = field(default_factory=dict)
    #: Checkpoints to be met while the leaves are read.
    due: list[Signed] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)
    broken: set[bytes] = field(default_factory=set)
    frontier: Frontier = field(default_factory=Frontier)
    texts: dict[int, bytes] = field(default_factory=dict)
    instants: dict[int, str] = field(default_factory=dict)
    #: Checkpoint under which the newest pruned entry of a chain lies; and what the trail itself says of prunings.
    pruned_under: dict[str, int] = field(default_factory=dict)
    pruning_said: int = 0
    previous: str = NOTHING_BEFORE
    ended: bool = False

    def check(self, lines: Iterator[bytes]) -> Report:
        """Check every line of an export; the report names the first break of each chain."""
        if next(lines, b"") != HEADER:
            self.find("format", "export", detail="it does not begin with the name of the format")
            return self.report
        pending: bytes | None = None
        while True:
            line = pending if pending is not None else next(lines, None)
            pending = None
            if line is None:
                break
            word, _, rest = line.rstrip(b"\n").partition(b" ")
            try:
                pending = self.part(word, rest, lines)
            except (ValueError, IndexError):
                self.find("format", "export", detail=f"a line {word.decode(errors='replace')[:20]!r} cannot be read")
        self.finish()
        return self.report

    def part(self, word: bytes, rest: bytes, lines: Iterator[bytes]) -> bytes | None:
        """One line, or a whole chain; gives the line after a chain that lost its head, which is still to be read."""
        if word == b"#chain":
            return self.chain(rest, lines)
        if word == b"#checkpoint":
            self.checkpoint(rest)
        elif word == b"#leaf":
            self.leaf(rest)
        elif word == b"#archive":
            self.report.archive = int(rest)
        elif word == b"#end":
            self.end(rest)
        else:
            self.find("format", "export", detail=f"a line begins with {word[:20]!r}")
        return None

    def find(self, kind: str, where: str, number: int | None = None, *, detail: str = "") -> None:
        """Note a break; of a chain only the first."""
        chain = where.encode()
        if chain in self.broken:
            return
        self.broken.add(chain)
        since = max((m.checkpoint for m in self.marks.get(chain, ()) if m.number < (number or 0)), default=0)
        self.report.findings.append(Finding(kind, where, number, since, detail))

    def checkpoint(self, rest: bytes) -> None:
        """One signed checkpoint: its signature, and that it follows the one before."""
        try:
            signed = Signed.read(rest)
        except ValueError:
            self.find("format", "checkpoint", detail="it cannot be read")
            return
        where, expected = f"checkpoint {signed.number}", self.report.checkpoints + 1
        if not signed.is_signed_by(self.public_key):
            self.find("signature", where)
        smaller = self.due and signed.size < self.due[-1].size
        if signed.number != expected or signed.previous != self.previous or smaller:
            self.find("checkpoint_order", where, detail=f"expected number {expected}")
        if self.due and signed.at < self.due[-1].at:
            self.report.notes.append(
                f"The clock went backwards between checkpoint {signed.number - 1} and {signed.number}."
            )
        self.previous = signed.digest
        self.texts[signed.number] = signed.text
        self.due.append(signed)
        self.instants[signed.number] = signed.at
        self.report.checkpoints += 1
        self.report.vouched_number, self.report.vouched_at = signed.number, signed.at

    def leaf(self, rest: bytes) -> None:
        """One leaf of the signed tree: the head of a chain at a checkpoint."""
        parts = rest.split(b"\t")
        if len(parts) != 4 or int(parts[0]) != self.frontier.size:
            self.find("format", "leaves", detail=f"leaf {self.frontier.size} is missing or out of order")
            return
        _, chain, number, digest = parts
        self.roots()
        position = next((one.number for one in self.due if one.size > self.frontier.size), 0)
        self.frontier.append(leaf_hash(b"\t".join(parts[1:])))
        self.marks.setdefault(chain, []).append(Mark(int(number), digest, position))
        self.covered[chain] = int(number)

    def roots(self) -> None:
        """Compare the root of each checkpoint whose leaves have all been read."""
        while self.due and self.due[0].size == self.frontier.size:
            signed = self.due.pop(0)
            if self.frontier.root() != signed.root:
                self.find("root", f"checkpoint {signed.number}")

    def chain(self, rest: bytes, lines: Iterator[bytes]) -> bytes | None:
        """One chain to its end; gives the first line that belongs to it no more."""
        self.roots()
        name, _, base = rest.partition(b"\t")
        where = name.decode(errors="replace")
        if name in self.seen:
            self.find("twice", where)
        self.seen.add(name)
        marks = sorted(self.marks.get(name, ()), key=lambda mark: mark.number)
        number, before = self.base(where, base, marks)
        marks = [mark for mark in marks if mark.number > number]
        upcoming = marks.pop(0) if marks else None
        stop = upcoming.number if upcoming else -1
        sha256, columns = hashlib.sha256, self.columns
        says_pruned = name == b"organisation"
        prefix = b'{"v":1,"chain":"%b","n":%d,"prev":"%b",' % (name, number + 1, before)
        at = ""
        for line in lines:
            if line[:1] == b"#":
                self.finish_chain(where, number, before, line, [upcoming, *marks] if upcoming else [])
                return None if line.startswith(b"#head ") else line
            number += 1
            text = line[65 : line.find(b"\t", 65)]
            stated = line[:HASH_LENGTH]
            if sha256(text).hexdigest().encode() != stated or not text.startswith(prefix):
                self.explain(where, number, text, stated, before)
            while number == stop:
                # A leaf and the witness may vouch for one entry: both are heard.
                assert upcoming is not None
                if stated != upcoming.digest:
                    self.find("witness_rewritten" if upcoming.by_witness else "rewritten", where, number)
                upcoming = marks.pop(0) if marks else None
                stop = upcoming.number if upcoming else -1
            if columns:
                at = self.compare_columns(where, number, line, text, at)
            if says_pruned and PRUNED in text:
                self.hear_pruning(text)
            before = stated
            prefix = b'{"v":1,"chain":"%b","n":%d,"prev":"%b",' % (name, number + 1, stated)
            self.report.entries += 1
        self.finish_chain(where, number, before, b"", [upcoming, *marks] if upcoming else [])
        return None

    def base(self, where: str, base: bytes, marks: list[Mark]) -> tuple[int, bytes]:
        """Where a pruned chain begins: only just after an entry that a signed checkpoint covers."""
        if not base:
            return 0, GENESIS
        stated, _, digest = base.partition(b"\t")
        number = int(stated)
        fits = [mark for mark in marks if mark.number == number and mark.digest == digest and not mark.by_witness]
        if not fits:
            self.find("base", where, number)
        self.pruned_under[where] = min((mark.checkpoint for mark in fits), default=0)
        self.report.pruned[where] = number + 1
        return number, digest

    def explain(self, where: str, number: int, text: bytes, stated: bytes, before: bytes) -> None:
        """Say how an entry breaks its chain."""
        try:
            said = json.loads(text)
            found, chain, prev = int(said["n"]), str(said["chain"]), str(said["prev"]).encode()
        except (ValueError, KeyError, TypeError):
            self.find("damaged", where, number)
            return
        if hashlib.sha256(text).hexdigest().encode() != stated:
            self.find("changed", where, number)
        elif chain != where:
            self.find("moved", where, number, detail=f"from {chain}")
        elif found > number:
            self.find("missing", where, number, detail=f"entry {found} stands here")
        elif found < number:
            self.find("replayed", where, number, detail=f"entry {found}")
        elif prev != before:
            self.find("replaced", where, number)
        else:
            self.find("damaged", where, number, detail="its beginning is not in the canonical order")

    def compare_columns(self, where: str, number: int, line: bytes, text: bytes, earlier: str) -> str:
        """Compare the shown columns with the text; gives the entry's instant."""
        try:
            said = json.loads(text)
        except ValueError:
            return earlier
        shown = line.rstrip(b"\n").split(b"\t")[2:]
        if [column.decode() for column in shown] != [said.get("at"), said.get("actor"), said.get("what")]:
            self.find("column", where, number)
        at = str(said.get("at", ""))
        if at < earlier:
            self.report.notes.append(f"{where}, entry {number}: the clock went backwards, {earlier} to {at}.")
        return at

    def finish_chain(self, where: str, number: int, digest: bytes, line: bytes, left: list[Mark]) -> None:
        """The end of a chain against its head, the checkpoints and the witness."""
        self.report.chains += 1
        self.report.uncovered += max(number - self.covered.get(where.encode(), 0), 0)
        signed = [mark for mark in left if not mark.by_witness]
        if signed:
            self.find("cut", where, number + 1, detail=f"checkpoint {signed[-1].checkpoint} covers {signed[-1].number}")
        elif left:
            self.find("witness_cut", where, number + 1, detail=f"it saw {left[-1].number}")
        head = line.rstrip(b"\n").removeprefix(b"#head ").split(b"\t")
        if head != [str(number).encode(), digest]:
            self.find("head", where, number)

    def end(self, rest: bytes) -> None:
        """The last line counts what came before it."""
        self.ended = True
        counted = [int(one) for one in rest.split()]
        if counted != [self.report.entries, self.report.chains, self.frontier.size, self.report.checkpoints]:
            self.find("end", "export", detail="its counts differ")

    def hear_pruning(self, text: bytes) -> None:
        """Take in what the trail says of its own pruning."""
        codes = json.loads(text).get("codes", {})
        self.pruning_said = max(self.pruning_said, int(codes.get("checkpoint", 0)))

    def finish(self) -> None:
        """What should have come and did not."""
        self.roots()
        if self.report.archive and self.report.archive != self.report.checkpoints:
            self.find("format", "export", detail=f"an archive up to checkpoint {self.report.archive} ends with it")
        newest = max(self.pruned_under.values(), default=0)
        if newest:
            self.report.pruned_at = self.instants.get(newest, "")
        for where, checkpoint in self.pruned_under.items():
            # Of an archive, later prunings are said in the trail that goes on.
            if checkpoint > self.pruning_said and not self.report.archive:
                self.find("pruned_unsaid", where, self.report.pruned[where])
        for signed in self.due:
            self.find("root", f"checkpoint {signed.number}", detail="leaves are missing")
        if not self.ended:
            self.find("end", "export")
        for chain, marks in self.marks.items():
            if chain not in self.seen:
                kind = "witness_cut" if all(mark.by_witness for mark in marks) else "chain_missing"
                self.find(kind, chain.decode(errors="replace"))

    def hear_witness(self, lines: Iterable[bytes]) -> None:
        """Take in what the witness saw: instant, chain, number, hash on each line."""
        last: dict[bytes, Mark] = {}
        for line in lines:
            parts = line.rstrip(b"\n").split(b"\t")
            if len(parts) != 4:
                continue  # The last line of a witness may be half written when the power went.
            at, chain, number, digest = parts
            mark = Mark(int(number), digest, 0, by_witness=True)
            earlier = last.get(chain)
            if earlier is not None and mark.number <= earlier.number and mark.digest != earlier.digest:
                self.find("witness_contradiction", chain.decode(errors="replace"), mark.number)
            last[chain] = mark
            self.report.witnessed_at = at.decode()
        for chain, mark in last.items():
            self.marks.setdefault(chain, []).append(mark)

    def hold_against_anchors(self, folder: Path) -> None:
        """Compare the checkpoints with the copies that were sent out."""
        for path in sorted(folder.glob("checkpoint-*.txt")):
            text = path.read_bytes()
            number = int(path.stem.removeprefix("checkpoint-"))
            if number not in self.texts:
                self.find("older", f"checkpoint {number}", detail=path.name)
            elif self.texts[number] != text:
                self.find("anchor", f"checkpoint {number}", detail=path.name)


def verify(
    export: Path, public_key: Path, *, witness: Path | None = None, anchors: Path | None = None, columns: bool = False
) -> Report:
    """Check an export file. Raises OSError when a file cannot be read, ValueError when the key is none."""
    checker = Checker(read_public_key(public_key), columns=columns)
    if witness is not None:
        with witness.open("rb") as lines:
            checker.hear_witness(lines)
    with export.open("rb", buffering=1 << 20) as file:
        report = checker.check(iter(file))
    if anchors is not None:
        checker.hold_against_anchors(anchors)
    return report


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when the trail is whole, 1 when it is broken, 2 when it could not be checked."""
    parser = argparse.ArgumentParser(prog="python -m trim.audit.verify", description="Check an exported trail.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--public-key", type=Path, required=True)
    parser.add_argument("--witness", type=Path)
    parser.add_argument("--anchors", type=Path)
    parser.add_argument("--columns", action="store_true", help="also compare the shown columns with the text")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        report = verify(
            given.export, given.public_key, witness=given.witness, anchors=given.anchors, columns=given.columns
        )
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"The trail could not be checked: {problem}\n")
        return 2
    sys.stdout.write(json.dumps(report.as_json()) + "\n" if given.json else "\n".join(report.lines()) + "\n")
    return 0 if report.is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
