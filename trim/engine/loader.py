"""Reads a pack's folder into a Pack, or says everything that is wrong with it, each fault with file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from trim.domain.vocabulary import Variable, Vocabulary
from trim.engine.checker import check
from trim.engine.conditions import names_in
from trim.engine.definition import (
    LANGUAGE,
    Choice,
    Confidentiality,
    ContactPlace,
    EscalationRule,
    Instrument,
    Pack,
    VariableType,
)
from trim.engine.files import Files, read_files
from trim.engine.problems import PackError, Problem
from trim.engine.read_instrument import read_instrument
from trim.engine.read_lifecycle import LifecycleReader, read_choices
from trim.engine.reader import UNREADABLE, Reader
from trim.engine.scoring import tag_variables
from trim.engine.source import Source

__all__ = ["PackError", "Problem", "check_folder", "load_pack", "read_pack"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


def load_pack(folder: Path, vocabulary: Vocabulary, shelves: Sequence[Path] = ()) -> Pack:
    """Read and check a pack; raises PackError with every problem.

    `shelves` are folders of packs that this one may extend, besides the folder in which it stands itself.
    """
    pack, problems = read_pack(folder, vocabulary, shelves)
    if problems or pack is None:
        raise PackError(problems)
    return pack


def check_folder(folder: Path, vocabulary: Vocabulary, shelves: Sequence[Path] = ()) -> list[Problem]:
    """Give every problem of a pack's folder, in the order of its files and lines; empty means that it is sound."""
    return read_pack(folder, vocabulary, shelves)[1]


def read_pack(folder: Path, vocabulary: Vocabulary, shelves: Sequence[Path] = ()) -> tuple[Pack | None, list[Problem]]:
    """Read a pack as far as it can be read; the checks of its sense begin once every file is well formed."""
    read = Reader()
    try:
        files = read_files(folder, shelves)
    except PackError as error:
        return None, error.problems
    pack = _pack(read, files, vocabulary)
    if not read.problems:
        read.problems += check(pack, _with_tags(vocabulary, pack.instruments), files.places())
    return pack.sealed(), sorted(set(read.problems))


def _pack(read: Reader, files: Files, vocabulary: Vocabulary) -> Pack:
    source = files.pack
    language = read.number(read.need(source, "language", str(LANGUAGE)), LANGUAGE)
    if not 1 <= language <= LANGUAGE:
        read.fault(source, f"Language {language} is newer than this engine.", f"Use {LANGUAGE}, or a newer Trim.")
    choices = read.named(source.get("choices"), lambda name, one: _choices(read, vocabulary, name, one))
    lifecycle = LifecycleReader(read, vocabulary, choices).lifecycle
    instruments = _by_name(read, files.instruments, lambda one: read_instrument(read, one, choices))
    rules = read.named(source.get("escalations"), lambda name, one: _rule(read, vocabulary, name, one))
    pack = Pack(
        name=read.word(read.need(source, "pack", "trim")),
        version=read.word(read.need(source, "version", "'1.0'")),
        title=read.label(source, "title"),
        summary=read.label(source, "summary"),
        confidentiality=_confidentiality(read, read.need(source, "confidentiality", "...")),
        lifecycles=_by_name(read, files.lifecycles, lifecycle),
        instruments=instruments,
        escalations=rules,
        choices=choices,
        contacts=tuple(read.named(source.get("contacts"), lambda name, one: _contact(read, name, one)).values()),
        texts=read.named(source.get("texts"), lambda _, one: read.text(one) or UNREADABLE),
        variables=_variables(files, _with_tags(vocabulary, instruments)),
        language=language,
    )
    source.get("extends")  # was followed when the files were read
    read.finish(source)
    return pack


def _with_tags(vocabulary: Vocabulary, instruments: Mapping[str, Instrument]) -> Vocabulary:
    """The vocabulary with a truth value for each tag that an interview of this pack offers: `tag_<item>_<value>`."""
    tags = {
        name: Variable("bool", f"“{name}” was named in the interview", "form")
        for instrument in instruments.values()
        for name in tag_variables(instrument, {})
    }
    return replace(vocabulary, variables={**vocabulary.variables, **tags}) if tags else vocabulary


def _by_name(read: Reader, sources: list[Source], make: Callable[[Source], N]) -> Mapping[str, N]:
    made: dict[str, N] = {}
    for source in sources:
        thing = make(source)
        if thing.name in made:
            read.fault(source, f"“{thing.name}” is defined in two files.", "Keep one of them.")
        if thing.name and thing.name != source.key:
            read.fault(source, f"“{thing.name}” stands in a file of another name.", f"Call it {thing.name}.yaml.")
        made[thing.name] = thing
    return MappingProxyType(made)


def _choices(read: Reader, vocabulary: Vocabulary, group: str, source: Source) -> tuple[Choice, ...]:
    choices = read_choices(read, source)
    closed = vocabulary.choices.get(group, frozenset())
    if closed:
        for value, entry in source.entries():
            read.check_word(entry, value, closed, f"value of {group}")
    return choices


def _confidentiality(read: Reader, source: Source | None) -> Confidentiality:
    if source is None:
        return Confidentiality("", UNREADABLE, (), UNREADABLE, UNREADABLE)
    limits = read.several(read.need(source, "limits", "[{en: ..., fr: ...}]"))
    made = Confidentiality(
        version=read.word(read.need(source, "version", "'1'")),
        opening=read.label(source, "opening"),
        limits=tuple(read.text(one) or UNREADABLE for one in limits),
        closing=read.label(source, "closing"),
        confirm=read.label(source, "confirm"),
    )
    read.finish(source)
    return made


def _contact(read: Reader, name: str, source: Source) -> ContactPlace:
    made = ContactPlace(name, read.label(source), read.text(source.get("hint")))
    read.finish(source)
    return made


def _rule(read: Reader, vocabulary: Vocabulary, name: str, source: Source) -> EscalationRule:
    levels = read.named(source.get("levels"), lambda _, one: read.duration(one))
    spans = {level: found for level, found in levels.items() if found}
    rule = EscalationRule(
        name=name,
        label=read.label(source),
        to=read.one_of(read.need(source, "to", "coordinator"), vocabulary.receivers, "receiver of an escalation"),
        when=read.word(source.get("when")) or None,
        at=read.words(source.get("at")),
        by_action=read.word(source.get("by_action")) or None,
        levels=MappingProxyType(spans),
        answer_within=read.duration(source.get("answer_within")),
        hint=read.text(source.get("hint")),
    )
    read.finish(source)
    return rule


def _variables(files: Files, vocabulary: Vocabulary) -> Mapping[str, VariableType]:
    """Keep the declarations that the pack's conditions use: a later vocabulary then leaves its behaviour alone."""
    names = {
        name
        for source in (files.pack, *files.lifecycles)
        for text in _conditions(source)
        for name in names_in(text)
        if name in vocabulary.variables
    }
    return MappingProxyType(
        {
            name: VariableType(name, vocabulary.variables[name].type, vocabulary.variables[name].source)
            for name in sorted(names)
        }
    )


def _conditions(source: Source) -> Iterator[str]:
    if isinstance(source.value, list):
        for one in source.value:
            yield from _conditions(one)
    for name, entry in source.entries():
        if name == "when" and isinstance(entry.value, (str, bool)):
            yield str(entry.value)
        yield from _conditions(entry)
