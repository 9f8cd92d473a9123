"""Answers that cannot change between interviews: carried over, marked, corrected when newly disclosed (CARE 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.domain.errors import InvalidInput
from trim.engine.definition import SPECIAL_ANSWERS, Instrument, Item
from trim.store.tables import Assessment, SupportCase
from trim.usecases.acting.variables import instrument_of, opened
from trim.usecases.assessment.scored import REASONS
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Carried:
    """One item with the answer that stands, and when it was given."""

    item: Item
    answer: str
    said_at: datetime


def carried(uow: UnitOfWork, case: SupportCase, held: Iterable[Assessment]) -> dict[str, Carried]:
    """What stands after these interviews, the earliest first; an answer that was withheld never hides one given."""
    known: dict[str, Carried] = {}
    for one in held:
        content = opened(uow, case, one)
        said = {**content["answers"], **content.get("disclosed", {})}
        items = {item.name: item for item in instrument_of(uow, one).scored_items() if not item.changeable}
        items |= {name: known[name].item for name in known if name not in items}
        for name, item in items.items():
            answer = str(said.get(name, ""))
            if answer and (name not in known or answer not in SPECIAL_ANSWERS):
                known[name] = Carried(item, answer, one.held_at)
    return known


def outside(instrument: Instrument, known: Mapping[str, Carried]) -> tuple[Carried, ...]:
    """Those that this instrument does not ask: they are shown beside it."""
    asked = {item.name for item in instrument.items()}
    return tuple(one for name, one in known.items() if name not in asked)


def inside(instrument: Instrument, known: Mapping[str, Carried]) -> dict[str, Carried]:
    """Those that a follow-up asks again: its form begins with their answers. A first form begins empty."""
    if instrument.follows is None:
        return {}
    return {item.name: known[item.name] for item in instrument.scored_items() if item.name in known}


def disclosed(instrument: Instrument, known: Mapping[str, Carried], given: Mapping[str, Any]) -> dict[str, str]:
    """New answers to items outside the form, without those that say nothing new. Raises InvalidInput."""
    shown = {one.item.name: one for one in outside(instrument, known)}
    taken: dict[str, str] = {}
    problems = {}
    for name, value in given.items():
        answer = "" if value is None else str(value).strip()
        if not answer:
            continue
        if name not in shown:
            problems[name] = REASONS["unknown_item"]
        elif answer not in {str(anchor.value) for anchor in shown[name].item.anchors}:
            problems[name] = REASONS["not_a_choice"]
        elif answer != shown[name].answer:
            taken[name] = answer
    if problems:
        raise InvalidInput(problems)
    return taken
