"""By which ways notices leave this installation: a mail server or a folder, and a pager if there is one."""

from __future__ import annotations

from dataclasses import dataclass

from trim.delivery.mail import FolderPost, Post, post_office
from trim.delivery.pager import Pager, WebhookPager
from trim.settings import Settings


@dataclass(frozen=True, slots=True)
class Outlets:
    """What the worker hands to `send_due` and `digest_due`; `base_url` is where links in mails lead.

    `private` is for what goes to the supported person: from an address that says nothing (CARE 15).
    """

    post: Post
    pager: Pager | None
    base_url: str
    private: Post


def outlets(settings: Settings, *, demonstration: bool) -> Outlets:
    """The ways of an installation. A demonstration writes to nobody: its people are invented, addresses may not be."""
    if demonstration:
        post, private = (FolderPost(settings.mail_dir, one) for one in (settings.sender, settings.private_sender))
        return Outlets(post, None, settings.base_url, private)
    server, own_private = (
        post_office(settings.smtp_url, settings.mail_dir, one) for one in (settings.sender, settings.private_sender)
    )
    secret = settings.pager_secret
    pager = WebhookPager(settings.pager_url, secret) if settings.pager_url and secret else None
    return Outlets(server, pager, settings.base_url, own_private)
