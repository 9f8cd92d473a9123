"""Write down that a person asks for everything held on them: who asked, how, when it came; the deadline follows."""

from __future__ import annotations

from datetime import date, datetime

from trim.domain.access import Actor, Can
from trim.domain.conflicts import forbids
from trim.domain.disclosure import CHANNELS, answer_due
from trim.domain.errors import Forbidden, InvalidInput, Reason
from trim.store.tables import AccessRequest, Person
from trim.usecases.acting.ties import SUPERVISORS
from trim.usecases.disclosure.standing import conflicts_with, owner_of, role_over
from trim.usecases.unit_of_work import UnitOfWork

PREFIX = "A"
LANGUAGES = ("en", "fr")
MOST_WORDS = 2_000

NOBODY = Reason("person_missing", "Choose the person who asks.", "Choisissez la personne qui demande.")
OTHER_UNIT = Reason(
    "other_unit",
    "Somebody who coordinates this person’s unit must record it.",
    "La coordination du service de cette personne doit l’enregistrer.",
)
#: No reason is named: it may be the person's own wish, or an incident that is restricted (CARE 10, 13).
TOO_CLOSE = Reason(
    "too_close",
    "You cannot record this request. Ask another coordinator or lead.",
    "Vous ne pouvez pas enregistrer cette demande. Adressez-vous à une autre coordination ou à la direction du "
    "programme.",
)
NOT_A_CHOICE = Reason("not_a_choice", "Choose one of the answers shown.", "Choisissez l’une des réponses proposées.")
FUTURE = Reason("future", "This day has not come yet.", "Ce jour n’est pas encore venu.")
TOO_LONG = Reason("too_long", "Shorten this text.", "Raccourcissez ce texte.")


def record_request(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    person_id: str,
    asked_by: str,
    channel: str,
    received_on: date,
    language: str,
    remark: str = "",
) -> AccessRequest:
    """Record an access request; `asked_by` names the person or who speaks for them. Raises Forbidden, InvalidInput.

    Whoever records it may turn out to be the person's line manager: where nobody knows, the next page asks.
    """
    if not actor.can(Can.OVERSEE_CASES):
        raise Forbidden
    person = uow.session.get(Person, person_id) if person_id else None
    if person is None:
        raise InvalidInput({"person": NOBODY})
    role = role_over(actor, person.unit_id)
    if role is None:
        raise InvalidInput({"person": OTHER_UNIT})
    if forbids(conflicts_with(uow, person, [(actor.account_id, actor.person_id)], {})[actor.account_id]):
        raise InvalidInput({"person": TOO_CLOSE})
    _check(uow, now, asked_by, channel, received_on, language, remark)
    request = AccessRequest(
        id=uow.new_id(),
        ref=uow.new_ref(PREFIX),
        programme=_programme(actor, person.unit_id),
        unit_id=person.unit_id,
        person_index=uow.vault.blind_index("person", person.id),
        language=language,
        channel=channel,
        received_on=received_on,
        due_on=answer_due(received_on),
        recorded_at=now,
        recorded_by=actor.account_id,
        sealed=b"",
    )
    owner = owner_of(request)
    uow.new_key(owner)
    content = {"person_id": person.id, "asked_by": asked_by.strip(), "remark": remark.strip(), "declared": {}}
    request.sealed = uow.vault.seal(owner, "access_request", request.id, content)
    uow.session.add(request)
    uow.record(
        actor,
        now,
        "access_request.recorded",
        chain=owner,
        subject=owner,
        role=role,
        codes={
            "channel": channel,
            "received": received_on.isoformat(),
            "due": request.due_on.isoformat(),
            "language": language,
            "version": 1,
        },
        digests={"said": uow.vault.digest(owner, content)},
    )
    return request


def _check(
    uow: UnitOfWork, now: datetime, asked_by: str, channel: str, received_on: date, language: str, remark: str
) -> None:
    problems: dict[str, Reason] = {}
    if not asked_by.strip() or len(asked_by) > MOST_WORDS:
        problems["asked_by"] = Reason("asker_missing", "Say who asked.", "Indiquez qui a demandé.")
    if channel not in CHANNELS:
        problems["channel"] = NOT_A_CHOICE
    if language not in LANGUAGES:
        problems["language"] = NOT_A_CHOICE
    if received_on > now.astimezone(uow.organisation.zone).date():
        problems["received_on"] = FUTURE
    if len(remark) > MOST_WORDS:
        problems["remark"] = TOO_LONG
    if problems:
        raise InvalidInput(problems)


def _programme(actor: Actor, unit_id: str) -> str:
    return min(grant.programme for grant in actor.grants if grant.role in SUPERVISORS and unit_id in grant.covers)
