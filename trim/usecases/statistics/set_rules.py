"""Set by which rules the next releases are made. What is published keeps the rules that it was published by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from trim.audit import trail
from trim.domain.access import Actor
from trim.domain.errors import Forbidden
from trim.store import settings
from trim.usecases.statistics.wishes import BANDS_BY_UNIT, SETTING, UnusableRules, rules
from trim.usecases.unit_of_work import UnitOfWork


def set_rules(uow: UnitOfWork, actor: Actor, *, now: datetime, changes: Mapping[str, Any]) -> None:
    """Change rules by name; None goes back to the shipped value. Only the system does it, by the owner of the machine.

    The trail names each rule and its value. Raises Forbidden, UnusableRules.
    """
    if not actor.is_system:
        raise Forbidden
    settings.lock(uow.session, SETTING)
    before = settings.read(uow.session, SETTING, {})
    after = {name: value for name, value in {**before, **changes}.items() if value is not None}
    rules(after)
    if type(after.get(BANDS_BY_UNIT, False)) is not bool:
        raise UnusableRules(f"{BANDS_BY_UNIT}: {after[BANDS_BY_UNIT]!r} is neither true nor false.")
    if after == before:
        return
    settings.write(uow.session, SETTING, after)
    codes: dict[str, trail.Code] = {name: _code(after.get(name)) for name in sorted({*before, *after})}
    codes["settings"] = [SETTING]
    uow.record(actor, now, "settings.changed", chain=trail.ORGANISATION, subject="organisation", codes=codes)


def _code(value: Any) -> trail.Code:
    """A value as the trail writes it; None where the shipped one holds again."""
    if isinstance(value, Mapping):
        return [f"{name}={value[name]}" for name in sorted(value)]
    return value if isinstance(value, str | int | bool) else None
