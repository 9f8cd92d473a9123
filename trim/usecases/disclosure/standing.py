"""Who may see to an access request: coordinators and leads of the person's unit without a conflict (CARE 10).

The named reviewer alone reads what is held; whoever else sees to the request knows who asks, and by when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trim.domain.access import Actor, Can
from trim.domain.conflicts import Conflict, Tie, conflicts, forbids
from trim.domain.disclosure import ENDED_STATES
from trim.domain.errors import NotAllowedNow, NotFound, Reason, StaleVersion
from trim.store import disclosure, people
from trim.store.tables import AccessRequest, Account, Person
from trim.usecases.acting.ties import SUPERVISORS
from trim.usecases.unit_of_work import UnitOfWork

ENDED = Reason("ended", "This request has ended.", "Cette demande est terminée.")
SAY_FIRST = Reason(
    "line_unknown",
    "Say first whether you lead this person or report to them.",
    "Dites d’abord si vous encadrez cette personne ou si elle vous encadre.",
)


@dataclass
class Opened:
    """A request with its person and what it seals; `must_declare` means that nobody knows who leads whom."""

    request: AccessRequest
    content: dict[str, Any]
    person: Person
    role: str
    must_declare: bool
    owner: str = field(init=False)

    def __post_init__(self) -> None:
        self.owner = owner_of(self.request)


def owner_of(request: AccessRequest) -> str:
    """Whose key seals it, and which chain of the trail is its own."""
    return f"request:{request.id}"


def open_request(uow: UnitOfWork, actor: Actor, *, ref: str, lock: bool = False) -> Opened:
    """The request of a reference, for whoever may see to it. Raises NotFound."""
    request = disclosure.request_of(uow.session, ref, lock=lock)
    role = role_over(actor, request.unit_id, request.programme)
    if role is None:
        raise NotFound
    content = unsealed(uow, request)
    person = uow.session.get(Person, content["person_id"])
    if person is None:
        raise NotFound
    found = conflicts_with(uow, person, [(actor.account_id, actor.person_id)], content)[actor.account_id]
    if forbids(found):
        raise NotFound
    return Opened(request, content, person, role, Conflict.LINE_MANAGER_UNKNOWN in found)


def open_to_change(
    uow: UnitOfWork, actor: Actor, *, ref: str, version: int | None, as_reviewer: bool = False
) -> Opened:
    """The same, locked, for a change. Raises NotFound, StaleVersion, NotAllowedNow."""
    opened = open_request(uow, actor, ref=ref, lock=True)
    if as_reviewer and opened.request.reviewer_id != actor.account_id:
        raise NotFound
    if opened.must_declare:
        raise NotAllowedNow([SAY_FIRST])
    if version is not None and version != opened.request.version:
        raise StaleVersion(version, opened.request.version)
    if opened.request.state in ENDED_STATES:
        raise NotAllowedNow([ENDED])
    return opened


def role_over(actor: Actor, unit_id: str, programme: str | None = None) -> str | None:
    """The role in which somebody oversees a unit, in that programme when one is named; None when they do not."""
    roles = actor.roles_over(unit_id, programme) & SUPERVISORS
    return min(roles).value if roles and actor.can(Can.OVERSEE_CASES, unit_id, programme) else None


def unsealed(uow: UnitOfWork, request: AccessRequest) -> dict[str, Any]:
    """What a request seals of itself."""
    content: dict[str, Any] = uow.vault.unseal(owner_of(request), "access_request", request.id, request.sealed)
    return content


def conflicts_with(
    uow: UnitOfWork, person: Person, staff: Sequence[tuple[str, str | None]], content: dict[str, Any]
) -> dict[str, list[Conflict]]:
    """The conflicts of some accounts, each with its own person's id, with a person; by account id.

    Who is not named as a reader of a restricted incident (CARE 13) is kept away like somebody whom the person does not
    want: the package would show them what the incident hides.
    """
    own = people.by_ids(uow.session, {one for _, one in staff if one})
    indexes = {one: uow.vault.blind_index("person", one) for one in own}
    index = uow.vault.blind_index("person", person.id)
    known = disclosure.known_between(uow.session, index, [one for one, _ in staff], set(indexes.values()))
    said = {**known.answers, **content.get("declared", {})}
    return {
        account_id: conflicts(
            Tie(
                staff_person_id=person_id,
                staff_manager_id=own[person_id].line_manager_id if person_id in own else None,
                subject_person_id=person.id,
                subject_manager_id=person.line_manager_id,
                subject_manager_known=person.line_manager_known,
                exposed_to_same_incident=indexes.get(person_id or "") in known.beside,
                excluded_by_person=account_id in known.kept_away | known.not_named,
                declared_clear=said.get(account_id) is True,
                declared_conflict=said.get(account_id) is False,
            )
        )
        for account_id, person_id in staff
    }


def without_conflict(uow: UnitOfWork, opened: Opened, found: Sequence[Account]) -> list[Account]:
    """Those of some accounts whom nothing forbids to read about the person."""
    problems = conflicts_with(uow, opened.person, [(one.id, one.person_id) for one in found], opened.content)
    return [one for one in found if not forbids(problems[one.id])]


def keep(
    uow: UnitOfWork,
    actor: Actor,
    now: datetime,
    opened: Opened,
    what: str,
    *,
    codes: dict[str, Any] | None = None,
    said: dict[str, Any] | None = None,
) -> None:
    """Seal what was said, count the version on and write the line in the trail."""
    request, digests = opened.request, {}
    if said is not None:
        opened.content = {**opened.content, **said}
        request.sealed = uow.vault.seal(opened.owner, "access_request", request.id, opened.content)
        digests = {"said": uow.vault.digest(opened.owner, said)}
    request.version += 1
    uow.session.add(request)
    uow.record(
        actor,
        now,
        what,
        chain=opened.owner,
        subject=opened.owner,
        role=opened.role,
        codes={**(codes or {}), "state": request.state, "version": request.version},
        digests=digests,
    )
