"""Instruments: points that add up, bands without gaps, and a follow-up that can be compared."""

from __future__ import annotations

from collections import Counter

from trim.engine.checks.findings import Findings, listed
from trim.engine.definition import INCOMPLETE, SPECIAL_ANSWERS, Instrument, Section


def check(findings: Findings) -> None:
    """Look at items, bands and what a follow-up asks again."""
    for instrument in findings.pack.instruments.values():
        _items(findings, instrument)
        _bands(findings, instrument)
        if instrument.follows:
            _follow_up(findings, instrument, instrument.follows)


def _items(findings: Findings, instrument: Instrument) -> None:
    names = Counter(item.name for item in instrument.items())
    for section in instrument.sections:
        for item in section.items:
            key = f"{instrument.name}.sections.{section.name}.items.{item.name}"
            if names[item.name] > 1:
                findings.fault(key, f"Two items are called “{item.name}”.", "Give each item a name of its own.")
            values = [anchor.value for anchor in item.anchors]
            if values != list(range(len(values))):
                findings.fault(
                    f"{key}.anchors",
                    f"The anchors give {listed([str(value) for value in values])} points.",
                    "Count from 0 upwards without a gap.",
                )
        _tags(findings, instrument, section)
    if not instrument.scored and instrument.bands:
        findings.fault(
            f"{instrument.name}.bands", "An instrument without a score has bands.", "Remove them, or “scored: false”."
        )
    if instrument.scored and not instrument.scored_items():
        findings.fault(
            instrument.name, "The instrument scores nothing.", "Add at least one scale, or write “scored: false”."
        )


def _tags(findings: Findings, instrument: Instrument, section: Section) -> None:
    """A tag is read by its item and its value, so both must be told apart from any other."""
    names = Counter(f"{item.name}_{choice.value}" for item in instrument.items() for choice in item.choices)
    for item in section.items:
        for value in (choice.value for choice in item.choices):
            if names[f"{item.name}_{value}"] > 1 or value in SPECIAL_ANSWERS:
                findings.fault(
                    f"{instrument.name}.sections.{section.name}.items.{item.name}.choices",
                    f"“{value}” cannot be told apart from another answer.",
                    "Give each tag a value of its own.",
                )


def _bands(findings: Findings, instrument: Instrument) -> None:
    expected = 0
    for band in sorted(instrument.bands, key=lambda one: one.lowest):
        key = f"{instrument.name}.bands.{band.name}"
        if band.name == INCOMPLETE:
            findings.fault(key, f"“{INCOMPLETE}” is the engine's own word.", "Call the band something else.")
        if band.lowest != expected or band.highest < band.lowest:
            findings.fault(
                key,
                f"The bands leave a gap or overlap: this one should begin at {expected}.",
                "Let each band begin one point above the last.",
            )
        expected = band.highest + 1
    if instrument.bands and expected != instrument.maximum + 1:
        findings.fault(
            f"{instrument.name}.bands",
            f"The bands end at {expected - 1}, the highest total is {instrument.maximum}.",
            "Let the last band end at the highest total.",
        )


def _follow_up(findings: Findings, instrument: Instrument, first: str) -> None:
    earlier = findings.pack.instruments.get(first)
    if earlier is None:
        findings.fault(
            f"{instrument.name}.follows",
            f"There is no instrument “{first}”.",
            f"Known here: {listed(findings.pack.instruments)}.",
        )
        return
    items = {item.name: item for item in earlier.scored_items()}
    shared = 0
    for section in instrument.sections:
        for item in section.items:
            key = f"{instrument.name}.sections.{section.name}.items.{item.name}"
            before = items.get(item.name)
            if before is None or not item.scored:
                continue
            shared += 1
            if before.changeable != item.changeable:
                findings.fault(
                    f"{key}.changeable",
                    f"Here and in “{first}” the item differs on whether it can change.",
                    "Say the same in both.",
                )
            if before.most != item.most:
                findings.fault(
                    f"{key}.anchors",
                    f"Here and in “{first}” the item has other points.",
                    "Use the same points in both.",
                )
    if not shared and instrument.scored:
        findings.fault(
            f"{instrument.name}.follows",
            f"No item is shared with “{first}”, so no change can be reckoned.",
            "Give the items that are asked again the same names.",
        )
