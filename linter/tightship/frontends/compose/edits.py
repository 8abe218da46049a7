"""Edits of one mapping as it is written."""

from __future__ import annotations

from tightship.lazy import LazyModule
from tightship.syntax.yaml import nodes as yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.yaml import edit as yaml_edit, remove as yaml_remove
    from tightship.text import Edit
else:
    yaml_edit = LazyModule("tightship.syntax.yaml.edit")
    yaml_remove = LazyModule("tightship.syntax.yaml.remove")


def as_tuple(edit: Edit | None) -> tuple[Edit, ...]:
    """Return an edit as a tuple, which is empty if there is none."""
    return () if edit is None else (edit,)


def set_key(mapping: yaml.Mapping, key: str, value: yaml_edit.Plain) -> Edit | None:
    """Return the edit that adds an entry, or replaces its value."""
    node = mapping.get(key)
    if node is None:
        return yaml_edit.put(mapping, key, value)
    return yaml_edit.replace(node, value)


def remove_key(mapping: yaml.Mapping, key: str) -> tuple[Edit, ...]:
    """Return the edit that removes an entry, if the mapping has it."""
    for name, _ in mapping.entries:
        if isinstance(name, yaml.Scalar) and name.value == key:
            return as_tuple(yaml_remove.remove_entry(mapping, name))
    return ()
