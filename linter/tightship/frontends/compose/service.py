"""A service, and its settings in effect."""

from __future__ import annotations

from tightship.frontends.compose.edits import as_tuple, remove_key
from tightship.lazy import LazyModule
from tightship.model.setting import (
    Pair,
    Setting,
    SettingList,
    flag_setting,
    setting_of,
    text_setting,
)
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.syntax.yaml import nodes as yaml
from tightship.values import size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, KeysView
    from typing import Any

    from tightship.frontends.compose.project import Project
    from tightship.frontends.compose.volume import Volume
    from tightship.model.setting import EnvFile
    from tightship.model.value import Entry, Value
    from tightship.syntax.yaml import edit as yaml_edit, remove as yaml_remove
    from tightship.text import Edit, Span
else:
    yaml_edit = LazyModule("tightship.syntax.yaml.edit")
    yaml_remove = LazyModule("tightship.syntax.yaml.remove")

# The longest chain of ``extends`` that is followed.
_CHAIN = 20


class Service:
    """A service of a project.

    Settings are read by path: ``service.flag("build", "privileged")``. A service that
    is not ``complete`` may get more from elsewhere (``extends``, a file that this one
    is merged with), so a setting that it does not have is undecided. ``elsewhere`` names
    the keys that another file may give it; those alone are undecided then.

    Where several files define it, the first of them is its ``home``: there its absences
    are reported and its settings added, so that they hold whatever is merged onto it.
    ``table`` is the value of its entry below ``services``.
    """

    __slots__ = (
        "_absent",
        "_entries",
        "_layers",
        "_undecided",
        "_volumes",
        "complete",
        "elsewhere",
        "key",
        "name",
        "project",
        "table",
    )

    def __init__(
        self,
        name: str,
        entry: Entry,
        table: MappingValue,
        project: Project,
        *,
        complete: bool,
        elsewhere: Collection[str] = (),
    ) -> None:
        self.name = name
        self.table = table
        self.project = project
        self._layers = [layer for layer in _layers(table) if layer.is_own] or [table]
        source = self.home.span.source
        keys = [k for k in (entry.key, *entry.earlier) if k.span.source is source]
        self.key = keys[-1] if keys else entry.key
        self.complete = complete and table.get("extends") is None
        # Absent settings are all the same, and rules ask for them most of the time.
        self._entries = table.entries
        self.elsewhere = elsewhere
        self._absent: Setting[Any] = Setting(self.span, None, decided=True)
        self._undecided: Setting[Any] = Setting(self.span, None, decided=False)
        self._volumes: tuple[Volume, ...] | None = None

    @property
    def service_keys(self) -> KeysView[str]:
        """Return the keys that the service has, be they set or null."""
        return self.table.entries.keys()

    @property
    def env_files(self) -> tuple[EnvFile, ...]:
        """Return the ``env_file`` entries, the one that wins last."""
        if "env_file" not in self._entries:
            return ()
        return self.project.env_files.get(self.name, ())

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """Return the ``volumes`` entries in order; its ``tmpfs`` mounts are not among them."""
        if self._volumes is None:
            self._volumes = ()
            if "volumes" in self._entries:
                from tightship.frontends.compose.volume import volume_of

                found = map(volume_of, self.items("volumes"))
                self._volumes = tuple(one for one in found if one is not None)
        return self._volumes

    @property
    def span(self) -> Span:
        """Return the place of the service's name."""
        return self.key.span

    @property
    def home(self) -> MappingValue:
        """Return the service as the first file that defines it has it."""
        return self._layers[-1]

    def value(self, *path: str) -> Value | None:
        """Return the value at a path, unless it is null."""
        entry = self._entries.get(path[0])
        if entry is None:  # most settings are absent
            return None
        found = entry.value if len(path) == 1 else self.table.get(*path)
        return None if isinstance(found, ScalarValue) and found.is_null else found

    def may_have(self, key: str) -> bool:
        """Return whether a file that is not checked here may set a key."""
        return not self.complete or key in self.elsewhere

    def absent(self, key: str) -> Setting[Any]:
        """Return the setting of a key that is not here."""
        return self._undecided if self.may_have(key) else self._absent

    def flag(self, *path: str) -> Setting[bool]:
        """Return a setting that is true or false."""
        leaf = self._leaf(*path)
        return self.absent(path[0]) if leaf is None else flag_setting(leaf)

    def text(self, *path: str) -> Setting[str]:
        """Return a setting that is a text."""
        leaf = self._leaf(*path)
        return self.absent(path[0]) if leaf is None else text_setting(leaf)

    def number(self, *path: str) -> Setting[float]:
        """Return a setting that is a number; any other text is not decided."""
        leaf = self._leaf(*path)
        if leaf is None:
            return self.absent(path[0])
        try:
            known = float(leaf.content or "") if leaf.decided else None
        except ValueError:
            known = None
        return setting_of(leaf, known, decided=known is not None)

    def size(self, *path: str) -> Setting[int]:
        """Return a setting that is a number of bytes, such as ``512m``."""
        leaf = self._leaf(*path)
        if leaf is None:
            return self.absent(path[0])
        known = size.parse_bytes(leaf.content or "") if leaf.decided else None
        return setting_of(leaf, known, decided=known is not None)

    def texts(self, *path: str) -> SettingList[str]:
        """Return a setting that is a list of texts, or a single text."""
        found = self.value(*path) if path[0] in self._entries else None
        decided = not self.may_have(path[0])
        if found is None:
            return SettingList(self.span, (), decided=decided)
        leaves = found.items if isinstance(found, SequenceValue) else [found]
        return SettingList(
            found.span,
            tuple(text_setting(leaf) for leaf in leaves if isinstance(leaf, ScalarValue)),
            decided=decided,
            source=found,
        )

    def pairs(self, *path: str) -> tuple[Pair, ...]:
        """Return the entries of a setting such as ``environment`` or ``labels``."""
        if path[0] not in self._entries:
            return ()
        return tuple(_pairs(self.value(*path)))

    def items(self, *path: str) -> list[Value]:
        """Return the items of a list, texts and mappings alike."""
        found = self.value(*path) if path[0] in self._entries else None
        return found.items if isinstance(found, SequenceValue) else []

    def holder(self, *keys: str) -> Service:
        """Return the service to which absent settings are added.

        It is the base in this project, where that lacks them too: the finding is the
        same there, and one edit does for both.
        """
        found = self
        for _ in range(_CHAIN):
            base = found.base
            if base is None or any(key in base.table.entries or found.tagged(key) for key in keys):
                break
            found = base
        return found

    @property
    def base(self) -> Service | None:
        """Return the service of the same project that this one extends, if any."""
        for layer in self._layers:
            node = layer.node.get("extends")
            if isinstance(node, yaml.Mapping) and node.get("file") is None:
                node = node.get("service")
            if isinstance(node, yaml.Scalar):
                found = self.project.services.get(node.value)
                return None if found is self else found
        return None

    def put(self, key: str, value: yaml_edit.Plain) -> tuple[Edit, ...]:
        """Return the edit that gives this service its own setting.

        It replaces the service's own value, and else adds the key, which then wins
        over anchors and bases. Returns nothing where the service has no mapping of its
        own.
        """
        entry = self.table.entries.get(key)
        if entry is not None and entry.value.is_own:
            if not isinstance(entry.value, ScalarValue) or not isinstance(value, str):
                return ()
            edit = yaml_edit.replace(entry.value.node, value)
        else:
            home = (self if entry else self.holder(key)).home
            if not home.is_own or home.node.get(key) is not None or self.tagged(key):
                return ()
            edit = yaml_edit.put(home.node, key, value)
        return as_tuple(edit)

    def add(self, key: str, *items: str) -> tuple[Edit, ...]:
        """Return the edit that adds items to a list of this service's own.

        The lists of several files and of bases are appended to one another, so it is
        the first of them, or the one that is tagged to replace those below. Items that
        ``<<`` brings would be replaced, and are written out again.
        """
        holder = self
        for _ in range(_CHAIN):
            base = None if holder.tagged(key) else holder.base
            if base is None:
                break
            holder = base
        layer = holder.tagged(key) or holder.home
        return as_tuple(_longer(layer, key, items) if layer.is_own else None)

    def tagged(self, key: str) -> MappingValue | None:
        """Return the layer that tags a key, and so ignores those below."""
        for layer in self._layers:
            node = layer.node.get(key)
            if node is not None and node.tag is not None:
                return layer
            if node is None and layer.inherits(key):
                brought = self.table.get(key)
                if brought is None or brought.node.tag is not None:
                    return layer
        return None

    def remove(self, key: str) -> tuple[Edit, ...]:
        """Return the edit that removes a setting from this service's own mapping.

        There is none where an anchor, or a file below this one, would bring the
        setting back.
        """
        entry = self.table.entries.get(key)
        if entry is None or entry.earlier:
            return ()
        for layer in self._layers:
            if not layer.is_own or layer.inherits(key):
                return ()
        owner = next((x.node for x in self._layers if x.node.get(key) is not None), None)
        return () if owner is None else remove_key(owner, key)

    def remove_item(self, key: str, item: Value | None) -> tuple[Edit, ...]:
        """Return the edit that removes an item from a list of this service's own.

        The key goes with the only item, unless something else would take its place.
        """
        for layer in self._layers:
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
        if not isinstance(self.table.get(key), SequenceValue) or not isinstance(item, ScalarValue):
            return ()
        if item.templated or not item.is_own:
            return ()
        return as_tuple(yaml_edit.replace(item.node, text))

    def _leaf(self, *path: str) -> ScalarValue | None:
        found = self.value(*path) if path[0] in self._entries else None
        return found if isinstance(found, ScalarValue) else None


def _layers(table: MappingValue) -> Iterator[MappingValue]:
    layer: MappingValue | None = table
    while layer is not None:
        yield layer
        layer = layer.below


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


def _pairs(value: Value | None) -> Iterator[Pair]:
    """Yield the entries of ``{A: b}`` or ``[A=b]``."""
    if isinstance(value, MappingValue):
        for name, entry in value.entries.items():
            if isinstance(entry.value, ScalarValue):
                yield Pair(name, entry.key.span, text_setting(entry.value))
    elif isinstance(value, SequenceValue):
        for item in value.items:
            if not isinstance(item, ScalarValue):
                continue
            name, equals, rest = item.text.partition("=")
            if not equals:
                setting = Setting[str](item.span, None, decided=False, source=item)
            else:
                known = rest if item.decided else None
                setting = setting_of(item, known, decided=item.decided)
            yield Pair(name, item.span, setting)
