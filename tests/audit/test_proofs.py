"""Proofs show one entry, or growth between two checkpoints, to somebody without the trail; changed ones do not."""

from __future__ import annotations

import base64
import hashlib
import json
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support import databases
from tests.support.tampering import LongTrail, fill, grow
from trim.audit.anchors import write_anchor
from trim.audit.check_proof import check_proof, main
from trim.audit.checkpoint import newest, public_pem, sealed
from trim.audit.proofs import NothingToProve, prove_entry, prove_growth
from trim.store.database import Database

CHAIN = "case:000005"


def make(urls, folder):
    """Nine chains of eight entries under checkpoint 1; two more chains and a grown one under checkpoint 2."""
    made = LongTrail(Database(urls.url, urls.owner_url), Ed25519PrivateKey.generate(), folder, [])
    fill(made, 9, 8)
    made.checkpoint()
    fill(made, 2, 3, prefix="account:")
    grow(made, CHAIN, 4)
    made.checkpoint()
    (folder / "trail.pub").write_bytes(public_pem(made.key))
    return made


@pytest.fixture
def made(database_urls, tmp_path):
    made = make(database_urls, tmp_path)
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def kept(sqlite_template, tmp_path_factory):
    """The same trail once, for tests that only read it: a file of proof knows no database."""
    folder = tmp_path_factory.mktemp("kept")
    made = make(databases.copy_of_sqlite(sqlite_template, folder), folder)
    yield made
    made.database.close()


def write(made, prove, *arguments, **more):
    out = BytesIO()
    with made.database.reading() as session:
        prove(session, *arguments, out, **more)
    return out.getvalue().splitlines(keepends=True)


def check(made, lines, **more):
    proof = made.folder / "a.proof"
    proof.write_bytes(b"".join(lines))
    return check_proof(proof, made.folder / "trail.pub", **more)


@pytest.mark.parametrize(("number", "checkpoint", "shown"), [(1, 1, 8), (8, 1, 1), (9, 2, 4), (12, 2, 1)])
def test_every_entry_is_proven_under_the_first_checkpoint_that_covers_it(made, number, checkpoint, shown):
    lines = write(made, prove_entry, CHAIN, number)
    outcome = check(made, lines)
    assert outcome.proven, outcome.reason
    assert outcome.entry["n"] == number
    assert [one for one, _ in outcome.checkpoints] == [checkpoint]
    assert sum(line.startswith(b"{", 65) for line in lines) == shown
    assert outcome.lines()[-1] == "Proven."


def test_a_later_checkpoint_can_be_asked_for(made):
    outcome = check(made, write(made, prove_entry, CHAIN, 1, checkpoint=2))
    assert outcome.proven
    assert outcome.checkpoints[0][0] == 2
    with pytest.raises(NothingToProve, match="take a later one"):
        write(made, prove_entry, CHAIN, 9, checkpoint=1)


def test_growth_is_proven(made):
    fill(made, 5, 2, prefix="incident:")
    made.checkpoint()
    for earlier, later in ((1, 2), (2, 3), (1, 3)):
        outcome = check(made, write(made, prove_growth, earlier, later))
        assert outcome.proven, outcome.reason
        assert [number for number, _ in outcome.checkpoints] == [earlier, later]


def test_what_cannot_be_proven_is_said(made):
    fill(made, 1, 2, prefix="fresh:")
    for chain, number, cause in (
        ("fresh:000000", 1, "No checkpoint covers"),
        (CHAIN, 13, "no entry 13"),
        (CHAIN, 0, "no entry 0"),
        ("case:none", 1, "no entry 1"),
    ):
        with pytest.raises(NothingToProve, match=cause):
            write(made, prove_entry, chain, number)
    for earlier, later in ((2, 2), (2, 1), (1, 3)):
        with pytest.raises(NothingToProve):
            write(made, prove_growth, earlier, later)


def at(lines, word):
    return next(index for index, line in enumerate(lines) if line.startswith(word))


def first_entry(lines):
    return at(lines, b"#path ") + sum(line.startswith(b"#path ") for line in lines)


def rehashed(line, old, new):
    text = line[65:-1].replace(old, new)
    return hashlib.sha256(text).hexdigest().encode() + b"\t" + text + b"\n"


def change_the_text(lines):
    lines[first_entry(lines)] = lines[first_entry(lines)].replace(b"follow_up", b"follow_uq")


def change_the_text_and_its_hash(lines):
    lines[first_entry(lines)] = rehashed(lines[first_entry(lines)], b"follow_up", b"follow_uq")


def change_the_last_and_its_hash(lines):
    lines[-2] = rehashed(lines[-2], b"follow_up", b"follow_uq")


def name_another_entry(lines):
    lines[1] = lines[1].replace(b"\t3\n", b"\t4\n")


def name_another_chain(lines):
    lines[1] = lines[1].replace(b"000005", b"000006")


def drop_an_entry(lines):
    del lines[first_entry(lines) + 1]


def swap_two_entries(lines):
    place = first_entry(lines)
    lines[place], lines[place + 1] = lines[place + 1], lines[place]


def change_the_path(lines):
    lines[at(lines, b"#path ")] = b"#path " + b"f" * 64 + b"\n"


def drop_a_step_of_the_path(lines):
    del lines[at(lines, b"#path ")]


def move_the_leaf(lines):
    lines[at(lines, b"#leaf ")] = lines[at(lines, b"#leaf ")].replace(b"#leaf 5\t", b"#leaf 4\t")


def change_the_leaf(lines):
    lines[at(lines, b"#leaf ")] = lines[at(lines, b"#leaf ")].replace(b"\t8\t", b"\t7\t")


def change_the_root(lines):
    place = at(lines, b"#checkpoint ")
    text, signature = lines[place].removeprefix(b"#checkpoint ").split(b"\t")
    said = json.loads(text) | {"root": "0" * 64}
    lines[place] = b"#checkpoint " + json.dumps(said, separators=(",", ":")).encode() + b"\t" + signature


def sign_with_another_key(lines):
    place = at(lines, b"#checkpoint ")
    text = lines[place].removeprefix(b"#checkpoint ").split(b"\t")[0]
    forged = base64.b64encode(Ed25519PrivateKey.generate().sign(text))
    lines[place] = b"#checkpoint " + text + b"\t" + forged + b"\n"


def spoil_the_checkpoint(lines):
    lines[at(lines, b"#checkpoint ")] = b"#checkpoint [[[\tAA==\n"


def cut_the_end(lines):
    del lines[-1]


def add_after_the_end(lines):
    lines.append(lines[-1])


def another_format(lines):
    lines[0] = b"trim-trail 1\n"


def another_claim(lines):
    lines[1] = b"#whole\n"


def a_number_that_is_none(lines):
    lines[1] = lines[1].replace(b"\t3\n", b"\tthree\n")


ENTRY_TAMPERINGS = [
    change_the_text,
    change_the_text_and_its_hash,
    change_the_last_and_its_hash,
    name_another_entry,
    name_another_chain,
    drop_an_entry,
    swap_two_entries,
    change_the_path,
    drop_a_step_of_the_path,
    move_the_leaf,
    change_the_leaf,
    change_the_root,
    sign_with_another_key,
    spoil_the_checkpoint,
    cut_the_end,
    add_after_the_end,
    another_format,
    another_claim,
    a_number_that_is_none,
]


@pytest.mark.parametrize("tamper", ENTRY_TAMPERINGS, ids=lambda one: one.__name__)
def test_a_changed_proof_of_an_entry_is_refused(kept, tamper):
    lines = write(kept, prove_entry, CHAIN, 3)
    tamper(lines)
    outcome = check(kept, lines)
    assert not outcome.proven
    assert outcome.reason
    assert outcome.entry is None
    assert outcome.lines()[-1].startswith("NOT PROVEN")


def other_numbers(lines):
    lines[1] = b"#growth 1\t3\n"


def swap_the_checkpoints(lines):
    lines[2], lines[3] = lines[3], lines[2]


def the_same_twice(lines):
    lines[3] = lines[2]


GROWTH_TAMPERINGS = [
    other_numbers,
    swap_the_checkpoints,
    the_same_twice,
    change_the_path,
    drop_a_step_of_the_path,
    change_the_root,
    sign_with_another_key,
    cut_the_end,
    add_after_the_end,
]


@pytest.mark.parametrize("tamper", GROWTH_TAMPERINGS, ids=lambda one: one.__name__)
def test_a_changed_proof_of_growth_is_refused(kept, tamper):
    lines = write(kept, prove_growth, 1, 2)
    tamper(lines)
    assert not check(kept, lines).proven


def test_two_histories_under_one_key_cannot_be_joined(kept):
    """Whoever holds the key can sign another past, but cannot prove that it grew from what was sent out."""
    lines = write(kept, prove_growth, 1, 2)
    said = json.loads(lines[3].removeprefix(b"#checkpoint ").split(b"\t")[0])
    said["root"] = "0" * 64
    text = json.dumps(said, separators=(",", ":")).encode()
    lines[3] = b"#checkpoint " + text + b"\t" + base64.b64encode(kept.key.sign(text)) + b"\n"
    assert check(kept, lines).reason == "the later tree does not begin with the earlier one"


def test_own_copies_of_checkpoints_are_held_against_it(kept, tmp_path):
    anchors = tmp_path / "anchors"
    lines = write(kept, prove_entry, CHAIN, 9)
    anchors.mkdir()
    assert "no copy of checkpoint 2" in check(kept, lines, anchors=anchors).reason
    with kept.database.reading() as session:
        write_anchor(anchors, sealed(newest(session)))
    assert check(kept, lines, anchors=anchors).proven
    path = anchors / "checkpoint-000002.txt"
    path.unlink()
    path.write_text("another")
    assert "differs from the copy" in check(kept, lines, anchors=anchors).reason


def test_the_command_line_of_the_checker_alone(kept, capsys):
    proof, key = kept.folder / "a.proof", str(kept.folder / "trail.pub")
    proof.write_bytes(b"".join(write(kept, prove_entry, CHAIN, 3)))
    assert main([str(proof), "--public-key", key]) == 0
    assert "Proven." in capsys.readouterr().out
    proof.write_bytes(b"trim-proof 1\n")
    assert main([str(proof), "--public-key", key, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["proven"] is False
    assert main([str(proof), "--public-key", str(proof)]) == 2
