"""Copy the translations of small `.po` files into the catalogue of their language, then compile it.

Several people can so write French at once, each in a file of their own. A text that the catalogue already
translates is replaced. Run through scripts/translations.sh: scripts/translations.sh my_french.po
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.pofile import read_po, write_po

CATALOGUE = Path("trim/translations/fr/LC_MESSAGES/messages.po")


def main(fragments: list[str]) -> int:
    """Merge each fragment; texts that no source uses are named and left out."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    for name in fragments:
        with Path(name).open("rb") as file:
            for message in read_po(file, locale="fr"):
                if not message.id:
                    continue
                known = catalogue.get(message.id)
                if known is None:
                    print(f"{name}: {message.id!r} is used nowhere", file=sys.stderr)
                elif message.string:
                    known.string = message.string
    # Names in the head of the file would be invented ones: the history says who wrote what.
    catalogue.project, catalogue.version = "Trim", "1"
    catalogue.msgid_bugs_address, catalogue.last_translator, catalogue.language_team = "none", "none", "none"
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, ignore_obsolete=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
