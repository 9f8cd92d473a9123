from __future__ import annotations

import pytest

from trim.engine.wording import Text, typeset_french


@pytest.mark.parametrize(
    ("locale", "said"), [("fr", "oui"), ("fr_BE", "oui"), ("FR", "oui"), ("en", "yes"), ("de", "yes")]
)
def test_speaks_the_locale(locale: str, said: str) -> None:
    assert Text("yes", "oui").of(locale) == said


def test_fills_each_language_with_its_own_words() -> None:
    said = Text("{a} at {b}", "{a} à {b}").filled(a=Text("one", "un"), b="x")
    assert said == Text("one at x", "un à x")


def test_binds_french_spaces() -> None:
    assert typeset_french("« L'un » : oui ?") == "«\u00a0L’un\u00a0»\u00a0: oui\u00a0?"
