"""Pages about one case: reading it, acting on it, who may not see it, whom to call."""

from trim.web.pages.cases import acting, appointment, away, history, listing, private_link, red_flag, show
from trim.web.pages.cases.room import bp

__all__ = ["acting", "appointment", "away", "bp", "history", "listing", "private_link", "red_flag", "show"]
