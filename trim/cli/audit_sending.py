"""`trim audit checkpoint`, `send`, `mail-to`: seal the trail, and take the seal to where nobody here can change it."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from trim.audit.anchors import AnchorContradicts, write_anchor
from trim.audit.checkpoint import Sealed, signing_key
from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.cli.opened import opened
from trim.delivery.mail import MailNotSent, post_office
from trim.domain.access import system_actor
from trim.domain.errors import InvalidInput, NotFound
from trim.domain.organisation import Organisation
from trim.settings import Settings
from trim.usecases.oversight.auditors import checkpoint_mail, checkpoint_of, set_auditors
from trim.usecases.oversight.seal_trail import seal_trail


@click.command("checkpoint")
@as_json_option
def checkpoint(as_json: bool) -> None:
    """Sign a checkpoint over the whole trail, copy it to the anchors' folder and mail it to the auditors.

    Run it every night; with cron: 15 2 * * * trim audit checkpoint

    \b
    Example:
      trim audit checkpoint
    """
    settings = Settings.from_environment()
    key = signing_key(settings.checkpoint_key_file, create=True)
    with opened(settings) as backend, backend.writing() as uow:
        sealed = seal_trail(uow, system_actor("checkpoint"), now=datetime.now(UTC), key=key)
        organisation = uow.organisation
    _send_out(settings, organisation, sealed, as_json=as_json)


@click.command("send")
@click.argument("number", required=False, type=click.IntRange(min=1))
@as_json_option
def send(number: int | None, as_json: bool) -> None:
    """Copy and mail a checkpoint again, the newest unless NUMBER names one: after a failure, or to a new address.

    \b
    Example:
      trim audit send 12
    """
    settings = Settings.from_environment()
    with opened(settings) as backend, backend.reading() as uow:
        try:
            sealed = checkpoint_of(uow, number)
        except NotFound as problem:
            raise CommandFailed("There is no such checkpoint.", "Make one with `trim audit checkpoint`.") from problem
        organisation = uow.organisation
    _send_out(settings, organisation, sealed, as_json=as_json)


@click.command("mail-to")
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
def mail_to(addresses: tuple[str, ...]) -> None:
    """Set who gets each checkpoint by mail: auditors, data protection, a works council; without ADDRESS nobody.

    The mail server is set by TRIM_SMTP_URL (smtps://user:password@mail.example.org); without it mails are files in the
    folder `mail` of the instance.

    \b
    Example:
      trim audit mail-to auditor@example.org
    """
    with opened(Settings.from_environment()) as backend, backend.writing() as uow:
        try:
            found = set_auditors(uow, system_actor("audit"), now=datetime.now(UTC), addresses=addresses)
        except InvalidInput as problem:
            reason = problem.problems["addresses"]
            raise CommandFailed(reason.en, "Nothing was changed. Give them as name@example.org.") from problem
    click.echo(f"Checkpoints are mailed to {', '.join(found)}." if found else "Checkpoints are mailed to nobody.")


def _send_out(settings: Settings, organisation: Organisation, sealed: Sealed, *, as_json: bool) -> None:
    """Both ways are tried before either failure is told: one that works is worth having."""
    failures = []
    anchor = None
    try:
        anchor = write_anchor(settings.anchors_dir, sealed)
    except AnchorContradicts:
        failures.append(
            f"It was not copied: another checkpoint of this number lies in {settings.anchors_dir}, so this database is "
            "not the one that made it. An older copy was restored: keep both and ask your auditor."
        )
    except OSError as problem:
        failures.append(f"It could not be copied to {settings.anchors_dir} ({problem.strerror}).")
    mail = checkpoint_mail(organisation, sealed)
    if mail is not None:
        try:
            post_office(settings.smtp_url, settings.mail_dir, settings.sender).send(mail, now=datetime.now(UTC))
        except MailNotSent as problem:
            failures.append(str(problem))
    if failures:
        cure = f"See to it, then run `trim audit send {sealed.number}`."
        raise CommandFailed(f"Checkpoint {sealed.number} is made. {' '.join(failures)}", cure)
    if as_json:
        mailed = list(mail.to) if mail is not None else []
        print_json(
            {"number": sealed.number, "fingerprint": sealed.fingerprint, "anchor": str(anchor), "mailed_to": mailed}
        )
        return
    sent = (
        f"mailed to {', '.join(mail.to)}" if mail is not None else "mailed to nobody (`trim audit mail-to` sets whom)"
    )
    click.echo(f"Checkpoint {sealed.number}, fingerprint {sealed.fingerprint}, copied to {anchor}, {sent}.")
