"""The organisation and everybody in it, set up by the use cases that set up a real one. All of it is invented."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from trim.demonstration.names import invented
from trim.domain.access import Role, system_actor
from trim.engine.definition import Pack
from trim.store.tables import Account, Person, Unit
from trim.usecases.oversight.install_pack import change_settings, install_pack
from trim.usecases.people.accounts import give_role, open_account, put_on_duty, record_training
from trim.usecases.people.demonstration import SETTING
from trim.usecases.people.find_or_add import add_person
from trim.usecases.people.units import add_unit
from trim.usecases.unit_of_work import Backend, UnitOfWork

BUILDER = system_actor("demonstration")
PROGRAMME = "trim"
ORGANISATION = "Port-Ardent Emergency Service"
UNITS = (
    "Harbour Station", "Old Town Station", "Northgate Station", "Riverside Station", "Hillside Station",
    "Sea and Mountain Rescue", "Control Room", "Volunteer Corps",
)  # fmt: skip
CONTROL, VOLUNTEERS = "Control Room", "Volunteer Corps"

#: Numbers that are kept free for fiction, and the one of the emergency services.
CRISIS_LINES = (
    {"label": "Emergency services (example)", "phone": "112", "hours": "24/7"},
    {"label": "Crisis line (example, rings nowhere)", "phone": "+44 8081 570199", "hours": "24/7"},
)
PHONE = "+44 1632 960{:03d}"
TURN = timedelta(days=7)
#: How long after the course a training is valid.
VALID = timedelta(days=3 * 365)


#: The one account of each role whose sign-in is shown, by its address.
SIGN_INS = {
    Role.PRACTITIONER: "practitioner@demo.example",
    Role.COORDINATOR: "coordinator@demo.example",
    Role.PROGRAMME_LEAD: "lead@demo.example",
    Role.REPORTER: "reporter@demo.example",
    Role.HR: "hr@demo.example",
    Role.ADMINISTRATOR: "administrator@demo.example",
    Role.AUDITOR: "auditor@demo.example",
}
#: One more coordinator, of one unit alone: others open a case elsewhere only by break-glass.
UNIT_COORDINATOR = "unit.coordinator@demo.example"


@dataclass(frozen=True, slots=True)
class Size:
    """How large the organisation is; it grows with the number of cases, so that nobody meets everything."""

    people: int
    practitioners: int
    coordinators: int = 3

    @classmethod
    def for_cases(cls, cases: int) -> Size:
        """About 400 people and 14 practitioners for the smallest demonstration."""
        return cls(people=max(400, 3 * cases), practitioners=max(14, cases // 12), coordinators=max(3, cases // 300))


@dataclass
class Cast:
    """Who there is, in an order that depends on the seed alone."""

    units: dict[str, Unit] = field(default_factory=dict)
    top: Unit | None = None
    people: dict[str, list[Person]] = field(default_factory=dict)
    practitioners: list[Account] = field(default_factory=list)
    coordinators: list[Account] = field(default_factory=list)
    leads: list[Account] = field(default_factory=list)
    reporters: list[Account] = field(default_factory=list)
    #: Ids of the people who have an account: events find others.
    engaged: set[str] = field(default_factory=set)
    #: The account whose sign-in is shown, by role.
    shown: dict[Role, Account] = field(default_factory=dict)
    #: Who coordinates one unit alone, and which.
    of_one_unit: tuple[Account, str] | None = None

    @property
    def duty(self) -> list[Account]:
        """Who takes turns on the rota."""
        return [*self.coordinators, *self.leads]


class Casting:
    """Sets the organisation up at `at`, the day before the first event; `until` is today."""

    def __init__(
        self, backend: Backend, *, seed: int, size: Size, at: datetime, until: datetime, password: str, hashed: str
    ) -> None:
        self._backend, self._size, self._at, self._until = backend, size, at, until
        self._password, self._hashed = password, hashed
        self._chosen = random.Random(f"{seed}/cast")
        self._names = invented(self._chosen)
        self._numbers = count(1)
        self.cast = Cast()

    def found(self, pack: Pack) -> None:
        """The organisation: marked as a demonstration for ever before anything else is in it (CARE 34)."""
        with self._backend.writing() as uow:
            change_settings(
                uow,
                BUILDER,
                now=self._at,
                values={
                    "demonstration": True,
                    "organisation_name": ORGANISATION,
                    "zone": "Europe/London",
                    "crisis_lines": list(CRISIS_LINES),
                },
            )
            install_pack(uow, BUILDER, now=self._at, pack=pack)
            self.cast.top = add_unit(uow, BUILDER, now=self._at, name=ORGANISATION)
            for name in UNITS:
                self.cast.units[name] = add_unit(uow, BUILDER, now=self._at, name=name, parent_id=self.cast.top.id)

    def hire(self) -> None:
        """Everybody: a head of each unit, watches with a leader each, volunteers, agency staff and contractors."""
        shares = dict.fromkeys(UNITS, 1.0) | {CONTROL: 0.7, VOLUNTEERS: 1.3}
        for name in UNITS:
            wanted = round(self._size.people * shares[name] / sum(shares.values()))
            with self._backend.writing() as uow:
                self.cast.people[name] = list(self._unit(uow, name, wanted))

    def _unit(self, uow: UnitOfWork, unit: str, wanted: int) -> Iterator[Person]:
        head = self._person(uow, unit, "employee", None, known=True)
        yield head
        leader = head
        for number in range(1, wanted):
            if number % 8 == 1:
                leader = self._person(uow, unit, "employee", head, known=True)
                yield leader
                continue
            group = self._group(unit)
            # Nobody has said who leads most of those who come from outside: the programme asks (CARE 10).
            known = group in ("employee", "volunteer") or self._chosen.random() < 0.3
            yield self._person(uow, unit, group, leader if known else None, known=known)

    def _group(self, unit: str) -> str:
        if unit == VOLUNTEERS:
            return "volunteer"
        return self._chosen.choices(("employee", "volunteer", "agency", "contractor"), (86, 3, 7, 4))[0]

    def _person(self, uow: UnitOfWork, unit: str, group: str, manager: Person | None, *, known: bool) -> Person:
        return add_person(
            uow,
            BUILDER,
            now=self._at,
            name=next(self._names),
            unit_id=self.cast.units[unit].id,
            staff_group=group,
            staff_number=f"PA{next(self._numbers):05d}",
            line_manager_id=manager.id if manager is not None else None,
            line_manager_known=known,
            generated=True,
        )

    def engage(self) -> None:
        """Accounts: one shown for each role, and the colleagues of those who hold it."""
        cast = self.cast
        for role, number, kept in (
            (Role.PROGRAMME_LEAD, 1, cast.leads),
            (Role.COORDINATOR, self._size.coordinators, cast.coordinators),
            (Role.PRACTITIONER, self._size.practitioners, cast.practitioners),
            (Role.REPORTER, 4, cast.reporters),
            (Role.HR, 1, []),
            (Role.ADMINISTRATOR, 1, []),
            (Role.AUDITOR, 1, []),
        ):
            for place in range(number):
                with self._backend.writing() as uow:
                    kept.append(self._account(uow, role, place))
            cast.shown[role] = kept[0]
        # Last, and in no story.
        with self._backend.writing() as uow:
            account = self._account(uow, Role.COORDINATOR, 0, unit=CONTROL, email=UNIT_COORDINATOR)
        cast.of_one_unit = account, CONTROL

    def _account(self, uow: UnitOfWork, role: Role, place: int, *, unit: str = "", email: str = "") -> Account:
        person = self._member(role, place)
        email = email or (SIGN_INS[role] if place == 0 else f"{_plain(person.name)}@demo.example")
        account = open_account(
            uow,
            BUILDER,
            now=self._at,
            email=email,
            name=person.name,
            person_id=person.id,
            phone=PHONE.format(len(self.cast.engaged) % 1000),
            locale="fr" if place and self._chosen.random() < 0.3 else "en",
            password_hash=self._hashed,
        )
        assert self.cast.top is not None
        give_role(
            uow,
            BUILDER,
            now=self._at,
            account_id=account.id,
            role=role,
            programme=PROGRAMME,
            unit_id=self.cast.units[unit].id if unit else self.cast.top.id,
        )
        if role is Role.PRACTITIONER:
            self._train(uow, account, place)
        if role in (Role.COORDINATOR, Role.PROGRAMME_LEAD):
            # Nobody oversees the support of their own line manager: events spare those few.
            self.cast.engaged.add(str(person.line_manager_id))
        return account

    def _member(self, role: Role, place: int) -> Person:
        """Somebody of the directory for an account: practitioners from every unit, never two accounts for one."""
        units = list(UNITS)
        unit = units[(place + list(Role).index(role)) % len(units)]
        # Nobody who leads others: they would stand in the way of supporting those.
        leading = {one.line_manager_id for one in self.cast.people[unit]}
        able = [one for one in self.cast.people[unit] if one.line_manager_id and one.id not in leading]
        people = [one for one in able if one.id not in self.cast.engaged]
        chosen = self._chosen.choice(people)
        self.cast.engaged.add(chosen.id)
        return chosen

    def _train(self, uow: UnitOfWork, account: Account, place: int) -> None:
        """Everybody's training is in date but that of one, which ran out two months ago."""
        day = self._at.date() - timedelta(days=self._chosen.randrange(20, 300))
        if place == 5:
            day = self._until.date() - timedelta(days=60) - VALID
        record_training(
            uow,
            BUILDER,
            now=self._at,
            account_id=account.id,
            programme=PROGRAMME,
            trained_on=day,
            valid_until=day + VALID,
            max_open_cases=8 if place == 0 else 6,
        )

    def show_sign_ins(self) -> None:
        """Keep what the sign-in page shows: the password is no secret, and works in this demonstration only."""
        shown = [
            {"role": role.value, "name": self.cast.shown[role].name, "email": email, "password": self._password}
            for role, email in SIGN_INS.items()
        ]
        assert self.cast.of_one_unit is not None
        account, unit = self.cast.of_one_unit
        one = {"name": account.name, "email": UNIT_COORDINATOR, "password": self._password, "unit": unit}
        shown.insert(2, {"role": Role.COORDINATOR.value, **one})
        with self._backend.writing() as uow:
            change_settings(uow, BUILDER, now=self._until, values={SETTING: shown})


def put_turn(uow: UnitOfWork, cast: Cast, *, now: datetime, begins: datetime) -> None:
    """One week of duty for whoever's turn it is, with the number that is answered (CARE 2)."""
    account = cast.duty[begins.isocalendar().week % len(cast.duty)]
    put_on_duty(
        uow,
        BUILDER,
        now=now,
        programme=PROGRAMME,
        account_id=account.id,
        phone=account.phone or PHONE.format(0),
        from_at=begins,
        until_at=begins + TURN,
    )


def _plain(name: str) -> str:
    """`Élise Le Gall` as the first part of an address: `elise.le.gall`."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return ".".join(letters.replace("'", " ").split())
