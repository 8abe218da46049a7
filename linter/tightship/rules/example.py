"""Examples of rules, which are documentation and tests at once."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.lazy import lazy_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from tightship.rules.definition import SeverityWord


class Example:
    """Files that show a rule: one text, or texts by path."""

    def __init__(self, files: str | dict[str, str]) -> None:
        self.files = files
        self.why = ""

    def because(self, why: str) -> Self:
        """Add a sentence for the page."""
        self.why = why
        return self


class Good(Example):
    """Files about which the rule is silent."""


class Bad(Example):
    """Files in which the rule finds each «marked» span."""

    severity: Severity | None = None
    _changes: tuple[tuple[str, str], ...] = ()

    def changes(self, *lines: str, path: str = "") -> Self:
        """Add what the fixes change in the first file, or in the one at a path, as a diff.

        After ``- ``, a line is removed, and after ``+ `` it is added at this place; after two
        blanks, it stays, and shows the place. Each removed line, and each that stays, is the
        next line of the example, or is only once in the rest of it. «Marks» are left out.
        """
        self._changes += ((path, "\n".join(lines)),)
        return self

    def becomes(self, fixed: str | dict[str, str]) -> Self:
        """Add the files after the fixes."""
        self.fixed = fixed
        return self

    @lazy_property
    def fixed(self) -> str | dict[str, str] | None:
        """Return the files after the fixes.

        Raises:
            ValueError: if the example does not have the lines of `changes`.

        """
        return _changed(self.files, self._changes) if self._changes else None

    def at(self, severity: SeverityWord) -> Self:
        """Add the severity of the findings, where it differs from the rule's own."""
        self.severity = Severity[severity.upper()]
        return self


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Split an example into plain text and the spans that «marks» surround."""
    from textwrap import dedent

    length = 0
    pieces: list[str] = []
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    for char in dedent(text).lstrip("\n"):
        if char == "«":
            starts.append(length)
        elif char == "»":
            spans.append((starts.pop(), length))
        else:
            pieces.append(char)
            length += 1
    return "".join(pieces), sorted(spans)


def _changed(
    files: str | dict[str, str], changes: Iterable[tuple[str, str]]
) -> str | dict[str, str]:
    """Return files after changes, each the path and the lines that `Bad.changes` got."""
    by_path = files if isinstance(files, dict) else {"": files}
    texts = {path: marked(text)[0] for path, text in by_path.items()}
    for path, lines in changes:
        at = path or next(iter(texts))
        if at not in texts:
            raise ValueError(f"`.changes(…)` names `{at}`, which is no file of the example")
        texts[at] = _with(texts[at], lines)
    return texts if isinstance(files, dict) else texts[""]


def _with(text: str, lines: str) -> str:
    from textwrap import dedent

    made: list[str] = []
    rest = text.split("\n")
    for line in dedent(lines).strip("\n").split("\n"):
        sign, content = line[:2].strip(), line[2:]
        if sign == "+":
            made.append(content)
            continue
        if sign not in ("-", ""):
            raise ValueError(f"`{line}` in `.changes(…)` begins with neither `- `, `+ ` nor blanks")
        if [content] != rest[:1] and (times := rest.count(content)) != 1:
            raise ValueError(
                f"`{content}` in `.changes(…)` is {times} times in the rest of the example, not once"
            )
        at = rest.index(content)
        made += rest[: at + (not sign)]
        del rest[: at + 1]
    return "\n".join(made + rest)
