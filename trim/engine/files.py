"""The files of a pack, each as a source tree; a pack that extends another is laid over that one's files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trim.engine.problems import PackError, Problem
from trim.engine.source import Source, read_yaml

#: What a lifecycle's further files may hold; they are read after the first, in the order of their names.
PARTS = ("states", "steps", "actions")
#: What a pack says of itself: never taken over from the one it extends.
OWN = ("pack", "version", "language", "extends")
#: Extending a pack that extends another is fine; nobody can follow more than a few.
MOST_BASES = 5
CIRCLE = "These packs extend each other in a circle."
OUT_OF_CIRCLE = "Take one “extends” out."


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a pack, each read into a source tree."""

    pack: Source
    lifecycles: list[Source]
    instruments: list[Source]

    def places(self) -> dict[str, Source]:
        """Give every value of every file under its dotted key."""
        return {one.key: one for source in (*self.instruments, *self.lifecycles, self.pack) for one in source.all()}


def read_files(folder: Path, shelves: Sequence[Path] = ()) -> Files:
    """Read the files of a pack; `shelves` hold the packs that it may extend, besides the folder beside it.

    Maps merge by key, `null` removes a key, lists and texts replace. Raises PackError.
    """
    own = _read(folder, "")
    bases: list[Files] = []
    seen = [folder.resolve()]
    top = own
    while (named := top.pack.get("extends")) is not None:
        base = _find(named, seen[-1], shelves)
        if base in seen or len(seen) > MOST_BASES:
            raise PackError([named.fault(CIRCLE, OUT_OF_CIRCLE)])
        seen.append(base)
        top = _read(base, f"{base.name}/")
        bases.append(top)
    problems: list[Problem] = []
    made = own
    if bases:
        made = bases.pop()
        for over in [*reversed(bases), own]:
            made = _laid_over(made, over, problems)
    if problems:
        raise PackError(sorted(problems))
    return made


def folders_of(folder: Path, shelves: Sequence[Path] = ()) -> list[Path]:
    """Give a pack's folder and those of the packs that it extends, the nearest first. Raises PackError."""
    found = [folder]
    while (named := read_yaml(found[-1] / "pack.yaml", "pack.yaml").get("extends")) is not None:
        base = _find(named, found[-1].resolve(), shelves)
        if base in [one.resolve() for one in found] or len(found) > MOST_BASES:
            raise PackError([named.fault(CIRCLE, OUT_OF_CIRCLE)])
        found.append(base)
    return found


def read_own_files(folder: Path) -> Files:
    """Read what stands in a pack's own folder, and nothing of a pack that it extends. Raises PackError."""
    return _read(folder, "")


def _find(named: Source, folder: Path, shelves: Sequence[Path]) -> Path:
    """The folder of the pack that is extended. A name is a folder's name, never a path.

    A pack that names itself extends the one of its name that ships: so an organisation changes the programme it has.
    """
    name = str(named.value)
    itself: Path | None = None
    for shelf in (folder.parent, *shelves):
        for known in sorted(shelf.iterdir()) if shelf.is_dir() else ():
            if known.name == name and (known / "pack.yaml").is_file():
                if known.resolve() != folder:
                    return known.resolve()
                itself = folder
    if itself is not None:
        return itself  # a circle of one, which the caller refuses
    raise PackError([named.fault(f"There is no pack “{name}” to extend.", "Put its folder beside this pack's.")])


def _read(folder: Path, called: str) -> Files:
    """The files of one folder; `called` stands before their names in messages."""
    problems: list[Problem] = []

    def one(path: Path, root: str = "") -> Source | None:
        try:
            return read_yaml(path, called + path.relative_to(folder).as_posix(), root)
        except PackError as error:
            problems.extend(error.problems)
            return None

    def several(name: str) -> Iterator[Source]:
        for path in sorted((folder / name).glob("*.yaml")):
            if source := one(path, path.stem):
                # A long lifecycle may go on in a folder of its own name, a file for each stage of the work.
                for part in sorted(path.with_suffix("").glob("*.yaml")):
                    if more := one(part, path.stem):
                        problems.extend(source.go_on(more, PARTS))
                yield source

    pack = one(folder / "pack.yaml")
    lifecycles, instruments = list(several("lifecycles")), list(several("instruments"))
    if pack is None or problems:
        raise PackError(sorted(problems))
    return Files(pack, lifecycles, instruments)


def _laid_over(base: Files, over: Files, problems: list[Problem]) -> Files:
    """One pack's files over another's."""
    assert isinstance(base.pack.value, dict)
    inherited = Source(
        {name: one for name, one in base.pack.value.items() if name not in OWN},
        base.pack.file,
        base.pack.line,
        base.pack.key,
    )
    return Files(
        inherited.under(over.pack, problems),
        _files_over(base.lifecycles, over.lifecycles, problems),
        _files_over(base.instruments, over.instruments, problems),
    )


def _files_over(base: list[Source], over: list[Source], problems: list[Problem]) -> list[Source]:
    """The files of a kind: those of the same name are merged, new ones come after."""
    by_name = {one.key: one for one in over}
    merged = [one.under(by_name.pop(one.key), problems) if one.key in by_name else one for one in base]
    return merged + list(by_name.values())
