"""Reads the declaration of tables from YAML; every fault names its line, what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from types import MappingProxyType
from typing import Final

from trim.engine.problems import PackError
from trim.engine.reader import UNREADABLE, Reader
from trim.engine.source import Source, read_yaml
from trim.statistics.declaration import (
    MOST_DIMENSIONS,
    MOST_TABLES,
    SOURCES,
    Declaration,
    DimensionDeclared,
    Measure,
    TableDeclared,
)
from trim.statistics.model import TOTAL, UNIT, Words

SHIPPED: Final = Path(__file__).with_name("tables.yaml")
_FORMAT: Final = 1


def read_declaration(path: Path = SHIPPED) -> Declaration:
    """Read a declaration, the shipped one if no other is named. Raises PackError with every fault."""
    top = read_yaml(path, path.name)
    reader = _DeclarationReader()
    declaration = reader.declaration(top)
    if reader.problems:
        raise PackError(sorted(reader.problems))
    return declaration


class _DeclarationReader(Reader):
    def declaration(self, top: Source) -> Declaration:
        form = self.need(top, "format", str(_FORMAT))
        if form is not None and self.number(form) != _FORMAT:
            self.fault(form, "This format of tables is not known.", f"Write “format: {_FORMAT}”.")
        dimensions = self.named(self.need(top, "dimensions", "{...}"), self._dimension)
        measures = self.named(self.need(top, "measures", "{...}"), self._measure)
        tables = self.named(
            self.need(top, "tables", "{...}"), lambda name, source: self._table(name, source, dimensions, measures)
        )
        if len(tables) > MOST_TABLES:
            self.fault(
                top.get("tables") or top,
                f"There are {len(tables)} tables; at most {MOST_TABLES} are released together.",
                "Take some out: every table more makes it easier to subtract one from another.",
            )
        self.finish(top)
        return Declaration(dimensions, measures, tuple(tables.values()))

    def words_of(self, source: Source | None) -> Words:
        text = self.text(source) or UNREADABLE
        return Words(text.en, text.fr)

    def _dimension(self, name: str, source: Source) -> DimensionDeclared:
        if name == UNIT:
            self.fault(source, f"“{UNIT}” is the tree of units and is always there.", "Choose another name.")
        origin = self.need(source, "from", "category")
        word = self.word(origin)
        known = next((one for one in SOURCES if one == word), None)
        if origin is not None and known is None:
            self.fault(origin, f"Facts have no field “{word}”.", f"Write one of {', '.join(SOURCES)}.")
        part = source.get("part")
        number = self.number(part)
        if part is not None and (number < 1 or known != "category"):
            self.fault(part, "Only a category has parts, counted from 1.", "Write for example “part: 1”.")
        values = source.get("values")
        found = {}
        for value, words in values.entries() if values is not None else ():
            if value == TOTAL:
                self.fault(words, f"“{TOTAL}” is the name of the sum.", "Choose another word.")
            found[value] = self.words_of(words)
        if values is not None and not found:
            self.fault(values, "No values stand here.", "List each with its wording, or take “values” out.")
        label = self.words_of(self.need(source, "label", "{en: ..., fr: ...}"))
        merge = self.truth(source.get("merge"))
        self.finish(source)
        return DimensionDeclared(name, label, known or "category", max(number, 0), MappingProxyType(found), merge)

    def _measure(self, name: str, source: Source) -> Measure:
        kinds = self.words(self.need(source, "kinds", "[incident]"))
        less = source.get("less")
        made = Measure(
            name=name,
            label=self.words_of(self.need(source, "label", "{en: ..., fr: ...}")),
            kinds=frozenset(kinds),
            less=frozenset(self.words(less)),
            sensitive=self.truth(source.get("sensitive"), default=True),
            behind_incidents=self.truth(source.get("behind_incidents"), default=True),
            within_headcount=self.truth(source.get("within_headcount")),
        )
        if less is not None and made.less & made.kinds:
            self.fault(less, "The same kind is counted and taken back.", "Name it once.")
        self.finish(source)
        return made

    def _table(self, name: str, source: Source, dimensions: Container[str], measures: Container[str]) -> TableDeclared:
        origin = self.need(source, "measure", "incidents")
        measure = self.word(origin)
        if origin is not None and measure not in measures:
            self.fault(origin, f"There is no measure “{measure}”.", "Declare it under “measures”, or correct the name.")
        by = self.need(source, "by", "[unit, incident_kind]")
        names = self.words(by)
        flat = tuple(one for one in names if one != UNIT)
        for one in self.several(by):
            word = self.string(one)
            if word != UNIT and word not in dimensions:
                self.fault(one, f"There is no dimension “{word}”.", f"Declare it, or write {UNIT}.")
        if by is not None and (len(flat) > MOST_DIMENSIONS or len(set(names)) != len(names) or not names):
            self.fault(
                by,
                f"A table goes by {UNIT} and at most {MOST_DIMENSIONS} different dimensions.",
                "Make two tables of it, or leave one out.",
            )
        title = self.words_of(self.need(source, "title", "{en: ..., fr: ...}"))
        definition = self.words_of(self.need(source, "definition", "{en: ..., fr: ...}"))
        self.finish(source)
        return TableDeclared(name, measure, title, definition, UNIT in names, flat, source.line)
