"""What is said and written down: answers to the interviews, short notes, agreed plans. All of it is invented."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from trim.engine.definition import Instrument

NOT_ASKED, NOT_ANSWERED = "not_asked", "preferred_not_to_answer"

NOTES = {
    "en": ("Sleeps badly, eats well.", "Talks with a sister.", "Wants to go on working.", "Prefers the telephone.", ""),
    "fr": ("Dort mal, mange bien.", "En parle à sa sœur.", "Souhaite continuer.", "Préfère le téléphone.", ""),
}  # fmt: skip
PLANS = {
    "en": ("Walk every day, call me on Friday.", "Ask for two quiet shifts.", "See the old crew.", ""),
    "fr": ("Marcher chaque jour, m'appeler vendredi.", "Demander deux gardes calmes.", "Revoir l'ancienne équipe.", ""),
}  # fmt: skip
REASONS = {
    "refer": "Sleep has not come back; an assessment by a professional would help.",
    "another_follow_up": "It is easing. One more talk will show whether that holds.",
    "other_support": "Two quiet shifts were arranged; the union helps with the inquiry.",
    "close": "The person has what they need.",
    "no_change": "As to be expected so soon. The follow-up stands.",
}
ADVICE = (
    "Would a talk with the chaplaincy be right here?",
    "The person asks whether they must take part in the inquiry.",
    "Je ne suis pas sûre que le téléphone suffise.",
)
NEED = (
    "Trouble sleeping since the event.",
    "Images that come back at work.",
    "Difficultés de sommeil et irritabilité.",
)
COMES_BACK = ("Sleep has got worse again since a similar call.", "The date comes round again.")


def answers(
    chosen: random.Random,
    instrument: Instrument,
    weight: float,
    *,
    before: Mapping[str, str] | None = None,
    change: float = 1.0,
    gaps: bool = True,
    until: float = 1.0,
) -> dict[str, str]:
    """An answer to each item: heavier with `weight` (0 to 1); now and then one is not asked or not answered.

    After an interview `before`, each answer moves from the one it had: down where `change` is below 1, up above it.
    With `until` below 1 only that share of the items has an answer yet.
    """
    items = [item for item in instrument.items() if item.scored]
    given: dict[str, str] = {}
    for item in items[: round(len(items) * until)]:
        if gaps and chosen.random() < 0.012:
            given[item.name] = chosen.choice((NOT_ASKED, NOT_ANSWERED))
            continue
        earlier = (before or {}).get(item.name, "")
        if earlier.isdecimal():
            moves = chosen.random() < abs(1 - change)
            step = 0 if not moves else -1 if change < 1 else 1
            given[item.name] = str(min(max(int(earlier) + step, 0), item.most))
        else:
            lean = min(max(chosen.gauss(weight, 0.22), 0.0), 1.0)
            given[item.name] = "2" if lean > 0.66 else "1" if lean > 0.33 else "0"
    return given


def written(chosen: random.Random, locale: str) -> dict[str, Any]:
    """Note and plan of an interview, often left empty."""
    language = "fr" if locale.startswith("fr") else "en"
    return {"notes": chosen.choice(NOTES[language]), "plan": chosen.choice(PLANS[language])}
