"""What is to be done without a person: plain functions over use cases, each safe to run again at any moment.

`EVERY_TICK` is done at every tick, by every worker that runs: what they share is claimed row by row. `DAILY` is done
once a day at its hour in the organisation's zone. Neither way of running them knows more than these names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.utils import parseaddr
from types import MappingProxyType
from typing import Final

from trim.audit.anchors import write_anchor
from trim.audit.checkpoint import signing_key
from trim.delivery.outlets import outlets
from trim.domain.access import system_actor
from trim.jobs.apart import Apart
from trim.jobs.releases import have_made
from trim.settings import Settings
from trim.store import jobs
from trim.usecases.appointments.send_invitations import send_invitations
from trim.usecases.deadlines.act_on_due_steps import act_on_due_steps, weigh_undelivered
from trim.usecases.deadlines.stale_drafts import tell_of_stale_drafts
from trim.usecases.delivery.forget import forget_notices
from trim.usecases.delivery.send_due import digest_due, send_due
from trim.usecases.oversight.auditors import checkpoint_mail
from trim.usecases.oversight.seal_trail import seal_trail
from trim.usecases.retention.erase_due import erase_due
from trim.usecases.statistics import move_facts
from trim.usecases.unit_of_work import Backend

#: Runs older than this are forgotten, and workers that were silent for so long.
KEPT: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Kit:
    """What every task works with. `worker` names this process in claims."""

    backend: Backend
    settings: Settings
    worker: str
    #: Where this worker has releases made.
    apart: Apart = field(default_factory=Apart)


Task = Callable[[Kit, datetime], int]


def sweep(kit: Kit, now: datetime) -> int:
    """Reminders, escalations, and what nobody answered. Gives how many stages acted."""
    return act_on_due_steps(kit.backend, worker=kit.worker, now=now).acted


def deliver(kit: Kit, now: datetime) -> int:
    """Mails and calls that wait for nobody's hour, then what is gathered for those whose hour has come."""
    with kit.backend.reading() as uow:
        ways = outlets(kit.settings, demonstration=uow.organisation.demonstration)
    sent = send_due(kit.backend, ways.post, now=now, base_url=ways.base_url, pager=ways.pager, worker=kit.worker)
    sent += digest_due(kit.backend, ways.post, now=now, base_url=ways.base_url, worker=kit.worker)
    # Whoever cannot be reached counts as silent at once, not at the next tick.
    return sent.mails + sent.calls + (weigh_undelivered(kit.backend, worker=kit.worker, now=now) if sent.failed else 0)


def invite(kit: Kit, now: datetime) -> int:
    """Invitations to appointments, and their calling off, for people who want them."""
    with kit.backend.reading() as uow:
        ways = outlets(kit.settings, demonstration=uow.organisation.demonstration)
    organizer = parseaddr(kit.settings.private_sender)[1]
    return send_invitations(kit.backend, ways.private, now=now, sender=organizer)


def checkpoint(kit: Kit, now: datetime) -> int:
    """Seal the trail, copy the seal to where nobody here can change it, and mail it to the auditors.

    Both ways are tried before a failure of either is raised: one that works is worth having.
    """
    key = signing_key(kit.settings.checkpoint_key_file, create=True)
    with kit.backend.writing() as uow:
        sealed = seal_trail(uow, system_actor("worker"), now=now, key=key)
        organisation = uow.organisation
    try:
        write_anchor(kit.settings.anchors_dir, sealed)
    finally:
        mail = checkpoint_mail(organisation, sealed)
        if mail is not None:
            outlets(kit.settings, demonstration=organisation.demonstration).post.send(mail, now=now)
    return 1


def retention(kit: Kit, now: datetime) -> int:
    """Warn of what will be erased, and erase what was warned of long enough ago."""
    night = erase_due(kit.backend, now=now)
    return night.warned + night.erased + night.keys_destroyed


def facts(kit: Kit, now: datetime) -> int:
    """Note what practitioners carry and which groups met; mix statistical facts and put them away."""
    return move_facts.nightly(kit.backend, now=now).moved


def stale_drafts(kit: Kit, now: datetime) -> int:
    """Tell of interviews that were begun and lie untouched."""
    return tell_of_stale_drafts(kit.backend, now=now)


def tidy(kit: Kit, now: datetime) -> int:
    """Forget old runs of this very work, and erase old notices."""
    with kit.backend.database.writing() as session:
        gone = jobs.forget(session, now - KEPT)
    return gone + forget_notices(kit.backend, now=now)


def releases(kit: Kit, now: datetime) -> int:
    """Have releases made that were asked for; gives how many processes were started for it."""
    return have_made(kit.backend, kit.apart, worker=kit.worker, now=now)


EVERY_TICK: Final[Mapping[str, Task]] = MappingProxyType(
    {"sweep": sweep, "deliver": deliver, "invite": invite, "releases": releases}
)


@dataclass(frozen=True, slots=True)
class Daily:
    """Work that is done once a day, from this hour of the organisation's clock on."""

    at: time
    task: Task


#: Early in the morning, when nobody waits for the database, and drafts before people come to work.
DAILY: Final[Mapping[str, Daily]] = MappingProxyType(
    {
        "checkpoint": Daily(time(1, 30), checkpoint),
        "retention": Daily(time(2, 30), retention),
        "facts": Daily(time(3, 0), facts),
        "tidy": Daily(time(3, 30), tidy),
        "stale_drafts": Daily(time(6, 0), stale_drafts),
    }
)
