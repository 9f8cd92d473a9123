"""The site of a test organisation: the real application on its database, and a client for each account."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import update
from sqlmodel import col

from tests.page_client import PageClient
from tests.support.organisation import SETUP, Organisation
from trim.app import create_app
from trim.audit import trail
from trim.settings import Settings
from trim.store.tables import Account
from trim.web.sign_in.passwords import PasswordCost, hashed

#: Argon2 as in production, at the least it can cost: hundreds of sign-ins fit into a second.
CHEAP = PasswordCost(rounds=1, memory_kib=8, lanes=1)
PASSWORD = "harbour lights at dusk"


class _Compiled(BytecodeCache):
    """Templates compiled once a session: every test makes its own application, which would compile them anew."""

    _kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@cache
def cheap_hash() -> str:
    """The hash of PASSWORD, made once."""
    return hashed(PASSWORD, CHEAP)


@dataclass
class Site:
    """The application over `organisation`, whose `now` is its clock; the client of an account stays signed in."""

    organisation: Organisation
    app: Flask = field(init=False)
    _clients: dict[str, PageClient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        backend = self.organisation.backend
        assert self.organisation.folder is not None
        url, folder = backend.database.url, self.organisation.folder
        settings = Settings(instance=folder, database_url=url, owner_database_url=url, base_url="http://localhost")
        self.app = create_app(settings, clock=lambda: self.organisation.now, backend=backend, cost=CHEAP)
        self.app.testing = True
        self.app.jinja_env.bytecode_cache = _Compiled()

    def stranger(self) -> PageClient:
        """Somebody who is not signed in."""
        return PageClient(self.app.test_client())

    def as_(self, name: str) -> PageClient:
        """The client of that account, signed in through the form at its first use."""
        if name not in self._clients:
            self._clients[name] = self.sign_in(name)
        return self._clients[name]

    def sign_in(self, name: str) -> PageClient:
        """A new client of that account, as another browser would be."""
        account = self.organisation.accounts[name]
        if not account.password:
            self._give_password(account)
        client = self.stranger()
        token = client.get("/sign-in").find("input[name=csrf_token]")
        assert token is not None
        values = {"email": account.email, "password": PASSWORD, "csrf_token": token.get("value")}
        # The start page is not followed: a fault of one home page must not fail every test.
        answer = client.client.post("/sign-in", data=values)
        assert answer.status_code == 302, answer.get_data(as_text=True)[:3000]
        return client

    def _give_password(self, account: Account) -> None:
        """As if the invitation had been taken up; the invitation itself has its own tests."""
        organisation = self.organisation
        account.password = cheap_hash()
        with organisation.backend.writing() as uow:
            chosen = update(Account).where(col(Account.id) == account.id)
            uow.session.execute(chosen.values(password=account.password, confirmed_at=organisation.now))
            uow.record(
                SETUP, organisation.now, "account.confirmed", chain=trail.account_chain(account.id), subject="test"
            )
