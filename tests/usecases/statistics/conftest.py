"""Robin's case with Pat, whose interviews are counted."""

from tests.support.begun import begun_postgresql, begun_sqlite, talks

__all__ = ["begun_postgresql", "begun_sqlite", "talks"]
