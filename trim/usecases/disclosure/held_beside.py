"""What a case holds on its person besides incidents: how it came, the agreed plan, that another programme helps."""

from __future__ import annotations

from collections.abc import Iterator

from trim.engine.wording import Text
from trim.usecases.cases.gathered import Gathered
from trim.usecases.cases.without_incident import links_of, plan_of, requests_of
from trim.usecases.disclosure import words
from trim.usecases.disclosure.items import Item
from trim.usecases.perform import Found
from trim.usecases.unit_of_work import UnitOfWork

REQUEST = Text("How the case came", "Comment le dossier est arrivé")
#: A concern is told as one: it is about the person. Who sent it is held nowhere (CARE 13).
OF = {
    "person": Text("Your own request", "Votre propre demande"),
    "noted": Text("Your request, noted by the programme", "Votre demande, notée par le programme"),
    "colleague": Text("A colleague was concerned", "Un collègue s’est inquiété"),
    "manager": Text("Your management was concerned", "Votre encadrement s’est inquiété"),
    "written_together": Text("Written with you in another programme", "Écrit avec vous dans un autre programme"),
}
AGREED = Text("Step of the agreed plan", "Étape du plan convenu")
PLANNED_FOR = Text("For", "Pour le")
LINKED = Text("Linked case in another programme", "Accompagnement relié dans un autre programme")


def held_beside(uow: UnitOfWork, found: Found, gathered: Gathered) -> Iterator[Item]:
    """Requests, steps of the plan and links of one case, item by item."""
    case = gathered.case
    for place, came in enumerate(requests_of(uow, case.id)):
        rows = words.lines(((OF.get(came.of, REQUEST), came.note or words.NOTHING_WRITTEN),))
        yield Item(f"request-{case.id}-{place}", REQUEST, rows, came.received_at)
    for step in plan_of(found.pack, gathered):
        rows = words.lines(((AGREED, step.what), (PLANNED_FOR, step.planned_for), (words.STATE, step.state)))
        yield Item(f"agreed-{step.ref}", AGREED, rows, step.planned_for)
    for place, link in enumerate(links_of(uow, case.id)):
        yield Item(f"link-{case.id}-{place}", LINKED, words.lines(((LINKED, link.programme),)), link.linked_at)
