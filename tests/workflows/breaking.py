"""A copy of a pack that ships, broken in one place of its text, with the lines as its author would see them."""

from __future__ import annotations

import pickle
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from trim.domain.vocabulary import VOCABULARY
from trim.engine import files, source
from trim.engine.definition import Action, Lifecycle, Pack
from trim.engine.loader import check_folder, load_pack
from trim.engine.problems import Problem
from trim.resources import workflows_dir

PACKS = sorted(path.parent.name for path in workflows_dir().glob("*/pack.yaml"))


@cache
def shipped(name: str) -> Pack:
    """The sound pack."""
    return load_pack(workflows_dir() / name, VOCABULARY, [workflows_dir()])


@cache
def _places(name: str) -> dict[str, tuple[str, int]]:
    return {key: (one.file, one.line) for key, one in files.read_files(workflows_dir() / name).places().items()}


@cache
def _parsed(text: str, path: Path, name: str, root: str) -> bytes:
    return pickle.dumps(source.read_yaml(path, name, root))


def read_once(path: Path, name: str, root: str = "") -> source.Source:
    """Read a file as the engine does; one of the same text is parsed once for all copies."""
    text = path.read_text(encoding="utf-8")
    again = _same.setdefault((text, name, root), path)
    return pickle.loads(_parsed(text, again, name, root)) if again.is_file() else source.read_yaml(path, name, root)


_same: dict[tuple[str, str, str], Path] = {}


class Copy:
    """A copy that can be broken; keys are dotted, as in messages."""

    def __init__(self, name: str, folder: Path) -> None:
        self.pack, self.folder = shipped(name), folder / name
        shutil.copytree(workflows_dir() / name, self.folder)
        self._places = dict(_places(name))

    def set(self, key: str, value: str) -> None:
        """Give a key another value; without a value it goes, with all below it."""
        file, line = self._places[key]
        name = key.rpartition(".")[2]
        lines = self._lines(file)
        text = lines[line - 1]
        indent = len(text) - len(text.lstrip())
        if re.match(rf"\s*{name}:", text):
            end = line
            while end < len(lines) and (not lines[end].strip() or _indent(lines[end]) > indent):
                end += 1
            lines[line - 1 : end] = put = [f"{' ' * indent}{name}: {value}"] if value else []
            self._shift(file, line, len(put) - (end - line + 1))
        else:
            inner = rf"\b{name}: (\{{[^}}]*\}}|\[[^\]]*\]|'[^']*'|[^,}}]+)(, )?"
            assert re.search(inner, text), f"{name} does not stand in {text}"
            lines[line - 1] = re.sub(
                inner, lambda found: f"{name}: {value}{found[2] or ''}" if value else "", text, count=1
            )
        self._write(file, lines)

    def add(self, key: str, *more: str) -> None:
        """Put lines below a key, as its first."""
        file, line = self._places[key]
        lines = self._lines(file)
        indent = _indent(lines[line - 1]) + 2 if key else 0
        lines[line:line] = [" " * indent + one for one in more]
        self._shift(file, line, len(more))
        self._write(file, lines)

    def problems(self) -> list[Problem]:
        """What the checker says of the copy."""
        return check_folder(self.folder, VOCABULARY, [workflows_dir()])

    def says_at(self, problem: Problem) -> str:
        """The line that a problem points to."""
        return self._lines(problem.file)[problem.line - 1].strip()

    def action(self, effect: str, fits: Callable[[Action], object] = bool) -> str:
        """The key of the first action with an effect."""
        return next(
            f"{life.name}.actions.{action.name}"
            for life in self.pack.lifecycles.values()
            for action in life.actions.values()
            if effect in action.does and fits(action)
        )

    def definition(self, key: str) -> Action:
        """The action of a key."""
        life, _, name = key.split(".")
        return self.pack.lifecycles[life].actions[name]

    @property
    def case(self) -> Lifecycle:
        """The lifecycle that every pack has."""
        return self.pack.lifecycles["case"]

    def _shift(self, file: str, after: int, by: int) -> None:
        for key, (held, line) in self._places.items():
            if held == file and line > after:
                self._places[key] = (held, line + by)

    def _lines(self, file: str) -> list[str]:
        return (self.folder / file).read_text(encoding="utf-8").split("\n")

    def _write(self, file: str, lines: list[str]) -> None:
        (self.folder / file).write_text("\n".join(lines), encoding="utf-8")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
