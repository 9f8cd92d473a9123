"""Pages about incidents: reporting, the list, the page of one, planning for its people, joining."""

from trim.web.pages.incidents import (
    earlier,
    history,
    join,
    listing,
    one_person,
    people,
    planning,
    protection,
    report,
    sheet,
    show,
    words,
)
from trim.web.pages.incidents.room import bp

__all__ = [
    "bp",
    "earlier",
    "history",
    "join",
    "listing",
    "one_person",
    "people",
    "planning",
    "protection",
    "report",
    "sheet",
    "show",
    "words",
]
