"""What is known of a repository before the role of any of its files."""

from __future__ import annotations

import os

from tightship.engine.disk.names import Names, names_given, names_on_disk
from tightship.engine.disk.root import holds
from tightship.lazy import TYPE_CHECKING, lazy_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tightship.engine.roles.chains import Commands
    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.tree import Tree, Unread
    from tightship.frontends.invocations.found import Chain


class Layout:
    """What is known of a repository before the role of any file.

    ``names`` are those of its files, relative to the root, with ``/``. They are listed, and
    commands are searched, as far as somebody asks.
    """

    def __init__(self, names: Iterable[str] | Names = (), tree: Tree | None = None) -> None:
        self.names = names if isinstance(names, Names) else names_given(names)
        self._tree = tree

    def chains_of(self, name: str) -> Sequence[Chain]:
        """Return the invocations of Compose near a file that name it."""
        return self._telling(name, lambda commands: commands.naming(name))

    def every_chain_of(self, name: str) -> Sequence[Chain]:
        """Return the invocations of Compose in the whole repository that name a file."""
        return self._telling(name, lambda commands: commands.naming_anywhere(name))

    def _telling(self, name: str, find: Callable[[Commands], Sequence[Chain]]) -> Sequence[Chain]:
        """Return the invocations that tell something of a file.

        A part of a name that only a run knows tells nothing of a file that another line names,
        nor where it may mean many. A file without the name of YAML has to be there.
        """
        if self._commands is None or self._tree is None:
            return ()
        path, has = self._tree.path(name), self._tree.has
        found = find(self._commands)
        found = [one for one in found if all(_is_yaml(each) or has(each) for each in one.files)]
        named = [one for one in found if path not in one.proposed]
        return named or [one for one in found if one.is_whole]

    @property
    def chains(self) -> Sequence[Chain]:
        """Return the invocations of Compose in the whole repository."""
        return self._commands.chains if self._commands is not None else ()

    @property
    def builds(self) -> Sequence[ImageBuild]:
        """Return the builds of images in the whole repository."""
        return self._commands.builds if self._commands is not None else ()

    def releases(self, name: str) -> bool:
        """Return whether CI, a script or a Makefile builds an image of a Dockerfile, and pushes it."""
        return self._commands is not None and self._commands.releases(name)

    def has_read(self, name: str) -> bool:
        """Return whether a text was searched for commands, or included by one that was."""
        return self._commands is not None and self._commands.has_read(name)

    def has_command(self, name: str) -> bool:
        """Return whether a text that was searched may have a command."""
        return self._commands is not None and self._commands.has_command(name)

    @property
    def unread(self) -> Sequence[Unread]:
        """Return what the search for commands has left out."""
        return self._tree.unread if self._tree is not None else ()

    @lazy_property
    def _commands(self) -> Commands | None:
        if self._tree is None:
            return None
        from tightship.engine.roles.chains import Commands

        return Commands(self._tree)


def _is_yaml(path: str) -> bool:
    return path.endswith((".yml", ".yaml"))


def layout_of(tree: Tree) -> Layout:
    """Return the layout of a tree."""
    return Layout(tree.names, tree)


def layout_on_disk(
    root: str,
    texts: Mapping[str, str | bytes] | None = None,
    *,
    asked: Sequence[str] = (),
    near: Iterable[str] = (),
) -> Layout:
    """Return the layout of a repository on the disk, with ``texts`` in place of some files.

    A folder that is no work tree of Git may be a home, or the whole disk: only the files below
    the folders that somebody ``asked`` for are read, or else those right in the root and in the
    folders ``near``.
    """
    from tightship.engine.roles.tree import tree_on_disk

    below = [one[len(root) + 1 :].replace(os.sep, "/") for one in asked if holds(root, one)]
    if os.path.lexists(os.path.join(root, ".git")) or len(below) < len(asked):
        below = [""]
    elif not below:
        folders = (os.path.relpath(one, root) for one in (root, *near) if holds(root, one))
        only = dict.fromkeys("" if one == "." else one.replace(os.sep, "/") for one in folders)
        return layout_of(tree_on_disk(root, names_on_disk(root, only=only), texts))
    return layout_of(tree_on_disk(root, names_on_disk(root, below), texts))
