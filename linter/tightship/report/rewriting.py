"""What fixes and added comments change: a unified diff, and sentences."""

from __future__ import annotations

import os

from tightship.engine.fix.run import AddingIgnores, Fixing
from tightship.report.report import seen_from
from tightship.report.terminal import brief, visible_path
from tightship.report.wording import counted, names_counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.fix.run import Change, Rewriting
    from tightship.report.terminal import Paint

_MOST_UNRESOLVED = 10


def diff(changes: Iterable[Change], here: str, paint: Paint) -> str:
    """Return changes as a unified diff, for ``patch -p1`` in a folder.

    A file that several projects share, and change one after the other, has one part.
    Unless it is painted, for a terminal, the text is exact.
    """
    whole: dict[str, Change] = {}
    for one in changes:
        first = whole.get(one.path, one)
        whole[one.path] = first.replaced(text=one.text)
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


def rewritten(rewriting: Rewriting, here: str) -> str:
    """Return what a run has fixed or accepted in each file, a line for each, for a log."""
    verb = "Fixed" if isinstance(rewriting, Fixing) else "Accepted"
    lines: list[str] = []
    for path, findings in rewriting.resolved_in.items():
        names = names_counted(judged.rule.name for judged in findings)
        lines.append(f"{verb}: {names} in {visible_path(seen_from(here, '', path))}")
    lines += (f"Not written: {brief(reason)}." for reason in rewriting.refused)
    return "".join(f"{line}\n" for line in lines)


def rewriting_summary(rewriting: Rewriting, *, written: bool) -> str:
    """Return which findings a run has fixed or accepted, or would, and which not."""
    if isinstance(rewriting, Fixing):
        lines = [
            *_resolved(rewriting, "Fixed" if written else "Would fix", "", "Nothing to fix."),
            *_unresolved(rewriting, "Left ", ": its fix was not applied, for "),
        ]
        rest = "Left {} others likewise."
    elif isinstance(rewriting, AddingIgnores):
        verb = "Accepted" if written else "Would accept"
        lines = [
            *_resolved(rewriting, verb, " by comments", "Nothing to accept."),
            *_unresolved(rewriting, "Not accepted: ", ": "),
        ]
        rest = "Not accepted: {} others."
    else:
        raise TypeError(rewriting)
    more = len(rewriting.unresolved) - _MOST_UNRESOLVED
    if more > 0:
        lines.append(rest.format(more))
    lines += (f"Not written: {brief(reason)}." for reason in rewriting.refused)
    return "".join(f"{line}\n" for line in lines)


def _resolved(rewriting: Rewriting, verb: str, how: str, nothing: str) -> Iterator[str]:
    resolved = rewriting.resolved
    if resolved:
        files = counted(len({change.path for change in rewriting.changes}), "file")
        names = names_counted(judged.rule.name for judged in resolved)
        yield f"{verb} {counted(len(resolved), 'finding')}{how} in {files}: {names}."
    elif not rewriting.unresolved and not rewriting.refused:
        yield nothing


def _unresolved(rewriting: Rewriting, verb: str, why: str) -> Iterator[str]:
    for one in rewriting.unresolved[:_MOST_UNRESOLVED]:
        reason = brief(one.reason)
        where = f"{visible_path(one.judged.span.source.name)}:{one.judged.span.line}"
        yield f"{verb}{where}: {one.judged.rule.name}{why}{reason}."
