"""Every code word that the trail can hold, by kind, with its words in English and French.

This is the one list: pages, exports and `docs/trail.md` draw from it. A test fails for a word that the source writes
and that is missing here, and for one here that nothing writes. Words are `room.happened`, in the past tense; the words
in plain language say what was done, never to whom or what was said, and stand beside a name without knowing a gender.

Actions of a pack are not listed: their word is `<kind>.<action>`, and their words are the pack's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from trim.domain.trail_kinds import Kind, TrailWord, Words


def _kind(kind: Kind, **words: tuple[str, str]) -> dict[str, TrailWord]:
    """Words of one kind; `case__read` stands for `case.read`, because a keyword has no full stop."""
    return {name.replace("__", "."): TrailWord(kind, Words(*texts)) for name, texts in words.items()}


TRAIL_WORDS: Final[Mapping[str, TrailWord]] = MappingProxyType(
    {
        **_kind(
            Kind.CHANGE,
            case__opened=("Case opened", "Accompagnement ouvert"),
            case__request_came=("A request for support laid to the case", "Demande de soutien jointe au dossier"),
            undertaking__opened=(
                "Group session, check, pair or mediation set up",
                "Séance, point régulier, binôme ou médiation mis en place",
            ),
            account__concern_sent=(
                "Contact request for somebody sent",
                "Demande de prise de contact envoyée pour quelqu’un",
            ),
            case__clocks_moved=(
                "Deadlines moved with the organisation's calendar",
                "Échéances déplacées avec le calendrier de l’organisation",
            ),
            case__interview_begun=("Interview begun", "Entretien commencé"),
            appointment__invited=(
                "Invitation sent to the address the person chose",
                "Invitation envoyée à l’adresse choisie par la personne",
            ),
            appointment__not_invited=("Invitation could not be sent", "Invitation non envoyée"),
            case__draft_saved=("Draft of an interview saved", "Brouillon d’entretien enregistré"),
            case__line_declared=(
                "Said whether they lead this person",
                "A répondu sur le lien hiérarchique avec cette personne",
            ),
            undertaking__line_declared=(
                "Said whether they lead somebody in it",
                "A répondu sur le lien hiérarchique avec qui y participe",
            ),
            case__exclusion_recorded=("Somebody kept away from the case", "Quelqu’un a été écarté du dossier"),
            case__exclusion_lifted=("Somebody may see the case again", "Quelqu’un peut revoir le dossier"),
            link__made=("Private link made", "Lien privé créé"),
            link__sent=("Private link sent", "Lien privé envoyé"),
            link__not_sent=("Private link could not be sent", "Lien privé non envoyé"),
            link__taken_back=("Private link taken back", "Lien privé retiré"),
            link__opened=("Private link opened with its code", "Lien privé ouvert avec son code"),
            link__closed=("Pages behind the private link closed", "Pages du lien privé refermées"),
            link__code_refused=("Wrong code at a private link", "Code erroné sur un lien privé"),
            link__locked=("Private link locked after wrong codes", "Lien privé bloqué après des codes erronés"),
            link__wanted=("New private link asked for", "Nouveau lien privé demandé"),
            ledger__return_asked=("Asked to come back", "A demandé à revenir"),
            incident__reported=("Incident reported", "Événement signalé"),
            incident__person_named=("Somebody named as exposed", "Personne exposée ajoutée"),
            incident__join_decided=(
                "Decided whether a case covers this incident too",
                "Décidé si un accompagnement couvre aussi cet événement",
            ),
            incident__clocks_moved=(
                "Deadlines of the incident moved with the organisation's calendar",
                "Échéances de l’événement déplacées avec le calendrier de l’organisation",
            ),
            incident__evidence_hold=("Warning about an investigation changed", "Mention d’une enquête modifiée"),
            incident__group_clearance=(
                "Clearance for briefings and groups changed",
                "Autorisation des réunions et séances de groupe modifiée",
            ),
            incident__readers=(
                "Who may see this incident changed",
                "Personnes autorisées à voir cet événement modifiées",
            ),
            case__legal_hold_set=("Erasure of the case put on hold", "Effacement du dossier suspendu"),
            case__legal_hold_lifted=("Erasure of the case no longer on hold", "Suspension de l’effacement levée"),
            incident__legal_hold_set=("Erasure of the incident put on hold", "Effacement de l’événement suspendu"),
            incident__legal_hold_lifted=(
                "Erasure of the incident no longer on hold",
                "Suspension de l’effacement de l’événement levée",
            ),
            access_request__recorded=("Access request recorded", "Demande d’accès enregistrée"),
            access_request__line_declared=(
                "Said whether they lead the person who asks",
                "A répondu sur le lien hiérarchique avec la personne qui demande",
            ),
            access_request__identity_checked=("Identity of who asks checked", "Identité vérifiée"),
            access_request__reviewer_named=("Reviewer of an access request named", "Relecture confiée à quelqu’un"),
            access_request__extended=("Deadline of an access request extended", "Délai de réponse prolongé"),
            access_request__item_marked=("Part of an access package read", "Partie d’un dossier d’accès relue"),
            access_request__reviewed=("Review of an access package finished", "Relecture du dossier d’accès terminée"),
            access_request__handed_over=("Access package handed over", "Dossier d’accès remis"),
            access_request__ended=("Access request ended without a package", "Demande d’accès close sans dossier"),
            disclosure__recorded=("Request of a court or the like recorded", "Demande d’un tiers enregistrée"),
            disclosure__decided=(
                "Decided what a court or the like is given",
                "Décidé ce qui est communiqué à un tiers",
            ),
            disclosure__person_told=(
                "Noted whether the person was told of a disclosure",
                "Noté si la personne a été informée d’une communication",
            ),
        ),
        **_kind(
            Kind.READ,
            access_request__read=("Access request read", "Demande d’accès consultée"),
            disclosure__read=("Request of a court or the like read", "Demande d’un tiers consultée"),
            case__read=("Case read", "Dossier consulté"),
            incident__read=("Incident read", "Événement consulté"),
            undertaking__read=(
                "Group session, check, pair or mediation read",
                "Séance, point régulier, binôme ou médiation consultés",
            ),
            incident__earlier_read=(
                "Earlier incidents of a person read",
                "Événements antérieurs d’une personne consultés",
            ),
            ledger__read=("Own ledger read by the person", "Historique personnel consulté par la personne"),
            history__read=("History read", "Historique consulté"),
            trail__read=("Trail read", "Journal consulté"),
            account__shown=("Account looked at", "Compte consulté"),
            feed__read=("Own calendar fetched", "Calendrier personnel relevé"),
        ),
        **_kind(
            Kind.LIST,
            access_requests__listed=("List of access requests read", "Liste des demandes d’accès consultée"),
            disclosures__listed=("Register of disclosures read", "Registre des communications consulté"),
            list__read=("List with names read", "Liste nominative consultée"),
            accounts__listed=("List of accounts read", "Liste des comptes consultée"),
            confirmations__listed=(
                "List of what waits for a second person read",
                "Liste des demandes à confirmer consultée",
            ),
            erasures__listed=("List of announced erasures read", "Liste des effacements annoncés consultée"),
            tombstones__listed=("List of erasures read", "Liste des effacements consultée"),
            notice__listed=("List of notices not delivered read", "Liste des messages non remis consultée"),
        ),
        **_kind(
            Kind.SEARCH,
            history__searched=("History looked up by reference", "Historique cherché par référence"),
            people__searched=("Directory of people searched", "Recherche dans l’annuaire"),
        ),
        **_kind(
            Kind.EXPORT,
            history__exported=("History exported", "Historique exporté"),
            trail__exported=("Whole trail exported", "Journal entier exporté"),
            trail__entry_proved=("Proof of one entry made", "Preuve d’une entrée établie"),
            trail__growth_proved=("Proof between two checkpoints made", "Preuve entre deux points de contrôle établie"),
            trail__archived=("Sealed years of the trail archived", "Années scellées du journal archivées"),
        ),
        **_kind(
            Kind.DOCUMENT,
            access_request__package_made=("Access package made and locked", "Dossier d’accès établi et verrouillé"),
            access_request__package_taken=("Locked access package taken", "Dossier d’accès verrouillé récupéré"),
            document__made=("Letter made", "Courrier établi"),
            incident__sheet_made=("Sheet for the planning meeting made", "Fiche de réunion établie"),
        ),
        **_kind(
            Kind.SIGN_IN,
            sign_in__succeeded=("Signed in", "Connexion"),
            sign_in__failed=("Sign-in failed", "Échec de connexion"),
            sign_in__locked=("Sign-in locked after several failures", "Connexion bloquée après plusieurs échecs"),
            sign_in__source_locked=(
                "Sign-in from one place locked after many failures",
                "Connexion bloquée depuis un même lieu après de nombreux échecs",
            ),
            sign_in__ended=("Signed out", "Déconnexion"),
            sessions__ended=("All sessions ended", "Toutes les sessions fermées"),
            password__changed=("Password changed", "Mot de passe modifié"),
            password__rehashed=("Password stored more strongly", "Protection du mot de passe renforcée"),
            second_step__changed=("Second step changed", "Deuxième étape modifiée"),
            recovery_codes__changed=("Recovery codes changed or used", "Codes de secours modifiés ou utilisés"),
        ),
        **_kind(
            Kind.BREAK_GLASS,
            break_glass__opened=(
                "Case opened from outside by break-glass",
                "Dossier ouvert de l’extérieur en accès d’urgence",
            ),
            break_glass__ended=("Break-glass ended early", "Accès d’urgence terminé avant l’heure"),
            break_glass__delay_ended=(
                "The person may now be told of the break-glass",
                "La personne peut désormais être informée de l’accès d’urgence",
            ),
        ),
        **_kind(
            Kind.REFUSAL,
            access__refused=("Page refused", "Accès refusé à une page"),
        ),
        **_kind(
            Kind.ACCOUNTS,
            account__opened=("Account opened", "Compte ouvert"),
            account__changed=("Own settings changed", "Réglages personnels modifiés"),
            account__tied=("Account tied to a person of the directory", "Compte relié à une personne de l’annuaire"),
            account__deactivated=("Account closed", "Compte fermé"),
            invitation__made=("Invitation made", "Invitation créée"),
            invitation__asked=("New way in asked for", "Nouvel accès demandé"),
            invitation__confirmed=("New way in confirmed", "Nouvel accès confirmé"),
            invitation__refused=("New way in refused", "Nouvel accès refusé"),
            invitation__taken_up=("Invitation used", "Invitation utilisée"),
            role__given=("Role given", "Rôle attribué"),
            role__proposed=(
                "Role proposed, waits for a second person",
                "Rôle proposé, à confirmer par une autre personne",
            ),
            role__confirmed=("Role confirmed by a second person", "Rôle confirmé par une autre personne"),
            role__refused=("Role refused by a second person", "Rôle refusé par une autre personne"),
            role__ended=("Role ended", "Rôle retiré"),
            feed__made=("Private calendar address made", "Adresse de calendrier privée créée"),
            feed__ended=("Private calendar address taken back", "Adresse de calendrier privée retirée"),
            training__recorded=("Training recorded", "Formation enregistrée"),
            leave__noted=("Leave noted", "Absence notée"),
            leave__taken_back=("Leave taken back", "Absence annulée"),
            notice__seen=("Took note of notices not delivered", "A pris acte de messages non remis"),
            notice__wishes_changed=("How they are told changed", "Façon de recevoir les messages modifiée"),
            duty__turn_added=("Turn of duty added", "Tour d’astreinte ajouté"),
            duty__turn_removed=("Turn of duty removed", "Tour d’astreinte supprimé"),
        ),
        **_kind(
            Kind.SETTINGS,
            settings__changed=("Settings changed", "Réglages modifiés"),
            calendar__changed=(
                "Time zone, country or closing days changed",
                "Fuseau horaire, pays ou jours de fermeture modifiés",
            ),
            retention__changed=("Period of keeping changed", "Durée de conservation modifiée"),
            unit__added=("Unit added", "Unité ajoutée"),
            person__added=("Person added to the directory", "Personne ajoutée à l’annuaire"),
            person__changed=("Directory entry changed", "Fiche de l’annuaire modifiée"),
        ),
        **_kind(
            Kind.PACK,
            pack__rule_failed=(
                "Rule of the workflow pack could not be worked out",
                "Règle du modèle d’organisation qui n’a pas pu être appliquée",
            ),
            pack__installed=("Workflow pack installed", "Modèle d’organisation installé"),
            pack__proposed=(
                "Workflow pack proposed, waits for a second person",
                "Modèle d’organisation proposé, à confirmer par une autre personne",
            ),
            pack__confirmed=(
                "Workflow pack confirmed by a second person",
                "Modèle d’organisation confirmé par une autre personne",
            ),
            pack__turned_down=(
                "Workflow pack turned down by a second person",
                "Modèle d’organisation écarté par une autre personne",
            ),
        ),
        **_kind(
            Kind.KEYS,
            keys__rotated=("Master key changed", "Clé maîtresse renouvelée"),
            keys__swept=("Keys without a record removed", "Clés sans dossier supprimées"),
        ),
        **_kind(
            Kind.ERASURE,
            request__erased=("Access request erased", "Demande d’accès effacée"),
            request__key_destroyed=("Key of an erased access request destroyed", "Clé d’une demande effacée détruite"),
            case__erasure_announced=("Erasure of the case announced", "Effacement du dossier annoncé"),
            case__erased=("Case erased", "Dossier effacé"),
            case__key_destroyed=("Key of an erased case destroyed", "Clé d’un dossier effacé détruite"),
            incident__erasure_announced=("Erasure of the incident announced", "Effacement de l’événement annoncé"),
            undertaking__erasure_announced=(
                "Erasure of a group session, check, pair or mediation announced",
                "Effacement d’une séance, d’un point, d’un binôme ou d’une médiation annoncé",
            ),
            undertaking__erased=(
                "Group session, check, pair or mediation erased",
                "Séance, point, binôme ou médiation effacés",
            ),
            undertaking__key_destroyed=(
                "Key of an erased group session, check, pair or mediation destroyed",
                "Clé d’une séance, d’un point, d’un binôme ou d’une médiation effacés détruite",
            ),
            incident__erased=("Incident erased", "Événement effacé"),
            incident__key_destroyed=("Key of an erased incident destroyed", "Clé d’un événement effacé détruite"),
        ),
        **_kind(
            Kind.JOB,
            notice__sent=("Notices handed to the mail server", "Avis remis au serveur de courriel"),
            notice__failed=("Notice could not be delivered", "Message impossible à remettre"),
            notice__dropped=("Notice had become pointless", "Message devenu sans objet"),
            notice__paged=("Urgent call taken by the pager service", "Appel urgent pris par le service d’alerte"),
            notice__not_paged=("Urgent call could not be made", "Appel urgent impossible"),
            backup__made=("Backup made", "Sauvegarde effectuée"),
            backup__restored=("Backup put back", "Sauvegarde restaurée"),
            content__checked=("Contents checked for damage", "Intégrité des contenus vérifiée"),
            trail__verified=("Trail verified and found whole", "Journal vérifié et trouvé intact"),
            trail__found_broken=("Trail verified and found BROKEN", "Journal vérifié et trouvé ALTÉRÉ"),
            trail__checkpoint=("Trail sealed by a checkpoint", "Journal scellé par un point de contrôle"),
            trail__pruned=("Archived years removed from the trail", "Années archivées retirées du journal"),
            statistics__facts_moved=("Statistical facts mixed and put away", "Faits statistiques mélangés et rangés"),
            statistics__activity_noted=("Capacity and activity noted", "Capacité et activité relevées"),
            statistics__facts_rebuilt=("Statistical facts told anew", "Faits statistiques reconstitués"),
            job__tried_again=("Something set aside is tried again", "Tâche mise de côté relancée"),
            job__forgot_notices=(
                "Notices settled more than a year ago erased",
                "Avis classés depuis plus d’un an effacés",
            ),
            deadline__reminded=("Reminded of something that is due", "Rappel d’une échéance"),
            deadline__escalated=(
                "Something overdue taken to somebody else of the programme",
                "Retard signalé à une autre personne du programme",
            ),
            deadline__undelivered=(
                "A reminder could not be delivered: somebody else told",
                "Rappel non remis : une autre personne prévenue",
            ),
            deadline__draft_waits=("A draft that was not submitted is overdue", "Brouillon non transmis, en retard"),
            deadline__went_up=(
                "Nobody answered: the next person asked",
                "Sans réponse : personne suivante sollicitée",
            ),
            deadline__found_nobody=("Nobody was left to ask: ALARM", "Plus personne à solliciter : ALERTE"),
            deadline__answer_reminded=("Reminded whoever looks at it", "Rappel à la personne qui s’en occupe"),
            trail__older_accepted=("An older database accepted", "Base de données antérieure acceptée"),
        ),
        **_kind(
            Kind.STATISTICS,
            statistics__released=("Figures published", "Chiffres publiés"),
            statistics__corrected=(
                "Published figures corrected by new ones",
                "Chiffres publiés corrigés par de nouveaux",
            ),
            statistics__not_released=(
                "Figures not published: the attack found something",
                "Chiffres non publiés\u00a0: l’attaque a trouvé une faille",
            ),
            statistics__release_asked=("Release of figures asked for", "Publication de chiffres demandée"),
            statistics__request_taken_back=("Request for figures taken back", "Demande de chiffres annulée"),
            statistics__request_refused=("Figures asked for not published", "Chiffres demandés non publiés"),
            statistics__listed=("Saw which figures are published", "A vu la liste des chiffres publiés"),
            statistics__read=("Read published figures", "A consulté des chiffres publiés"),
            statistics__exported=(
                "Published figures given out as a file",
                "Chiffres publiés remis sous forme de fichier",
            ),
            statistics__attack_read=(
                "Read the attack on published figures",
                "A consulté l’attaque menée sur les chiffres",
            ),
            statistics__headcounts=("Head-counts imported", "Effectifs importés"),
        ),
    }
)
