"""The stable JSON form of a release: the same release always gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from trim.statistics.model import (
    FORMAT,
    TOTAL,
    Cell,
    Dimension,
    Key,
    Release,
    Rounding,
    Rules,
    Status,
    Table,
    Words,
)
from trim.statistics.periods import NotAPeriod, Period


class NotARelease(ValueError):
    """Raised when a text is not a release in its JSON form; the message names the place."""


def to_json(release: Release) -> bytes:
    """The canonical bytes, UTF-8 with a line end; no clock, no account and no order of making is in them."""
    rounding = release.rules.rounding
    rules: dict[str, Any] = {
        "threshold": release.rules.threshold,
        "incidents": release.rules.incidents,
        "width": release.rules.width,
        "zeros_shown": release.rules.zeros_shown,
        "rounding": None if rounding is None else {"base": rounding.base, "instead": rounding.instead},
        "least_headcount": release.rules.least_headcount,
        "most_hidden": release.rules.most_hidden,
    }
    said = {
        "format": FORMAT,
        "release": {
            "number": release.number,
            "corrects": release.corrects,
            "from": release.period.first,
            "to": release.period.last,
            "kind": release.period.kind,
            "programmes": list(release.programmes),
            "rules": rules,
            "headcounts": dict(release.headcounts),
        },
        "tables": [_table(one) for one in release.tables],
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (text + "\n").encode()


def from_json(content: bytes | str) -> Release:
    """Read the JSON form. Raises NotARelease, which names the place."""
    try:
        said = json.loads(content)
    except (ValueError, UnicodeDecodeError) as error:
        raise NotARelease(f"This is not JSON: {error}.") from error
    top = _Place(said, "release file")
    if top.get("format", str) != FORMAT:
        raise NotARelease(f"The format is “{top.get('format', str)}”; this version of Trim reads “{FORMAT}”.")
    head = top.part("release")
    rules = head.part("rules")
    rounding = None if rules.get("rounding", (dict, type(None))) is None else rules.part("rounding")
    try:
        period = Period(head.get("from", str), head.get("to", str))
    except NotAPeriod as error:
        raise NotARelease(f"release: {error}") from error
    return Release(
        number=head.get("number", int),
        period=period,
        programmes=tuple(head.texts("programmes")),
        rules=Rules(
            threshold=rules.get("threshold", int),
            incidents=rules.get("incidents", int),
            width=rules.get("width", int),
            zeros_shown=rules.get("zeros_shown", bool),
            rounding=None if rounding is None else Rounding(rounding.get("base", int), rounding.get("instead", bool)),
            least_headcount=rules.get("least_headcount", int),
            most_hidden=rules.get("most_hidden", int),
        ),
        tables=tuple(_read_table(one) for one in top.parts("tables")),
        corrects=head.get("corrects", (int, type(None))),
        headcounts=MappingProxyType({code: int(n) for code, n in head.get("headcounts", dict).items()}),
    )


def _words(words: Words) -> dict[str, str]:
    return {"en": words.en, "fr": words.fr}


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "measure": table.measure,
        "title": _words(table.title),
        "definition": _words(table.definition),
        "zeros_shown": table.zeros_shown,
        "within_headcount": table.within_headcount,
        "dimensions": [
            {
                "name": one.name,
                "label": _words(one.label),
                "values": list(one.values),
                "total": one.total,
                "parents": dict(one.parents),
                "covers": {value: sorted(codes) for value, codes in one.covers.items()},
                "labels": {value: _words(words) for value, words in one.labels.items()},
            }
            for one in table.dimensions
        ],
        "cells": [{"key": list(cell.key), "value": cell.value, "status": cell.status} for cell in table.cells],
    }


class _Place:
    """A part of the file and its name, so that each fault says where it is."""

    def __init__(self, said: object, name: str) -> None:
        if not isinstance(said, dict):
            raise NotARelease(f"{name}: an object is expected here.")
        self.said: Mapping[str, Any] = said
        self.name = name

    def get(self, key: str, kind: type | tuple[type, ...]) -> Any:
        if key not in self.said:
            raise NotARelease(f"{self.name}: “{key}” is missing.")
        value = self.said[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise NotARelease(f"{self.name}: “{key}” holds {json.dumps(value)[:40]}, which is not of its kind.")
        return value

    def part(self, key: str) -> _Place:
        return _Place(self.get(key, dict), f"{self.name}, {key}")

    def parts(self, key: str) -> list[_Place]:
        return [_Place(one, f"{self.name}, {key} {at}") for at, one in enumerate(self.get(key, list), 1)]

    def texts(self, key: str) -> list[str]:
        found: list[str] = self.get(key, list)
        if not all(isinstance(one, str) for one in found):
            raise NotARelease(f"{self.name}: “{key}” must hold texts only.")
        return found

    def words(self, key: str) -> Words:
        part = self.part(key)
        return Words(part.get("en", str), part.get("fr", str))


def _read_table(place: _Place) -> Table:
    place.name = f"table “{place.get('name', str)}”"
    dimensions = tuple(_read_dimension(one) for one in place.parts("dimensions"))
    cells = tuple(_read_cell(one, dimensions) for one in place.parts("cells"))
    expected = 1
    for one in dimensions:
        expected *= len(one.values) + 1
    if len({cell.key for cell in cells}) != len(cells) or len(cells) != expected:
        raise NotARelease(
            f"{place.name}: {expected} different cells are expected, one for each key; there are {len(cells)}."
        )
    return Table(
        name=place.get("name", str),
        measure=place.get("measure", str),
        title=place.words("title"),
        definition=place.words("definition"),
        dimensions=dimensions,
        cells=cells,
        zeros_shown=place.get("zeros_shown", bool),
        within_headcount=place.get("within_headcount", bool),
    )


def _read_dimension(place: _Place) -> Dimension:
    place.name = f"{place.name}, “{place.get('name', str)}”"
    values = tuple(place.texts("values"))
    covers, labels = place.part("covers"), place.part("labels")
    parents = place.get("parents", dict)
    total = place.get("total", str)
    if total != TOTAL or total in values:
        raise NotARelease(f"{place.name}: the total is called “{TOTAL}”, and no value may bear that name.")
    if len(set(values)) != len(values) or not set(parents) | set(parents.values()) <= set(values):
        raise NotARelease(f"{place.name}: values must differ, and parents must be values.")
    for value in values:
        at, seen = value, {value}
        while at in parents:
            at = parents[at]
            if at in seen:
                raise NotARelease(f"{place.name}: “{value}” is its own ancestor.")
            seen.add(at)
    return Dimension(
        name=place.get("name", str),
        label=place.words("label"),
        values=values,
        covers=MappingProxyType({value: frozenset(covers.texts(value)) for value in values}),
        labels=MappingProxyType({value: labels.words(value) for value in (total, *values)}),
        parents=MappingProxyType(dict(parents)),
    )


def _read_cell(place: _Place, dimensions: tuple[Dimension, ...]) -> Cell:
    key: Key = tuple(place.texts("key"))
    fits = len(key) == len(dimensions) and all(
        value == one.total or value in one.covers for one, value in zip(dimensions, key, strict=True)
    )
    if not fits:
        raise NotARelease(f"{place.name}: the key {list(key)} does not fit the dimensions.")
    status: Status = place.get("status", str)
    value = place.get("value", (int, type(None)))
    if (
        status not in ("shown", "suppressed")
        or (status == "shown") is (value is None)
        or (value is not None and value < 0)
    ):
        raise NotARelease(f"{place.name}: a shown cell has a value of 0 or more, a suppressed one has null.")
    return Cell(key, value, status)
