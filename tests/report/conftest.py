"""Verdicts made by hand."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Fix, Gap, Related, Severity
from tightship.report.formats import report
from tightship.report.report import ReportOptions, Summary
from tightship.report.text_brief import BriefTextReport
from tightship.rules.definition import Rule, rule
from tightship.rules.example import marked
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.report.text import TextReport
    from tightship.rules.definition import Tag


class Make:
    """Makes files, findings and verdicts in few words, and texts of them."""

    def __init__(self, text_report: type[TextReport] = BriefTextReport) -> None:
        self.text_report = text_report

    def file(self, text: str, name: str = "compose.yaml") -> tuple[Source, list[Span]]:
        """Return a source and its «marked» spans."""
        plain, spans = marked(text)
        source = Source(name, plain)
        return source, [Span(source, start, end) for start, end in spans]

    def rule(
        self,
        name: str,
        severity: Severity = Severity.WARNING,
        *,
        doc: str = "A thing is bad.",
        measure: str = "",
    ) -> Rule:
        def check(subject: object) -> Iterator[Finding]:
            yield from ()

        check.__name__ = name.replace("-", "_")
        check.__module__ = f"tightship.rules.compose.filesystem.{check.__name__}"
        tags: tuple[Tag, ...] = ("gap",) if name == "not-checked" else ()
        made = rule(
            on=object, severity="warning", tags=tags, examples=(), doc=doc, measure=measure
        )(check)
        made.severity = severity
        return made

    def found(
        self,
        span: Span,
        name: str = "bad-thing",
        message: str = "a thing is bad",
        *,
        severity: Severity = Severity.WARNING,
        service: Span | str | None = None,
        fix: Fix | None = None,
        because: tuple[Related, ...] = (),
        absorbed: tuple[JudgedFinding, ...] = (),
        measure: str = "",
    ) -> JudgedFinding:
        """Return a finding about a service, or about the file if none is given."""
        if isinstance(service, Span):
            subject = Subject("service", service.text, service)
        elif service is not None:
            subject = Subject("service", service)
        else:
            subject = Subject("file", span.source.name)
        return JudgedFinding(
            self.rule(name, severity, measure=measure),
            Finding(span, message, fix=fix, because=because),
            severity,
            subject,
            absorbed=absorbed,
        )

    def verdict(self, *findings: JudgedFinding, services: int = 1, gaps: int = 0) -> Verdict:
        sources = dict.fromkeys(judged.span.source for judged in findings)
        source = Source("other.yaml", "a\n" * gaps)
        return Verdict(
            "/project",
            tuple(sources),
            list(findings),
            services=services,
            gaps=[
                Gap(Span(source, 2 * number, 2 * number + 1), f"reason {number}")
                for number in range(gaps)
            ],
        )

    def insert(self, source: Source, offset: int, text: str) -> Edit:
        return Edit(Span(source, offset, offset), text)

    def tightens(self, title: str, *edits: Edit, may_break: str = "") -> Fix:
        fix = Fix.tightens(title, edits, may_break=may_break)
        assert fix is not None
        return fix

    def keeps(self, title: str, *edits: Edit) -> Fix:
        fix = Fix.keeps(title, edits)
        assert fix is not None
        return fix

    def text(self, *verdicts: Verdict, report: TextReport | None = None) -> str:
        """Return the whole text report of some verdicts."""
        report, summary = report or self.text_report(ReportOptions()), Summary()
        text = report.opening
        for verdict in verdicts:
            summary.add(verdict)
            text += report.verdict(verdict)
        return text + report.closing(summary)

    def document(self, name: str, *verdicts: Verdict, options: ReportOptions | None = None) -> str:
        """Return the whole report of some verdicts in a format."""
        made, summary = report(name, options or ReportOptions()), Summary()
        pieces = [made.opening]
        for verdict in verdicts:
            summary.add(verdict)
            pieces.append(made.verdict(verdict))
        return "".join([*pieces, made.closing(summary)])

    def body(self, *findings: JudgedFinding, report: TextReport | None = None) -> str:
        """Return the text report of one verdict without its summary."""
        report = report or self.text_report(ReportOptions())
        return report.verdict(self.verdict(*findings)) + report.closing(Summary())

    def golden(self, text: str) -> str:
        return dedent(text).lstrip("\n")


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()
