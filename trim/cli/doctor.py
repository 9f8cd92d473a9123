"""`trim doctor`: what is missing, why it matters and how to mend it."""

from __future__ import annotations

import click

from trim.cli.examine import examine
from trim.cli.finding import Finding
from trim.cli.messages import as_json_option, print_json
from trim.settings import Settings


@click.command("doctor")
@as_json_option
def command(as_json: bool) -> None:
    """Say what is missing and how to mend it; exit status 0 when nothing is.

    Nothing is changed. Answers hold no case content, so they can be sent to whoever helps.

    \b
    Example:
      trim doctor
      trim doctor --json
    """
    findings = examine(Settings.from_environment())
    if as_json:
        print_json([{"name": one.name, "ok": one.ok, "found": one.found, "cure": one.cure} for one in findings])
    else:
        for finding in findings:
            _show(finding)
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)


def _show(finding: Finding) -> None:
    word = click.style("OK     ", fg="green") if finding.ok else click.style("MISSING", fg="red", bold=True)
    click.echo(f"{word} {finding.name}: {finding.found}")
    if not finding.ok:
        click.echo(f"        {finding.cure}")
