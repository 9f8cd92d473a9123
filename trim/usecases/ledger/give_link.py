"""Give the person a private link to their own ledger: to the address they chose, with a code given apart (CARE 15).

Neither link nor code is stored, only digests of them: what was shown once cannot be shown again, only made anew.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from email_validator import EmailNotValidError, validate_email

from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound, Reason
from trim.store import accounts, private_links
from trim.store.tables import PrivateLink, SupportCase
from trim.usecases.acting.standing import standing, subject_of
from trim.usecases.ledger.secrets_of import code_digest, is_over, new_code, token_digest
from trim.usecases.perform import Found, find
from trim.usecases.unit_of_work import UnitOfWork

#: Wrong codes in a row that lock a link: of a hundred million codes, five guesses find one in twenty million.
MOST_FAILURES = 5
#: How many of a case's links its page lists.
LISTED = 5
CHANNELS = ("mail", "paper")

State = Literal["works", "locked", "expired", "ended"]

AFTER_DEATH = Reason(
    "no_links_after_death",
    "The person has died: no links are given out and none works any more.",
    "La personne est décédée : aucun lien n’est remis et plus aucun ne fonctionne.",
)
NOT_A_CHOICE = Reason("not_a_choice", "Choose one of the answers shown.", "Choisissez l’une des réponses proposées.")
BAD_ADDRESS = Reason(
    "bad_address",
    "Enter an e-mail address such as name@example.org.",
    "Indiquez une adresse électronique comme nom@exemple.org.",
)
WORK_ADDRESS = Reason(
    "work_address",
    "This looks like a work address: people sign in here with addresses like it. Ask for a private one, "
    "or tick the box below if the person wants this one all the same.",
    "Cela ressemble à une adresse professionnelle : des comptes d’ici en ont de semblables. Demandez une adresse "
    "privée, ou cochez la case ci-dessous si la personne souhaite malgré tout celle-ci.",
)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link that was given out; `asks` when the person has asked for a new one on its page."""

    link_id: str
    state: State
    channel: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    sent_at: datetime | None
    used_at: datetime | None
    asks: bool


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Whose case it is, the address they chose last, the links so far (the newest first), and how long one works."""

    ref: str
    person: str
    address: str
    links: tuple[LinkRow, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Given:
    """A link just made: shown or sent once, and never again. Without an address it goes by hand."""

    case_id: str
    link_id: str
    token: str
    code: str
    expires_at: datetime
    address: str | None
    #: In which role it was given out, for the further lines of the trail.
    role: str

    @property
    def spoken_code(self) -> str:
        """The code in two groups, as it is read out."""
        return f"{self.code[:4]} {self.code[4:]}"


def link_page(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str) -> LinkPage:
    """The links of a case, with a line in the trail. Raises NotFound, ConflictUnknown, NotAllowedNow after a death."""
    found, case = _able(uow, actor, ref)
    rows = private_links.of_case(uow.session, case.id, LISTED)
    names = accounts.names(uow.session, {row.made_by for row in rows})
    uow.record(
        actor,
        now,
        "case.read",
        chain=f"case:{case.id}",
        subject=f"case:{case.id}",
        role=sorted(found.roles)[0],
        codes={"page": "private_link"},
    )
    return LinkPage(
        ref=case.ref,
        person=subject_of(uow, case).name,
        address=next((one for row in rows if (one := _address(uow, row))), ""),
        links=tuple(
            LinkRow(
                link_id=row.id,
                state=state_of(row, now),
                channel=row.channel,
                made_at=row.made_at,
                made_by=names.get(row.made_by, ""),
                expires_at=row.expires_at,
                sent_at=row.sent_at,
                used_at=row.used_at,
                asks=row.asked_at is not None and row.ended_at is None,
            )
            for row in rows
        ),
        days=uow.organisation.private_link_days,
    )


def give_link(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    ref: str,
    channel: str,
    address: str = "",
    work_address_wanted: bool = False,
) -> Given:
    """Make a link and its code; every earlier one of the case stops working at once.

    `address` is where the person wants it, for the channel "mail". Raises NotFound, ConflictUnknown, NotAllowedNow,
    InvalidInput (fields `channel`, `address`).
    """
    found, case = _able(uow, actor, ref, lock=True)
    if channel not in CHANNELS:
        raise InvalidInput({"channel": NOT_A_CHOICE})
    to = _checked(uow, address, work_address_wanted=work_address_wanted) if channel == "mail" else None
    replaced = private_links.end_all(uow.session, case.id, now)
    owner, row_id = f"case:{case.id}", uow.new_id()
    token, code = secrets.token_urlsafe(32), new_code()
    content = {"address": to or ""}
    row = PrivateLink(
        id=row_id,
        case_id=case.id,
        token_digest=token_digest(uow, token),
        code_digest=code_digest(uow, case.id, row_id, code),
        channel=channel,
        made_at=now,
        made_by=actor.account_id,
        expires_at=now + timedelta(days=uow.organisation.private_link_days),
        sealed=uow.vault.seal(owner, "private_link", row_id, content),
    )
    uow.session.add(row)
    uow.record(
        actor,
        now,
        "link.made",
        chain=owner,
        subject=owner,
        role=sorted(found.roles)[0],
        codes={"link": row_id, "channel": channel, "replaced": replaced},
        digests={"address": uow.vault.digest(owner, content)} if to else None,
    )
    return Given(case.id, row_id, token, code, row.expires_at, to, sorted(found.roles)[0])


def take_back(uow: UnitOfWork, actor: Actor, *, now: datetime, ref: str, link_id: str) -> None:
    """Stop a link, and whoever looks through it at this moment. Raises NotFound, ConflictUnknown, NotAllowedNow."""
    found, case = _able(uow, actor, ref, lock=True)
    row = next((one for one in private_links.of_case(uow.session, case.id, LISTED) if one.id == link_id), None)
    if row is None:
        raise NotFound
    if row.ended_at is not None:
        return
    private_links.end(uow.session, row, now)
    owner = f"case:{case.id}"
    uow.record(
        actor,
        now,
        "link.taken_back",
        chain=owner,
        subject=owner,
        role=sorted(found.roles)[0],
        codes={"link": row.id},
    )


def state_of(row: PrivateLink, now: datetime) -> State:
    """Whether a link works, and if not why."""
    if row.ended_at is not None:
        return "ended"
    if row.expires_at <= now:
        return "expired"
    return "locked" if row.failures >= MOST_FAILURES else "works"


def _able(uow: UnitOfWork, actor: Actor, ref: str, *, lock: bool = False) -> tuple[Found, SupportCase]:
    """Who supports the person or oversees the unit: not who is asked to support, nor who looks in an emergency."""
    found = find(uow, actor, "case", ref, lock=lock)
    case = found.case
    assert case is not None
    if standing(uow, actor, case).kind not in ("own", "oversees"):
        raise NotFound
    if is_over(case):
        raise NotAllowedNow([AFTER_DEATH])
    return found, case


def _address(uow: UnitOfWork, row: PrivateLink) -> str:
    return str(uow.vault.unseal(f"case:{row.case_id}", "private_link", row.id, row.sealed)["address"])


def _checked(uow: UnitOfWork, address: str, *, work_address_wanted: bool) -> str:
    """The address as it is written to; one of a domain that accounts here have is asked about once more."""
    try:
        found = validate_email(address.strip(), check_deliverability=False)
    except EmailNotValidError as problem:
        raise InvalidInput({"address": BAD_ADDRESS}) from problem
    if not work_address_wanted and accounts.has_domain(uow.session, found.domain):
        raise InvalidInput({"address": WORK_ADDRESS})
    return found.normalized
