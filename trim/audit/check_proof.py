"""Check a proof out of a trail against the public key, on any machine: `python -m trim.audit.check_proof FILE ...`.

Needs the proof, the public key, Python's standard library and `cryptography`; nothing of the rest of Trim. The format
is described in `docs/trail-format.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trim.audit.merkle import is_consistent, is_included, leaf_hash
from trim.audit.signed import Signed
from trim.audit.signed import public_key as read_public_key

HEADER = b"trim-proof 1\n"


class Unproven(ValueError):
    """Raised when a proof does not show what it says; the message says why."""


@dataclass
class Outcome:
    """What a proof says and whether it shows it."""

    claim: str = ""
    proven: bool = False
    reason: str = ""
    #: Number and instant of the checkpoints that the proof stands on.
    checkpoints: list[tuple[int, str]] = field(default_factory=list)
    #: The entry that was proven, as it was hashed.
    entry: dict[str, Any] | None = None

    def lines(self) -> list[str]:
        """The outcome in words."""
        said = [f"{self.claim}." if self.claim else "This is no proof."]
        said += [f"Signed: checkpoint {number} of {at}." for number, at in self.checkpoints]
        if self.entry is not None and self.proven:
            said.append(json.dumps(self.entry, ensure_ascii=False))
        return [*said, "Proven." if self.proven else f"NOT PROVEN: {self.reason}."]

    def as_json(self) -> dict[str, Any]:
        """The outcome for machines."""
        return asdict(self)


class Reader:
    """Takes the lines of a proof in their one order; anything else is no proof."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.lines = lines
        self.line = next(lines, b"")
        self.signed: list[Signed] = []

    def step(self) -> bytes:
        """The present line, without its end; the next one comes into sight."""
        line = self.line
        if not line.endswith(b"\n"):
            raise Unproven("the file is cut")
        self.line = next(self.lines, b"")
        return line[:-1]

    def after(self, word: bytes) -> list[bytes]:
        """The fields of a line that begins with `word`."""
        line = self.step()
        if not line.startswith(word + b" "):
            raise Unproven(f"a line {word.decode()} is missing")
        return line[len(word) + 1 :].split(b"\t")

    def checkpoint(self, key: Ed25519PublicKey) -> Signed:
        """A checkpoint that the key signed."""
        try:
            signed = Signed.read(b"\t".join(self.after(b"#checkpoint")))
        except ValueError as problem:
            raise Unproven(str(problem)) from problem
        if not signed.is_signed_by(key):
            raise Unproven(f"the signature of checkpoint {signed.number} does not fit the public key")
        self.signed.append(signed)
        return signed

    def path(self) -> list[bytes]:
        """The hashes that lead to the root."""
        nodes = []
        while self.line.startswith(b"#path "):
            nodes.append(bytes.fromhex(self.after(b"#path")[0].decode()))
        return nodes

    def end(self) -> None:
        """The last line, and nothing after it."""
        if self.step() != b"#end" or self.line:
            raise Unproven("it does not end where it should")


def check_entry(reader: Reader, key: Ed25519PublicKey, outcome: Outcome) -> None:
    """That an entry leads through its chain to a leaf, and the leaf to a signed root."""
    chain, stated_number = reader.after(b"#entry")
    number = int(stated_number)
    outcome.claim = f"Entry {number} of {chain.decode()} stands in the signed trail"
    signed = reader.checkpoint(key)
    position, leaf_chain, covered, digest = reader.after(b"#leaf")
    leaf = leaf_hash(b"\t".join((leaf_chain, covered, digest)))
    if not is_included(leaf, int(position), signed.size, reader.path(), signed.root):
        raise Unproven("the leaf is not under the signed root")
    if leaf_chain != chain or not 1 <= number <= int(covered):
        raise Unproven("the leaf is not one of this chain at or after this entry")
    wanted = before = b""
    for place in range(number, int(covered) + 1):
        stated, _, text = reader.step().partition(b"\t")
        if hashlib.sha256(text).hexdigest().encode() != stated:
            raise Unproven(f"the text of entry {place} is not the one that was hashed")
        # Of the first entry the hash before is not known here: it is covered by the entry's own hash.
        follows = b'%b",' % before if before else b""
        if not text.startswith(b'{"v":1,"chain":"%b","n":%d,"prev":"%b' % (chain, place, follows)):
            raise Unproven(f"entry {place} does not follow from the one before")
        wanted = wanted or text
        before = stated
    if before != digest:
        raise Unproven("the entries do not lead to the leaf")
    reader.end()
    outcome.entry = json.loads(wanted)


def check_growth(reader: Reader, key: Ed25519PublicKey, outcome: Outcome) -> None:
    """That the tree of a later checkpoint begins with the whole tree of an earlier one."""
    earlier, later = (int(one) for one in reader.after(b"#growth"))
    outcome.claim = f"Checkpoint {later} keeps all that checkpoint {earlier} covered"
    first, second = reader.checkpoint(key), reader.checkpoint(key)
    if (first.number, second.number) != (earlier, later) or earlier >= later:
        raise Unproven("these are not the checkpoints it speaks of")
    if later == earlier + 1 and second.previous != first.digest:
        raise Unproven("the later checkpoint names another one as the one before")
    if not is_consistent(first.size, first.root, second.size, second.root, reader.path()):
        raise Unproven("the later tree does not begin with the earlier one")
    reader.end()


KINDS = {b"#entry": check_entry, b"#growth": check_growth}


def check_proof(proof: Path, public_key: Path, *, anchors: Path | None = None) -> Outcome:
    """Check a proof; `anchors` are copies of checkpoints that were sent out, which must be the same.

    Raises OSError when a file cannot be read, ValueError when the key is none.
    """
    key = read_public_key(public_key)
    outcome = Outcome()
    with proof.open("rb") as lines:
        reader = Reader(iter(lines))
        try:
            if reader.step() + b"\n" != HEADER:
                raise Unproven("the file does not begin with the name of the format")
            check = KINDS.get(reader.line.partition(b" ")[0])
            if check is None:
                raise Unproven("it says neither #entry nor #growth")
            check(reader, key, outcome)
            outcome.proven = True
        except Unproven as problem:
            outcome.reason = str(problem)
        except ValueError:
            outcome.reason = "a line cannot be read"
        outcome.checkpoints = [(signed.number, signed.at) for signed in reader.signed]
    if outcome.proven and anchors is not None:
        _hold_against(anchors, reader.signed, outcome)
    return outcome


def _hold_against(anchors: Path, checkpoints: list[Signed], outcome: Outcome) -> None:
    for signed in checkpoints:
        sent = anchors / f"checkpoint-{signed.number:06d}.txt"
        if not sent.exists():
            outcome.proven, outcome.reason = False, f"no copy of checkpoint {signed.number} was sent out"
        elif sent.read_bytes() != signed.text:
            outcome.proven = False
            outcome.reason = f"checkpoint {signed.number} differs from the copy that was sent out"


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when it is proven, 1 when it is not, 2 when it could not be checked."""
    parser = argparse.ArgumentParser(prog="python -m trim.audit.check_proof", description="Check a proof.")
    parser.add_argument("proof", type=Path)
    parser.add_argument("--public-key", type=Path, required=True)
    parser.add_argument("--anchors", type=Path, help="folder of checkpoints that were sent out")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        outcome = check_proof(given.proof, given.public_key, anchors=given.anchors)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"The proof could not be checked: {problem}\n")
        return 2
    sys.stdout.write((json.dumps(outcome.as_json()) if given.json else "\n".join(outcome.lines())) + "\n")
    return 0 if outcome.proven else 1


if __name__ == "__main__":
    sys.exit(main())
