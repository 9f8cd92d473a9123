"""`trim workflow install`: make a pack the one that new cases begin on, or propose it to a second person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.settings import Settings

if TYPE_CHECKING:
    from trim.engine.definition import Pack
    from trim.engine.differences import Difference
    from trim.usecases.oversight.install_pack import Installing
    from trim.usecases.unit_of_work import Backend


@click.command()
@click.argument("pack")
@click.option("--by", metavar="EMAIL", help="On whose behalf: needed where a second person must confirm.")
@click.option("--yes", is_flag=True, help="Do not ask before installing.")
@as_json_option
def install(pack: str, by: str | None, yes: bool, as_json: bool) -> None:
    """Install PACK: a folder, or the name of one that ships with Trim.

    It is checked first, and what it changes is said. New cases begin on it; cases under way keep the rules they began
    with, and show corrected words at once. What changes more than words waits until a programme lead, who is not the
    one named by --by, confirms it on the page Rules. Lines with an exclamation mark change who acts, who is told or
    what is asked.

    \b
    Example:
      trim workflow install my-packs/harbour
      trim workflow install my-packs/trim --by ada@example.org
    """
    from trim.cli.opened import opened
    from trim.usecases.oversight.install_pack import takes_second_person, what_changes

    found = _sound(pack)
    with opened(Settings.from_environment()) as backend:
        with backend.reading() as uow:
            changes, waits = what_changes(uow, found), takes_second_person(uow, found)
        if not as_json:
            _say_changes(found, changes)
        if changes is None or changes:
            _ask(waits=waits, yes=yes)
        done = _install(backend, found, by)
    if as_json:
        print_json(_as_dict(found, done))
        return
    _say(found, changes, done)


def _sound(named: str) -> Pack:
    """The pack, or every fault of it on standard error and exit status 1."""
    from pathlib import Path

    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import load_pack
    from trim.engine.problems import PackError
    from trim.engine.wording_lock import wording_problems_of_all
    from trim.resources import workflows_dir

    folder = Path(named)
    if not (folder / "pack.yaml").is_file():
        folder = workflows_dir() / named
        if "/" in named or not (folder / "pack.yaml").is_file():
            raise CommandFailed(f"There is no pack {named}.", "Name a folder that holds pack.yaml, or a shipped pack.")
    try:
        found = load_pack(folder, VOCABULARY, [workflows_dir()])
        if stale := wording_problems_of_all(folder, [workflows_dir()]):
            raise PackError(stale)
        return found
    except PackError as error:
        faults = len(error.problems)
        click.echo(f"{folder.name}: {faults} problem{'s' if faults > 1 else ''}. Nothing was installed.", err=True)
        for problem in error.problems:
            click.echo(f"  {problem}", err=True)
        raise SystemExit(1) from error


def _install(backend: Backend, pack: Pack, by: str | None) -> Installing:
    from trim.app import utc_now
    from trim.domain.access import system_actor
    from trim.domain.errors import InvalidInput
    from trim.store import accounts
    from trim.usecases.oversight.install_pack import install_pack

    try:
        with backend.writing() as uow:
            account = accounts.by_email(uow.session, by) if by else None
            if by and account is None:
                raise CommandFailed(f"{by} has no account here.", "Nothing was changed. Give the address of one.")
            return install_pack(
                uow, system_actor("workflow"), now=utc_now(), pack=pack, by=account.id if account else None
            )
    except InvalidInput as problem:
        raise CommandFailed(
            "A second person must confirm this, so it must be known whose proposal it is.",
            "Nothing was changed. Add --by with the e-mail address of an open account.",
        ) from problem


def _ask(*, waits: bool, yes: bool) -> None:
    if not yes and not click.confirm("Propose it?" if waits else "Install it?", err=True):
        raise CommandFailed("Nothing was changed.")


def _say_changes(pack: Pack, changes: tuple[Difference, ...] | None) -> None:
    if changes is None:
        click.echo(f"{pack.name} {pack.version} is the first of its name here.")
        return
    for one in changes:
        click.echo(f"{'!' if one.access else ' '} {one}")


def _say(pack: Pack, changes: tuple[Difference, ...] | None, done: Installing) -> None:
    if done.outcome == "same":
        click.echo(f"{pack.name} {pack.version} is installed already.")
    elif done.outcome == "proposed":
        click.echo(f"{pack.name} {pack.version} is proposed. Nothing has changed yet: it changes more than words,")
        click.echo("so a programme lead confirms it on the page Rules. All coordinators are told.")
    else:
        click.echo(f"{pack.name} {pack.version} is installed. New cases begin on it.")
        if changes is not None:
            click.echo("Cases under way keep the rules they began with: no state, step or day of theirs has moved.")
            click.echo("Corrected words of the same rules, and the words for somebody in danger, reach them at once.")


def _as_dict(pack: Pack, done: Installing) -> dict[str, object]:
    return {
        "pack": pack.name,
        "version": pack.version,
        "behaviour": pack.behaviour_hash,
        "wording": pack.wording_hash,
        "outcome": done.outcome,
        "changes": [
            {"path": list(one.path), "kind": one.kind, "before": one.before, "after": one.after, "access": one.access}
            for one in done.differences
        ],
    }
