"""Behind a private link: pages for the supported person, without an account and without anything of the staff's."""

from trim.web.pages.private import door, ledger
from trim.web.pages.private.room import bp

__all__ = ["bp", "door", "ledger"]
