"""The vectors that the documents give to whoever writes another checker."""

from __future__ import annotations

from pathlib import Path

import pytest

from trim.audit.check_proof import check_proof
from trim.audit.verify import verify

VECTORS = Path(__file__).resolve().parents[2] / "docs" / "trail-vectors"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("whole", []), ("changed", [("changed", "case:000001", 2)]), ("cut", [("cut", "case:000001", 3)])],
)
def test_vectors(name, expected):
    report = verify(VECTORS / f"{name}.txt", VECTORS / "trail.pub", columns=True)
    assert [(one.kind, one.where, one.number) for one in report.findings] == expected


@pytest.mark.parametrize(("name", "proven"), [("entry", True), ("growth", True), ("entry-changed", False)])
def test_vectors_of_proofs(name, proven):
    assert check_proof(VECTORS / f"{name}.proof", VECTORS / "trail.pub").proven is proven
