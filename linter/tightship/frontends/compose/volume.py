"""The ``volumes`` of a service, from short and long syntax alike."""

from __future__ import annotations

from tightship.frontends.compose.edits import as_tuple, remove_key, set_key
from tightship.lazy import LazyModule
from tightship.model.value import MappingValue, ScalarValue
from tightship.values import mount, scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.model.reading import Step
    from tightship.model.value import Value
    from tightship.syntax.yaml import edit as yaml_edit
    from tightship.text import Edit, Span
else:
    yaml_edit = LazyModule("tightship.syntax.yaml.edit")


class Volume:
    """One entry of ``volumes``: a source, and the target that it is mounted at.

    ``kind`` is ``bind``, ``volume``, ``anonymous``, ``tmpfs``, ``npipe``, another
    type of the long syntax, or ``unknown`` where a variable decides. ``source`` and
    ``target`` may hold ``${NAME}`` where a variable has no value; ``undecided``
    names the parts to which that happened.
    """

    __slots__ = (
        "kind",
        "options",
        "propagation",
        "read_only",
        "selinux",
        "source",
        "span",
        "target",
        "undecided",
        "value",
    )

    def __init__(
        self,
        value: Value,
        *,
        kind: str,
        source: str | None,
        target: str,
        read_only: bool,
        propagation: str | None = None,
        selinux: str | None = None,
        options: tuple[str, ...] = (),
        undecided: frozenset[str] = frozenset(),
    ) -> None:
        self.value = value
        self.span: Span = value.span
        self.kind = kind
        self.source = source
        self.target = target
        self.read_only = read_only
        self.propagation = propagation
        self.selinux = selinux
        self.options = options
        self.undecided = undecided

    @property
    def place(self) -> Span:
        """Return the place of the source."""
        source = self._source()
        return source.span if source else self.span

    def place_of(self, *path: str) -> Span:
        """Return the place of a setting of the long syntax, or else of the entry."""
        found = self.value.get(*path) if isinstance(self.value, MappingValue) else None
        return found.span if found else self.span

    @property
    def provenance(self) -> tuple[Step, ...]:
        """Return the provenance of the source and of ``read_only``."""
        if not isinstance(self.value, MappingValue):
            return self.value.provenance
        leaves = (self._source(), self.value.get("read_only"))
        return tuple(step for leaf in leaves if leaf for step in leaf.provenance)

    def _source(self) -> Value | None:
        if not isinstance(self.value, MappingValue):
            return None
        return self.value.get("source") or self.value.get("src")

    @property
    def surely_writable(self) -> bool:
        """Return whether every run mounts it writable."""
        return not self.read_only and not self.undecided & {"read_only", "options"}

    @property
    def surely_read_only(self) -> bool:
        """Return whether every run mounts it read-only."""
        return self.read_only and not self.undecided & {"read_only", "options"}

    def make_read_only(self) -> tuple[Edit, ...]:
        """Return the edit that mounts it read-only, where it is written here."""
        if not self.value.is_own:
            return ()
        if isinstance(self.value, MappingValue):
            return as_tuple(set_key(self.value.node, "read_only", "true"))
        return self.with_options([*(o for o in self.options if o not in ("rw", "ro")), "ro"])

    def set_propagation(self, mode: str) -> tuple[Edit, ...]:
        """Return the edit that replaces the propagation that is written here."""
        if isinstance(self.value, MappingValue):
            leaf = self.value.get("bind", "propagation")
            if not isinstance(leaf, ScalarValue) or not leaf.is_own:
                return ()
            return as_tuple(yaml_edit.replace(leaf.node, mode))
        return self.with_options([mode if o == self.propagation else o for o in self.options])

    def remove_selinux(self) -> tuple[Edit, ...]:
        """Return the edit that removes ``z`` or ``Z``."""
        if isinstance(self.value, MappingValue):
            bind = self.value.get("bind")
            if not isinstance(bind, MappingValue) or not bind.is_own:
                return ()
            return remove_key(bind.node, "selinux")
        return self.with_options([o for o in self.options if o not in ("z", "Z")])

    def with_options(self, options: list[str]) -> tuple[Edit, ...]:
        """Return the edit that gives the short syntax these options alone."""
        leaf = self.value
        if not isinstance(leaf, ScalarValue) or leaf.templated or not leaf.is_own:
            return ()
        parsed = mount.parse(leaf.text)
        text = leaf.text
        if parsed.option_span is not None:
            text = text[: parsed.option_span[0]].removesuffix(":")
        if options:
            text = f"{text}:{','.join(options)}"
        return as_tuple(yaml_edit.replace(leaf.node, text))


def volume_of(value: Value) -> Volume | None:
    """Return an entry of ``volumes``; one that is null or a list is none."""
    if isinstance(value, MappingValue):
        return _long(value)
    return _short(value) if isinstance(value, ScalarValue) and not value.is_null else None


def _short(leaf: ScalarValue) -> Volume:
    parsed = mount.parse(leaf.text)
    return Volume(
        leaf,
        kind=parsed.kind,
        source=parsed.source,
        target=parsed.target,
        read_only=parsed.read_only,
        propagation=parsed.propagation,
        selinux=parsed.selinux,
        options=tuple(parsed.options),
        undecided=parsed.undecided,
    )


def _long(table: MappingValue) -> Volume:
    undecided = set[str]()

    def text(part: str, *path: str) -> str | None:
        leaf = table.get(*path)
        if not isinstance(leaf, ScalarValue):
            return None
        if not leaf.decided:
            undecided.add(part)
        return leaf.content

    kind = text("kind", "type") or "volume"
    source = text("source", "source") or text("source", "src")
    read_only = scalar.as_bool(text("read_only", "read_only") or "false")
    return Volume(
        table,
        kind="unknown" if "kind" in undecided else kind,
        source=source,
        target=text("target", "target") or text("target", "dst") or "",
        read_only=bool(read_only),
        propagation=text("propagation", "bind", "propagation"),
        selinux=text("selinux", "bind", "selinux"),
        undecided=frozenset(undecided),
    )
