"""The auditor's pages; importing them hangs their routes into the room."""

from trim.web.pages.auditor import lists, trail, worth_a_look  # noqa: F401 - importing them adds their routes
from trim.web.pages.auditor.room import bp as bp
