"""The settings of the container that a command starts, by the names of Compose's keys."""

from __future__ import annotations

from tightship.frontends.docker_run.values import (
    limit_node,
    mount_node,
    network_of,
    pair_node,
    place,
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
    from collections.abc import Callable, Iterator

    from tightship.frontends.docker_run.commands import RunCommand
    from tightship.frontends.docker_run.editor import CommandEditor
    from tightship.frontends.docker_run.flags import Given
    from tightship.model.project import Project
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Span


UNIT = ".service"
_LASTING = frozenset(("detach", "publish", "publish-all", "restart"))


class CommandSettings(ContainerSettings):
    """The settings of one container; ``command`` is what starts it."""

    __slots__ = ("command",)

    def __init__(self, name: str, command: RunCommand, project: Project) -> None:
        self.command = command
        made = _Entries(command)
        span = command.span
        table = MappingValue(Mapping(span, made.entries, flow=True), (), Reading(NONE))
        super().__init__(
            name,
            Scalar(span, name),
            table,
            project,
            complete=command.arguments.unknown is None,
            elsewhere=made.hidden,
        )

    @property
    def engine(self) -> str:
        """Return the engine that the command is for."""
        return "Podman" if self.command.engine == "podman" else "Docker"

    @property
    def is_brief(self) -> bool:
        """Return whether it runs a command in the foreground that nobody reaches, as tools do."""
        given = {one.flag.name for one in self.command.arguments.flags}
        is_for_once = "rm" in given or bool(self.command.arguments.command)
        if (
            not is_for_once
            or not given.isdisjoint(_LASTING)
            or self.span.source.name.endswith(UNIT)
        ):
            return False
        return not self.text("network_mode").could_be("host")

    @property
    def extent(self) -> Span:
        """Return the place of the whole command."""
        return self.command.whole

    @property
    def editor(self) -> CommandEditor:
        """Return what edits the command."""
        from tightship.frontends.docker_run.editor import CommandEditor  # only findings ask

        return CommandEditor(self.command)


def network_names(command: RunCommand) -> Iterator[str]:
    """Yield the networks that a command names, which it does not create."""
    for given in command.arguments.flags:
        if given.flag.kind == "network":
            found = network_of(given)
            if found is not None and found[0] == "networks":
                yield found[1].value


class _Entries:
    """The entries of the mapping of a container, in the order of the flags."""

    def __init__(self, command: RunCommand) -> None:
        self.hidden = set[str]()
        self._tree: dict[str, tuple[Scalar, Node]] = {}
        self._inner: dict[str, dict[str, tuple[Node, Node]]] = {}
        arguments = command.arguments
        for given in arguments.flags:
            READERS[given.flag.kind](self, given)
        image = arguments.image
        if image is not None:
            self._tree["image"] = Scalar(place(image), "image"), text_node(image)
        if arguments.command:
            span = place(arguments.command[0])
            self._tree["command"] = Scalar(span, "command"), texts_node(arguments.command, span)

    @property
    def entries(self) -> list[tuple[Node, Node]]:
        """Return the entries as those of a mapping."""
        for key, inner in self._inner.items():
            name = next(iter(inner.values()))[0]
            node = Mapping(name.span, [*inner.values()], flow=True)
            self._tree[key] = Scalar(name.span, key), node
        return [*self._tree.values()]

    def switch(self, given: Given) -> None:
        value = "true"
        if given.value is not None:
            value = text_node(given.value, given.skip).value
        self._put(given, Scalar(place(given.word), value))

    def text(self, given: Given) -> None:
        if given.value is not None:
            self._put(given, text_node(given.value, given.skip))

    def word(self, given: Given) -> None:
        if given.value is not None:
            node = text_node(given.value, given.skip)
            self._put(given, Sequence(node.span, [node], flow=True))

    def items(self, given: Given) -> None:
        if given.value is not None:
            is_volume = given.flag.path == ("volumes",)
            make = volume_node if is_volume else text_node
            self._add(given, make(given.value, given.skip))

    def container(self, given: Given) -> None:
        if given.value is not None:
            node = text_node(given.value, given.skip)
            self._add(given, Scalar(node.span, f"container:{node.value}", '"'))

    def mount(self, given: Given) -> None:
        node = mount_node(given)
        if node is not None:
            self._add(given, node)

    def network(self, given: Given) -> None:
        found = network_of(given)
        if found is None:
            return
        key, node = found
        if key == "networks":
            self._add(given, node)
        elif node.value != "default":
            self._tree[key] = Scalar(place(given.word), key), node

    def pair(self, given: Given) -> None:
        self._enter(given, pair_node(given))

    def limit(self, given: Given) -> None:
        self._enter(given, limit_node(given))

    def hide(self, given: Given) -> None:
        self.hidden.add(given.flag.path[0])

    def nothing(self, given: Given) -> None:
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
        known = self._tree.setdefault(key, (name, Sequence(node.span, [], flow=True)))[1]
        assert isinstance(known, Sequence)
        known.items.append(node)


READERS: dict[str, Callable[[_Entries, Given], None]] = {
    "switch": _Entries.switch,
    "text": _Entries.text,
    "word": _Entries.word,
    "items": _Entries.items,
    "pair": _Entries.pair,
    "container": _Entries.container,
    "limit": _Entries.limit,
    "network": _Entries.network,
    "mount": _Entries.mount,
    "hides": _Entries.hide,
    "opens": _Entries.hide,
    "value": _Entries.nothing,
    "flag": _Entries.nothing,
}
"""What reads each kind of flag."""
