"""Made-up people, windows, scores and events of the gallery."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from trim.engine.definition import Anchor, Band, Instrument, Item, Section
from trim.engine.scoring import compare, score
from trim.engine.wording import Text
from trim.web.i18n import language
from trim.web.scores import score_rows

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)

_ITEMS = (
    ("control", "Felt out of control", "Sentiment de ne rien maîtriser", False),
    ("threat", "Felt their life was in danger", "Sentiment d’être en danger de mort", False),
    ("blame", "Blames others", "Reproches envers les autres", True),
    ("shame", "Feels shame or guilt", "Honte ou culpabilité", True),
    ("stress", "Signs of acute stress since", "Signes de stress aigu depuis", True),
    ("daily", "Trouble with everyday life", "Difficultés au quotidien", True),
    ("drink", "Drinks more to cope", "Boit davantage pour tenir", True),
)
_ANCHORS = (
    Anchor(0, Text("Not at all", "Pas du tout")),
    Anchor(1, Text("Partly", "En partie")),
    Anchor(2, Text("Clearly", "Nettement")),
)


def t(en: str, fr: str) -> str:
    """The gallery's own words, which belong in no catalogue."""
    return fr if language() == "fr" else en


def instrument() -> Instrument:
    """An instrument of seven themes, two of which cannot change."""
    items = tuple(
        Item(name, Text(en, fr), Text(en, fr), anchors=_ANCHORS, changeable=changeable)
        for name, en, fr, changeable in _ITEMS
    )
    return Instrument(
        "first",
        "1",
        Text("First", "Premier"),
        Text("", ""),
        (Section("all", Text("All", "Tout"), items),),
        bands=(Band("low", Text("Low", "Faible"), 0, 6), Band("high", Text("High", "Élevé"), 7, 14)),
    )


def sample() -> dict[str, Any]:
    """Everything that the gallery's templates show."""
    asked = instrument()
    before: dict[str, str | int] = dict.fromkeys((name for name, *_rest in _ITEMS), 2)
    after = before | {"blame": 1, "stress": 1, "daily": 0, "drink": "preferred_not_to_answer"}
    change = compare(asked, before, asked, after)
    later, earlier = score(asked, after), score(asked, before)
    return {
        "now": NOW,
        "work": _work(),
        "soon": (_in_days(-1), _in_days(2), _in_days(10)),
        "late": _in_days(-1),
        "change": change,
        "worse": compare(asked, {"stress": 0, "daily": 0}, asked, {"stress": 1, "daily": 1}),
        "none_compared": compare(asked, {"stress": 0}, asked, {"daily": 1}),
        "later": later,
        "partial": score(asked, {"stress": 1}, stopped_early=True),
        "rows": score_rows(asked, later, earlier=earlier, change=change),
        "single": score_rows(asked, earlier),
        "events": _events(),
        "numbers": [
            {
                "label": t("Coordinator on duty: Kim Vega", "Coordination d’astreinte : Kim Vega"),
                "number": "+44 20 7946 0123",
                "when": t("Until 08:00", "Jusqu’à 8 h"),
            },
            {"label": t("Emergency services", "Secours"), "number": "112", "when": ""},
        ],
    }


def _in_days(count: int) -> datetime:
    return NOW + timedelta(days=count)


def _work() -> list[dict[str, Any]]:
    first, later = t("First interview", "Premier entretien"), t("Follow-up at 28 days", "Entretien de suivi à 28 jours")
    rows = (
        ("Sam Okafor", "North station, watch B", first, -2, "overdue"),
        ("Élodie Maréchal-Dubreuil", "Control room", later, 0, "due_today"),
        ("Jo Lindqvist", "South station", first, 2, "soon"),
        ("Aminata Traoré", "Digital forensics", later, 40, "early"),
    )
    return [
        {"name": name, "unit": unit, "what": what, "at": _in_days(days), "state": state}
        for name, unit, what, days, state in rows
    ]


def _events() -> list[dict[str, Any]]:
    return [
        {
            "title": t("First interview", "Premier entretien"),
            "at": _in_days(-26),
            "by": "Robin Hall",
            "outcome": t("Score 14 out of 14: high.", "Score 14 sur 14 : élevé."),
            "kind": "done",
            "href": "/case",
        },
        {
            "title": t("Red flag raised", "Alerte rouge lancée"),
            "at": _in_days(-26),
            "by": "Robin Hall",
            "outcome": t("Spoke to the coordinator on duty at once.", "Échange immédiat avec la coordination."),
            "kind": "flag",
        },
        {"title": t("Offer accepted", "Proposition acceptée"), "at": _in_days(-28), "by": "Kim Vega"},
        {"title": t("Follow-up due", "Entretien de suivi à faire"), "at": _in_days(2), "kind": "coming"},
    ]
