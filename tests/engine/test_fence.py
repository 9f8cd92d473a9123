"""The fence stands: a test of the core cannot reach out."""

from __future__ import annotations

import smtplib
import socket
import sqlite3
import urllib.request

import psycopg
import pytest
from sqlalchemy import create_engine

from tests.support.fence import FenceCrossed


def listen() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))


ATTEMPTS = {
    "socket": lambda: socket.create_connection(("127.0.0.1", 9)),
    "server": listen,
    "web": lambda: urllib.request.urlopen("http://127.0.0.1:9/"),
    "sqlite": lambda: sqlite3.connect(":memory:"),
    "postgresql": lambda: psycopg.connect("host=127.0.0.1"),
    "sqlalchemy": lambda: create_engine("sqlite://").connect(),
    "mail": lambda: smtplib.SMTP("127.0.0.1"),
}


@pytest.mark.parametrize("door", ATTEMPTS)
def test_the_core_cannot_reach(door: str) -> None:
    with pytest.raises(FenceCrossed):
        ATTEMPTS[door]()
