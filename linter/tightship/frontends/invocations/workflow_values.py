"""The values that a workflow gives to `env` and to its matrix, in expressions and in scripts.

A variable with one value in the file has it. Of one with several, each is followed if they are
flags or paths of the host, since these decide what a container may do; else it is unknown. A
matrix has the values of its lists, of the mappings in them, and of what it includes.
"""

from __future__ import annotations

from itertools import islice, product
from shlex import quote

from tightship.frontends.flags.options import with_unknown
from tightship.lazy import regex
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from re import Pattern

    from tightship.syntax.yaml.nodes import Node

    Values = dict[str, list[Scalar]]

_MOST_WAYS = 8
_NAME = regex(r"(?:env|matrix)(?:\.[\w-]++)++")
_VARIABLE = regex(r"\$\{?([A-Za-z_]\w*)")


def values_in(nodes: Iterable[Node]) -> Values:
    """Return the values of each variable, by its name in an expression, such as `env.NAME`."""
    found: Values = {}
    is_open = False
    for node in nodes:
        for key, value in node.entries if isinstance(node, Mapping) else ():
            section = key.value if isinstance(key, Scalar) else ""
            if section in ("env", "matrix") and isinstance(value, Mapping):
                for name, one in value.entries:
                    if not isinstance(name, Scalar):
                        continue
                    if section == "matrix" and name.value == "include":
                        is_open = is_open or not isinstance(one, Sequence)
                        _add(found, section, one)
                    else:
                        _add(found, f"{section}.{name.value}", one)
    for variable, known in found.items() if is_open else ():
        if variable.startswith("matrix."):
            known.append(Scalar(known[0].span, UNKNOWN))
    return found


def _add(found: Values, name: str, node: Node) -> None:
    """Add the values of a variable, and of the keys of those that are mappings."""
    for one in node.items if isinstance(node, Sequence) else [node]:
        if isinstance(one, Mapping):
            for key, value in one.entries:
                if isinstance(key, Scalar):
                    _add(found, f"{name}.{key.value}", value)
        known = one if isinstance(one, Scalar) and "${{" not in one.value else None
        found.setdefault(name, []).append(known or Scalar(one.span, UNKNOWN))


def ways(text: Text, pattern: Pattern[str], values: Values) -> Iterator[Text]:
    """Yield each text that one with expressions may become, with the variables that it uses."""
    for known in choices((one[0] for one in pattern.finditer(text.value)), values):
        yield _with_variables(with_unknown(text, pattern, known.__getitem__), values)


def choices(expressions: Iterable[str], values: Values) -> Iterator[dict[str, str]]:
    """Yield what expressions may become together."""
    names = dict.fromkeys(expressions)
    for chosen in islice(product(*[_choices(one, values) for one in names]), _MOST_WAYS):
        yield dict(zip(names, chosen, strict=True))


def is_text(expression: str, values: Values) -> bool:
    """Return whether an expression is surely a text, and no object."""
    name = _NAME.search(expression)
    is_known = name is not None and UNKNOWN not in (x.value for x in values.get(name[0], ()))
    return "fromJSON" not in expression and (is_known or "matrix" not in expression)


def _choices(expression: str, values: Values) -> list[str]:
    name = _NAME.search(expression)
    found = [*dict.fromkeys(one.value for one in values.get(name[0], ()))] if name else []
    is_alone = name is not None and expression.strip("${} ") == name[0]
    is_followed = len(found) == 1 or any(one.startswith(("-", "/")) for one in found)
    return found if is_alone and is_followed and len(found) <= _MOST_WAYS else [UNKNOWN]


def _with_variables(text: Text, values: Values) -> Text:
    """Return a script after assignments of the variables in it that have one value."""
    pieces = text.pieces(0, len(text.value))
    for name in dict.fromkeys(_VARIABLE.findall(text.value)):
        found = values.get(f"env.{name}", [])
        if len({one.value for one in found}) == 1 and UNKNOWN not in found[0].value:
            span = found[0].span
            pieces.insert(0, (f"{name}={quote(found[0].value)}\n", span.start, span.end))
    return Text(text.source, pieces) if pieces else text
