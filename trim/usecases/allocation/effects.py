"""Allocation: a coordinator asks, the practitioner accepts or declines; a case changes hands only on acceptance."""

from __future__ import annotations

from trim.domain.errors import InvalidInput, Reason
from trim.store.tables import ConflictAnswer
from trim.usecases.acting.act import Act
from trim.usecases.allocation.eligible import candidates
from trim.usecases.telling import account_named, supervisors_of, tell_of_act

NOT_ELIGIBLE = Reason(
    "practitioner_not_eligible",
    "This practitioner cannot be asked. Choose somebody else.",
    "Cette personne ne peut pas être sollicitée. Choisissez quelqu’un d’autre.",
)
CONFLICT_DECLARED = Reason(
    "conflict_declared",
    "Line managers and direct reports do not support each other. Please decline instead; nobody will ask why.",
    "Le soutien n’est pas possible entre responsable hiérarchique et collaborateur direct. "
    "Merci de décliner ; personne ne demandera pourquoi.",
)


def propose_allocation(act: Act) -> None:
    """Ask a practitioner. Raises InvalidInput when that one cannot be asked."""
    case = act.the_case()
    wanted = act.values.get("practitioner")
    able = {one.account_id for one in candidates(act.uow, case, act.pack, act.now) if one.can_be_asked}
    if wanted not in able:
        raise InvalidInput({"practitioner": NOT_ELIGIBLE})
    case.proposed_practitioner_id = str(wanted)
    act.codes["practitioner"] = str(wanted)
    tell_of_act(act, account_named(act.uow, str(wanted)), "asked_to_support")


def accept_allocation(act: Act) -> None:
    """Take the case over, after saying that there is no line between the two (CARE 10)."""
    case = act.the_case()
    # The pack asks only where the line manager is unknown; `checked` has made sure that it was answered then.
    if act.values.get("not_in_line") is False:
        raise InvalidInput({"not_in_line": CONFLICT_DECLARED})
    if "not_in_line" in act.values:
        act.uow.session.add(
            ConflictAnswer(
                id=act.uow.new_id(),
                case_id=case.id,
                account_id=act.actor.account_id,
                clear=True,
                answered_at=act.now,
            )
        )
    case.practitioner_id = act.actor.account_id
    case.proposed_practitioner_id = None
    _tell_supervisors(act, "allocation_accepted")


def decline_allocation(act: Act) -> None:
    """Decline, without having to say why; the coordinators look for somebody else."""
    act.the_case().proposed_practitioner_id = None
    _tell_supervisors(act, "allocation_declined")


def withdraw_proposal(act: Act) -> None:
    """Take the question back, for somebody who is away and cannot answer it."""
    case = act.the_case()
    act.codes["practitioner"] = case.proposed_practitioner_id
    case.proposed_practitioner_id = None


def _tell_supervisors(act: Act, kind: str) -> None:
    case = act.the_case()
    tell_of_act(act, supervisors_of(act.uow, case, act.now), kind)
