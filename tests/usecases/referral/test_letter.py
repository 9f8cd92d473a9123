"""The referral letter: what the person agreed to and nothing else, and only while it stands."""

from __future__ import annotations

import pytest

from tests.support.story import Story
from tests.support.trail import lines
from tests.usecases.cases.reading import uses
from trim.domain.errors import NotAllowedNow, NotFound
from trim.store import cases
from trim.usecases.referral.letter import referral_letter
from trim.usecases.referral.read_referral import read_referral


def proposed(story: Story) -> str:
    ref = story.supported_case()
    return story.does("Pat", "propose_referral", ref, provider="gp", reason="Sleep.").made["referral"]


def test_no_letter_before_the_person_has_agreed(story: Story) -> None:
    referral = proposed(story)
    assert not uses(story, "Pat", read_referral, ref=referral).may_print
    with pytest.raises(NotAllowedNow) as caught:
        uses(story, "Pat", referral_letter, ref=referral)
    assert caught.value.codes == ["not_agreed"]


@pytest.mark.care(28)
def test_what_stands_in_the_letter(story: Story) -> None:
    referral = proposed(story)
    story.does("Pat", "record_agreement", referral, kind="referral", share_attendance=False)
    letter = uses(story, "Pat", referral_letter, ref=referral)
    assert (letter.person, letter.reason, letter.ground, letter.may_answer) == ("Robin Ashe", "Sleep.", None, False)
    assert letter.provider is not None
    assert (letter.provider.en, letter.organisation, letter.contact) == ("Own doctor", "Harbour Service", "Pat")
    made = story.organisation
    with made.backend.reading() as uow:
        found = cases.load(uow.session, "referral", referral)
        line = lines(uow.session, f"case:{found.case_id}")[-1]
    assert (line["what"], line["subject"], line["codes"]) == (
        "document.made", f"referral:{found.id}", {"document": "referral_letter"},
    )  # fmt: skip


def test_with_the_persons_word_the_provider_may_tell_whether_they_came(story: Story) -> None:
    referral = proposed(story)
    story.does("Pat", "record_agreement", referral, kind="referral", share_attendance=True)
    assert uses(story, "Carol", referral_letter, ref=referral).may_answer


@pytest.mark.care(3)
def test_help_without_agreement_names_its_ground_and_not_its_explanation(story: Story) -> None:
    referral = proposed(story)
    story.does("Pat", "override", referral, kind="referral", grounds="safeguarding", explanation="A child at home.")
    letter = uses(story, "Pat", referral_letter, ref=referral)
    assert letter.ground is not None
    assert letter.ground.en == "Safeguarding"
    assert "child" not in repr(letter)


def test_no_letter_once_it_has_ended_and_none_for_strangers(story: Story) -> None:
    referral = proposed(story)
    story.does("Pat", "record_agreement", referral, kind="referral")
    with pytest.raises(NotFound):
        uses(story, "Quinn", referral_letter, ref=referral)
    story.does("Pat", "record_refusal", referral, kind="referral")
    with pytest.raises(NotAllowedNow) as caught:
        uses(story, "Pat", referral_letter, ref=referral)
    assert caught.value.codes == ["wrong_state"]
    assert not uses(story, "Carol", read_referral, ref=referral).is_open


@pytest.mark.care(28)
@pytest.mark.parametrize("action", ["signpost", "hand_over_no_return"])
def test_providers_that_never_answer_are_an_end(story: Story, action: str) -> None:
    referral = proposed(story)
    story.does("Pat", "record_agreement", referral, kind="referral")
    story.does("Pat", action, referral, kind="referral")
    page = uses(story, "Pat", read_referral, ref=referral)
    assert (page.is_open, page.steps) == (False, ())
