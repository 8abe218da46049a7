"""A document and its report, both of one moment."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.accept.commented_file import Kind
    from tightship.text import Source
    from tightship_lsp.judging.project import JudgedProject
    from tightship_lsp.judging.report import Report
    from tightship_lsp.session import Session
    from tightship_lsp.workspace.document import Document


class DocumentView(Record):
    """An open document, and the report on it as it is now."""

    session: Session
    document: Document
    report: Report

    @property
    def source(self) -> Source:
        """Return its text."""
        return self.document.source

    def names(self) -> Iterator[tuple[JudgedProject, str]]:
        """Yield the projects that it is part of, each with its own name for it.

        Projects that the linter failed to judge are left out.
        """
        for project in self.report.projects:
            if project.error is None:
                name = self._name(project)
                if name is not None:
                    yield project, name

    def _name(self, project: JudgedProject) -> str | None:
        path = self.report.path
        for verdict in project.verdicts:
            for source in verdict.sources:
                # A document without a file is alone in its project.
                if path is None or project.place(source) == path:
                    return source.name
        return None


def document_view(session: Session, uri: str) -> DocumentView | None:
    """Return a document as it is now, if it is open."""
    now = session.snapshot()
    document = next((one for one in now.documents if one.uri == uri), None)
    report = session.report(uri, now)
    if document is None or report is None:
        return None
    return DocumentView(session, document, report)


def is_dockerfile(project: JudgedProject, name: str) -> bool:
    """Return whether a project takes a file, by its name there, as a Dockerfile."""
    return kind_in(project, name) == "dockerfile"


def kind_in(project: JudgedProject, name: str) -> Kind:
    """Return what a project takes a file as, by its name there."""
    if any(name in verdict.builders for verdict in project.verdicts):
        return "dockerfile"
    is_declared = any(name in verdict.scripts for verdict in project.verdicts)
    return "declared" if is_declared else "compose"
