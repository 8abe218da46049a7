"""The context of a value that is read: its variables, its folder and its bounds."""

from __future__ import annotations

from tightship.findings import Gap
from tightship.values import variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.compose.loading.variables import Variables
    from tightship.syntax.yaml import nodes as yaml
    from tightship.text import Span

# The number of nodes that compose-go visits before it gives up (loader/reset.go).
BUDGET = 100_000
_TOO_MANY = (
    f"more than {BUDGET:,} values unfold from the aliases of this file; the rest is not checked"
)

LONGEST = 10_000_000
"""The characters that the values of variables may take in all texts of a project."""

_TOO_LONG = (
    f"the values of variables take more than {variable.LIMIT:,} characters here, so it"
    " is not checked"
)
_FULL = (
    f"the values of variables take more than {LONGEST:,} characters in all; later ones"
    " are not checked"
)


class Step:
    """One step of the provenance of a value, and its place.

    ``kind`` is ``alias`` (``*name``), ``merge`` (``<<``), ``default`` (the value after
    ``:-`` in ``${NAME:-value}``), ``variable`` (a value from ``.env``), ``extends`` or
    ``include``. ``name`` is that of the anchor, the variable, the service or the file.
    ``into`` is the mapping that has the ``<<`` of a ``merge``.
    """

    __slots__ = ("into", "kind", "name", "span")

    def __init__(self, kind: str, name: str, span: Span, into: yaml.Mapping | None = None) -> None:
        self.kind = kind
        self.name = name
        self.span = span
        self.into = into


class Bounds:
    """The number of values that may still be read, and the gaps where it ends.

    ``room`` is the number of characters that the values of variables may still take;
    ``is_full`` tells that one did not fit.
    """

    __slots__ = ("budget", "gaps", "is_full", "reason", "room")

    def __init__(self, gaps: list[Gap] | None = None, reason: str = _TOO_MANY) -> None:
        self.budget = BUDGET
        self.room = LONGEST
        self.is_full = False
        self.gaps: list[Gap] = [] if gaps is None else gaps
        self.reason = reason

    def spend(self, values: int, node: yaml.Node) -> bool:
        """Take from the budget, and tell whether there was enough."""
        if self.budget < values:
            if self.budget >= 0:
                self.gaps.append(Gap(node.span, self.reason))
            self.budget = -1
            return False
        self.budget -= values
        return True


class Reading:
    """The context of a value that is read.

    ``directory`` is the folder from which Compose resolves relative paths, relative
    to the project root; an extended or included file may have another one.
    """

    __slots__ = ("bounds", "directory", "variables")

    def __init__(
        self, variables: Variables, *, directory: str = "", bounds: Bounds | None = None
    ) -> None:
        self.variables = variables
        self.directory = directory
        self.bounds = bounds or Bounds()

    def expand(self, node: yaml.Scalar) -> variable.Expansion:
        """Put values in place of the variables in a text, as long as there is room.

        A large file may use a long value in each of its lines.
        """
        bounds = self.bounds
        limit = min(variable.LIMIT, bounds.room)
        template = variable.parse(node.value)
        expansion = variable.expand(template, self.variables.get, limit)
        bounds.room -= expansion.taken
        if expansion.cut and limit == variable.LIMIT:
            bounds.gaps.append(Gap(node.span, _TOO_LONG))
        elif expansion.cut and not bounds.is_full:
            bounds.gaps.append(Gap(node.span, _FULL))
            bounds.is_full = True
        return expansion
