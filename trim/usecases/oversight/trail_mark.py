"""The newest checkpoint of the trail, as every document bears it."""

from __future__ import annotations

from trim.audit.checkpoint import newest, sealed
from trim.documents.pdf import TrailMark
from trim.usecases.unit_of_work import UnitOfWork


def trail_mark(uow: UnitOfWork) -> TrailMark:
    """Number and fingerprint of the newest checkpoint. It says nothing about anybody, so it leaves no line."""
    found = newest(uow.session)
    return TrailMark(found.number, sealed(found).fingerprint) if found is not None else TrailMark()
