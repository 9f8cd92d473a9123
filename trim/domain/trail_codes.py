"""Codes inside entries of the trail that people get to read, with their words in English and French.

Pages that were read, lists that were shown, rooms where somebody was refused. States and actions have the pack's words.
A test fails for a code that the source writes and that is missing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from trim.domain.trail_kinds import Words

#: The code `page` of an entry that something was read. `interview.*` and `<kind>.<action>` are forms of the pack.
PAGES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "case": Words("Read the case", "A consulté le dossier"),
        "offer": Words("Saw name, unit and kind of incident", "A vu le nom, l’unité et le type d’événement"),
        "line_manager": Words(
            "Saw the name, to say whether they lead this person", "A vu le nom, pour répondre sur le lien hiérarchique"
        ),
        "exclusion": Words("Opened “not by this person”", "A ouvert « pas par cette personne »"),
        "appointment": Words("Took an appointment for their calendar", "A repris un rendez-vous dans son calendrier"),
        "call_now": Words("Opened the numbers to call", "A ouvert les numéros à appeler"),
        "escalation": Words("Read an escalation", "A consulté une alerte"),
        "referral": Words("Read a referral", "A consulté une orientation"),
        "agreed_step": Words("Read a step of the plan", "A consulté une étape du plan"),
        "undertaking": Words(
            "Read a group session, a check, a pair or a mediation",
            "A consulté une séance, un point régulier, un binôme ou une médiation",
        ),
        "history": Words("Read the history", "A consulté l’historique"),
        "private_link": Words("Opened the page of the private link", "A ouvert la page du lien privé"),
        "ledger": Words("Read their own ledger", "A consulté son historique personnel"),
        "stop": Words("Opened the page to stop by themselves", "A ouvert la page pour arrêter"),
        "assessment": Words("Read an interview", "A consulté un entretien"),
        "assessment.correct": Words("Opened the correction of an interview", "A ouvert la correction d’un entretien"),
        "assessment.wrong_person": Words(
            "Opened the removal of an interview of the wrong person",
            "A ouvert le retrait d’un entretien d’une autre personne",
        ),
        "request": Words("Read a request for the person’s data", "A consulté une demande d’accès aux données"),
        "access_package": Words("Opened the package for the person", "A ouvert le dossier destiné à la personne"),
        "access_review": Words("Reviewed the package for the person", "A relu le dossier destiné à la personne"),
        "asked": Words("Opened who asked", "A ouvert l’origine de la demande"),
        "new_disclosure": Words("Opened the form of a disclosure", "A ouvert le formulaire d’une communication"),
        "incident": Words("Read the incident", "A consulté l’événement"),
        "planning": Words("Opened the planning of the incident", "A ouvert la planification de l’événement"),
        "sheet": Words("Printed the sheet for the meeting", "A imprimé la fiche de réunion"),
        "join": Words("Opened the question whether to join", "A ouvert la question du rattachement"),
        "release": Words("Read a release of statistics", "A consulté une publication de statistiques"),
        "table": Words("Read a table of a release", "A consulté un tableau d’une publication"),
        "compare": Words("Compared two releases", "A comparé deux publications"),
        "definitions": Words("Read what the figures count", "A consulté les définitions des chiffres"),
        "legal_holds": Words("Read the holds on erasure", "A consulté les suspensions d’effacement"),
    }
)
#: A form of the pack that was opened, and what is not known here.
FORM: Final = Words("Opened a form", "A ouvert un formulaire")
INTERVIEW: Final = Words("Opened the form of an interview", "A ouvert le formulaire d’un entretien")

#: The list of an entry `list.read`: what stands after `list:` in its subject. `due.*` are steps of the pack.
LISTS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "board": Words("Overview", "Vue d’ensemble"),
        "today": Words("My work", "Mon travail"),
        "cases": Words("Cases", "Dossiers"),
        "escalations": Words("Escalations", "Alertes"),
        "overdue": Words("Overdue with practitioners", "En retard"),
        "leaving": Words("Cases to hand over", "Dossiers à transmettre"),
        "due": Words("What is due", "Échéances"),
        "undertakings": Words("Groups and checks", "Groupes et points réguliers"),
    }
)
