"""Edits below the keys of a service: ``deploy.resources.limits`` and the like."""

from __future__ import annotations

from tightship.compose.loading.tree import Items, Table
from tightship.syntax.yaml import edit as yaml_edit
from tightship.syntax.yaml import nodes as yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.compose.service import Service
    from tightship.compose.setting import Setting
    from tightship.text import Edit


def put_below(
    service: Service, path: Sequence[str], entries: dict[str, yaml_edit.Plain]
) -> tuple[Edit, ...]:
    """Return the edits that give entries to a mapping of a service's own.

    ``path`` leads from the service to the mapping, and what of it is missing is
    written. A scalar that is already there is replaced. Returns nothing where one of
    the mappings, or a part of what would be lost, comes from elsewhere.
    """
    first = path[:1] or tuple(entries)
    written = any(key in service.table.entries for key in first)
    table = service.table if written else service.holder(*first).home
    if not table.is_own or not entries:
        return ()
    if not written and any(service.tagged(key) for key in first):
        return ()
    for depth, key in enumerate(path):
        below = table.get(key)
        if below is None:
            nested: yaml_edit.Plain = entries
            for name in reversed(path[depth + 1 :]):
                nested = {name: nested}
            return _edits(table.node, {key: nested})
        if not isinstance(below, Table) or not below.is_own or below.node.tag:
            return ()
        table = below
    return _edits(table.node, entries)


def take_below(service: Service, path: Sequence[str], key: str) -> tuple[Edit, ...]:
    """Return the edit that takes an entry out of a mapping of a service's own.

    There is none where an anchor brings the entry, or where that or a file below this
    one would bring it back.
    """
    table = service.table.get(*path) if path else service.table
    if not isinstance(table, Table) or not table.is_own or table.inherits(key):
        return ()
    entry = table.entries.get(key)
    if entry is not None and entry.earlier:
        return ()
    name = next((k for k, _ in table.node.entries if _says(k, key)), None)
    edit = yaml_edit.remove_entry(table.node, name) if name else None
    return (edit,) if edit else ()


def take_item(
    service: Service, path: Sequence[str], item: Setting[str]
) -> tuple[Edit, ...]:
    """Return the edit that takes an item out of a list of a service's own.

    The key goes with the only item.
    """
    items = service.table.get(*path)
    if not isinstance(items, Items) or not items.is_own or item.source is None:
        return ()
    edits: tuple[Edit, ...] = ()
    if len(items.node.items) == 1 and items.node.tag is None:
        edits = take_below(service, path[:-1], path[-1])
    edit = None if edits else yaml_edit.remove_item(items.node, item.source.node)
    return (edit,) if edit else edits


def _edits(
    mapping: yaml.Mapping, entries: dict[str, yaml_edit.Plain]
) -> tuple[Edit, ...]:
    if mapping.flow and not mapping.entries:
        edit = yaml_edit.replace(mapping, entries)
        return (edit,) if edit else ()
    edits: list[Edit] = []
    for key, value in entries.items():
        node = mapping.get(key)
        if node is None:
            edit = yaml_edit.put(mapping, key, value)
        elif isinstance(node, yaml.Scalar):
            edit = yaml_edit.replace(node, value)
        else:
            edit = None
        if edit is None:
            return ()
        edits.append(edit)
    ends = [edit.span.start for edit in edits if edit.span.start < edit.span.end]
    # Two that rewrite the end of the same line would undo one another.
    return tuple(edits) if len(ends) == len(set(ends)) else ()


def _says(node: yaml.Node, key: str) -> bool:
    return isinstance(node, yaml.Scalar) and node.value == key
