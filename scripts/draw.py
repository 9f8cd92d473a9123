"""Draw what the documents show out of what the program does: the ways of the packs, the table of columns, the schemas.

`python scripts/draw.py` writes them, `--check` fails when one of them is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trim.domain import confidentiality
from trim.domain.trail_chains import NAMING, chains_of
from trim.domain.trail_kinds import Kind
from trim.domain.trail_words import TRAIL_WORDS
from trim.domain.vocabulary import VOCABULARY
from trim.engine.diagram import svg
from trim.engine.loader import load_pack
from trim.engine.schema.documents import schemas
from trim.resources import workflows_dir
from trim.store.tables import metadata

KINDS = {
    "ciphertext": "Sealed: AES-256-GCM under the key of the case or incident.",
    "digest": "Keyed digest: finds equals, opens nothing.",
    "identifier": "Names somebody or something, in clear.",
    "metadata": "Code words, days and numbers that the work-lists need, in clear.",
    "fact": "Statistics: no column leads to a person, a case or an instant.",
}

#: Whose each chain of the trail is, and who reads it.
CHAINS = {
    "case": ("of one case", "its supervisors (history), the person (own ledger), the auditor"),
    "incident": ("of one incident", "its supervisors (history), the auditor"),
    "request": ("of one request for data or disclosure", "the auditor"),
    "account": ("of one account: sign-ins, lists, searches, refusals", "its owner (own sign-ins), the auditor"),
    "organisation": ("settings, packs, keys, units, the trail itself", "the auditor"),
}

#: What stands before the tables of `docs/trail.md`, and after the table of chains.
TRAIL_BEFORE = """# What the trail covers

Drawn from `trim/domain/trail_words.py` and `trail_chains.py` by `scripts/draw.py`. A test reads the source: a word that
is written and not listed fails, as does one that is listed and that nothing writes. How an entry is built, and how
somebody else can check it, stands in [trail-format.md](trail-format.md).

An entry holds ids, code words, instants and keyed digests, and no content. It is written in the transaction of what it
records; what it says is read is sent only once it is committed. Each chain stands by itself:

| chain | whose | who reads it |
|---|---|---|
"""
TRAIL_AFTER = """
Beside these words each action of a pack leaves `<kind>.<action>`, such as `case.make_offer` or
`referral.record_agreement`, in the chain of its case or incident, with the states before and after; people read the
words that the pack gives it under `done`.

**Names others** marks entries that also name the cases or incidents that a list or a file showed: they stand in the
chain of whoever looked, and the history of each case, and the person's own ledger, find them.

Each night `trim audit checkpoint && trim audit check` seals and verifies the trail; the outcome is an entry of its own,
and every page that shows a trail says when it was last verified and against which checkpoint.
"""


def drawn() -> dict[Path, str]:
    """Every drawn file with its text."""
    files: dict[Path, str] = {}
    for folder in sorted(one for one in workflows_dir().iterdir() if (one / "pack.yaml").is_file()):
        pack = load_pack(folder, VOCABULARY)
        for name, lifecycle in pack.lifecycles.items():
            for locale in ("en", "fr"):
                files[ROOT / "docs" / "pictures" / f"{pack.name}-{name}-{locale}.svg"] = svg(lifecycle, locale)
    files[ROOT / "docs" / "columns.md"] = columns()
    files[ROOT / "docs" / "access.md"] = access()
    files[ROOT / "docs" / "trail.md"] = trail()
    files |= {ROOT / "workflows" / "schema" / place: text for place, text in schemas(VOCABULARY).items()}
    return files


def columns() -> str:
    """Every column of the database with what it holds and why (law 8, CARE 14)."""
    lines = [
        "# What stands in the database, column by column",
        "",
        "Drawn from the tables by `scripts/draw.py`; a column that does not say what it holds fails the tests.",
        "",
        *(f"- **{kind}**: {meaning}" for kind, meaning in KINDS.items()),
        "",
    ]
    for table in sorted(metadata.tables.values(), key=lambda one: one.name):
        lines += [f"## {table.name}", "", "| column | kind | why |", "|---|---|---|"]
        lines += [f"| {column.name} | {column.info['kind']} | {column.info['why']} |" for column in table.columns]
        lines.append("")
    return "\n".join(lines)


def access() -> str:
    """Who sees and who changes each field, as `trim.domain.confidentiality` decides it."""
    lines = [
        "# Who may see what, and who may change it",
        "",
        "Drawn from `trim/domain/confidentiality.py` by `scripts/draw.py`. Permissions are read out of that table, and",
        "tests compare every route, column and piece of sealed content with it. A pack may narrow it, never widen it.",
        "Units, dates and conflict rules come on top: they take sight away, they never give any.",
        "",
        *(f"- **{_shown(reader)}**: {meaning}." for reader, meaning in confidentiality.MEANINGS.items()),
        "",
        "Sealed means encrypted under the key of its case or incident, and gone when that key is destroyed.",
        "",
    ]
    for record in dict.fromkeys(row.record for row in confidentiality.TABLE):
        lines += [
            f"## {record.capitalize()}",
            "",
            "| field | what | sealed | sees | changes |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {row.field.replace('_', ' ')} | {row.what} | {'yes' if row.is_content else ''} "
            f"| {_listed(row.sees)} | {_listed(row.changes)} |"
            for row in confidentiality.TABLE
            if row.record == record
        ]
        lines.append("")
    return "\n".join(lines)


def trail() -> str:
    """What the trail covers: every word with its kind, its chain and who gets to read it (law 7, CARE 14)."""
    chains = "".join(f"| {chain} | {whose} | {readers} |\n" for chain, (whose, readers) in CHAINS.items())
    lines = [f"{TRAIL_BEFORE}{chains}{TRAIL_AFTER}"]
    for kind in Kind:
        listed = [(word, one) for word, one in TRAIL_WORDS.items() if one.kind is kind]
        if listed:
            title = kind.value.replace("_", " ").capitalize()
            lines += [
                f"## {title}",
                "",
                "| word | chain | what people read | in French | names others |",
                "|---|---|---|---|---|",
            ]
            lines += [
                f"| `{word}` | {', '.join(chains_of(word))} | {one.words.en} | {one.words.fr} "
                f"| {'yes' if word in NAMING else ''} |"
                for word, one in listed
            ]
            lines.append("")
    empty = [kind.value.replace("_", " ") for kind in Kind if not any(one.kind is kind for one in TRAIL_WORDS.values())]
    if empty:
        lines += [f"Not written yet, because nothing does it yet: {', '.join(empty)}.", ""]
    return "\n".join(lines)


def _shown(reader: confidentiality.Reader) -> str:
    return reader.value.replace("_", " ")


def _listed(readers: confidentiality.Readers) -> str:
    return ", ".join(_shown(one) for one in confidentiality.Reader if one in readers) or "nobody"


def main() -> int:
    """Write the files, or with `--check` name the stale ones; 1 when there are any."""
    stale = []
    for path, text in drawn().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{'stale' if '--check' in sys.argv else 'drawn'}: {name}")
    if stale and "--check" in sys.argv:
        print("Run `make drawings` and commit what it draws.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
