"""How messages at a field read, in one place, so that all of them read alike.

`thing` is what the field asks for, with its article: `the date of the incident`, `la date de l'incident`.
Sentences never put a preposition before it, because French would have to contract it with the article.
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def enter(thing: str) -> str:
    """Nothing was typed."""
    return _("Enter %(thing)s", thing=thing)


def choose(thing: str) -> str:
    """Nothing, or something that was not on offer, was chosen."""
    return _("Choose %(thing)s", thing=thing)


def answer(label: str) -> str:
    """Nothing was given for a field that has no `thing`, such as one out of a workflow pack."""
    return _("Answer “%(label)s”", label=label)


def quoted(label: str) -> str:
    """Stands for the thing when a field has only a label."""
    return _("“%(label)s”", label=label)


def too_long(thing: str, limit: int) -> str:
    """More characters than may be kept."""
    return ngettext(
        "%(thing)s must be %(num)s character or fewer",
        "%(thing)s must be %(num)s characters or fewer",
        limit,
        thing=capital(thing),
    )


def unreadable(thing: str) -> str:
    """Control characters or the like, that no keyboard types."""
    return _("%(thing)s has characters that cannot be kept: type it again", thing=capital(thing))


def not_a_number(thing: str) -> str:
    """Something else than digits where a count is asked for."""
    return _("%(thing)s must be a whole number", thing=capital(thing))


def out_of_range(thing: str, least: int, most: int) -> str:
    """A count outside its bounds, both included."""
    return _("%(thing)s must be from %(least)s to %(most)s", thing=capital(thing), least=least, most=most)


def not_an_address(thing: str) -> str:
    """An e-mail address that cannot be one."""
    return _("%(thing)s must look like name@example.org", thing=capital(thing))


def not_a_phone_number(thing: str) -> str:
    """A telephone number that nobody could dial."""
    return _("%(thing)s must be a telephone number, such as +44 20 7946 0000", thing=capital(thing))


def must_include(thing: str, parts: list[str]) -> str:
    """Some parts of a date are missing; `parts` out of day, month and year, in that order."""
    names = {"day": _("a day"), "month": _("a month"), "year": _("a year")}
    *first, last = [names[part] for part in parts]
    listed = _("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
    return _("%(thing)s must include %(parts)s", thing=capital(thing), parts=listed)


def not_a_date(thing: str) -> str:
    """Letters, signs or numbers that no date has."""
    return _("%(thing)s must be a date, such as 27 3 2026", thing=capital(thing))


def no_such_day(thing: str, month: str, days: int) -> str:
    """A day beyond the end of its month; `month` is written out with its year."""
    return _("%(thing)s must exist: %(month)s has %(days)s days", thing=capital(thing), month=month, days=days)


def year_of_four_digits(thing: str) -> str:
    """A year such as 26, or one far outside anybody's life."""
    return _("%(thing)s must have a year of four digits, such as 2026", thing=capital(thing))


def not_a_time(thing: str) -> str:
    """Something that is no time of day."""
    return _("%(thing)s must be a time of day, such as 21:30", thing=capital(thing))


def enter_the_time(thing: str) -> str:
    """A day without its time."""
    return _("%(thing)s must include a time, such as 21:30", thing=capital(thing))


def time_skipped(typed: str) -> str:
    """A time that the change to summer time left out."""
    return _("The clocks went forward that night and %(time)s did not happen: enter another time", time=typed)


def time_twice(typed: str) -> str:
    """A time that happened twice when the clocks went back."""
    return _("The clocks went back that night and %(time)s happened twice: choose which one you mean", time=typed)


def in_future(thing: str) -> str:
    """Later than now, where only the past makes sense."""
    return _("%(thing)s must not be in the future", thing=capital(thing))


def in_past(thing: str) -> str:
    """Earlier than now, where only what is to come makes sense."""
    return _("%(thing)s must not be in the past", thing=capital(thing))


def before(thing: str, other: str) -> str:
    """Earlier than something that must come first."""
    return _("%(thing)s must not be before %(other)s", thing=capital(thing), other=other)
