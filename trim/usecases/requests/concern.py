"""A colleague or a manager is concerned: a contact request that goes one way and leads back to nobody (CARE 13).

The sender reads "received" whatever happens: whether the person has support, accepts, declines, or was named before.
With the case no sender is kept; that one was sent stands in the sender's own chain of the trail, without whom it was
about. When the person declines, the request and that there was one are forgotten (`forget_concern`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import delete
from sqlmodel import col

from trim.audit.trail import account_chain
from trim.domain.access import Actor
from trim.domain.errors import InvalidInput, Reason
from trim.engine.wording import Text
from trim.store.tables import CaseRequest, SupportCase
from trim.usecases.cases.begin_case import CONCERN
from trim.usecases.requests.come_in import INTAKE, beginning_of, come_in, programmes_for
from trim.usecases.requests.whom import whom
from trim.usecases.unit_of_work import UnitOfWork

#: As what somebody is concerned: the only thing that is kept of a sender.
AS: Final = ("colleague", "manager")
FOR_YOURSELF = Reason(
    "for_yourself",
    "To ask for support for yourself, use “Ask for support”.",
    "Pour demander un soutien pour vous-même, utilisez « Demander un soutien ».",
)
NOT_A_CHOICE = Reason("not_a_choice", "Choose one of the answers shown.", "Choisissez l’une des réponses proposées.")


def programmes_of_concern(uow: UnitOfWork) -> dict[str, Text]:
    """The programmes to which a concern can go."""
    return {name: pack.title for name, pack in programmes_for(uow, CONCERN).items()}


def send_concern(
    uow: UnitOfWork,
    actor: Actor,
    *,
    now: datetime,
    programme: str,
    who: str,
    unit_id: str,
    as_whom: str,
    note: str = "",
) -> None:
    """Ask the programme to contact somebody; nothing comes back.

    Raises InvalidInput for whom it is about (`who`), as the directory alone gives it, and `as_whom`;
    NotFound for a programme that takes no concerns.
    """
    if as_whom not in AS:
        raise InvalidInput({"as_whom": NOT_A_CHOICE})
    known = whom(uow, actor, now=now, typed=who, unit_id=unit_id, yourself=FOR_YOURSELF)
    come_in(
        uow,
        INTAKE,
        now=now,
        beginning=beginning_of(uow, known, programme, CONCERN),
        of=as_whom,
        note=note,
    )
    uow.record(
        actor,
        now,
        "account.concern_sent",
        chain=account_chain(actor.account_id),
        subject=f"account:{actor.account_id}",
        codes={"programme": programme},
    )


def forget_concern(uow: UnitOfWork, case: SupportCase) -> bool:
    """Wipe the concerns of a case whose person declines, and that one opened it; says whether there was any.

    The case then reads as one that the person had asked for, like most: a word of its own would say what it was.
    """
    found = uow.session.execute(
        delete(CaseRequest).where(col(CaseRequest.case_id) == case.id, col(CaseRequest.kind) == CONCERN),
        execution_options={"synchronize_session": False},
    )
    if case.came_by == CONCERN:
        case.came_by = "request"
    return bool(found.rowcount)  # type: ignore[attr-defined]
