"""The effective tree: the values that Compose works with, each with its provenance.

The located tree (``syntax.yaml``) is the text; this tree is the meaning of the text.
Aliases and merge keys are followed, variables are replaced, files are merged, and every
value keeps its node, the steps that it took since and the values that it replaced.
Children are made when they are asked for, so that a value that nobody reads costs
nothing and an alias bomb never explodes.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, LazyModule, Record
from tightship.model.reading import NONE, Step
from tightship.syntax.yaml import nodes as yaml
from tightship.values import scalar
from tightship.values.hole import has_hole, holes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tightship.model.reading import Reading
    from tightship.text import Span
    from tightship.values import variable
else:
    variable = LazyModule("tightship.values.variable")


class EffectiveValue:
    """The common part of all values: the place, and the steps from there.

    ``overridden`` holds the values that this one has replaced, the latest first.
    """

    __slots__ = ("overridden", "provenance", "reading", "span")

    provenance: tuple[Step, ...]
    overridden: tuple[Value, ...]

    def __init__(self, span: Span, provenance: tuple[Step, ...], reading: Reading) -> None:
        self.span = span
        self.provenance = provenance
        self.reading = reading
        self.overridden = ()

    @property
    def is_own(self) -> bool:
        """Return whether it is written where it takes effect, and not for others too."""
        return not any(s.kind in ("alias", "merge", "extends") for s in self.provenance)


class ScalarValue(EffectiveValue):
    """A scalar, with its variables replaced.

    ``text`` holds ``${NAME}`` where a variable has no value; then ``decided`` is
    false, because it is known only at run time. The default in ``${NAME:-default}`` decides.
    """

    __slots__ = ("expansion", "node")

    def __init__(self, node: yaml.Scalar, provenance: tuple[Step, ...], reading: Reading) -> None:
        super().__init__(node.span, provenance, reading)
        self.node = node
        self.expansion: variable.Expansion | None = None
        if "$" in node.value:
            self.expansion = reading.expand(node)
            self.provenance += tuple(self._variables(self.expansion))

    def copy(
        self, node: yaml.Scalar, expansion: variable.Expansion | None, provenance: tuple[Step, ...]
    ) -> ScalarValue:
        """Return a scalar at the same place, with another text or other steps."""
        new = ScalarValue.__new__(ScalarValue)
        EffectiveValue.__init__(new, self.span, provenance, self.reading)
        new.node = node
        new.expansion = expansion
        return new

    def split(self, separator: str) -> tuple[str, ScalarValue]:
        """Return the text before a separator, and the rest as its own scalar.

        Without the separator, the second is null.
        """
        name, found, rest = self.text.partition(separator)
        if not found:
            return name, self.without_text()
        undecided = not self.decided and has_hole(rest)
        as_compose = self.as_compose.partition(separator)[2] if undecided else None
        return name, self._with(rest, as_compose)

    def without_text(self) -> ScalarValue:
        """Return the null that a bare name in a list has for a value."""
        return self._with(None)

    def named(self, name: str) -> ScalarValue:
        """Return this scalar as ``name=value``, or the name alone where it is null."""
        if self.is_null:
            return self._with(name)
        if self.decided:
            return self._with(f"{name}={self.content}")
        return self._with(f"{name}={self.text}", f"{name}={self.as_compose}")

    def reading_as(self, text: str) -> ScalarValue:
        """Return the value of a plain text here, such as ``true``."""
        node = yaml.Scalar(self.node.span, text)
        return ScalarValue(node, self.provenance, self.reading)

    def _with(self, text: str | None, as_compose: str | None = None) -> ScalarValue:
        """Return a scalar with a text; Compose's own text means an undecided one."""
        node = yaml.Scalar(self.node.span, text or "", "" if text is None else '"')
        expansion = None
        if as_compose is not None:
            assert self.expansion is not None
            expansion = variable.Expansion(
                text or "", as_compose, self.expansion.used, decided=False, templated=True
            )
        return self.copy(node, expansion, self.provenance)

    @property
    def text(self) -> str:
        """Return the text in effect."""
        return self.expansion.text if self.expansion else self.node.value

    @property
    def as_compose(self) -> str:
        """Return the text that Compose has, where an unset variable is empty."""
        expansion = self.expansion
        if expansion is None:
            return self.node.value
        # A text stays as it is without its variables, or where their values are holes.
        known = self.reading.variables.get
        unchanged = expansion.text == self.node.value and all(
            known(name) is None for name, _ in expansion.used
        )
        if expansion.decided or expansion.cut or unchanged:
            return expansion.as_compose
        template = variable.parse(self.node.value)
        return variable.expand(template, self.reading.variables.as_compose).as_compose

    @property
    def as_it_stands(self) -> ScalarValue:
        """Return what Compose makes of a partly known text now: what is unset is empty."""
        # It stays if nothing is left, or if a variable must have a value or a login sets it.
        expansion, variables = self.expansion, self.reading.variables
        if expansion is None or expansion.decided or expansion.cut or self.required:
            return self
        names, text = holes(expansion.text), self.as_compose
        known = variables.are_settled and variables is not NONE and text.strip()
        if not known or not variable.ALWAYS_SET.isdisjoint(names):
            return self
        made = variable.Expansion(text, text, expansion.used, decided=True, templated=True)
        steps = (Step("unset", name, self.span) for name in dict.fromkeys(names))
        return self.copy(self.node, made, (*self.provenance, *steps))

    def standing(self, key: str) -> ScalarValue:
        """Return it as it stands, where that is a value of a key."""
        if self.decided or (stands := self.as_it_stands) is self:
            return self
        from tightship.model.standing import is_value  # few values are partly known

        return stands if is_value(key, stands.text) else self

    @property
    def content(self) -> str | None:
        """Return the text as Compose reads it where it wants text: none for null.

        A plain ``0x10`` is 16 and ``1_000`` is 1000; a quoted one stays as it is.
        """
        node = self.node
        if node.style or self.expansion or (node.tag and node.tag.endswith(":str")):
            return self.text
        return scalar.canonical(node.value)

    @property
    def decided(self) -> bool:
        """Return whether the file alone decides the value."""
        return self.expansion is None or self.expansion.decided

    @property
    def templated(self) -> bool:
        """Return whether a variable is involved at all."""
        return self.expansion is not None and self.expansion.templated

    @property
    def unset(self) -> tuple[str, ...]:
        """Return the names of the variables that have no value."""
        return self._names("unset", "required")

    @property
    def required(self) -> tuple[str, ...]:
        """Return the names of the variables that must have a value, and have none."""
        return self._names("required")

    @property
    def from_environment(self) -> tuple[str, ...]:
        """Return the names of the variables whose value is in no file."""
        place = self.reading.variables.place
        return tuple(name for name in self._names("value") if place(name) is None)

    def _names(self, *kinds: str) -> tuple[str, ...]:
        used = self.expansion.used if self.expansion else []
        return tuple(name for name, how in used if how in kinds)

    @property
    def is_null(self) -> bool:
        """Return whether this is YAML's null: nothing, ``~`` or ``null``, unquoted."""
        node = self.node
        return (
            not node.style
            and (node.tag is None or node.tag.endswith(":null"))
            and scalar.resolve(node.value).kind == "null"
        )

    def _variables(self, expansion: variable.Expansion) -> Iterator[Step]:
        for name, how in expansion.used:
            if how == "default":
                yield Step("default", name, self.node.span)
            elif how == "value":
                span = self.reading.variables.place(name)
                if span is not None:
                    yield Step("variable", name, span)


class SequenceValue(EffectiveValue):
    """A list, as it is written or merged from several.

    ``children`` is none until somebody asks for the items of a written list.
    """

    __slots__ = ("children", "node")

    def __init__(
        self,
        node: yaml.Sequence,
        provenance: tuple[Step, ...],
        reading: Reading,
        children: list[Value] | None = None,
    ) -> None:
        super().__init__(node.span, provenance, reading)
        self.node = node
        self.children = children

    @property
    def items(self) -> list[Value]:
        """Return the items in order."""
        if self.children is None:
            nodes = self.node.items
            if not self.reading.bounds.spend(len(nodes), self.node):
                nodes = []
            provenance, reading = self.provenance, self.reading
            self.children = [
                ScalarValue(node, provenance, reading)
                if type(node) is yaml.Scalar and node.tag is None  # as nearly all are
                else value(node, provenance, reading)
                for node in nodes
                if (type(node) is yaml.Scalar and node.tag is None) or not is_reset(node)
            ]
        return self.children

    def with_items(self, items: list[Value]) -> SequenceValue:
        """Return a list with other items in the same place."""
        return SequenceValue(self.node, self.provenance, self.reading, items)


class Entry(Record):
    """A key and its value; the key may be in another mapping, through ``<<``.

    ``earlier`` holds the keys of the files below, the latest first, where several
    files set it.
    """

    key: yaml.Scalar
    value: Value
    earlier: tuple[yaml.Scalar, ...] = ()


class MappingValue(EffectiveValue):
    """A mapping with the entries of its merge keys, or merged from several.

    ``children`` is none until somebody asks for the entries of a written mapping.
    ``below`` is the mapping that this one was merged onto, if there is one. ``listed``
    tells that Compose has a list of ``name=value`` in its place by now, so that there
    are no keys in it to reset.
    """

    __slots__ = ("below", "children", "listed", "node")

    def __init__(
        self,
        node: yaml.Mapping,
        provenance: tuple[Step, ...],
        reading: Reading,
        children: dict[str, Entry] | None = None,
    ) -> None:
        super().__init__(node.span, provenance, reading)
        self.node = node
        self.below: MappingValue | None = None
        self.listed = False
        self.children = children

    @property
    def entries(self) -> dict[str, Entry]:
        """Return the entries by key.

        An entry that is written here wins over one of ``<<``, wherever ``<<`` is; of
        several merged mappings the first wins, and the merge is shallow (verified
        with docker-compose 2.26.1).
        """
        if self.children is None:
            found: dict[str, Entry] = {}
            if self.reading.bounds.spend(len(self.node.entries), self.node):
                for key, entry in self._merged():
                    winner = found.setdefault(key, entry)
                    if winner is not entry:
                        winner.value.overridden += (entry.value,)
            self.children = found
        return self.children

    def with_entries(self, entries: dict[str, Entry]) -> MappingValue:
        """Return a mapping with other entries in the same place."""
        return MappingValue(self.node, self.provenance, self.reading, entries)

    def get(self, *path: str) -> Value | None:
        """Return the value under a key, or under keys one below the other."""
        found: Value | None = self
        for key in path:
            entry = found.entries.get(key) if isinstance(found, MappingValue) else None
            found = entry.value if entry else None
        return found

    def owns(self, key: str) -> bool:
        """Return whether a key is written in this very mapping."""
        return not self.provenance and self.node.get(key) is not None

    def inherits(self, key: str) -> bool:
        """Return whether ``<<`` brings a key, be it written in this very mapping too."""
        todo = [self.node]
        seen: set[int] = set()
        while todo:
            for name, node in todo.pop().entries:
                if not _is_merge(name):
                    continue
                for source in _merge_sources(node):
                    target = yaml.follow(source)
                    if isinstance(target, yaml.Mapping) and id(target) not in seen:
                        if target.get(key) is not None:
                            return True
                        seen.add(id(target))
                        todo.append(target)
        return False

    def _merged(self) -> Iterator[tuple[str, Entry]]:
        merges: list[tuple[yaml.Scalar, yaml.Node]] = []
        for written, node in self.node.entries:
            key = written if type(written) is yaml.Scalar else yaml.follow(written)
            if not isinstance(key, yaml.Scalar):
                continue
            made = _KINDS.get(type(node))
            if made is not None and node.tag is None and key.value != "<<":
                # Nearly all entries end here.
                yield key.value, Entry(key, made(node, self.provenance, self.reading))
            elif _is_merge(written):
                merges.append((key, node))
            elif not is_reset(node):
                yield key.value, Entry(key, value(node, self.provenance, self.reading))
        for key, node in merges:
            for source in _merge_sources(node):
                name = source.name if isinstance(source, yaml.Alias) else ""
                step = Step("merge", name, key.span, self.node)
                target = yaml.follow(source)
                # A mapping that merges itself ends here; Compose rejects it.
                nests = target is not self.node and len(self.provenance) < 50
                if isinstance(target, yaml.Mapping) and nests:
                    merged = MappingValue(target, (*self.provenance, step), self.reading)
                    yield from merged.entries.items()


Value = ScalarValue | SequenceValue | MappingValue

# What is made of a node that is no alias, and has no tag.
_KINDS: dict[type, Any] = {
    yaml.Scalar: ScalarValue,
    yaml.Sequence: SequenceValue,
    yaml.Mapping: MappingValue,
}


def _is_merge(key: yaml.Node) -> bool:
    return isinstance(key, yaml.Scalar) and key.value == "<<" and not key.style


def _merge_sources(node: yaml.Node) -> list[yaml.Node]:
    return node.items if isinstance(node, yaml.Sequence) else [node]


def is_reset(node: yaml.Node) -> bool:
    """Return whether a node is tagged ``!reset``, so that its key has no value."""
    target = yaml.follow(node)
    return target is not None and target.tag == "!reset"


def value(node: yaml.Node, provenance: tuple[Step, ...], reading: Reading) -> Value:
    """Return the value of a node.

    An alias without its anchor is null, and so is a node that is tagged ``!reset``
    where there must be a value.
    """
    if isinstance(node, yaml.Alias):
        target = yaml.follow(node)
        provenance = (*provenance, Step("alias", node.name, node.span))
        node = target if target is not None else yaml.Scalar(node.span, "")
    if is_reset(node):
        return ScalarValue(yaml.Scalar(node.span, ""), provenance, reading)
    if isinstance(node, yaml.Mapping):
        return MappingValue(node, provenance, reading)
    if isinstance(node, yaml.Sequence):
        return SequenceValue(node, provenance, reading)
    assert isinstance(node, yaml.Scalar)
    return ScalarValue(node, provenance, reading)
