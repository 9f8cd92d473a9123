"""What `trim doctor` looks at, one function each."""

from __future__ import annotations

import ctypes
import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trim.cli import examine_post
from trim.cli.db import CURE, MEANING, readable
from trim.cli.finding import Finding
from trim.domain.errors import TrimError
from trim.settings import Settings

#: Less free space than this is said: a full disk stops every write. Bytes.
ENOUGH_SPACE = 500 * 1024 * 1024

# Names under which the loader of Linux, macOS and Windows knows what WeasyPrint needs.
_LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0"),
    "HarfBuzz subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0"),
}
_DEBIAN_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
    "~/.fonts",
    "~/.local/share/fonts",
)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything Trim stands on; changes nothing."""
    findings = [_python(), _pango(), _fonts(), _time_zones(), _space(settings)]
    database = _database(settings)
    findings += [database, *_keys(settings)]
    if database.ok:
        findings += [_organisation(settings), _trail(settings), *examine_post.notices(settings)]
    findings += [examine_post.mail_server(settings), examine_post.pager(settings)]
    return findings


def _python() -> Finding:
    found = f"{platform.python_version()} in {sys.prefix}"
    return Finding("Python", sys.version_info >= (3, 11), found, "Install Python 3.11 or newer.")


def _pango() -> Finding:
    missing = [name for name, files in _LIBRARIES.items() if not any(map(_loads, files))]
    if missing:
        return Finding(
            "Pango",
            False,
            f"{', '.join(missing)} not found; letters and reports cannot be made as PDF, all else works.",
            f"On Debian: sudo apt-get install -y {_DEBIAN_PACKAGES}; on macOS: brew install pango.",
        )
    return Finding("Pango", True, "letters and reports can be made as PDF")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _fonts() -> Finding:
    folders = [Path(folder).expanduser() for folder in _FONT_FOLDERS]
    if any(_font_in(folder) for folder in folders if folder.is_dir()):
        return Finding("Fonts", True, "a font for PDFs is installed")
    cure = "On Debian: sudo apt-get install -y fonts-dejavu-core"
    return Finding("Fonts", False, "no font is installed; PDFs would show boxes instead of letters.", cure)


def _font_in(folder: Path) -> bool:
    return any(path.suffix.lower() in {".ttf", ".otf", ".ttc"} for path in folder.rglob("*"))


def _time_zones() -> Finding:
    try:
        ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        cure = "Install Trim again: its requirement tzdata is missing."
        return Finding("Time zones", False, "no time zone data; windows cannot be computed.", cure)
    return Finding("Time zones", True, "known")


def _space(settings: Settings) -> Finding:
    folder = next(path for path in (settings.instance, *settings.instance.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    cure = "Make room: when the disk is full, nothing can be recorded."
    return Finding("Disk", free >= ENOUGH_SPACE, f"{free // 1024**2} MB free at {folder}", cure)


def _database(settings: Settings) -> Finding:
    from trim.store import migrate

    where = readable(settings.database_url)
    try:
        state = migrate.state(settings.database_url)
    except TrimError as problem:
        return Finding("Database", False, f"{where}: {problem}", "See whether TRIM_DATABASE_URL is right.")
    return Finding("Database", state == "current", f"{where}: {MEANING[state]}", CURE[state])


def _keys(settings: Settings) -> Iterator[Finding]:
    folder = settings.keys_dir
    if not folder.is_dir():
        yield Finding("Keys", False, f"{folder} is not there.", "`trim demo` or `trim init` makes it; else its backup.")
        return
    missing = [name for name in settings.key_files if not (folder / name).is_file()]
    cure = "Put the keys folder back from its backup: without it case content cannot be opened."
    yield Finding("Keys", not missing, f"{folder} lacks {', '.join(missing)}." if missing else f"in {folder}", cure)
    open_to_others = [path for path in (folder, *sorted(folder.iterdir())) if _mode(path) & 0o077]
    if open_to_others:
        names = ", ".join(f"{path.name} ({_mode(path):o})" for path in open_to_others)
        cure = f"chmod 700 '{folder}' && chmod 600 '{folder}'/*"
        yield Finding("Key permissions", False, f"others on this machine may read {names}.", cure)
    else:
        yield Finding("Key permissions", True, "readable by their owner only")
    if not missing:
        yield _key_opens(settings)
    if not settings.keyholder:
        yield _escrow(folder)


def _escrow(folder: Path) -> Finding:
    from trim.vault.escrow import has_escrow

    if has_escrow(folder):
        return Finding("Escrow", True, "a lost master key can be had back from the holders of its shares")
    # Not a fault: an organisation may choose so. It has to know it, though.
    return Finding("Escrow", True, "none: a lost master key is lost for good, with all content (`trim keys escrow`)")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _key_opens(settings: Settings) -> Finding:
    from trim.usecases.opening import open_vault
    from trim.vault.masters import MasterKeyMissing

    cure = "Put the keys folder back from its backup."
    try:
        vault = open_vault(settings.keys_dir, keys_url=settings.keys_database_url, keyholder=settings.keyholder)
        owners = vault.owners()
        if owners:
            vault.digest(min(owners), "")  # opens one key, which proves that the master key is the right one
        vault.ring.store.close()
    except (MasterKeyMissing, TrimError) as problem:
        return Finding("Key ring", False, f"it does not open ({type(problem).__name__}: {problem}).", cure)
    return Finding("Key ring", True, f"opens; {len(owners)} keys")


def _organisation(settings: Settings) -> Finding:
    from trim.domain import organisation
    from trim.store import settings as stored
    from trim.store.database import Database

    database = Database(settings.database_url)
    try:
        with database.reading() as session:
            found = organisation.from_settings(stored.read_all(session))
    finally:
        database.close()
    kind = "a demonstration, marked so for ever" if found.demonstration else "no demonstration"
    return Finding("Organisation", True, f"{found.name}: {kind}")


def _trail(settings: Settings) -> Finding:
    from trim.cli.older import CURE as RESTORED
    from trim.cli.older import look

    try:
        found = look(settings)
    except OSError as problem:
        cure = "Let this account read the folder of anchors and the witness (TRIM_ANCHORS, TRIM_WITNESS)."
        return Finding("Trail", False, f"anchors or witness cannot be read ({problem.strerror}).", cure)
    if found.is_older:
        return Finding("Trail", False, found.cause(), RESTORED)
    sealed = (
        f"sealed by checkpoint {found.checkpoint}" if found.checkpoint else "not sealed yet (`trim audit checkpoint`)"
    )
    return Finding("Trail", True, f"{sealed}; nothing newer lies outside the database")
