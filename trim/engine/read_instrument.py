"""Reads an instrument file: sections, items with their anchors, bands."""

from __future__ import annotations

import typing
from collections.abc import Mapping

from trim.engine.definition import Anchor, Band, Choice, Instrument, Item, ItemKind, Section
from trim.engine.read_lifecycle import read_choices
from trim.engine.reader import Reader
from trim.engine.source import Source

KINDS = typing.get_args(ItemKind)

Groups = Mapping[str, tuple[Choice, ...]]


def read_instrument(read: Reader, source: Source, groups: Groups) -> Instrument:
    """Read a whole file; its key “instrument” names it. `groups` are the choices of the pack, for tags."""
    scored = read.truth(source.get("scored"), default=True)
    name = read.word(read.need(source, "instrument", "first_interview"))
    instrument = Instrument(
        name=name,
        version=read.word(read.need(source, "version", "'1'")),
        title=read.label(source, "title"),
        intro=read.label(source, "intro"),
        sections=tuple(
            read.named(
                read.need(source, "sections", "..."), lambda name, one: _section(read, name, one, groups, scored)
            ).values()
        ),
        bands=tuple(read.named(source.get("bands"), lambda name, one: _band(read, name, one)).values()),
        bands_note=read.text(source.get("bands_note")),
        closing=read.text(source.get("closing")),
        follows=read.word(source.get("follows")) or None,
        scored=scored,
    )
    read.finish(source)
    return instrument


def _section(read: Reader, name: str, source: Source, groups: Groups, scored: bool) -> Section:
    items = read.named(
        read.need(source, "items", "..."), lambda name, one: _item(read, name, one, groups, scored=scored)
    )
    section = Section(name, read.label(source), tuple(items.values()), read.text(source.get("hint")))
    read.finish(source)
    return section


def _item(read: Reader, name: str, source: Source, groups: Groups, *, scored: bool) -> Item:
    kind = read.one_of(source.get("kind"), KINDS, "kind of item") or "scale"
    item = Item(
        name=name,
        label=read.label(source),
        text=read.label(source, "text"),
        kind=typing.cast(ItemKind, kind),
        hint=read.text(source.get("hint")),
        anchors=_anchors(read, source.get("anchors")),
        changeable=read.truth(source.get("changeable"), default=True),
        scored=read.truth(source.get("scored"), default=scored and kind == "scale"),
        choices=_choices(read, source.get("choices"), groups),
    )
    read.finish(source)
    if item.kind == "scale" and len(item.anchors) < 2:
        read.fault(source, "A scale needs at least two anchors.", "Add “anchors:” with 0, 1, 2 and their words.")
    if item.scored and item.kind != "scale":
        read.fault(
            source, f"An item of kind {item.kind} cannot be scored.", "Make it a scale, or write “scored: false”."
        )
    if item.scored and not scored:
        read.fault(source, "An item counts in an instrument without a score.", "Remove “scored” in one of the two.")
    if (item.kind == "tags") != bool(item.choices):
        read.fault(
            source,
            "An item of kind tags offers nothing." if item.kind == "tags" else "Only an item of kind tags has choices.",
            "Add “choices:”." if item.kind == "tags" else "Write “kind: tags”, or remove “choices”.",
        )
    return item


def _choices(read: Reader, source: Source | None, groups: Groups) -> tuple[Choice, ...]:
    """Read what tags there are, either the name of a group of pack.yaml or written out here."""
    if source is None:
        return ()
    if isinstance(source.value, str):
        read.check_word(source, source.value, groups, "group of choices")
        return groups.get(source.value, ())
    return read_choices(read, source)


def _anchors(read: Reader, source: Source | None) -> tuple[Anchor, ...]:
    anchors = []
    read.expect_names(source)
    for value, entry in source.entries() if source else ():
        if not value.isdecimal():
            read.fault(entry, f"“{value}” is not a number of points.", "Write 0, 1, 2 and so on.")
            continue
        if entry.get("label") is None:
            anchors.append(Anchor(int(value), read.text(entry) or read.label(entry)))
        else:
            anchors.append(Anchor(int(value), read.label(entry), read.text(entry.get("hint"))))
            read.finish(entry)
    return tuple(anchors)


def _band(read: Reader, name: str, source: Source) -> Band:
    band = Band(
        name=name,
        label=read.label(source),
        lowest=read.number(read.need(source, "lowest", "0")),
        highest=read.number(read.need(source, "highest", "6")),
        hint=read.text(source.get("hint")),
        example=read.truth(source.get("example")),
    )
    read.finish(source)
    return band
