"""What a trial showed, as a table with details, and as plain data."""

from __future__ import annotations

from tightship.report.terminal import brief, columns
from tightship.report.wording import counted, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tightship.report.json import Json
    from tightship.report.terminal import Paint
    from tightship.trial.copy import Note
    from tightship.trial.proving import Tried

    Grades = Mapping[str, tuple[str, str]]

_WORDS = {
    "capabilities": "capabilities",
    "root file system": "read-only root",
    "setuid programs": "no-new-privileges",
    "limits": "limits",
}
_COLUMNS = ("service", "grade", "starts", "result")


def as_text(found: Sequence[Tried], left_out: Sequence[Note], grades: Grades, paint: Paint) -> str:
    """Return a table, and then what was found about each service.

    Args:
        found: the services that were tried.
        left_out: those that were not started, and why.
        grades: the grades of services as they are, and with what would be written.
        paint: for a terminal.

    """
    rows: list[tuple[str, ...]] = [_COLUMNS]
    for one in found:
        grade = " to ".join(dict.fromkeys(grades.get(one.service, ("-",))))
        rows.append((one.service, grade, str(one.starts), brief(_result(one), 200)))
    rows += [(one.service, "-", "0", brief(f"not started: {one.text}", 200)) for one in left_out]
    widths = [max(columns(row[at]) for row in rows) for at in range(len(_COLUMNS) - 1)]
    lines = list[str]()
    for row in rows:
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=False))
        line = "  ".join((*cells, row[-1]))
        lines.append(paint("bold", line) if row is _COLUMNS else line)
    for one in found:
        details = [*_details(one)]
        lines += ["", paint("bold", one.service), *details] if details else []
    return "\n".join(lines) + "\n"


def _result(one: Tried) -> str:
    proved = [_WORDS[mechanism] for mechanism in one.hardening.mechanisms]
    if not proved:
        return f"nothing is proved: {one.why}"
    return f"proved: {listed(proved)}"


def _details(one: Tried) -> Iterator[str]:
    hardening = one.hardening
    if "capabilities" in hardening.mechanisms:
        yield f"  capabilities: {', '.join(sorted(hardening.capabilities or ())) or 'none'}"
    for name, why in one.needed.items():
        yield f"    {brief(f'{name}: {why}', 150)}"
    if hardening.paths:
        yield f"  writable: {brief(', '.join(hardening.paths), 200)}"
    for title, texts in (
        ("exercised", one.exercised),
        ("not exercised", one.unseen),
        ("kept, not exercised", one.kept),
        ("as it was", [f"{what}: {why}" for what, why in one.left.items()]),
    ):
        for text in texts:
            yield f"  {title}: {brief(text, 200)}"


def summary(found: Sequence[Tried], facts: str) -> str:
    """Return sentences about the services; ``facts`` names the file that was written."""
    proved = sum(bool(one.hardening.mechanisms) for one in found)
    text = f"Proved for {proved} of {counted(len(found), 'service')}.\n"
    if facts:
        text += f"{facts} has what was measured: review it, and commit it with the project.\n"
    return text


def as_data(found: Sequence[Tried], left_out: Sequence[Note], grades: Grades) -> list[Json]:
    """Return the services as plain data for JSON."""
    tried: list[Json] = []
    for one in found:
        before, after = grades.get(one.service, (None, None))
        data: Json = {
            "name": one.service,
            "before": before,
            "after": after,
            "starts": one.starts,
            "proved": [*one.hardening.mechanisms],
            "reason": one.why or None,
            "needed": {**one.needed},
            "left": {**one.left},
            "exercised": [*one.exercised],
            "not_exercised": [*one.unseen],
            "kept": [*one.kept],
        }
        tried.append(data)
    unstarted: list[Json] = [{"name": one.service, "reason": one.text} for one in left_out]
    return [*tried, *unstarted]
