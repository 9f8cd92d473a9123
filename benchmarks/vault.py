"""What encrypting costs of recording an assessment: `python benchmarks/vault.py [--quick]`.

The whole use case (submit an interview) with the vault, against the same with content written as plain JSON and digests
left out, in turn in one process on one SQLite database that writes through to the disk. Then where the time goes.
"""

from __future__ import annotations

import cProfile
import hashlib
import io
import json
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.harness import Table, arguments, ratio
from tests.support.databases import copy_of_sqlite, make_sqlite_template
from tests.support.organisation import Organisation, make_organisation, trim_pack
from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.incident import ExposedPerson
from trim.store import cases
from trim.usecases.assessment.save_draft import begin_interview
from trim.usecases.assessment.submit import submit_assessment
from trim.vault.vault import Vault

#: As long as a practitioner's notes are.
NOTES = "Sleeps four hours, wakes at the sound of engines. Eats with the family again. " * 5
ACTION = "record_further_follow_up"
#: Further interviews recorded in one case before the next case is taken: submitting opens the earlier ones, and a case
#: holds a few of them, never hundreds.
PER_CASE = 4


@contextmanager
def in_plain() -> Iterator[None]:
    """The vault without its work: JSON written and read, nothing sealed, nothing digested."""

    def seal(_: Vault, _owner: str, _table: str, _row: str, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    def unseal(_: Vault, _owner: str, _table: str, _row: str, sealed: bytes) -> Any:
        return json.loads(sealed)

    def digest(_: Vault, _owner: str, _content: Any) -> str:
        return "0" * 64

    with (
        mock.patch.object(Vault, "seal", seal),
        mock.patch.object(Vault, "unseal", unseal),
        mock.patch.object(Vault, "digest", digest),
    ):
        yield


class Interviews:
    """Cases whose interviews are recorded one after the other, in cipher or in plain."""

    def __init__(self, made: Organisation, name: str, how: Any) -> None:
        self.made, self.name, self.how, self.story = made, name, how, Story(made)
        items = trim_pack().instruments[str(trim_pack().lifecycles["case"].actions[ACTION].instrument)].items()
        self.answers = {item.name: 0 for item in items if item.scored}
        self.recorded = 0

    def next_case(self) -> None:
        """A case of somebody else, with its first interview and its first follow-up held."""
        made = self.made
        person = made.add_person(f"Person {self.name} {self.recorded}")
        made.later(days=5)
        # A practitioner of its own: training runs out in the years that pass here, and nobody may hold many cases.
        name = f"Practitioner {self.name} {self.recorded}"
        made.add_account(name, Role.PRACTITIONER)
        with self.how():
            exposed = (ExposedPerson(exposure="direct", person_id=person.id),)
            ref = self.story.plans(self.story.reports(exposed=exposed))
            assert ref is not None
            self.ref = self.story.is_allocated(self.story.is_accepted(ref), name)
            made.later(days=3)
            self.story.interviews(self.ref, who=name)
            made.later(days=28)
            self.story.interviews(self.ref, "record_follow_up", who=name)
        self.practitioner = made.actor(name)

    def record(self) -> float:
        """Seconds that submitting one interview takes; arranging and beginning it are not counted."""
        made = self.made
        if self.recorded % PER_CASE == 0:
            self.next_case()
        self.recorded += 1
        made.later(days=95)
        with self.how():
            self.story.does("Carol", "arrange_follow_up", self.ref)
            with made.backend.writing() as uow:
                begin_interview(
                    uow,
                    self.practitioner,
                    now=made.now,
                    case_ref=self.ref,
                    action=ACTION,
                    confidentiality_explained=True,
                    evidence_hold_acknowledged=True,
                )
            with made.backend.reading() as uow:
                version = cases.load(uow.session, "case", self.ref).version
            values = {"held_at": made.now - timedelta(minutes=5), "channel": "in_person", "notes": NOTES, "plan": NOTES}
            began = time.perf_counter()
            with made.backend.writing() as uow:
                submit_assessment(
                    uow,
                    self.practitioner,
                    now=made.now,
                    case_ref=self.ref,
                    action=ACTION,
                    version=version,
                    answers=self.answers,
                    stopped_early=False,
                    values=values,
                )
            return time.perf_counter() - began


def profile(interviews: Interviews, count: int) -> list[tuple[str, float]]:
    """Shares of the time of submitting, by the part of the program it is spent under."""
    profiler = cProfile.Profile()
    submit = submit_assessment

    def profiled(*given: Any, **more: Any) -> Any:
        return profiler.runcall(submit, *given, **more)

    with mock.patch(f"{__name__}.submit_assessment", profiled):
        for _ in range(count):
            interviews.record()
    found = pstats.Stats(profiler, stream=io.StringIO()).get_stats_profile()
    whole = found.total_tt
    names = {"seal": "sealing", "unseal": "opening", "digest": "digests", "execute": "statements", "decide": "engine"}
    return [(what, found.func_profiles[name].cumtime / whole) for name, what in names.items() if _is_in(found, name)]


def _is_in(found: Any, name: str) -> bool:
    return name in found.func_profiles


def raw(table: Table) -> None:
    """The cipher by itself: what a sealed interview of this length takes."""
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(Path(folder) / "keys", create=True)
        vault.create_key("case:1")
        content = {"notes": NOTES, "plan": NOTES, "answers": {str(number): 1 for number in range(10)}}
        for what, work in (
            ("sealing one interview", lambda: vault.seal("case:1", "t", "r", content)),
            ("its digest", lambda: vault.digest("case:1", content)),
            ("bare SHA-256 of it", lambda: hashlib.sha256(json.dumps(content).encode()).hexdigest()),
        ):
            times = []
            for _ in range(300):
                began = time.perf_counter()
                work()
                times.append(time.perf_counter() - began)
            table.row(what, f"{statistics.median(times) * 1e6:.0f} µs")
        vault.ring.store.close()


def main() -> int:
    """Print the table; 1 when the bound was missed."""
    given = arguments(str(__doc__))
    rounds = 40 if given.quick else 250
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = make_organisation(copy_of_sqlite(make_sqlite_template(folder), folder / "instance"), folder)
        sealed, plain = Interviews(made, "in cipher", nullcontext), Interviews(made, "in plain", in_plain)
        ours: list[float] = []
        theirs: list[float] = []
        for turn in range(rounds + 2):
            # Turn about which goes first: the second of a pair finds the caches warm.
            pair = [(sealed, ours), (plain, theirs)]
            for interviews, seconds in pair if turn % 2 else reversed(pair):
                seconds.append(interviews.record())
        # The first two pairs warm up.
        ours, theirs = ours[2:], theirs[2:]
        table.row("recording an assessment", f"{statistics.median(ours) * 1000:.2f} ms")
        table.row("the same in plain", f"{statistics.median(theirs) * 1000:.2f} ms")
        raw(table)
        for what, share in profile(sealed, 5 if given.quick else 30):
            table.row(f"share of {what} (under the profiler)", f"{share * 100:.1f} %")
        table.bound("vault-cost", ratio(ours, theirs), 1.05)
        made.backend.close()
    return table.finish()


if __name__ == "__main__":
    raise SystemExit(main())
