"""The comments in a file before a change, and what they accept after it.

A comment that was about a whole service, stage or file accepts what a change adds there.
One about a single value accepts nothing elsewhere, wherever a change moves it.
"""

from __future__ import annotations

from tightship.engine.accept.suppression import of_dockerfile, of_yaml
from tightship.engine.judge.places import stage_title
from tightship.engine.settings.selection import means
from tightship.rules.definition import rule_of
from tightship.syntax.dockerfile import read as dockerfile_read
from tightship.syntax.yaml import read as yaml_read
from tightship.syntax.yaml.nodes import Mapping, Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Suppression
    from tightship.syntax.dockerfile.nodes import Instruction
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

    Extent = tuple[int, int]


class EarlierComments:
    """The suppression comments of a file as it was before a change."""

    def __init__(self, source: Source, *, is_dockerfile: bool, need_reason: bool = False) -> None:
        self._whole = (0, len(source.text))
        self._documents: Sequence[Node] = ()
        self._instructions: Sequence[Instruction] = ()
        if is_dockerfile:
            file = dockerfile_read.read(source)
            found, self._instructions = of_dockerfile(file), file.instructions
        else:
            stream = yaml_read.read(source)
            found, self._documents = of_yaml(stream), stream.documents
        self._comments: list[Suppression] = [
            one for one in found if one.reason or one.is_foreign or not need_reason
        ]

    def accept(self, one: JudgedFinding) -> bool:
        """Return whether they accept a finding after the change."""
        comments = [comment for comment in self._comments if _names(comment, one)]
        if not comments:
            return False
        start, end = self._extent(one.key_path)
        return any(comment.start <= start and end <= comment.end for comment in comments)

    def _extent(self, path: Sequence[str]) -> Extent:
        """Return the extent of the narrowest part on a path that was there before."""
        if self._instructions:
            return self._stage(path[0]) if path else self._whole
        extent, nodes = self._whole, self._documents
        for key in path:
            entries = (
                (name, value)
                for node in nodes
                if isinstance(node, Mapping)
                for name, value in node.entries
                if isinstance(name, Scalar) and name.value == key
            )
            found = next(entries, None)
            if found is None:
                break
            name, value = found
            extent = name.span.start, max(name.span.end, value.span.end)
            nodes = (value,)
        return extent

    def _stage(self, title: str) -> Extent:
        starts = [one for one in self._instructions if one.name == "FROM"]
        ends = [*(one.span.start - 1 for one in starts[1:]), self._whole[1]]
        for start, end in zip(starts, ends, strict=True):
            if stage_title(start) == title:
                return start.span.start, end
        return self._whole


def _names(comment: Suppression, one: JudgedFinding) -> bool:
    """Return whether a comment is about the rule of a finding."""
    if one.is_gap and not comment.reason:
        return False
    name = one.rule.name
    return any(
        (name in word.rules or rule_of(name) in word.rules)
        and means(word.word, one.rule, one.finding)
        for word in comment.words
    )
