"""What is known of a repository before the role of any of its files."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tightship.engine.roles.role import Chain, Evidence


class Layout(Record):
    """What is known of a repository before the role of any file.

    ``names`` are those of its files, relative to the root, with ``/``. ``chains`` are the
    invocations of Compose in it, and ``unread`` the evidence of what a bound has left out.
    """

    names: Collection[str] = ()
    chains: Sequence[Chain] = ()
    unread: Sequence[Evidence] = ()


def layout_on_disk(root: str, texts: Mapping[str, str | bytes] | None = None) -> Layout:
    """Return the layout of a repository on the disk, with ``texts`` in place of some files.

    Commands are searched if they may merge something: if there are two files in YAML.
    """
    from tightship.engine.roles.tree import tree_on_disk

    tree = tree_on_disk(root, texts)
    if sum(one.endswith((".yml", ".yaml")) for one in tree.names) < 2:
        return Layout(tree.names)
    from tightship.engine.roles.chains import chains

    found = chains(tree)
    return Layout(tree.names, found, tree.unread)
