"""Trees in memory, as Git would have them, and the comparison of two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from tightship.engine.change.spared import ChangedFiles
from tightship.engine.disk.git_tree import LINK, Entry, Listing, TreeFiles
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_tree
from tightship_annexes.review.compare.compare import compare
from tightship_annexes.review.compare.revision import Revision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tightship_annexes.review.compare.change import Comparison

Tree: TypeAlias = "Mapping[str, str]"

ROOT = "/no/such/folder"
_LARGEST = 100_000


def tree_of(folder: Path) -> dict[str, str]:
    """Return the texts of the files in and below a folder, small ones only."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink() or path.stat().st_size > _LARGEST:
            continue
        try:
            found[path.relative_to(folder).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def compared(before: Tree, after: Tree, *, every: bool = False) -> Comparison:
    """Return the comparison of two trees; of all projects, if ``every`` is true."""
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    sides = (_side("before", before), _side("after", after))
    return compare(*sides, None if every else ChangedFiles(names))


def _side(name: str, tree: Tree) -> Revision:
    # A text that begins with an arrow is a link.
    entries = {
        one: Entry(LINK if text.startswith("-> ") else "100644", one) for one, text in tree.items()
    }
    listing = Listing(entries)
    files = TreeFiles(ROOT, listing, lambda blob, _: tree[blob].removeprefix("-> ").encode())
    return Revision(name, files, plan_tree(files, Configs(), lambda _: False))


def shown(comparison: Comparison) -> list[str]:
    """Return each difference in one line."""
    return [
        line
        for project in comparison.projects
        for service in project.services
        for line in (
            f"{project.name} {service.name}: {service.kind} {service.former}",
            *(f"  {row!r}" for row in service.rows),
            *(f"  {reach!r}" for reach in service.reach),
        )
    ] + [f"{one.side}: {one.gap.reason}" for one in comparison.gaps]
