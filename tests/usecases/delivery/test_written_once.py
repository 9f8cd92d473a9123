"""A notice is a row with one possible key: whoever writes it a second time finds the first (both databases)."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tests.support.organisation import SETUP, Organisation
from tests.support.posting import outbox
from tests.support.story import Story
from tests.support.sweeping import step_of
from trim.store import accounts, deadlines, notices
from trim.store.tables import Notice
from trim.usecases.unit_of_work import UnitOfWork


def writes(uow: UnitOfWork, made: Organisation, step_id: str, who: str = "Pat", kind: str = "step_due") -> str:
    recipient = accounts.by_id(uow.session, made.accounts[who].id)
    assert recipient is not None
    return notices.add(
        uow.session,
        once_key=f"{kind}:{step_id}:{recipient.id}",
        kind=kind,
        subject_kind="case",
        subject_ref="C-7F2K9Q",
        recipient=recipient,
        now=made.now,
        step_id=step_id,
    )


def test_one_row_per_step_kind_and_recipient(story: Story) -> None:
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    before = len(outbox(made))
    for _ in range(2):
        with made.backend.writing() as uow:
            found = {
                writes(uow, made, step.id),
                writes(uow, made, step.id),
                writes(uow, made, step.id, who="Carol"),
                writes(uow, made, step.id, kind="step_late"),
            }
            uow.record(SETUP, made.now, "settings.changed", chain="organisation", subject="test")
        assert len(found) == 3
    assert len(outbox(made)) == before + 3


def test_the_database_itself_refuses_a_second_one(story: Story) -> None:
    """Also one that is written in bulk, past the look for the first, or under an id of its own."""
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    row = {
        "once_key": f"step_due:{step.id}:pat",
        "kind": "step_due",
        "subject_kind": "case",
        "subject_ref": "C-7F2K9Q",
        "step_id": step.id,
        "recipient_id": made.accounts["Pat"].id,
        "made_at": made.now,
    }
    with made.backend.database.writing() as session:
        deadlines.write_notices(session, [row])
    with pytest.raises(IntegrityError), made.backend.database.writing() as session:
        deadlines.write_notices(session, [row])
    with pytest.raises(IntegrityError), made.backend.database.writing() as session:
        plain = {"urgent": False, "state": "waiting", "attempts": 0, "id": "0" * 32}
        session.connection().execute(insert(Notice).values(**row, **plain))
    assert len([one for one in outbox(made) if one.once_key == row["once_key"]]) == 1


def test_a_change_that_fails_tells_nobody(story: Story) -> None:
    made = story.organisation
    step = step_of(made, story.supported_case(), "first_assessment")
    before = len(outbox(made))
    with pytest.raises(ZeroDivisionError), made.backend.writing() as uow:
        writes(uow, made, step.id)
        uow.session.flush()
        _ = 1 / 0
    assert len(outbox(made)) == before
