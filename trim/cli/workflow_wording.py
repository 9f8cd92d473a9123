"""`trim workflow confirm-wording`: somebody read both languages and says that they say the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.pack_folders import pack_folder

if TYPE_CHECKING:
    from trim.engine.wording_lock import OwnText


@click.command("confirm-wording")
@click.argument("pack")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--look", is_flag=True, help="Only show what would be confirmed; exits with 1 when there is anything.")
@as_json_option
def confirm_wording(pack: str, keys: tuple[str, ...], look: bool, as_json: bool) -> None:
    """Confirm that the French of PACK says what its English says, and keep that in its file wording.lock.

    Shown and confirmed are the texts whose English has changed since, and new ones: all of them, or those at and below
    each KEY, such as case.actions.make_offer. Texts that are confirmed already stay as they are.

    \b
    Example:
      trim workflow confirm-wording my-packs/harbour --look
      trim workflow confirm-wording my-packs/harbour texts.neutral_message
    """
    from trim.engine.problems import PackError
    from trim.engine.wording_lock import UnknownKey, chosen, confirmed, own_texts, renewed, unconfirmed

    folder = pack_folder(pack)
    try:
        texts = own_texts(folder)
        asked = chosen(texts, keys)
    except PackError as error:
        cure = f"Nothing was confirmed. See all of it: trim workflow check {folder}"
        raise CommandFailed(f"{folder.name} cannot be read. {error.problems[0]}", cure) from error
    except UnknownKey as error:
        near = f"Did you mean {' or '.join(error.near)}?" if error.near else "Give a key as `check` names it."
        raise CommandFailed(
            f"{folder.name} holds no text at “{error.key}” in both languages in files of its own.", near
        ) from error
    locked = confirmed(folder)
    found = unconfirmed(asked, locked)
    if as_json:
        print_json({"pack": str(folder), "confirmed": not look, "texts": [_as_dict(one, locked) for one in found]})
    else:
        for one in found:
            _show(one, locked)
    if not look:
        write_lock(folder, renewed(texts, locked, [one.key for one in found]))
    if not as_json:
        _say(len(found), len(unconfirmed(texts, locked)) - len(found), look=look)
    if look and found:
        raise SystemExit(1)


def write_lock(folder: Path, text: str) -> None:
    """Write a pack's lock. Raises CommandFailed where its folder cannot be written."""
    from trim.engine.wording_lock import NAME

    try:
        (folder / NAME).write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandFailed(
            f"{folder / NAME} cannot be written: {error.strerror}.",
            "Nothing was confirmed. Ask whoever owns the folder.",
        ) from error


def _show(one: OwnText, locked: dict[str, str]) -> None:
    click.echo(f"{one.file}:{one.line}: {one.key} ({'English changed' if one.key in locked else 'new'})")
    click.echo(f"  en  {one.en}")
    click.echo(f"  fr  {one.fr}\n")


def _say(found: int, others: int, *, look: bool) -> None:
    if not found:
        click.echo("Nothing to confirm: the French of these texts was confirmed against the English that stands there.")
    elif look:
        click.echo(f"{found} to confirm. Nothing was written.")
    else:
        click.echo(f"{found} confirmed.")
    if others:
        click.echo(f"{others} more, which you did not name, wait to be confirmed.")


def _as_dict(one: OwnText, locked: dict[str, str]) -> dict[str, object]:
    return {
        "file": one.file,
        "line": one.line,
        "key": one.key,
        "en": one.en,
        "fr": one.fr,
        "because": "changed" if one.key in locked else "new",
    }
