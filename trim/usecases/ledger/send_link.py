"""The mail that takes a private link to the address the person chose: it names nobody and nothing (CARE 15)."""

from __future__ import annotations

from datetime import datetime

from trim.delivery.mail import Mail, MailNotSent, Post
from trim.domain.access import Actor
from trim.store.tables import PrivateLink
from trim.usecases.ledger.give_link import Given
from trim.usecases.unit_of_work import Backend, UnitOfWork

#: Both languages in one mail: which of them the person reads is asked nowhere.
SUBJECT = "A link for you / Un lien pour vous"
_TEXT = """\
Here is the link you asked for. It opens with the code that you were given apart.

{url}

It works until {day}. If you asked for nothing, delete this message: without the code the link opens nothing.
Nobody reads answers to this address.

--

Voici le lien que vous avez demandé. Il s’ouvre avec le code qui vous a été remis séparément.

{url}

Il fonctionne jusqu’au {day}. Si vous n’avez rien demandé, supprimez ce message : sans le code, le lien n’ouvre rien.
Personne ne lit les réponses envoyées à cette adresse.
"""


def link_mail(given: Given, url: str, *, demonstration: bool = False) -> Mail:
    """The mail with the link, never with the code."""
    assert given.address is not None
    # A demonstration says so wherever it shows itself (CARE 34).
    mark = "[Demonstration] " if demonstration else ""
    text = _TEXT.format(url=url, day=given.expires_at.date().isoformat())
    return Mail(to=(given.address,), subject=f"{mark}{SUBJECT}", text=text)


def send_link(backend: Backend, actor: Actor, post: Post, *, now: datetime, given: Given, url: str) -> bool:
    """Hand the mail over and note it; False when it did not leave, so that the link is given by hand.

    The mail leaves outside any transaction, and only once the link is there. It cannot be sent a second time: the link
    is kept nowhere. Broken off in between, the page shows a link that was not sent, and a new one is made.
    """
    with backend.reading() as uow:
        mail = link_mail(given, url, demonstration=uow.organisation.demonstration)
    try:
        post.send(mail, now=now)
    except MailNotSent:
        with backend.writing() as uow:
            _note(uow, actor, now, "link.not_sent", given)
        return False
    with backend.writing() as uow:
        row = uow.session.get(PrivateLink, given.link_id)
        if row is not None:
            row.sent_at = now
        _note(uow, actor, now, "link.sent", given)
    return True


def _note(uow: UnitOfWork, actor: Actor, now: datetime, what: str, given: Given) -> None:
    owner = f"case:{given.case_id}"
    uow.record(actor, now, what, chain=owner, subject=owner, role=given.role, codes={"link": given.link_id})
