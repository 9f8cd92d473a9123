"""A tiny application that shows every component with made-up data, for tests and for looking at.

Look at it: `.venv/bin/python -m tests.web.gallery`, then open /form, /one, /worklist, /case, /panels and /problem/NAME
on the address that it prints.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import default_exceptions

from tests.web.gallery_data import NOW, sample, t
from trim.domain import errors as problems
from trim.resources import static_dir
from trim.web.errors import init_errors
from trim.web.forms import fields
from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotInFuture
from trim.web.forms.fields import choice
from trim.web.frame import FootLink, NavigationItem, PageFrame, init_frame
from trim.web.i18n import init_i18n
from trim.web.pages import language
from trim.web.security_headers import init_security_headers
from trim.web.templating import init_templating

ZONE = ZoneInfo("Europe/Paris")


def _made(code: int) -> Exception:
    return default_exceptions[code]()


_STALE = [problems.Change("Offer accepted", "Kim Vega", "21 November 2026, 14:20")]
_NO_PLACE = problems.Reason("place", "There is no such place.", "Ce lieu n’existe pas.")
_NOT_EXPLAINED = problems.Reason("told", "Explain confidentiality first.", "Expliquez d’abord la confidentialité.")

#: Every problem that a page can meet, each made anew, because an exception keeps where it has been raised.
PROBLEMS: dict[str, tuple[int, Callable[[], Exception]]] = {
    "missing": (404, problems.NotFound),
    "forbidden": (403, problems.Forbidden),
    "conflict": (403, lambda: problems.ConflictUnknown("C-7K3M2P")),
    "stale": (409, lambda: problems.StaleVersion(3, 5, _STALE)),
    "refused": (409, lambda: problems.NotAllowedNow([_NOT_EXPLAINED])),
    "invalid": (422, lambda: problems.InvalidInput({"place": _NO_PLACE})),
    "erased": (410, problems.KeyDestroyed),
    "damaged": (500, lambda: problems.ContentDamaged("the words of Sam Okafor")),
    "failure": (500, lambda: ZeroDivisionError("the words of Sam Okafor")),
    **{str(code): (code, partial(_made, code)) for code in (400, 401, 404, 405, 413, 429, 503)},
}


def _l(en: str, fr: str) -> LazyString:
    return LazyString(t, en, fr)


class GalleryForm(BaseForm):
    """One of each field."""

    occurred_at = fields.InstantField(
        _l("When did it happen?", "Quand cela s’est-il passé ?"),
        thing=_l("the date and time of the incident", "la date et l’heure de l’incident"),
        hint=_l("On your organisation's clock.", "À l’heure de votre organisation."),
        validators=[NotInFuture()],
    )
    place = fields.TextField(_l("Place", "Lieu"), thing=_l("the place of the incident", "le lieu de l’incident"))
    unit = fields.SelectField(
        _l("Unit", "Unité"),
        thing=_l("the unit", "l’unité"),
        choices=[choice("north", _l("North station", "Caserne nord")), choice("south", _l("South station", "Sud"))],
    )
    kind = fields.RadioField(
        _l("What kind of incident was it?", "De quel type d’incident s’agissait-il ?"),
        thing=_l("the kind of incident", "le type d’incident"),
        choices=[
            choice("death", _l("Sudden death", "Mort soudaine"), _l("Also of a child", "Y compris d’un enfant")),
            choice("threat", _l("Threat to life", "Danger de mort")),
            choice("other", _l("Something else", "Autre chose")),
        ],
    )
    hold = fields.YesNoField(
        _l("Is an investigation running?", "Une enquête est-elle en cours ?"),
        thing=_l("whether an investigation is running", "si une enquête est en cours"),
    )
    hold_reason = fields.TextField(
        _l("Who runs it?", "Qui la mène ?"), thing=_l("who runs it", "qui la mène"), required=False
    )
    exposed = fields.CheckboxesField(
        _l("How were they exposed?", "Comment l’exposition a-t-elle eu lieu ?"),
        thing=_l("how they were exposed", "le mode d’exposition"),
        choices=[choice("direct", _l("Directly", "Directement")), choice("witness", _l("As a witness", "Témoin"))],
    )
    description = fields.LongTextField(
        _l("What happened, in short", "Ce qui s’est passé, en bref"),
        thing=_l("what happened", "ce qui s’est passé"),
        hint=_l("Facts only, without names.", "Les faits seulement, sans noms."),
        max_length=300,
    )
    reported_on = fields.DateField(
        _l("Date of the report", "Date du signalement"),
        thing=_l("the date of the report", "la date du signalement"),
        required=False,
    )
    meeting_at = fields.TimeField(
        _l("Time of the meeting", "Heure de la réunion"), thing=_l("the time of the meeting", "l’heure de la réunion")
    )
    people = fields.NumberField(
        _l("How many people were there?", "Combien de personnes étaient là ?"),
        thing=_l("the number of people", "le nombre de personnes"),
        least=1,
        most=500,
    )
    email = fields.EmailField(
        _l("E-mail address", "Adresse électronique"),
        thing=_l("your e-mail address", "votre adresse électronique"),
        render_kw={"autocomplete": "email"},
    )
    phone = fields.PhoneField(
        _l("Telephone number", "Numéro de téléphone"),
        thing=_l("your telephone number", "votre numéro de téléphone"),
        required=False,
    )
    password = fields.PasswordField(_l("Password", "Mot de passe"), thing=_l("your password", "votre mot de passe"))
    explained = fields.CheckboxField(
        _l("I have explained confidentiality", "J’ai expliqué la confidentialité"),
        thing=_l("confidentiality was explained", "la confidentialité a été expliquée"),
        required=True,
    )
    version = fields.VersionField()


class OneForm(BaseForm):
    """A page that asks one thing."""

    kind = GalleryForm.kind


def make_gallery(*, also: dict[type[problems.TrimError], tuple[int, str]] | None = None) -> Flask:
    """The application, set up as the real one is; `also` goes to `init_errors`."""
    app = Flask(__name__, static_folder=str(static_dir()), static_url_path="/static")
    app.secret_key = "gallery"
    app.config.update(SESSION_COOKIE_SAMESITE="Lax", PROPAGATE_EXCEPTIONS=False)
    CSRFProtect(app)
    init_templating(app)
    init_i18n(app, lambda: None)
    init_frame(app, _frame)
    init_errors(app, also=also)
    init_security_headers(app)
    app.register_blueprint(language.bp)
    own = FileSystemLoader(Path(__file__).parent / "gallery_templates")
    app.jinja_loader = ChoiceLoader([own, *([app.jinja_loader] if app.jinja_loader else [])])
    app.jinja_env.globals["t"] = t
    _add_pages(app)
    return app


def _frame() -> PageFrame:
    places = (("/worklist", "My work", "Mon travail"), ("/form", "Incidents", "Incidents"))
    more = (("/panels", "People", "Personnes"), ("/case", "On duty", "Astreinte"))
    return PageFrame(
        organisation="Mid-Shire Fire and Rescue Service",
        zone=ZONE,
        home_url="/worklist",
        navigation=tuple(
            NavigationItem(t(en, fr), path, is_current=request.path == path, count=3 if path == "/worklist" else None)
            for path, en, fr in places + more
        ),
        signed_in_as="Robin Hall",
        account_url="/panels",
        sign_in_url="/form",
        sign_out_url="/sign-out",
        language_url="/language",
        help_url="/panels",
        foot_links=(
            FootLink(t("Privacy", "Confidentialité"), "/panels"),
            FootLink(t("Accessibility", "Accessibilité"), "/panels"),
        ),
        is_demonstration=True,
    )


def _add_pages(app: Flask) -> None:
    @app.route("/form", methods=["GET", "POST"])
    def form() -> ResponseReturnValue:
        filled = GalleryForm(now=NOW, zone=ZONE)
        return redirect("/case") if filled.is_accepted() else render_template("form.html", form=filled)

    @app.route("/one", methods=["GET", "POST"])
    def one() -> ResponseReturnValue:
        filled = OneForm()
        return redirect("/case") if filled.is_accepted() else render_template("one.html", form=filled)

    @app.post("/draft")
    def draft() -> ResponseReturnValue:
        return jsonify({"version": 7})

    @app.get("/cases/<ref>/line-manager", endpoint="cases.declare")
    def declare(ref: str) -> str:
        return ref

    @app.post("/sign-out")
    def sign_out() -> ResponseReturnValue:
        return redirect("/case")

    @app.route("/problem/<name>", methods=["GET", "POST"])
    def problem(name: str) -> ResponseReturnValue:
        if request.method == "POST":
            GalleryForm(now=NOW, zone=ZONE)
        raise PROBLEMS[name][1]()

    @app.get("/<any(worklist, case, panels):name>")
    def page(name: str) -> ResponseReturnValue:
        return render_template(f"{name}.html", zone=ZONE, **sample())


if __name__ == "__main__":
    make_gallery().run(port=8099)
