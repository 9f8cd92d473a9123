"""`trim workflow test`: plays the scenarios of a pack, under a simulated clock and without a database."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.pack_folders import pack_folder, packs_in
from trim.resources import workflows_dir

if TYPE_CHECKING:
    from trim.engine.scenario_play import Played


@click.command("test")
@click.argument("pack", required=False)
@as_json_option
def play_scenarios(pack: str | None, as_json: bool) -> None:
    """Play the scenarios of PACK: a folder, or the name of a pack that ships; without it those that ship.

    A scenario tells what is given, what somebody does and what to expect of it. Exits with 1 when one fails. A scenario
    of the pack that yours extends may turn out differently: that is shown, and fails only where it is binding.

    \b
    Example:
      trim workflow test
      trim workflow test my-packs/harbour --json
    """
    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import load_pack
    from trim.engine.problems import PackError
    from trim.engine.scenario_play import play_all

    told: dict[str, list[Played]] = {}
    for folder in _folders(pack):
        try:
            loaded = load_pack(folder, VOCABULARY, [workflows_dir()])
            told[str(folder)] = play_all(loaded, folder, VOCABULARY, [workflows_dir()])
        except PackError as error:
            cure = f"See all of them: trim workflow check {folder}"
            raise CommandFailed(f"{folder.name} cannot be used. {error.problems[0]}", cure) from error
    if as_json:
        print_json([_as_dict(name, one) for name, all_ in told.items() for one in all_])
    else:
        for name, all_ in told.items():
            _show(Path(name).name, all_)
    if any(one.verdict == "fails" for all_ in told.values() for one in all_):
        raise SystemExit(1)


def _folders(named: str | None) -> list[Path]:
    if named is None:
        return packs_in(workflows_dir())
    folder = Path(named)
    # A folder comes before a pack that ships under that name, but only where packs lie in it.
    return packs_in(folder) if any(folder.glob("*/pack.yaml")) else [pack_folder(named)]


def _show(pack: str, told: list[Played]) -> None:
    if not told:
        click.echo(f"{pack}: no scenario")
        return
    for one in told:
        if one.verdict == "holds":
            continue
        failed = one.verdict == "fails"
        says = "fails" if failed else f"turns out differently from {one.base}"
        click.echo(f"{pack}: “{one.title}” {says}", err=failed)
        for line in (*one.problems, *one.findings):
            click.echo(f"  {line}", err=failed)
    held = sum(one.verdict == "holds" for one in told)
    click.echo(f"{pack}: {held} of {len(told)} scenario{'s' if len(told) > 1 else ''} hold")


def _as_dict(folder: str, one: Played) -> dict[str, object]:
    return {
        "pack": folder,
        "file": one.file,
        "scenario": one.title,
        "from": one.base,
        "binding": one.binding,
        "verdict": one.verdict,
        "problems": [asdict(problem) for problem in one.problems],
        "findings": [asdict(finding) for finding in one.findings],
    }
