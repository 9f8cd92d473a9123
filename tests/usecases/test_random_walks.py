"""Random sequences of actions through the use cases: no undeclared state, and no step is ever lost."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.groups import running_check
from tests.support.organisation import trim_pack
from tests.support.story import Story
from tests.support.trail import broken_chains, disagreements
from trim.domain.confidentiality import UNDERTAKINGS
from trim.domain.errors import TrimError
from trim.engine.definition import Action
from trim.store import cases, undertakings
from trim.store.tables import Step

WHO = ("Carol", "Carol", "Pat", "Pat", "Lee")


def answers(story: Story, action: Action, chance: random.Random, there: list[str]) -> dict[str, Any]:
    """Something for each question of the form; not always what is asked for."""
    return {
        field.name: {
            "choice": chance.choice([one.value for one in field.choices] or [""]),
            "level": chance.choice([one.value for one in field.choices] or [""]),
            "instant": story.organisation.now,
            "date": (story.organisation.now + timedelta(days=chance.choice([0, 3, 20]))).date(),
            "yes_no": chance.choice([True, False]),
            "practitioner": story.organisation.accounts["Pat"].id,
            "number": chance.randint(0, 90),
            "somebody": chance.choice(["Robin Ashe", "Sam Birch"]),
            "party": there[0] if there else "",
            "parties": there,
        }.get(field.field_class, "Some words.")
        for field in action.form
    }


def _there(story: Story, kind: str, ref: str) -> list[str]:
    """Who takes part, where anybody can."""
    if kind not in UNDERTAKINGS:
        return []
    with story.organisation.backend.reading() as uow:
        return [one.id for one in undertakings.parties(uow.session, undertakings.load(uow.session, ref).id)]


def account(story: Story, before: dict[str, str]) -> dict[str, str]:
    """Every step that there ever was with its state: none vanishes, what has ended stays ended."""
    with story.organisation.backend.reading() as uow:
        rows = list(uow.session.scalars(select(Step)))
    now = {row.id: row.state for row in rows}
    assert before.keys() <= now.keys()
    assert all(now[one] == state for one, state in before.items() if state not in ("open", "paused"))
    assert set(now.values()) <= {"open", "paused", "done", "cancelled"}
    assert all(row.paused_by and row.look_again_at for row in rows if row.state == "paused"), "a pause without its why"
    series = [(row.series_id, row.number) for row in rows if row.series_id]
    assert len(series) == len(set(series)), "a repetition is there twice"
    running = [(row.subject_id, row.name) for row in rows if row.state in ("open", "paused")]
    assert len(running) == len(set(running)), "a step runs twice"
    assert all(row.name in trim_pack().lifecycles[row.subject_kind].steps for row in rows)
    return now


def walk(story: Story, seed: int, length: int) -> int:
    """Give how many of the actions tried were done."""
    chance, made = random.Random(seed), story.organisation
    things = [("case", story.supported_case()), ("periodic_check", running_check(made))]
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
                act = story.does(
                    who, action.name, ref, kind=kind, **answers(story, action, chance, _there(story, kind, ref))
                )
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
    assert walk(story, seed=3, length=40) > 8


@pytest.mark.large
@pytest.mark.parametrize("seed", range(12))
def test_long_random_walks_lose_no_step(story: Story, seed: int) -> None:
    assert walk(story, seed=seed, length=200) > 10
