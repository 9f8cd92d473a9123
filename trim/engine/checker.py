"""Finds what makes a well-formed pack unsafe to run; one module per kind of fault."""

from __future__ import annotations

from collections.abc import Mapping

from trim.domain.vocabulary import Vocabulary
from trim.engine.checks import (
    access,
    beside,
    care,
    conditions,
    flow,
    instruments,
    moving,
    order,
    references,
    scores,
    steps,
    without_incident,
)
from trim.engine.checks.findings import Findings
from trim.engine.definition import Pack
from trim.engine.problems import Problem
from trim.engine.source import Source


def check(pack: Pack, vocabulary: Vocabulary, places: Mapping[str, Source]) -> list[Problem]:
    """Give every fault of sense in a pack; `places` maps dotted keys to where they stand in its files."""
    findings = Findings(pack, vocabulary, places)
    for room in (
        references,
        flow,
        steps,
        moving,
        order,
        conditions,
        instruments,
        access,
        care,
        beside,
        scores,
        without_incident,
    ):
        room.check(findings)
    return findings.problems
