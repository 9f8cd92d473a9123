"""`trim workflow schema`: what editors need to complete and mark the files of a pack."""

from __future__ import annotations

import json
from pathlib import Path

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json


@click.command()
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), help="Write the files into this folder.")
@as_json_option
def schema(into: Path | None, as_json: bool) -> None:
    """Give the JSON Schema of a pack's files, by which editors complete keys and words and mark mistakes.

    Without --into it is printed, one JSON object with a schema for each kind of file.

    \b
    Example:
      trim workflow schema --into my-packs/schema
    """
    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.schema.documents import schemas

    drawn = schemas(VOCABULARY)
    if into is None:
        print_json({place: json.loads(text) for place, text in drawn.items()})
        return
    written = write_schemas(into, drawn)
    if as_json:
        print_json([str(path) for path in written])
        return
    for path in written:
        click.echo(path)


def write_schemas(into: Path, drawn: dict[str, str]) -> list[Path]:
    """Write each schema into its place under a folder. Raises CommandFailed where the folder cannot be written."""
    written = []
    try:
        for place, text in drawn.items():
            path = into / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(path)
    except OSError as error:
        raise CommandFailed(f"{into} cannot be written: {error.strerror}.", "Name another folder.") from error
    return written
