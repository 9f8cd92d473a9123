"""`trim workflow`: what authors of workflow packs need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.resources import workflows_dir

if TYPE_CHECKING:
    from trim.engine.problems import Problem


@click.group("workflow")
def command() -> None:
    """Check workflow packs.

    \b
    Example:
      trim workflow check my-packs/listening
    """


@command.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@as_json_option
def check(folder: Path | None, as_json: bool) -> None:
    """Check the pack in FOLDER, or every pack in it; without FOLDER the packs that ship with Trim.

    Each fault is named with file, line and key, what it is and what to do.

    \b
    Example:
      trim workflow check
      trim workflow check my-packs/listening --json
    """
    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import check_folder

    packs = _packs_in(folder or workflows_dir())
    found = {pack: check_folder(pack, VOCABULARY, [workflows_dir()]) for pack in packs}
    if as_json:
        print_json([{"pack": str(pack), "problems": [_as_dict(one) for one in found[pack]]} for pack in packs])
    else:
        for pack, problems in found.items():
            _show(pack, problems)
    if any(found.values()):
        raise SystemExit(1)


def _packs_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise CommandFailed(f"There is no folder {folder}.", "Name a folder that holds pack.yaml, or folders that do.")
    if (folder / "pack.yaml").is_file():
        return [folder]
    packs = sorted(path.parent for path in folder.glob("*/pack.yaml"))
    if not packs:
        raise CommandFailed(f"There is no pack in {folder}.", "A pack is a folder that holds a file pack.yaml.")
    return packs


def _show(pack: Path, problems: list[Problem]) -> None:
    if not problems:
        click.echo(f"{pack.name}: sound")
        return
    click.echo(f"{pack.name}: {len(problems)} problem{'s' if len(problems) > 1 else ''}", err=True)
    for problem in problems:
        click.echo(f"  {problem}", err=True)


def _as_dict(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "key": problem.key,
        "cause": problem.cause,
        "cure": problem.cure,
    }
