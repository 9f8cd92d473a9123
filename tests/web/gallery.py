"""A tiny application that shows every component with made-up data, for tests and for looking at.

Look at it: `.venv/bin/python -m tests.web.gallery` and open the address that it prints.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, Response, redirect, render_template_string, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, DictLoader

from trim.resources import static_dir
from trim.web.forms.base import BaseForm
from trim.web.forms.dates import NotInFuture
from trim.web.forms.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    InstantField,
    LongTextField,
    NumberField,
    PasswordField,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
    TimeField,
    VersionField,
    YesNoField,
    choice,
)
from trim.web.frame import FootLink, NavigationItem, PageFrame, init_frame
from trim.web.i18n import init_i18n, keep_language
from trim.web.security_headers import init_security_headers
from trim.web.templating import init_templating
from tests.web.gallery_pages import PAGES, sample

NOW = datetime(2026, 11, 21, 14, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


class GalleryForm(BaseForm):
    """One of each field."""

    occurred_at = InstantField(
        _l("When did it happen?"),
        thing=_l("the date and time of the incident"),
        hint=_l("If you do not know the time, say roughly."),
        validators=[NotInFuture()],
    )
    place = TextField(_l("Place"), thing=_l("the place of the incident"), max_length=80)
    unit = SelectField(
        _l("Unit"),
        thing=_l("the unit"),
        choices=[choice("north", _l("North station")), choice("south", _l("South station"))],
    )
    kind = RadioField(
        _l("What kind of incident was it?"),
        thing=_l("the kind of incident"),
        choices=[
            choice("death", _l("Sudden death"), _l("Including the death of a child")),
            choice("threat", _l("Threat to life")),
            choice("other", _l("Something else")),
        ],
    )
    hold = YesNoField(_l("Is an investigation running?"), thing=_l("whether an investigation is running"))
    exposed = CheckboxesField(
        _l("How were they exposed?"),
        thing=_l("how they were exposed"),
        choices=[choice("direct", _l("Directly")), choice("witness", _l("As a witness"))],
    )
    description = LongTextField(
        _l("What happened, in short"),
        thing=_l("what happened"),
        hint=_l("Facts only, without names."),
        max_length=300,
    )
    reported_on = DateField(_l("Date of the report"), thing=_l("the date of the report"), required=False)
    meeting_at = TimeField(_l("Time of the meeting"), thing=_l("the time of the meeting"))
    people = NumberField(_l("How many people were there?"), thing=_l("the number of people"), least=1, most=500)
    email = EmailField(_l("E-mail address"), thing=_l("your e-mail address"), render_kw={"autocomplete": "email"})
    phone = PhoneField(_l("Telephone number"), thing=_l("your telephone number"), required=False)
    password = PasswordField(_l("Password"), thing=_l("your password"))
    explained = CheckboxField(
        _l("I have explained confidentiality and when it ends"),
        thing=_l("confidentiality was explained"),
        required=True,
    )
    version = VersionField()


def make_gallery(*, navigation: bool = True, demonstration: bool = True) -> Flask:
    """The application; each page of PAGES lies at /NAME, the form at /form."""
    app = Flask(__name__, static_folder=str(static_dir()), static_url_path="/static")
    app.secret_key = "gallery"
    app.config.update(TESTING=True, SESSION_COOKIE_SAMESITE="Lax")
    CSRFProtect(app)
    init_templating(app)
    init_i18n(app, lambda: None)
    init_security_headers(app)
    app.jinja_loader = ChoiceLoader([DictLoader(PAGES), app.jinja_loader])  # type: ignore[assignment,list-item]

    def frame() -> PageFrame:
        items = (
            NavigationItem(_("My work"), "/worklist", is_current=request.path == "/worklist", count=3),
            NavigationItem(_("Incidents"), "/form", is_current=request.path == "/form"),
            NavigationItem(_("People"), "/panels", is_current=request.path == "/panels"),
            NavigationItem(_("On duty"), "/case", is_current=request.path == "/case"),
        )
        return PageFrame(
            organisation="Mid-Shire Fire and Rescue Service",
            zone=PARIS,
            navigation=items if navigation else (),
            signed_in_as="Robin Hall",
            account_url="/panels",
            sign_out_url="/sign-out",
            language_url="/language",
            help_url="/panels",
            foot_links=(FootLink(_("Privacy"), "/panels"), FootLink(_("Accessibility"), "/panels")),
            is_demonstration=demonstration,
        )

    init_frame(app, frame)

    @app.route("/form", methods=["GET", "POST"])
    def form() -> str | Response:
        filled = GalleryForm(now=NOW, zone=PARIS)
        if filled.is_accepted():
            return redirect("/case")  # type: ignore[return-value]
        return render_template_string(PAGES["form.html"], form=filled)

    @app.post("/language")
    def change_language() -> Response:
        back = redirect(request.form.get("next", "/"))
        return keep_language(back, request.form.get("language", ""), secure=False)  # type: ignore[arg-type]

    @app.post("/sign-out")
    def sign_out() -> Response:
        return redirect("/case")  # type: ignore[return-value]

    @app.get("/<name>")
    def page(name: str) -> str:
        return render_template_string(PAGES[f"{name}.html"], now=NOW, zone=PARIS, **sample(NOW))

    return app


if __name__ == "__main__":
    make_gallery().run(port=8099)
