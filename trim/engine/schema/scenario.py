"""Draws the schema of a scenario file: what a story gives, what is done in it, and what should come of it.

The names of states, steps, actions and fields are those of the pack that plays it, which an editor does not see: they
are taken as names here, and `trim workflow test` looks them up. A test compares the keys with those of the reader.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping
from typing import Final

from trim.domain.vocabulary import Vocabulary
from trim.engine.clockwork import Standing
from trim.engine.moving import DONE_BEFORE, PAUSED, REPEATED
from trim.engine.scenario_read import DERIVED, GIVEN_ANCHORS
from trim.engine.scenario_read_expect import CODES
from trim.engine.schema.shapes import Json, closed

_NAME: Final = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_INSTANT: Final = {
    "description": "On the wall clock of the scenario's zone: 2026-03-03T09:00.",
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$",
}
_DURATION: Final = {"description": "ISO 8601: PT15M, P28D, P3M.", "type": "string", "pattern": r"^P(?=.)[0-9YMWDTHS]+$"}
_BOUND: Final = {
    "description": "A length of time from the anchor (P28D), an instant, a day, or none.",
    "type": "string",
    "pattern": rf"^none$|{_DURATION['pattern']}|{_INSTANT['pattern']}",
}
_WHOLE: Final = {"type": "integer"}
_TRUTH: Final = {"type": "boolean"}
_TEXT: Final = {"type": "string", "minLength": 1}
_TYPES: Final = {"bool": _TRUTH, "int": _WHOLE, "string": {"type": "string"}}


def scenario_schema(words: Vocabulary) -> Json:
    """Give the schema of `scenarios/*.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Drawn by `trim workflow schema`. Do not edit it: `make drawings` writes it anew.",
        "title": "Trim: scenarios/<name>.yaml",
        **_table(
            {
                "scenario": ("What should happen, in one sentence.", _TEXT),
                "lifecycle": ("What it is about.", closed(words.lifecycles)),
                "given": ("What is so when it begins.", _given(words)),
                "steps": ("What happens and what should come of it.", {"type": "array", "items": _step(words)}),
                "binding": ("It must hold in every pack that extends this one.", _TRUTH),
            },
            needed=("scenario", "lifecycle", "given", "steps"),
        ),
    }


def _given(words: Vocabulary) -> Json:
    return _table(
        {
            "zone": ("A time zone such as Europe/Paris; UTC where it is left out.", _TEXT),
            "country": ("Two letters, such as FR: its public holidays are no working days.", _TEXT),
            "region": ("A region of it with holidays of its own.", _TEXT),
            "closing_days": ("Days on which the organisation is closed, as 2026-12-24.", _several(_TEXT)),
            "now": ("When it begins.", _INSTANT),
            "anchors": ("Happenings before it.", _table(dict.fromkeys(GIVEN_ANCHORS, ("", _INSTANT)))),
            "variables": ("What is known from outside.", _variables(words, "case")),
            "by": ("Who acts where a step does not say.", _several(closed(words.roles))),
        },
        needed=("now",),
    )


def _step(words: Vocabulary) -> Json:
    step = _table({"when": ("What happens.", _when(words)), "expect": ("What should come of it.", _expect(words))})
    return {**step, "minProperties": 1}


def _when(words: Vocabulary) -> Json:
    return _table(
        {
            "after": ("So long after the step before, or after `since`.", _DURATION),
            "since": ("The happening that `after` counts from.", closed(words.anchors)),
            "at": ("At this instant.", _INSTANT),
            "by": ("Who acts.", _several(closed(words.roles))),
            "on": ("What runs beside: referral, escalation.red_flag.", {"type": "string", "pattern": r"^[a-z_.]+$"}),
            "do": ("The action.", _NAME),
            "with": ("What is filled in, by the fields of the action's form.", _map({})),
            "total": ("An interview: a total, spread evenly.", {"type": "integer", "minimum": 0}),
            "points": ("An interview: points of some items, 0 for the rest.", _map({"type": "integer", "minimum": 0})),
            "answers": ("An interview: every answer.", _map({"type": ["string", "integer"]})),
            "stopped_early": ("The interview was stopped.", _TRUTH),
            "knowing": ("What a page works out.", _variables(words, "form")),
            "anchors": ("Happenings that become known.", _table(dict.fromkeys(GIVEN_ANCHORS, ("", _INSTANT)))),
            "variables": ("What becomes known.", _variables(words, "case")),
        }
    )


def _expect(words: Vocabulary) -> Json:
    escalation = _table(
        {
            "to": ("Who is told.", closed(words.receivers)),
            "level": ("Its level.", _TEXT),
            "within": ("The time for an answer.", _BOUND),
        }
    )
    by_role = _table({role: ("", _several(_NAME)) for role in sorted(words.roles)})
    return _table(
        {
            "state": ("Where it stands.", _NAME),
            "open": ("All open steps and no other.", _names_or(_open(words))),
            "done": ("Steps that this completed.", _several(_NAME)),
            "cancelled": ("Steps that this stopped.", _several(_NAME)),
            "passed": ("Repetitions that this passed over, once for each.", _several(_NAME)),
            "raised": ("Escalations of this step.", _names_or(escalation)),
            "waiting": ("All escalations that nobody has decided.", _several(_NAME)),
            "refused": ("Part of what is said, a code, or both.", {"anyOf": [_TEXT, _refused()]}),
            "score": ("Of the interview.", _score()),
            "can": ("What a role can do.", by_role),
            "cannot": ("What it cannot.", by_role),
            "asked": ("Fields that are shown.", _several(_NAME)),
            "not_asked": ("Fields that are not.", _several(_NAME)),
            "known": ("Values of variables.", _table({one: ("", {}) for one in sorted(words.variables)})),
        }
    )


def _open(words: Vocabulary) -> Json:
    anchors = sorted({*words.anchors, REPEATED, DONE_BEFORE})
    return _table(
        {
            "from": ("What its clock runs from.", {"type": "string", "enum": anchors}),
            "earliest": ("Before it a reason is asked for.", _BOUND),
            "due": ("When it should be done.", _BOUND),
            "latest": ("After it the step is overdue.", _BOUND),
            "is": ("Where now stands.", {"type": "string", "enum": [*typing.get_args(Standing), PAUSED]}),
            "number": ("Which repetition.", {"type": "integer", "minimum": 1}),
        }
    )


def _refused() -> Json:
    return _table(
        {
            "code": ("Why.", {"type": "string", "enum": sorted(CODES)}),
            "says": ("Part of what is said, in English or French.", _TEXT),
            "fields": ("Fields that cannot be taken.", _several(_NAME)),
        }
    )


def _score() -> Json:
    return _table(
        {
            "total": ("The total.", _WHOLE),
            "band": ("The band, or incomplete.", _NAME),
            "complete": ("Every scored item has its points.", _TRUTH),
            "change": (
                "Later minus earlier; none where nothing can be compared.",
                {"anyOf": [_WHOLE, {"const": "none"}]},
            ),
        }
    )


def _variables(words: Vocabulary, source: str) -> Json:
    told = {
        name: (one.meaning, _TYPES[one.type])
        for name, one in sorted(words.variables.items())
        if one.source == source and name not in DERIVED
    }
    return _table(told)


def _table(keys: Mapping[str, tuple[str, Json]], needed: Iterable[str] = ()) -> Json:
    made: Json = {
        "type": "object",
        "properties": {
            name: {**({"description": said} if said else {}), **shape} for name, (said, shape) in keys.items()
        },
        "additionalProperties": False,
    }
    return {**made, "required": list(needed)} if needed else made


def _map(shape: Json) -> Json:
    return {"type": "object", "propertyNames": {"pattern": _NAME["pattern"]}, "additionalProperties": shape}


def _several(shape: Json) -> Json:
    return {"anyOf": [shape, {"type": "array", "items": shape}]}


def _names_or(shape: Json) -> Json:
    """Names alone, or names with what is expected of each."""
    return {"anyOf": [_NAME, {"type": "array", "items": _NAME}, _map(shape)]}
