"""The blueprint of the pages of an interview, and what they all show for somebody in danger."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for

from trim.usecases.assessment.open_interview import InterviewPage, open_interview
from trim.usecases.assessment.urgent import Urgent
from trim.web import context
from trim.web.forms.interview import answer_words
from trim.web.numbers import numbers_to_call

bp = Blueprint("interviews", __name__)

bp.add_app_template_global(answer_words)


@bp.app_template_global()
def urgent_numbers(urgent: Urgent) -> list[dict[str, str]]:
    """Whom to call now, as the macro `call_now` draws it."""
    return numbers_to_call(urgent.numbers)


def load(ref: str, action: str) -> InterviewPage:
    """The interview, with its line in the trail. Raises NotFound, ConflictUnknown."""
    with context.backend().writing() as uow:
        return open_interview(uow, context.signed_in_actor(), now=context.now(), case_ref=ref, action=action)


def common(**more: Any) -> dict[str, Any]:
    """What the templates of this room need besides their page."""
    return {"now": context.now(), "zone": context.organisation().zone, **more}


def address(endpoint: str, page: InterviewPage) -> str:
    """The address of another page of the same interview."""
    return url_for(f"interviews.{endpoint}", ref=page.case_ref, action=page.action)
