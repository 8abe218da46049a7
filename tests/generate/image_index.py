"""The index of well-known images, made from the files of facts."""

from __future__ import annotations

from pathlib import Path

import tightship.images
from tightship.images.reader import tables_in
from tightship.lazy.modules import facts

INDEX = Path(tightship.images.__file__).parent / "index.py"
FOLDER = INDEX.parents[1] / "facts" / "images"
HEAD = '''\
"""The file of each well-known image; made by `make generate`."""

from __future__ import annotations

# fmt: off
_NAMES = {
'''
TAIL = """\
}
# fmt: on

FILES = {name: file for file, names in _NAMES.items() for name in names.split()}
"""


def files() -> dict[Path, str]:
    """Return the index."""
    rows = [row for file in facts_files() for row in _rows(file, names_of(file))]
    return {INDEX: HEAD + "".join(rows) + TAIL}


def facts_files() -> list[str]:
    """Return the names of all files of facts about images."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def names_of(file: str) -> list[str]:
    """Return the names of all images that a file describes."""
    return [name for _, names in tables_in(facts(f"images/{file}")) for name in names]


def _rows(file: str, names: list[str]) -> list[str]:
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > 88:
            lines.append("")
        lines[-1] += f"{name} "
    if len(lines) == 1 and len(lines[0]) + len(file) < 86:
        return [f'    "{file}": "{lines[0].strip()}",\n']
    return [
        f'    "{file}": (\n',
        *(f'        "{line}"\n' for line in lines[:-1]),
        f'        "{lines[-1].strip()}"\n',
        "    ),\n",
    ]
