"""The key holder: another user's process wraps and unwraps, and the one who asks never reads the master key."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from trim.domain.errors import ContentDamaged
from trim.vault.keyholder import Bucket, KeyHolder, serve, write_log
from trim.vault.keyholder_client import HeldMasters, KeyholderUnavailable
from trim.vault.keystore import WrappedKey
from trim.vault.masters import LocalMasters
from trim.vault.rotation import rotate
from trim.vault.vault import Vault

IS_ROOT = os.geteuid() == 0
#: The user of the web process; where the tests are not root, one user plays both.
WEB = 65534 if IS_ROOT else os.geteuid()
STRANGER = 65533


def in_child(work: Callable[[], object], user: int | None = None) -> int:
    """Run `work` in a child, as another user when root; gives the child's number. It ends with 0 when all is well."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the child never returns
        status = 1
        try:
            if user is not None and IS_ROOT:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            work()
            status = 0
        except BaseException as problem:
            os.write(2, f"{type(problem).__name__}: {problem}\n".encode())
        os._exit(status)
    return child


def succeeds(work: Callable[[], object], user: int | None = None) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(in_child(work, user), 0)[1]) == 0


@pytest.fixture
def place():
    """A folder that every user may enter; pytest's own lets in nobody else."""
    folder = Path(tempfile.mkdtemp(prefix="trim-keyholder-"))
    folder.chmod(0o755)
    for name, user in (("held", 0), ("web", WEB)):
        (folder / name).mkdir(mode=0o700)
        if IS_ROOT:
            os.chown(folder / name, user, user)
    yield folder
    shutil.rmtree(folder)


@contextlib.contextmanager
def holding(place: Path, per_minute: int = 600):
    """A holder as root for the user `nobody`; SIGTERM ends it."""

    def work() -> None:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        masters = LocalMasters(place / "held", create=True)
        with (place / "log").open("a") as log:
            serve(place / "socket", KeyHolder(masters, frozenset({WEB}), Bucket(per_minute), write_log(log)))

    child = in_child(work)
    deadline = time.monotonic() + 20
    while True:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(place / "socket"))
                break
            except OSError:
                assert time.monotonic() < deadline, "the holder did not start"
                time.sleep(0.02)
    try:
        yield HeldMasters(place / "socket")
    finally:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def test_the_web_process_works_without_the_master_key(place):
    def works() -> None:
        vault = Vault(place / "web", create=True, masters=HeldMasters(place / "socket"))
        vault.create_key("case:1")
        sealed = vault.seal("case:1", "t", "r", "content nobody logs")
        again = Vault(place / "web", masters=HeldMasters(place / "socket"))
        assert again.unseal("case:1", "t", "r", sealed) == "content nobody logs"
        assert not (place / "web" / "master.key").exists()

    def reads_the_master_key() -> None:
        (place / "held" / "master.key").read_bytes()

    with holding(place):
        assert succeeds(works, WEB)
        # Where one user plays both, files cannot keep them apart.
        assert succeeds(reads_the_master_key, WEB) is (not IS_ROOT)
    log = (place / "log").read_text()
    assert f"uid={WEB}" in log
    assert " unwrap case:1 done" in log
    assert "nobody logs" not in log
    assert (place / "held" / "master.key").read_bytes().hex() not in log


def test_other_users_and_changes_by_the_web_process_are_refused(place):
    def is_refused(ask: Callable[[HeldMasters], object]) -> Callable[[], None]:
        def work() -> None:
            with pytest.raises(KeyholderUnavailable, match="not_allowed"):
                ask(HeldMasters(place / "socket"))

        return work

    with holding(place):
        if IS_ROOT:
            assert succeeds(is_refused(lambda held: held.first()), STRANGER)
            assert succeeds(is_refused(lambda held: held.prepare()), WEB)
            assert succeeds(is_refused(lambda held: held.finish("x")), WEB)
            assert not (place / "held" / "master.next").exists()
            assert f"uid={STRANGER}" in (place / "log").read_text()


def test_only_so_many_keys_a_minute():
    now = 0.0
    bucket = Bucket(3, clock=lambda: now)
    assert [bucket.takes(7) for _ in range(4)] == [True, True, True, False]
    assert bucket.takes(8)
    now = 20.0
    assert [bucket.takes(7) for _ in range(2)] == [True, False]
    logged: list[str] = []
    holder = KeyHolder(_nobodys_masters(), frozenset({STRANGER}), Bucket(2, clock=lambda: now), logged.append)
    answers = [holder.answer(STRANGER, 1, {"do": "first"}) for _ in range(3)]
    assert [one.get("problem") for one in answers] == [None, None, "too_often"]
    assert logged[-1].endswith("first - too_often")


def _nobodys_masters() -> LocalMasters:
    return LocalMasters(Path(tempfile.mkdtemp()), create=True)


@pytest.mark.parametrize(
    "message",
    [{}, {"do": "unwrap"}, {"do": "unwrap", "owner": "a", "version": "x"}, {"do": "sing"}, {"do": ["wrap"]}],
)
def test_what_is_not_understood_is_said_so_and_logged_as_one_line(message):
    logged: list[str] = []
    holder = KeyHolder(_nobodys_masters(), frozenset({STRANGER}), Bucket(9), logged.append)
    assert holder.answer(STRANGER, 1, {"owner": "case:1\nuid=0", **message}) == {"problem": "not_understood"}
    assert "\n" not in logged[0]


def test_a_damaged_key_and_an_unknown_master_key_are_told_apart(place):
    with holding(place) as held:
        good = held.wrap(held.first(), "case:1", 1, b"k" * 32)
        assert held.unwrap(good) == b"k" * 32
        with pytest.raises(ContentDamaged):
            held.unwrap(WrappedKey("case:2", 1, good.master, good.wrapped))
        with pytest.raises(ContentDamaged):
            held.unwrap(WrappedKey("case:1", 1, "unknown", good.wrapped))


def test_the_master_key_is_changed_by_root_through_the_holder(place):
    with holding(place) as held:
        vault = Vault(place / "web", create=True, masters=held)
        vault.create_key("case:1")
        sealed = vault.seal("case:1", "t", "r", 1)
        before = held.first()
        done = rotate(vault.ring, before_last_step=lambda _: None)
        assert done.master == held.first() != before
        assert Vault(place / "web", masters=held).unseal("case:1", "t", "r", sealed) == 1


def test_a_holder_that_was_killed_and_started_again_is_found_again(place):
    held = HeldMasters(place / "socket")
    with holding(place):
        first = held.first()
    with pytest.raises(KeyholderUnavailable, match="trim keyholder"):
        held.first()
    with holding(place):
        assert held.first() == first
