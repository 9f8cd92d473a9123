"""One access request, and its steps: who asks, identity, reviewer, more time, an end, the hand-over."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import NotFound
from trim.usecases.disclosure import see_to_request
from trim.usecases.disclosure.read_request import RequestPage, read_request, reviewers_for
from trim.web import context
from trim.web.access import allowed
from trim.web.forms import disclosure as forms
from trim.web.forms.fields import choice
from trim.web.pages.access_requests.room import bp, step


@bp.get("/access-requests/<ref>")
@allowed(Can.OVERSEE_CASES)
def show(ref: str) -> ResponseReturnValue:
    """Who asks, by when, what was done and what comes next; or first the question who leads whom."""
    one = _read(ref)
    if one.ask:
        return render_template("access_requests/ask.html", one=one, form=forms.LeadsForm())
    today = context.now().astimezone(context.organisation().zone).date()
    return render_template("access_requests/show.html", one=one, today=today)


@bp.route("/access-requests/<ref>/line-manager", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def declare(ref: str) -> ResponseReturnValue:
    """The answer to the question who leads whom (CARE 10)."""
    form = forms.LeadsForm()
    if form.is_accepted():
        with context.backend().writing() as uow:
            see_to_request.declare(
                uow, context.signed_in_actor(), now=context.now(), ref=ref, leads=bool(form.leads.data)
            )
        if form.leads.data:
            flash(_("Thank you. You will not see this request any more; somebody else goes on with it."))
            return redirect(url_for("access_requests.index"))
        return redirect(url_for("access_requests.show", ref=ref))
    return render_template("access_requests/ask.html", one=_read(ref), form=form)


@bp.route("/access-requests/<ref>/identity", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def identity(ref: str) -> ResponseReturnValue:
    """Who asks was checked."""
    form = forms.IdentityForm(data={"version": _read(ref).version})
    return step(
        form,
        see_to_request.check_identity,
        ref,
        lambda: {"how": form.how.data, "remark": form.remark.data or ""},
        title=_("Check who asks"),
        explanation=_("Nothing is gathered before. Write down that you checked it, not what you saw."),
        button_text=_("The identity is checked"),
    )


@bp.route("/access-requests/<ref>/reviewer", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def reviewer(ref: str) -> ResponseReturnValue:
    """Name who reviews it."""
    form = forms.ReviewerForm(data={"version": _read(ref).version})
    with context.backend().reading() as uow:
        found = reviewers_for(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    form.reviewer.choices = [choice(account_id, name) for account_id, name in found]
    return step(
        form,
        see_to_request.name_reviewer,
        ref,
        lambda: {"account_id": form.reviewer.data},
        title=_("Name who reviews it"),
        explanation=_(
            "The reviewer reads everything and marks what concerns other people. Only they can open the package. "
            "Whoever is close to the person is not in this list."
        ),
        button_text=_("Name this reviewer"),
    )


@bp.route("/access-requests/<ref>/more-time", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def extend(ref: str) -> ResponseReturnValue:
    """Two further months."""
    form = forms.ExtensionForm(data={"version": _read(ref).version})
    return step(
        form,
        see_to_request.extend_deadline,
        ref,
        lambda: {"code": form.code.data, "reason": form.reason.data},
        title=_("Take more time"),
        explanation=_("Two months more, once. The person must be told why within the first month."),
        button_text=_("Extend the deadline"),
    )


@bp.route("/access-requests/<ref>/end", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def end(ref: str) -> ResponseReturnValue:
    """End it without a package."""
    form = forms.EndForm(data={"version": _read(ref).version})
    return step(
        form,
        see_to_request.end_request,
        ref,
        lambda: {"code": form.code.data, "reason": form.reason.data},
        title=_("End without a package"),
        explanation=_(
            "The person is told why, and that they can complain to the data protection authority or go to court."
        ),
        button_text=_("End this request"),
    )


@bp.route("/access-requests/<ref>/hand-over", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def hand_over(ref: str) -> ResponseReturnValue:
    """The reviewer has handed the package over."""
    one = _read(ref)
    if not one.is_reviewer:
        raise NotFound
    form = forms.HandOverForm(data={"version": one.version}, now=context.now(), zone=context.organisation().zone)
    return step(
        form,
        see_to_request.hand_over,
        ref,
        lambda: {"how": form.how.data, "on": form.on.data},
        title=_("Record the hand-over"),
        explanation=_("Give the passphrase by another way than the file. The file is then deleted here."),
        button_text=_("It is handed over"),
    )


def _read(ref: str) -> RequestPage:
    with context.backend().writing() as uow:
        return read_request(uow, context.signed_in_actor(), now=context.now(), ref=ref)
