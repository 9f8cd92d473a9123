"""Every way of tampering with a trail is detected, with the right place named."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support import databases
from tests.support.organisation import MONDAY
from tests.support.tampering import LongTrail, entries_of, fill
from trim.audit.anchors import write_anchor
from trim.audit.checkpoint import newest, sealed
from trim.store.database import Database

CHAINS, LENGTH = 20, 25
VICTIM = b"case:000007"


def _make(urls, folder, chains, length):
    made = LongTrail(Database(urls.url, urls.owner_url), Ed25519PrivateKey.generate(), folder, [])
    fill(made, chains, length)
    made.checkpoint()
    fill(made, 3, 5, prefix="account:")
    made.checkpoint()
    return made


@pytest.fixture
def made(database_urls, tmp_path):
    made = _make(database_urls, tmp_path, CHAINS, LENGTH)
    yield made
    made.database.close()


def place(lines, chain=VICTIM, number=1):
    """Index of the line of an entry."""
    return lines.index(b"#chain " + chain + b"\n") + number


def with_text(line, text):
    """An entry's line with another text, its stored hash left as it was."""
    digest, _, rest = line.partition(b"\t")
    _, _, shown = rest.partition(b"\t")
    return digest + b"\t" + text + b"\t" + shown


def rehashed(line, text):
    digest = hashlib.sha256(text).hexdigest().encode()
    return digest + with_text(line, text)[64:]


def text_of(line):
    return line.split(b"\t")[1]


def change_a_byte(lines):
    at = place(lines, number=12)
    lines[at] = with_text(lines[at], text_of(lines[at]).replace(b"follow_up", b"follow_uq"))
    return ("changed", VICTIM, 12)


def change_a_byte_and_its_hash(lines):
    at = place(lines, number=12)
    lines[at] = rehashed(lines[at], text_of(lines[at]).replace(b"follow_up", b"follow_uq"))
    return ("replaced", VICTIM, 13)


def delete_one(lines):
    del lines[place(lines, number=12)]
    return ("missing", VICTIM, 12)


def insert_one(lines):
    at = place(lines, number=12)
    said = json.loads(text_of(lines[at]))
    said["digests"] = {"values": "0" * 64}
    lines.insert(at + 1, rehashed(lines[at], json.dumps(said, separators=(",", ":")).encode()))
    return ("replayed", VICTIM, 13)


def swap_two(lines):
    at = place(lines, number=12)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    return ("missing", VICTIM, 12)


def replay_one(lines):
    at = place(lines, number=12)
    lines.insert(at + 5, lines[at])
    return ("replayed", VICTIM, 17)


def move_one_to_another_chain(lines):
    at, other = place(lines, number=12), place(lines, b"case:000008", 12)
    lines[at] = lines[other]
    return ("moved", VICTIM, 12)


def cut_the_tail_before_a_checkpoint(lines):
    at = place(lines, number=21)
    del lines[at : at + 5]
    head = lines[at - 1].split(b"\t")[0]
    lines[at] = b"#head 20\t" + head + b"\n"
    return ("cut", VICTIM, 21)


def cut_the_tail_and_leave_the_head(lines):
    at = place(lines, number=25)
    del lines[at]
    return ("cut", VICTIM, 25)


def replace_the_whole_chain(lines):
    at = place(lines)
    rows = entries_of(VICTIM.decode(), LENGTH, MONDAY)
    forged = [row["text"].replace("follow_up", "first") for row in rows]
    before = "0" * 64
    for number, text in enumerate(forged):
        said = json.loads(text)
        said["prev"] = before
        text = json.dumps(said, separators=(",", ":"))
        before = hashlib.sha256(text.encode()).hexdigest()
        lines[at + number] = before.encode() + with_text(lines[at + number], text.encode())[64:]
    lines[at + LENGTH] = f"#head {LENGTH}\t{before}\n".encode()
    return ("rewritten", VICTIM, LENGTH)


def take_a_chain_away(lines):
    at = place(lines, number=0)
    del lines[at : at + LENGTH + 2]
    return ("chain_missing", VICTIM, None)


def show_a_chain_twice(lines):
    at = place(lines, number=0)
    lines[at:at] = lines[at : at + LENGTH + 2]
    return ("twice", VICTIM, None)


def change_the_head(lines):
    at = place(lines, number=LENGTH + 1)
    lines[at] = b"#head 25\t" + b"f" * 64 + b"\n"
    return ("head", VICTIM, LENGTH)


def spoil_a_text(lines):
    at = place(lines, number=12)
    lines[at] = rehashed(lines[at], b"not JSON")
    return ("damaged", VICTIM, 12)


def put_a_text_in_another_order(lines):
    at = place(lines, number=LENGTH)
    said = json.loads(text_of(lines[at]))
    lines[at] = rehashed(lines[at], json.dumps(said, sort_keys=True, separators=(",", ":")).encode())
    return ("damaged", VICTIM, LENGTH)


def begin_after_entries_nobody_signed(lines):
    at = place(lines, number=0)
    third = lines[at + 3].split(b"\t")[0]
    lines[at] = b"#chain " + VICTIM + b"\t3\t" + third + b"\n"
    del lines[at + 1 : at + 4]
    return ("base", VICTIM, 3)


def sign_with_another_key(lines):
    other = Ed25519PrivateKey.generate()
    for index, line in enumerate(lines):
        if line.startswith(b"#checkpoint "):
            text = line.removeprefix(b"#checkpoint ").split(b"\t")[0]
            lines[index] = b"#checkpoint " + text + b"\t" + base64.b64encode(other.sign(text)) + b"\n"
    return ("signature", b"checkpoint 1", None)


def drop_a_checkpoint(lines):
    del lines[1]
    return ("checkpoint_order", b"checkpoint 2", None)


def change_a_leaf(lines):
    at = next(index for index, line in enumerate(lines) if line.startswith(b"#leaf 7\t"))
    lines[at] = lines[at].replace(b"\t25\t", b"\t24\t")
    return ("root", b"checkpoint 1", None)


def drop_a_leaf(lines):
    at = next(index for index, line in enumerate(lines) if line.startswith(b"#leaf 7\t"))
    del lines[at]
    return ("format", b"leaves", None)


def cut_the_export(lines):
    del lines[-1]
    return ("end", b"export", None)


def not_an_export(lines):
    lines[0] = b"trim-trail 9\n"
    return ("format", b"export", None)


TAMPERINGS = [
    change_a_byte,
    change_a_byte_and_its_hash,
    delete_one,
    insert_one,
    swap_two,
    replay_one,
    move_one_to_another_chain,
    cut_the_tail_before_a_checkpoint,
    cut_the_tail_and_leave_the_head,
    replace_the_whole_chain,
    take_a_chain_away,
    show_a_chain_twice,
    change_the_head,
    spoil_a_text,
    put_a_text_in_another_order,
    begin_after_entries_nobody_signed,
    sign_with_another_key,
    drop_a_checkpoint,
    change_a_leaf,
    drop_a_leaf,
    cut_the_export,
    not_an_export,
]


def test_an_untouched_trail_is_whole(made):
    report = made.check(made.export(), witness=True, columns=True)
    assert report.lines()[-1] == "The trail is whole."
    assert (report.entries, report.chains, report.checkpoints) == (CHAINS * LENGTH + 15, CHAINS + 3, 2)
    assert (report.vouched_number, report.uncovered) == (2, 0)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_tampering_is_found_where_it_was_done(made, tamper):
    lines = made.export()
    kind, where, number = tamper(lines)
    report = made.check(lines)
    found = [(one.kind, one.where, one.number) for one in report.findings]
    assert (kind, where.decode(), number) in found, "\n".join(report.lines())


def test_a_column_alone_is_found_when_columns_are_compared(made):
    lines = made.export()
    at = place(lines, number=12)
    lines[at] = lines[at].replace(b"\tcase.read\n", b"\tcase.closed\n")
    assert made.check(lines).is_whole
    report = made.check(lines, columns=True)
    assert [(one.kind, one.number) for one in report.findings] == [("column", 12)]


def test_a_tail_cut_after_the_last_checkpoint_is_seen_by_the_witness_alone(made):
    fill(made, 1, 4, prefix="fresh:")
    lines = made.export()
    at = place(lines, b"fresh:000000", 3)
    del lines[at : at + 2]
    lines[at] = b"#head 2\t" + lines[at - 1].split(b"\t")[0] + b"\n"
    lines[-1] = f"#end {CHAINS * LENGTH + 17} {CHAINS + 4} {CHAINS + 3} 2\n".encode()
    without = made.check(lines)
    assert without.is_whole
    assert any("not covered since" in line for line in without.lines())
    report = made.check(lines, witness=True)
    assert [(one.kind, one.where, one.number) for one in report.findings] == [("witness_cut", "fresh:000000", 3)]


def test_a_whole_new_chain_taken_away_is_seen_by_the_witness(made):
    made.witness.append(f"2026-03-02T09:00:00+00:00\tfresh:000001\t3\t{'a' * 64}\n")
    report = made.check(made.export(), witness=True)
    assert [(one.kind, one.where) for one in report.findings] == [("witness_cut", "fresh:000001")]


def test_a_tail_cut_and_grown_again_is_seen_by_the_witness(made):
    fill(made, 1, 4, prefix="fresh:")
    made.witness[-1] = f"2026-03-02T09:00:00+00:00\tfresh:000000\t3\t{'a' * 64}\n"
    report = made.check(made.export(), witness=True)
    assert [(one.kind, one.number) for one in report.findings] == [("witness_rewritten", 3)]
    made.witness.append(f"2026-03-02T09:00:00+00:00\tfresh:000000\t3\t{'b' * 64}\n")
    report = made.check(made.export(), witness=True)
    assert report.findings[0].kind == "witness_contradiction"


def test_a_half_written_line_of_the_witness_is_no_alarm(made):
    made.witness.append("2026-03-02T09:00:00+00:00\tcase:0000")
    assert made.check(made.export(), witness=True).is_whole


def test_last_weeks_database_is_noticed_by_what_was_sent_out(made, tmp_path):
    anchors = tmp_path / "anchors"
    before = made.export()
    for _ in range(2):
        with made.database.reading() as session:
            write_anchor(anchors, sealed(newest(session)))
        made.checkpoint()
    assert made.check(made.export(), anchors=anchors).is_whole
    report = made.check(before, anchors=anchors)
    assert [(one.kind, one.where) for one in report.findings] == [("older", "checkpoint 3")]


def test_a_checkpoint_made_anew_contradicts_what_was_sent_out(made, tmp_path):
    anchors = tmp_path / "anchors"
    anchors.mkdir()
    (anchors / "checkpoint-000002.txt").write_text("another")
    report = made.check(made.export(), anchors=anchors)
    assert [(one.kind, one.where) for one in report.findings] == [("anchor", "checkpoint 2")]


def test_a_clock_that_went_backwards_is_said(made):
    made.at -= timedelta(days=2)
    made.checkpoint()
    report = made.check(made.export())
    assert report.is_whole
    assert any("clock went backwards" in note for note in report.notes)


@pytest.mark.large
@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_tampering_is_found_in_a_hundred_thousand_entries(long_export, tamper):
    made, whole = long_export
    lines = list(whole)
    kind, where, number = tamper(lines)
    report = made.check(lines)
    assert (kind, where.decode(), number) in [(one.kind, one.where, one.number) for one in report.findings]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def long_export(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    if request.param == "sqlite":
        urls = databases.copy_of_sqlite(request.getfixturevalue("sqlite_template"), folder)
        made = _make(urls, folder, 4_000, LENGTH)
        yield made, made.export()
        made.database.close()
        return
    server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql_template")
    with databases.new_postgresql(server, template=template) as urls:
        made = _make(urls, folder, 4_000, LENGTH)
        yield made, made.export()
        made.database.close()
