"""What an access package holds of group sessions, checks and pairs: the person's own part, nobody else's."""

from __future__ import annotations

import pytest

from tests.support.groups import held_session, paired, party
from tests.support.organisation import Organisation
from tests.support.story import Story
from trim.usecases.disclosure.held_beside_cases import beside_cases


@pytest.mark.care(18)
@pytest.mark.care(27)
@pytest.mark.large_on_postgresql
def test_ones_own_part_is_given_and_nobody_elses(organisation: Organisation) -> None:
    story = Story(organisation)
    ref = held_session(organisation, "Robin Ashe", "Sam Birch")
    row_id = party(organisation, ref, "Robin Ashe")
    story.does("Pat", "note_who_came", ref, kind="group_session", came=[row_id])
    pair = paired(organisation)
    with organisation.backend.reading() as uow:
        section = beside_cases(uow, uow.vault.blind_index("person", organisation.people["Robin Ashe"].id))
    by_title = {one.title.en: {line.label.en: line.value for line in one.lines} for one in section.items}
    assert by_title.keys() == {f"Group session {ref}", f"Pair {pair}"}
    session = by_title[f"Group session {ref}"]
    assert (session["You came"], session["About"]) == (True, "Watch three, north")
    said = by_title[f"Pair {pair}"]
    assert (said["Goal"], said["At the beginning"], said["Ground rules"]) == (
        "Know the night desk", "2", "Every other Monday.",
    )  # fmt: skip
    assert "Sam Birch" not in repr(section)
