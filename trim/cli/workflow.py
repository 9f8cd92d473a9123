"""`trim workflow`: what authors of workflow packs need: begin one, check it, look at it, compare two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trim.cli import workflow_install, workflow_schema, workflow_test, workflow_wording
from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.pack_folders import pack_folder, packs_in
from trim.resources import workflows_dir

if TYPE_CHECKING:
    from trim.engine.definition import Pack
    from trim.engine.problems import Problem


@click.group("workflow")
def command() -> None:
    """Write, check, draw and compare workflow packs.

    \b
    Example:
      trim workflow new harbour my-packs
      trim workflow check my-packs/harbour
      trim workflow diff trim my-packs/harbour
    """


command.add_command(workflow_install.install)
command.add_command(workflow_schema.schema)
command.add_command(workflow_test.play_scenarios)
command.add_command(workflow_wording.confirm_wording)


@command.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@as_json_option
def check(folder: Path | None, as_json: bool) -> None:
    """Check the pack in FOLDER, or every pack in it; without FOLDER the packs that ship with Trim.

    Each fault is named with file, line and key, what it is and what to do. French that is stale, or that nobody has
    confirmed, is a fault too.

    \b
    Example:
      trim workflow check
      trim workflow check my-packs/listening --json
    """
    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import check_folder
    from trim.engine.wording_lock import wording_problems

    packs = packs_in(folder or workflows_dir())
    found = {pack: [*check_folder(pack, VOCABULARY, [workflows_dir()]), *wording_problems(pack)] for pack in packs}
    if as_json:
        print_json([{"pack": str(pack), "problems": [_as_dict(one) for one in found[pack]]} for pack in packs])
    else:
        for pack, problems in found.items():
            _show(pack, problems)
    if any(found.values()):
        raise SystemExit(1)


@command.command()
@click.argument("pack")
@as_json_option
def show(pack: str, as_json: bool) -> None:
    """Show what PACK holds: a folder, or the name of one that ships with Trim.

    With --json the compiled pack as servers load it, in its one canonical form.

    \b
    Example:
      trim workflow show trim
    """
    found = _loaded(pack)
    if as_json:
        click.echo(found.to_json())
        return
    click.echo(f"{found.name} {found.version}: {found.title.en}")
    click.echo(found.summary.en)
    click.echo(f"Behaviour {found.behaviour_hash[:16]}, wording {found.wording_hash[:16]}.")
    for lifecycle in found.lifecycles.values():
        click.echo(f"\n{lifecycle.label.en} ({lifecycle.name}), begins at {lifecycle.initial}")
        click.echo("  States")
        for state in lifecycle.states.values():
            click.echo(f"    {state.name:<28} {state.label.en}{' (final)' if state.kind == 'final' else ''}")
        click.echo("  Actions")
        for action in lifecycle.actions.values():
            click.echo(f"    {action.name:<28} {action.label.en}: {', '.join(action.by)}")
        if lifecycle.steps:
            click.echo("  Steps")
        for step in lifecycle.steps.values():
            window = step.window
            bounds = " ".join(
                f"{name} {value}"
                for name, value in (("from", window.earliest), ("due", window.due), ("latest", window.latest))
                if value is not None
            )
            click.echo(f"    {step.name:<28} {step.label.en}: {bounds} after {window.anchor}")
    for instrument in found.instruments.values():
        items = list(instrument.items())
        click.echo(f"\n{instrument.title.en} ({instrument.name}), {len(items)} questions, 0 to {instrument.maximum}")


@command.command()
@click.argument("pack")
@click.option("--lifecycle", "only", help="Only this one, such as case; without it all.")
@click.option("--svg", "as_svg", is_flag=True, help="SVG instead of Mermaid.")
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--into", type=click.Path(path_type=Path), help="Write one file for each lifecycle into this folder.")
@as_json_option
def draw(pack: str, only: str | None, as_svg: bool, language: str, into: Path | None, as_json: bool) -> None:
    """Draw the lifecycles of PACK as Mermaid or SVG.

    \b
    Example:
      trim workflow draw trim --lifecycle case
      trim workflow draw my-packs/harbour --svg --into pictures
    """
    from trim.engine.diagram import mermaid, svg

    found = _loaded(pack)
    if only is not None and only not in found.lifecycles:
        raise CommandFailed(f"There is no lifecycle {only}.", f"There are: {', '.join(found.lifecycles)}.")
    drawn = {
        name: (svg if as_svg else mermaid)(lifecycle, language)
        for name, lifecycle in found.lifecycles.items()
        if only in (None, name)
    }
    if into is not None:
        into.mkdir(parents=True, exist_ok=True)
        for name, picture in drawn.items():
            path = into / f"{found.name}-{name}.{'svg' if as_svg else 'mmd'}"
            path.write_text(picture, encoding="utf-8")
            if not as_json:
                click.echo(path)
    if as_json:
        print_json(drawn)
    elif into is None:
        click.echo("\n".join(drawn.values()), nl=False)


@command.command()
@click.argument("before")
@click.argument("after")
@as_json_option
def diff(before: str, after: str, as_json: bool) -> None:
    """Say what AFTER changes compared with BEFORE; exits with 1 when there is anything.

    Lines with an exclamation mark change who may act, who is told, or what may be asked: look at them with a second
    person.

    \b
    Example:
      trim workflow diff trim my-packs/harbour
    """
    from trim.engine.differences import differences

    found = differences(_loaded(before), _loaded(after))
    if as_json:
        print_json(
            [
                {
                    "path": list(one.path),
                    "kind": one.kind,
                    "before": one.before,
                    "after": one.after,
                    "access": one.access,
                    "wording": one.wording,
                }
                for one in found
            ]
        )
    else:
        for one in found:
            click.echo(f"{'!' if one.access else ' '} {one}")
        click.echo(_counted(len(found), sum(one.access for one in found), sum(one.wording for one in found)))
    if found:
        raise SystemExit(1)


@command.command()
@click.argument("name")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--extends", "base", default="trim", show_default=True, help="The pack that it changes.")
@as_json_option
def new(name: str, folder: Path | None, base: str, as_json: bool) -> None:
    """Begin a pack NAME in FOLDER (without it here): it extends a pack and says only what differs.

    \b
    Example:
      trim workflow new harbour my-packs
    """
    import re

    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import check_folder
    from trim.engine.schema.documents import schemas
    from trim.engine.wording_lock import renewed

    if not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", name):
        raise CommandFailed(
            f"“{name}” is no name for a pack.", "Use small letters, digits and underscores, beginning with a letter."
        )
    made = (folder or Path()) / name
    if made.exists():
        raise CommandFailed(f"There is a folder {made} already.", "Take another name, or go on in that one.")
    made.mkdir(parents=True)
    (made / "pack.yaml").write_text(_SCAFFOLD.format(name=name, base=base), encoding="utf-8")
    problems = check_folder(made, VOCABULARY, [workflows_dir()])
    if problems:
        (made / "pack.yaml").unlink()
        made.rmdir()
        raise CommandFailed(f"It cannot extend {base}.", str(problems[0]))
    workflow_wording.write_lock(made, renewed({}, {}, ()))
    if not (made.parent / "schema").exists():
        workflow_schema.write_schemas(made.parent / "schema", schemas(VOCABULARY))
    if as_json:
        print_json({"folder": str(made), "extends": base})
        return
    click.echo(f"{made / 'pack.yaml'} extends {base}. Change what differs, then: trim workflow check {made}")


_SCAFFOLD = """\
# yaml-language-server: $schema=../schema/pack.json
# What is written here changes the pack “{base}”; everything else stays as it is there.
# Maps merge by key, `null` removes a key, lists and texts replace. The language: workflows/README.md.
pack: {name}
version: '0.1'
language: 1
extends: {base}

# An example; take the signs # away and change it.
# texts:
#   neutral_message: {{en: Leave only your first name and number., fr: Ne laissez que votre prénom et votre numéro.}}
"""


def _counted(all_: int, access: int, words: int) -> str:
    if not all_:
        return "They decide and say the same."
    said = f"{all_} difference{'s' if all_ > 1 else ''}"
    return f"{said}, {access} of who acts, is told or is asked what, {words} of words alone."


def _loaded(named: str) -> Pack:
    """A sound pack by folder, or by the name of one that ships."""
    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import load_pack
    from trim.engine.problems import PackError

    folder = pack_folder(named)
    try:
        return load_pack(folder, VOCABULARY, [workflows_dir()])
    except PackError as error:
        cure = "See all of them: trim workflow check " + str(folder)
        raise CommandFailed(f"{folder.name} has {len(error.problems)} faults. {error.problems[0]}", cure) from error


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
