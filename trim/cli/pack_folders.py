"""Where the packs are that a command is about."""

from __future__ import annotations

from pathlib import Path

from trim.cli.messages import CommandFailed
from trim.resources import workflows_dir


def packs_in(folder: Path) -> list[Path]:
    """Give the folder, if it is a pack's, or every pack's folder in it. Raises CommandFailed."""
    if not folder.is_dir():
        raise CommandFailed(f"There is no folder {folder}.", "Name a folder that holds pack.yaml, or folders that do.")
    if (folder / "pack.yaml").is_file():
        return [folder]
    packs = sorted(path.parent for path in folder.glob("*/pack.yaml"))
    if not packs:
        raise CommandFailed(f"There is no pack in {folder}.", "A pack is a folder that holds a file pack.yaml.")
    return packs


def pack_folder(named: str) -> Path:
    """Give the folder of a pack, by folder or by the name of one that ships. Raises CommandFailed."""
    folder = Path(named)
    if (folder / "pack.yaml").is_file():
        return folder
    shipped = next((one for one in packs_in(workflows_dir()) if one.name == named), None)
    if shipped is None:
        raise CommandFailed(f"There is no pack {named}.", "Name a folder that holds pack.yaml, or a shipped pack.")
    return shipped
