"""What a test needs from the machine and does not find: a loud skip for a person, a failure for CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

#: Each skip for such a reason begins with this, so that the end of the run can count them.
PREFIX = "Not on this machine: "


def is_ci() -> bool:
    """Whether this run decides if a change lands; then nothing may be left out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def missing(what: str, cure: str) -> NoReturn:
    """Skip this test because the machine lacks something; where CI=true, fail instead."""
    reason = f"{PREFIX}{' '.join(what.split())}. {cure}"
    if is_ci():
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
