"""Draws a lifecycle from the pack itself, so that no picture can tell another story than the rules."""

from __future__ import annotations

from dataclasses import dataclass

from trim.engine.definition import Action, Lifecycle
from trim.engine.drawing import Arrow, Picture, draw

__all__ = ["Ways", "mermaid", "svg", "ways"]


@dataclass(frozen=True, slots=True)
class Ways:
    """What an action can bring: arrows between states, and what leaves every open state or stays where it is."""

    arrows: tuple[tuple[Action, str, tuple[str, ...]], ...]
    everywhere: tuple[tuple[Action, str], ...]
    staying: tuple[Action, ...]


def ways(lifecycle: Lifecycle) -> Ways:
    """Sort the actions for drawing; an arrow joins all states from which one action leads to one target."""
    arrows, everywhere, staying = [], [], []
    open_states = lifecycle.open_states()
    for action in lifecycle.actions.values():
        targets = dict.fromkeys(branch.state for branch in action.to or ())
        for target in targets:
            sources = tuple(state for state in lifecycle.states if state in action.from_ and state != target)
            if len(open_states) > 2 and sources == open_states:
                everywhere.append((action, target))
            elif sources:
                arrows.append((action, target, sources))
        if not targets:
            staying.append(action)
    return Ways(tuple(arrows), tuple(everywhere), tuple(staying))


def mermaid(lifecycle: Lifecycle, locale: str = "en") -> str:
    """Give a Mermaid state diagram; actions that stay or lead from every open state stand in a note."""
    found = ways(lifecycle)
    lines = ["stateDiagram-v2", f"    [*] --> {lifecycle.initial}"]
    lines += [f"    {state.name} : {_said(state.label.of(locale))}" for state in lifecycle.states.values()]
    for action, target, sources in found.arrows:
        lines += [f"    {source} --> {target} : {_said(action.label.of(locale))}" for source in sources]
    lines += [f"    {state.name} --> [*]" for state in lifecycle.states.values() if state.kind == "final"]
    notes = notes_of(lifecycle, locale)
    if notes:
        lines += [
            f"    note right of {lifecycle.initial}",
            *(f"        {_said(note)}" for note in notes),
            "    end note",
        ]
    return "\n".join(lines) + "\n"


def svg(lifecycle: Lifecycle, locale: str = "en", *, current: str | None = None) -> str:
    """Give an SVG picture without style, script or foreign address; `current` marks the state a thing stands at."""
    found = ways(lifecycle)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(one[0].name for one in found.arrows), 1)}
    return draw(
        Picture(
            name=lifecycle.name,
            title=lifecycle.label.of(locale),
            states=tuple((state.name, state.label.of(locale), state.kind) for state in lifecycle.states.values()),
            initial=lifecycle.initial,
            current=current,
            arrows=tuple(
                Arrow(numbers[action.name], action.label.of(locale), sources, target, action.danger)
                for action, target, sources in found.arrows
            ),
            notes=notes_of(lifecycle, locale),
        )
    )


def notes_of(lifecycle: Lifecycle, locale: str) -> tuple[str, ...]:
    """Say in words what no arrow shows."""
    french = locale[:2].lower() == "fr"
    found = ways(lifecycle)
    notes = []
    for action, target in found.everywhere:
        lead = "À tout moment\u00a0: " if french else "At any open state: "
        notes.append(f"{lead}{action.label.of(locale)} → {lifecycle.states[target].label.of(locale)}")
    if found.staying:
        lead = "Sans changer d’état\u00a0: " if french else "Without leaving the state: "
        notes.append(lead + ", ".join(action.label.of(locale) for action in found.staying))
    return tuple(notes)


def _said(text: str) -> str:
    """Keep a text from being read as Mermaid's own signs."""
    return text.replace(":", "꞉").replace(";", ",").replace("\n", " ")
