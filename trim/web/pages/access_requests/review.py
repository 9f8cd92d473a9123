"""The review: sections, their items, and what stays out of each."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.disclosure import LEFT_OUT
from trim.domain.errors import InvalidInput
from trim.usecases.disclosure import review as reviewing
from trim.web import context
from trim.web.access import allowed
from trim.web.disclosure_words import left_out_words
from trim.web.forms.base import BaseForm
from trim.web.forms.disclosure import ItemForm
from trim.web.forms.fields import HiddenField, VersionField, choice
from trim.web.i18n import language
from trim.web.pages.access_requests.room import bp


class PressForm(BaseForm):
    """A button with the version it was shown with."""

    version = VersionField()


class SectionForm(PressForm):
    """The same for a section, with the digest of what was shown."""

    digest = HiddenField()


@bp.route("/access-requests/<ref>/review", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def review(ref: str) -> ResponseReturnValue:
    """How far the review is; sent, it is finished."""
    form = PressForm()
    if form.is_accepted():
        with context.backend().writing() as uow:
            reviewing.finish_review(
                uow, context.signed_in_actor(), now=context.now(), ref=ref, version=form.version.data
            )
        flash(_("The review is finished. Now make the package."))
        return redirect(url_for("access_requests.show", ref=ref))
    with context.backend().writing() as uow:
        found = reviewing.read_review(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    return render_template("access_requests/review.html", review=found)


@bp.route("/access-requests/<ref>/review/<section>", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def section(ref: str, section: str) -> ResponseReturnValue:
    """One section, item by item; sent, what bears no mark in it stays as it is."""
    actor, now, form = context.signed_in_actor(), context.now(), SectionForm()
    if form.is_accepted():
        with context.backend().writing() as uow:
            reviewing.keep_section(
                uow,
                actor,
                now=now,
                ref=ref,
                version=form.version.data,
                section=section,
                digest=form.digest.data or "",
            )
        flash(_("This part is read."))
        return redirect(url_for("access_requests.review", ref=ref))
    with context.backend().writing() as uow:
        found = reviewing.read_review(uow, actor, now=now, ref=ref, section=section)
    return render_template("access_requests/section.html", review=found, part=found.sections[0])


@bp.route("/access-requests/<ref>/items/<key>", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def item(ref: str, key: str) -> ResponseReturnValue:
    """One item: keep it, leave passages out, or leave it out whole."""
    actor, now = context.signed_in_actor(), context.now()
    with context.backend().writing() as uow:
        found, read = reviewing.read_item(uow, actor, now=now, ref=ref, key=key)
    form = ItemForm(data={"version": found.version, "digest": read.digest})
    form.decision.choices = [
        choice(reviewing.KEEP, _("All of it")),
        choice(reviewing.CUT, _("All but some passages")),
        choice(reviewing.LEAVE_OUT, _("Nothing of it")),
    ]
    form.reason.choices = [choice(code, left_out_words(code)) for code in LEFT_OUT]
    part = found.sections[0]
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                reviewing.mark_item(
                    uow,
                    actor,
                    now=now,
                    ref=ref,
                    version=form.version.data,
                    key=key,
                    decision=form.decision.data,
                    digest=form.digest.data or "",
                    leave_out=form.wanted(),
                    reason=form.reason.data or "",
                )
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        else:
            flash(_("Marked."))
            return redirect(url_for("access_requests.section", ref=ref, section=part.section.key))
    return render_template("access_requests/item.html", form=form, review=found, part=part, read=read)
