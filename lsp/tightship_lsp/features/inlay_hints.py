"""Inlay hints: values that another file replaces, that come from elsewhere, or that are defaults."""

from __future__ import annotations

from lsprotocol import types

from tightship.model.value import MappingValue, ScalarValue
from tightship.text import Span
from tightship_lsp.diagnostics.convert import Ruler
from tightship_lsp.features.document_view import document_view

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.project import Project
    from tightship.model.value import Value
    from tightship_lsp.features.document_view import DocumentView
    from tightship_lsp.judging.project import JudgedProject
    from tightship_lsp.session import Session

    # Where a hint is, its text, and the sentence that explains it.
    Hint = tuple[int, str, str]

_LONGEST = 48
_MOST_KEYS = 3
_MOST = 2_000
_INHERITED = {"extends": "extends", "merge": "the anchor", "alias": "the anchor"}


def inlay_hints(session: Session, params: types.InlayHintParams) -> list[types.InlayHint]:
    """Return the hints in a range of an open document."""
    view = document_view(session, params.text_document.uri)
    if view is None:
        return []
    ruler = Ruler(session.encoding)
    found: dict[tuple[int, str], str] = {}
    for project, name in view.names():
        for at, label, about in _Hints(view, project, name).all():
            found.setdefault((at, label), about)
    made: list[types.InlayHint] = []
    for (at, label), about in sorted(found.items())[:_MOST]:
        position = ruler.range_of(Span(view.source, at, at)).start
        if params.range.start.line <= position.line <= params.range.end.line:
            hint = types.InlayHint(position, label, tooltip=about, padding_left=True)
            made.append(hint)
    return made


class _Hints:
    """Makes the hints of one project for one of its files."""

    def __init__(self, view: DocumentView, project: JudgedProject, name: str) -> None:
        self._view = view
        self._project = project
        self._name = name
        self._kinds = view.session.settings.hints

    def all(self) -> Iterator[Hint]:
        """Yield the hints that the settings want."""
        loaded = self._project.verdicts[0].project if self._project.verdicts else None
        if loaded is None or loaded.compose is None:
            return
        values = list(self._project.inspection.values())
        in_effect = {value.span for _, value in values if self._is_here(value.span)}
        for key, value in values:
            if "overrides" in self._kinds:
                yield from self._replaced(key, value, in_effect)
            if "origins" in self._kinds and isinstance(value, ScalarValue):
                yield from self._expanded(key, value)
        if "overrides" in self._kinds:
            yield from self._removed(loaded.compose)
        if "origins" in self._kinds:
            yield from self._inherited(loaded.compose.section("services"))
        for container in loaded.containers:
            if "users" in self._kinds:
                yield from self._user(container)
            if "ports" in self._kinds:
                yield from self._ports(container)

    def _is_here(self, span: Span) -> bool:
        return span.source.name == self._name

    def _end(self, value: Value) -> int:
        """Return where a hint on a value is: behind it, or its first line."""
        span = value.span
        return min(span.end, span.source.line_end(span.start))

    def _replaced(self, key: str, value: Value, in_effect: set[Span]) -> Iterator[Hint]:
        """Yield what replaces a value, unless another service has that, too."""
        for old in value.overridden:
            if self._is_here(old.span) and old.span not in in_effect:
                place = _place(value.span)
                file = "" if self._is_here(value.span) else f" in {value.span.source.name}"
                yield self._end(old), f"→ {self._text(key, value)}{file}", f"Replaced in {place}."

    def _removed(self, project: Project) -> Iterator[Hint]:
        for service in project.services:
            for one in project.removed_from(service):
                if self._is_here(one.value.span):
                    label = f"removed by {one.span.source.name}"
                    yield self._end(one.value), label, f"`!{one.tag}` in {_place(one.span)}."

    def _expanded(self, key: str, value: ScalarValue) -> Iterator[Hint]:
        """Yield what a text with variables is."""
        if not self._is_here(value.span) or not value.templated:
            return
        label = f"= {self._text(key, value)}"
        unset = ", ".join(value.unset)
        about = "The value with its variables."
        if unset:
            label += f" ({unset} not set)"
            about = "Compose puts nothing in the place of a variable that is not set, and warns."
        yield value.span.end, label, about

    def _inherited(self, services: Value | None) -> Iterator[Hint]:
        """Yield the keys that a service has from elsewhere, at what brings them."""
        found: dict[tuple[int, str, str], list[str]] = {}
        entries = services.entries.items() if isinstance(services, MappingValue) else ()
        for _, service in entries:
            if not isinstance(service.value, MappingValue):
                continue
            for key, entry in service.value.entries.items():
                steps = [one for one in entry.value.provenance if one.kind in _INHERITED]
                if steps and self._is_here(steps[-1].span):
                    step = steps[-1]
                    at = step.span.source.line_end(step.span.start)
                    text = f"{key}: {self._text(key, entry.value)}"
                    found.setdefault((at, step.kind, step.name), []).append(text)
        for (at, kind, name), texts in found.items():
            more = f", … ({len(texts)})" if len(texts) > _MOST_KEYS else ""
            label = f"+ {', '.join(texts[:_MOST_KEYS])}{more}"
            yield at, label, f"By {_INHERITED[kind]} `{name}`: {', '.join(texts)}."

    def _user(self, container: Container) -> Iterator[Hint]:
        """Yield the user that a Dockerfile sets."""
        from tightship.isolation.user import image_user

        stage = container.stage
        if stage is None or container.value("user") is not None:
            return
        user = image_user(stage)
        if self._is_here(container.span) and user.value is not None:
            text = user.value.text or user.value.raw
            yield container.span.end + 1, f"user: {text}", f"`USER` in {_place(user.value.span)}."

    def _ports(self, container: Container) -> Iterator[Hint]:
        for port in container.ports:
            span = port.span
            if self._is_here(span) and port.surely_on_all_interfaces and not port.parsed.host_ip:
                at = min(span.end, span.source.line_end(span.start))
                about = (
                    "Without an address, Docker publishes a port on every interface of the host."
                )
                yield at, "on all interfaces", about

    def _text(self, key: str, value: Value) -> str:
        """Return a value on one line, without secrets."""
        from tightship.report.explanation import value_without_secrets

        if isinstance(value, ScalarValue):
            text, names = value.as_compose, tuple(one.name for one in value.provenance)
            names = (*names, *value.from_environment)
            text = value_without_secrets(text, key, names)
            text = self._project.without_secrets(text, value.span) or '""'
        else:
            text = " ".join(value.span.text.split())
            text = self._project.without_secrets(text, value.span)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _place(span: Span) -> str:
    return f"{span.source.name}:{span.source.point(span.start)[0] + 1}"
