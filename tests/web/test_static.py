"""The built files: no foreign host, nobody else's emblems, every licence beside what it covers."""

from __future__ import annotations

import re

from trim.resources import static_dir

CSS = (static_dir() / "css" / "trim.css").read_text(encoding="utf-8")


def test_the_style_sheet_asks_for_our_own_fonts_only() -> None:
    asked = set(re.findall(r'url\("?([^")]*)', CSS))
    assert asked
    for address in asked:
        assert address.startswith("../fonts/"), address
        assert (static_dir() / "css" / address).resolve().is_file()


def test_the_typeface_and_the_logotype_of_gov_uk_are_not_here() -> None:
    everything = CSS + "".join(path.read_text(encoding="utf-8") for path in (static_dir() / "js").iterdir())
    assert "GDS Transport" not in everything
    assert not [path for path in static_dir().rglob("*") if "crown" in path.name or "govuk-icon" in path.name]


def test_no_script_names_a_map_that_is_not_shipped() -> None:
    for script in (static_dir() / "js").iterdir():
        assert "sourceMappingURL" not in script.read_text(encoding="utf-8")


def test_both_licences_are_shipped() -> None:
    licences = {path.name: path.read_text(encoding="utf-8") for path in (static_dir() / "licences").iterdir()}
    assert "MIT License" in licences["govuk-frontend.txt"]
    assert "Open Font License" in licences["atkinson-hyperlegible-next.txt"] or "OPEN FONT LICENSE" in "".join(
        licences.values()
    )
