"""Edits below the keys of a service: ``deploy.resources.limits`` and others."""

from __future__ import annotations

from tightship.frontends.compose.edits import as_tuple, remove_key, set_key
from tightship.lazy import LazyModule
from tightship.model.value import MappingValue, SequenceValue
from tightship.syntax.yaml import nodes as yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.compose.service import Service
    from tightship.model.setting import Setting
    from tightship.syntax.yaml import edit as yaml_edit, remove as yaml_remove
    from tightship.text import Edit
else:
    yaml_edit = LazyModule("tightship.syntax.yaml.edit")
    yaml_remove = LazyModule("tightship.syntax.yaml.remove")


def set_nested(
    service: Service, path: Sequence[str], entries: dict[str, yaml_edit.Plain]
) -> tuple[Edit, ...]:
    """Return the edits that set entries of a mapping of a service's own.

    ``path`` leads from the service to the mapping; missing mappings on the way are
    added, and scalars replaced. Returns nothing where one of the mappings, or a value
    that would be replaced, comes from elsewhere.
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
        if not isinstance(below, MappingValue) or not below.is_own or below.node.tag:
            return ()
        table = below
    return _edits(table.node, entries)


def take_below(service: Service, path: Sequence[str], key: str) -> tuple[Edit, ...]:
    """Return the edit that removes an entry from a mapping of a service's own.

    There is none where an anchor or a file below this one would bring it back.
    """
    table = service.table.get(*path) if path else service.table
    if not isinstance(table, MappingValue) or not table.is_own or table.inherits(key):
        return ()
    entry = table.entries.get(key)
    if entry is not None and entry.earlier:
        return ()
    return remove_key(table.node, key)


def take_item(service: Service, path: Sequence[str], item: Setting[str]) -> tuple[Edit, ...]:
    """Return the edit that removes an item from a list of a service's own.

    The key goes with the only item.
    """
    items = service.table.get(*path)
    if not isinstance(items, SequenceValue) or not items.is_own or item.source is None:
        return ()
    edits: tuple[Edit, ...] = ()
    if len(items.node.items) == 1 and items.node.tag is None:
        edits = take_below(service, path[:-1], path[-1])
    return edits or as_tuple(yaml_remove.remove_item(items.node, item.source.node))


def _edits(mapping: yaml.Mapping, entries: dict[str, yaml_edit.Plain]) -> tuple[Edit, ...]:
    if mapping.flow and not mapping.entries:
        return as_tuple(yaml_edit.replace(mapping, entries))
    edits: list[Edit] = []
    for key, value in entries.items():
        replaceable = isinstance(mapping.get(key), yaml.Scalar | None)
        edit = set_key(mapping, key, value) if replaceable else None
        if edit is None:
            return ()
        edits.append(edit)
    ends = [edit.span.start for edit in edits if edit.span.start < edit.span.end]
    # Two that rewrite the end of the same line would undo one another.
    return tuple(edits) if len(ends) == len(set(ends)) else ()
