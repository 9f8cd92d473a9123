"""The page of one action of the pack, the same for a case and for all that runs beside it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.confidentiality import UNDERTAKINGS
from trim.domain.errors import InvalidInput, NotAllowedNow
from trim.usecases.acting.act import Act
from trim.usecases.cases.action_page import ActionPage, action_page
from trim.usecases.perform import perform
from trim.web import context
from trim.web.case_words import load_words
from trim.web.forms.fields import choice
from trim.web.forms.from_pack import PackForm, pack_form
from trim.web.i18n import language, of_text
from trim.web.refused import note_refusal

#: What the engine calls a condition of the pack that does not hold.
REQUIREMENT = "requirement"


def act_on(kind: str, ref: str, action: str) -> ResponseReturnValue:
    """Show the action's form, or do the action and go where it leads."""
    page = _load(kind, ref, action, is_shown=request.method == "GET")
    if page.instrument is not None:
        return redirect(url_for("interviews.begin", ref=ref, action=action))
    form = _form(page)
    if not form.is_accepted():
        return _render(page, form, kind, ref, action)
    try:
        with context.backend().writing() as uow:
            act = perform(
                uow,
                context.signed_in_actor(),
                now=context.now(),
                kind=kind,
                ref=ref,
                action=action,
                # Nothing may hold up a red flag, not even that somebody else changed the case a moment ago (CARE 1).
                version=None if "raise_red_flag" in page.does else form.version.data,
                values=form.values(),
            )
    except InvalidInput as invalid:
        form.add_problems(invalid.problems, language())
        return _render(page, form, kind, ref, action)
    except NotAllowedNow as refused:
        if not set(refused.codes) <= {REQUIREMENT}:
            raise
        # What was chosen does not go with the rules: it is said above the form, which keeps what was written. Where
        # the case itself has moved on, showing it anew fails and says so.
        note_refusal(refused)
        form.form_errors.extend(reason.of(language()) for reason in refused.reasons)
        return _render(page, form, kind, ref, action)
    flash(_("Done: %(what)s", what=of_text(page.told)))
    return redirect(where_next(act))


def _load(kind: str, ref: str, action: str, *, is_shown: bool) -> ActionPage:
    with context.backend().writing() if is_shown else context.backend().reading() as uow:
        return action_page(
            uow, context.signed_in_actor(), now=context.now(), kind=kind, ref=ref, action=action, is_shown=is_shown
        )


def _form(page: ActionPage) -> PackForm:
    able = [
        choice(one.account_id, one.name, load_words(one) if page.case_ref else "")
        for one in page.candidates
        if one.can_be_asked
    ]
    # Whoever comes here to note a talk has usually just put the telephone down.
    shown = {"spoke_at": context.now()}
    return pack_form(
        page.fields,
        now=context.now(),
        zone=context.organisation().zone,
        version=page.version,
        practitioners=able,
        parties=[choice(party, name) for party, name in page.parties],
        data=shown,
    )


def _render(page: ActionPage, form: PackForm, kind: str, ref: str, action: str) -> str:
    if request.method == "POST":
        _load(kind, ref, action, is_shown=True)
    return render_template("cases/action.html", page=page, form=form, back=back_to(page))


def back_to(page: ActionPage) -> str:
    """Where the page of an action came from."""
    if page.kind == "case":
        return url_for("cases.show", ref=page.ref)
    if page.kind in UNDERTAKINGS:
        return url_for("undertakings.show", ref=page.ref)
    return url_for(f"{page.kind}s.show", ref=page.ref)


def where_next(act: Act) -> str:
    """Where an action leads: to what it made, to the form it asks for next, else back."""
    case = act.case
    does = set(act.decision.does)
    if act.kind in UNDERTAKINGS:
        return url_for("undertakings.show", ref=act.subject.ref)
    if act.kind == "incident":
        return url_for("incidents.show", ref=act.subject.ref)
    if case is None or "decline_allocation" in does:
        return url_for("start.index")
    if "raise_red_flag" in does:
        return url_for("cases.call", ref=case.ref, escalation=act.made["escalation"])
    if "referral" in act.made:
        return url_for("referrals.show", ref=act.made["referral"])
    if "next" in act.made:
        return url_for("cases.action", ref=case.ref, action=act.made["next"])
    if act.kind in ("escalation", "referral", "agreed_step"):
        return url_for(f"{act.kind}s.show", ref=act.subject.ref)
    return url_for("cases.show", ref=case.ref)
