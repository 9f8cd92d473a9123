"""Everything held on a person beside their cases: the directory, their account, incidents they met, their requests.

What cannot be found by anybody stands in the package as a sentence: statistical facts bear no way back to a person, and
a stone over something erased does not say whose it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from trim.engine.wording import Text
from trim.store import accounts, disclosure, people
from trim.store.tables import Account, Person
from trim.usecases.disclosure import words
from trim.usecases.disclosure.held_beside_cases import beside_cases
from trim.usecases.disclosure.held_in_case import case_sections
from trim.usecases.disclosure.items import Item, Section
from trim.usecases.disclosure.standing import Opened, unsealed
from trim.usecases.unit_of_work import UnitOfWork


def held_on(uow: UnitOfWork, opened: Opened, now: datetime) -> tuple[Section, ...]:
    """Everything, in sections. Content is opened here; whoever calls writes the lines in the trail."""
    index = opened.request.person_index
    exposures = tuple(_exposures(uow, index))
    found = [
        Section("about", Text("You in the directory", "Vous dans l’annuaire"), tuple(_about(uow, opened.person))),
        Section("incidents", Text("Incidents you met", "Événements que vous avez vécus"), exposures),
    ]
    for case in disclosure.cases_of(uow.session, index):
        found += case_sections(uow, case, now)
    found.append(beside_cases(uow, index))
    found.append(
        Section("requests", Text("Your access requests", "Vos demandes d’accès"), tuple(_requests(uow, index)))
    )
    return tuple(one for one in found if one.items)


def _about(uow: UnitOfWork, person: Person) -> Iterator[Item]:
    units = people.units(uow.session)
    above = uow.session.get(Person, person.line_manager_id) if person.line_manager_id else None
    rows = (
        (words.NAME, person.name),
        (words.STAFF_NUMBER, person.staff_number),
        (words.UNIT, units[person.unit_id].name),
        (words.STAFF_GROUP, words.STAFF_GROUPS.get(person.staff_group, Text(person.staff_group, person.staff_group))),
        (words.LINE_MANAGER, above.name if above else None),
        (words.STILL_HERE, person.active),
    )
    yield Item(f"person-{person.id}", Text("Directory entry", "Fiche de l’annuaire"), words.lines(rows))
    account = accounts.by_person(uow.session, person.id)
    if account is not None:
        yield _account(uow, account)


def _account(uow: UnitOfWork, account: Account) -> Item:
    units = people.units(uow.session)
    rows: list[tuple[Text, object]] = [
        (words.NAME, account.name),
        (words.EMAIL, account.email),
        (words.PHONE, account.phone),
        (words.OPENED, account.created_at),
    ]
    for grant in accounts.all_grants(uow.session, account.id):
        role = words.ROLES.get(grant.role, Text(grant.role, grant.role))
        rows.append(
            (words.ROLE, Text(f"{role.en}, {units[grant.unit_id].name}", f"{role.fr}, {units[grant.unit_id].name}"))
        )
    return Item(f"account-{account.id}", Text("Your account", "Votre compte"), words.lines(rows))


def _exposures(uow: UnitOfWork, index: str) -> Iterator[Item]:
    """The person's own exposure and nothing of the others: what happened to whom is not theirs alone."""
    for exposure, incident in disclosure.exposures_of(uow.session, index):
        pack = uow.pack(incident.pack_version_id)
        content = uow.vault.unseal(f"incident:{incident.id}", "exposure", exposure.id, exposure.sealed)
        rows = (
            (words.KIND, words.of_choice(pack, "incident_kinds", incident.kind)),
            (words.DAY, incident.occurred_on),
            (words.HOW_EXPOSED, words.of_choice(pack, "exposures", exposure.kind)),
            (words.HOW_IN_WORDS, str(content.get("how") or "")),
            (words.BECAME_KNOWN, exposure.became_known_at),
            (words.RESPONSE, words.of_choice(pack, "responses", exposure.response) if exposure.response else None),
            (words.DECIDED, exposure.decided_at),
            (words.LOOK_AGAIN, exposure.look_again_on),
        )
        title = Text(f"Incident {incident.ref}", f"Événement {incident.ref}")
        yield Item(f"exposure-{exposure.id}", title, words.lines(rows), incident.occurred_at)


def _requests(uow: UnitOfWork, index: str) -> Iterator[Item]:
    for one in disclosure.requests_about(uow.session, index):
        content = unsealed(uow, one)
        lines = words.lines(
            (
                (words.ASKED_BY, str(content.get("asked_by", ""))),
                (words.RECEIVED, one.received_on),
                (words.REMARK, str(content.get("remark", ""))),
                (words.IDENTITY, str(content.get("identity", ""))),
                (words.WHY_LONGER, str(content.get("extension", ""))),
                (words.WHY_ENDED, str(content.get("end", ""))),
            )
        )
        yield Item(f"request-{one.id}", Text(f"Request {one.ref}", f"Demande {one.ref}"), lines, one.received_on)
