"""`trim jobs`: how the work without a person goes, and what is stuck."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened
from trim.settings import Settings

if TYPE_CHECKING:
    from trim.usecases.oversight.read_jobs import JobsSeen

ALARMS = {
    "no_worker": ("No worker is running: nothing is sent and nobody is reminded.", "Start one: trim worker"),
    "late": ("Something has waited for more than a quarter of an hour.", "Is a worker running? Is one enough?"),
    "failing": ("A job fails.", "Its kind of failure stands below; the worker's log has more."),
    "set_aside": ("Something was set aside after several failures.", "Mend the cause, then: trim jobs --again ID"),
    "without_answer": ("An escalation has nobody left to ask.", "Give somebody the role of a coordinator or lead."),
    "undelivered": ("Notices could not be delivered.", "The pages show them to the coordinators."),
}


@click.command("jobs")
@click.option("--again", metavar="ID", help="Try something again that was set aside.")
@as_json_option
def command(again: str | None, as_json: bool) -> None:
    """Show workers, what waits, last runs with their durations, failures, and what is stuck.

    Nothing in it is about any case, so it can be sent to whoever helps. Exit status 1 when something is wrong.

    \b
    Example:
      trim jobs
      trim jobs --json
    """
    from trim.app import utc_now
    from trim.domain.access import system_actor
    from trim.domain.errors import NotFound
    from trim.usecases.oversight.read_jobs import read_jobs, try_again
    from trim.usecases.people.demonstration import clock_of

    with opened(Settings.from_environment()) as backend:
        actor, now = system_actor("jobs"), clock_of(backend, utc_now)()
        if again is not None:
            try:
                with backend.writing() as uow:
                    try_again(uow, actor, now=now, claim_id=again)
            except NotFound as problem:
                raise CommandFailed(
                    f"Nothing with the id {again} is set aside.", "`trim jobs` lists them."
                ) from problem
        with backend.reading() as uow:
            seen = read_jobs(uow, actor, now=now)
    if as_json:
        print_json(_as_json(seen))
    else:
        _show(seen, now)
    if seen.alarms:
        raise SystemExit(1)


def _show(seen: JobsSeen, now: datetime) -> None:
    for alarm in seen.alarms:
        cause, cure = ALARMS[alarm]
        click.echo(f"{click.style('WRONG', fg='red', bold=True)} {cause} {cure}")
    click.echo("Workers")
    for work in seen.workers:
        click.echo(f"  {work.state:<8} {work.kind:<12} last sign {_ago(work.beat_at, now)}  {work.id}")
    click.echo("Waiting now")
    for waits in seen.waiting:
        since = f", the first for {_ago(waits.since, now)}" if waits.since else ""
        click.echo(f"  {waits.what:<12} {waits.number}{since}")
    click.echo("Jobs")
    for job in seen.jobs:
        last = f"{_ago(job.ended_at, now)} ago" if job.ended_at else "never"
        bad = f", FAILED {job.failures} times in a row ({job.problem})" if job.failures else ""
        click.echo(f"  {job.name:<12} last {last}, {job.milliseconds} ms, did {job.did}{bad}")
    for claim in seen.set_aside:
        click.echo(f"Set aside: {claim.subject_kind} {claim.id} ({claim.problem}, {claim.failures} failures)")


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "-"
    seconds = max(0, int((now - at).total_seconds()))
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {word}"
    return f"{seconds} s"


def _as_json(seen: JobsSeen) -> dict[str, Any]:
    def at(instant: datetime | None) -> str | None:
        return instant.isoformat() if instant is not None else None

    return {
        "alarms": list(seen.alarms),
        "workers": [
            {"id": one.id, "kind": one.kind, "state": one.state, "last_sign": at(one.beat_at), "ticks": one.ticks}
            for one in seen.workers
        ],
        "waiting": [
            {"what": one.what, "number": one.number, "since": at(one.since), "late": one.late} for one in seen.waiting
        ],
        "jobs": [
            {
                "name": one.name,
                "last_day": one.last_day.isoformat() if one.last_day else None,
                "started_at": at(one.started_at),
                "ended_at": at(one.ended_at),
                "milliseconds": one.milliseconds,
                "did": one.did,
                "runs": one.runs,
                "failures": one.failures,
                "problem": one.problem,
                "failed_at": at(one.failed_at),
            }
            for one in seen.jobs
        ],
        "set_aside": [
            {
                "id": one.id,
                "what": one.subject_kind,
                "problem": one.problem,
                "failures": one.failures,
                "at": at(one.set_aside_at),
            }
            for one in seen.set_aside
        ],
        "undelivered": seen.undelivered,
        "without_answer": seen.without_answer,
        "runs": [
            {
                "job": one.job,
                "worker": one.worker,
                "started_at": at(one.started_at),
                "milliseconds": one.milliseconds,
                "did": one.did,
                "problem": one.problem,
            }
            for one in seen.runs
        ],
    }
