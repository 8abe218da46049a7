"""The settings of programs that name what these write: ``facts/written_settings.toml``."""

from __future__ import annotations

from functools import cache

from tightship.lazy import TYPE_CHECKING
from tightship.lazy.modules import facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    What = Literal["run", "data"]


class WrittenSettings:
    """The settings of one program; the file of facts says what each attribute means."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.source: str = table["source"]
        self.writes: Mapping[str, What] = {
            **dict.fromkeys(table.get("run", ()), "run"),
            **dict.fromkeys(table.get("data", ()), "data"),
        }
        self.code: tuple[str, ...] = table.get("code", ())
        self.includes = frozenset[str](table.get("includes", ()))
        self.fills = frozenset[str](table.get("fills", ()))
        self.grants: Mapping[str, tuple[str, str]] = table.get("grants", {})
        self.reads = frozenset[str](table.get("reads", ()))
        self.folders: tuple[str, ...] = table.get("folders", ())
        self.files: tuple[str, ...] = table.get("files", ())
        self.prefix: str = table.get("prefix", "")
        self.is_complete: bool = table.get("is_complete", True)


ANYWHERE: Mapping[str, What] = {
    **dict.fromkeys(("tmpdir", "tmp", "temp", "tempdir"), "run"),
    **dict.fromkeys(("home", "xdg-cache-home", "xdg-data-home", "xdg-state-home"), "data"),
    # The working directory is where a program writes files without a path.
    "working-dir": "data",
}
"""What any program takes from its environment."""


@cache
def _tables() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the tables by program, and that of any other one."""
    tables = facts("written_settings")
    unknown = tables.pop("unknown")
    return {one: table for table in tables.values() for one in table["programs"]}, unknown


@cache
def settings_of(programs: tuple[str, ...] | None) -> WrittenSettings:
    """Return what is known of the settings of the first program that is known."""
    known, unknown = _tables()
    return WrittenSettings(next((known[one] for one in programs or () if one in known), unknown))
