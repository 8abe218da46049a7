"""The changes of fixes: a unified diff, and a summary in words."""

from __future__ import annotations

import os

from tightship.report.place import Place
from tightship.report.terminal import brief
from tightship.report.wording import counted, names_counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.fix.run import Change, Fixing
    from tightship.report.terminal import Paint

_MOST_LEFT = 10


def diff(changes: Iterable[Change], here: str, paint: Paint) -> str:
    """Return changes as a unified diff, for ``patch -p1`` in a folder.

    A file that several projects share, and change one after the other, has one part.
    Unless it is painted, for a terminal, the text is exact.
    """
    whole: dict[str, Change] = {}
    for one in changes:
        first = whole.get(one.path, one)
        whole[one.path] = first.becoming(one.text)
    return "".join(line for one in whole.values() for line in _diff(one, here, paint))


def _diff(change: Change, here: str, paint: Paint) -> Iterator[str]:
    from difflib import unified_diff

    name = os.path.relpath(change.path, here).replace(os.sep, "/")
    names = _quoted(f"a/{name}"), _quoted(f"b/{name}")
    lines = unified_diff(_lines(change.source.text), _lines(change.text), *names)
    for line in lines:
        whole = line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        if not paint.on:
            yield whole
            continue
        for part in whole.rstrip("\n").split("\n"):
            style = {"+": "added", "-": "removed", "@": "gutter"}.get(part[:1], "")
            shown = brief(part, 1_000)
            yield (paint(style, shown) if style else shown) + "\n"


def _quoted(name: str) -> str:
    """Return a name as Git writes it in a diff: in quotes if it has odd characters."""
    if name.isprintable() and not {'"', "\\"} & {*name}:
        return name
    escaped = (
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}"
        for byte in os.fsencode(name)
    )
    return f'"{"".join(escaped)}"'


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a line feed ends one, as for ``patch``."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def fix_summary(fixing: Fixing, *, written: bool) -> str:
    """Return which findings were fixed or left, and why, in sentences."""
    lines = list[str]()
    if fixing.applied:
        verb = "Fixed" if written else "Would fix"
        files = len({change.path for change in fixing.changes})
        names = names_counted(judged.rule.name for judged in fixing.applied)
        lines.append(
            f"{verb} {counted(len(fixing.applied), 'finding')} in"
            f" {counted(files, 'file')}: {names}."
        )
    elif not fixing.left and not fixing.refused:
        lines.append("Nothing to fix.")
    for left in fixing.left[:_MOST_LEFT]:
        place = Place(left.judged.span)
        lines.append(
            f"Left {place.path}:{place.line}: {left.judged.rule.name}: its fix was not"
            f" applied, for {brief(left.reason)}."
        )
    if len(fixing.left) > _MOST_LEFT:
        lines.append(f"Left {len(fixing.left) - _MOST_LEFT} others likewise.")
    lines += (f"Not written: {brief(reason)}." for reason in fixing.refused)
    return "".join(f"{line}\n" for line in lines)
