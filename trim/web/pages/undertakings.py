"""Group sessions, periodic checks, pairs and mediations: one set of pages for all, drawn from the pack's lifecycles."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trim.domain.access import Can
from trim.domain.errors import InvalidInput, NotFound
from trim.store import undertakings
from trim.usecases.intake.read_incident import heading_of
from trim.usecases.undertakings.declare import declare_line, line_question
from trim.usecases.undertakings.lists import list_undertakings
from trim.usecases.undertakings.open_one import Kind, kinds_to_open, open_undertaking, units_to_open_in
from trim.usecases.undertakings.read_one import GoalRow, MeetingRow, PartyRow, read_undertaking
from trim.web import context
from trim.web.access import allowed
from trim.web.forms.ties import LineBesideForm
from trim.web.forms.undertakings import OpenForm
from trim.web.further_words import further_rows
from trim.web.i18n import language
from trim.web.pages.acting import act_on
from trim.web.paging import key_text, read_key

bp = Blueprint("undertakings", __name__)


def part_words(one: PartyRow) -> str:
    """What somebody is in it."""
    return {
        "member": _("Invited"),
        "checked": _("The person"),
        "mentor": _("Mentor"),
        "mentee": _("Mentee"),
        "party": _("Party"),
    }.get(one.part, "")


def form_words(one: MeetingRow) -> str:
    """What kind of meeting it was."""
    return {
        "briefing": _("Briefing"),
        "group": _("Group session"),
        "separate": _("With one side"),
        "joint": _("Together"),
    }.get(one.form, _("Meeting"))


def change_of(one: GoalRow) -> str:
    """The measure before and after, where it was taken."""
    if one.before is None:
        return _("No measure was taken before.")
    if one.after is None:
        return _("%(before)s at the beginning, not measured since.", before=one.before)
    return _("%(before)s at the beginning, %(after)s at the end.", before=one.before, after=one.after)


for _function in (part_words, form_words, change_of):
    bp.add_app_template_global(_function)


@bp.get("/undertakings")
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def index() -> ResponseReturnValue:
    """Those that one leads or oversees."""
    state = "ended" if request.args.get("state") == "ended" else "open"
    closed = state == "ended"
    with context.backend().writing() as uow:
        actor = context.signed_in_actor()
        listed = list_undertakings(
            uow, actor, now=context.now(), closed=closed, after=read_key(request.args.get("after"))
        )
        kinds = kinds_to_open(uow, actor)
    following = key_text(listed.after)
    return render_template(
        "undertakings/index.html",
        listed=listed,
        kinds=kinds,
        closed=closed,
        next_href=url_for("undertakings.index", state=state, after=following) if following else None,
        start_href=url_for("undertakings.index", state=state) if request.args.get("after") else None,
        now=context.now(),
        zone=context.organisation().zone,
    )


@bp.route("/undertakings/new/<programme>/<kind>", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES)
def new(programme: str, kind: str) -> ResponseReturnValue:
    """Set one up for a unit, or for an event (`?incident=`)."""
    actor, incident_ref = context.signed_in_actor(), request.args.get("incident") or None
    with context.backend().reading() as uow:
        chosen = _chosen(kinds_to_open(uow, actor), programme, kind)
        units = units_to_open_in(uow, actor, programme)
        incident = heading_of(uow, actor, ref=incident_ref) if incident_ref else None
    form = OpenForm()
    form.offer(units, of_incident=incident is not None)
    if form.is_accepted():
        try:
            with context.backend().writing() as uow:
                row = open_undertaking(
                    uow,
                    actor,
                    now=context.now(),
                    programme=programme,
                    kind=kind,
                    unit_id=form.unit_id.data if incident is None else "",
                    about=form.about.data or "",
                    incident_ref=incident_ref,
                )
                ref = row.ref
        except InvalidInput as invalid:
            form.add_problems(invalid.problems, language())
        else:
            return redirect(url_for("undertakings.show", ref=ref))
    return render_template("undertakings/new.html", form=form, chosen=chosen, incident=incident)


def _chosen(kinds: tuple[Kind, ...], programme: str, kind: str) -> Kind:
    found = next((one for one in kinds if (one.programme, one.kind) == (programme, kind)), None)
    if found is None:
        raise NotFound
    return found


@bp.get("/undertakings/<ref>")
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def show(ref: str) -> ResponseReturnValue:
    """One of them."""
    with context.backend().writing() as uow:
        one = read_undertaking(uow, context.signed_in_actor(), now=context.now(), ref=ref)
    return render_template(
        "undertakings/show.html",
        one=one,
        further=further_rows(one.further),
        now=context.now(),
        zone=context.organisation().zone,
    )


@bp.route("/undertakings/<ref>/line-manager", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def declare(ref: str) -> ResponseReturnValue:
    """Ask a reader whether there is a line between them and those in it; yes hides it (CARE 10)."""
    actor, now, form = context.signed_in_actor(), context.now(), LineBesideForm()
    if form.is_accepted():
        with context.backend().writing() as uow:
            declare_line(uow, actor, now=now, ref=ref, is_clear=not form.in_line.data)
        if form.in_line.data:
            flash(_("Thank you. You will not see this any more; somebody else goes on with it."))
            return redirect(url_for("start.index"))
        return redirect(url_for("undertakings.show", ref=ref))
    with context.backend().writing() as uow:
        question = line_question(uow, actor, now=now, ref=ref)
    if question is None:
        return redirect(url_for("undertakings.show", ref=ref))
    return render_template("undertakings/line_manager.html", question=question, form=form)


@bp.route("/undertakings/<ref>/actions/<action>", methods=["GET", "POST"])
@allowed(Can.OVERSEE_CASES, Can.WORK_OWN_CASES)
def action(ref: str, action: str) -> ResponseReturnValue:
    """The form of an action, and what came of it."""
    with context.backend().reading() as uow:
        kind = undertakings.load(uow.session, ref).kind
    return act_on(kind, ref, action)
