"""Access requests: their list, each of their steps, the review item by item, and the locked package."""

from trim.web.pages.access_requests import listing, package, review, steps
from trim.web.pages.access_requests.room import bp

__all__ = ["bp", "listing", "package", "review", "steps"]
