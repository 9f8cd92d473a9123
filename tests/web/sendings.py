"""What to send to each route that changes something, where filling in its form with anything would not do.

`tests/web/test_nothing_without_its_line.py` sends a form filled in with whatever it offers; a route whose form wants
something in particular, or that can be used only after something else, stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from tests.page_client import PageClient
from tests.support.groups import running_check
from tests.support.organisation import trim_pack
from tests.support.site import PASSWORD
from tests.support.story import Story
from trim.domain.access import Role
from trim.domain.incident import ExposedPerson
from trim.store import cases
from trim.store.tables import AccessRequest, BreakGlass, Invitation
from trim.usecases.break_glass.open_case import Delay, open_case
from trim.usecases.disclosure.package import gather_package, keep_package
from trim.usecases.disclosure.record_request import record_request
from trim.usecases.disclosure.register import decide_disclosure
from trim.usecases.disclosure.review import finish_review, keep_section, read_review
from trim.usecases.ledger.give_link import Given, give_link
from trim.usecases.people.invitations import invite

if TYPE_CHECKING:
    from tests.web.test_nothing_without_its_line import Sender

#: They change no row: what they keep lies in a cookie of the browser.
COOKIE_ALONE = frozenset({"language.choose", "second_step.new", "security.verify"})
#: What is sent there only shows something, and leaves the line of a reading.
READ_ALONE = frozenset({"incidents.earlier"})

NEW_PASSWORD = "quiet water before noon"


@dataclass(frozen=True)
class Sending:
    """`given` goes over what the form offers; `first` is done before, in a trail that works."""

    given: Mapping[str, Any] | Callable[[Sender], Mapping[str, Any]] = field(default_factory=dict)
    first: Callable[[Sender], object] | None = None
    #: Parts of the address, where they are not those of the world.
    at: Callable[[Sender], Mapping[str, str]] | None = None
    #: Who sends it, where it is not the first who may.
    client: Callable[[Sender], PageClient] | None = None
    #: The page on which the button stands, where it is not the address itself.
    page: Callable[[Sender], str] | None = None
    #: The form asks a second time with what the first answer offers.
    twice: bool = False


def _stranger(sender: Sender) -> PageClient:
    return sender.site.stranger()


def _with_second_step(sender: Sender, name: str = "Hana") -> PageClient:
    """Somebody who has just turned the second step on."""
    from tests.web.test_second_step import set_up

    if name not in sender.kept:
        client = sender.kept[name] = sender.site.sign_in(name)
        sender.kept["recovery"] = set_up(sender.site, client)
    found: PageClient = sender.kept[name]
    return found


def _before_the_code(sender: Sender, name: str) -> PageClient:
    from tests.web.test_second_step import password_given

    _with_second_step(sender, name)
    return password_given(sender.site, name).client


def _key_shown(sender: Sender) -> PageClient:
    from tests.web.test_second_step import code_of_key

    client = sender.site.sign_in("Rita")
    page = client.get("/account/second-step").press("Set it up")
    sender.kept["code"] = code_of_key(sender.site, page.texts("main li strong")[0])
    return client


def _renewal(sender: Sender) -> Mapping[str, str]:
    """Pat asks for a way back in; a programme lead is to confirm it."""
    made = sender.site.organisation
    sender.site.as_("Pat")
    with made.backend.writing() as uow:
        invite(uow, made.actor("Adam"), now=made.now, account_id=made.accounts["Pat"].id)
        uow.session.flush()
        waiting = select(Invitation.id).where(
            col(Invitation.token_digest).is_(None), col(Invitation.expires_at) > made.now
        )
        return {"invitation_id": uow.session.scalars(waiting).one()}


def _link(sender: Sender) -> Given:
    """A private link whose code is known."""
    made = sender.site.organisation
    if "link" not in sender.kept:
        with made.backend.writing() as uow:
            ref = sender.world.rooms["cases"]["ref"]
            sender.kept["link"] = give_link(uow, made.actor("Pat"), now=made.now, ref=ref, channel="paper")
    found: Given = sender.kept["link"]
    return found


def _behind_the_link(sender: Sender) -> PageClient:
    """The person, who has given the code."""
    if "person" not in sender.kept:
        client = sender.kept["person"] = sender.site.stranger()
        client.get(f"/private/{_link(sender).token}").form().set(code=_link(sender).code).submit()
    found: PageClient = sender.kept["person"]
    return found


def _stopped(sender: Sender) -> None:
    """The person has stopped the support."""
    page = _behind_the_link(sender).get("/private/stop")
    page.client.post("/private/stop", sender.filled(page, "/private/stop"))


def _locked(sender: Sender) -> None:
    """Somebody has tried codes until the link was locked."""
    wrong = f"{(int(_link(sender).code) + 1) % 10**8:08d}"
    for _ in range(5):
        sender.site.stranger().get(f"/private/{_link(sender).token}").form().set(code=wrong).submit()


def _unknown_manager(sender: Sender) -> Mapping[str, str]:
    """A case of somebody whose line manager nobody knows."""
    made = sender.site.organisation
    person = made.add_person("Uma Vale", line_manager_known=False)
    story = Story(made)
    ref = story.plans(story.reports(exposed=(ExposedPerson(exposure="direct", person_id=person.id),)))
    assert ref is not None
    return {"ref": ref}


def _unknown_in_a_check(sender: Sender) -> Mapping[str, str]:
    """Checks of somebody whose line manager nobody knows."""
    made = sender.site.organisation
    made.add_person("Ugo Vale", line_manager_known=False)
    return {"ref": running_check(made, "Ugo Vale")}


def _under_investigation(sender: Sender) -> None:
    address = sender.address("incidents.hold")
    page = sender.site.as_("Carol").get(address)
    page.client.post(address, sender.filled(page, address))


def _from_elsewhere(sender: Sender) -> PageClient:
    """A coordinator of other units."""
    if "Dora" not in sender.site.organisation.accounts:
        sender.site.organisation.add_account("Dora", Role.COORDINATOR, unit="South")
    return sender.site.as_("Dora")


def _told_later(sender: Sender) -> Mapping[str, str]:
    """Dora opened the case, and the person is told later."""
    _from_elsewhere(sender)
    made, ref = sender.site.organisation, sender.world.rooms["cases"]["ref"]
    delay = Delay("puts_in_danger", "At home with them.", made.now + timedelta(days=2))
    with made.backend.writing() as uow:
        assert open_case(
            uow, made.actor("Dora"), now=made.now, ref=ref, ground="safeguarding", reason="Nobody answers.", delay=delay
        )
        uow.session.flush()
        later = select(BreakGlass.id).where(col(BreakGlass.told_after).is_not(None))
        return {"opening_id": uow.session.scalars(later).one()}


def _interview_begun(sender: Sender) -> None:
    if "begun" in sender.kept:
        return
    sender.kept["begun"] = True
    client = sender.site.as_("Pat")
    page = client.get(sender.address("interviews.begin"))
    client.post(page.path, {**sender.filled(page, page.path), "hold": "yes"})


def _referral_agreed(sender: Sender) -> None:
    Story(sender.site.organisation).does(
        "Pat", "record_agreement", sender.world.rooms["referrals"]["ref"], kind="referral"
    )


def _version(sender: Sender, kind: str, room: str) -> int:
    with sender.site.organisation.backend.reading() as uow:
        return int(cases.load(uow.session, kind, sender.world.rooms[room]["ref"]).version)


def _request_version(sender: Sender) -> dict[str, str]:
    with sender.site.organisation.backend.reading() as uow:
        asked = select(AccessRequest.version).where(
            col(AccessRequest.ref) == sender.world.rooms["access_requests"]["ref"]
        )
        return {"version": str(uow.session.scalar(asked))}


def _all_read(sender: Sender) -> None:
    """Lee has read every section of the access package."""
    made, ref = sender.site.organisation, sender.world.rooms["access_requests"]["ref"]
    lee = made.actor("Lee")
    with made.backend.writing() as uow:
        review = read_review(uow, lee, now=made.now, ref=ref)
    for section in review.sections:
        with made.backend.writing() as uow:
            version = int(_request_version(sender)["version"])
            shown = {"section": section.section.key, "digest": section.digest}
            keep_section(uow, lee, now=made.now, ref=ref, version=version, **shown)


def _reviewed(sender: Sender) -> None:
    made, ref = sender.site.organisation, sender.world.rooms["access_requests"]["ref"]
    _all_read(sender)
    with made.backend.writing() as uow:
        version = int(_request_version(sender)["version"])
        finish_review(uow, made.actor("Lee"), now=made.now, ref=ref, version=version)


def _package_made(sender: Sender) -> None:
    made, ref = sender.site.organisation, sender.world.rooms["access_requests"]["ref"]
    _reviewed(sender)
    with made.backend.writing() as uow:
        version = int(_request_version(sender)["version"])
        content = gather_package(uow, made.actor("Lee"), now=made.now, ref=ref, version=version)
    with made.backend.writing() as uow:
        keep_package(uow, made.actor("Lee"), now=made.now, ref=ref, version=content.version, locked=b"locked")


def _decided(sender: Sender) -> None:
    """Lee has refused the coroner's request."""
    made, ref = sender.site.organisation, sender.world.rooms["disclosures"]["ref"]
    with made.backend.writing() as uow:
        decide_disclosure(
            uow,
            made.actor("Lee"),
            now=made.now,
            ref=ref,
            version=1,
            decision="refused",
            reason="No order.",
            told="told_later",
        )


def _another_request(sender: Sender) -> Mapping[str, str]:
    """Robin asks as well; nobody has checked who it is."""
    made = sender.site.organisation
    with made.backend.writing() as uow:
        found = record_request(
            uow,
            made.actor("Carol"),
            now=made.now,
            person_id=made.people["Sam Birch"].id,
            asked_by="The person",
            channel="letter",
            received_on=made.now.date(),
            language="en",
        )
    return {"ref": found.ref}


SENDINGS: dict[str, Sending] = {
    "security.login": Sending(
        client=_stranger, given=lambda s: {"email": s.site.organisation.accounts["Pat"].email, "password": PASSWORD}
    ),
    "security.two_factor_token_validation": Sending(
        # A wrong code: the first failure leaves a line, and the right one was used up to turn the step on.
        client=lambda s: _before_the_code(s, "Quinn"),
        given={"code": "000000"},
    ),
    "security.mf_recovery": Sending(
        client=lambda s: _before_the_code(s, "Hana"), given=lambda s: {"code": s.kept["recovery"][0]}
    ),
    "security.change_password": Sending(
        given={"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_confirm": NEW_PASSWORD}
    ),
    "invitation.welcome": Sending(client=_stranger, given={"password": NEW_PASSWORD}),
    "private.enter": Sending(client=_stranger, at=lambda s: {"token": _link(s).token}),
    "private.stop": Sending(client=_behind_the_link),
    "private.go": Sending(client=_behind_the_link),
    "account.settings": Sending(given={"phone": "+44 1632 960777"}),
    "second_step.begin": Sending(client=_key_shown, given=lambda s: {"code": s.kept["code"]}),
    "second_step.remove": Sending(client=_with_second_step),
    "second_step.recovery_codes": Sending(client=_with_second_step),
    "accounts.new": Sending(given={"staff_number": ""}),
    "accounts.propose_role": Sending(
        page=lambda s: s.address("accounts.show"), given=lambda s: {"unit": s.site.organisation.units["South"].id}
    ),
    "accounts.tie": Sending(
        first=lambda s: s.site.organisation.add_person("Nils Ode", staff_number="4711"),
        at=lambda s: {"account_id": s.site.organisation.accounts["Nils"].id},
        given={"staff_number": "4711"},
    ),
    "calendar.settings": Sending(
        # Sent once it shows what would move.
        given={"zone": "America/Toronto", "country": "CA", "region": "ON", "closing_days": "2026-12-24"},
        twice=True,
    ),
    "confirmations.renew": Sending(at=_renewal),
    "confirmations.keep_out": Sending(at=_renewal),
    "retention.change": Sending(given={"period": "P7Y"}),
    "packs.confirm": Sending(page=lambda s: s.address("packs.show")),
    "packs.turn_down": Sending(page=lambda s: s.address("packs.show")),
    "telling.take_back_own": Sending(client=lambda s: s.site.as_("Pat"), page=lambda s: s.address("telling.own_leave")),
    "telling.take_back_of": Sending(page=lambda s: s.address("telling.leave_of")),
    "jobs.again": Sending(page=lambda s: s.address("jobs.index")),
    "telling.take_note": Sending(page=lambda s: s.address("telling.not_delivered")),
    "telling.wishes": Sending(given={"digest_at": "09:15", "days": ["1", "3"]}),
    "telling.own_leave": Sending(given={"from_on-month": "9", "until_on-month": "9"}),
    "telling.leave_of": Sending(given={"from_on-month": "9", "until_on-month": "9"}),
    "rota.add": Sending(given={"until_at-day": "5"}),
    "practitioners.training": Sending(given={"trained_on-month": "2", "valid_until-year": "2028"}),
    "hr.export": Sending(given={"format": "csv"}),
    "releases.take_back": Sending(page=lambda s: s.address("releases.index")),
    "histories.export": Sending(given=lambda s: {"of": "case", "name": s.world.rooms["cases"]["ref"], "format": "csv"}),
    "incidents.report": Sending(given={"occurred_on-day": "3"}, twice=True),
    "incidents.name_person": Sending(given={"who": "Sam Birch"}, twice=True),
    "incidents.one_person": Sending(
        # Of another kind than the incidents of the world, so that none is shown as perhaps the same.
        given={
            "who": "Sam Birch",
            "occurred_on-day": "3",
            "look_again-day": "9",
            "kind": trim_pack().choices["incident_kinds"][-1].value,
        },
        twice=True,
    ),
    "incidents.clearance": Sending(first=_under_investigation),
    "incidents.close": Sending(given=lambda s: {"version": str(_version(s, "incident", "incidents"))}),
    "cases.declare": Sending(at=_unknown_manager),
    "undertakings.declare": Sending(at=_unknown_in_a_check),
    "cases.take_link_back": Sending(at=lambda s: {"link_id": _link(s).link_id}),
    "cases.private_link": Sending(given={"channel": "paper", "address": ""}),
    "interviews.questions": Sending(first=_interview_begun),
    "interviews.save": Sending(first=_interview_begun, page=lambda s: s.address("interviews.questions")),
    "break_glass.tell": Sending(at=_told_later),
    "break_glass.begin": Sending(client=_from_elsewhere, given=lambda s: {"ref": s.world.rooms["cases"]["ref"]}),
    "referrals.letter": Sending(first=_referral_agreed),
    "access_requests.new": Sending(given={"who": "Quinn Dale"}, twice=True),
    "disclosures.told": Sending(first=_decided),
    "access_requests.identity": Sending(at=_another_request),
    "access_requests.review": Sending(first=_all_read, given=_request_version),
    "access_requests.make": Sending(first=_reviewed, given=_request_version),
    "access_requests.download": Sending(first=_package_made),
    "access_requests.hand_over": Sending(first=_package_made),
    # The last ones: the case has ended, then the link is locked.
    "private.come_back": Sending(client=_behind_the_link, first=_stopped),
    "private.ask": Sending(client=_stranger, first=_locked, at=lambda s: {"token": _link(s).token}),
}
