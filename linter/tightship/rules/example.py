"""Examples of a rule: documentation and test at once."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.findings import Severity


class Good:
    """Files about which the rule is silent: one text, or texts by path."""

    __slots__ = ("files", "why")

    def __init__(self, text: str | dict[str, str], *, why: str = "") -> None:
        """Hold an example; ``why`` is a sentence for the page."""
        self.files = text
        self.why = why


class Bad:
    """Files in which the rule finds each «marked» span.

    ``fixed`` holds the files after the fixes; ``severity`` is that of the findings,
    where it differs from the rule's own.
    """

    __slots__ = ("files", "fixed", "severity", "why")

    def __init__(
        self,
        text: str | dict[str, str],
        *,
        fixed: str | dict[str, str] | None = None,
        severity: Severity | None = None,
        why: str = "",
    ) -> None:
        """Hold an example; ``why`` is a sentence for the page."""
        self.files = text
        self.fixed = fixed
        self.severity = severity
        self.why = why


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Split an example into plain text and the spans that «marks» surround."""
    from textwrap import dedent

    pieces, length, starts, spans = list[str](), 0, list[int](), list[tuple[int, int]]()
    for char in dedent(text).lstrip("\n"):
        if char == "«":
            starts.append(length)
        elif char == "»":
            spans.append((starts.pop(), length))
        else:
            pieces.append(char)
            length += 1
    return "".join(pieces), sorted(spans)
