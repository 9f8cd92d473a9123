"""Accounts: the administrator lists, invites, proposes roles and deactivates; never sees a case (CARE 11, 12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import CONTENT_ROLES, Can, Role
from trim.domain.errors import InvalidInput
from trim.usecases.people import account_lists
from trim.usecases.people.accounts import deactivate_account, end_role, give_role
from trim.usecases.people.invitations import Link, invite
from trim.usecases.people.open_and_invite import NewAccount, open_and_invite, tie_to_person
from trim.usecases.people.unit_tree import unit_tree
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.accounts import AccountForm, RoleForm, TieForm
from trim.web.forms.fields import choice
from trim.web.i18n import LANGUAGES, language
from trim.web.programme import installed
from trim.web.role_names import role_title

bp = Blueprint("accounts", __name__, url_prefix="/accounts")

#: Where a link waits for the one page that shows it.
LINK = "new_link"


@bp.get("")
@allowed(Can.MANAGE_ACCOUNTS)
def index() -> ResponseReturnValue:
    """All accounts by name, a page at a time."""
    after = request.args.get("after")
    with context.backend().writing() as uow:
        page = account_lists.list_accounts(uow, context.signed_in_actor(), now=context.now(), after=after)
    return render_template("accounts/index.html", page=page, after=after)


@bp.route("/new", methods=["GET", "POST"])
@allowed(Can.MANAGE_ACCOUNTS)
def new() -> ResponseReturnValue:
    """Make an account with its first role, and its link."""
    form = AccountForm()
    _offer(form)
    form.locale.choices = [choice(code, name) for code, name in LANGUAGES.items()]
    if not form.is_submitted():
        form.locale.data = language()
    if form.is_accepted():
        wanted = NewAccount(
            name=form.name.data,
            email=form.email.data,
            role=Role(form.role.data),
            unit_id=form.unit.data,
            locale=form.locale.data,
            phone=form.phone.data or None,
            staff_number=form.staff_number.data or None,
        )
        try:
            with context.backend().writing() as uow:
                account_id, link = open_and_invite(
                    uow, context.signed_in_actor(), now=context.now(), wanted=wanted, programme=str(form.programme.data)
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            _keep(account_id, link)
            return redirect(url_for("accounts.show", account_id=account_id))
    return render_template("accounts/new.html", form=form)


@bp.get("/<account_id>")
@allowed(Can.MANAGE_ACCOUNTS)
def show(account_id: str) -> ResponseReturnValue:
    """One account: its roles, its link, and what can be done."""
    return _show(account_id, _role_form(), TieForm(formdata=None))


@bp.post("/<account_id>/roles")
@allowed(Can.MANAGE_ACCOUNTS)
def propose_role(account_id: str) -> ResponseReturnValue:
    """Give one more role; one that reads content waits for a lead of the programme."""
    form = _role_form()
    _offer(form)
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                grant = give_role(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    account_id=account_id,
                    role=Role(form.role.data),
                    programme=str(form.programme.data),
                    unit_id=form.unit.data,
                    until=_end_of(form.until.data),
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            waits = grant.confirmed_at is None
            flash(_("Proposed. A lead of the programme must confirm it.") if waits else _("The role is in force."))
            return redirect(url_for("accounts.show", account_id=account_id))
    return _show(account_id, form, TieForm(formdata=None))


@bp.post("/<account_id>/roles/<grant_id>/end")
@allowed(Can.MANAGE_ACCOUNTS)
def end(account_id: str, grant_id: str) -> ResponseReturnValue:
    """End a role at once."""
    with context.backend().writing() as uow:
        end_role(uow, context.signed_in_actor(), now=context.now(), grant_id=grant_id)
    flash(_("The role has ended."))
    return redirect(url_for("accounts.show", account_id=account_id))


@bp.post("/<account_id>/person")
@allowed(Can.MANAGE_ACCOUNTS)
def tie(account_id: str) -> ResponseReturnValue:
    """Tie the account to somebody of the directory."""
    form = TieForm()
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                person = tie_to_person(
                    uow,
                    context.signed_in_actor(),
                    now=context.now(),
                    account_id=account_id,
                    typed=form.staff_number.data,
                )
        except InvalidInput as problem:
            form.add_problems(problem.problems, language())
        else:
            flash(_("The account belongs to %(name)s.", name=person.name))
            return redirect(url_for("accounts.show", account_id=account_id))
    return _show(account_id, _role_form(formdata=None), form)


@bp.post("/<account_id>/link")
@allowed(Can.MANAGE_ACCOUNTS)
def new_link(account_id: str) -> ResponseReturnValue:
    """A new link; for somebody who reads cases a lead must confirm it first (CARE 12)."""
    with context.backend().writing() as uow:
        link = invite(uow, context.signed_in_actor(), now=context.now(), account_id=account_id)
    if link.token is None:
        flash(_("Asked. A lead of the programme must confirm it and will hand over the link."))
    else:
        _keep(account_id, link)
    return redirect(url_for("accounts.show", account_id=account_id))


@bp.post("/<account_id>/deactivate")
@allowed(Can.MANAGE_ACCOUNTS)
def deactivate(account_id: str) -> ResponseReturnValue:
    """Close an account: its sessions end at once."""
    with context.backend().writing() as uow:
        deactivate_account(uow, context.signed_in_actor(), now=context.now(), account_id=account_id)
    flash(
        _("The account is deactivated and signed out everywhere. If they support people, the coordinators were told.")
    )
    return redirect(url_for("accounts.show", account_id=account_id))


def _role_form(**more: Any) -> RoleForm:
    return RoleForm(now=context.now(), zone=context.organisation().zone, **more)


def _end_of(day: date | None) -> datetime | None:
    """The midnight that ends a day on the organisation's clock."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), context.organisation().zone).astimezone(UTC)


def _show(account_id: str, role_form: RoleForm, tie_form: TieForm) -> str:
    with context.backend().writing() as uow:
        page = account_lists.account_page(uow, context.signed_in_actor(), now=context.now(), account_id=account_id)
    _offer(role_form)
    kept = session.pop(LINK, None)
    link = kept if kept and kept["account"] == account_id else None
    is_own = account_id == context.signed_in_actor().account_id
    return render_template(
        "accounts/show.html",
        page=page,
        form=role_form,
        tie_form=tie_form,
        link=url_for_link(link["token"]) if link else None,
        is_own=is_own,
    )


def url_for_link(token: str) -> str:
    """The whole address of a one-time link, as it is handed over."""
    return context.web_context().settings.base_url + url_for("invitation.welcome", token=token)


def _keep(account_id: str, link: Link) -> None:
    # Shown after a redirect, so that loading the page again makes no second account.
    session[LINK] = {"account": account_id, "token": link.token}


def _offer(form: AccountForm | RoleForm) -> None:
    with context.backend().reading() as uow:
        units = [one for one in unit_tree(uow) if one.active]
    form.unit.choices = [choice(one.id, one.indented) for one in units]
    form.role.choices = [choice(role.value, _role_choice(role)) for role in Role]
    form.offer_programmes(installed())


def _role_choice(role: Role) -> str:
    name = role_title(role)
    return _("%(role)s (a lead must confirm)", role=name) if role in CONTENT_ROLES else name
