"""A report about a mail that did not arrive is read for two things; anything else is refused and nothing repeated."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.bounces import about, report
from trim.delivery.bounces import MOST_BYTES, MOST_RECIPIENTS, Bounce, NoBounce, read_bounce

ID = "5b0e" * 8
SECRET = "Robin Ashe of the north harbour"


@pytest.mark.parametrize("whole", [True, False], ids=["whole mail", "headers alone"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_mail_that_nobody_got_is_known_by_its_id(whole: bool, ends: str) -> None:
    raw = report(ID, whole=whole).replace(b"\n", ends.encode())
    assert read_bounce(raw) == Bounce(ID, "5.1.1", for_good=True)


@pytest.mark.parametrize(
    ("said", "for_good"),
    [
        ([about("failed", "5.2.1 (mailbox disabled)")], True),
        ([about("Failed (after four days)", "5.7.1")], True),
        # The queue's time is over: the server has given up, whatever kind of problem it was.
        ([about("failed", "4.4.7")], True),
        ([about("delayed", "4.4.1")], False),
        ([about("delivered", "2.0.0")], False),
        ([about("relayed", "2.0.0")], False),
        ([about("expanded", "2.0.0")], False),
        # An address that is a list of several: as long as it can reach one of them it has reached somebody.
        ([about("failed"), about("delivered", "2.1.5", "lee@example.org")], False),
        ([about("failed"), about("delayed", "4.4.1", "lee@example.org")], False),
        ([about("failed"), about("failed", "5.1.1", "lee@example.org")], True),
    ],
)
def test_only_what_reaches_nobody_is_for_good(said: list[str], for_good: bool) -> None:
    assert read_bounce(report(ID, *said)).for_good is for_good


def test_an_invitation_is_known_with_its_sequence() -> None:
    assert read_bounce(report(f"{ID}.3")).message_id == f"{ID}.3"


PLAIN = b"From: somebody@example.org\nTo: trim@support.example.org\nSubject: Re\n\n" + SECRET.encode()
WHOLE = report(ID)


def without(line: bytes) -> bytes:
    return b"\n".join(one for one in WHOLE.split(b"\n") if not one.startswith(line))


def nested(depth: int) -> bytes:
    """A mail of parts within parts, each costing the parser a level."""
    made = [f'Content-Type: multipart/mixed; boundary="b{one}"\n\n--b{one}\n' for one in range(depth)]
    return ("".join(made) + "\nx" * 200_000).encode()


HOSTILE = {
    "nothing": (b"", "no_report"),
    "an answer of a person": (PLAIN, "no_report"),
    "out of office": (b"Auto-Submitted: auto-replied\n" + PLAIN, "no_report"),
    "a read receipt": (WHOLE.replace(b"delivery-status;", b"disposition-notification;"), "no_report"),
    "a page of HTML": (b"Content-Type: text/html\n\n<h1>Undeliverable</h1>", "no_report"),
    "only zeros": (bytes(4000), "no_report"),
    "any bytes": (bytes(range(256)) * 40, "no_report"),
    "very long": (WHOLE + b"x" * MOST_BYTES, "too_long"),
    "very deep": (nested(400), "too_many_parts"),
    "many parts": (
        WHOLE.replace(b"\n--4F", b"\n--4F2A11C0B5.1772418011\nContent-Type: message/rfc822\n\nx\n--4F", 1) * 30,
        "too_many_parts",
    ),
    "two reports in one": (WHOLE.replace(b"text/plain; charset=us-ascii", b"message/delivery-status"), "incomplete"),
    "two mails in one": (WHOLE.replace(b"text/plain; charset=us-ascii", b"message/rfc822"), "incomplete"),
    "no mail in it": (WHOLE.replace(b"message/rfc822", b"text/plain"), "incomplete"),
    "cut off": (WHOLE[: WHOLE.index(b"Action:")], "incomplete"),
    "no action": (without(b"Action:"), "incomplete"),
    "two actions": (WHOLE.replace(b"Action: failed", b"Action: failed\nAction: delayed"), "incomplete"),
    "an unknown action": (WHOLE.replace(b"Action: failed", b"Action: exploded"), "incomplete"),
    "no status": (without(b"Status:"), "incomplete"),
    "a strange status": (WHOLE.replace(b"Status: 5.1.1", b"Status: 5.1.1; DROP TABLE outbox"), "incomplete"),
    "failed well": (WHOLE.replace(b"Status: 5.1.1", b"Status: 2.1.1"), "incomplete"),
    "very many addresses": (
        report(ID, *[about(address=f"a{one}@x.org") for one in range(MOST_RECIPIENTS + 1)]),
        "incomplete",
    ),
    "no id": (without(b"Message-ID:"), "not_ours"),
    "two ids": (WHOLE.replace(b"\nMessage-ID:", b"\nMessage-ID: <%s@x.org>\nMessage-ID:" % (b"a" * 32)), "not_ours"),
    "somebody else's id": (report("20260302.1234"), "not_ours"),
    "an id with more": (report(f"{ID}' OR 1=1 --"), "not_ours"),
    "an id with a wild card": (report("%" * 32), "not_ours"),
    "an id in capitals": (report(ID.upper()), "not_ours"),
    "headers that are a picture": (
        report(ID, whole=False).replace(
            b"text/rfc822-headers\n", b"text/rfc822-headers\nContent-Transfer-Encoding: base64\n"
        ),
        "not_ours",
    ),
    "an unknown charset": (
        WHOLE.replace(b"report-type=delivery-status", b"report-type*=x-none''delivery%FFstatus"),
        "no_report",
    ),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_anything_strange_is_refused_soon_and_not_repeated(name: str) -> None:
    raw, problem = HOSTILE[name]
    began = time.process_time()
    with pytest.raises(NoBounce) as refused:
        read_bounce(raw)
    assert time.process_time() - began < 1
    assert refused.value.problem == problem
    assert SECRET not in str(refused.value)
    assert "DROP" not in str(refused.value)


@pytest.mark.large
def test_even_the_slowest_that_is_read_at_all_is_read_soon() -> None:
    """As deep as is let through, and then as many lines as there may be."""
    began = time.process_time()
    with pytest.raises(NoBounce):
        read_bounce(nested(29)[: MOST_BYTES - 1])
    with pytest.raises(NoBounce):
        read_bounce(WHOLE.replace(b"Status: 5.1.1", b"X: y\n\n" * 80_000)[: MOST_BYTES - 1])
    assert time.process_time() - began < 5


@given(st.binary(max_size=400), st.integers(0, len(WHOLE)), st.integers(0, 200))
def test_a_report_in_which_anything_is_exchanged_is_read_or_refused(junk: bytes, at: int, length: int) -> None:
    raw = WHOLE[:at] + junk + WHOLE[at + length :]
    try:
        found = read_bounce(raw)
    except NoBounce:
        return
    # Ours, or what the junk made of it: in its form in any case.
    assert len(found.message_id.partition(".")[0]) == 32
    assert found.status[0] in "245"
