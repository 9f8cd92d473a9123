"""What each problem of a mail server or a pager service means, and what to do about it; for commands and the doctor."""

from __future__ import annotations

#: By the word of the problem; `refused_` is followed by the answer's number, whose first digit says most.
_MAIL = {
    "no_answer": "Is the machine up, and does a firewall let TCP through to that port? Try the port 465 with smtps://.",
    "nobody_there": "Nothing listens on that port. Look at host and port in TRIM_SMTP_URL; 587 and 465 are usual.",
    "hung_up": "The server ended the talk. Its log says why; often this machine is not let in.",
    "bad_certificate": "Its certificate is not vouched for, has run out or bears another name. Use its own name, or "
    "let this machine trust the organisation's own authority. A relay on this very machine may be spoken to in clear: "
    "smtp://localhost:25?starttls=no.",
    "no_encryption": "Use smtps://, or let the server offer STARTTLS. In clear Trim speaks to its own machine alone.",
    "not_signed_in": "User or password is wrong. In TRIM_SMTP_URL write a password's special signs as %40.",
}
_PAGER = {
    "no_answer": "Is the service up, and does a firewall let this machine out to it?",
    "nobody_there": "Nothing listens there. Look at host and port in TRIM_PAGER_URL.",
    "hung_up": "The service ended the talk. Its log says why.",
    "bad_certificate": "Its certificate is not vouched for, has run out or bears another name.",
    "no_encryption": "Give an address with https. In clear Trim speaks to its own machine alone.",
    "refused_401": "The service does not know the signature: compare TRIM_PAGER_SECRET and both machines' clocks.",
    "refused_403": "The service knows the signature and does not let this installation call. Ask whoever runs it.",
    "refused_404": "There is no such hook. Look at the path in TRIM_PAGER_URL.",
    "refused_429": "The service has had too many calls for now. Try again in some minutes.",
}
_ELSE = "Look into its log."


def mail_cure(problem: str) -> str:
    """What to do about a mail that did not leave."""
    if problem.startswith("refused_4"):
        return "The server puts it off for now; Trim would try again by itself. Its log says why."
    if problem.startswith("refused_5"):
        return "The server refuses this address, or the sender (TRIM_MAIL_FROM). Its log says which."
    return _MAIL.get(problem, _ELSE)


def pager_cure(problem: str) -> str:
    """What to do about a call that was not taken."""
    if problem.startswith("refused_5"):
        return "The service is in trouble itself; Trim would try again by itself."
    return _PAGER.get(problem, _ELSE)
