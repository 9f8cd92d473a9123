"""What a worker of the small organisation works with."""

from __future__ import annotations

from tests.support.organisation import Organisation
from trim.jobs.tasks import Kit
from trim.jobs.tick import prepare
from trim.settings import Settings


def settings_of(made: Organisation, *, tick_seconds: int = 60) -> Settings:
    """The settings of its instance; mails go to the folder `mail` in it."""
    assert made.folder is not None
    return Settings(
        instance=made.folder,
        database_url=made.urls.url,
        owner_database_url=made.urls.owner_url,
        base_url="http://127.0.0.1:8000",
        tick_seconds=tick_seconds,
    )


def kit_of(made: Organisation, worker: str = "one") -> Kit:
    """A worker of that name, with the rows in which it keeps how it goes."""
    kit = Kit(made.backend, settings_of(made), worker)
    prepare(kit)
    return kit
