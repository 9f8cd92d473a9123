"""A small organisation for tests, made by the real use cases: builders are plain functions with good defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path

from tests.support.databases import DatabaseUrls
from trim.domain.access import Actor, Role, system_actor
from trim.domain.incident import ExposedPerson, IncidentReport
from trim.domain.vocabulary import VOCABULARY
from trim.engine.definition import Pack
from trim.engine.loader import load_pack
from trim.resources import workflows_dir
from trim.store import accounts
from trim.store.tables import Account, Person, Unit
from trim.usecases.opening import open_backend
from trim.usecases.oversight.install_pack import change_settings, install_pack
from trim.usecases.people.accounts import give_role, open_account, record_training
from trim.usecases.people.find_or_add import add_person
from trim.usecases.people.units import add_unit
from trim.usecases.unit_of_work import Backend

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SETUP = system_actor("test")


@cache
def trim_pack() -> Pack:
    """The shipped pack, compiled once."""
    return load_pack(workflows_dir() / "trim", VOCABULARY)


@dataclass
class Organisation:
    """Two units with people and one account per role; `now` moves only when a test moves it."""

    backend: Backend
    now: datetime
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    #: The folder of the instance; its keys lie in `keys` below.
    folder: Path | None = None

    @property
    def urls(self) -> DatabaseUrls:
        """Where its database is."""
        return DatabaseUrls(url=self.backend.database.url, owner_url=self.backend.database.owner_url)

    def later(self, **delta: float) -> datetime:
        """Move the clock, as keyword arguments of timedelta."""
        self.now += timedelta(**delta)
        return self.now

    def actor(self, name: str) -> Actor:
        """The account of that name as somebody who acts now."""
        with self.backend.reading() as uow:
            account = accounts.by_id(uow.session, self.accounts[name].id)
            assert account is not None
            return accounts.actor(uow.session, account, self.now)

    def add_person(self, name: str, unit: str = "North", **more: object) -> Person:
        """Somebody of the directory, with a known line manager who is nobody else of the tests."""
        with self.backend.writing() as uow:
            options = {"line_manager_known": True, **more}
            person = add_person(uow, SETUP, now=self.now, name=name, unit_id=self.units[unit].id, **options)
        self.people[name] = person
        return person

    def add_account(
        self, name: str, *roles: Role, unit: str = "Everywhere", person: str | None = None, password: str | None = None
    ) -> Account:
        """An account with roles; practitioners are trained and in date."""
        with self.backend.writing() as uow:
            account = open_account(
                uow,
                SETUP,
                now=self.now,
                email=f"{name.lower().replace(' ', '.')}@example.org",
                name=name,
                person_id=self.people[person].id if person else None,
                phone="+44 1632 960001",
                password_hash=password,
            )
            for role in roles:
                give_role(
                    uow,
                    SETUP,
                    now=self.now,
                    account_id=account.id,
                    role=role,
                    programme="trim",
                    unit_id=self.units[unit].id,
                )
            if Role.PRACTITIONER in roles:
                today = self.now.date()
                record_training(
                    uow,
                    SETUP,
                    now=self.now,
                    account_id=account.id,
                    programme="trim",
                    trained_on=today - timedelta(days=100),
                    valid_until=today + timedelta(days=800),
                )
        self.accounts[name] = account
        return account

    def report(self, **more: object) -> IncidentReport:
        """A report of yesterday's incident in the North unit with one exposed person, Robin Ashe."""
        values: dict[str, object] = {
            "programme": "trim",
            "unit_id": self.units["North"].id,
            "kind": trim_pack().choices["incident_kinds"][0].value,
            "source": "commander",
            "severity": trim_pack().choices["severities"][0].value,
            "occurred_on": (self.now - timedelta(hours=20)).date(),
            "occurred_time": time(14, 0),
            "description": "A fatal collision on the ring road.",
            "exposed": (ExposedPerson(exposure="direct", person_id=self.people["Robin Ashe"].id),),
        }
        return IncidentReport(**{**values, **more})


def make_organisation(urls: DatabaseUrls, folder: Path, *, now: datetime = MONDAY) -> Organisation:
    """Units Everywhere > North, South and one account per role.

    Carol (coordinator of North), Lee (programme lead), Pat and Quinn (practitioners), Rita (reporter), Hana (HR),
    Adam (administrator), Ada (auditor).
    """
    backend = open_backend(urls.url, folder / "keys", owner_url=urls.owner_url, create_keys=True)
    made = Organisation(backend, now, folder=folder)
    with backend.writing() as uow:
        install_pack(uow, SETUP, now=now, pack=trim_pack())
        change_settings(
            uow,
            SETUP,
            now=now,
            values={
                "organisation_name": "Harbour Service",
                "zone": "Europe/London",
                "crisis_lines": [{"label": "Emergency services", "phone": "999", "hours": ""}],
            },
        )
        top = add_unit(uow, SETUP, now=now, name="Everywhere")
        made.units = {
            "Everywhere": top,
            **{name: add_unit(uow, SETUP, now=now, name=name, parent_id=top.id) for name in ("North", "South")},
        }
    for name in ("Robin Ashe", "Sam Birch", "Pat Cole", "Quinn Dale", "Carol Elm"):
        made.add_person(name)
    made.add_account("Carol", Role.COORDINATOR, unit="North", person="Carol Elm")
    made.add_account("Lee", Role.PROGRAMME_LEAD)
    made.add_account("Pat", Role.PRACTITIONER, person="Pat Cole")
    made.add_account("Quinn", Role.PRACTITIONER, person="Quinn Dale")
    made.add_account("Rita", Role.REPORTER)
    made.add_account("Hana", Role.HR)
    made.add_account("Adam", Role.ADMINISTRATOR)
    made.add_account("Ada", Role.AUDITOR)
    return made
