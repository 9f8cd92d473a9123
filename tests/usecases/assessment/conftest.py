"""Robin's case with Pat, three days after the event."""

from tests.support.begun import begun_postgresql, begun_sqlite, talks

__all__ = ["begun_postgresql", "begun_sqlite", "talks"]
