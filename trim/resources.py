"""Where the files lie that are not Python: in the checkout, or inside the installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_resources"
_CHECKOUT = _PACKAGE.parent


class ResourceMissing(LookupError):
    """Raised when a folder that ships with Trim is not where it was installed: the installation is damaged."""


def templates_dir() -> Path:
    """Folder of the Jinja templates of pages, letters, reports and mails."""
    return _beside_package("templates")


def workflows_dir() -> Path:
    """Folder of the workflow packs that ship with Trim, one folder a pack."""
    return _beside_package("workflows")


def examples_dir() -> Path:
    """Folder of example input: a slice of a real incident log, with its attribution."""
    return _beside_package("examples")


def static_dir() -> Path:
    """Folder of the built style sheets, scripts and fonts."""
    return _inside_package("web", "static")


def translations_dir() -> Path:
    """Folder of the gettext catalogues."""
    return _inside_package("translations")


def _beside_package(name: str) -> Path:
    # The wheel's folder comes first: an installed Trim must never pick up a stranger's `templates`
    # folder which happens to lie beside it in site-packages.
    root = _IN_WHEEL if _IN_WHEEL.is_dir() else _CHECKOUT
    return _existing(root / name)


def _inside_package(*parts: str) -> Path:
    return _existing(_PACKAGE.joinpath(*parts))


def _existing(path: Path) -> Path:
    if not path.is_dir():
        raise ResourceMissing(f"{path} is missing: install Trim again, or run it from a complete checkout.")
    return path
