"""What is really sealed, opened again in a world where everything was said: each piece has its line in the table."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.support.groups import held_session, mediated, paired, running_check
from tests.support.organisation import Organisation
from tests.support.story import Story
from tests.support.straw import add_straw, agreed_step, supported_case
from tests.support.told import tell_everything
from trim.domain.confidentiality import TABLE, UNDERTAKINGS
from trim.store.tables import metadata
from trim.usecases.unit_of_work import UnitOfWork

NAMED = {column for row in TABLE for column in row.columns}
#: Tables whose sealed content is decided as a whole, by one line.
WHOLE = {column.partition(".")[0] for column in NAMED if column.endswith(".sealed")}
#: Not in that world; they have tests of their own.
ELSEWHERE = frozenset({"access_request", "disclosure", "break_glass", "fact_intake"})


@pytest.mark.large_on_postgresql
def test_every_piece_of_sealed_content_has_its_line(organisation: Organisation) -> None:
    tell_everything(organisation)
    add_straw(organisation)
    step = agreed_step(organisation, supported_case(organisation))
    Story(organisation).does("Quinn", "mark_done", step, kind="agreed_step")
    held_session(organisation, "Robin Ashe")
    running_check(organisation)
    paired(organisation)
    mediated(organisation)
    seen: set[str] = set()
    with organisation.backend.reading() as uow:
        for table in metadata.sorted_tables:
            if "sealed" in table.columns and table.name not in ELSEWHERE:
                for one in uow.session.execute(select(table)).mappings():
                    seen |= _pieces(uow, table.name, one) if one["sealed"] is not None else set()
    assert len(seen) > 30
    missing = sorted(one for one in seen if one not in NAMED and one.partition(".")[0] not in WHOLE)
    assert missing == [], "who sees it, who changes it: say so in trim/domain/confidentiality.py"
    # And no line is about a piece that nothing seals.
    pieces = {one for one in NAMED if ".sealed:" in one and one.partition(".")[0] not in ELSEWHERE}
    assert sorted(pieces - seen) == []


def _pieces(uow: UnitOfWork, table: str, one: Any) -> set[str]:
    content = uow.vault.unseal(_owner(table, one), table, one["id"], one["sealed"])
    if table == "action_record":
        # The boxes of a pack's form: the line of the lifecycle is about all of them, whatever their class.
        return {f"{table}.sealed:{one['subject_kind']}"}
    return {f"{table}.sealed:{name}" for name in content}


def _owner(table: str, one: Any) -> str:
    """Whose key sealed the row: its case, else its incident."""
    if table in ("support_case", "incident"):
        return f"{'case' if table == 'support_case' else 'incident'}:{one['id']}"
    if table == "undertaking" or "undertaking_id" in one:
        return f"undertaking:{one['id'] if table == 'undertaking' else one['undertaking_id']}"
    if table == "action_record" and one["subject_kind"] in UNDERTAKINGS:
        return f"undertaking:{one['subject_id']}"
    if one.get("case_id") and table != "exposure":
        return f"case:{one['case_id']}"
    return f"incident:{one['subject_id'] if table == 'action_record' else one['incident_id']}"
