"""Who can be asked to support a person: trained and in date, not full, without a conflict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from trim.domain.access import Role
from trim.domain.conflicts import PRIVATE_TO_PRACTITIONER, Conflict, conflicts
from trim.engine.definition import Pack
from trim.store import accounts, cases, telling
from trim.store.tables import Account, SupportCase, Training
from trim.usecases.acting.ties import ties
from trim.usecases.acting.variables import final_states
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Candidate:
    """A practitioner as a coordinator may see them: reasons private to them read `not_available` (CARE 10)."""

    account_id: str
    name: str
    open_cases: int
    max_open_cases: int
    #: Code words of what stands in the way: not_trained, training_expired, full, on_leave, line_manager, direct_report,
    #: not_available. Empty: can be asked.
    obstacles: tuple[str, ...]
    #: The person's line manager is unknown: the practitioner will be asked on accepting.
    ask_line_manager: bool = False

    @property
    def can_be_asked(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles


def candidates(uow: UnitOfWork, case: SupportCase, pack: Pack, now: datetime) -> list[Candidate]:
    """All practitioners of a case's programme over its unit, those who can be asked first, the least loaded first."""
    holders = accounts.holders(uow.session, [Role.PRACTITIONER], case.programme, case.unit_id, now)
    trained = accounts.trainings(uow.session, case.programme)
    load = cases.open_count_of_practitioner(
        uow.session, [account.id for account in holders], final_states(pack, "case")
    )
    known = ties(uow, case, holders)
    today = now.astimezone(uow.organisation.zone).date()
    away = telling.away_on(uow.session, [account.id for account in holders], today)
    found = []
    for account in holders:
        problems = conflicts(known[account.id])
        training = trained.get(account.id)
        obstacles = [
            *_training_obstacles(training, today, load.get(account.id, 0)),
            *(["on_leave"] if account.id in away else []),
            *_shown(problems, account, case),
        ]
        found.append(
            Candidate(
                account.id,
                account.name,
                load.get(account.id, 0),
                training.max_open_cases if training else 0,
                tuple(obstacles),
                Conflict.LINE_MANAGER_UNKNOWN in problems,
            )
        )
    return sorted(found, key=lambda one: (bool(one.obstacles), one.open_cases, one.name))


def _training_obstacles(training: Training | None, today: date, load: int) -> list[str]:
    if training is None:
        return ["not_trained"]
    obstacles = []
    if training.valid_until < today:
        obstacles.append("training_expired")
    if load >= training.max_open_cases:
        obstacles.append("full")
    return obstacles


def _shown(problems: list[Conflict], account: Account, case: SupportCase) -> list[str]:
    shown = []
    if account.id == case.practitioner_id:
        shown.append("supports_already")
    for problem in problems:
        if problem in PRIVATE_TO_PRACTITIONER:
            shown.append("not_available")
        elif problem is not Conflict.LINE_MANAGER_UNKNOWN:
            shown.append(problem.value)
    return list(dict.fromkeys(shown))
