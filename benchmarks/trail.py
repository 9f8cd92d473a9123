"""The trail against its limits: `python benchmarks/trail.py [--quick]`.

1. One writer: a whole use case (log a contact) with the trail, against the same with the writer replaced by nothing.
2. Eight writers on PostgreSQL, each with cases of its own: rate with the trail against the rate without.
3. Verifying an export, against reading its lines and hashing their text with hashlib alone; with and without columns.
4. Memory of verifying, at two sizes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from benchmarks.harness import Table, arguments, interleaved, ratio
from tests.support.databases import DatabaseUrls, copy_of_sqlite, make_sqlite_template, new_postgresql
from tests.support.organisation import MONDAY, Organisation, make_organisation
from tests.support.postgresql import running
from tests.support.story import Story
from tests.support.tampering import entries_of
from trim.audit import trail
from trim.audit.checkpoint import public_pem
from trim.audit.verify import HEADER
from trim.domain.incident import ExposedPerson
from trim.store import migrate


@contextmanager
def without_trail() -> Iterator[None]:
    """The use case with a trail writer that writes nothing, and says that it did."""

    def nothing(session: Session, **_: object) -> None:
        session.info["entries"] = 1

    with mock.patch.object(trail, "record", nothing):
        yield


def cases_of(story: Story, count: int) -> list[str]:
    """Open cases, one for each of `count` people."""
    refs = []
    for number in range(count):
        person = story.organisation.add_person(f"Person {number:04d}")
        story.organisation.now += timedelta(days=3)
        exposed = (ExposedPerson(exposure="direct", person_id=person.id),)
        ref = story.plans(story.reports(exposed=exposed))
        assert ref is not None
        refs.append(ref)
    return refs


def contacts(story: Story, ref: str, count: int) -> None:
    """The use case that is timed."""
    for _ in range(count):
        story.does("Carol", "log_contact", ref, channel="phone", result="no_answer")


def one_writer(table: Table, urls: DatabaseUrls, folder: Path, name: str, rounds: int, count: int) -> None:
    """Bound 1."""
    made = make_organisation(urls, folder)
    story = Story(made)
    with_trail, bare = cases_of(story, 2)
    # The actor is loaded once: what is timed is the use case.
    actor = made.actor("Carol")
    made.actor = lambda _: actor  # loaded once for all that is timed

    def ours() -> None:
        contacts(story, with_trail, count)

    def theirs() -> None:
        with without_trail():
            contacts(story, bare, count)

    seconds = interleaved(rounds, ours, theirs)
    table.row(f"{name}: one use case with the trail", f"{min(seconds[0]) / count * 1000:.2f} ms")
    table.row(f"{name}: the same without", f"{min(seconds[1]) / count * 1000:.2f} ms")
    table.bound(f"trail-one-writer-{name}", ratio(*seconds), 1.2)
    made.backend.close()


def eight_writers(table: Table, urls: DatabaseUrls, folder: Path, seconds: float) -> None:
    """Bound 2."""
    made = make_organisation(urls, folder)
    story = Story(made)
    refs = cases_of(story, 8)
    actor = made.actor("Carol")
    made.actor = lambda _: actor  # loaded once for all that is timed
    rates: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(4):
        for trailed in (True, False) if turn % 2 else (False, True):
            if trailed:
                rates[True].append(_rate(made, refs, seconds))
            else:
                with without_trail():
                    rates[False].append(_rate(made, refs, seconds))
    table.row("eight writers with the trail", f"{max(rates[True]):.0f} use cases/s")
    table.row("eight writers without", f"{max(rates[False]):.0f} use cases/s")
    table.bound("trail-eight-writers", ratio(rates[True], rates[False]), 0.7, at_least=True)
    made.backend.close()


def _rate(made: Organisation, refs: list[str], seconds: float) -> float:
    done = [0] * len(refs)
    end = time.perf_counter() + seconds

    def work(place: int) -> None:
        story = Story(made)
        while time.perf_counter() < end:
            contacts(story, refs[place], 1)
            done[place] += 1

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(refs))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sum(done) / seconds


def write_export(path: Path, entries: int, key: Ed25519PrivateKey) -> None:
    """An export of chains of fifty entries, as the exporter writes it."""
    chains = entries // 50
    at: datetime = MONDAY
    with path.open("wb", buffering=1 << 20) as out:
        out.write(HEADER)
        for number in range(chains):
            chain = f"case:{number:032x}"
            rows = entries_of(chain, 50, at)
            out.write(f"#chain {chain}\n".encode())
            for row in rows:
                shown = row["at"].isoformat(timespec="microseconds")  # rows for the driver, of any types
                line = f"{row['hash']}\t{row['text']}\t{shown}\t{row['actor_id']}\t{row['what']}\n"
                out.write(line.encode())
            out.write(f"#head 50\t{rows[-1]['hash']}\n".encode())
        out.write(f"#end {chains * 50} {chains} 0 0\n".encode())
    path.with_suffix(".pub").write_bytes(public_pem(key))


BARE = """
import hashlib, sys
with open(sys.argv[1], "rb", buffering=1 << 20) as file:
    for line in file:
        if line[:1] != b"#":
            hashlib.sha256(line[65:line.find(b"\\t", 65)]).hexdigest()
"""


def verifying(table: Table, folder: Path, entries: int, rounds: int) -> None:
    """Bounds 3 and 4; every run a process of its own, the start of Python timed too and taken off."""
    key = Ed25519PrivateKey.generate()
    export = folder / "trail.txt"
    write_export(export, entries, key)
    verify = [sys.executable, "-m", "trim.audit.verify", str(export), "--public-key", str(export.with_suffix(".pub"))]

    def run(command: list[str]) -> None:
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    ours, columns, bare, start_ours, start_bare = interleaved(
        rounds,
        lambda: run(verify),
        lambda: run([*verify, "--columns"]),
        lambda: run([sys.executable, "-c", BARE, str(export)]),
        lambda: run([sys.executable, "-c", "import trim.audit.verify"]),
        lambda: run([sys.executable, "-c", "import hashlib"]),
    )
    net = [one - start for one, start in zip(ours, start_ours, strict=True)]
    net_columns = [one - start for one, start in zip(columns, start_ours, strict=True)]
    net_bare = [one - start for one, start in zip(bare, start_bare, strict=True)]
    table.row(f"verifying {entries} entries", f"{min(net):.2f} s")
    table.row("with columns", f"{min(net_columns):.2f} s")
    table.row("reading and hashing alone", f"{min(net_bare):.2f} s")
    table.bound("trail-verify", ratio(net, net_bare), 1.6)
    table.bound("trail-verify-columns", ratio(net_columns, net_bare), 7)
    small = folder / "small.txt"
    write_export(small, entries // 10, key)
    peaks = [_peak(export), _peak(small)]
    table.row(f"memory of verifying {entries} entries", f"{peaks[0] / 1024:.0f} MiB")
    table.row(f"memory of verifying {entries // 10} entries", f"{peaks[1] / 1024:.0f} MiB")
    table.bound("trail-verify-memory", peaks[0] / peaks[1], 1.5)


def _peak(export: Path) -> int:
    script = (
        "import resource, sys, trim.audit.verify as v; v.main(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(export), "--public-key", str(export.with_suffix(".pub"))],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stderr.strip().splitlines()[-1])


def main() -> int:
    """Run all; 1 when a bound is missed."""
    quick = arguments(__doc__ or "").quick
    table = Table()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one_writer(
            table,
            copy_of_sqlite(make_sqlite_template(folder), folder / "one"),
            folder / "one",
            "sqlite",
            rounds=3 if quick else 9,
            count=20 if quick else 60,
        )
        with running() as server, new_postgresql(server) as urls:
            migrate.upgrade(urls.owner_url, urls.url)
            one_writer(table, urls, folder / "two", "postgresql", rounds=3 if quick else 9, count=20 if quick else 60)
            with new_postgresql(server) as other:
                migrate.upgrade(other.owner_url, other.url)
                eight_writers(table, other, folder / "three", seconds=1 if quick else 5)
        verifying(table, folder, entries=100_000 if quick else 1_000_000, rounds=3 if quick else 5)
    return table.finish()


if __name__ == "__main__":
    sys.exit(main())
