"""Give the person a private link to their own ledger, with a code to be given apart (CARE 15)."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.delivery.mail import post_office
from trim.domain.access import Can
from trim.domain.errors import InvalidInput
from trim.usecases.ledger import give_link as giving
from trim.usecases.ledger.give_link import Given
from trim.usecases.ledger.send_link import send_link
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.ledger import LinkForm
from trim.web.i18n import language
from trim.web.pages.cases.room import bp


@bp.route("/cases/<ref>/private-link", methods=["GET", "POST"])
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def private_link(ref: str) -> ResponseReturnValue:
    """Make a link: sent where the person chose, or shown here to be handed over; its code is shown once."""
    actor, now, form = context.signed_in_actor(), context.now(), LinkForm()
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                given = giving.give_link(
                    uow,
                    actor,
                    now=now,
                    ref=ref,
                    channel=form.channel.data,
                    address=form.address.data or "",
                    work_address_wanted=bool(form.work_address.data),
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            return _made(ref, given)
    with context.backend().writing() as uow:
        page = giving.link_page(uow, actor, now=now, ref=ref)
    if request.method == "GET":
        form.address.data = page.address
    return render_template(
        "cases/private_link.html", page=page, form=form, sends_mail=bool(context.web_context().settings.smtp_url)
    )


@bp.post("/cases/<ref>/private-link/<link_id>/take-back")
@allowed(Can.WORK_OWN_CASES, Can.OVERSEE_CASES)
def take_link_back(ref: str, link_id: str) -> ResponseReturnValue:
    """Stop a link at once."""
    with context.backend().writing() as uow:
        giving.take_back(uow, context.signed_in_actor(), now=context.now(), ref=ref, link_id=link_id)
    flash(_("The link opens nothing any more."))
    return redirect(url_for("cases.private_link", ref=ref))


def _made(ref: str, given: Given) -> str:
    """The one page that shows the code, and the link where no mail took it; neither is kept anywhere."""
    settings = context.web_context().settings
    url = f"{settings.base_url}{url_for('private.enter', token=given.token)}"
    sent = False
    if given.address and settings.smtp_url:
        post = post_office(settings.smtp_url, settings.mail_dir, settings.private_sender)
        sent = send_link(context.backend(), context.signed_in_actor(), post, now=context.now(), given=given, url=url)
    return render_template(
        "cases/private_link_made.html",
        ref=ref,
        given=given,
        url=None if sent else url,
        failed=bool(given.address) and bool(settings.smtp_url) and not sent,
        no_mail=bool(given.address) and not settings.smtp_url,
    )
