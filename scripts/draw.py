"""Draw what the documents show out of what the program does: the ways of the packs, and the table of columns.

`python scripts/draw.py` writes them, `--check` fails when one of them is stale.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trim.domain import confidentiality
from trim.domain.vocabulary import VOCABULARY
from trim.engine.diagram import svg
from trim.engine.loader import load_pack
from trim.resources import workflows_dir
from trim.store.tables import metadata

KINDS = {
    "ciphertext": "Sealed: AES-256-GCM under the key of the case or incident.",
    "digest": "Keyed digest: finds equals, opens nothing.",
    "identifier": "Names somebody or something, in clear.",
    "metadata": "Code words, days and numbers that the work-lists need, in clear.",
    "fact": "Statistics: no column leads to a person, a case or an instant.",
}


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
