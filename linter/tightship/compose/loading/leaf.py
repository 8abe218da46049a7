"""Scalars of the effective tree, and what they have in common with its other values."""

from __future__ import annotations

from tightship.compose.loading.reading import Step
from tightship.syntax.yaml import nodes as yaml
from tightship.values import scalar, variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.loading.reading import Reading
    from tightship.compose.loading.tree import Value
    from tightship.text import Span


class EffectiveValue:
    """What all values in effect have: where they are written, and their way since.

    ``overridden`` holds the values that this one has replaced, the latest first.
    """

    __slots__ = ("overridden", "provenance", "reading", "span")

    provenance: tuple[Step, ...]
    overridden: tuple[Value, ...]

    def __init__(
        self, span: Span, provenance: tuple[Step, ...], reading: Reading
    ) -> None:
        self.span = span
        self.provenance = provenance
        self.reading = reading
        self.overridden = ()

    @property
    def is_own(self) -> bool:
        """Tell whether it is written where it takes effect, and not for others too."""
        return not any(s.kind in ("alias", "merge", "extends") for s in self.provenance)


class Leaf(EffectiveValue):
    """A scalar, with its variables replaced.

    ``text`` holds ``${NAME}`` where a variable has no value; then ``decided`` is
    false, for only a run can tell. The default in ``${NAME:-default}`` decides.
    """

    __slots__ = ("_expansion", "node")

    def __init__(
        self, node: yaml.Scalar, provenance: tuple[Step, ...], reading: Reading
    ) -> None:
        super().__init__(node.span, provenance, reading)
        self.node = node
        self._expansion: variable.Expansion | None = None
        if "$" in node.value:
            self._expansion = variable.expand(
                variable.parse(node.value), reading.variables.get
            )
            self.provenance += tuple(self._variables(self._expansion))

    def split(self, separator: str) -> tuple[str, Leaf]:
        """Return what is before a separator, and what is after it as its own scalar.

        Without the separator, the second is null.
        """
        name, found, rest = self.text.partition(separator)
        if not found:
            return name, self.without_text()
        new = self._with(rest)
        if not self.decided and variable.has_hole(rest):
            assert self._expansion is not None
            new._expansion = variable.Expansion(
                rest,
                self.as_compose.partition(separator)[2],
                self._expansion.used,
                decided=False,
                templated=True,
            )
        return name, new

    def without_text(self) -> Leaf:
        """Return the null that a bare name in a list has for a value."""
        return self._with(None)

    def named(self, name: str) -> Leaf:
        """Return this scalar as ``name=value``, or the name alone where it is null."""
        if self.is_null:
            return self._with(name)
        text = self.content if self.decided else self.text
        new = self._with(f"{name}={text}")
        if not self.decided:
            assert self._expansion is not None
            new._expansion = variable.Expansion(
                f"{name}={text}",
                f"{name}={self.as_compose}",
                self._expansion.used,
                decided=False,
                templated=True,
            )
        return new

    def reading_as(self, text: str) -> Leaf:
        """Return what a plain text would be here, such as ``true``."""
        node = yaml.Scalar(self.node.span, text)
        return Leaf(node, self.provenance, self.reading)

    def _with(self, text: str | None) -> Leaf:
        new = Leaf.__new__(Leaf)
        EffectiveValue.__init__(new, self.span, self.provenance, self.reading)
        style = "" if text is None else '"'
        new.node = yaml.Scalar(self.node.span, text or "", style)
        new._expansion = None
        return new

    @property
    def text(self) -> str:
        """Return the text in effect."""
        return self._expansion.text if self._expansion else self.node.value

    @property
    def as_compose(self) -> str:
        """Return the text that Compose has, where an unset variable is empty."""
        expansion = self._expansion
        if expansion is None:
            return self.node.value
        if expansion.decided or expansion.text == self.node.value:
            return expansion.as_compose
        template = variable.parse(self.node.value)
        return variable.expand(template, self.reading.variables.as_compose).as_compose

    @property
    def content(self) -> str | None:
        """Return the text as Compose reads it where it wants text: none for null.

        A plain ``0x10`` is 16 and ``1_000`` is 1000; a quoted one stays as it is.
        """
        node = self.node
        if node.style or self._expansion or (node.tag and node.tag.endswith(":str")):
            return self.text
        return scalar.canonical(node.value)

    @property
    def decided(self) -> bool:
        """Tell whether the file alone decides the value."""
        return self._expansion is None or self._expansion.decided

    @property
    def templated(self) -> bool:
        """Tell whether a variable is involved at all."""
        return self._expansion is not None and self._expansion.templated

    @property
    def unset(self) -> tuple[str, ...]:
        """Return the names of the variables that have no value."""
        used = self._expansion.used if self._expansion else []
        return tuple(name for name, how in used if how in ("unset", "required"))

    @property
    def required(self) -> tuple[str, ...]:
        """Return the names of the variables that must have a value, and have none."""
        used = self._expansion.used if self._expansion else []
        return tuple(name for name, how in used if how == "required")

    @property
    def is_null(self) -> bool:
        """Tell whether this is YAML's null: nothing, ``~`` or ``null``, unquoted."""
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
