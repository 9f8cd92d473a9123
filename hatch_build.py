"""Puts the folders that lie beside the package into the wheel, and leaves them out of an editable install.

An editable install would otherwise copy them too, and a page would be shown from a copy that nobody edits.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDERS = ("templates", "workflows", "examples")


class BesideThePackage(BuildHookInterface[Any]):
    """Adds FOLDERS as trim/_resources/ to the wheel; trim/resources.py finds them there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds; version is "standard" or "editable"."""
        if version == "standard":
            build_data["force_include"].update({folder: f"trim/_resources/{folder}" for folder in FOLDERS})
