"""Who may see what, and who may change it: one table by field, the only place that says so.

`trim.domain.access` makes its permissions from it, the pack checker asks it who may act where, and tests compare every
route, every column of the database and every piece of sealed content with it. A pack may narrow it, never widen it.
Conflict rules (CARE 10), units and dates come on top: they take sight away, they never give any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trim.domain.roles import Role


class Reader(StrEnum):
    """How somebody stands to one record. A role reaches only what it stands to in this way."""

    PRACTITIONER = "practitioner"
    ASKED = "asked"
    LEADS = "leads"
    COORDINATOR = "coordinator"
    PROGRAMME_LEAD = "programme_lead"
    REPORTER = "reporter"
    HR = "hr"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PERSON = "person"
    HOLDER = "holder"
    TRIM = "trim"

    @property
    def role(self) -> Role | None:
        """The role it takes; None for the person, for whose account it is, and for the program."""
        if self in (Reader.ASKED, Reader.LEADS):
            return Role.PRACTITIONER
        return Role(self.value) if self.value in {role.value for role in Role} else None


#: What each way of standing means, for the documents.
MEANINGS: Final = {
    Reader.PRACTITIONER: "supports this person (another practitioner is nobody here)",
    Reader.ASKED: "a practitioner who is asked to support them and has not accepted yet (CARE 24)",
    Reader.LEADS: "leads a group session, periodic checks, a pair or a mediation; a coordinator may be named too",
    Reader.COORDINATOR: "coordinates the unit, a deputy within the dates given; or opened it by break-glass, for hours",
    Reader.PROGRAMME_LEAD: "leads the programme over the unit",
    Reader.REPORTER: "may report incidents",
    Reader.HR: "reads published figures",
    Reader.ADMINISTRATOR: "keeps accounts and units",
    Reader.AUDITOR: "reads the trail",
    Reader.PERSON: "whose case it is, by their private link and code",
    Reader.HOLDER: "whose account it is",
    Reader.TRIM: "nobody: the program itself writes it",
}

Readers = frozenset[Reader]
NOBODY: Readers = frozenset()
TRIM: Readers = frozenset({Reader.TRIM})
OWN: Readers = frozenset({Reader.PRACTITIONER})
UNIT: Readers = frozenset({Reader.COORDINATOR, Reader.PROGRAMME_LEAD})
CASE: Readers = OWN | UNIT
OFFER: Readers = CASE | {Reader.ASKED}
PERSON: Readers = frozenset({Reader.PERSON})
HOLDER: Readers = frozenset({Reader.HOLDER})
LEAD: Readers = frozenset({Reader.PROGRAMME_LEAD})
ADMINISTRATOR: Readers = frozenset({Reader.ADMINISTRATOR})
AUDITOR: Readers = frozenset({Reader.AUDITOR})
HR: Readers = frozenset({Reader.HR})
LED: Readers = frozenset({Reader.LEADS})
BESIDE: Readers = LED | UNIT
REPORTS: Readers = CASE | {Reader.REPORTER}
STAFF: Readers = REPORTS | HR | ADMINISTRATOR | AUDITOR | HOLDER


#: Lifecycles of what runs beside cases.
UNDERTAKINGS: Final = ("group_session", "periodic_check", "pair", "mediation")

#: Names of columns that hold ciphertext; a test compares them with the tables.
SEALED: Final = frozenset({"sealed", "marks", "package"})


@dataclass(frozen=True, slots=True)
class Row:
    """One field: what it is, who sees it, who changes it, and where it stands in the database.

    `columns` are `table.column`, `table.*` for what no other row names, and `table.sealed:key` for a piece of sealed
    content; for `action_record` the key is the lifecycle, whatever the pack's form asks for.
    """

    record: str
    field: str
    what: str
    sees: Readers
    changes: Readers
    columns: tuple[str, ...] = ()

    @property
    def is_content(self) -> bool:
        """Whether it is sealed under the key of a case or an incident."""
        return any(column.partition(".")[2].partition(":")[0] in SEALED for column in self.columns)


def _row(record: str, field: str, what: str, sees: Readers, changes: Readers, columns: str = "") -> Row:
    return Row(record, field, what, sees, changes, tuple(columns.split()))


# fmt: off
TABLE: Final[tuple[Row, ...]] = (
    # A case: one person's way through the programme
    _row("case", "person", "whose case it is", OFFER | PERSON, UNIT,
         "support_case.sealed:person_id support_case.person_index"),
    _row("case", "listed", "that the unit has cases, how many, in which state", UNIT, TRIM),
    _row("case", "offered", "unit and kind of incident, before accepting", OFFER, UNIT,
         "support_case.unit_id support_case.proposed_practitioner_id"),
    _row("case", "course", "state, dates, outcome", CASE, CASE, "support_case.*"),
    _row("case", "allocation", "who supports the person", CASE, UNIT, "support_case.practitioner_id"),
    _row("case", "withdrawal", "that the person wants no support, or no more", CASE | PERSON, CASE | PERSON),
    _row("case", "answer_to_offer", "yes or no of a practitioner who is asked", OFFER, frozenset({Reader.ASKED})),
    _row("case", "notes", "what is filled in at each action: contacts, arrangements, reasons, red flags", CASE, CASE,
         "action_record.sealed:case"),
    _row("case", "done", "which action, when, by whom", CASE, TRIM, "action_record.*"),
    _row("case", "clocks", "what is due and when", CASE, TRIM, "step.*"),
    _row("case", "reminders", "which reminders and escalations acted, when, and how many were told", CASE, TRIM,
         "deadline_stage.*"),
    _row("case", "request", "what came with it where no incident opened it, without who sent a concern (CARE 13)",
         CASE, CASE, "case_request.sealed:note case_request.sealed:of case_request.*"),
    _row("case", "wish", "a wish for oneself or a one-way concern: sent, and not seen again", NOBODY, HOLDER),
    _row("case", "linked", "that the person has a case in another programme, nothing of it (CARE 21)", CASE, CASE,
         "case_link.*"),
    _row("case", "appointments", "when it is agreed to meet, and whether it came about", CASE, CASE, "appointment.*"),
    _row("case", "appointment_how", "how, where, who else; where the person wants the invitation", CASE, CASE,
         "appointment.sealed"),
    _row("case", "incidents", "which incidents it covers", CASE, UNIT, "case_incident.*"),
    _row("case", "other_incidents", "other incidents the person met in twelve months (CARE 9)", UNIT, TRIM),
    _row("case", "kept_away", "who is kept away at the person's wish, until it is lifted", UNIT, UNIT, "exclusion.*"),
    _row("case", "kept_away_reason", "to keep somebody away, and why; no page shows the reason", NOBODY, CASE,
         "exclusion.sealed:reason"),
    _row("case", "line_answer", "whether a reader leads the person", NOBODY, OFFER, "conflict_answer.*"),
    _row("case", "readings", "who opened it, who changed it, when, in which role", UNIT | PERSON, TRIM),
    # Break-glass: somebody outside the unit opened the case for hours
    _row("break_glass", "openings", "who opened it from outside, when, until when, on which ground",
         UNIT | PERSON, UNIT, "break_glass.*"),
    _row("break_glass", "reason", "why, in words", UNIT, UNIT, "break_glass.sealed:reason"),
    _row("break_glass", "delay", "that the person is told later, until when (CARE 15)", UNIT, UNIT,
         "break_glass.delay_ground break_glass.told_after break_glass.delay_ended_at break_glass.delay_ended_by "
         "break_glass.sealed:delay_reason"),
    # An interview
    _row("interview", "answers", "answers, also those given later", CASE, CASE,
         "assessment.sealed:answers assessment.sealed:disclosed assessment.sealed:stopped_early"),
    _row("interview", "score", "points, band, what each item adds", CASE, TRIM, "assessment.sealed:score"),
    _row("interview", "notes", "short note, plan, next contact, why early", CASE, CASE, "assessment.sealed:form"),
    _row("interview", "reason", "why it was corrected", CASE, CASE, "assessment.sealed:reason"),
    _row("interview", "explained", "confidentiality explained, evidence hold acknowledged, its own record", CASE, OWN,
         "assessment.sealed:interview assessment.sealed:record assessment.sealed:confidentiality_version "
         "assessment.sealed:confidentiality_at assessment.sealed:evidence_hold_acknowledged"),
    _row("interview", "held", "which form, when, in which language, by whom", CASE, TRIM, "assessment.*"),
    _row("interview", "draft", "an interview begun and not submitted", OWN, OWN, "assessment_draft.sealed"),
    _row("interview", "draft_begun", "that one was begun, when, by whom", CASE, TRIM, "assessment_draft.*"),
    # An escalation: a question for the programme
    _row("escalation", "reason", "why it was raised, the scores that raised it", CASE, CASE, "escalation.sealed"),
    _row("escalation", "notes", "whom the practitioner spoke to, what is passed on", CASE, CASE,
         "action_record.sealed:escalation"),
    _row("escalation", "decision", "what was decided, and why", CASE, UNIT,
         "escalation.decided_at escalation.taken_by"),
    _row("escalation", "listed", "that the unit has escalations, how many", UNIT, TRIM),
    _row("escalation", "course", "rule, how urgent, state, clock", CASE, TRIM, "escalation.*"),
    # A referral
    _row("referral", "proposal", "provider and reason", CASE, CASE, "referral.sealed"),
    _row("referral", "notes", "agreement or override and its ground, attendance, outcome", CASE, CASE,
         "action_record.sealed:referral"),
    _row("referral", "letter", "the letter to the provider", CASE, CASE),
    _row("referral", "course", "state and dates", CASE, TRIM, "referral.*"),
    # A step of the agreed plan
    _row("agreed_step", "wording", "what was agreed, in the person's words", CASE, CASE, "agreed_step.sealed:what"),
    _row("agreed_step", "notes", "that it was done, moved or dropped, and why", CASE, CASE,
         "action_record.sealed:agreed_step"),
    _row("agreed_step", "course", "state and dates", CASE, TRIM, "agreed_step.*"),
    # An incident
    _row("incident", "report", "a report, while it is written", REPORTS, REPORTS),
    _row("incident", "facts", "kind, day, severity, where it belongs, how it came in", UNIT, REPORTS, "incident.*"),
    _row("incident", "kind", "kind and day, on the case of who was there", OFFER, REPORTS,
         "incident.kind incident.occurred_on incident.occurred_at incident.time_known"),
    _row("incident", "description", "place and what happened", UNIT, REPORTS,
         "incident.sealed:place incident.sealed:description"),
    _row("incident", "people", "who was there, and how", UNIT, REPORTS,
         "exposure.sealed:person_id exposure.sealed:how exposure.*"),
    _row("incident", "response", "what the meeting chose for each", UNIT, UNIT,
         "exposure.response exposure.decided_at exposure.look_again_on exposure.case_id"),
    _row("incident", "meeting", "who met, notes on the site", UNIT, UNIT,
         "planning_meeting.sealed:present planning_meeting.sealed:note planning_meeting.*"),
    _row("incident", "notes", "what is filled in at each action", UNIT, UNIT, "action_record.sealed:incident"),
    _row("incident", "hold", "that an investigation runs (CARE 17)", CASE, UNIT,
         "incident.evidence_hold incident.groups_cleared"),
    _row("incident", "readers", "to whom it is restricted (CARE 13)", UNIT, UNIT,
         "incident.restricted incident_reader.*"),
    _row("incident", "readings", "who opened it, who changed it, when, in which role", UNIT, TRIM),
    _row("incident", "known", "\"probably already reported\" (CARE 13)", REPORTS, TRIM),
    # A group session: nobody is scored in it, and no notes are kept about one person (CARE 27)
    _row("group_session", "people", "who came, and who is to be offered a talk: those who lead it alone", LED, LED),
    _row("group_session", "notes", "what is filled in at each action, about the group as a whole", BESIDE, BESIDE,
         "action_record.sealed:group_session"),
    # Checks of somebody who meets such things daily (CARE 22)
    _row("periodic_check", "notes", "what is filled in at each action", BESIDE, BESIDE,
         "action_record.sealed:periodic_check"),
    # A pair of mentoring
    _row("pair", "notes", "what is filled in at each action: ground rules, feedback from both sides", BESIDE, BESIDE,
         "action_record.sealed:pair"),
    _row("pair", "goals", "goals with their measure before and after", BESIDE, BESIDE,
         "undertaking_goal.sealed undertaking_goal.*"),
    # A mediation
    _row("mediation", "notes", "what is filled in at each action: suitability, ground rules, agreement", BESIDE, BESIDE,
         "action_record.sealed:mediation"),
    # What these four share
    _row("undertaking", "course", "kind, unit, event, state and dates", BESIDE, BESIDE, "undertaking.*"),
    _row("undertaking", "about", "what was said of it as a whole when it was set up", BESIDE, UNIT,
         "undertaking.sealed"),
    _row("undertaking", "leaders", "who leads it", BESIDE, UNIT, "undertaking_leader.*"),
    _row("undertaking", "own_part", "that one takes part, since when, and who leads it", PERSON, TRIM),
    _row("undertaking", "line_answer", "whether a reader leads somebody in it", NOBODY, BESIDE,
         "undertaking_line_answer.*"),
    _row("undertaking", "people", "whose it is; of a group session those who lead it alone see names", BESIDE, BESIDE,
         "undertaking_party.sealed undertaking_party.*"),
    _row("undertaking", "meetings", "when they met, how long, how many came", BESIDE, BESIDE, "undertaking_meeting.*"),
    _row("undertaking", "theme", "theme of a meeting, what was agreed for all", BESIDE, BESIDE,
         "undertaking_meeting.sealed"),
    # Notices
    _row("notice", "line", "that something waits, with a reference; never a name", HOLDER, TRIM,
         "outbox.* pager_call.*"),
    _row("notice", "undelivered", "which notice could not be delivered: its kind and its reference", UNIT, TRIM),
    _row("delivery", "failed", "that something reached nobody: whom it was for, why, when; taken note of",
         UNIT | ADMINISTRATOR, UNIT | ADMINISTRATOR, "outbox.failed_because outbox.seen_at outbox.seen_by"),
    _row("notice", "manner", "at which hour and on which days somebody is told", HOLDER, HOLDER, "how_told.*"),
    _row("notice", "leave", "days on which somebody is away, without a reason", UNIT | HOLDER, UNIT | HOLDER,
         "leave.*"),
    # The directory: names, units, line managers; nothing of cases
    _row("person", "search", "finding somebody by part of a name", UNIT, NOBODY),
    _row("person", "name", "one person found by the full name or staff number", REPORTS | ADMINISTRATOR, UNIT,
         "person.*"),
    _row("person", "line_manager", "who leads whom; used by the conflict rules", NOBODY, TRIM,
         "person.line_manager_id person.line_manager_known"),
    # Accounts and roles
    _row("account", "identity", "name, sign-in address, telephone", ADMINISTRATOR | HOLDER, ADMINISTRATOR,
         "account.* invitation.*"),
    _row("account", "own", "language, telephone, sessions", HOLDER, HOLDER,
         "account.locale ended_session.* sign_in_guard.*"),
    _row("account", "secrets", "password hash, second factor, recovery codes", NOBODY, HOLDER,
         "account.password account.fs_uniquifier account.tf_totp_secret account.mf_recovery_codes "
         "invitation.token_digest"),
    _row("account", "calendar", "that a calendar address was given out, and when", HOLDER, HOLDER, "calendar_feed.*"),
    _row("account", "calendar_secret", "the address: a digest alone is kept", NOBODY, HOLDER,
         "calendar_feed.token_digest"),
    _row("account", "roles", "which roles, over which units, until when", ADMINISTRATOR | LEAD | HOLDER, ADMINISTRATOR,
         "role_grant.*"),
    _row("account", "confirmation", "the second person's yes (CARE 12)", LEAD | ADMINISTRATOR, LEAD,
         "role_grant.confirmed_by role_grant.confirmed_at invitation.confirmed_by invitation.refused_at"),
    _row("account", "training", "course, in date until, how many cases", UNIT, UNIT, "training.*"),
    _row("rota", "turns", "who is on duty and under which number", CASE, UNIT, "duty_turn.*"),
    # The organisation
    _row("settings", "values", "name, zone, crisis lines", ADMINISTRATOR | AUDITOR, NOBODY, "setting.*"),
    _row("settings", "calendar", "time zone, country, region and closing days: every clock runs on them",
         ADMINISTRATOR | AUDITOR, ADMINISTRATOR),
    _row("settings", "help", "crisis lines and numbers", STAFF | PERSON, NOBODY),
    _row("settings", "units", "the tree of units", STAFF, ADMINISTRATOR, "unit.*"),
    _row("settings", "packs", "the rules cases run on", STAFF, NOBODY, "pack_version.*"),
    _row("settings", "pack_proposals", "versions that wait for a second person, and what they change (CARE 12)",
         UNIT | ADMINISTRATOR | AUDITOR, LEAD, "pack_proposal.*"),
    # The work without a person: no row of it names anybody
    _row("jobs", "course", "how each job went, which workers live, what is stuck", ADMINISTRATOR, TRIM,
         "job.* job_run.* worker.* claim.*"),
    _row("jobs", "again", "that something that was set aside is tried again", ADMINISTRATOR, ADMINISTRATOR),
    # How long things are kept
    _row("retention", "periods", "how long each kind of record is kept", UNIT | ADMINISTRATOR | AUDITOR, LEAD),
    _row("retention", "coming", "what will be erased soon, and what postpones it", UNIT, TRIM, "retention_warning.*"),
    _row("retention", "hold", "that a legal hold stops erasure, on which ground", UNIT, UNIT, "legal_hold.*"),
    _row("retention", "hold_reason", "why, in words", UNIT, UNIT, "legal_hold.sealed:reason"),
    _row("retention", "tombstones", "that something existed, when it went, under which rule", UNIT, TRIM,
         "tombstone.*"),
    _row("private_link", "course", "that a link to the person's ledger was given, when, how (CARE 15)", CASE,
         CASE | PERSON, "private_link.*"),
    _row("private_link", "address", "where the person wanted it", CASE, CASE, "private_link.sealed"),
    _row("private_link", "code", "link and code: digests alone are kept", NOBODY, TRIM,
         "private_link.token_digest private_link.code_digest private_link.session_digest"),
    # What leaves the house (CARE 18)
    _row("access_request", "course", "a person asks for everything held on them: dates, state, reviewer", UNIT, UNIT,
         "access_request.*"),
    _row("access_request", "person", "who asks and how", UNIT, UNIT,
         "access_request.sealed access_request.person_index"),
    _row("access_request", "review", "the review for third parties: the named reviewer alone", UNIT, UNIT,
         "access_request.marks"),
    _row("access_request", "package", "the package, locked: the named reviewer alone has the passphrase", UNIT, TRIM,
         "access_request.package"),
    _row("disclosure", "register", "that a court or the like asked, when, on which ground, what was decided",
         UNIT | AUDITOR, UNIT, "disclosure.*"),
    _row("disclosure", "content", "who asks by name, reasons in words, what was given", UNIT, UNIT,
         "disclosure.sealed"),
    _row("disclosure", "decision", "whether it is given: a lead who did not record it", UNIT | AUDITOR, LEAD,
         "disclosure.decision disclosure.decided_at disclosure.decided_by disclosure.given"),
    # The trail and the figures
    _row("trail", "lines", "who did what when: ids and code words, no content", AUDITOR, TRIM,
         "trail_checkpoint.* trail_entry.* trail_head.* trail_leaf.* trail_subject.*"),
    _row("statistics", "facts", "what figures are made of: no way to a person, a case or a day", NOBODY, TRIM,
         "fact.* fact_intake.* fact_intake.sealed"),
    _row("statistics", "figures", "published figures, small numbers hidden", HR, TRIM, "release.*"),
    _row("statistics", "requests", "that a release was asked for, how far it is, why it was refused: no figure", LEAD,
         LEAD, "release_request.*"),
    _row("statistics", "headcounts", "how many people a unit has, as HR brought it", HR, TRIM, "headcount.*"),
    _row("statistics", "attack", "what the attack on a release found before it was published", AUDITOR, TRIM,
         "release.report"),
)
# fmt: on

_BY_NAME: Final = {(row.record, row.field): row for row in TABLE}


def row(record: str, field: str) -> Row:
    """The row of a field. Raises KeyError for one that nobody has decided about."""
    return _BY_NAME[record, field]


def roles_in(readers: Readers) -> frozenset[Role]:
    """The roles that stand in one of these ways."""
    return frozenset(reader.role for reader in readers if reader.role is not None)


def sees(record: str, field: str) -> frozenset[Role]:
    """The roles whose holders see it, where they stand to the record as the table says."""
    return roles_in(row(record, field).sees)


def changes(record: str, field: str) -> frozenset[Role]:
    """The roles whose holders change it, where they stand to the record as the table says."""
    return roles_in(row(record, field).changes)


def content() -> Iterator[Row]:
    """The rows of what is sealed."""
    return (one for one in TABLE if one.is_content)


#: Roles whose holders read what people have said.
CONTENT_ROLES: Final = frozenset(role for one in content() for role in roles_in(one.sees))
#: Who oversees a unit's cases and incidents.
OVERSEERS: Final = sees("case", "listed")
#: Who may act in each lifecycle of a pack: a pack names some of these for an action, never anybody else. The person
#: acts in their own case alone, to decline or to stop.
ACTING: Final = {
    lifecycle: frozenset((reader.role or reader).value for reader in row(lifecycle, "notes").changes)
    for lifecycle in ("incident", "case", "referral", "escalation", "agreed_step", *UNDERTAKINGS)
}
ACTING["case"] |= {reader.value for reader in row("case", "withdrawal").changes}
