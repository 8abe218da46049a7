"""The index of well-known images, made from the families themselves."""

from __future__ import annotations

from pathlib import Path

import tightship.images
from tightship.images.family import Family

ROOM = Path(tightship.images.__file__).parent
HEAD = '''\
"""The module of each well-known image; made by `make generate`."""

from __future__ import annotations

# fmt: off
MODULES = {
'''


def files() -> dict[Path, str]:
    """Return the index."""
    return {ROOM / "index.py": _text()}


def _text() -> str:
    # Several in a line, since a file has to stay short enough to be read.
    lines = [""]
    for module in modules():
        for name in names_in(module):
            row = f' "{name}": "{module}",'
            if len(lines[-1]) + len(row) > 84:
                lines.append("")
            lines[-1] += row
    return HEAD + "".join(f"   {line}\n" for line in lines) + "}\n"


def modules() -> list[str]:
    """Return the modules of all families."""
    found = (ROOM / "families").glob("*.py")
    return sorted(path.stem for path in found if path.stem != "__init__")


def names_in(module: str) -> tuple[str, ...]:
    """Return the names of all images that a module describes."""
    loaded = __import__(f"tightship.images.families.{module}", fromlist=["*"])
    found = getattr(loaded, "FAMILY", None)
    names: tuple[str, ...]
    names = found.names if isinstance(found, Family) else loaded.NAMES
    return names
