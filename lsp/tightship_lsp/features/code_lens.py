"""The code lenses above services and stages: findings, and weak mechanisms."""

from __future__ import annotations

from lsprotocol import types

from tightship.text import Span
from tightship_lsp.diagnostics.convert import Ruler
from tightship_lsp.features.document_view import document_view, is_dockerfile
from tightship_lsp.features.hover import stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship_lsp.features.document_view import DocumentView
    from tightship_lsp.judging.inspect import Inspected
    from tightship_lsp.judging.project import JudgedProject
    from tightship_lsp.session import Session

_MOST = 500  # lenses in one file
_MOST_NAMED = 3


def code_lenses(session: Session, uri: str) -> list[types.CodeLens]:
    """Return a lens for each service that a document defines, and for each stage."""
    if not session.settings.code_lens:
        return []
    view = document_view(session, uri)
    if view is None:
        return []
    ruler, lenses = Ruler(session.encoding), list[types.CodeLens]()
    for span, title, service in _titles(view):
        if len(lenses) == _MOST:
            break
        # Without a name, a command is a text that cannot be clicked.
        name = session.lens_command if service else ""
        arguments = [uri, service] if name else None
        command = types.Command(title, name, arguments=arguments)
        lenses.append(types.CodeLens(ruler.range_of(span), command))
    return lenses


def _titles(view: DocumentView) -> Iterator[tuple[Span, str, str]]:
    """Yield the place of each lens, its title, and the service that it is about."""
    names = list(view.names())
    if any(is_dockerfile(project, name) for project, name in names):
        for span, title in _of_stages(view, names):
            yield span, title, ""
        return
    done = set[tuple[int, int]]()
    for project, name in names:
        counts = _counts(project)
        for one in project.inspection.services if project.is_compose else ():
            place = one.span.start, one.span.end
            if one.span.source.name == name and place not in done:
                done.add(place)
                yield one.span, _of_service(one, counts.get(one.name, 0)), one.name


def _counts(project: JudgedProject) -> dict[str, int]:
    """Return the number of findings about each service, in any file.

    A finding that several share counts for each of them.
    """
    counts: dict[str, int] = {}
    for verdict in project.verdicts:
        for judged in verdict.findings:
            for name in judged.services:
                counts[name] = counts.get(name, 0) + 1
    return counts


def _of_service(one: Inspected, count: int) -> str:
    weak = len(one.weak)
    which = "1 mechanism is" if weak == 1 else f"{weak or 'no'} mechanisms are"
    known = f"{which} weak" if one.profile.gap is None else "not checked"
    return f"grade {one.profile.grade} · {_findings(count)} · {known}"


def _of_stages(
    view: DocumentView, names: list[tuple[JudgedProject, str]]
) -> Iterator[tuple[Span, str]]:
    starts = sorted(one.span.start for one in view.report.findings)
    for stage in stages(names):
        count = sum(stage.span.start <= start <= stage.end for start in starts)
        title = _findings(count)
        if stage.services:
            shown = ", ".join(stage.services[:_MOST_NAMED])
            more = len(stage.services) - _MOST_NAMED
            title += f" · run by {shown}{f' and {more} more' if more > 0 else ''}"
        line = min(stage.span.end, stage.span.source.line_end(stage.span.start))
        yield Span(stage.span.source, stage.span.start, line), title


def _findings(count: int) -> str:
    return "1 finding" if count == 1 else f"{count or 'no'} findings"
