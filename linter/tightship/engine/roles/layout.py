"""What is known of a repository before the role of any of its files."""

from __future__ import annotations

import os

from tightship.lazy import Record, cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from tightship.engine.roles.chains import Commands
    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.role import Chain
    from tightship.engine.roles.tree import Tree, Unread


class Layout(Record):
    """What is known of a repository before the role of any file.

    ``names`` are those of its files, relative to the root, with ``/``. ``chains`` are the
    invocations of Compose in it, and ``unread`` what was not searched for them. ``search``
    looks for invocations that merge nothing, where no other was searched for, and ``builds``
    for those that build images.
    """

    names: Collection[str] = ()
    chains: Sequence[Chain] = ()
    unread: Sequence[Unread] = ()
    search: Callable[[], Sequence[Chain]] = tuple
    builds: Callable[[], Sequence[ImageBuild]] = tuple


def layout_on_disk(
    root: str,
    texts: Mapping[str, str | bytes] | None = None,
    *,
    asked: bool = False,
    near: Iterable[str] = (),
) -> Layout:
    """Return the layout of a repository on the disk, with ``texts`` in place of some files.

    Commands are searched if they may merge something: if there are two files in YAML. A
    folder that is no work tree of Git, and that nobody ``asked`` for, may be a home, or the
    whole disk: only the files right in it are read, and those in the folders ``near``.
    """
    from tightship.engine.roles.tree import names_in, tree_on_disk

    is_whole = asked or os.path.lexists(os.path.join(root, ".git"))
    tree = tree_on_disk(root, texts, None if is_whole else names_in(root, (root, *near)))
    return layout_of(tree)


def layout_of(tree: Tree) -> Layout:
    """Return the layout of a tree."""

    @cache
    def commands() -> Commands:
        from tightship.engine.roles.chains import Commands

        return Commands(tree)

    def search() -> Sequence[Chain]:
        return commands().chains

    def builds() -> Sequence[ImageBuild]:
        return commands().builds

    if sum(one.endswith((".yml", ".yaml")) for one in tree.names) < 2:
        return Layout(tree.names, search=search, builds=builds)
    return Layout(tree.names, search(), tree.unread, search, builds)


def layout_below(root: str, folders: Sequence[str], near: Iterable[str]) -> Layout:
    """Return the layout of a repository; without Git, of the folders that are asked for."""
    inside = [one for one in folders if one.startswith(root + os.sep)]
    if os.path.lexists(os.path.join(root, ".git")) or len(inside) < len(folders) or not folders:
        return layout_on_disk(root, asked=bool(folders), near=near)
    found = [(one[len(root) + 1 :], layout_on_disk(one, asked=True)) for one in inside]
    names = [f"{above}/{name}" for above, layout in found for name in layout.names]
    unread = [
        one.replaced(place=f"{above}/{one.place}")
        for above, layout in found
        for one in layout.unread
    ]

    def search() -> Sequence[Chain]:
        return [one for _, layout in found for one in layout.search()]

    def builds() -> Sequence[ImageBuild]:
        return [one for _, layout in found for one in layout.builds()]

    chains = [one for _, layout in found for one in layout.chains]
    return Layout(names, chains, unread, search, builds)
