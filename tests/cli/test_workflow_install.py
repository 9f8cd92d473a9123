"""`trim workflow install` says what changes, installs, or proposes to a second person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.organisation import Organisation
from trim.cli.main import main

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

WORDS = """\
texts:
  call_now: {en: Call the emergency services first., fr: Appelez d'abord les secours.}
"""
ROLES = """\
actions:
  log_contact: {by: [coordinator, programme_lead]}
"""


def install(organisation: Organisation, *arguments: object, answer: str = "") -> Result:
    urls = organisation.urls
    environ = {
        "TRIM_INSTANCE": str(organisation.folder),
        "TRIM_DATABASE_URL": urls.url,
        "TRIM_DATABASE_OWNER_URL": urls.owner_url,
    }
    return CliRunner(env=environ).invoke(main, ["workflow", "install", *map(str, arguments)], input=answer)


def own_trim(folder: Path, more: str = "", case: str = "") -> Path:
    """An organisation's own `trim`, which changes the shipped one in a few lines."""
    made = folder / "our_trim"
    (made / "lifecycles").mkdir(parents=True)
    head = "pack: trim\nversion: '1.1'\nlanguage: 1\nextends: trim\n"
    (made / "pack.yaml").write_text(head + more, encoding="utf-8")
    if case:
        (made / "lifecycles" / "case.yaml").write_text(case, encoding="utf-8")
    assert CliRunner().invoke(main, ["workflow", "confirm-wording", str(made)]).exit_code == 0
    return made


def test_words_are_installed_once_somebody_says_yes(organisation: Organisation, tmp_path: Path) -> None:
    pack = own_trim(tmp_path, WORDS)
    refused = install(organisation, pack, answer="n\n")
    assert (refused.exit_code, "Nothing was changed." in refused.stderr) == (1, True), refused.output
    done = install(organisation, pack, answer="y\n")
    assert done.exit_code == 0, done.output
    assert "  texts › call_now › en: “If somebody" in done.stdout
    assert "no state, step or day of theirs has moved" in done.stdout
    assert "installed already" in install(organisation, pack).stdout
    answer = json.loads(install(organisation, pack, "--json").stdout)
    assert (answer["outcome"], answer["changes"]) == ("same", [])


def test_what_changes_who_acts_is_proposed_in_somebodys_name(organisation: Organisation, tmp_path: Path) -> None:
    pack = own_trim(tmp_path, case=ROLES)
    nobodys = install(organisation, pack, "--yes")
    assert nobodys.exit_code == 1
    assert "Add --by" in nobodys.stderr
    assert "has no account here" in install(organisation, pack, "--yes", "--by", "x@example.org").stderr
    done = install(organisation, pack, "--yes", "--by", "adam@example.org")
    assert done.exit_code == 0, done.output
    assert "! lifecycles › case › actions › log_contact › by" in done.stdout
    assert "is proposed. Nothing has changed yet" in done.stdout
    answer = json.loads(install(organisation, pack, "--yes", "--by", "adam@example.org", "--json").stdout)
    assert answer["outcome"] == "proposed"
    assert [one["path"][-1] for one in answer["changes"] if one["access"]] == ["by"]


def test_a_faulty_pack_is_told_whole_and_nothing_is_installed(organisation: Organisation, tmp_path: Path) -> None:
    pack = own_trim(tmp_path, case="actions:\n  record_no_answer: {to: away}\n  make_offer: {to: nowhere}\n")
    done = install(organisation, pack, "--yes")
    assert done.exit_code == 1
    assert "Nothing was installed." in done.stderr
    assert "away" in done.stderr
    assert "nowhere" in done.stderr
    assert "There is no pack nothing" in install(organisation, "nothing").stderr


def test_french_that_nobody_has_confirmed_is_not_installed(organisation: Organisation, tmp_path: Path) -> None:
    pack = own_trim(tmp_path, WORDS)
    path = pack / "pack.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Call the", "Telephone the"), encoding="utf-8")
    done = install(organisation, pack, "--yes")
    assert done.exit_code == 1
    assert "1 problem. Nothing was installed." in done.stderr
    assert "pack.yaml:6: texts.call_now: The English was changed since" in done.stderr
