"""Addresses and keys that somebody made up are answered like wrong ones, on both databases: never by a failure."""

from __future__ import annotations

import pytest

from tests.support.site import Site
from tests.web.test_histories import token

#: PostgreSQL refuses a NUL in any text; SQLite takes it.
NUL = ("/cases/%00", "/disclosures/%00", "/leaving/%00", "/history?who=%00", "/private/%00")
KEYS = (
    "2026-03-01T00:00:00%2B00:00|a|99999999999999999999999999",
    "2026-03-01T00:00:00%2B00:00|a|-1",
    "0001-01-01T00:00:00%2B14:00|a|1",
    "2026-03-01T00:00:00|a|1",
)


@pytest.fixture(autouse=True)
def _failures_are_pages(site: Site) -> None:
    site.app.testing = False


def test_no_address_holds_a_nul(site: Site) -> None:
    client = site.as_("Carol").client
    assert [client.get(one).status_code for one in NUL] == [404] * len(NUL)


def test_a_made_up_key_begins_at_the_newest(site: Site) -> None:
    for who, page in (("Carol", "/history"), ("Ada", "/trail")):
        client = site.as_(who).client
        assert [client.get(f"{page}?before={key}").status_code for key in KEYS] == [200] * len(KEYS)


@pytest.mark.parametrize("sent", [{"from_on": "0001-01-01"}, {"to_on": "9999-12-31"}, {"who": "\0"}, {"name": "\0"}])
def test_an_export_of_no_day_and_of_nobody(site: Site, sent: dict[str, str]) -> None:
    values = {"of": "practitioner" if "name" in sent else "day", "format": "csv", "csrf_token": token(site), **sent}
    assert site.as_("Carol").client.post("/history/export", data=values).status_code in {200, 404}
