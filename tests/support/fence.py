"""The fence around the core: its tests open no socket, no database and no mail connection.

A core test that needs one of these tests something else, or the core has grown a hidden door.
"""

from __future__ import annotations

import smtplib
import socket
import sqlite3
from typing import Any, NoReturn

import psycopg
import pytest

#: Folders under tests/ whose tests are fenced.
FENCED = ("domain", "engine")


class FenceCrossed(AssertionError):
    """Raised when a test of the core reaches for the network, a database or mail."""


def raise_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Close every door for the running test."""

    def refuse(what: str) -> Any:
        def door(*_: object, **__: object) -> NoReturn:
            raise FenceCrossed(f"A test of the core reached for {what}. Hand the value in instead.")

        return door

    for method in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, method, refuse("the network"))
    monkeypatch.setattr(socket, "create_connection", refuse("the network"))
    monkeypatch.setattr(socket, "getaddrinfo", refuse("the network"))
    monkeypatch.setattr(sqlite3, "connect", refuse("a database"))
    monkeypatch.setattr(sqlite3.dbapi2, "connect", refuse("a database"))
    monkeypatch.setattr(psycopg, "connect", refuse("a database"))
    monkeypatch.setattr(psycopg.Connection, "connect", refuse("a database"))
    monkeypatch.setattr(smtplib.SMTP, "__init__", refuse("mail"))
