"""The worker against its limits, on both databases: `python benchmarks/tick.py [--quick]`.

1. A tick with nothing due: with 1,000,000 cases against 10,000.
2. 10,000 steps that are due, a hundred in a transaction, against the bare driver making the same writes in the same
   batches, everything reckoned beforehand.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.harness import Table, arguments, interleaved, ratio
from benchmarks.tick_bare import batches, runner
from benchmarks.tick_data import FAR, due_group, fill, prepare, step_of
from tests.support.databases import copy_of_sqlite, make_sqlite_template, new_postgresql
from tests.support.kits import kit_of
from tests.support.organisation import Organisation, make_organisation
from tests.support.postgresql import running
from trim.jobs.tick import Ticked, tick
from trim.store import migrate
from trim.store.database import make_engine
from trim.store.tables import SupportCase
from trim.usecases.deadlines.act_on_due_steps import act_on_due_steps


@contextmanager
def organisations(kind: str, folder: Path) -> Iterator[tuple[Organisation, Organisation]]:
    """Two small organisations of their own databases: one for each size."""
    with ExitStack() as stack:
        made = []
        server = stack.enter_context(running()) if kind == "postgresql" else None
        template = make_sqlite_template(folder) if server is None else Path()
        for name in ("small", "large"):
            home = folder / name
            if server is None:
                urls = copy_of_sqlite(template, home)
            else:
                urls = stack.enter_context(new_postgresql(server, name))
                migrate.upgrade(urls.owner_url, urls.url)
            made.append(make_organisation(urls, home))
        yield made[0], made[1]
        for one in made:
            one.backend.close()


def nothing_due(table: Table, kind: str, small: Organisation, large: Organisation, sizes: tuple[int, int]) -> None:
    """Bound 1; the databases keep what they are filled with."""
    rounds = 40
    ticks = []
    for made, size in zip((small, large), sizes, strict=True):
        began = time.perf_counter()
        ref = prepare(made)
        owner = make_engine(made.urls.owner_url)
        fill(owner, ref, size, made.now + FAR)
        owner.dispose()
        print(f"  {kind}: {size:,} cases made in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        again = _ticking(made)
        # The first tick does the night's work; those that are timed find nothing due.
        first = again()
        assert not first.failed, first
        assert again().did == {}
        ticks.append(again)
    seconds = interleaved(rounds, *ticks)
    for size, taken in zip(sizes, seconds, strict=True):
        table.row(f"{kind}: a tick with none due, {size:,} cases", f"{sorted(taken)[len(taken) // 2] * 1000:.2f} ms")
    table.bound(f"tick-none-due-{kind}", ratio(seconds[1], seconds[0]), 1.3)
    # Said at once: the whole takes long, and whoever breaks it off has what was measured so far.
    print(f"  {kind}: with none due {ratio(seconds[1], seconds[0]):.2f} times as long", file=sys.stderr)


def many_due(table: Table, kind: str, made: Organisation, number: int, rounds: int) -> None:
    """Bound 2, in a database that holds the cases of the first bound already."""
    engine = made.backend.database.engine
    ref = _first_ref(made)
    due_at = step_of(made, ref, "first_assessment").due_at
    ours, theirs = [], []
    for turn in range(rounds + 1):
        now = due_at + timedelta(minutes=turn)
        due_group(engine, ref, f"O{kind[0]}{turn}", number, now)
        steps = due_group(engine, ref, f"B{kind[0]}{turn}", number, due_at + FAR)
        prepared = batches(engine, steps, recipient=made.accounts["Pat"].id, now=due_at)
        ours.append(now)
        theirs.append(prepared)
    bare = runner(engine)

    def work() -> None:
        swept = act_on_due_steps(made.backend, worker="bench", now=ours.pop(0))
        assert (swept.acted, swept.failed) == (number, 0), swept

    seconds = interleaved(rounds, work, lambda: bare(theirs.pop(0)))
    rates = [number / min(taken) for taken in seconds]
    table.row(f"{kind}: {number:,} due steps, the worker", f"{rates[0]:,.0f} steps/s")
    table.row(f"{kind}: the same writes, bare driver", f"{rates[1]:,.0f} steps/s")
    # Rates: ours over theirs is their time over ours.
    table.bound(f"tick-due-{kind}", ratio(seconds[1], seconds[0]), 0.5, at_least=True)
    print(f"  {kind}: due ones at {ratio(seconds[1], seconds[0]):.2f} of the bare driver's rate", file=sys.stderr)


def _ticking(made: Organisation) -> Callable[[], Ticked]:
    """What does one tick at the instant at which the organisation stands still."""
    kit = kit_of(made, "bench")
    return lambda: tick(kit, lambda: made.now)


def _first_ref(made: Organisation) -> str:
    with made.backend.reading() as uow:
        ref = col(SupportCase.ref)
        return str(uow.session.scalars(select(ref).where(ref.startswith("C"))).first())


def main() -> int:
    """Both bounds on both databases."""
    quick = arguments(__doc__ or "").quick
    sizes = (1_000, 30_000) if quick else (10_000, 1_000_000)
    number, rounds = (500, 3) if quick else (10_000, 5)
    table = Table()
    for kind in ("sqlite", "postgresql"):
        with (
            tempfile.TemporaryDirectory() as folder,
            organisations(kind, Path(folder)) as (small, large),
        ):
            nothing_due(table, kind, small, large, sizes)
            many_due(table, kind, large, number, rounds)
    return table.finish()


if __name__ == "__main__":
    raise SystemExit(main())
