"""The edits that give a service a named volume."""

from __future__ import annotations

from tightship.frontends.compose.edits import as_tuple
from tightship.syntax.yaml import edit as yaml_edit, nodes as yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.frontends.compose.service import Service
    from tightship.text import Edit


def add_named_volumes(service: Service, paths: Mapping[str, str]) -> tuple[Edit, ...]:
    """Return the edits that declare volumes by name and mount each at its path.

    Returns nothing if one of them is not possible.
    """
    items = [f"{name}:{path}" for name, path in paths.items()]
    mounted = service.add("volumes", *items)
    declared = _declare(service, list(paths)) if mounted else ()
    return (*mounted, *declared) if declared else ()


def _declare(service: Service, names: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edits that add volumes to the file that has the service."""
    source = service.home.node.span.source
    for file in service.project.files:
        if file.stream.source is not source or not isinstance(file.root, yaml.Mapping):
            continue
        section = file.root.get("volumes")
        if section is None:
            empty = {name: dict[str, str]() for name in names}
            return as_tuple(yaml_edit.put(file.root, "volumes", empty))
        if not isinstance(section, yaml.Mapping) or section.flow:
            return _declare_in_flow(section, names)
        made = [yaml_edit.put(section, name, {}) for name in names if section.get(name) is None]
        return tuple(edit for edit in made if edit) if all(made) else ()
    return ()


def _declare_in_flow(section: yaml.Node, names: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edit that adds one volume to ``{a: {}, b: {}}``."""
    if not isinstance(section, yaml.Mapping) or len(names) > 1:
        return ()
    return as_tuple(yaml_edit.put(section, names[0], {}))
