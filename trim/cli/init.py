"""`trim init`: an empty organisation and the links of its first two people."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

import click

from trim.cli.messages import CommandFailed, as_json_option, print_json
from trim.settings import Settings

if TYPE_CHECKING:
    from trim.domain.organisation import CrisisLine
    from trim.domain.working_days import WorkCalendar
    from trim.usecases.oversight.set_up import Beginning, FirstLinks, FirstPerson
    from trim.usecases.unit_of_work import Backend

_A_PERSON = 'as "Name <address>"'


@click.command("init")
@click.option("--name", prompt="Name of the organisation", help="Name of the organisation, shown on every page.")
@click.option(
    "--zone", prompt="Time zone", default="Europe/London", show_default=True, help="Time zone, such as Europe/Paris."
)
@click.option("--country", default="", help="Two letters, such as GB, FR or CA, for public holidays.")
@click.option("--region", default="", help="Region with holidays of its own, such as QC or 6AE.")
@click.option(
    "--administrator",
    prompt=f"Administrator, who looks after accounts and never sees a case, {_A_PERSON}",
    metavar="PERSON",
    help=f"Who looks after accounts and never sees a case, {_A_PERSON}.",
)
@click.option(
    "--lead",
    prompt=f"Programme lead, who answers for the programme, {_A_PERSON}",
    metavar="PERSON",
    help=f"Who answers for the programme, {_A_PERSON}; somebody else than the administrator.",
)
@click.option(
    "--crisis-line",
    "crisis_lines",
    multiple=True,
    metavar="LABEL=NUMBER",
    help='A number to call in a crisis, as "Emergency services=112" or "Helpline=0800 111=8:00 to 22:00"; repeatable.',
)
@click.option(
    "--programme",
    "programmes",
    multiple=True,
    type=click.Choice(["trim", "straw"]),
    default=("trim",),
    show_default=True,
    help="A programme to run: trim after a traumatic incident, straw under stress without one; repeatable.",
)
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="Of both accounts.")
@as_json_option
def command(
    name: str,
    zone: str,
    country: str,
    region: str,
    administrator: str,
    lead: str,
    crisis_lines: tuple[str, ...],
    programmes: tuple[str, ...],
    language: str,
    as_json: bool,
) -> None:
    """Make an empty organisation with its tables, its keys and its programmes, and invite its first two people.

    What is not given is asked for. Each link works once, for a week; hand it over through a channel you trust.

    \b
    Example:
      trim init --name "Harbour Service" --zone Europe/London \\
        --administrator "Ada Moss <ada@example.org>" --lead "Lee Fenn <lee@example.org>" \\
        --crisis-line "Emergency services=999"
    """
    from trim.usecases.oversight.set_up import Beginning

    if zone not in available_timezones():
        raise CommandFailed(
            f"{zone} is no time zone.", "Give one such as Europe/London, Europe/Paris or America/Toronto."
        )
    if not name.strip():
        raise CommandFailed("The organisation needs a name.", "Give it with --name.")
    beginning = Beginning(
        name=name.strip(),
        zone_name=zone,
        administrator=_person(administrator, "--administrator"),
        lead=_person(lead, "--lead"),
        locale=language,
        crisis_lines=tuple(_line(one) for one in crisis_lines),
        work=_work(country, region),
    )
    settings = Settings.from_environment()
    links = _make(settings, beginning, programmes)
    _say(settings, beginning, links, as_json)


def _work(country: str, region: str) -> WorkCalendar:
    from trim.domain.errors import InvalidInput
    from trim.domain.working_days import checked_calendar

    try:
        return checked_calendar(country, region, ())
    except InvalidInput as problem:
        field, reason = next(iter(problem.problems.items()))
        raise CommandFailed(f"--{field}: {reason.en}", "Nothing was changed.") from problem


def _make(settings: Settings, beginning: Beginning, programmes: tuple[str, ...]) -> FirstLinks:
    from trim.app import utc_now
    from trim.domain.access import system_actor
    from trim.domain.errors import InvalidInput
    from trim.domain.vocabulary import VOCABULARY
    from trim.engine.loader import load_pack
    from trim.resources import workflows_dir
    from trim.usecases.oversight.set_up import set_up

    backend = _new_backend(settings)
    try:
        packs = [load_pack(workflows_dir() / programme, VOCABULARY) for programme in dict.fromkeys(programmes)]
        with backend.writing() as uow:
            return set_up(uow, system_actor("init"), now=utc_now(), beginning=beginning, packs=packs)
    except InvalidInput as problem:
        cause = " ".join(reason.en for reason in problem.problems.values())
        cure = "Nothing was changed. Another instance goes into another folder: set TRIM_INSTANCE."
        raise CommandFailed(cause, cure if "organisation" in problem.problems else "Nothing was changed.") from problem
    finally:
        backend.close()


def _new_backend(settings: Settings) -> Backend:
    """The backend of a new instance; keys are made only where there is nothing yet that older ones have sealed."""
    from trim.cli.db import CURE, MEANING
    from trim.settings import ensure_keys_dir
    from trim.store import migrate
    from trim.usecases.opening import open_instance
    from trim.usecases.oversight.set_up import has_accounts

    state = migrate.state(settings.owner_database_url)
    if state == "newer":
        raise CommandFailed(MEANING[state], CURE[state])
    migrate.upgrade(settings.owner_database_url, settings.database_url)
    if has_accounts(settings.database_url):
        raise CommandFailed(
            "There is an organisation here already.",
            "Nothing was changed. Another instance goes into another folder: set TRIM_INSTANCE.",
        )
    ensure_keys_dir(settings)
    return open_instance(settings, create_keys=True)


def _say(settings: Settings, beginning: Beginning, links: FirstLinks, as_json: bool) -> None:
    found = {
        "administrator": (beginning.administrator, links.administrator),
        "lead": (beginning.lead, links.lead),
    }
    urls = {who: f"{settings.base_url}/welcome/{link.token}" for who, (_person, link) in found.items()}
    if as_json:
        answer: dict[str, object] = {
            who: {
                "name": person.name,
                "email": person.email,
                "link": urls[who],
                "until": link.expires_at.isoformat(timespec="seconds"),
            }
            for who, (person, link) in found.items()
        }
        print_json({"organisation": beginning.name, **answer})
        return
    click.echo(f"{beginning.name} is set up in {settings.instance}.")
    click.echo("Each link works once, for a week; whoever has it can choose the password:")
    for who, (person, _link) in found.items():
        label = {"administrator": "Administrator", "lead": "Programme lead"}[who]
        click.echo(f"  {label}, {person.name}: {urls[who]}")
    if not beginning.crisis_lines:
        click.echo("No crisis line is set: the help page names the emergency number only.", err=True)
    click.echo("Next: trim serve")


def _person(given: str, option: str) -> FirstPerson:
    from email_validator import EmailNotValidError, validate_email

    from trim.usecases.oversight.set_up import FirstPerson

    name, address = parseaddr(given)
    try:
        address = validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as problem:
        raise CommandFailed(f"{option}: {given!r} names nobody.", f"Give it {_A_PERSON}.") from problem
    if not name.strip():
        raise CommandFailed(f"{option}: the name is missing.", f"Give it {_A_PERSON}.")
    return FirstPerson(name.strip(), address)


def _line(given: str) -> CrisisLine:
    from trim.domain.organisation import CrisisLine

    label, equals, rest = given.partition("=")
    phone, _equals, hours = rest.partition("=")
    if not equals or not label.strip() or not any(char.isdigit() for char in phone):
        raise CommandFailed(
            f"--crisis-line: {given!r} cannot be read.", 'Give it as "Label=number" or "Label=number=hours".'
        )
    return CrisisLine(label.strip(), phone.strip(), hours.strip())
