"""One person's case from the offer to its end: at each state, who does what next, as the person's plan has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trim.demonstration import talk
from trim.demonstration.asides import Asides
from trim.demonstration.interview_story import begin_talk, interview_at, raises_flag, start_draft, submit_talk
from trim.demonstration.way import Way
from trim.store import cases
from trim.store.tables import Account, SupportCase
from trim.usecases.allocation.eligible import candidates
from trim.usecases.cases.exclude import exclude

CHANNELS = ("phone", "phone", "in_person", "video")
#: How often a question may wait before somebody looks again.
LOOK_AGAIN = timedelta(days=3)
#: When a visitor comes, a red flag has been up for so long.
JUST_NOW = timedelta(minutes=4)


@dataclass
class CaseStory(Way):
    """A case from its offer on; each state has its handler, named after it."""

    asides: Asides = field(init=False)
    _state: str = ""
    _turn: int = 0
    _refusals: int = 0
    _reopened: bool = False
    _asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.asides = Asides(
            self.stage,
            self.ref,
            self.plan,
            self.coordinator,
            self.chosen,
            practitioner=lambda: self.practitioner,
            notice=self.notice,
        )

    def begin(self) -> None:
        """The case was opened a moment ago."""
        self.stage.opened += 1
        if self.stage.on_case is not None:
            self.stage.on_case(self.stage.opened)
        self.go_on()

    def go_on(self) -> None:
        """Look at where the case stands and let the next thing happen in its time."""
        with self.stage.backend.reading() as uow:
            case: SupportCase = cases.load(uow.session, "case", self.ref)
            self.asides.follow_escalations(uow, case.id)
        state = self._state = case.state
        # Whatever was going to happen in the state before will not: its turn is over.
        self._turn += 1
        if state == self.plan.stops:
            if self.plan.draft and self.practitioner is not None:
                self._next(interview_at(self, case.id, early=True), lambda: start_draft(self, case))
            if self.plan.flag_at_the_end:
                self.stage.at(self.stage.until - JUST_NOW, lambda: raises_flag(self, "now"))
            return
        if state == self.plan.withdraws:
            self._after(1, 8, self._withdraws)
            return
        if state == self.plan.leaves_in:
            self._after(2, 20, self._leaves)
            return
        handler: Callable[[SupportCase], None] = getattr(self, f"_in_{state}", self._rests)
        handler(case)

    def notice(self) -> None:
        """Go on from where the case stands, if somebody else has moved it."""
        if self.case().state != self._state:
            self.go_on()

    # The offer.

    def _in_offer_to_make(self, _: SupportCase) -> None:
        self._hours(3, 20, self._offers)

    def _offers(self) -> None:
        self.reads(self.coordinator)
        if self.plan.answer == "decline_at_once":
            self.does(self.coordinator, "record_decline")
            self.go_on()
            return
        self._calls_in_vain(self.plan.attempts, self._reaches)

    def _reaches(self) -> None:
        self.does(self.coordinator, "make_offer", channel=self.chosen.choice(CHANNELS))
        self.go_on()

    def _in_offered(self, _: SupportCase) -> None:
        if self.plan.answer == "silence":
            self._after(1, 3, lambda: self._calls_in_vain(2, lambda: self._answers("record_no_answer")))
        else:
            answer = "record_acceptance" if self.plan.answer == "accept" else "record_decline"
            self._hours(1, 40, lambda: self._answers(answer))

    def _answers(self, action: str) -> None:
        self.does(self.coordinator, action)
        self.go_on()

    def _in_unanswered(self, _: SupportCase) -> None:
        words = {"accept": "record_acceptance", "decline": "record_decline"}
        action = words.get(self.plan.after_silence)
        if action is not None:
            self._after(2, 9, lambda: self._answers(action))
        else:
            self._after(14, 24, lambda: self._ends("could_not_be_reached"))

    def _calls_in_vain(self, times: int, then: Callable[[], None]) -> None:
        """Nobody answers, each time on another day; then something else happens."""
        if times == 0:
            then()
            return
        result = self.chosen.choice(("no_answer", "neutral_message_left"))
        self.does(self.coordinator, "log_contact", channel="phone", result=result, happened_at=self.stage.now)
        self._after(1, 2, lambda: self._calls_in_vain(times - 1, then))

    # The allocation.

    def _in_to_allocate(self, case: SupportCase) -> None:
        if case.direct_referral and self.plan.referral and not self.asides.referred:
            self.asides.propose_referral()
        self._hours(1, 10, lambda: self._asks(case))

    def _asks(self, case: SupportCase) -> None:
        account = self._able(case)
        if account is None:
            # Everybody is full or stands too near: the question is asked again another day.
            self._after(1, 3, lambda: self._asks(case))
            return
        self._asked.append(account.id)
        self.does(self.coordinator, "allocate", practitioner=account.id)
        self.go_on()

    def _able(self, case: SupportCase, but: str | None = None) -> Account | None:
        """Somebody who can be asked: the least loaded, or who the plan prefers; not twice the same."""

        def look() -> list[str]:
            with self.stage.backend.reading() as uow:
                found = candidates(uow, case, self.stage.pack, self.stage.now)
            return [one.account_id for one in found if one.can_be_asked and one.account_id != but]

        able = look()
        fresh = [one for one in able if one not in self._asked] or able
        if not fresh:
            return None
        cast = self.stage.cast
        by_id = {one.id: one for one in cast.practitioners}
        shown = cast.practitioners[0].id
        if self.plan.prefers_shown and shown in fresh:
            return by_id[shown]
        others = [one for one in fresh if one != shown] or fresh
        return by_id[others[min(self.chosen.randrange(3), len(others) - 1)]]

    def _in_allocation_proposed(self, case: SupportCase) -> None:
        asked = next(one for one in self.stage.cast.practitioners if one.id == case.proposed_practitioner_id)
        if self.plan.unanswered_allocation and self._refusals == 0:
            self._refusals += 1
            self._after(2, 4, self._takes_back)
        elif self._refusals < self.plan.refusals:
            self._refusals += 1
            self._hours(2, 20, lambda: self._refuses(asked))
        else:
            self._hours(1, 16, lambda: self._takes_on(asked))

    def _takes_back(self) -> None:
        self.does(self.coordinator, "withdraw_proposal")
        self.go_on()

    def _refuses(self, asked: Account) -> None:
        self.does(asked, "decline_allocation")
        self.go_on()

    def _takes_on(self, asked: Account) -> None:
        self.reads(asked)
        self.does(asked, "accept_allocation", not_in_line=True)
        self.practitioner = asked
        self.go_on()

    # The interviews.

    def _in_awaiting_first_assessment(self, case: SupportCase) -> None:
        self._interview(case)

    def _in_awaiting_follow_up(self, case: SupportCase) -> None:
        if self.plan.keeps_away and self.practitioner is not None:
            self._keeps_somebody_away()
        if self.plan.hand_over:
            self.plan = replace(self.plan, hand_over=False)
            self._after(3, 12, self._hands_over)
            return
        self._interview(case)

    def _in_awaiting_further_follow_up(self, case: SupportCase) -> None:
        self._interview(case)

    def _interview(self, case: SupportCase) -> None:
        appointment = self._half_hour(interview_at(self, case.id))
        if appointment - self.stage.now > timedelta(days=4):
            self._next(appointment - timedelta(days=3), lambda: self._makes_appointment(appointment))
        self._next(appointment, lambda: self._sits_down(case))

    def _half_hour(self, instant: datetime) -> datetime:
        """The next full or half hour at which somebody would meet."""
        later = self.stage.office(instant + timedelta(minutes=29))
        return later - timedelta(minutes=later.minute % 30, seconds=later.second, microseconds=later.microsecond)

    def _makes_appointment(self, at: datetime) -> None:
        self.does(
            self.supporter(),
            "log_contact",
            channel="phone",
            result="appointment_made",
            happened_at=self.stage.now,
            appointment_at=at,
        )

    def _sits_down(self, case: SupportCase) -> None:
        """They talk for a while; then it is written down."""
        begin_talk(self, case)
        begun = self.stage.now

        def ends() -> None:
            submit_talk(self, case, held_at=begun)
            self.go_on()

        self._next(begun + timedelta(minutes=self.chosen.randrange(25, 60)), ends)

    def _hands_over(self) -> None:
        case = self.case()
        account = self._able(case, but=case.practitioner_id)
        if account is not None:
            self.does(self.coordinator, "hand_over", practitioner=account.id)
        self.go_on()

    def _keeps_somebody_away(self) -> None:
        """The person asks that one practitioner never reads this case (CARE 10)."""
        self.plan = replace(self.plan, keeps_away=False)
        kept = next(one for one in self.stage.cast.practitioners[::-1] if one.id != self.supporter().id)

        def keep() -> None:
            with self.stage.backend.writing() as uow:
                exclude(uow, self.stage.actor(self.coordinator), now=self.stage.now, ref=self.ref, account_id=kept.id)

        self.stage.keeping_apart(self.coordinator, self.ref, keep)

    # The end, and a new beginning.

    def _in_to_close(self, _: SupportCase) -> None:
        self._after(1, 6, lambda: self._ends("support_completed"))

    def _withdraws(self) -> None:
        self.plan = replace(self.plan, withdraws="")
        self.does(self.practitioner or self.coordinator, "withdraw")
        self.go_on()

    def _leaves(self) -> None:
        self.plan = replace(self.plan, leaves_in="")
        self._ends(self.plan.outcome)

    def _ends(self, outcome: str) -> None:
        """Close; while an escalation or a referral is open, look again some days later."""
        case = self.case()
        who = self.practitioner if outcome == "support_completed" and self.practitioner else self.coordinator
        with self.stage.backend.reading() as uow:
            waiting = self.asides.is_waiting(uow, case.id)
        if waiting:
            self._next(self.stage.now + LOOK_AGAIN, lambda: self._ends(outcome))
            return
        self.does(who, "close", outcome=outcome)
        self.go_on()

    def _in_closed(self, _: SupportCase) -> None:
        if self.plan.reopens_after is not None and not self._reopened:
            self._reopened = True
            self._next(self.stage.now + timedelta(days=self.plan.reopens_after), self._reopens)

    def _reopens(self) -> None:
        self.practitioner = None
        self.does(self.coordinator, "reopen", reason=self.chosen.choice(talk.COMES_BACK))
        self.go_on()

    def _rests(self, _: SupportCase) -> None:
        """Declined or withdrawn: nobody calls; the person may come back."""
        if self.plan.comes_back_after is not None:
            after = timedelta(days=self.plan.comes_back_after)
            self.plan = replace(self.plan, comes_back_after=None, answer="accept")
            self.practitioner = None
            self._next(self.stage.now + after, lambda: self._answers("undo_decline"))

    # What all of it uses.

    def _hours(self, least: float, most: float, happening: Callable[[], None]) -> None:
        self._next(self.stage.now + timedelta(hours=self.chosen.uniform(least, most) * self.plan.pace), happening)

    def _after(self, least: float, most: float, happening: Callable[[], None]) -> None:
        """After days; never less than one, because two calls on one day are one attempt."""
        days = max(self.chosen.uniform(least, most) * self.plan.pace, 1.0)
        self._next(self.stage.now + timedelta(days=days), happening)

    def _next(self, instant: datetime, happening: Callable[[], None]) -> None:
        turn = self._turn

        def in_turn() -> None:
            if self._turn == turn:
                happening()

        self.stage.at(self.stage.office(instant), in_turn)
