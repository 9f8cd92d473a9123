"""`trim keyholder` as a process of its own: an instance gives its master key away and goes on."""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.databases import copy_of_sqlite
from tests.support.organisation import make_organisation
from tests.support.story import Story
from trim.cli.main import main

ME = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture
def instance(sqlite_template, tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "instance"
    made = make_organisation(copy_of_sqlite(sqlite_template, folder), folder)
    Story(made).opens_case()
    made.backend.close()
    monkeypatch.setenv("TRIM_INSTANCE", str(folder))
    return folder


def run(*words: str, fails: bool = False) -> str:
    result = CliRunner().invoke(main, words)
    assert bool(result.exit_code) is fails, result.output
    return result.output


def test_the_master_key_moves_out_and_everything_goes_on(instance, tmp_path, monkeypatch):
    held, socket, log = tmp_path / "held", tmp_path / "s", tmp_path / "log"
    held.mkdir(mode=0o700)
    (instance / "keys" / "master.key").rename(held / "master.key")
    monkeypatch.setenv("TRIM_KEYHOLDER", str(socket))
    assert "trim keyholder" in run("keys", "check", fails=True)
    words = ["--folder", str(held), "--socket", str(socket), "--user", ME, "--log", str(log)]
    holder = subprocess.Popen(
        [sys.executable, "-m", "trim.cli.main", "keyholder", *words], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert "listens" in holder.stdout.readline()
        assert "All content opens" in run("keys", "check")
        before = json.loads(run("keys", "state", "--json"))["master"]
        assert json.loads(run("keys", "rotate", "--json"))["master"] != before
        assert "All content opens" in run("keys", "check")
        assert "key holder" in run("backup", str(tmp_path / "b"))
        assert not (instance / "keys" / "master.key").exists()
        assert "--folder" in run("keys", "escrow", "--holders", "2", "--needed", "2", fails=True)
        assert "Share 1" in run("keys", "escrow", "--holders", "2", "--needed", "2", "--folder", str(held))
        found = {one["name"]: one["ok"] for one in json.loads(CliRunner().invoke(main, ["doctor", "--json"]).stdout)}
        assert found["Keys"]
        assert found["Key ring"]
    finally:
        holder.send_signal(signal.SIGTERM)
        assert holder.wait(20) == 0
        holder.stdout.close()
    assert not socket.exists()
    said = log.read_text()
    assert " unwrap case:" in said
    assert (held / "master.key").read_bytes().hex() not in said


def test_users_and_keys_that_are_not_there_are_said(tmp_path):
    where = ["--folder", str(tmp_path), "--socket", str(tmp_path / "s")]
    assert "no such user" in run("keyholder", *where, "--user", "nobody-by-this-name", fails=True)
    assert "--create" in run("keyholder", *where, "--user", ME, fails=True)
