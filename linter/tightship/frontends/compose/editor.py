"""Edits of a service where a Compose file writes it."""

from __future__ import annotations

from tightship.frontends.compose.service import LONGEST_CHAIN, Service
from tightship.lazy import TYPE_CHECKING, LazyModule
from tightship.model.editor import Editor
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.syntax.yaml import edit as yaml_edit, nodes as yaml
from tightship.values import mount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.model.items import Hook, PortItem, Volume
    from tightship.model.setting import Setting
    from tightship.model.value import Value
    from tightship.syntax.yaml import remove as yaml_remove
    from tightship.text import Edit
else:
    yaml_remove = LazyModule("tightship.syntax.yaml.remove")


_LIMITS = frozenset(
    (
        *("cpus", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_shares", "cpuset"),
        *("mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "pids_limit"),
    )
)


class ComposeEditor(Editor):
    """Edits of one service: of its own text, and of no other service that shares it.

    There is no edit of what an anchor, a base or a file below brings, and none where one
    of these would bring back what is removed.
    """

    __slots__ = ("_service",)

    def __init__(self, service: Service) -> None:
        self._service = service

    def put(self, key: str, value: yaml_edit.Plain) -> tuple[Edit, ...]:
        """Return the edit that gives this service its own setting.

        It replaces the service's own value, and else adds the key, which then wins
        over anchors and bases. Returns nothing where the service has no mapping of its
        own.
        """
        entry = self._service.table.entries.get(key)
        if entry is not None and entry.value.is_own:
            if not isinstance(entry.value, ScalarValue) or not isinstance(value, str):
                return ()
            edit = yaml_edit.replace(entry.value.node, value)
        else:
            service = self._service
            home = (service if entry else service.defining_service(key)).primary_layer
            if not home.is_own or home.node.get(key) is not None or self._service.tagged(key):
                return ()
            edit = yaml_edit.put(home.node, key, value, _LIMITS if key in _LIMITS else ())
        return as_tuple(edit)

    def add(self, key: str, *items: str) -> tuple[Edit, ...]:
        """Return the edit that adds items to a list of this service's own.

        The lists of several files and of bases are appended to one another, so it is
        the first of them, or the one that is tagged to replace those below. Items that
        ``<<`` brings would be replaced, and are written out again.
        """
        holder = self._service
        for _ in range(LONGEST_CHAIN):
            base = None if holder.tagged(key) else holder.base
            if base is None:
                break
            holder = base
        layer = holder.tagged(key) or holder.primary_layer
        return as_tuple(_longer(layer, key, items) if layer.is_own else None)

    def remove(self, key: str) -> tuple[Edit, ...]:
        """Return the edit that removes a setting from this service's own mapping.

        There is none where an anchor, or a file below this one, would bring the
        setting back.
        """
        entry = self._service.table.entries.get(key)
        if entry is None or entry.earlier:
            return ()
        for layer in self._service.layers:
            if not layer.is_own or layer.inherits(key):
                return ()
        owner = next((x.node for x in self._service.layers if x.node.get(key) is not None), None)
        return () if owner is None else remove_key(owner, key)

    def remove_item(self, key: str, item: Value | None) -> tuple[Edit, ...]:
        """Return the edit that removes an item from a list of this service's own.

        The key goes with the only item, unless something else would take its place.
        """
        for layer in self._service.layers:
            node = layer.node.get(key)
            if item is None or not layer.is_own or not isinstance(node, yaml.Sequence):
                continue
            if not any(child is item.node for child in node.items):
                continue
            edit = None
            if len(node.items) == 1 and node.tag is None and not layer.inherits(key):
                name = next(name for name, value in layer.node.entries if value is node)
                edit = yaml_remove.remove_entry(layer.node, name)
            return as_tuple(edit or yaml_remove.remove_item(node, item.node))
        return ()

    def replace_item(self, key: str, item: Value | None, text: str) -> tuple[Edit, ...]:
        """Return the edit that rewrites an item of a list of this service's own."""
        items = self._service.table.get(key)
        if not isinstance(items, SequenceValue) or not isinstance(item, ScalarValue):
            return ()
        if item.templated or not item.is_own:
            return ()
        return as_tuple(yaml_edit.replace(item.node, text))

    def set_nested(
        self, path: Sequence[str], entries: dict[str, yaml_edit.Plain]
    ) -> tuple[Edit, ...]:
        """Return the edits that set entries of a mapping of a service's own.

        ``path`` leads from the service to the mapping; missing mappings on the way are
        added, and scalars replaced. Returns nothing where one of the mappings, or a value
        that would be replaced, comes from elsewhere.
        """
        first = path[:1] or tuple(entries)
        service = self._service
        written = any(key in service.table.entries for key in first)
        table = service.table if written else service.defining_service(*first).primary_layer
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
                return _set_entries(table.node, {key: nested})
            if not isinstance(below, MappingValue) or not below.is_own or below.node.tag:
                return ()
            table = below
        return _set_entries(table.node, entries)

    def remove_nested(self, path: Sequence[str], key: str) -> tuple[Edit, ...]:
        """Return the edit that removes an entry from a mapping of a service's own.

        There is none where an anchor or a file below this one would bring it back.
        """
        table = self._service.table.get(*path) if path else self._service.table
        if not isinstance(table, MappingValue) or not table.is_own or table.inherits(key):
            return ()
        entry = table.entries.get(key)
        if entry is not None and entry.earlier:
            return ()
        return remove_key(table.node, key)

    def remove_nested_item(self, path: Sequence[str], item: Setting[str]) -> tuple[Edit, ...]:
        """Return the edit that removes an item from a list of a service's own.

        The key goes with the only item.
        """
        items = self._service.table.get(*path)
        if not isinstance(items, SequenceValue) or not items.is_own or item.source is None:
            return ()
        edits: tuple[Edit, ...] = ()
        if len(items.node.items) == 1 and items.node.tag is None:
            edits = self.remove_nested(path[:-1], path[-1])
        return edits or as_tuple(yaml_remove.remove_item(items.node, item.source.node))

    def mount_named_volumes(self, targets: Mapping[str, str]) -> tuple[Edit, ...]:
        """Return the edits that declare volumes by name and mount each at its path.

        Returns nothing if one of them is not possible.
        """
        items = [f"{name}:{path}" for name, path in targets.items()]
        mounted = self.add("volumes", *items)
        declared = _declare(self._service, list(targets)) if mounted else ()
        return (*mounted, *declared) if declared else ()

    def make_read_only(self, volume: Volume) -> tuple[Edit, ...]:
        """Return the edit that mounts it read-only, where it is written here."""
        if not volume.value.is_own:
            return ()
        if isinstance(volume.value, MappingValue):
            return as_tuple(set_key(volume.value.node, "read_only", "true"))
        return _with_options(volume, [*(o for o in volume.options if o not in ("rw", "ro")), "ro"])

    def set_propagation(self, volume: Volume, mode: str) -> tuple[Edit, ...]:
        """Return the edit that replaces the propagation that is written here."""
        if isinstance(volume.value, MappingValue):
            leaf = volume.value.get("bind", "propagation")
            if not isinstance(leaf, ScalarValue) or not leaf.is_own:
                return ()
            return as_tuple(yaml_edit.replace(leaf.node, mode))
        return _with_options(
            volume, [mode if o == volume.propagation else o for o in volume.options]
        )

    def remove_selinux(self, volume: Volume) -> tuple[Edit, ...]:
        """Return the edit that removes ``z`` or ``Z``."""
        if isinstance(volume.value, MappingValue):
            bind = volume.value.get("bind")
            if not isinstance(bind, MappingValue) or not bind.is_own:
                return ()
            return remove_key(bind.node, "selinux")
        return _with_options(volume, [o for o in volume.options if o not in ("z", "Z")])

    def publish_on(self, item: PortItem, address: str) -> tuple[Edit, ...]:
        """Return the edit that publishes it on an address, where it is written here."""
        value = item.value
        if not value.is_own:
            return ()
        if isinstance(value, MappingValue):
            return as_tuple(set_key(value.node, "host_ip", address))
        if not isinstance(value, ScalarValue):
            return ()
        text = value.content or ""
        written = value.node.value if value.templated else text
        colon = ":" if item.port.published is None else ""
        if item.port.host_ip is not None or text.startswith(":"):
            if value.templated:
                return ()  # there is a variable for the address
            written = ":".join(written.split(":")[-2:])
            colon = ""
        edit = yaml_edit.replace(value.node, f"{address}:{colon}{written}")
        return as_tuple(edit)

    def remove_from_hook(self, hook: Hook, key: str) -> tuple[Edit, ...]:
        """Return the edit that removes a setting, where it is written here."""
        own = hook.table.is_own and not hook.table.inherits(key)
        return remove_key(hook.table.node, key) if own else ()

    def reached(self, keys: Sequence[str]) -> Sequence[str]:
        """Return the names of all services that get what an edit adds to these keys.

        These are the service's own and those that extend it, or that merge its mapping by
        an anchor. If the keys are added to its base, they are those of the base.
        """
        service = self._service
        sharers = service.project.sharers
        names = dict.fromkeys((service.name,))
        for key in keys if sharers else ():
            defining = service.defining_service(key)
            for shared in (defining.name, f"&{defining.primary_layer.node.anchor}"):
                names.update(dict.fromkeys((shared, *sharers.get(shared, ()))))
        return tuple(names)


def _with_options(volume: Volume, options: list[str]) -> tuple[Edit, ...]:
    """Return the edit that gives the short syntax these options alone."""
    leaf = volume.value
    if not isinstance(leaf, ScalarValue) or leaf.templated or not leaf.is_own:
        return ()
    parsed = mount.parse(leaf.text)
    text = leaf.text
    if parsed.option_span is not None:
        text = text[: parsed.option_span[0]].removesuffix(":")
    if options:
        text = f"{text}:{','.join(options)}"
    return as_tuple(yaml_edit.replace(leaf.node, text))


def _longer(layer: MappingValue, key: str, items: tuple[str, ...]) -> Edit | None:
    """Return the edit that appends items to a list, be it written here or inherited."""
    node = layer.node.get(key)
    if isinstance(node, yaml.Sequence):
        return None if node.tag == "!reset" else yaml_edit.append(node, *items)
    if isinstance(node, yaml.Scalar):
        # A single text in place of a list; one that is not plain may mean more.
        plain = node.value and not (node.style or node.tag or node.anchor)
        if not plain or "$" in node.value:
            return None
        return yaml_edit.replace(node, [node.value, *items])
    if node is None and not layer.inherits(key):
        return yaml_edit.put(layer.node, key, [*items])
    brought = _texts(layer.get(key))
    if brought is None:
        return None
    if node is None:
        return yaml_edit.put(layer.node, key, [*brought, *items])
    return yaml_edit.replace(node, [*brought, *items])


def _texts(value: Value | None) -> list[str] | None:
    """Return the texts of a list as they are written, if it has texts alone."""
    if not isinstance(value, SequenceValue):
        return None
    leaves = [item for item in value.items if isinstance(item, ScalarValue)]
    texts = [leaf.node.value for leaf in leaves if leaf.node.tag is None]
    return texts if len(texts) == len(value.items) else None


def _set_entries(mapping: yaml.Mapping, entries: dict[str, yaml_edit.Plain]) -> tuple[Edit, ...]:
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


def _declare(service: Service, names: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edits that add volumes to the file that has the service."""
    source = service.primary_layer.node.span.source
    for file in service.project.files:
        if file.stream.source is not source or not isinstance(file.root, yaml.Mapping):
            continue
        section = file.root.get("volumes")
        if section is None:
            empty = {name: dict[str, str]() for name in names}
            return as_tuple(yaml_edit.put(file.root, "volumes", empty))
        if not isinstance(section, yaml.Mapping) or (section.flow and len(names) > 1):
            return ()  # `{a: {}}` takes one more
        made = [yaml_edit.put(section, name, {}) for name in names if section.get(name) is None]
        return tuple(edit for edit in made if edit) if all(made) else ()
    return ()


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
