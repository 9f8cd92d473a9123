"""What the organisation has set for its statistics: rules of publication, tables, and the words of its packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from trim.domain.errors import TrimError
from trim.engine.definition import Choice, Pack
from trim.engine.problems import PackError
from trim.engine.wording import Text
from trim.statistics.model import Rounding, Rules, Words
from trim.statistics.read_declaration import SHIPPED, read_declaration
from trim.store import settings
from trim.usecases.statistics.release_period import Wishes
from trim.usecases.unit_of_work import UnitOfWork

#: The setting that holds the rules which differ from the shipped ones.
SETTING: Final = "statistics"
#: Where an organisation's own tables lie, below the folder of its instance.
OWN_TABLES: Final = Path("statistics", "tables.yaml")
#: Thresholds that may be chosen: 7 hides 1 to 7, as NHS Digital does.
THRESHOLDS: Final = (5, 7, 10)
#: The other numbers, from and to: none protects less than the shipped rules do, save for the size of a unit with a row.
BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "incidents": (3, 20),
    "width": (4, 50),
    "least_headcount": (10, 1000),
    "most_hidden": (10, 100),
}
ROUNDING_BASE: Final = 5
#: Not a rule of publication but of telling facts: bands and change name the unit from then on (CARE 33).
BANDS_BY_UNIT: Final = "bands_by_unit"
#: Which choices of a pack label the codes of which direction.
_CHOICES: Final[Mapping[str, str]] = {
    "incident_kind": "incident_kinds",
    "exposure": "exposures",
    "staff_group": "staff_groups",
    "outcome": "closing_outcomes",
}


#: What is counted beside cases, and what practitioners carry.
ACTIVITY_WORDS: Final[Mapping[str, Words]] = {
    "group_session": Words("Groups that met", "Groupes réunis"),
    "mentoring": Words("Mentoring pairs that met", "Binômes de mentorat réunis"),
    "periodic_check": Words("Periodic checks held", "Points réguliers tenus"),
    "mediation": Words("Mediations that met", "Médiations réunies"),
    "practitioner:no_case": Words("Practitioners without a case", "Praticiennes et praticiens sans dossier"),
    "practitioner:1_to_2_cases": Words(
        "Practitioners with 1 or 2 cases", "Praticiennes et praticiens, 1 ou 2 dossiers"
    ),
    "practitioner:3_or_more_cases": Words(
        "Practitioners with 3 cases or more", "Praticiennes et praticiens, 3 dossiers ou plus"
    ),
    "practitioner:away": Words("Practitioners who are away", "Praticiennes et praticiens absents"),
}


class UnusableRules(TrimError):
    """The rules or tables of the organisation cannot be used; the message says where and why."""


def wishes(uow: UnitOfWork, instance: Path | None = None) -> Wishes:
    """Rules, tables and words by which the next release is made. Raises UnusableRules."""
    own = instance / OWN_TABLES if instance is not None else None
    path = own if own is not None and own.is_file() else SHIPPED
    try:
        declaration = read_declaration(path)
    except PackError as error:
        raise UnusableRules(f"{path.name}: {error}") from error
    programmes = uow.shelf.programmes(uow.session)
    packs = [uow.shelf.current(uow.session, one)[1] for one in programmes]
    return Wishes(declaration, rules(settings.read(uow.session, SETTING, {})), _words(packs), tuple(programmes))


def rules(said: Mapping[str, Any]) -> Rules:
    """The rules out of the setting; what is not set keeps the shipped value. Raises UnusableRules.

    A name that is no rule is refused, not passed over: a slip in "threshold" would publish by the shipped one.
    """
    known = {one.name for one in fields(Rules)}
    values = {name: value for name, value in said.items() if name != BANDS_BY_UNIT}
    strange = sorted(set(values) - known)
    if strange:
        raise UnusableRules(f"“{strange[0]}” is no rule of statistics. There are: {', '.join(sorted(known))}.")
    if values.get("threshold", 7) not in THRESHOLDS:
        raise UnusableRules(f"threshold: {values['threshold']} is not one of {', '.join(map(str, THRESHOLDS))}.")
    for name, (least, most) in BOUNDS.items():
        value = values.get(name, least)
        if type(value) is not int or not least <= value <= most:
            raise UnusableRules(f"{name}: {value!r} is not a number from {least} to {most}.")
    if type(values.get("zeros_shown", True)) is not bool:
        raise UnusableRules(f"zeros_shown: {values['zeros_shown']!r} is neither true nor false.")
    values["rounding"] = _rounding(values.get("rounding"))
    return Rules(**values)


def _rounding(said: Any) -> Rounding | None:
    if said is None:
        return None
    if not isinstance(said, Mapping) or said.get("base") != ROUNDING_BASE:
        raise UnusableRules(f'rounding: only to base {ROUNDING_BASE}, written as {{"base": {ROUNDING_BASE}}}.')
    return Rounding(ROUNDING_BASE, bool(said.get("instead", False)))


def _words(packs: list[Pack]) -> dict[str, dict[str, Words]]:
    """Labels of codes by direction; where two packs name one code, the first one's words stand."""
    found: dict[str, dict[str, Words]] = {"activity": dict(ACTIVITY_WORDS)}
    for pack in packs:
        for direction, group in _CHOICES.items():
            _add(found, direction, {one.value: one.label for one in pack.choices.get(group, ())})
        _add(found, "reason", {name: rule.label for name, rule in pack.escalations.items()})
        for lifecycle in pack.lifecycles.values():
            _add(found, "interview", {name: step.label for name, step in lifecycle.steps.items()})
        for instrument in pack.instruments.values():
            tags = [item for item in instrument.items() if item.kind == "tags"]
            _add(found, "scale", {item.name: item.label for item in tags})
            for item in tags:
                _add(found, "theme", _labels(item.choices))
    return found


def _labels(choices: tuple[Choice, ...]) -> dict[str, Text]:
    return {one.value: one.label for one in choices}


def _add(found: dict[str, dict[str, Words]], direction: str, labels: Mapping[str, Text]) -> None:
    words = found.setdefault(direction, {})
    for code, text in labels.items():
        words.setdefault(code, Words(text.en, text.fr))
