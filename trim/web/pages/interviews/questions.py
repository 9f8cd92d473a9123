"""The questions of an interview: filled in over one talk or several sittings, and recorded when all have an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from trim.domain.access import Can
from trim.domain.errors import Change, InvalidInput, NotAllowedNow, StaleVersion
from trim.usecases.assessment.open_interview import InterviewPage, OpenDraft
from trim.usecases.assessment.save_draft import save_draft
from trim.usecases.assessment.submit import submit_assessment
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.base import submitted_action
from trim.web.forms.interview import (
    InterviewForm,
    answer_words,
    boxes_of,
    interview_form,
    sent_boxes,
)
from trim.web.i18n import instant, language, of_text
from trim.web.pages.interviews.room import address, bp, common, load

STOPPED_EARLY = "stopped_early"


@bp.route("/cases/<ref>/interviews/<action>/questions", methods=["GET", "POST"])
@allowed(Can.WORK_OWN_CASES)
def questions(ref: str, action: str) -> ResponseReturnValue:
    """Show the questions as they were left; record the interview when they are sent."""
    page = load(ref, action)
    if page.draft is None or (page.must_begin and request.method == "GET"):
        return redirect(address("begin", page))
    form = form_of(page)
    if not form.is_accepted():
        return render(page, form)
    try:
        with context.backend().writing() as uow:
            act = submit_assessment(
                uow,
                context.signed_in_actor(),
                now=context.now(),
                case_ref=ref,
                action=action,
                version=form.version.data,
                draft_version=form.draft_version.data,
                answers=form.answers(),
                newly_disclosed=form.disclosed(),
                values=form.values(),
                stopped_early=submitted_action() == STOPPED_EARLY,
            )
    except InvalidInput as invalid:
        form.add_problems(invalid.problems, language())
        return render(page, form)
    except StaleVersion as stale:
        return stale_page(ref, action, stale, draft_moved=form.draft_version.data != page.draft.version)
    except NotAllowedNow:
        return _refused(page)
    return redirect(url_for("interviews.show", ref=ref, assessment_id=act.made["assessment"]))


def _refused(page: InterviewPage) -> ResponseReturnValue:
    """Keep what was typed, then say why it cannot be recorded; or, with a warning still to be read, lead there."""
    assert page.draft is not None
    with context.backend().writing() as uow:
        save_draft(
            uow,
            context.signed_in_actor(),
            now=context.now(),
            case_ref=page.case_ref,
            action=page.action,
            version=page.draft.version,
            **sent_boxes(request.form),
        )
    if page.must_begin:
        return redirect(address("begin", page))
    again = load(page.case_ref, page.action)
    raise NotAllowedNow(list(again.refused))


def stale_page(ref: str, action: str, stale: StaleVersion, *, draft_moved: bool) -> ResponseReturnValue:
    """The same form with everything that was typed, what changed meanwhile, and the present versions; 409."""
    page = load(ref, action)
    sent = request.form.copy()
    sent["version"] = str(page.case_version)
    sent["draft_version"] = str(page.draft.version if page.draft else 0)
    form = form_of(page, shown=sent)
    moved = _differences(page.draft, form, page) if draft_moved and page.draft else []
    changes: Sequence[Change] = () if draft_moved else stale.changes
    return render(page, form, differences=moved, changes=[(one, _at(one)) for one in changes], moved=True), 409


def form_of(page: InterviewPage, *, shown: Any = None) -> InterviewForm:
    """The form as it was sent, else as the draft left it; a talk before the earliest bound is asked why."""
    if shown is None and request.method == "GET":
        shown = _kept(page)
    stopped = submitted_action() == STOPPED_EARLY

    def made(early: bool) -> InterviewForm:
        return interview_form(
            page.instrument,
            page.early_fields if early else page.fields,
            page.outside,
            now=context.now(),
            zone=context.organisation().zone,
            shown=shown,
            stopped_early=stopped,
        )

    form = made(early=page.is_early(context.now()))
    held_at = form.field("held_at").data if "held_at" in form.pack_fields else None
    early = page.is_early(held_at or context.now())
    return form if early == page.is_early(context.now()) else made(early=early)


def render(page: InterviewPage, form: InterviewForm, **more: Any) -> str:
    """The page of the questions."""
    typed = page.draft.typed if page.draft else {}
    given = request.method == "GET" and not any(name.startswith("held_at") for name in typed)
    return render_template("interviews/questions.html", page=page, form=form, held_at_given=given, **common(**more))


def _kept(page: InterviewPage) -> Any:
    """The draft as boxes; a new one begins with what cannot change, and with when confidentiality was explained."""
    draft = page.draft
    assert draft is not None
    given = {item: one.answer for item, one in (page.inside or {}).items()}
    typed = dict(draft.typed)
    if draft.begun_at is not None and not any(name.startswith("held_at") for name in typed):
        local = draft.begun_at.astimezone(context.organisation().zone)
        typed["held_at"] = [local.strftime("%Y-%m-%dT%H:%M")]
    return boxes_of(
        version=page.case_version,
        draft_version=draft.version,
        answers={**given, **draft.answers},
        disclosed=draft.disclosed,
        typed=typed,
    )


def _differences(draft: OpenDraft, form: InterviewForm, page: InterviewPage) -> list[tuple[str, str]]:
    """What the draft holds otherwise than the form that was sent: label and words."""
    sent = sent_boxes(request.form)
    items = {item.name: item for item in page.instrument.items()} | {one.item.name: one.item for one in page.outside}
    found = []
    for group, kept in (("answers", draft.answers), ("disclosed", draft.disclosed)):
        for name, answer in kept.items():
            if sent[group].get(name, "") != answer and name in items:
                found.append((of_text(items[name].label), answer_words(items[name], answer)))
    for name in form.pack_fields:
        theirs = [one for box, values in draft.typed.items() if box.partition("-")[0] == name for one in values]
        mine = [one for box, values in sent["typed"].items() if box.partition("-")[0] == name for one in values]
        if any(theirs) and theirs != mine:
            found.append((form.field(name).label_text, " ".join(one for one in theirs if one)))
    return found


def _at(change: Change) -> str:
    return instant(datetime.fromisoformat(change.at)) if change.at else ""
