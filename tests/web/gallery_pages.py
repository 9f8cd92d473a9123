"""The gallery's pages as templates, and the made-up data on them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from trim.engine.definition import Anchor, Band, Instrument, Item, Section
from trim.engine.scoring import compare, score
from trim.engine.wording import Text
from trim.web.scores import score_rows

PAGES = {
    "form.html": """
{% extends "layout.html" %}
{% from "macros/field.html" import field %}
{% from "macros/error_summary.html" import error_summary %}
{% from "macros/page.html" import button, actions %}
{% set title = _("Report an incident") %}
{% set caption = _("Incidents") %}
{% set back = "/worklist" %}
{% block before_heading %}{{ error_summary(form) }}{% endblock %}
{% block content %}
<form method="post" action="/form" novalidate data-autosave="/form" data-saving="{{ _('Saving…') }}" data-saved="{{ _('Draft saved') }}" data-not-saved="{{ _('Not saved') }}">
  {{ form.hidden_tag() }}
  {% for one in form if field_kind(one) != "hidden" %}{{ field(one) }}{% endfor %}
  <p class="trim-saved" data-autosave-status role="status"></p>
  {% call actions() %}{{ button(_("Report")) }}{{ button(_("Save as a draft"), kind="secondary", name="do", value="draft") }}{% endcall %}
</form>
{% endblock %}
""",
    "worklist.html": """
{% extends "layout.html" %}
{% from "macros/worklist.html" import worklist %}
{% from "macros/window.html" import due_tag %}
{% from "macros/page.html" import tag, moment %}
{% from "macros/paging.html" import paging %}
{% set title = _("My work") %}
{% block content %}
{% set ns = namespace(rows=[]) %}
{% for one in work %}
  {% set ns.rows = ns.rows + [{"href": "/case", "hint": one.unit, "state": one.state,
      "cells": [one.name, one.what, moment(one.at, short=true), due_tag(one.state)]}] %}
{% endfor %}
{{ worklist(_("To do, soonest first"), [_("Person"), _("What"), _("Due"), _("State")], ns.rows, count=ns.rows|length) }}
{{ paging(next_href="/worklist?after=1") }}
{{ worklist(_("Waiting for an answer"), [_("Person")], [], empty=_("Nobody is waiting for an answer.")) }}
{% endblock %}
""",
    "case.html": """
{% extends "layout.html" %}
{% from "macros/timeline.html" import timeline %}
{% from "macros/window.html" import window %}
{% from "macros/score.html" import change_panel, totals, score_table %}
{% from "macros/page.html" import tag, heading, button, actions, post_button, card %}
{% set title = "Sam Okafor" %}
{% set caption = "C-7K3M2P" %}
{% set back = "/worklist" %}
{% block heading %}{% call heading(title, caption) %}{{ tag(_("Waiting for the follow-up")) }}{{ tag(_("High"), "warn") }}{% endcall %}{% endblock %}
{% block content %}
{% call actions() %}{{ button(_("Record the follow-up"), href="/form") }}{{ button(_("Log a contact"), href="/form", kind="secondary") }}
{{ post_button(_("Raise a red flag"), "/sign-out", kind="warning", confirm=_("Press again to alert the coordinator on duty")) }}{% endcall %}
<h2 class="govuk-heading-m">{{ _("Next") }}</h2>
{{ window(_("Follow-up"), now=now, zone=zone, earliest_at=soon[0], due_at=soon[1], latest_at=soon[2], anchor=_("Counted from the first interview.")) }}
{{ window(_("Allocation"), now=now, zone=zone, due_at=late, anchor=none, assumption=_("The time is not known: noon was assumed.")) }}
<h2 class="govuk-heading-m">{{ _("Scores") }}</h2>
{{ change_panel(change) }}
{{ totals(later, _("High"), "warn") }}
{{ score_table(rows, _("What each theme gave"), later_label=_("Follow-up"), earlier_label=_("First interview")) }}
{{ change_panel(worse) }}
{{ totals(partial) }}
<h2 class="govuk-heading-m">{{ _("What happened so far") }}</h2>
{{ timeline(events) }}
{% endblock %}
""",
    "panels.html": """
{% extends "layout.html" %}
{% from "macros/page.html" import call_now, notice, card, facts, more, tag, button, actions %}
{% set title = _("Help now") %}
{% block content %}
{{ call_now(numbers, text=_("Do not wait for anybody's agreement. Stay with the person if you can.")) }}
{{ call_now([], title=_("Nobody is on duty"), text=_("Use the crisis numbers of your organisation."), level="quiet", id="nobody") }}
{{ notice(_("Draft saved"), kind="good", text=_("You can go on later.")) }}
{{ notice(_("An investigation is running"), kind="warn", text=_("Do not take an account of the facts.")) }}
{{ notice(_("This draft holds a red flag"), kind="urgent", text=_("Call now.")) }}
{{ notice(text=_("Nothing else is asked.")) }}
{% call card(_("Person")) %}
{{ facts([(_("Name"), "Sam Okafor"), (_("Unit"), "North station", {"text": _("Change"), "href": "/form"}), (_("Phone"), none)]) }}
{% endcall %}
{% call more(_("Why we ask")) %}<p class="govuk-body">{{ _("Because it decides who is asked.") }}</p>{% endcall %}
<p class="govuk-body">{{ tag("calm", "calm") }} {{ tag("good", "good") }} {{ tag("warn", "warn") }} {{ tag("urgent", "urgent") }} {{ tag("plain", "plain") }}</p>
{% call actions() %}{{ button("Primary") }}{{ button("Secondary", kind="secondary") }}{{ button("Warning", kind="warning") }}{% endcall %}
{% endblock %}
""",
}

_ITEMS = (
    ("control", "Felt out of control", "Sentiment de ne rien maîtriser", False),
    ("threat", "Felt their life was in danger", "Sentiment d’être en danger de mort", False),
    ("blame", "Blames others", "Reproches envers les autres", True),
    ("shame", "Feels shame or guilt", "Honte ou culpabilité", True),
    ("stress", "Signs of acute stress since", "Signes de stress aigu depuis", True),
    ("daily", "Trouble with everyday life", "Difficultés au quotidien", True),
    ("drink", "Drinks more to cope", "Boit davantage pour tenir", True),
)
_ANCHORS = (
    Anchor(0, Text("Not at all", "Pas du tout")),
    Anchor(1, Text("Partly", "En partie")),
    Anchor(2, Text("Clearly", "Nettement")),
)


def _instrument() -> Instrument:
    items = tuple(
        Item(name, Text(en, fr), Text(en, fr), anchors=_ANCHORS, changeable=changeable)
        for name, en, fr, changeable in _ITEMS
    )
    return Instrument(
        "first",
        "1",
        Text("First", "Premier"),
        Text("", ""),
        (Section("all", Text("All", "Tout"), items),),
        bands=(Band("low", Text("Low", "Faible"), 0, 6), Band("high", Text("High", "Élevé"), 7, 14)),
    )


def sample(now: datetime) -> dict[str, Any]:
    """Made-up people, windows, scores and events around `now`."""
    days = lambda count: now + timedelta(days=count)  # noqa: E731
    instrument = _instrument()
    before = dict.fromkeys((name for name, *_rest in _ITEMS), 2)
    after: dict[str, str | int] = before | {"blame": 1, "stress": 1, "daily": 0, "drink": "preferred_not_to_answer"}
    change = compare(instrument, before, instrument, after)
    later, earlier = score(instrument, after), score(instrument, before)
    return {
        "work": [
            {
                "name": "Sam Okafor",
                "unit": "North station, watch B",
                "what": _("First interview"),
                "at": days(-2),
                "state": "overdue",
            },
            {
                "name": "Élodie Maréchal-Dubreuil",
                "unit": "Control room",
                "what": _("Follow-up at 28 days"),
                "at": now,
                "state": "due_today",
            },
            {
                "name": "Jo Lindqvist",
                "unit": "South station",
                "what": _("First interview"),
                "at": days(2),
                "state": "soon",
            },
            {
                "name": "Aminata Traoré",
                "unit": "Digital forensics",
                "what": _("Follow-up at three months"),
                "at": days(40),
                "state": "early",
            },
        ],
        "soon": (days(-1), days(2), days(10)),
        "late": days(-1),
        "change": change,
        "worse": compare(instrument, {"stress": 0, "daily": 0}, instrument, {"stress": 1, "daily": 1}),
        "later": later,
        "partial": score(instrument, {"stress": 1}, stopped_early=True),
        "rows": score_rows(instrument, later, earlier=earlier, change=change),
        "events": [
            {
                "title": _("First interview"),
                "at": days(-26),
                "by": "Robin Hall",
                "outcome": _("Score 14 out of 14: high."),
                "kind": "done",
                "href": "/case",
            },
            {
                "title": _("Red flag raised"),
                "at": days(-26),
                "by": "Robin Hall",
                "outcome": _("Spoke to the coordinator on duty at once."),
                "kind": "flag",
            },
            {"title": _("Offer accepted"), "at": days(-28), "by": "Kim Vega"},
            {"title": _("Follow-up due"), "at": days(2), "kind": "coming"},
        ],
        "numbers": [
            {"label": _("Coordinator on duty: Kim Vega"), "number": "+44 20 7946 0123", "when": _("Until 08:00")},
            {"label": _("Emergency services"), "number": "112", "when": ""},
        ],
    }
