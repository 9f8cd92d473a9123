"""Statistical facts: written with what happens, leading back to nobody (law 10)."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlmodel import Session

from trim.domain.calendar import quarter
from trim.store.tables import Fact


def add(
    session: Session,
    kind: str,
    *,
    now: datetime,
    unit_id: str,
    programme: str,
    category: str | None = None,
    incident_kind: str | None = None,
    exposure: str | None = None,
    staff_group: str | None = None,
) -> None:
    """One fact; its id is random and its time no finer than the quarter."""
    session.add(
        Fact(
            id=secrets.token_hex(16),
            kind=kind,
            quarter=quarter(now),
            unit_id=unit_id,
            programme=programme,
            category=category,
            incident_kind=incident_kind,
            exposure=exposure,
            staff_group=staff_group,
        )
    )
