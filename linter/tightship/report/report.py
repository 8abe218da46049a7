"""What all formats of a report share: the interface, its options, findings by file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.report.summary import Summary

    Infos = Literal["none", "brief", "full"]


class ReportOptions:
    """The options of a report; each format uses those that it has a choice in."""

    def __init__(
        self,
        *,
        here: str = "",
        color: bool = False,
        infos: Infos = "brief",
        summary: bool = True,
        width: int = 100,
        columns: int = 0,
    ) -> None:
        """Set the options.

        Args:
            here: the folder from which people see paths; without it they see them from
                the project's root.
            color: whether to paint with ANSI sequences.
            infos: whether infos are left out, shown as briefly as the format can (the
                text counts them), or shown in full, with everything else; those that
                make a run fail are shown at least.
            summary: whether to end with one.
            width: how many columns of a line of code are shown.
            columns: the width of the terminal, for the summary; without it, the lines of
                a summary are not broken.

        """
        self.here = here
        self.color = color
        self.infos: Infos = infos
        self.summary = summary
        self.width = width
        self.columns = columns


class Report:
    """Writes one verdict after another, and what comes before and after them."""

    opening = ""  # the text before all verdicts

    def __init__(self, options: ReportOptions) -> None:
        """Begin a report; most formats have no options."""

    def verdict(self, verdict: Verdict) -> str:
        """Return the text of a verdict."""
        raise NotImplementedError

    def closing(self, summary: Summary) -> str:
        """Return the text after all verdicts."""
        return ""


def by_file(findings: Sequence[JudgedFinding]) -> dict[str, list[JudgedFinding]]:
    """Return findings by the names of their files, in the order of the findings."""
    files: dict[str, list[JudgedFinding]] = {}
    for judged in findings:
        files.setdefault(judged.span.source.name, []).append(judged)
    return files
