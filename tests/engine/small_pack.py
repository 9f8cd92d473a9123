"""A pack of one page, small enough to break in a hundred ways quickly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from trim.domain.vocabulary import VOCABULARY, Vocabulary
from trim.engine.definition import Pack
from trim.engine.loader import check_folder, load_pack
from trim.engine.problems import Problem

WORDS: Vocabulary = replace(
    VOCABULARY,
    needs_choices=MappingProxyType({}),
    needs_texts=MappingProxyType({}),
    care=replace(
        VOCABULARY.care,
        must_have=MappingProxyType({"case": frozenset({"raise_red_flag"})}),
        effects_by=MappingProxyType({}),
        scores=frozenset(),
        on_duty="",
    ),
)
"""The closed words, without what the whole product asks of a pack; here a score may end a case, to keep it small."""

FILES = {
    "pack.yaml": """\
pack: small
version: '1.0'
language: 1
title: {en: Small, fr: Petit}
summary: {en: A pack for tests., fr: Un paquet pour les tests.}
confidentiality:
  version: '1'
  opening: {en: Between us., fr: Entre nous.}
  limits:
    - {en: Unless in danger., fr: Sauf danger.}
  closing: {en: Stop at any time., fr: Arrêtez quand vous voulez.}
  confirm: {en: Explained., fr: Expliqué.}
choices:
  red_flag_levels:
    now: {en: Now, fr: Maintenant}
    today: {en: Today, fr: Aujourd'hui}
  closing_outcomes:
    left: {label: {en: Left, fr: A quitté}, hint: {en: The organisation., fr: L'organisation.}}
escalations:
  high:
    label: {en: High, fr: Élevé}
    at: talk
    when: band == 'high'
    to: coordinator
    answer_within: P1D
  flag:
    label: {en: Flag, fr: Alerte}
    by_action: raise_red_flag
    levels: {now: PT15M, today: PT4H}
    to: duty_coordinator
contacts:
  crisis_line: {label: {en: Crisis line, fr: Ligne de crise}}
texts:
  notes: {en: Keep it short., fr: Soyez bref.}
""",
    "lifecycles/case.yaml": """\
lifecycle: case
label: {en: Case, fr: Accompagnement}
initial: waiting
starts: [talk]
states:
  waiting:
    label: {en: Waiting, fr: En attente}
    kind: waiting
  talking:
    label: {en: Talking, fr: En cours}
  done:
    label: {en: Done, fr: Terminé}
    kind: final
steps:
  talk:
    label: {en: Talk, fr: Échange}
    who: practitioner
    instrument: interview
    window: {from: case.opened_at, earliest: PT1H, due: P1D, latest: P2D}
    overdue: {remind: [P1D], escalate: {after: P2D, to: coordinator}}
  again:
    label: {en: Again, fr: Encore}
    who: practitioner
    when: "!evidence_hold"
    window: {from: previous_interview.at, due: P28D}
actions:
  raise_red_flag:
    label: {en: Red flag, fr: Alerte}
    from: open
    by: [practitioner, coordinator]
    does: raise_red_flag
    danger: true
    form:
      level:
        label: {en: When, fr: Quand}
        class: level
        choices: red_flag_levels
        required: true
  record:
    label: {en: Record, fr: Enregistrer}
    from: waiting
    to:
      - {state: talking, when: total > 3, starts: [again]}
      - {state: done}
    by: practitioner
    instrument: interview
    completes: talk
    does: record_assessment
    requires:
      - when: confidentiality_explained
        otherwise: {en: Explain first., fr: Expliquez d'abord.}
      - when: contact_attempts >= 1
        otherwise: {en: Call first., fr: Appelez d'abord.}
    form:
      why:
        label: {en: Why so early, fr: Pourquoi si tôt}
        class: short_text
        max_length: 100
        when: early
  finish:
    label: {en: Finish, fr: Terminer}
    from: [waiting, talking]
    to: done
    by: [coordinator]
    completes: again
    cancels: all
    does: close_case
    confirm: {en: Really?, fr: Vraiment ?}
    requires:
      - when: state == 'talking' || role_is_coordinator
        otherwise: {en: Not yet., fr: Pas encore.}
""",
    "lifecycles/escalation.yaml": """\
lifecycle: escalation
label: {en: Escalation, fr: Alerte}
initial: open
states:
  open: {label: {en: Open, fr: Ouverte}, kind: waiting}
  decided: {label: {en: Decided, fr: Décidée}, kind: final}
actions:
  decide:
    label: {en: Decide, fr: Décider}
    from: open
    to: decided
    by: [coordinator, practitioner]
    does: decide_escalation
""",
    "instruments/interview.yaml": """\
instrument: interview
version: '1'
title: {en: Interview, fr: Entretien}
intro: {en: Hello., fr: Bonjour.}
sections:
  one:
    label: {en: One, fr: Un}
    items:
      sleep:
        label: {en: Sleep, fr: Sommeil}
        text: {en: How do you sleep?, fr: Comment dormez-vous ?}
        anchors:
          0: {en: Well, fr: Bien}
          1: {en: So so, fr: Moyennement}
          2: {label: {en: Badly, fr: Mal}, hint: {en: Most nights., fr: Presque chaque nuit.}}
      past:
        label: {en: Past, fr: Passé}
        text: {en: Has it happened before?, fr: Est-ce déjà arrivé ?}
        changeable: false
        anchors:
          0: {en: No, fr: Non}
          1: {en: Once, fr: Une fois}
          2: {en: Often, fr: Souvent}
      since:
        label: {en: Since when, fr: Depuis quand}
        text: {en: Since when?, fr: Depuis quand ?}
        kind: date
bands:
  low: {label: {en: Low, fr: Bas}, lowest: 0, highest: 2, example: true}
  high: {label: {en: High, fr: Élevé}, lowest: 3, highest: 4}
""",
    "instruments/again.yaml": """\
instrument: again
version: '1'
follows: interview
title: {en: Again, fr: Encore}
intro: {en: Hello., fr: Bonjour.}
sections:
  one:
    label: {en: One, fr: Un}
    items:
      sleep:
        label: {en: Sleep, fr: Sommeil}
        text: {en: How do you sleep now?, fr: Comment dormez-vous maintenant ?}
        anchors:
          0: {en: Well, fr: Bien}
          1: {en: So so, fr: Moyennement}
          2: {en: Badly, fr: Mal}
""",
}


def write(folder: Path, **changes: tuple[str, str] | str | None) -> Path:
    """Write the small pack; a change by file stem is (old, new), a whole text, or None to leave the file out."""
    for name, text in FILES.items():
        change = changes.pop(Path(name).stem, ("", ""))
        if change is None:
            continue
        if isinstance(change, tuple):
            assert change[0] in text, f"{change[0]!r} does not stand in {name}"
            text = text.replace(*change, 1)
        else:
            text = change
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert not changes, f"no such file: {changes}"
    return folder


def small(folder: Path, **changes: tuple[str, str] | str | None) -> Pack:
    """Load the small pack."""
    return load_pack(write(folder, **changes), WORDS)


def problems(folder: Path, **changes: tuple[str, str] | str | None) -> list[Problem]:
    """Give what the checker says of a changed small pack."""
    return check_folder(write(folder, **changes), WORDS)


def named_line(folder: Path, problem: Problem) -> str:
    """Give the line that a problem points to, after the stem of its file."""
    text = (folder / problem.file).read_text(encoding="utf-8").splitlines()[problem.line - 1].strip()
    return f"{Path(problem.file).stem}: {text}"
