"""Code words of access requests and of the register in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


def state_words(code: str) -> str:
    """Where an access request stands."""
    return {
        "recorded": _("Identity to check"),
        "checked": _("To be reviewed"),
        "reviewed": _("Package to make"),
        "made": _("To hand over"),
        "handed_over": _("Handed over"),
        "refused": _("Refused"),
        "withdrawn": _("Withdrawn"),
    }.get(code, code)


def channel_words(code: str) -> str:
    """How a request came in."""
    return {
        "in_person": _("In person"),
        "letter": _("By letter"),
        "email": _("By e-mail"),
        "phone": _("By telephone"),
        "representative": _("Through a representative"),
    }.get(code, code)


def handover_words(code: str) -> str:
    """How a package went out."""
    return {
        "in_person": _("In person"),
        "secure_mail": _("By protected electronic mail"),
        "registered_post": _("By registered post"),
        "to_representative": _("To the representative"),
    }.get(code, code)


def identity_words(code: str) -> str:
    """How an identity was checked."""
    return {
        "known_in_person": _("I know the person and spoke to them"),
        "photo_document": _("A document with a photograph"),
        "called_back": _("I called back on the number in the directory"),
        "work_sign_in": _("Their own sign-in at work"),
        "written_authority": _("A written authority, for a representative"),
    }.get(code, code)


def extension_words(code: str) -> str:
    """Why more time is taken."""
    return {
        "complex": _("The request is complex"),
        "many_requests": _("The person made many requests"),
    }.get(code, code)


def ended_words(code: str) -> str:
    """Why a request ended without a package."""
    return {
        "withdrawn": _("The person takes the request back"),
        "identity_not_shown": _("The identity could not be shown"),
        "excessive": _("The request is plainly unfounded or excessive"),
        "nothing_held": _("Nothing is held on the person"),
    }.get(code, code)


def left_out_words(code: str) -> str:
    """Why something was left out of a package."""
    return {
        "other_person": _("It is about another person"),
        "told_in_confidence": _("Another person said it in confidence"),
        "investigation": _("It would harm an investigation"),
        "legal_advice": _("It is legal advice"),
        "serious_harm": _("It would seriously harm somebody"),
    }.get(code, code)


def asking_words(code: str) -> str:
    """Who asks for a disclosure."""
    return {
        "court": _("A court"),
        "coroner": _("A coroner"),
        "standards": _("Professional standards"),
        "police": _("The police"),
        "lawyer": _("A lawyer"),
        "regulator": _("A regulator"),
        "inquiry": _("A public inquiry"),
        "other": _("Somebody else"),
    }.get(code, code)


def ground_words(code: str) -> str:
    """On which legal ground."""
    return {
        "court_order": _("An order of a court"),
        "statutory_duty": _("A duty laid down by law"),
        "consent": _("The person’s own consent"),
        "legal_claims": _("Bringing or defending a legal claim"),
        "safeguarding": _("Safeguarding"),
        "vital_interests": _("A risk to life"),
        "none_given": _("None was named"),
    }.get(code, code)


def decision_words(code: str | None) -> str:
    """What was decided."""
    return {
        "given": _("Given"),
        "given_in_part": _("Given in part"),
        "refused": _("Refused"),
    }.get(code or "", _("Not decided yet"))


def kind_words(code: str) -> str:
    """Kinds of record."""
    return {
        "existence": _("That there is, or is not, a record"),
        "dates": _("Dates of support"),
        "contacts": _("Contact log"),
        "interviews": _("Interviews and scores"),
        "notes": _("Notes"),
        "referrals": _("Referrals"),
        "escalations": _("Escalations"),
        "incident": _("The incident"),
        "trail": _("Who read and changed it"),
    }.get(code, code)


def told_words(code: str | None) -> str:
    """Whether the person was told, or why not."""
    return {
        "told": _("Yes, the person was told"),
        "told_later": _("Not yet; they will be told"),
        "law_forbids": _("No, the law forbids it"),
        "risk_to_somebody": _("No, it would put somebody at risk"),
        "investigation": _("No, it would harm an investigation"),
        "not_reached": _("No, they could not be reached"),
        "has_died": _("No, they have died"),
    }.get(code or "", _("Not recorded yet"))
