"""Dates as day, month and year in three boxes, times of day, and both together as an instant.

Three boxes, because what people type into them is never ambiguous, works on every phone and can be shown again as it
was typed. Nothing typed here can make a page fail: what is no date becomes a message at the field.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import get_month_names
from flask_babel import get_locale
from wtforms.fields import Field
from wtforms.validators import StopValidation

from trim.domain.calendar import assumed_instant
from trim.web.forms import wording
from trim.web.forms.worded import Worded

PARTS = ("day", "month", "year")
FIRST_YEAR, LAST_YEAR = 1900, 2200
_ISO_DAY = re.compile(r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]([0-9:.]{4,8}))?\s*$")
_TIME = re.compile(r"^(\d{1,2})\s*(?:[:.h]\s*(\d{2})?(?::\d{2})?)?\s*(am|pm)?$")


class NotADate(ValueError):
    """What was typed is no date; `message` is for the reader and `faulty` names the boxes to mend."""

    def __init__(self, message: str, faulty: tuple[str, ...]) -> None:
        super().__init__(message)
        self.faulty = faulty


def read_date(parts: dict[str, str], thing: str) -> date | None:
    """The date that three boxes spell, None when all are empty; raises NotADate."""
    if not any(parts.values()):
        return None
    missing = [part for part in PARTS if not parts[part]]
    if missing:
        raise NotADate(wording.must_include(thing, missing), tuple(missing))
    day, month, year = _number(parts["day"]), _month(parts["month"]), _number(parts["year"])
    unreadable = tuple(part for part, value in zip(PARTS, (day, month, year), strict=True) if value is None)
    if day is None or month is None or year is None:
        raise NotADate(wording.not_a_date(thing), unreadable)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotADate(wording.year_of_four_digits(thing), ("year",))
    if not 1 <= month <= 12:
        raise NotADate(wording.not_a_date(thing), ("month",))
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise NotADate(wording.no_such_day(thing, f"{month_name(month)} {year}", days), ("day",))
    return date(year, month, day)


def read_time(typed: str) -> time | None:
    """The time of day that was typed (21:30, 21.30, 21h30, 21 h, 2130, 9:30 pm), None when empty; raises ValueError."""
    text = _folded(typed).replace("a.m.", "am").replace("p.m.", "pm")
    if not text:
        return None
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    match = _TIME.match(text)
    # A bare number such as 9 could be a slip for anything, so it needs its unit: 9h, 9 pm, 9:00.
    if not match or re.fullmatch(r"\d{1,2}", text):
        raise ValueError(typed)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            raise ValueError(typed)
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return time(hour, minute)


def month_name(month: int) -> str:
    """The month written out in the reader's language."""
    return str(get_month_names("wide", locale=get_locale() or "en")[month])


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def _month(text: str) -> int | None:
    number = _number(text)
    if number is not None:
        return number
    # People type "March" or "mars" as readily as 3; both languages are read whatever the page's.
    typed = _folded(text).rstrip(".")
    for locale in ("en", "fr"):
        for width in ("wide", "abbreviated"):
            for month, name in get_month_names(width, locale=locale).items():
                if _folded(str(name)).rstrip(".") == typed:
                    return int(month)
    return None


def _folded(text: str) -> str:
    """Lower case without accents and blanks at the ends."""
    plain = unicodedata.normalize("NFKD", text.replace("\u00a0", " ").replace("\u202f", " "))
    return "".join(char for char in plain if not unicodedata.combining(char)).strip().lower()


class _Parted(Worded, Field):
    """A field of several boxes, named `<name>-<part>`; `typed` keeps what each box held."""

    boxes: tuple[str, ...] = PARTS

    def __init__(self, label: Any, *, quick: bool = True, ahead: bool = False, **kwargs: Any) -> None:
        #: Whether buttons for days may be offered beside the boxes: today and yesterday, or today and tomorrow for
        #: what lies `ahead`.
        self.quick = quick
        self.ahead = ahead
        self.typed: dict[str, str] = dict.fromkeys(self.boxes, "")
        self.faulty: tuple[str, ...] = ()
        super().__init__(label, **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Collect the boxes before WTForms reads the field; one ISO text under the plain name is taken as well."""
        self._sent = dict.fromkeys(self.boxes, "")
        if formdata is not None:
            for box in self.boxes:
                self._sent[box] = str(formdata.get(f"{self.name}-{box}", "") or "").strip()[:40]
            self._split_iso(str(formdata.get(self.name, "") or self._sent.get("day", ""))[:40])
        super().process(formdata, *args, **kwargs)

    def _split_iso(self, text: str) -> None:
        match = _ISO_DAY.match(text)
        if match:
            self._sent.update(year=match[1], month=str(int(match[2])), day=str(int(match[3])))
            if "time" in self.boxes and match[4]:
                self._sent["time"] = match[4]

    @property
    def error_id(self) -> str:
        """The id of the box that an error message should lead to."""
        return f"{self.id}-{self.faulty[0] if self.faulty else self.boxes[0]}"

    def today(self) -> date | None:
        """The organisation's present day, when the form knows the time."""
        now, zone = getattr(self._form, "now", None), getattr(self._form, "zone", None)
        return now.astimezone(zone).date() if now and zone else None

    def yesterday(self) -> date | None:
        """The day before today."""
        today = self.today()
        return today - timedelta(days=1) if today else None

    def tomorrow(self) -> date | None:
        """The day after today."""
        today = self.today()
        return today + timedelta(days=1) if today else None


class DateField(_Parted):
    """A day. `data` is a `date`, or None."""

    kind = "date"

    def process_data(self, value: date | None) -> None:
        """Show the date that the form was opened with."""
        self.data = value
        self._show(value)

    def process_formdata(self, valuelist: list[Any]) -> None:  # noqa: ARG002 - the boxes were collected in process()
        """Read the boxes; what is no date becomes the field's error."""
        self.typed = dict(self._sent)
        self.data = None
        try:
            self.data = read_date(self.typed, self.thing)
        except NotADate as problem:
            self.faulty = problem.faulty
            raise

    def _show(self, day: date | None) -> None:
        if day:
            self.typed.update(day=str(day.day), month=str(day.month), year=str(day.year))


class TimeField(Worded, Field):
    """A time of day. `data` is a `time` without zone, or None."""

    kind = "time"
    typed = ""

    def process_data(self, value: time | None) -> None:
        """Show the time that the form was opened with."""
        self.data, self.typed = value, value.strftime("%H:%M") if value else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed, keeping it for showing it again."""
        self.typed = str(valuelist[0]).strip()[:20] if valuelist else ""
        self.data = None
        try:
            self.data = read_time(self.typed)
        except ValueError as problem:
            raise ValueError(wording.not_a_time(self.thing)) from problem
        self.typed = self.data.strftime("%H:%M") if self.data else ""


class InstantField(_Parted):
    """A day and a time on the organisation's clock. `data` is an aware UTC `datetime`, or None.

    With `time_required=False` a day alone is taken: `data` is then its noon (see `domain.calendar.assumed_instant`)
    and `time_known` is False. A time that summer time left out is refused; one that happened twice is asked about.
    """

    kind = "instant"
    boxes = (*PARTS, "time", "fold")

    def __init__(self, label: Any, *, time_required: bool = True, **kwargs: Any) -> None:
        self.time_required = time_required
        self.time_known = True
        self.happened_twice = False
        super().__init__(label, **kwargs)

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's zone, from the form; raises LookupError where the form was made without one."""
        zone = getattr(self._form, "zone", None)
        if zone is None:
            raise LookupError(f"{type(self._form).__name__} holds an InstantField and must be made with zone=...")
        return zone

    def process_data(self, value: datetime | None) -> None:
        """Show the instant that the form was opened with, on the organisation's clock."""
        self.data = value
        if value:
            local = value.astimezone(self.zone)
            self.typed.update(day=str(local.day), month=str(local.month), year=str(local.year))
            self.typed["time"] = local.strftime("%H:%M")
            self.typed["fold"] = ("first", "second")[local.fold]
            self.happened_twice = _happened_twice(local.replace(tzinfo=None), self.zone)

    def process_formdata(self, valuelist: list[Any]) -> None:  # noqa: ARG002 - the boxes were collected in process()
        """Read day and time; what is neither becomes the field's error."""
        self.typed = dict(self._sent)
        self.data, self.happened_twice = None, False
        try:
            day = read_date(self.typed, self.thing)
        except NotADate as problem:
            self.faulty = problem.faulty
            raise
        clock = self._clock()
        if day is None:
            if clock is not None:
                self.faulty = PARTS
                raise ValueError(wording.must_include(self.thing, list(PARTS)))
            return
        self.data = self._instant(day, clock)

    def _clock(self) -> time | None:
        try:
            clock = read_time(self.typed["time"])
        except ValueError as problem:
            self.faulty = ("time",)
            raise ValueError(wording.not_a_time(self.thing)) from problem
        if clock:
            self.typed["time"] = clock.strftime("%H:%M")
        return clock

    def _instant(self, day: date, clock: time | None) -> datetime:
        self.time_known = clock is not None
        if clock is None:
            if self.time_required:
                self.faulty = ("time",)
                raise ValueError(wording.enter_the_time(self.thing))
            return assumed_instant(day, self.zone)
        local = datetime.combine(day, clock)
        first = local.replace(tzinfo=self.zone).astimezone(UTC)
        if first.astimezone(self.zone).replace(tzinfo=None) != local:
            self.faulty = ("time",)
            raise ValueError(wording.time_skipped(self.typed["time"]))
        self.happened_twice = _happened_twice(local, self.zone)
        if not self.happened_twice:
            return first
        if self.typed["fold"] not in {"first", "second"}:
            self.faulty = ("fold",)
            raise ValueError(wording.time_twice(self.typed["time"]))
        fold = 1 if self.typed["fold"] == "second" else 0
        return local.replace(tzinfo=self.zone, fold=fold).astimezone(UTC)


def _happened_twice(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks went back over this wall-clock time."""
    early, late = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    went_back = early.utcoffset() != late.utcoffset()
    return went_back and early.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local


class NotInFuture:
    """Refuses a date or instant later than the form's `now`."""

    def __call__(self, form: Any, field: Any) -> None:
        """Compare days for a date, instants for an instant."""
        latest = field.today() if isinstance(field, DateField) else form.now
        if latest is not None and field.data > latest:
            raise StopValidation(wording.in_future(field.thing))


class NotInPast:
    """Refuses a date or instant earlier than the form's `now`."""

    def __call__(self, form: Any, field: Any) -> None:
        """Compare days for a date, instants for an instant."""
        earliest = field.today() if isinstance(field, DateField) else form.now
        if earliest is not None and field.data < earliest:
            raise StopValidation(wording.in_past(field.thing))


class NotBefore:
    """Refuses a date or instant earlier than another: pass it, or the name of the form's attribute that holds it."""

    def __init__(self, earliest: date | datetime | str, thing: Any) -> None:
        self.earliest, self.thing = earliest, thing

    def __call__(self, form: Any, field: Any) -> None:
        """Compare with the earliest allowed, both given in the field's own type."""
        earliest = getattr(form, self.earliest) if isinstance(self.earliest, str) else self.earliest
        if hasattr(earliest, "data"):
            earliest = earliest.data
        if earliest is not None and field.data < earliest:
            raise StopValidation(wording.before(field.thing, str(self.thing)))
