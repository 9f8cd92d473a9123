"""A new master key while others work: killed anywhere and run again, every key opens and the old one is gone."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from trim.domain.errors import ContentDamaged, KeyDestroyed
from trim.vault import masters, private_files
from trim.vault.keystore import FileKeyStore, KeyExists, MasterChanged, WrappedKey
from trim.vault.rotation import rotate
from trim.vault.vault import Vault

SECRET = {"note": "He wakes at four."}


def nothing(_: object) -> None:
    pass


def filled(folder: Path, count: int = 5) -> dict[str, bytes]:
    vault = Vault(folder, create=True)
    for number in range(count):
        vault.create_key(f"case:{number}")
    return {f"case:{number}": vault.seal(f"case:{number}", "t", "r", SECRET) for number in range(count)}


def opens_all(folder: Path, sealed: dict[str, bytes]) -> bool:
    vault = Vault(folder)
    return all(vault.unseal(owner, "t", "r", text) == SECRET for owner, text in sealed.items())


def test_every_key_is_wrapped_anew_and_the_old_master_key_opens_nothing(tmp_path):
    folder = tmp_path / "keys"
    sealed = filled(folder)
    before = (folder / "master.key").read_bytes()
    vault = Vault(folder)
    done = rotate(vault.ring, before_last_step=nothing)
    assert done.rewrapped == 5
    assert (folder / "master.key").read_bytes() != before
    assert vault.ring.store.state().living == {done.master: 5}
    assert opens_all(folder, sealed)
    assert sorted(path.name for path in folder.iterdir() if "sqlite3" not in path.name) == ["index.key", "master.key"]
    (folder / "master.key").write_bytes(before)
    with pytest.raises(ContentDamaged):
        Vault(folder).unseal("case:0", "t", "r", sealed["case:0"])


def test_a_server_that_runs_meanwhile_reads_and_makes_keys_before_during_and_after(tmp_path):
    folder = tmp_path / "keys"
    sealed = filled(folder)
    server, seen = Vault(folder), []

    def work(done: object) -> None:
        server.create_key("case:during")
        server.ring._opened.clear()
        seen.append(server.unseal("case:1", "t", "r", sealed["case:1"]))

    rotate(Vault(folder).ring, before_last_step=work)
    assert seen == [SECRET]
    server.ring._opened.clear()
    server.create_key("case:after")
    sealed |= {owner: server.seal(owner, "t", "r", SECRET) for owner in ("case:during", "case:after")}
    assert opens_all(folder, sealed)
    assert len(server.ring.store.state().living) == 1


def test_keys_made_by_other_threads_during_many_rotations_all_open(tmp_path):
    folder = tmp_path / "keys"
    sealed = filled(folder, 1)
    made: list[str] = []
    stop = threading.Event()

    def make(name: int) -> None:
        vault = Vault(folder)
        while not stop.is_set() and len(made) < 60:
            owner = f"case:{name}-{len(made)}-{os.urandom(4).hex()}"
            vault.create_key(owner)
            made.append(owner)

    threads = [threading.Thread(target=make, args=(name,)) for name in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        rotate(Vault(folder).ring, before_last_step=nothing)
    stop.set()
    for thread in threads:
        thread.join()
    last = rotate(Vault(folder).ring, before_last_step=nothing)
    vault = Vault(folder)
    assert all(vault.ring.key(owner).key for owner in made)
    assert set(vault.ring.store.state().living) == {last.master}
    assert opens_all(folder, sealed)


def test_a_key_destroyed_during_the_change_stays_destroyed(tmp_path, monkeypatch):
    folder = tmp_path / "keys"
    filled(folder, 2)
    vault, other = Vault(folder), Vault(folder)
    rewrap = masters.LocalMasters.rewrap

    def destroyed_meanwhile(self, wrapped, master):
        other.destroy_key("case:0")
        return rewrap(self, wrapped, master)

    monkeypatch.setattr(masters.LocalMasters, "rewrap", destroyed_meanwhile)
    assert rotate(vault.ring, before_last_step=nothing).rewrapped == 1
    with pytest.raises(KeyDestroyed):
        Vault(folder).ring.key("case:0")


def test_a_key_that_does_not_open_keeps_both_master_keys(tmp_path):
    folder = tmp_path / "keys"
    sealed = filled(folder, 2)
    vault = Vault(folder)
    vault.ring.store.run("UPDATE wrapped_key SET wrapped = ? WHERE owner = 'case:1'", (b"x" * 60,))
    with pytest.raises(ContentDamaged):
        rotate(vault.ring, before_last_step=nothing)
    assert (folder / "master.key").exists()
    assert (folder / "master.next").exists()
    assert Vault(folder).unseal("case:0", "t", "r", sealed["case:0"]) == SECRET


def _dies_at(folder: Path, count: int) -> bool:
    """Rotate in a child that kills itself before its step `count`: a statement, or a change among the files."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the child never returns
        seen = 0

        def counting(work):
            def counted(*given, **more):
                nonlocal seen
                seen += 1
                if seen == count:
                    os.kill(os.getpid(), signal.SIGKILL)
                return work(*given, **more)

            return counted

        vault = Vault(folder)
        FileKeyStore.run = counting(FileKeyStore.run)
        for name in ("write_once", "wipe", "sync_folder"):
            setattr(private_files, name, counting(getattr(private_files, name)))
        os.link, Path.replace, Path.unlink = counting(os.link), counting(Path.replace), counting(Path.unlink)
        try:
            rotate(vault.ring, before_last_step=nothing)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_killed_at_any_step_every_key_opens_and_a_second_run_ends_the_change(tmp_path):
    steps = 0
    for count in range(1, 100):
        folder = tmp_path / str(count) / "keys"
        sealed = filled(folder, 2)
        Vault(folder).ring.store.close()
        killed = _dies_at(folder, count)
        assert opens_all(folder, sealed), count
        after = Vault(folder)
        after.create_key("case:after")
        done = rotate(after.ring, before_last_step=nothing)
        assert set(after.ring.store.state().living) == {done.master}, count
        assert masters.name_of((folder / "master.key").read_bytes()) == done.master
        assert {path.name for path in folder.glob("master.*")} == {"master.key"}, count
        assert opens_all(folder, sealed), count
        if not killed:
            break
        steps += 1
    assert steps > 10


def test_a_key_wrapped_by_an_older_master_key_is_not_taken(tmp_path):
    store = FileKeyStore(tmp_path / "ring.sqlite3")
    store.begin_with("new")
    with pytest.raises(MasterChanged):
        store.add(WrappedKey("case:1", 1, "old", b"w"))
    store.add(WrappedKey("case:1", 1, "new", b"w"))
    with pytest.raises(KeyExists):
        store.add(WrappedKey("case:1", 1, "new", b"w"))
