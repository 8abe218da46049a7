"""What is known of a repository before the role of any of its files."""

from __future__ import annotations

import os
import posixpath
from itertools import islice

from tightship.lazy import lazy_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from tightship.engine.roles.chains import Commands
    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.tree import Tree, Unread
    from tightship.frontends.invocations.found import Chain


class Layout:
    """What is known of a repository before the role of any file.

    ``names`` are those of its files, relative to the root, with ``/``; ``trees`` are its parts
    by their folders. Commands in them are searched when somebody asks.
    """

    def __init__(self, names: Collection[str] = (), trees: Sequence[tuple[str, Tree]] = ()) -> None:
        self.names = names
        self._trees = trees

    @lazy_property
    def chains(self) -> Sequence[Chain]:
        """Return the invocations of Compose, if there are two files that they may merge."""
        yaml = (one for one in self.names if one.endswith((".yml", ".yaml")))
        return self.every_chain if len([*islice(yaml, 2)]) > 1 else ()

    @lazy_property
    def every_chain(self) -> Sequence[Chain]:
        """Return the invocations of Compose, also where none can merge files."""
        return [chain for one in self._commands for chain in one.chains]

    @lazy_property
    def builds(self) -> Sequence[ImageBuild]:
        """Return the builds of images."""
        return [build for one in self._commands for build in one.builds]

    def has_command(self, name: str) -> bool:
        """Return whether a file may have a command, as far as it was read."""
        return any(one.has_command(name) for one in self._commands)

    @property
    def unread(self) -> Sequence[Unread]:
        """Return what the search for commands has left out."""
        return [
            one.replaced(place=posixpath.join(folder, one.place))
            for folder, tree in self._trees
            for one in tree.unread
        ]

    @lazy_property
    def _commands(self) -> Sequence[Commands]:
        from tightship.engine.roles.chains import Commands

        return [Commands(tree) for _, tree in self._trees]


def layout_on_disk(
    root: str,
    texts: Mapping[str, str | bytes] | None = None,
    *,
    asked: bool = False,
    near: Iterable[str] = (),
) -> Layout:
    """Return the layout of a repository on the disk, with ``texts`` in place of some files.

    A folder that is no work tree of Git, and that nobody ``asked`` for, may be a home, or the
    whole disk: only the files right in it are read, and those in the folders ``near``.
    """
    return layout_of(_tree(root, texts, asked=asked, near=near))


def layout_of(tree: Tree) -> Layout:
    """Return the layout of a tree."""
    return Layout(tree.names, [("", tree)])


def layout_below(root: str, folders: Sequence[str], near: Iterable[str]) -> Layout:
    """Return the layout of a repository; without Git, of the folders that are asked for."""
    inside = [one for one in folders if one.startswith(root + os.sep)]
    if os.path.lexists(os.path.join(root, ".git")) or len(inside) < len(folders) or not folders:
        return layout_on_disk(root, asked=bool(folders), near=near)
    trees = [(one[len(root) + 1 :], _tree(one, asked=True)) for one in inside]
    return Layout([f"{above}/{name}" for above, tree in trees for name in tree.names], trees)


def _tree(
    root: str,
    texts: Mapping[str, str | bytes] | None = None,
    *,
    asked: bool,
    near: Iterable[str] = (),
) -> Tree:
    from tightship.engine.roles.tree import names_in, tree_on_disk

    is_whole = asked or os.path.lexists(os.path.join(root, ".git"))
    return tree_on_disk(root, texts, None if is_whole else names_in(root, (root, *near)))
