"""Wrapped keys in a file and in a PostgreSQL database of their own: the same manners."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.databases import new_postgresql
from trim.domain.errors import KeyDestroyed, KeysUnavailable
from trim.vault.keystore import FileKeyStore, KeyExists, MasterChanged
from trim.vault.keystore_postgresql import PostgreSQLKeyStore
from trim.vault.rotation import rotate
from trim.vault.vault import Vault

SECRET = {"note": "The dog is with her sister."}


@pytest.fixture
def make_store(database_kind, request, tmp_path):
    """Opens the same store again at each call, as another process would."""
    if database_kind == "sqlite":
        yield lambda: FileKeyStore(tmp_path / "ring.sqlite3")
        return
    made = []
    with new_postgresql(request.getfixturevalue("postgresql_server"), "keys") as urls:

        def opened() -> PostgreSQLKeyStore:
            made.append(PostgreSQLKeyStore(urls.owner_url))
            return made[-1]

        yield opened
        for store in made:
            store.close()


@pytest.fixture
def make_vault(make_store, tmp_path):
    Vault(tmp_path / "keys", create=True, store=make_store())
    return lambda: Vault(tmp_path / "keys", store=make_store())


def test_what_one_machine_seals_another_opens_until_it_is_destroyed(make_vault):
    one, other = make_vault(), make_vault()
    one.create_key("case:1")
    sealed = one.seal("case:1", "t", "r", SECRET)
    assert other.unseal("case:1", "t", "r", sealed) == SECRET
    with pytest.raises(KeyExists):
        other.create_key("case:1")
    one.destroy_key("case:1")
    one.destroy_key("case:1")
    with pytest.raises(KeyDestroyed):
        make_vault().unseal("case:1", "t", "r", sealed)
    with pytest.raises(KeyExists):
        other.create_key("case:1")
    state = one.ring.store.state()
    assert (state.living, state.destroyed) == ({}, 1)


def test_owners_by_age(make_vault):
    vault = make_vault()
    vault.create_key("case:1")
    now = datetime.now(UTC)
    assert vault.owners(now - timedelta(days=1)) == set()
    assert vault.owners(now + timedelta(minutes=1)) == {"case:1"} == vault.owners()


def test_the_master_key_is_changed_while_keys_are_made(make_vault):
    made, problems = [], []
    stop = threading.Event()

    def make() -> None:
        vault = make_vault()
        try:
            while not stop.is_set() and len(made) < 40:
                vault.create_key(f"case:{len(made)}")
                made.append(f"case:{len(made)}")
        except Exception as problem:
            problems.append(problem)
        finally:
            vault.ring.store.close()

    maker = threading.Thread(target=make)
    maker.start()
    for _ in range(3):
        rotate(make_vault().ring, before_last_step=lambda _: None)
    stop.set()
    maker.join()
    vault = make_vault()
    done = rotate(vault.ring, before_last_step=lambda _: None)
    assert problems == []
    assert all(vault.ring.key(owner).key for owner in made)
    assert set(vault.ring.store.state().living) <= {done.master}


def test_a_store_that_begins_while_the_master_key_is_changed_takes_the_new_one(make_vault, monkeypatch):
    """The first key of all, made at the instant of a rotation: wrapped by the old master key it would be lost."""
    store, other = make_vault().ring.store, make_vault().ring.store
    run = store.run

    def then_another_begins(*given):
        done = run(*given)
        other.begin_with("the old one")
        return done

    monkeypatch.setattr(store, "run", then_another_begins)
    store.make_current("the new one")
    assert other.current_master() == "the new one"


def test_a_key_wrapped_by_the_old_master_key_is_refused(make_vault):
    vault = make_vault()
    vault.create_key("case:1")
    old = vault.ring.masters.first()
    vault.ring.store.make_current("another")
    with pytest.raises(MasterChanged):
        vault.ring.store.add(vault.ring.masters.wrap(old, "case:2", 1, b"k" * 32))


def test_a_database_of_keys_that_is_away_is_said_plainly_without_its_address():
    with pytest.raises(KeysUnavailable, match="does not answer") as problem:
        PostgreSQLKeyStore("postgresql://trim:secret@/keys?host=/nowhere")
    assert "secret" not in str(problem.value)


def test_a_connection_that_was_cut_is_opened_again(make_store, database_kind):
    store = make_store()
    if database_kind == "postgresql":
        with pytest.raises(Exception, match="terminat"):
            store._run("SELECT pg_terminate_backend(pg_backend_pid())", ())
    else:
        store.close()
    assert store.current_master() is None
