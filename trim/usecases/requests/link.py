"""A need of the other kind becomes a case in the other programme, linked and not retold (CARE 21).

Each side learns that the other case exists and nothing else: not its state, not who supports, not a word of it. What
the other programme may know at the start is written with the person, for them to hear.
"""

from __future__ import annotations

from trim.domain.errors import InvalidInput, NotFound, Reason
from trim.engine.forms import MISSING
from trim.store import cases
from trim.store.tables import CaseLink
from trim.usecases.acting.act import Act
from trim.usecases.acting.standing import subject_of
from trim.usecases.requests.come_in import beginning_of, come_in, open_case_in

WAY = "linked"
NOT_AGREED = Reason(
    "not_agreed",
    "Only with the person’s agreement. Without it nothing is opened.",
    "Seulement avec l’accord de la personne. Sans lui, rien n’est ouvert.",
)
NOT_HERE = Reason(
    "programme_not_here",
    "This programme does not run in your organisation.",
    "Ce programme n’existe pas dans votre organisation.",
)
LINKED_ALREADY = Reason(
    "linked_already", "A case there is linked already.", "Un accompagnement y est déjà relié à celui-ci."
)


def open_linked_case(act: Act) -> None:
    """Open a case in the programme that was chosen. Raises InvalidInput (`agreed`, `programme`)."""
    case, uow = act.the_case(), act.uow
    programme = str(act.values.get("programme") or "")
    if not act.values.get("agreed"):
        raise InvalidInput({"agreed": NOT_AGREED})
    if not programme:
        raise InvalidInput({"programme": MISSING})
    if programme == case.programme or programme not in uow.shelf.programmes(uow.session):
        raise InvalidInput({"programme": NOT_HERE})
    beginning = beginning_of(uow, subject_of(uow, case), programme, WAY)
    there = open_case_in(uow, beginning)
    linked = {one.id for _, one in cases.linked_with(uow.session, case.id)}
    if there is not None and there.id in linked:
        raise InvalidInput({"programme": LINKED_ALREADY})
    try:
        other = come_in(
            uow,
            act.actor,
            now=act.now,
            beginning=beginning,
            of="written_together",
            note=str(act.values.get("may_know") or ""),
            role=act.role,
        )
    except NotFound as closed:
        raise InvalidInput({"programme": NOT_HERE}) from closed
    uow.session.add(CaseLink(id=uow.new_id(), case_id=case.id, other_id=other.id, linked_at=act.now))
    uow.session.flush()
    act.codes["programme"] = programme
