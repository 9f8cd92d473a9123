"""A private link: given out by who supports or oversees, opened by its code alone, locked, taken back, gone."""

from __future__ import annotations

import json
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from tests.support.organisation import SETUP, Organisation
from tests.support.story import Story
from trim.delivery.mail import Mail, MailNotSent, as_message
from trim.domain.access import Role
from trim.domain.errors import InvalidInput, NotAllowedNow, NotFound
from trim.store.tables import Notice, PrivateLink, SupportCase, TrailEntry
from trim.usecases.ledger.give_link import MOST_FAILURES, Given, give_link, link_page, take_back
from trim.usecases.ledger.open_link import (
    IDLE,
    LONGEST,
    Answer,
    LinkGone,
    SessionOver,
    ask_for_new,
    give_code,
    leave,
    look_at,
    own_case,
)
from trim.usecases.ledger.send_link import SUBJECT, link_mail, send_link
from trim.usecases.oversight.link_days import set_link_days
from trim.usecases.people.sign_in_guard import SOURCE_LIMIT, SOURCE_PAUSE
from trim.usecases.retention.erase import erase, finish_erasures
from trim.usecases.retention.erase_due import SYSTEM


def given(story: Story, ref: str, who: str = "Pat", **more: object) -> Given:
    made = story.organisation
    values = {"channel": "mail", "address": "robin@example.net", **more}
    with made.backend.writing() as uow:
        return give_link(uow, made.actor(who), now=made.now, ref=ref, **values)


def tried(made: Organisation, link: Given, code: str | None = None, source: str = "198.51.100.7") -> Answer:
    with made.backend.writing() as uow:
        return give_code(uow, now=made.now, token=link.token, code=code or link.code, source=source)


def state(made: Organisation, link: Given) -> str:
    with made.backend.reading() as uow:
        return look_at(uow, now=made.now, token=link.token).state


def is_in(made: Organisation, session: str) -> bool:
    try:
        with made.backend.reading() as uow:
            own_case(uow, now=made.now, session=session, locale="en")
    except SessionOver:
        return False
    return True


def wrong(link: Given) -> str:
    return f"{(int(link.code) + 1) % 10**8:08d}"


def words(made: Organisation) -> list[str]:
    """The code words of the trail about links, the oldest first."""
    with made.backend.reading() as uow:
        found = uow.session.scalars(select(TrailEntry).order_by(TrailEntry.at, TrailEntry.number))
        return [one.what for one in found if one.what.startswith("link.")]


@pytest.mark.care(15)
def test_the_code_opens_and_looking_does_not(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    link = given(story, ref)
    for _scanner in range(10):
        assert state(made, link) == "works"
    answer = tried(made, link, code=f" {link.spoken_code}-")
    assert answer.session is not None
    with made.backend.reading() as uow:
        person, case = own_case(uow, now=made.now, session=answer.session, locale="fr")
    assert (person.own_case_id, person.grants, person.locale, case.ref) == (case.id, (), "fr", ref)
    assert words(made) == ["link.made", "link.opened"]


@pytest.mark.care(15)
def test_neither_link_nor_code_nor_address_stands_anywhere(story: Story) -> None:
    made = story.organisation
    link = given(story, story.supported_case())
    session = tried(made, link).session
    assert session is not None
    with made.backend.reading() as uow:
        row = uow.session.scalars(select(PrivateLink)).one()
        trail = "".join(uow.session.scalars(select(TrailEntry.text)))
    kept = repr(row.model_dump()) + trail
    for secret in (link.token, link.code, link.spoken_code, session, "robin@example.net", "example.net"):
        assert secret not in kept


@pytest.mark.care(15)
def test_wrong_codes_lock_the_link_and_a_new_one_can_be_asked_for_once(story: Story) -> None:
    made = story.organisation
    link = given(story, story.supported_case())
    assert [tried(made, link, wrong(link)).left for _one in range(MOST_FAILURES)] == [4, 3, 2, 1, 0]
    assert state(made, link) == "locked"
    assert tried(made, link).session is None, "the right code comes too late"
    for _twice in range(2):
        with made.backend.writing() as uow:
            ask_for_new(uow, now=made.now, token=link.token)
    with made.backend.reading() as uow:
        told = list(uow.session.scalars(select(Notice).where(Notice.kind == "link_wanted")))
        names = {account.id: name for name, account in made.accounts.items()}
        assert look_at(uow, now=made.now, token=link.token).asked
    assert sorted(names[one.recipient_id] for one in told) == ["Carol", "Lee", "Pat"]
    assert words(made) == ["link.made", *["link.code_refused"] * 4, "link.locked", "link.wanted"]


def test_a_right_code_forgives_the_wrong_ones_before_it(story: Story) -> None:
    made = story.organisation
    link = given(story, story.supported_case())
    for _one in range(MOST_FAILURES - 1):
        tried(made, link, wrong(link))
    assert tried(made, link).session
    assert tried(made, link, wrong(link)).left == MOST_FAILURES - 1


@pytest.mark.care(15)
def test_one_place_cannot_try_link_after_link(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    for _link in range(SOURCE_LIMIT // MOST_FAILURES):
        link = given(story, ref)
        for _one in range(MOST_FAILURES):
            tried(made, link, wrong(link))
    link = given(story, ref)
    assert tried(made, link) == Answer(left=MOST_FAILURES, wait_until=made.now + SOURCE_PAUSE)
    assert tried(made, link, source="203.0.113.9").session, "another place is not kept out"
    made.later(minutes=16)
    assert tried(made, link).session


@pytest.mark.care(15)
def test_a_newer_link_ends_the_older_one_and_whoever_looks_through_it(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    older = given(story, ref)
    session = tried(made, older).session
    assert session
    assert is_in(made, session)
    newer = given(story, ref, "Carol", channel="paper")
    assert not is_in(made, session)
    with pytest.raises(LinkGone):
        state(made, older)
    with pytest.raises(LinkGone):
        tried(made, older)
    assert newer.address is None
    assert tried(made, newer).session


def test_a_second_look_elsewhere_closes_the_first(story: Story) -> None:
    made = story.organisation
    link = given(story, story.supported_case())
    first, second = tried(made, link).session, tried(made, link).session
    assert first
    assert second
    assert (is_in(made, first), is_in(made, second)) == (False, True)


@pytest.mark.care(15)
def test_a_link_taken_back_or_too_old_opens_nothing(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    link = given(story, ref)
    session = tried(made, link).session
    assert session
    with made.backend.writing() as uow:
        take_back(uow, made.actor("Carol"), now=made.now, ref=ref, link_id=link.link_id)
    assert not is_in(made, session)
    with pytest.raises(LinkGone):
        state(made, link)
    link = given(story, ref)
    assert link.expires_at == made.now + timedelta(days=30)
    with made.backend.writing() as uow:
        set_link_days(uow, SETUP, now=made.now, days=7)
    assert given(story, ref).expires_at == made.now + timedelta(days=7)
    with made.backend.writing() as uow:
        set_link_days(uow, SETUP, now=made.now, days=30)
    link = given(story, ref)
    made.later(days=30)
    assert state(made, link) == "expired"
    assert tried(made, link).session is None


def test_a_session_ends_when_it_is_left_and_after_its_longest_time(story: Story) -> None:
    made = story.organisation
    link = given(story, story.supported_case())
    session = tried(made, link).session
    assert session
    with made.backend.writing() as uow:
        leave(uow, now=made.now, session=session)
    assert not is_in(made, session)
    session = tried(made, link).session
    assert session
    made.later(seconds=LONGEST.total_seconds() + 1)
    assert not is_in(made, session)
    assert timedelta(minutes=15) == IDLE < LONGEST


@pytest.mark.care(26)
def test_after_a_death_every_link_is_dead_and_none_is_given(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    link = given(story, ref)
    session = tried(made, link).session
    story.does("Carol", "close", ref, outcome="died")
    assert session
    assert not is_in(made, session)
    with pytest.raises(LinkGone):
        state(made, link)
    with pytest.raises(NotAllowedNow):
        given(story, ref, "Carol")
    with made.backend.reading() as uow:
        text = uow.session.scalars(select(TrailEntry.text).where(TrailEntry.what == "case.close")).one()
    assert json.loads(text)["codes"]["links_stopped"] == 1


@pytest.mark.care(26)
def test_erasure_destroys_the_links(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    link = given(story, ref)
    session = tried(made, link).session
    with made.backend.writing() as uow:
        case = uow.session.scalars(select(SupportCase).where(SupportCase.ref == ref)).one()
        erase(uow, SYSTEM, now=made.now, subject=case, rule="withdrawn")
    finish_erasures(made.backend, SYSTEM, now=made.now)
    with made.backend.reading() as uow:
        assert list(uow.session.scalars(select(PrivateLink))) == []
    assert session
    assert not is_in(made, session)
    with pytest.raises(LinkGone):
        tried(made, link)


@pytest.mark.care(10)
@pytest.mark.care(24)
def test_who_may_give_a_link(story: Story) -> None:
    made = story.organisation
    ref = story.is_accepted(story.opens_case())
    story.does("Carol", "allocate", ref, practitioner=made.accounts["Pat"].id)
    made.add_account("Sue", Role.COORDINATOR, unit="South")
    for name in ("Pat", "Quinn", "Sue", "Rita", "Hana", "Adam", "Ada"):
        with pytest.raises(NotFound):
            given(story, ref, name)
    for name in ("Carol", "Lee"):
        assert given(story, ref, name).token
    story.does("Pat", "accept_allocation", ref)
    assert given(story, ref, "Pat").token


@pytest.mark.care(15)
def test_a_work_address_is_asked_about_once_more(story: Story) -> None:
    ref = story.supported_case()
    with pytest.raises(InvalidInput) as refused:
        given(story, ref, address="robin.ashe@example.org")
    assert refused.value.problems["address"].code == "work_address"
    assert given(story, ref, address="robin.ashe@example.org", work_address_wanted=True).address
    for address in ("", "robin", "a@b@c"):
        with pytest.raises(InvalidInput):
            given(story, ref, address=address)
    with pytest.raises(InvalidInput):
        given(story, ref, channel="pigeon")


def test_the_page_names_the_links_and_the_address_chosen_last(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    given(story, ref)
    made.later(days=1)
    given(story, ref, "Carol", channel="paper")
    with made.backend.writing() as uow:
        page = link_page(uow, made.actor("Pat"), now=made.now, ref=ref)
    assert page.address == "robin@example.net"
    assert [(one.state, one.channel, one.made_by) for one in page.links] == [
        ("works", "paper", "Carol"),
        ("ended", "mail", "Pat"),
    ]


class Box:
    """A post office that keeps mails, or takes none."""

    def __init__(self, *, open_: bool = True) -> None:
        self.open, self.mails = open_, list[Mail]()

    def send(self, mail: Mail, *, now: object) -> None:  # noqa: ARG002 - as every post office
        if not self.open:
            raise MailNotSent("no")
        self.mails.append(mail)


@pytest.mark.care(15)
def test_the_mail_names_nobody_and_nothing_and_not_the_code(story: Story) -> None:
    made = story.organisation
    link = given(story, story.supported_case(), address="me@example.net")
    mail = link_mail(link, "https://t.example.org/private/abc")
    message: EmailMessage = as_message(mail, "no-reply@example.org", made.now)
    assert message["From"] == "no-reply@example.org"
    whole = message.as_string().lower() + mail.text.lower() + mail.subject.lower()
    for word in (
        "robin",
        "ashe",
        "pat",
        "carol",
        "trauma",
        "trim",
        "support",
        "harbour",
        "peer",
        "soutien",
        "accompagn",
    ):
        assert word not in whole.replace("/private/", ""), word
    assert link.code not in whole
    assert link.spoken_code not in whole
    assert mail.to == ("me@example.net",)
    assert mail.subject == SUBJECT


def test_sending_is_noted_whether_it_went_or_not(story: Story) -> None:
    made = story.organisation
    ref = story.supported_case()
    pat = made.actor("Pat")
    for box, went in ((Box(open_=False), False), (Box(), True)):
        link = given(story, ref)
        assert send_link(made.backend, pat, box, now=made.now, given=link, url="https://x/private/y") is went
        with made.backend.reading() as uow:
            row = uow.session.get(PrivateLink, link.link_id)
            assert row is not None
            assert (row.sent_at is not None) is went
        assert len(box.mails) == int(went)
    assert words(made) == ["link.made", "link.not_sent", "link.made", "link.sent"]
