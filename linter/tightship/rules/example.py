"""Examples and checked claims of rules, which are documentation and tests at once."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record, lazy_property

if TYPE_CHECKING:
    from typing import Self

    from tightship.rules.definition import SeverityWord

    # One text, or texts by path.
    Files = str | dict[str, str]


class Example:
    """Files that show a rule: one, or several, each after a line `==> path <==`."""

    why = ""

    def __init__(self, shown: str) -> None:
        self._shown = shown

    @lazy_property
    def files(self) -> Files:
        """Return the files; before the fixes, if the text is a diff."""
        return _files(sides(self._shown)[0])

    def because(self, why: str) -> Self:
        """Add a sentence for the page."""
        self.why = why
        return self


class Good(Example):
    """Files about which the rule is silent."""


class Bad(Example):
    """Files in which the rule finds each «marked» span. A diff shows the fix, too."""

    severity: Severity | None = None

    @lazy_property
    def fixed(self) -> Files | None:
        """Return the files after the fixes, or nothing if the example shows none."""
        before, after = sides(self._shown)
        return _files(after) if after != before else None

    def at(self, severity: SeverityWord, why: str = "") -> Self:
        """Add the severity of the findings, where it differs from the rule's own, and why."""
        self.severity = Severity[severity.upper()]
        self.why = why or self.why
        return self


class Verified(Record):
    """Commands that show the claim of a rule to a reader who has Docker.

    ``seen`` is what a terminal holds afterwards: commands, each after ``$ ``, and what
    they print, with ``…`` for what differs from run to run. It is a diff: its other side
    is the ``control``, the same without what the rule reports. The files next to which
    commands of Compose run follow, as in an example; by default these are the rule's first
    `Bad` example, and what its fix makes of it or else the first `Good` one. The lab runs the
    commands as they are (``tests/lab/transcripts.py``), with ``stand_in`` on one for the
    image, made of Debian's packages (``tests/lab/stand_ins.py``). ``note`` is a sentence for
    the page.
    """

    _seen: str
    stand_in: bool = False
    note: str = ""

    @lazy_property
    def shown(self) -> str:
        """Return the commands, and what they print."""
        return self._sides[0][""]

    @lazy_property
    def control(self) -> str:
        """Return the commands of the control, and what they print."""
        return self._sides[1][""]

    @lazy_property
    def files(self) -> list[dict[str, str]] | None:
        """Return the files of the two, by path, if they are not those of examples."""
        found = [{path: side[path] for path in side if path} for side in self._sides]
        return found if any(found) else None

    @lazy_property
    def _sides(self) -> list[dict[str, str]]:
        return [_by_path(side) for side in sides(self._seen)]


class Unverified(Record):
    """The reason why the claim of a rule was read in sources and not seen.

    ``reason`` is a clause for the page.
    """

    why: str


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


def sides(text: str) -> tuple[str, str]:
    """Return the two sides of a diff; those of any other text are itself.

    In a diff, each line comes after two blanks, after ``- ``, which removes it, or after
    ``+ ``, which adds it.
    """
    from textwrap import dedent

    lines = dedent(text).lstrip("\n").split("\n")
    if any(line[:2] not in ("", "  ", "-", "- ", "+", "+ ") for line in lines):
        return text, text
    old = "\n".join(line[2:] for line in lines if line[:1] != "+")
    return old, "\n".join(line[2:] for line in lines if line[:1] != "-")


def _files(text: str) -> Files:
    found = _by_path(text)
    return found if any(found) else text


def _by_path(text: str) -> dict[str, str]:
    """Return the texts that one text holds, as `head` prints several files."""
    from textwrap import dedent

    path, found = "", dict[str, str]()
    for line in dedent(text).lstrip("\n").splitlines(keepends=True):
        if line.startswith("==> "):
            path = line[4:].rstrip().removesuffix(" <==")
            found[path] = ""
        else:
            found[path] = found.get(path, "") + line
    return found
