"""Without its line in the trail nothing is changed, nothing is shown, and nobody is signed in (law 7)."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

from tests.support.broken_pen import give_broken_pen

STORIES = ["tests.walks.test_from_intake_to_closure.test_from_intake_to_closure_and_reopening"]


@pytest.mark.large_on_postgresql
@pytest.mark.parametrize("story", STORIES)
def test_nothing_happens_without_its_line(site, request, story):
    module, _, name = story.rpartition(".")
    tell = getattr(import_module(module), name)
    held = give_broken_pen(site)
    tell(**{argument: request.getfixturevalue(argument) for argument in inspect.signature(tell).parameters})
    assert held
