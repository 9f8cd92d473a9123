"""Random sequences of actions through the use cases: no undeclared state, and no step is ever lost."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.organisation import trim_pack
from tests.support.story import Story
from tests.support.trail import broken_chains, disagreements
from trim.domain.errors import TrimError
from trim.engine.definition import Action
from trim.store import cases
from trim.store.tables import Step

WHO = ("Carol", "Carol", "Pat", "Pat", "Lee")


def answers(story: Story, action: Action, chance: random.Random) -> dict[str, Any]:
    """Something for each question of the form; not always what is asked for."""
    return {
        field.name: {
            "choice": chance.choice([one.value for one in field.choices] or [""]),
            "level": chance.choice([one.value for one in field.choices] or [""]),
            "instant": story.organisation.now,
            "date": story.organisation.now.date(),
            "yes_no": chance.choice([True, False]),
            "practitioner": story.organisation.accounts["Pat"].id,
        }.get(field.field_class, "Some words.")
        for field in action.form
    }


def account(story: Story, before: dict[str, str]) -> dict[str, str]:
    """Every step that there ever was with its state: none vanishes, what has ended stays ended."""
    with story.organisation.backend.reading() as uow:
        rows = list(uow.session.scalars(select(Step)))
    now = {row.id: row.state for row in rows}
    assert before.keys() <= now.keys()
    assert all(now[one] == state for one, state in before.items() if state != "open")
    assert set(now.values()) <= {"open", "done", "cancelled"}
    running = [(row.subject_id, row.name) for row in rows if row.state == "open"]
    assert len(running) == len(set(running)), "a step runs twice"
    assert all(row.name in trim_pack().lifecycles[row.subject_kind].steps for row in rows)
    return now


def walk(story: Story, seed: int, length: int) -> int:
    """Give how many of the actions tried were done."""
    chance, made = random.Random(seed), story.organisation
    things = [("case", story.supported_case())]
    steps, done = account(story, {}), 0
    for _ in range(length):
        kind, ref = chance.choice(things)
        life = trim_pack().lifecycles[kind]
        with made.backend.reading() as uow:
            state = str(cases.load(uow.session, kind, ref).state)
        assert state in life.states
        # Mostly what fits the state, now and then anything.
        fitting = [one for one in life.actions.values() if state in one.from_] or list(life.actions.values())
        action = chance.choice(fitting if chance.random() < 0.9 else list(life.actions.values()))
        who = chance.choice(WHO)
        try:
            if action.instrument:
                act = story.interviews(ref, action.name, points=chance.randint(0, 2))
            else:
                act = story.does(who, action.name, ref, kind=kind, **answers(story, action, chance))
        except TrimError:
            act = None
        if act is not None:
            done += 1
            things += [(one, found) for one, found in act.made.items() if one in trim_pack().lifecycles]
        steps = account(story, steps)
        made.later(days=chance.choice([0, 0, 1, 5]))
    with made.backend.reading() as uow:
        assert broken_chains(uow.session) == []
        assert disagreements(uow.session) == []
    return done


def test_a_random_walk_loses_no_step(story: Story) -> None:
    assert walk(story, seed=5, length=40) > 8


@pytest.mark.large
@pytest.mark.parametrize("seed", range(12))
def test_long_random_walks_lose_no_step(story: Story, seed: int) -> None:
    assert walk(story, seed=seed, length=200) > 10
