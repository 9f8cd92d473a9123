"""What is held on a person in group sessions, checks, pairs and mediations: their part, and what both agreed on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trim.engine.definition import Pack
from trim.engine.wording import Text
from trim.store import people, undertakings
from trim.store.tables import Undertaking, UndertakingParty
from trim.usecases.cases.said import said
from trim.usecases.disclosure import words
from trim.usecases.disclosure.items import Item, Line, Section
from trim.usecases.unit_of_work import UnitOfWork

TITLE = Text("Groups, checks, pairs and mediations", "Groupes, points réguliers, binômes et médiations")
ABOUT = Text("About", "Sujet")
PART = Text("As", "En tant que")
NAMED = Text("You were named on", "Inscription le")
CAME = Text("You came", "Vous étiez là")
AGREED = Text("You said yes on", "Vous avez donné votre accord le")
OFFERED = Text("A talk was offered to you", "Un entretien vous a été proposé")
STANDS = Text("Where it stands", "État")
GOAL = Text("Goal", "Objectif")
MEASURE = Text("Measured by", "Mesuré par")
BEFORE = Text("At the beginning", "Au départ")
AFTER = Text("At the end", "À la fin")
PARTS = {
    "member": Text("Invited", "Personne invitée"),
    "checked": Text("The person", "La personne"),
    "mentor": Text("Mentor", "Mentor"),
    "mentee": Text("Mentee", "Personne accompagnée"),
    "party": Text("Party", "Partie"),
}
#: Effects of actions whose forms hold what the two wrote together.
TOGETHER = frozenset({"write_down", "give_feedback"})


def beside_cases(uow: UnitOfWork, index: str) -> Section:
    """Everything in which the person takes part, the newest first."""
    rows = undertakings.of_person(uow.session, index)
    return Section("beside", TITLE, tuple(_item(uow, party, row) for party, row in rows))


def _item(uow: UnitOfWork, party: UndertakingParty, row: Undertaking) -> Item:
    pack = uow.pack(row.pack_version_id)
    life, owner = pack.lifecycles[row.kind], f"undertaking:{row.id}"
    about = uow.vault.unseal(owner, "undertaking", row.id, row.sealed).get("about")
    rows: list[tuple[Text, Any]] = [
        (words.UNIT, people.units(uow.session)[row.unit_id].name),
        (ABOUT, str(about or "")),
        (STANDS, life.states[row.state].label),
        (PART, PARTS.get(party.part, Text(party.part, party.part))),
        (NAMED, party.named_at),
        (CAME, party.came),
        (AGREED, party.agreed_at),
        (OFFERED, True if party.case_id else None),
    ]
    for goal in undertakings.goals(uow.session, row.id):
        content = uow.vault.unseal(owner, "undertaking_goal", goal.id, goal.sealed)
        found = ((GOAL, "goal"), (MEASURE, "measure"), (BEFORE, "before"), (AFTER, "after"))
        rows += [(label, str(content[name])) for label, name in found if content.get(name) is not None]
    title = Text(f"{life.label.en} {row.ref}", f"{life.label.fr} {row.ref}")
    lines = (*words.lines(tuple(rows)), *_written_together(uow, pack, row))
    return Item(f"beside-{party.id}", title, lines, row.opened_at)


def _written_together(uow: UnitOfWork, pack: Pack, row: Undertaking) -> Iterator[Line]:
    """Ground rules, agreements and feedback: of a group session there is nothing of the kind."""
    for record in undertakings.records(uow.session, row.id):
        action = pack.lifecycles[row.kind].actions.get(record.action)
        if action is not None and TOGETHER & set(action.does):
            content = uow.vault.unseal(f"undertaking:{row.id}", "action_record", record.id, record.sealed)
            yield from (Line(one.label, one.value) for one in said(action, content, {}))
