"""An organisation as a table and a page: ``python page.py last.jsonl week.jsonl page.html``.

Each file has a line of JSON for each repository, from machine.py or a table of Spark. The
first time, use the same file twice.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Row = dict[str, Any]
    Table = list[Sequence[object]]

GRADES = "ABCDEF"
_MOST = 30  # rows of a table on the page
_MOST_NAMED = 5
_SEVERITIES = ("error", "warning", "info")
_HEAD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Isolation of all containers</title>
<style>
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
div { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; vertical-align: top }
tr { border-bottom: 1px solid color-mix(in srgb, currentcolor 25%, transparent) }
</style>
<main>
<h1>Isolation of all containers</h1>
"""


class Week:
    """The rows of one run."""

    def __init__(self, path: Path) -> None:
        """Read a file."""
        self.rows: list[Row] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        self.services = {
            (row["repository"], one["path"], one["service"]): one
            for row in self.rows
            for one in row["profiles"]
        }
        self.findings = {
            (row["repository"], one["fingerprint"]): one
            for row in self.rows
            for one in row["findings"]
        }


def grades(week: Week) -> Table:
    """Return how many services of each repository have each grade, the worst first."""
    counts = {
        row["repository"]: Counter(one["worst"] for one in row["profiles"]) for row in week.rows
    }
    gaps = {row["repository"]: row["problem"] or row["gaps"] or "" for row in week.rows}
    worst_first = sorted(counts, key=lambda name: [-counts[name][grade] for grade in GRADES[::-1]])
    return [
        (name, *(counts[name][one] or "" for one in GRADES), gaps[name]) for name in worst_first
    ]


def changes(last: Week, week: Week) -> Table:
    """Return the services with another grade, and the findings that are new, the worst first."""
    made: Table = []
    for key in sorted(last.services.keys() | week.services.keys()):
        before, after = last.services.get(key), week.services.get(key)
        grade = [one["worst"] if one is not None else "none" for one in (before, after)]
        if grade[0] != grade[1]:
            new = [
                one["rule"]
                for (name, fingerprint), one in week.findings.items()
                if (name, one["subject"]) == (key[0], key[2])
                and (name, fingerprint) not in last.findings
            ]
            made.append((key[0], key[2], " → ".join(grade), _listed(dict.fromkeys(new))))
    return sorted(made, key=lambda row: str(row[2])[-1:], reverse=True)


def causes(week: Week) -> Table:
    """Return the rules that find most, by severity, and where."""
    places: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (repository, _), one in week.findings.items():
        places[one["severity"], one["rule"]][repository] += 1
    ranked = sorted(
        places.items(), key=lambda item: (_SEVERITIES.index(item[0][0]), -item[1].total())
    )
    return [
        (
            rule,
            severity,
            found.total(),
            len(found),
            _listed(name for name, _ in found.most_common()),
        )
        for (severity, rule), found in ranked
    ]


def images(week: Week) -> Table:
    """Return the images whose needs nobody knows, by how many services a trial would harden."""
    services: Counter[str] = Counter()
    where: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for (repository, _, _), one in week.services.items():
        if one["image"] and one["to_try"]:
            name = str(one["image"])
            services[name] += 1
            where[name][repository] = None
    return [(name, count, _listed(where[name])) for name, count in services.most_common()]


def _listed(names: Iterable[str]) -> str:
    every = [*names]
    more = len(every) - _MOST_NAMED
    return ", ".join(every[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def text(rows: Table, heads: Sequence[str]) -> str:
    """Return a table for a terminal."""
    lines = [heads, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    padded = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
    return "".join(f"{line}\n" for line in padded)


def html(title: str, about: str, rows: Table, heads: Sequence[str]) -> str:
    """Return a part of the page: a heading, a sentence, and a table of its first rows."""
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}" for cell in row) for row in rows[:_MOST]
    )
    head = "".join(f'<th scope="col">{escape(one)}' for one in heads)
    more = f"<p>and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    table = f'<div tabindex="0" role="group" aria-label="{escape(title)}"><table><thead><tr>{head}'
    shown = f"{table}<tbody>{body}</table></div>{more}" if rows else "<p>None."
    return f"<h2>{escape(title)}</h2>\n<p>{escape(about)}\n{shown}\n"


def main(last: Week, week: Week, page: Path) -> None:
    """Print the grades, and write the page."""
    heads = ("repository", *GRADES, "not checked")
    found = grades(week)
    print(text(found, heads), end="")
    parts = (
        html("Grades", "Services of each repository; F gives away the host.", found, heads),
        html(
            "Since last week",
            "Services with another grade, and the rules with new findings about them.",
            changes(last, week),
            ("repository", "service", "grade", "new findings"),
        ),
        html(
            "Causes",
            "The rules with most findings, the most severe first.",
            causes(week),
            ("rule", "severity", "findings", "repositories", "where"),
        ),
        html(
            "Images to try first",
            "`tightship try` finds out what they need; then `harden` knows it for all services.",
            images(week),
            ("image", "services", "repositories"),
        ),
    )
    page.write_text(f"{_HEAD}{''.join(parts)}</main>\n", "utf-8")


if __name__ == "__main__":
    main(Week(Path(sys.argv[1])), Week(Path(sys.argv[2])), Path(sys.argv[3]))
