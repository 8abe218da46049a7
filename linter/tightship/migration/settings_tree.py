"""The settings of another linter: a tree of YAML, or of JSON, which YAML includes."""

from __future__ import annotations

from tightship.syntax.yaml import read as yaml_read
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence, follow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

_MOST = 10_000  # words in one list


class Value:
    """A value, with the place that it is written at (`.hadolint.yaml:3`)."""

    def __init__(self, node: Node) -> None:
        self._node = follow(node) or node

    @property
    def place(self) -> str:
        """Return the file and the line, from 1 on."""
        source, start = self._node.span.source, self._node.span.start
        return f"{source.name}:{source.point(start)[0] + 1}"

    @property
    def text(self) -> str:
        """Return the text of a scalar, and an empty one of anything else."""
        return self._node.value if isinstance(self._node, Scalar) else ""

    @property
    def is_true(self) -> bool:
        """Return whether it is the truth value true."""
        return self.text.lower() == "true"

    @property
    def is_table(self) -> bool:
        """Return whether it is a mapping."""
        return isinstance(self._node, Mapping)

    def entries(self) -> Iterator[tuple[str, Value]]:
        """Yield the keys of a mapping with their values, of the last one of a name."""
        if isinstance(self._node, Mapping):
            found = {
                key.value: value for key, value in self._node.entries if isinstance(key, Scalar)
            }
            for key, node in found.items():
                yield key, Value(node)

    def get(self, key: str) -> Value | None:
        """Return the value of a key of a mapping."""
        return dict(self.entries()).get(key)

    def items(self) -> list[Value]:
        """Return the items of a list; a scalar is a list of one."""
        if isinstance(self._node, Sequence):
            return [Value(node) for node in self._node.items[:_MOST]]
        return [self] if self.text else []

    def words(self) -> Iterator[tuple[str, str]]:
        """Yield the words of a list, or of a text with commas, each with its place."""
        for item in self.items():
            for word in item.text.split(","):
                if word.strip():
                    yield word.strip(), item.place


def read(source: Source) -> Value | None:
    """Return the mapping that a file holds, or None if it is none."""
    stream = yaml_read.read(source)
    if stream.problems or len(stream.documents) != 1:
        return None
    value = Value(stream.documents[0])
    return value if value.is_table else None
