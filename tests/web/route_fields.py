"""Which field of the table of confidentiality each route shows or changes: with `tests.support.told` that says who is
let in, for every way a case can stand.

Written by hand, as `route_table.py`; the tests compare both with the site and with each other. `sees` and `changes`
name the column of the table. A route that is missing here fails.
"""

from __future__ import annotations

from collections.abc import Callable

from trim.domain.confidentiality import Readers, row

#: Whoever comes, and whoever has an account: no field of anybody's case.
EVERYBODY, ACCOUNTS = "everybody", "accounts"

Readable = str | tuple[Callable[[str, str], Readers], str, str]


def sees(record: str, field: str) -> Readers:
    """Who sees the field."""
    return row(record, field).sees


def changes(record: str, field: str) -> Readers:
    """Who changes the field."""
    return row(record, field).changes


FIELDS: dict[str, Readable] = {
    **dict.fromkeys(
        (
            "security.login",
            "security.logout",
            "security.two_factor_token_validation",
            "security.mf_recovery",
            "invitation.welcome",
            "static",
            "health.show",
            "help.now",
            "language.choose",
            # Behind a secret address of one account, whoever asks
            "feed.read",
            # Behind a link and a code, which no account brings along
            "private.enter",
            "private.ask",
            "private.ledger",
            "private.stop",
            "private.come_back",
            "private.go",
            "private.closed",
        ),
        EVERYBODY,
    ),
    **dict.fromkeys(
        (
            "security.verify",
            "security.change_password",
            "start.index",
            "notices.index",
            "notices.go",
            "telling.wishes",
            "telling.own_leave",
            "telling.take_back_own",
            "account.settings",
            "support.index",
            "support.ask",
            "support.asked",
            "support.concern",
            "support.received",
            "account.sign_out_everywhere",
            "second_step.show",
            "second_step.begin",
            "second_step.new",
            "second_step.remove",
            "second_step.recovery_codes",
            "incidents.reported",
        ),
        ACCOUNTS,
    ),
    **dict.fromkeys(
        (
            "accounts.index",
            "accounts.new",
            "accounts.show",
            "accounts.propose_role",
            "accounts.end",
            "accounts.tie",
            "accounts.new_link",
            "accounts.deactivate",
        ),
        (changes, "account", "identity"),
    ),
    **dict.fromkeys(("feed.settings", "feed.make", "feed.end"), (changes, "interview", "draft")),
    "units.index": (changes, "settings", "units"),
    "calendar.settings": (changes, "settings", "calendar"),
    **dict.fromkeys(
        (
            "confirmations.index",
            "confirmations.confirm",
            "confirmations.refuse",
            "confirmations.renew",
            "confirmations.keep_out",
        ),
        (changes, "account", "confirmation"),
    ),
    **dict.fromkeys(
        ("hr.statistics", "hr.release", "hr.table", "hr.dictionary", "hr.comparison", "hr.export"),
        (sees, "statistics", "figures"),
    ),
    **dict.fromkeys(("hr.attacks", "hr.attack"), (sees, "statistics", "attack")),
    **dict.fromkeys(
        ("releases.index", "releases.ask", "releases.correct", "releases.take_back"),
        (changes, "statistics", "requests"),
    ),
    **dict.fromkeys(
        (
            "auditor.trail",
            "auditor.refused",
            "auditor.break_glass",
            "auditor.worth_a_look",
            "auditor.exports",
            "auditor.pattern",
        ),
        (sees, "trail", "lines"),
    ),
    "jobs.index": (sees, "jobs", "course"),
    "jobs.again": (changes, "jobs", "again"),
    "retention.index": (sees, "retention", "periods"),
    "retention.change": (changes, "retention", "periods"),
    "retention.soon": (sees, "retention", "coming"),
    "retention.erased": (sees, "retention", "tombstones"),
    "retention.hold": (changes, "retention", "hold_reason"),
    "retention.lift": (changes, "retention", "hold"),
    "packs.index": (sees, "settings", "pack_proposals"),
    "packs.show": (sees, "settings", "pack_proposals"),
    "packs.confirm": (changes, "settings", "pack_proposals"),
    "packs.turn_down": (changes, "settings", "pack_proposals"),
    "telling.leave_of": (changes, "notice", "leave"),
    "telling.take_back_of": (changes, "notice", "leave"),
    "telling.not_delivered": (sees, "delivery", "failed"),
    "telling.take_note": (changes, "delivery", "failed"),
    "rota.index": (sees, "rota", "turns"),
    "rota.add": (changes, "rota", "turns"),
    "rota.remove": (changes, "rota", "turns"),
    "practitioners.index": (sees, "account", "training"),
    "practitioners.training": (changes, "account", "training"),
    # Incidents
    "incidents.report": (changes, "incident", "report"),
    "incidents.index": (sees, "incident", "facts"),
    "incidents.show": (sees, "incident", "description"),
    "incidents.name_person": (sees, "incident", "people"),
    "incidents.plan": (changes, "incident", "response"),
    "incidents.meeting_sheet": (sees, "incident", "response"),
    "incidents.one_person": (changes, "incident", "response"),
    "incidents.join": (changes, "case", "incidents"),
    "incidents.hold": (changes, "incident", "hold"),
    "incidents.clearance": (changes, "incident", "hold"),
    "incidents.close": (changes, "incident", "notes"),
    "incidents.earlier": (sees, "case", "other_incidents"),
    "incidents.readers": (changes, "incident", "readers"),
    "incidents.unrestrict": (changes, "incident", "readers"),
    # Cases
    "oversight.board": (sees, "case", "listed"),
    "oversight.due": (sees, "case", "listed"),
    "oversight.overdue": (sees, "case", "listed"),
    "work.today": (changes, "interview", "draft"),
    "cases.index": (sees, "case", "listed"),
    "cases.show": (sees, "case", "offered"),
    "cases.action": (changes, "case", "notes"),
    "cases.appointment": (changes, "case", "appointments"),
    "cases.call": (changes, "escalation", "notes"),
    "cases.declare": (changes, "case", "line_answer"),
    "cases.exclude": (changes, "case", "kept_away_reason"),
    "cases.lift": (changes, "case", "kept_away"),
    **dict.fromkeys(
        ("cases.history", "histories.day", "histories.find", "histories.export", "practitioners.history"),
        (sees, "case", "readings"),
    ),
    "incidents.history": (sees, "incident", "readings"),
    "cases.private_link": (changes, "private_link", "course"),
    "cases.take_link_back": (changes, "private_link", "course"),
    "cases.red_flag": (changes, "case", "notes"),
    "interviews.begin": (changes, "interview", "draft"),
    "interviews.questions": (changes, "interview", "draft"),
    "interviews.save": (changes, "interview", "draft"),
    "interviews.show": (sees, "interview", "answers"),
    "interviews.correct": (changes, "interview", "answers"),
    "interviews.wrong_person": (changes, "interview", "answers"),
    "leaving.index": (changes, "case", "allocation"),
    "leaving.show": (changes, "case", "allocation"),
    "break_glass.begin": (changes, "break_glass", "openings"),
    "break_glass.end": (changes, "break_glass", "openings"),
    "break_glass.tell": (changes, "break_glass", "delay"),
    "escalations.index": (sees, "escalation", "listed"),
    "escalations.show": (sees, "escalation", "reason"),
    "escalations.action": (changes, "escalation", "notes"),
    "incidents.action": (changes, "incident", "notes"),
    "undertakings.index": (sees, "undertaking", "course"),
    "undertakings.new": (changes, "undertaking", "about"),
    "undertakings.show": (sees, "undertaking", "course"),
    "undertakings.declare": (changes, "undertaking", "line_answer"),
    "undertakings.action": (changes, "group_session", "notes"),
    "agreed_steps.show": (sees, "agreed_step", "wording"),
    "agreed_steps.action": (changes, "agreed_step", "notes"),
    "support.record": (changes, "case", "request"),
    "referrals.show": (sees, "referral", "proposal"),
    "referrals.action": (changes, "referral", "notes"),
    "referrals.letter": (changes, "referral", "letter"),
    # What leaves the house
    "access_requests.index": (sees, "access_request", "course"),
    "access_requests.new": (changes, "access_request", "person"),
    "access_requests.show": (sees, "access_request", "person"),
    "access_requests.declare": (changes, "access_request", "person"),
    "access_requests.identity": (changes, "access_request", "course"),
    "access_requests.reviewer": (changes, "access_request", "course"),
    "access_requests.extend": (changes, "access_request", "course"),
    "access_requests.end": (changes, "access_request", "course"),
    "access_requests.hand_over": (changes, "access_request", "review"),
    "access_requests.review": (sees, "access_request", "review"),
    "access_requests.section": (changes, "access_request", "review"),
    "access_requests.item": (changes, "access_request", "review"),
    "access_requests.make": (sees, "access_request", "package"),
    "access_requests.download": (sees, "access_request", "package"),
    "disclosures.index": (changes, "disclosure", "register"),
    "disclosures.new": (changes, "disclosure", "register"),
    "disclosures.show": (sees, "disclosure", "content"),
    "disclosures.decide": (changes, "disclosure", "decision"),
    "disclosures.told": (changes, "disclosure", "register"),
    "disclosures.hold": (changes, "retention", "hold_reason"),
    "disclosures.for_auditors": (sees, "trail", "lines"),
}
