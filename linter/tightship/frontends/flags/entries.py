"""The settings of a container that flags of an engine give, by the names of Compose's keys."""

from __future__ import annotations

from tightship.frontends.flags.values import (
    device_node,
    limit_node,
    mount_node,
    namespace_node,
    network_of,
    pair_node,
    place,
    port_node,
    root_node,
    switch_node,
    text_node,
    texts_node,
    volume_node,
)
from tightship.model.container_settings import ContainerSettings
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence as Listed

    from tightship.frontends.flags.flags import Arguments, Given
    from tightship.model.file_project import FileProject
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Span


_NAMESPACES = frozenset(("cgroup", "ipc", "pid", "userns_mode", "uts"))
_ITEMS = {"devices": device_node, "ports": port_node}


class Entries:
    """The entries of the mapping of a container, in the order of the flags.

    ``volumes`` are the keys of the volumes that flags define, by their names.
    """

    def __init__(self, here: str | None = ".") -> None:
        """Begin without any; ``here`` is the folder of the command, or None if it is unknown."""
        self._here = here
        self.hidden = set[str]()
        self.volumes: dict[str, list[tuple[Node, Node]]] = {}
        self._tree: dict[str, tuple[Scalar, Node]] = {}
        self._inner: dict[str, dict[str, tuple[Node, Node]]] = {}

    def read(self, arguments: Arguments) -> None:
        """Add what flags, an image and a command set."""
        for given in arguments.flags:
            READERS[given.flag.kind](self, given)
        image = arguments.image
        for given in arguments.flags:
            folder = image or given.value if given.flag.name == "rootfs" else None
            if folder is not None:
                is_read_only = any(map(_is_read_only, arguments.flags))
                root = root_node(folder, is_read_only=is_read_only)
                self.set("volumes", Sequence(place(folder), [root], flow=True))
        if image is not None and not arguments.is_of_folder:
            self._tree["image"] = Scalar(place(image), "image"), text_node(image)
        if arguments.command:
            span = place(arguments.command[0])
            self._tree["command"] = Scalar(span, "command"), texts_node(arguments.command, span)

    def set(self, key: str, node: Node) -> None:
        """Set a key; lists grow."""
        name, known = self._tree.get(key, (None, None))
        if isinstance(known, Sequence) and isinstance(node, Sequence) and name is not None:
            node = Sequence(known.span, [*known.items, *node.items], flow=True)
        self._tree[key] = name or Scalar(node.span, key), node

    @property
    def nodes(self) -> list[tuple[Node, Node]]:
        """Return the entries as those of a mapping."""
        for key, inner in self._inner.items():
            name = next(iter(inner.values()))[0]
            node = Mapping(name.span, [*inner.values()], flow=True)
            self._tree[key] = Scalar(name.span, key), node
        return [*self._tree.values()]

    def _switch(self, given: Given) -> None:
        self._put(given, switch_node(given))

    def _text(self, given: Given) -> None:
        if given.value is not None:
            make = namespace_node if given.flag.path[0] in _NAMESPACES else text_node
            self._put(given, make(given.value, given.skip))

    def _word(self, given: Given) -> None:
        if given.value is not None:
            node = text_node(given.value, given.skip)
            self._put(given, Sequence(node.span, [node], flow=True))

    def _items(self, given: Given) -> None:
        if given.value is not None:
            word, skip, key = given.value, given.skip, given.flag.path[0]
            if key == "volumes":
                self._add(given, volume_node(word, skip, self._here))
            else:
                self._add(given, _ITEMS.get(key, text_node)(word, skip))

    def _container(self, given: Given) -> None:
        if given.value is not None:
            node = text_node(given.value, given.skip)
            self._add(given, Scalar(node.span, f"container:{node.value}", '"'))

    def _mount(self, given: Given) -> None:
        found = mount_node(given, self._here)
        if found is None:
            return
        node, definition = found
        source = node.get("source")
        if definition and isinstance(source, Scalar):
            self.volumes.setdefault(source.value, definition)
        self._add(given, node)

    def _network(self, given: Given) -> None:
        found = network_of(given)
        if found is None:
            return
        key, node = found
        if key == "networks":
            self._add(given, node)
        elif node.value != "default" and (key not in self._tree or node.value == "host"):
            self._tree[key] = Scalar(place(given.word), key), node

    def _pair(self, given: Given) -> None:
        self._enter(given, pair_node(given))

    def _limit(self, given: Given) -> None:
        self._enter(given, limit_node(given))

    def _hide(self, given: Given) -> None:
        if given.flag.takes_value or switch_node(given).value != "false":
            self.hidden.add(given.flag.path[0])

    def _nothing(self, given: Given) -> None:
        """Leave a flag out that means nothing in a Compose file."""

    def _enter(self, given: Given, pair: tuple[Scalar, Node] | None) -> None:
        if pair is None:
            return
        *_, key = given.flag.path
        if len(given.flag.path) == 1:
            self._inner.setdefault(key, {})[pair[0].value] = pair
            return
        inner = self._inner.setdefault(given.flag.path[0], {})
        _, known = inner.get(key, (None, None))
        entries = known.entries if isinstance(known, Mapping) else []
        inner[key] = (
            Scalar(place(given.word), key),
            Mapping(pair[0].span, [*entries, pair], flow=True),
        )

    def _put(self, given: Given, node: Node) -> None:
        first, *more = given.flag.path
        key = Scalar(place(given.word), more[0] if more else first)
        if more:
            self._inner.setdefault(first, {})[more[0]] = key, node
        else:
            self._tree[first] = key, node

    def _add(self, given: Given, node: Node) -> None:
        [key] = given.flag.path
        name = Scalar(place(given.word), key)
        name, known = self._tree.get(key, (name, Sequence(node.span, [], flow=True)))
        self._tree[key] = name, _with_item(known, node)


def _is_read_only(given: Given) -> bool:
    return given.flag.name == "read-only" and switch_node(given).value == "true"


def _with_item(known: Node, node: Node) -> Sequence:
    """Return a list with one more item; a mapping before it becomes a list of `name=value`."""
    items = known.items if isinstance(known, Sequence) else []
    for key, value in known.entries if isinstance(known, Mapping) else ():
        if isinstance(key, Scalar) and isinstance(value, Scalar):
            items.append(Scalar(value.span, f"{key.value}={value.value}", '"'))
    return Sequence(known.span, [*items, node], flow=True)


READERS: dict[str, Callable[[Entries, Given], None]] = {
    "switch": Entries._switch,
    "text": Entries._text,
    "word": Entries._word,
    "items": Entries._items,
    "pair": Entries._pair,
    "container": Entries._container,
    "limit": Entries._limit,
    "network": Entries._network,
    "mount": Entries._mount,
    "hides": Entries._hide,
    "opens": Entries._hide,
    "value": Entries._nothing,
    "flag": Entries._nothing,
}
"""What reads each kind of flag."""


class FlagSettings(ContainerSettings):
    """The settings of a container as flags of an engine, and keys of a file, have them."""

    __slots__ = ("arguments",)

    def __init__(
        self,
        name: str,
        key: Span,
        arguments: Arguments,
        entries: Entries,
        project: FileProject,
        *,
        complete: bool = True,
    ) -> None:
        self.arguments = arguments
        entries.read(arguments)
        for volume, definition in entries.volumes.items():
            project.define("volumes", volume, definition)
        table = MappingValue(Mapping(key, entries.nodes, flow=True), (), Reading(NONE))
        super().__init__(
            name,
            Scalar(key, name),
            table,
            project,
            complete=complete and arguments.unknown is None,
            elsewhere=entries.hidden,
        )

    @property
    def program(self) -> str:
        """Return the engine, which reads its own flags."""
        return self.engine

    @property
    def secrets_kept(self) -> str:
        """Return how the engine gets a secret that is not in the file."""
        if self.engine == "Podman":
            return "keep it with `podman secret create`, and pass it with `--secret`"
        return (
            "move it to an uncommitted file, and pass that with `--env-file`, or mount it for a"
            " `…_FILE` variable"
        )

    def worded(self, text: str) -> str:
        """Return a text about it, with flags and the file's own keys in place of Compose's."""
        from tightship.frontends.flags.wording import of_podman, worded  # only findings ask

        made = worded(text, self.spelled)
        return of_podman(made) if self.engine == "Podman" else made

    def spelled(self, key: str, flag: str, values: Listed[str]) -> str:
        """Return how the file spells a key of Compose: as a flag, with its values, if any."""
        from tightship.frontends.flags.wording import as_flags

        return as_flags(flag, values)


def network_names(flags: Iterable[Given]) -> Iterator[str]:
    """Yield the networks that flags name, which they do not create."""
    for given in flags:
        if given.flag.kind == "network":
            found = network_of(given)
            if found is not None and found[0] == "networks":
                yield found[1].value
