"""`trim serve`: the web server, on this machine only unless told otherwise."""

from __future__ import annotations

import ctypes
import errno
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from trim.cli.beside import kept_running
from trim.cli.messages import CommandFailed
from trim.cli.older import require_fresh
from trim.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

#: What a worker process calls to make the application.
TARGET = "trim.cli.serve:application"
#: Threads of one worker: a page waits for the database more than it computes.
THREADS = 4
#: How long a request that runs at the stop may take to its end, in seconds.
GRACE_SECONDS = 20


@click.command("serve")
@click.option("--host", help="Address to listen on; 127.0.0.1 (this machine only) unless TRIM_HOST says otherwise.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; 8000 unless PORT says otherwise.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Number of server processes.")
@click.option(
    "--accept-older-database",
    is_flag=True,
    help="Serve although checkpoints or the witness say that this database is an older one; the trail notes it.",
)
def command(host: str | None, port: int | None, workers: int, accept_older_database: bool) -> None:
    """Serve the pages to browsers until Ctrl-C or SIGTERM; requests that run are finished first.

    With TRIM_SERVE_WORKER=1 the worker runs beside it; otherwise start `trim worker`.

    Behind a web server that speaks https, set TRIM_BASE_URL to the address that people type.

    \b
    Example:
      trim serve
      PORT=9000 trim serve --workers 2
    """
    # The workers are processes of their own and read the environment: what was typed must reach them.
    if host:
        os.environ["TRIM_HOST"] = host
    if port:
        os.environ["PORT"] = str(port)
    settings = Settings.from_environment()
    require_ready(settings)
    require_fresh(settings, accepted=accept_older_database)
    replay_erasures_of(settings)
    require_free(settings.host, settings.port)
    click.echo(f"Trim is at {settings.base_url} (Ctrl-C stops it).")
    with _worker_beside(settings):
        _serve(settings, workers)


@contextmanager
def _worker_beside(settings: Settings) -> Iterator[None]:
    """The worker of the smallest installation, in a process of its own that ends with the server."""
    if not settings.serve_worker:
        yield
        return

    def told(status: int) -> None:
        click.echo(f"The worker ended by itself (exit status {status}) and is started anew.", err=True)

    inside = [sys.executable, "-m", "trim.cli.main", "worker", "--inside", str(os.getpid())]
    with kept_running(inside, told=told):
        yield


def application() -> Flask:
    """The application as a worker process makes it, from the environment."""
    from trim.app import create_app

    _stop_with_parent()
    return create_app(Settings.from_environment())


def _stop_with_parent() -> None:
    """Ask Linux to stop this worker when the main process is killed outright, or it would keep the port for ever."""
    # SIGKILL, because until the server runs this process still has its parent's handlers, which swallow SIGTERM.
    # Transactions are whole or not at all, and a main process that stops in order waits for its workers first.
    parent = multiprocessing.parent_process()
    stop_with(parent.pid if parent is not None and parent.pid is not None else os.getppid(), signal.SIGKILL)


def stop_with(parent: int, how: signal.Signals) -> None:
    """Ask Linux to send this process a signal when its parent is killed outright; ends it if that has happened."""
    if sys.platform != "linux":
        return
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, how)
    if os.getppid() != parent:
        raise SystemExit("The server was killed while this worker started.")


def require_ready(settings: Settings) -> None:
    """Raise CommandFailed, with cause and cure, unless database and keys are as this version needs them."""
    from trim.cli.db import require_current

    require_current(settings)
    missing = [name for name in settings.key_files if not (settings.keys_dir / name).is_file()]
    if missing:
        # An empty key ring in place of a lost one would make all content look erased.
        raise CommandFailed(
            f"{settings.keys_dir} lacks {', '.join(missing)}: the keys that open case content.",
            "Put the keys folder back from its backup (a new instance gets its keys from `trim demo` or `trim init`). "
            "Nothing was changed, and no new key is made over old content.",
        )


def replay_erasures_of(settings: Settings) -> None:
    """Erase again what a copy put back by hand brought to life, before anybody is served (CARE 19)."""
    if not settings.erasures_file.exists():
        return
    from trim.app import utc_now
    from trim.domain.access import system_actor
    from trim.usecases.opening import open_instance
    from trim.usecases.retention.replay import replay_erasures

    backend = open_instance(settings)
    try:
        again = replay_erasures(backend, system_actor("serve"), now=utc_now())
    finally:
        backend.close()
    if again:
        click.echo(f"{again} records that had been erased were erased again.", err=True)


def require_free(host: str, port: int) -> None:
    """Raise CommandFailed when another program listens there, or nobody may."""
    # Asked before the server starts: it would share the port with an older Trim, and each would get half the requests.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise CommandFailed(
                    f"Port {port} on {host} is in use.",
                    f"Stop that program, or take another port: PORT={port + 1} trim serve",
                ) from problem
            raise CommandFailed(
                f"Cannot listen on {host}, port {port}: {problem.strerror or problem}.",
                "Take an address of this machine, and a port above 1023 unless you are root.",
            ) from problem


def _serve(settings: Settings, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        TARGET,
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        # A worker that dies is replaced: one broken request must not end the service for everybody.
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.error,
    ).serve()
