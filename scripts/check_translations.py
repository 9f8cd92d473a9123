"""Fail when a text a person sees has no French, or cannot have any because it stands outside `_()`.

Three things: the catalogue holds exactly the texts of the sources, all translated, in French typography; the compiled
catalogue is that of the `.po`; no template has visible letters outside a translation.
Run: python scripts/check_translations.py
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.visible_text import problems_in_template  # noqa: E402 - found beside this file, which is run by its path

KEYWORDS = {
    "_": None, "_l": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "lazy_gettext": None, "lazy_ngettext": (1, 2),
}  # fmt: skip
# A sign that French sets off must be set off by a space which does not break: ASCII space or none is a slip.
_BARE_SIGN = re.compile(r"(?<![\u00a0\u202f;:!?»\d/])[;:!?»](?!\w|//)|«(?![\u00a0\u202f])")
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%\{\w+\}")


def texts_of_sources(root: Path) -> dict[str, str]:
    """Every text handed to a translation, with the file it stands in."""
    with (root / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found: dict[str, str] = {}
    for file, line, text, _comments, _context in extract_from_dir(
        str(root),
        methods,
        options,
        KEYWORDS,
        directory_filter=lambda name: not Path(name).name.startswith((".", "node_")),
    ):
        found.setdefault(text[0] if isinstance(text, tuple) else text, f"{file}:{line}")
    return found


def problems_in_catalogue(po: Path, sources: dict[str, str]) -> Iterator[str]:
    """What is missing, left over, empty, badly set or not compiled."""
    with po.open("rb") as file:
        catalogue = read_po(file, locale=po.parent.parent.name)
    known = {_id(message): message for message in catalogue if message.id}
    for text, place in sources.items():
        if text not in known:
            yield f"{place}: {text!r} is not in {_short(po)}: run scripts/translations.sh"
    for text, message in known.items():
        if text not in sources:
            yield f"{_short(po)}: {text!r} is used nowhere any more: run scripts/translations.sh"
        else:
            yield from _problems_in_message(message, f"{_short(po)}: {text!r}", catalogue)
    yield from _problem_in_compiled(po, catalogue)


def _problems_in_message(message: Message, place: str, catalogue: Catalog) -> Iterator[str]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy or not all(strings):
        yield f"{place} is not translated"
        return
    for error in message.check(catalogue):
        yield f"{place}: {error}"
    # A plural may leave its number out; every other placeholder has to be there.
    wanted = set(_PLACEHOLDER.findall(_id(message))) - {"%(num)s"}
    for string in strings:
        if not wanted <= set(_PLACEHOLDER.findall(string)):
            yield f"{place}: {string!r} lacks one of {sorted(wanted)}"
        if catalogue.locale_identifier == "fr":
            bare = _PLACEHOLDER.sub("x", string)
            if _BARE_SIGN.search(bare):
                yield f"{place}: {string!r} needs a no-break space at ; : ! ? « or »"
            if re.search(r"\w'\w", bare):
                yield f"{place}: {string!r} has a straight apostrophe, French takes ’"


def _problem_in_compiled(po: Path, catalogue: Catalog) -> Iterator[str]:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    mo = po.with_suffix(".mo")
    if not mo.is_file() or mo.read_bytes() != compiled.getvalue():
        yield f"{_short(mo)} is not what {po.name} compiles to: run scripts/translations.sh"


def _id(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple | list) else message.id)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def main() -> int:
    """Print every problem; exit status 1 when there is one."""
    sources = texts_of_sources(ROOT)
    found = [
        problem
        for po in sorted((ROOT / "trim" / "translations").glob("*/LC_MESSAGES/*.po"))
        for problem in problems_in_catalogue(po, sources)
    ]
    for template in sorted((ROOT / "templates").rglob("*.*")):
        found += [f"{_short(template)}:{line}: {what}" for line, what in problems_in_template(template)]
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
