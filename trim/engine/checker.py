"""Finds what makes a well-formed pack unsafe to run."""

from __future__ import annotations

from collections.abc import Mapping

from trim.domain.vocabulary import Vocabulary
from trim.engine.definition import Pack
from trim.engine.problems import Problem
from trim.engine.source import Source


def check(pack: Pack, vocabulary: Vocabulary, places: Mapping[str, Source]) -> list[Problem]:
    """Give every fault of sense in a pack."""
    return []
