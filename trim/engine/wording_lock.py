"""`wording.lock`: the English that the French of each text was confirmed against, so that stale French is found.

It stands beside `pack.yaml`, one line a text. It is no part of the compiled pack: hashes and behaviour do not know it.
A pack that extends another locks only the texts that stand in its own files.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from trim.engine.files import folders_of, read_own_files
from trim.engine.problems import PackError, Problem
from trim.engine.source import LANGUAGES, Source

NAME: Final = "wording.lock"
COMMAND: Final = "trim workflow confirm-wording"

_HEAD: Final = f"""\
# For each text of this pack the digest of the English that its French was confirmed against.
# Written by `{COMMAND}`, which shows both: never by hand.
"""
_LINE: Final = re.compile(r"(?P<key>\S+) (?P<digest>[0-9a-f]{16})")


class UnknownKey(LookupError):
    """Raised for a key under which no text of the pack's own stands; `near` are those most like it."""

    def __init__(self, key: str, near: list[str]) -> None:
        super().__init__(key)
        self.key, self.near = key, near


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of a pack's own files, with its place and the digest that the lock must hold."""

    key: str
    file: str
    line: int
    en: str
    fr: str

    @property
    def digest(self) -> str:
        """Give the first 16 hexadecimal digits of the SHA-256 of the English, its apostrophes curled as on pages."""
        return hashlib.sha256(self.en.replace("'", "’").encode()).hexdigest()[:16]


def own_texts(folder: Path) -> dict[str, OwnText]:
    """Give every text of a pack's own files under its key, in their order; raises PackError.

    One that lacks a language is left out: the check of the pack names it, and there is nothing yet to confirm.
    """
    files = read_own_files(folder)
    sources = (files.pack, *files.lifecycles, *files.instruments)
    return {text.key: text for source in sources for one in source.all() if (text := _text(one)) is not None}


def _text(source: Source) -> OwnText | None:
    said = {
        name: str(one.value).strip()
        for name, one in source.entries()
        if name in LANGUAGES and isinstance(one.value, (str, int)) and not isinstance(one.value, bool)
    }
    if not (said.get("en") and said.get("fr")):
        return None
    return OwnText(source.key, source.file, source.line, said["en"], said["fr"])


def wording_problems(folder: Path) -> list[Problem]:
    """Give every text of a pack's own whose French is stale or was never confirmed; empty where all is.

    Files that cannot be read are the matter of `check_folder`: for them nothing is said here.
    """
    try:
        texts = own_texts(folder)
    except PackError:
        return []
    path = folder / NAME
    if not path.is_file():
        cause = "This pack has no wording.lock: nobody has confirmed that its French says what its English says."
        return [Problem(NAME, 0, "", cause, f"Read both side by side and confirm them: {COMMAND} {folder}")]
    locked, problems = _read(path.read_text(encoding="utf-8", errors="replace"))
    for text in unconfirmed(texts, locked):
        was_confirmed = text.key in locked
        cause = (
            "The English was changed since the French was confirmed: the French may be stale."
            if was_confirmed
            else "Nobody has confirmed that the French says what the English says."
        )
        cure = f"Read both, correct the French if need be, then: {COMMAND} {folder} {text.key}"
        problems.append(Problem(text.file, text.line, text.key, cause, cure))
    return sorted(problems)


def wording_problems_of_all(folder: Path, shelves: Sequence[Path] = ()) -> list[Problem]:
    """Give the same for a pack and for those that it extends: whoever installs it makes people read all of them."""
    try:
        folders = folders_of(folder, shelves)
    except PackError:
        return []
    found = wording_problems(folder)
    for base in folders[1:]:
        found += [replace(one, file=f"{base.name}/{one.file}") for one in wording_problems(base)]
    return found


def confirmed(folder: Path) -> dict[str, str]:
    """Give what the lock of a pack holds, digest by key; nothing where there is none or a line cannot be read."""
    path = folder / NAME
    return _read(path.read_text(encoding="utf-8", errors="replace"))[0] if path.is_file() else {}


def unconfirmed(texts: Mapping[str, OwnText], locked: Mapping[str, str]) -> list[OwnText]:
    """Give the texts whose French was not confirmed against their English, in the order of the files."""
    return [text for text in texts.values() if locked.get(text.key) != text.digest]


def chosen(texts: Mapping[str, OwnText], keys: Collection[str]) -> dict[str, OwnText]:
    """Give the texts at or below these dotted keys, or all where none is named; raises UnknownKey."""
    for key in keys:
        if not any(_is_within(one, key) for one in texts):
            raise UnknownKey(key, difflib.get_close_matches(key, texts, 3))
    return {one: text for one, text in texts.items() if not keys or any(_is_within(one, key) for key in keys)}


def _is_within(key: str, above: str) -> bool:
    return key == above or key.startswith(f"{above}.")


def renewed(texts: Mapping[str, OwnText], locked: Mapping[str, str], confirm: Collection[str]) -> str:
    """Give a lock's text in which these keys are confirmed as they stand; lines for texts that are gone leave it."""
    kept = {key: digest for key, digest in locked.items() if key in texts}
    kept |= {key: texts[key].digest for key in confirm}
    return _HEAD + "".join(f"{key} {digest}\n" for key, digest in sorted(kept.items()))


def _read(text: str) -> tuple[dict[str, str], list[Problem]]:
    """Read a lock. What cannot be read, or stands there twice as a merge may leave it, confirms nothing."""
    locked: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            cause = "This line is no key with its digest."
            problems.append(Problem(NAME, number, "", cause, f"Remove the line, then: {COMMAND}"))
        elif (key := match["key"]) in lines:
            locked.pop(key, None)
            cause = f"This key stands here twice (the other is on line {lines[key]})."
            problems.append(Problem(NAME, number, key, cause, f"Remove both lines, then: {COMMAND}"))
        else:
            locked[key], lines[key] = match["digest"], number
    return locked, problems
