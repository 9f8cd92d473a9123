"""Words of the package in both languages: it is made in the person's language, whoever reviews it in another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trim.engine.definition import Pack
from trim.engine.wording import Text
from trim.usecases.disclosure.items import Line

NAME = Text("Name", "Nom")
STAFF_NUMBER = Text("Staff number", "Matricule")
UNIT = Text("Unit", "Service")
STAFF_GROUP = Text("Works here as", "Statut")
LINE_MANAGER = Text("Line manager", "Responsable hiérarchique")
STILL_HERE = Text("Still belongs to the organisation", "Fait toujours partie de l’organisation")
EMAIL = Text("Sign-in address", "Adresse de connexion")
PHONE = Text("Telephone", "Téléphone")
OPENED = Text("Opened", "Ouvert")
ROLE = Text("Role", "Rôle")
KIND = Text("Kind of incident", "Type d’événement")
DAY = Text("Day", "Jour")
HOW_EXPOSED = Text("How you were exposed", "Votre exposition")
HOW_IN_WORDS = Text("In words", "En mots")
BECAME_KNOWN = Text("Known to the programme since", "Connu du programme depuis")
RESPONSE = Text("What was chosen for you", "Ce qui a été décidé pour vous")
DECIDED = Text("Decided", "Décidé")
LOOK_AGAIN = Text("To be looked at again", "À revoir")
ASKED_BY = Text("Who asked", "Qui a demandé")
RECEIVED = Text("Received", "Reçue")
REMARK = Text("Remark", "Remarque")
IDENTITY = Text("Check of identity", "Vérification d’identité")
WHY_LONGER = Text("Why it takes longer", "Motif de la prolongation")
WHY_ENDED = Text("Why it ended", "Motif de la fin")

STATE = Text("State", "État")
OUTCOME = Text("How it ended", "Issue")
CLOSED = Text("Ended", "Terminé")
ACCEPTED = Text("You accepted", "Vous avez accepté")
SUPPORTED_BY = Text("Supported by", "Accompagnement par")
REACH = Text("How you want to be reached", "Comment vous joindre")
BY = Text("By", "Par")
IN_ROLE = Text("In the role of", "En tant que")
HELD = Text("Held", "Tenu")
RECORDED = Text("Recorded", "Enregistré")
SCORE = Text("Score", "Score")
NOTHING_WRITTEN = Text("Nothing was written", "Rien n’a été écrit")
BAND = Text("Band", "Niveau")
STOPPED_EARLY = Text("Stopped early", "Interrompu")
CLOCKS_MOVED = Text(
    "Deadlines moved with the organisation’s calendar", "Échéances déplacées avec le calendrier de l’organisation"
)
CORRECTION = Text("Why it was corrected", "Motif de la correction")
EARLIER_VERSION = Text("Earlier version, corrected since", "Version antérieure, corrigée depuis")
DRAFT = Text("Interview begun and not submitted", "Entretien commencé, non validé")
LEVEL = Text("How urgent", "Urgence")
RAISED = Text("Raised", "Signalée")
PROPOSED = Text("Proposed", "Proposée")
SENT = Text("Sent", "Envoyée")
SENT_TO = Text("Sent to", "Envoyé à")
PROVIDER = Text("To whom", "À qui")
KEPT_AWAY = Text("Kept away at your wish", "Tenu à l’écart à votre demande")
REASON = Text("Why", "Pourquoi")
DUE = Text("Due", "Échéance")
SINCE = Text("Since", "Depuis")
LIFTED = Text("Lifted", "Levée")
GROUND = Text("Ground", "Fondement")
DECISION = Text("Decision", "Décision")
GIVEN = Text("What was given", "Ce qui a été communiqué")
ASKED = Text("Asked", "Demandé")
BODY = Text("Who", "Organisme")
NOT_ASKED = Text("Not asked", "Question non posée")
PREFERRED_NOT = Text("Preferred not to answer", "N’a pas souhaité répondre")
NEWLY_TOLD = Text("told later", "dit plus tard")

STAFF_GROUPS = {
    "employee": Text("Employee", "Personnel"),
    "volunteer": Text("Volunteer", "Bénévole"),
    "agency": Text("Agency staff", "Intérim"),
    "contractor": Text("Contractor", "Prestataire"),
}
ROLES = {
    "practitioner": Text("Practitioner", "Praticien ou praticienne"),
    "coordinator": Text("Coordinator", "Coordination"),
    "programme_lead": Text("Programme lead", "Direction du programme"),
    "reporter": Text("Reporter", "Personne qui signale"),
    "hr": Text("HR analyst", "Analyse RH"),
    "administrator": Text("Administrator", "Administration"),
    "auditor": Text("Auditor", "Audit"),
}


def lines(rows: Iterable[tuple[Text, Any]]) -> tuple[Line, ...]:
    """The rows that hold something."""
    return tuple(Line(label, value) for label, value in rows if value not in (None, "", ()))


def of_choice(pack: Pack, group: str, value: str) -> Text:
    """A word of the pack, or the code where the pack no longer knows it."""
    found = pack.choice(group, value)
    return found.label if found else Text(value, value)
