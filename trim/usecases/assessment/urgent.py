"""What every page of an interview shows for somebody in danger: a red flag in one press, and numbers (CARE 1, 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from trim.engine.definition import Choice, Pack
from trim.engine.wording import Text
from trim.store.tables import SupportCase
from trim.usecases.cases.call_now import Numbers, numbers_for
from trim.usecases.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Urgent:
    """`levels` are how soon somebody must call, empty where the case has ended; `is_open`: a red flag waits."""

    levels: tuple[Choice, ...]
    numbers: Numbers
    text: Text | None
    is_open: bool


def urgent(uow: UnitOfWork, case: SupportCase, pack: Pack, variables: Mapping[str, Any], now: datetime) -> Urgent:
    """Levels and numbers for a case as it stands."""
    actions = pack.lifecycles["case"].actions.values()
    flag = next((one for one in actions if "raise_red_flag" in one.does and case.state in one.from_), None)
    fields = flag.form if flag is not None else ()
    return Urgent(
        levels=next((field.choices for field in fields if field.field_class == "level"), ()),
        numbers=numbers_for(uow, case, now),
        text=pack.texts.get("call_now"),
        is_open=bool(variables["red_flag_open"]),
    )
