"""The cost of a page does not grow with what it shows (law 11)."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.support.queries import counted
from tests.support.site import Site
from tests.web.query_pages import PAGES, Listed

FEW = 3


def asked(site: Site, listed: Listed) -> list[str]:
    """The statements that one look at the page sends."""
    with counted(site.organisation.backend) as sent:
        site.as_(listed.who).get(listed.path)
    return sent


@pytest.mark.large_on_postgresql
@pytest.mark.parametrize("listed", PAGES, ids=lambda listed: f"{listed.who} {listed.path}")
def test_a_page_with_many_rows_asks_as_often_as_one_with_few(site: Site, listed: Listed) -> None:
    listed.grow(site.organisation, FEW)
    asked(site, listed)
    few = asked(site, listed)
    listed.grow(site.organisation, listed.many - FEW)
    many = asked(site, listed)
    more = Counter(many) - Counter(few)
    assert len(many) == len(few), "\n".join(f"{times} more: {statement}" for statement, times in more.items())
