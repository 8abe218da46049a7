"""What a fix writes, in a line."""

from __future__ import annotations

from tightship.report.frame import hunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.findings import Fix
    from tightship.text import Source, Span

_WIDE = 10_000  # Lines are wrapped elsewhere.
_QUOTED = frozenset(",[]{}#")


def added_settings(service: Span, fixes: Sequence[Fix]) -> list[str]:
    """Return the settings that fixes add to a service, each in one line.

    The result is empty if the fixes do anything else, such as replacing a line or
    adding a volume at the top level.
    """
    source = service.source
    edits = [edit for fix in fixes for edit in fix.edits]
    if any(edit.span.source is not source for edit in edits):
        return []
    found = hunks(source, edits, _WIDE)
    if not found or any(hunk.removed for hunk in found):
        return []
    indent = _indent_of_keys(source, source.point(service.start)[0])
    return _settings([line for hunk in found for line in hunk.added], indent)


def replacing_line(source: Source, fix: Fix) -> str:
    """Return the line that a fix writes in place of one other line, or nothing."""
    if any(edit.span.source is not source for edit in fix.edits):
        return ""
    found = hunks(source, fix.edits, _WIDE)
    if not found or len(found) > 1:
        return ""
    removed, added = found[0].removed, found[0].added
    return added[0].strip() if len(removed) == len(added) == 1 else ""


def _indent_of_keys(source: Source, line: int) -> int:
    """Return the indentation of the first line with text below a line from 0."""
    for start in source.line_starts[line + 1 :]:
        text = source.text[start : source.line_end(start)]
        if text.strip() and not text.lstrip().startswith("#"):
            return _indent(text)
    return 0


def _settings(lines: list[str], indent: int) -> list[str]:
    """Return ``key: value`` for each key; lists of scalars are put in brackets.

    Lines of any other form give an empty list.
    """
    settings = list[tuple[str, list[str]]]()
    for line in lines:
        text = line.strip()
        if text.startswith("- "):
            if not settings or not settings[-1][0].endswith(":"):
                return []
            item = text[2:]
            quoted = item[0] not in "'\"" and _QUOTED & {*item}
            settings[-1][1].append(f'"{item}"' if quoted else item)
        elif _indent(line) == indent and text:
            settings.append((text, []))
        else:
            return []
    if any(text.endswith(":") != bool(items) for text, items in settings):
        return []
    return [f"{text} [{', '.join(items)}]" if items else text for text, items in settings]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
