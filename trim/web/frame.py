"""What stands around every page, as one value that the application hands in for each request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the navigation; `count` is work that waits there (0 or None shows nothing)."""

    label: str
    href: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FootLink:
    """One link in the foot of the page, such as privacy or accessibility."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Organisation, navigation by role, and addresses that the layout needs; None leaves a part out.

    `zone` is the organisation's: the clock by which every page shows its instants.
    """

    organisation: str
    zone: ZoneInfo
    home_url: str = "/"
    navigation: tuple[NavigationItem, ...] = ()
    signed_in_as: str | None = None
    account_url: str | None = None
    sign_in_url: str | None = None
    sign_out_url: str | None = None
    language_url: str | None = None
    help_url: str | None = None
    foot_links: tuple[FootLink, ...] = field(default=())
    is_demonstration: bool = False
    #: The present day on the organisation's clock: dates of another year say theirs. None where nobody knows it.
    today: date | None = None
    #: The instant that a demonstration's clock shows, where it was put forward; None everywhere else (CARE 34).
    simulated_at: datetime | None = None


def init_frame(app: Flask, make_frame: Callable[[], PageFrame]) -> None:
    """Give every template its `frame`, made at most once a request by `make_frame`."""
    app.extensions["trim-frame"] = make_frame
    app.context_processor(_frame_for_templates)


def _frame_for_templates() -> dict[str, Any]:
    return {"frame": current_frame()}


def current_frame() -> PageFrame:
    """The frame of the present request."""
    if "trim_frame" not in g:
        g.trim_frame = current_app.extensions["trim-frame"]()
    frame: PageFrame = g.trim_frame
    return frame
