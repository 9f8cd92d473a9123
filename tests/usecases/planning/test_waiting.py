"""What waits at the incidents: the right things, for the right eyes, in a constant number of queries."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from tests.support.story import Story
from tests.usecases.planning.people import crew, exposure_of, meets, named_later
from trim.domain.access import Role
from trim.domain.incident import ExposedPerson
from trim.usecases.planning.waiting import IncidentsWaiting, incidents_waiting


def waiting(story: Story, who: str = "Carol", **more: object) -> IncidentsWaiting:
    made = story.organisation
    with made.backend.reading() as uow:
        return incidents_waiting(uow, made.actor(who), made.now, **more)


def refs(portion) -> list[str]:
    return [row.incident.ref for row in portion.rows]


def test_each_thing_waits_in_its_list(story):
    made = story.organisation
    assert not waiting(story)
    to_plan = story.reports(exposed=crew(story, "Sam Birch", "Kim Vane"))
    looked = story.reports(kind="drowning", exposed=crew(story, "Kim Vane"))
    meets(story, looked, {"Kim Vane": ("nothing_yet", date(2026, 3, 9))})
    case = story.plans(story.reports(kind="weapon"))
    late = story.reports(kind="fire_explosion", exposed=crew(story, "Sam Birch"))
    meets(story, late, {"Sam Birch": "briefing"})
    named_later(story, late, "Ola Berg")
    join = story.reports(kind="assault", exposed=crew(story, "Robin Ashe"))
    meets(story, join, {"Robin Ashe": "individual_assessment"})
    found = waiting(story)
    assert (refs(found.to_plan), refs(found.late), refs(found.look_again), refs(found.to_join)) == (
        [to_plan],
        [late],
        [],
        [join],
    )
    assert (found.to_plan.rows[0].people, found.to_plan.rows[0].undecided) == (2, 2)
    assert (found.late.rows[0].people, found.late.rows[0].undecided) == (2, 1)
    assert found.to_join.rows[0].exposure_id == exposure_of(story, join, "Robin Ashe").id
    assert case not in str(found)
    made.later(days=7)
    assert [(row.incident.ref, row.people) for row in waiting(story).look_again.rows] == [(looked, 1)]
    # No names anywhere: the board needs no line in the trail for this.
    assert not any(name in str(waiting(story)) for name in ("Robin", "Sam", "Kim", "Ola"))


@pytest.mark.care(10)
@pytest.mark.care(13)
def test_it_is_hidden_as_the_pages_hide_it(story):
    made = story.organisation
    made.add_person("Kit Low", line_manager_id=made.people["Carol Elm"].id)
    made.add_account("Sue", Role.COORDINATOR, unit="South")
    story.reports("Lee", restricted=True)
    story.reports(kind="weapon", exposed=(ExposedPerson(exposure="direct", name="Carol Elm"),))
    meets(story, story.reports(kind="drowning", exposed=crew(story, "Kit Low")), {"Kit Low": "individual_assessment"})
    join = story.reports(kind="assault", exposed=crew(story, "Kit Low"))
    meets(story, join, {"Kit Low": "individual_assessment"})
    carol, lee = waiting(story), waiting(story, "Lee")
    assert (refs(carol.to_plan), refs(carol.to_join)) == ([], [])
    assert (len(lee.to_plan.rows), refs(lee.to_join)) == (2, [join])
    for who in ("Sue", "Pat", "Rita", "Hana", "Adam", "Ada"):
        assert not waiting(story, who)


def test_each_list_is_paged_by_key(story):
    made = story.organisation
    reported = []
    for number in range(5):
        reported.append(story.reports(occurred_on=date(2026, 2, 1 + 3 * number), exposed=()))
        made.later(minutes=1)
    first = waiting(story, limit=2).to_plan
    second = waiting(story, limit=2, to_plan_after=first.after).to_plan
    third = waiting(story, limit=2, to_plan_after=second.after).to_plan
    assert refs(first) + refs(second) + refs(third) == reported
    assert third.after is None


def test_looking_again_and_late_names_are_paged_too(story):
    made = story.organisation
    refs_late, refs_again = [], []
    for number, kind in enumerate(("drowning", "weapon", "transport")):
        ref = story.reports(kind=kind, exposed=crew(story, "Kim Vane"))
        meets(story, ref, {"Kim Vane": ("nothing_yet", date(2026, 3, 9 + number))})
        made.later(minutes=1)
        named_later(story, ref, "Ola Berg")
        refs_late.append(ref)
        refs_again.append(ref)
    made.later(days=12)
    for name, key, wanted in (("late", "late_after", refs_late), ("look_again", "look_again_after", refs_again)):
        first = getattr(waiting(story, limit=2), name)
        second = getattr(waiting(story, limit=2, **{key: first.after}), name)
        assert (refs(first) + refs(second), second.after) == (wanted, None)


def test_more_work_takes_no_more_queries(story):
    made = story.organisation

    def queries() -> int:
        with made.backend.reading() as uow:
            actor = made.actor("Carol")
            seen: list[str] = []
            event.listen(uow.session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2]))
            incidents_waiting(uow, actor, made.now)
            return len(seen)

    def busy(number: int) -> None:
        story.reports(occurred_on=date(2026, 2, 1 + number))
        ref = story.reports(kind="weapon", occurred_on=date(2026, 2, 1 + number), exposed=crew(story, "Kim Vane"))
        meets(story, ref, {"Kim Vane": ("nothing_yet", date(2026, 3, 9))})
        named_later(story, ref, "Ola Berg")
        ref = story.reports(kind="assault", occurred_on=date(2026, 2, 1 + number), exposed=crew(story, "Robin Ashe"))
        meets(story, ref, {"Robin Ashe": "individual_assessment"})

    busy(0)
    few = queries()
    for number in range(1, 4):
        busy(number)
    assert queries() == few
