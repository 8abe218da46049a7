"""What fixes have done, or would do: a unified diff, and a summary in words."""

from __future__ import annotations

import os

from tightship.report.terminal import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.fix.run import Change, Fixing
    from tightship.engine.verdict import Judged
    from tightship.report.terminal import Paint

_MOST_LEFT = 10


def diff(changes: Iterable[Change], here: str, paint: Paint) -> str:
    """Return changes as ``diff -u`` and ``git diff`` write them, for ``patch -p1``.

    Paths are shown from a folder. Unless it is painted, for a terminal, the text is
    exact.
    """
    return "".join(line for one in changes for line in _diff(one, here, paint))


def _diff(change: Change, here: str, paint: Paint) -> Iterator[str]:
    from difflib import unified_diff

    name = os.path.relpath(change.path, here).replace(os.sep, "/")
    lines = unified_diff(
        _lines(change.source.text), _lines(change.text), f"a/{name}", f"b/{name}"
    )
    for line in lines:
        whole = (
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        )
        if not paint.on:
            yield whole
            continue
        for part in whole.rstrip("\n").split("\n"):
            style = {"+": "added", "-": "removed", "@": "gutter"}.get(part[:1], "")
            shown = brief(part, 1_000)
            yield (paint(style, shown) if style else shown) + "\n"


def _lines(text: str) -> list[str]:
    """Return the lines with their ends; only a line feed ends one, as for ``patch``."""
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def fix_summary(fixing: Fixing, *, written: bool) -> str:
    """Return what was fixed, what was left and why, in sentences."""
    lines = list[str]()
    if fixing.applied:
        verb = "Fixed" if written else "Would fix"
        count = len(fixing.applied)
        files = len({change.path for change in fixing.changes})
        lines.append(
            f"{verb} {count} finding{_s(count)} in {files} file{_s(files)}:"
            f" {_names(fixing.applied)}."
        )
    elif not fixing.left and not fixing.refused:
        lines.append("Nothing to fix.")
    for left in fixing.left[:_MOST_LEFT]:
        span = left.judged.span
        line = span.source.point(span.start)[0] + 1
        lines.append(
            f"Left {span.source.name}:{line}: {left.judged.rule.name}: its fix was not"
            f" applied, for {brief(left.reason)}."
        )
    if len(fixing.left) > _MOST_LEFT:
        lines.append(f"Left {len(fixing.left) - _MOST_LEFT} others likewise.")
    lines += (f"Not written: {brief(reason)}." for reason in fixing.refused)
    return "".join(f"{line}\n" for line in lines)


def _names(applied: Iterable[Judged]) -> str:
    counts = dict[str, int]()
    for judged in applied:
        counts[judged.rule.name] = counts.get(judged.rule.name, 0) + 1
    return ", ".join(
        f"{name} ({count})" if count > 1 else name for name, count in counts.items()
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"
