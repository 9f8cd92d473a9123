"""The vault: what it seals opens at its place and nowhere else, and never again once its key is destroyed."""

from __future__ import annotations

import multiprocessing
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trim.domain.errors import ContentDamaged, KeyDestroyed
from trim.vault.keyring import KeyRing
from trim.vault.keystore import FileKeyStore
from trim.vault.masters import LocalMasters, MasterKeyMissing, load_key
from trim.vault.vault import Vault

SECRET = {"note": "She cannot sleep since the fire."}


@pytest.fixture
def vault(tmp_path):
    made = Vault(tmp_path / "keys", create=True)
    made.create_key("case:1")
    made.create_key("case:2")
    return made


def test_content_comes_back(vault):
    sealed = vault.seal("case:1", "assessment", "a", SECRET)
    assert b"sleep" not in sealed
    assert vault.unseal("case:1", "assessment", "a", sealed) == SECRET


def test_the_same_content_never_looks_the_same(vault):
    assert vault.seal("case:1", "assessment", "a", SECRET) != vault.seal("case:1", "assessment", "a", SECRET)


@pytest.mark.parametrize(
    "place", [("case:2", "assessment", "a"), ("case:1", "referral", "a"), ("case:1", "assessment", "b")]
)
def test_a_moved_ciphertext_is_refused(vault, place):
    sealed = vault.seal("case:1", "assessment", "a", SECRET)
    with pytest.raises(ContentDamaged):
        vault.unseal(*place, sealed)


def test_every_changed_byte_is_refused(vault):
    sealed = vault.seal("case:1", "assessment", "a", SECRET)
    for index in range(len(sealed)):
        changed = bytes([*sealed[:index], sealed[index] ^ 1, *sealed[index + 1 :]])
        with pytest.raises(ContentDamaged):
            vault.unseal("case:1", "assessment", "a", changed)
    for cut in (0, 1, 12, len(sealed) - 1):
        with pytest.raises(ContentDamaged):
            vault.unseal("case:1", "assessment", "a", sealed[:cut])


def test_erasure_takes_the_content_and_the_digest_with_it(vault):
    sealed = vault.seal("case:1", "assessment", "a", SECRET)
    other = vault.seal("case:2", "assessment", "a", SECRET)
    vault.destroy_key("case:1")
    vault.destroy_key("case:1")
    with pytest.raises(KeyDestroyed):
        vault.unseal("case:1", "assessment", "a", sealed)
    with pytest.raises(KeyDestroyed):
        vault.digest("case:1", SECRET)
    assert vault.unseal("case:2", "assessment", "a", other) == SECRET
    assert vault.owners() == {"case:2"}


def test_destroyed_stays_destroyed_for_another_process(tmp_path, vault):
    vault.destroy_key("case:1")
    again = Vault(tmp_path / "keys")
    with pytest.raises(KeyDestroyed):
        again.seal("case:1", "assessment", "a", SECRET)
    with pytest.raises(ValueError, match="already"):
        again.create_key("case:1")


def test_a_key_nobody_made_is_not_made_by_the_way(vault):
    with pytest.raises(KeyDestroyed):
        vault.seal("case:3", "assessment", "a", SECRET)


def test_digests_are_keyed_by_case(vault):
    """A score of 0 to 20 must not be guessed back from its digest by trying all of them."""
    assert vault.digest("case:1", {"total": 7}) == vault.digest("case:1", {"total": 7})
    assert vault.digest("case:1", {"total": 7}) != vault.digest("case:2", {"total": 7})
    assert vault.digest("case:1", {"total": 7}) != vault.digest("case:1", {"total": 8})


def test_the_blind_index_finds_equals_and_depends_on_its_key(tmp_path, vault):
    other = Vault(tmp_path / "other", create=True)
    assert vault.blind_index("person", "p1") == vault.blind_index("person", "p1")
    assert vault.blind_index("person", "p1") != vault.blind_index("person", "p2")
    assert vault.blind_index("person", "p1") != vault.blind_index("address", "p1")
    assert vault.blind_index("person", "p1") != other.blind_index("person", "p1")


def test_keys_are_for_their_owner_alone(tmp_path, vault):
    folder = tmp_path / "keys"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("master.key", "index.key", "keyring.sqlite3"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name


def test_a_missing_master_key_is_never_made_anew(tmp_path, vault):
    (tmp_path / "keys" / "master.key").unlink()
    with pytest.raises(MasterKeyMissing):
        Vault(tmp_path / "keys")


def test_a_cut_master_key_is_refused(tmp_path):
    (tmp_path / "short").write_bytes(b"too short")
    with pytest.raises(MasterKeyMissing, match="32 bytes"):
        load_key(tmp_path / "short")


def test_another_master_key_opens_nothing(tmp_path, vault):
    sealed = vault.seal("case:1", "assessment", "a", SECRET)
    (tmp_path / "keys" / "master.key").write_bytes(b"x" * 32)
    with pytest.raises(ContentDamaged):
        Vault(tmp_path / "keys").unseal("case:1", "assessment", "a", sealed)


def test_a_full_cache_forgets_and_reads_again(tmp_path, monkeypatch):
    monkeypatch.setattr("trim.vault.keyring.CACHE_SIZE", 2)
    ring = KeyRing(FileKeyStore(tmp_path / "ring.sqlite3"), LocalMasters(tmp_path, create=True))
    for number in range(4):
        ring.create(f"case:{number}")
    assert len({ring.key(f"case:{number}").key for number in range(4)}) == 4


def _open_in_child(folder, sealed, answers):
    answers.put(Vault(folder).unseal("case:1", "assessment", "a", sealed))


def test_a_second_process_opens_what_the_first_sealed(tmp_path, vault):
    sealed = vault.seal("case:1", "assessment", "a", SECRET)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    child = context.Process(target=_open_in_child, args=(tmp_path / "keys", sealed, answers))
    child.start()
    assert answers.get(timeout=30) == SECRET
    child.join()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(content=json_values)
def test_any_content_comes_back(tmp_path_factory, content):
    vault = _shared(tmp_path_factory)
    assert vault.unseal("case:1", "t", "r", vault.seal("case:1", "t", "r", content)) == content


_made: list[Vault] = []


def _shared(factory):
    if not _made:
        vault = Vault(factory.mktemp("shared") / "keys", create=True)
        vault.create_key("case:1")
        _made.append(vault)
    return _made[0]
