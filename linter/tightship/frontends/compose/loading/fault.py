"""Faults: what Compose rejects, or ignores, when it loads and merges files.

Compose replaces the variables of a whole file before it looks at the values, so it
rejects a bad one in a value that nothing uses, too, and warns of one without a value.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, LazyModule, Record
from tightship.model.value import ScalarValue, is_reset
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.findings import Related
    from tightship.model.reading import Reading
    from tightship.model.value import SequenceValue, Value
    from tightship.values import variable

    Kind = Literal[
        "cast",
        "clash",
        "cycle",
        "disabled",
        "env-file",
        "exclusive",
        "include-conflict",
        "incomplete",
        "item-twice",
        "no-effect",
        "required",
        "template",
        "undefined",
    ]
    Path = tuple[str, ...]
else:
    variable = LazyModule("tightship.values.variable")


class Fault(Record):
    """A place with a fault, and a sentence about it.

    ``kind`` is ``cast`` (the value of a variable has the wrong type), ``clash`` (a list
    or mapping meets another type), ``cycle``, ``disabled`` (a dependency only runs with
    a profile), ``env-file`` (a file is missing, or has a bad line), ``exclusive``
    (settings that contradict one another), ``include-conflict``, ``incomplete``,
    ``item-twice`` (a duplicate in a list of distinct items), ``no-effect`` (an override
    that removes nothing), ``required`` (``${X:?}`` without a value), ``template`` (bad
    syntax of a variable) or ``undefined``.

    ``path`` holds the keys that lead to the place, ``value`` is the value there, and
    ``lost`` the value that stays or goes against the author's intent. ``among`` is the
    list that holds the item of an ``item-twice``. ``missing`` is the kind and the name of
    what is not there: something else than the files may provide it. ``decided`` is false where a variable
    without a value takes part: another invocation may give it a good one.
    """

    kind: Kind
    span: Span
    message: str
    path: tuple[str, ...] = ()
    value: Value | None = None
    lost: Value | None = None
    among: SequenceValue | None = None
    because: tuple[Related, ...] = ()
    missing: tuple[str, str] | None = None
    decided: bool = True

    @property
    def refused(self) -> bool:
        """Return whether Compose rejects the project for it."""
        return self.kind != "no-effect"


class UnsetVariables:
    """The variables of a project without a value, for which Compose puts an empty text.

    ``places`` has for each name the first text that uses it. A name with ``:?`` in any
    other text is ``required``: without a value, Compose rejects the project instead.
    """

    def __init__(self) -> None:
        self.places: dict[str, Span] = {}
        self.required: set[str] = set()


def variable_faults(
    document: yaml.Node, reading: Reading, unset: UnsetVariables
) -> Iterator[Fault]:
    """Yield a fault for each bad template, and each missing value of ``${X:?}``.

    Variables without a value are added to ``unset``.
    """
    span = document.span
    if span.source.text.find("$", span.start, span.end) < 0:
        return
    stack: list[tuple[yaml.Node, Path]] = [(document, ())]
    while stack:
        node, path = stack.pop()
        if is_reset(node):
            continue
        if isinstance(node, yaml.Mapping):
            if not _may_use_variables(node.span):
                continue
            stack += (
                (value, (*path[-3:], key.value))
                for key, value in reversed(node.entries)
                if isinstance(key, yaml.Scalar)
            )
        elif isinstance(node, yaml.Sequence):
            stack += ((item, path) for item in reversed(node.items))
        elif isinstance(node, yaml.Scalar) and "$" in node.value:
            yield from _in_text(node, path, reading, unset)


def _may_use_variables(span: Span) -> bool:
    """Return whether there may be a ``$`` in a value, be it written as an escape."""
    text, start, end = span.source.text, span.start, span.end
    return text.find("$", start, end) >= 0 or text.find("\\", start, end) >= 0


def _in_text(
    node: yaml.Scalar, path: Path, reading: Reading, unset: UnsetVariables
) -> Iterator[Fault]:
    template = variable.parse(node.value)
    for problem in template.problems[:1]:
        yield Fault(
            "template",
            _place(node, node.value[problem.offset :]),
            f"{problem.message}: Compose rejects that; write a literal `$` as `$$`",
            path=path,
            value=ScalarValue(node, (), reading),
        )
    if template.problems:
        return
    for name in variable.unset(template, reading.variables.get):
        unset.places.setdefault(name, node.span)
    if "${" not in node.value:
        return
    leaf = ScalarValue(node, (), reading)
    for name in leaf.required:
        unset.required.add(name)
        yield Fault(
            "required",
            node.span,
            f"`{name}` must have a value, but is not set",
            path=path,
            value=leaf,
            missing=("variables", name),
        )


def _place(node: yaml.Scalar, rest: str) -> Span:
    """Return the place of a template, if the file has its text literally."""
    start = node.span.source.text.find(rest, node.span.start, node.span.end)
    return node.span if start < 0 else Span(node.span.source, start, node.span.end)
