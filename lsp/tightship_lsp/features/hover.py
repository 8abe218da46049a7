"""Hovers: the findings at a place, and the isolation of a service."""

from __future__ import annotations

from lsprotocol import types

from tightship.report.wording import effect_of
from tightship_lsp.diagnostics.convert import offset, range_of
from tightship_lsp.features.document_view import document_view, is_dockerfile
from tightship_lsp.features.markup import Markup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.isolation.weakness import MechanismState
    from tightship.text import Span
    from tightship_lsp.features.document_view import DocumentView
    from tightship_lsp.features.meaning import Meaning
    from tightship_lsp.judging.inspect import (
        Inspected,
        InspectedStage,
        Inspection,
        Provenance,
        ScalarAtOffset,
    )
    from tightship_lsp.judging.project import JudgedProject
    from tightship_lsp.session import Session

    # A part of a hover, and what it is about; None: something wider.
    Part = tuple[str, Span | None]

_IN_FULL = 2
_MOST = 20
_CAUSES = 2
_MARKS = {"strong": "✓", "weak": "✗", "unknown": "?"}


def wants_markdown(client: types.ClientCapabilities) -> bool:
    """Return whether a client shows Markdown in hovers."""
    capability = client.text_document and client.text_document.hover
    formats = (capability and capability.content_format) or ()
    return types.MarkupKind.Markdown in formats


def hover(
    session: Session, uri: str, position: types.Position, *, markdown: bool, findings: bool = True
) -> types.Hover | None:
    """Return the hover at a position of an open document, if there is one.

    Without ``findings`` it leaves out the messages, which the editor adds by itself,
    and only explains them.
    """
    view = document_view(session, uri)
    if view is None:
        return None
    at = offset(view.document, position, session.encoding)
    write = Markup(markdown=markdown)
    parts = list(_Hover(view, at, write, findings=findings).parts())
    texts = list(dict.fromkeys(text for text, _ in parts if text))
    if not texts:
        return None
    spans = [span for _, span in parts if span is not None]
    smallest = min(spans, key=lambda span: span.end - span.start, default=None)
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    return types.Hover(
        types.MarkupContent(kind, write.sections(texts)),
        range_of(smallest, session.encoding) if smallest is not None else None,
    )


def joined(
    found: Meaning | None, judged: types.Hover | None, encoding: str, *, markdown: bool
) -> types.Hover | None:
    """Return one hover: what the words mean, then what was found out about them."""
    if found is None:
        return judged
    span, text = found
    texts = [text]
    if judged is not None and isinstance(judged.contents, types.MarkupContent):
        texts.append(judged.contents.value)
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    contents = types.MarkupContent(kind, Markup(markdown=markdown).sections(texts))
    return types.Hover(contents, judged.range if judged else range_of(span, encoding))


def isolation(session: Session, uri: str, service: str) -> str:
    """Return the isolation of a service of an open document, in Markdown."""
    view = document_view(session, uri)
    if view is None:
        return ""
    page = _Hover(view, 0, Markup(markdown=True), findings=False)
    for project, _ in view.names():
        inspected = project.inspection.service(service)
        if inspected is not None:
            return page.service(project, inspected)
    return ""


class _Hover:
    """Makes the parts of one hover."""

    def __init__(
        self, document_view: DocumentView, at: int, write: Markup, *, findings: bool
    ) -> None:
        self._view = document_view
        self._at = at
        self._write = write
        self._with_findings = findings

    def parts(self) -> Iterator[Part]:
        """Yield the effect of a setting, the provenance of a value, and findings.

        On a service, its isolation comes first: most findings there are of absences. A
        key shows what its value does.
        """
        every = self._view.report.findings
        found = [one for one in every if self._is_at(one.span)]
        names = list(self._view.names())
        if any(is_dockerfile(project, name) for project, name in names):
            yield from self._findings(found, _IN_FULL)
            yield from self._stages(names)
            return
        at = self._spot(names)
        service, others = self._compose(names, at) if at is not None else ([], [])
        yield from service
        yield from others
        yield from self._findings(found, 1 if service else _IN_FULL)
        if at is not None and at.value is not None:
            below = [
                one
                for one in every
                if one not in found and at.value.start <= one.span.start < at.value.end
            ]
            for text, _ in self._findings(below, _IN_FULL, with_messages=True):
                yield text, at.span

    def _is_at(self, span: Span) -> bool:
        return span.start <= self._at < max(span.end, span.start + 1)

    # Findings.

    def _findings(
        self, found: list[JudgedFinding], in_full: int, *, with_messages: bool = False
    ) -> Iterator[Part]:
        """Yield findings; an editor that adds messages does so at their own places."""
        write = self._write
        with_messages = with_messages or self._with_findings
        if len(found) > in_full:
            if not with_messages:
                return
            rows = [
                f"{write.prose(self._message(one))} ({write.code(one.rule.name)})"
                for one in found[:_MOST]
            ]
            if len(found) > _MOST:
                rows.append(f"and {len(found) - _MOST} more")
            yield write.items(rows), found[0].span
            return
        for one in found:
            name = write.code(one.rule.name)
            head = f"{write.strong(self._message(one))}\n{one.severity.word}: {name}"
            lines = [
                head if with_messages else "",
                write.page(why(one.rule.doc)),
                write.page(remedy(one.rule.doc)),
            ]
            fix = one.finding.fix
            if fix is not None:
                lines.append(write.prose(_about(fix)))
            yield "\n\n".join(filter(None, lines)), one.span

    def _message(self, one: JudgedFinding) -> str:
        """Return the message of a finding without secrets."""
        text = one.finding.message
        if one.finding.secrets:
            return text  # it never repeats them
        places = one.span, *(related.span for related in one.finding.because)
        for project in self._view.report.projects:
            text = project.without_secrets(text, *places)
        return text

    # In a Compose file.

    def _spot(self, names: list[tuple[JudgedProject, str]]) -> ScalarAtOffset | None:
        from tightship_lsp.judging.inspect import scalar_at

        return scalar_at(self._view.source, self._at) if names else None

    def _compose(
        self, names: list[tuple[JudgedProject, str]], at: ScalarAtOffset
    ) -> tuple[list[Part], list[Part]]:
        """Return the parts on a service, and those on a value."""
        for project, name in names:
            if at.service:
                inspected = project.inspection.service(at.service)
                if inspected is not None:
                    return [(self.service(project, inspected), at.span)], []
                continue
            offset = at.value.start if at.value is not None else self._at
            steps = self._provenance(project, project.inspection, name, offset)
            steps = steps or self._removal(project, name, offset)
            if steps:
                return [], [(at.effect, at.span), (steps, at.span)]
        return [], [(at.effect, at.span)] if at.effect else []

    def service(self, project: JudgedProject, one: Inspected) -> str:
        """Return the isolation of a service."""
        write = self._write
        rows = [
            (
                _MARKS[row.mark],
                write.prose(row.mechanism),
                write.prose(project.without_secrets(row.state, row.place)),
                self._place(project, row.place),
            )
            for row in sorted(one.rows, key=_rank)[:_MOST]
        ]
        weak = f"{len(one.weak)} of {len(one.rows)} mechanisms are weak"
        grade = f"Isolation of `{one.name}`: grade {one.profile.grade}"
        head = f"{write.strong(grade)}. {self._cause(project, one)}{weak}."
        gap = one.profile.gap
        if gap is not None:
            reason = write.prose(project.without_secrets(gap.reason, gap.span))
            head += f" Not checked: {reason}."
        made = _made_of(write, one)
        table = write.table(("", "Mechanism", "State", "Set at"), rows)
        return "\n\n".join(filter(None, (head, table, made)))

    def _cause(self, project: JudgedProject, one: Inspected) -> str:
        """Return what costs the grade most."""
        rows = [row for row in sorted(one.rows, key=_rank) if row.weaknesses][:_CAUSES]
        states = [project.without_secrets(row.state, row.place) for row in rows]
        pairs = zip(rows, states, strict=True)
        causes = [self._write.prose(f"{row.mechanism} ({state})") for row, state in pairs]
        return f"Cause: {'; '.join(causes)}. " if causes else ""

    def _provenance(
        self, project: JudgedProject, inspection: Inspection, name: str, offset: int
    ) -> str:
        provenance = inspection.provenance_at(name, offset)
        if provenance is None:
            return ""
        write = self._write
        value = write.code(_shown_value(project, provenance)) or "an empty value"
        if provenance.in_effect:
            head = f"In effect: {value}"
        else:
            place = self._place(project, provenance.place)
            head = f"Not in effect: {value} at {place} replaces it"
        steps = [(write.prose(text), span) for text, span in provenance.steps]
        for old in provenance.overridden:
            if old.place.source.name == name and old.place.start <= offset <= old.place.end:
                continue  # the value that is asked about
            text = write.code(_shown_value(project, old)) or "an empty value"
            steps.append((f"in the place of {text}", old.place))
        rows = [
            ", ".join(filter(None, (text, self._place(project, span))))
            for text, span in steps[:_MOST]
        ]
        return f"{head}\n\n{write.items(rows)}" if rows else head

    def _removal(self, project: JudgedProject, name: str, offset: int) -> str:
        """Return what removes a value, or replaces a list or mapping as a whole."""
        one = project.inspection.removal_at(name, offset)
        if one is None:
            return ""
        does = "removes" if one.tag == "reset" else "replaces"
        tag = self._write.code(f"!{one.tag}")
        return f"Not in effect: {tag} at {self._place(project, one.span)} {does} it"

    # In a Dockerfile.

    def _stages(self, names: list[tuple[JudgedProject, str]]) -> Iterator[Part]:
        for stage in stages(names):
            line = stage.span.source.line_end(stage.span.start)
            if stage.span.start <= self._at <= min(stage.span.end, line):
                yield self._stage(stage), stage.span
                return

    def _stage(self, stage: InspectedStage) -> str:
        write = self._write
        rows = [("User", write.code(stage.user) or "set by the base image")]
        if stage.exposed:
            rows.append(("Exposes", ", ".join(map(write.code, stage.exposed))))
        if stage.volumes:
            rows.append(("Volumes", ", ".join(map(write.code, stage.volumes))))
        if stage.services:
            rows.append(("Run by", ", ".join(map(write.code, stage.services[:_MOST]))))
        head = write.strong(f"Image of {stage.title}")
        return f"{head}\n\n{write.table(('', 'Image'), rows)}"

    def _place(self, project: JudgedProject, span: Span | None) -> str:
        """Return a place as a link to it."""
        if span is None:
            return ""
        source = span.source
        line = source.point(span.start)[0] + 1
        uri = self._view.report.uri_of(project, source)
        return self._write.link(f"{source.name}:{line}", f"{uri}#L{line}")


def stages(names: list[tuple[JudgedProject, str]]) -> list[InspectedStage]:
    """Return the stages of a Dockerfile, as services build it if one does."""
    for project, name in names:
        found = project.inspection.stages(name)
        if found:
            return found
    return []


def _shown_value(project: JudgedProject, provenance: Provenance) -> str:
    from tightship.report.explanation import value_without_secrets

    text = project.without_secrets(provenance.text, provenance.place)
    return value_without_secrets(text, provenance.name, provenance.variables)


def _made_of(write: Markup, one: Inspected) -> str:
    if one.dockerfile:
        return f"Built from {write.code(one.dockerfile)}"
    return f"Image: {write.code(one.image)}" if one.image else ""


def _rank(row: MechanismState) -> tuple[int, bool, int]:
    """Return where a mechanism stands: those that lower the grade most come first."""
    certain, possible = (sum(one.points for one in ones) for ones in (row.weaknesses, row.possible))
    return -certain, row.mark == "strong", -possible


def why(page: str) -> str:
    """Return the first paragraph of a rule's page below its summary."""
    text = page.partition("\n")[2].partition("\n## ")[0].strip()
    return text.partition("\n\n")[0]


def remedy(page: str) -> str:
    """Return the section of a rule's page on how to fix its findings."""
    text = page.partition("\n## How to fix")[2].partition("\n## ")[0].strip()
    return f"How to fix: {text}" if text else ""


def _about(fix: Fix) -> str:
    """Return what a fix does, how it is known to work, and what it may break."""
    risk = f". May break: {fix.may_break}" if fix.may_break else ""
    return f"The fix {effect_of(fix)}{risk}"
