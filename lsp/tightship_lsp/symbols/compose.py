"""The outlines of Compose files, and of files of variables."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.text import substituted
from tightship.syntax.yaml import nodes as yaml
from tightship.syntax.yaml.read import read
from tightship.syntax.yaml.scalar_text import scalar_text
from tightship.text import Source, Span
from tightship.values import dotenv
from tightship_lsp.symbols.compose_places import LISTS, LinkPlace, NamePlace, places
from tightship_lsp.symbols.outline import Include, Link, Occurrence, Outline, ServiceFacts

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tightship_lsp.symbols.compose_places import Branch
    from tightship_lsp.symbols.outline import Scope

_VARIABLE = regex(r"\$(?:\$|\{?([A-Za-z_][A-Za-z0-9_]*))")
_REPLACED = regex(r"\$\$|\$[A-Za-z_]\w*|\$\{[^}]*\}")
_PROFILE = regex(r"[^\s,]+")
_ANCHOR = regex(r"&([^\s,\[\]{}]+)")
_FURTHEST = 2000  # characters between an anchor and its node
_MOST_STEPS = 500_000
_PLACES: list[Branch] = []
_LISTS = frozenset(LISTS.values())


def compose_outline(source: Source, stream: yaml.Stream | None = None) -> Outline:
    """Return the outline of a Compose file."""
    outline = Outline(source, stream := stream or read(source))
    if not _PLACES:
        _PLACES.append(places())
    for document in stream.documents:
        _Walk(outline).document(document)
        outline.includes += _includes(document)
    outline.occurrences += _variables_and_anchors(stream)
    return outline


class _Walk:
    """A walk through a document, with the places that the keys so far lead to."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._visited = set[tuple[int, int, str]]()
        self._found = set[tuple[str, int]]()
        self._steps = 0
        self._services: dict[str, ServiceFacts] = {}

    def document(self, root: yaml.Node) -> None:
        todo = [(root, _PLACES[0], "", 0)]
        while todo and self._steps < _MOST_STEPS:
            node, branch, service, depth = todo.pop()
            found = list(self._below(node, branch, service, depth))
            todo += reversed(found)
        for name, facts in self._services.items():
            known = self._outline.services.setdefault(name, facts)
            known.settings.update(facts.settings)
            for what, texts in facts.lists.items():
                known.lists.setdefault(what, set()).update(texts)

    def _below(
        self, node: yaml.Node, branch: Branch, service: str, depth: int
    ) -> Iterator[tuple[yaml.Node, Branch, str, int]]:
        """Take the names at a node; yield the nodes below it that may hold others."""
        self._steps += 1
        if isinstance(node, yaml.Alias):
            # One anchor may be followed from many places, each time by another way.
            key = id(node.target), id(branch), service
            if node.target is None or key in self._visited:
                return
            self._visited.add(key)
            node = node.target
        if isinstance(node, yaml.Mapping):
            yield from self._entries(node, branch, service, depth)
        elif isinstance(node, yaml.Sequence):
            below = branch.steps.get("[]")
            for item in node.items if below else ():
                assert below is not None
                if isinstance(item, yaml.Scalar):
                    self._take(item, below.at_values, service, node)
                else:
                    yield item, below, service, depth + 1

    def _entries(
        self, node: yaml.Mapping, branch: Branch, service: str, depth: int
    ) -> Iterator[tuple[yaml.Node, Branch, str, int]]:
        merged = list[yaml.Node]()
        for key, value in node.entries:
            if not isinstance(key, yaml.Scalar):
                continue
            if key.value == "<<" and not key.style:
                merged += value.items if isinstance(value, yaml.Sequence) else (value,)
                continue
            if depth == 1 and branch is _PLACES[0].steps["services"]:
                service = key.value
                self._services.setdefault(service, ServiceFacts())
            self._take(key, branch.at_keys, service, node, value)
            for step in (key.value, "*"):
                below = branch.steps.get(step)
                if below is None:
                    continue
                target = yaml.follow(value)
                if isinstance(target, yaml.Scalar):
                    self._take(target, below.at_values, service, node)
                else:
                    yield value, below, service, depth + 1
        # Behind its own entries, which win.
        for one in merged:
            yield one, branch, service, depth

    def _take(
        self,
        node: yaml.Scalar,
        found: list[NamePlace | LinkPlace | str],
        service: str,
        parent: yaml.Node,
        value: yaml.Node | None = None,
    ) -> None:
        for place in found:
            if isinstance(place, NamePlace):
                self._name(node, place, service, parent, value)
            elif isinstance(place, LinkPlace):
                self._link(node, place, service)
            elif place in _LISTS:
                self._services[service].lists.setdefault(place, set()).add(node.value)
            else:
                self._services[service].settings.setdefault(place, node.value)
                if place == "inline":
                    self._inline(node, service)

    def _name(
        self,
        node: yaml.Scalar,
        place: NamePlace,
        service: str,
        parent: yaml.Node,
        value: yaml.Node | None,
    ) -> None:
        if place.when is not None and _text(parent, place.when[0]) != place.when[1]:
            return
        scope, near = place.scope, service if place.scope == "build" or place.granted else ""
        if place.next_to_file:
            near = _text(parent, "file")
            scope = "extends" if near else "project"
        whole = (place.form.match(node.value),)
        for match in place.form.finditer(node.value) if place.anywhere else whole:
            if match is not None and "$" not in match[1] and match[1].strip():
                self._add(node, match, place, value, scope=scope, near=near, service=service)

    def _add(
        self,
        node: yaml.Scalar,
        match: re.Match[str],
        place: NamePlace,
        value: yaml.Node | None,
        *,
        scope: Scope,
        near: str,
        service: str,
    ) -> None:
        """Take a part of a text as a name."""
        span, is_exact = _part(node, *match.span(1))
        if (place.kind, span.start) in self._found:
            return
        self._found.add((place.kind, span.start))
        end = value.span.end if value is not None else node.span.end
        self._outline.occurrences.append(
            Occurrence(
                place.kind,
                match[1].lower() if place.kind == "stage" else match[1],
                span,
                is_declaration=place.declares,
                scope=scope,
                near=near,
                is_exact=is_exact,
                is_bare=place.may_be_bare and match.end(1) == len(node.value),
                is_tentative=place.tentative,
                service=service,
                extent=Span(node.span.source, node.span.start, max(end, node.span.end)),
            )
        )

    def _inline(self, node: yaml.Scalar, service: str) -> None:
        """Take the names in a Dockerfile that is written in a service."""
        from tightship_lsp.symbols.dockerfile import dockerfile_outline  # rare

        if ("inline", node.span.start) in self._found:
            return
        self._found.add(("inline", node.span.start))
        # Compose replaces its variables first, and leaves `$` for `$$`.
        whole = scalar_text(node)
        parts = substituted(_REPLACED.finditer(node.value), 0, len(node.value), _left)
        text = whole.replaced(0, len(node.value), parts)
        inner = dockerfile_outline(Source(node.span.source.name, text.value))
        moved = {one: text.span(one.span.start, one.span.end) for one in inner.occurrences}
        for one, span in moved.items():
            one.is_exact = one.is_exact and span.text == one.span.text
            one.scope, one.service = "inline", service
            if one.extent is not None:
                one.extent = text.span(one.extent.start, one.extent.end)
            one.span = span
        self._outline.occurrences += inner.occurrences
        self._outline.links += (
            Link(link.kind, link.text, text.span(link.span.start, link.span.end), service)
            for link in inner.links
            if link.kind == "image"
        )

    def _link(self, node: yaml.Scalar, place: LinkPlace, service: str) -> None:
        if not node.value.strip() or (place.kind, -node.span.start) in self._found:
            return
        self._found.add((place.kind, -node.span.start))
        span, _ = _part(node, 0, len(node.value))
        self._outline.links.append(Link(place.kind, node.value, span, service))


def _left(found: re.Match[str]) -> str:
    """Return what Compose leaves of a `$`: of a variable, a value that may be anything."""
    return "$" if found[0] == "$$" else "_"


def _part(node: yaml.Scalar, start: int, end: int) -> tuple[Span, bool]:
    """Return the place of a part of a scalar's text, and whether that text is there as it is."""
    text, span = node.value[start:end], node.span
    quote = 1 if node.style in ("'", '"') else 0
    first = span.start + quote + start
    if node.style in ("", "'", '"') and span.source.text.startswith(node.value, span.start + quote):
        return Span(span.source, first, first + len(text)), True
    place = scalar_text(node).span(start, end)
    return place, place.text == text


def _text(node: yaml.Node, key: str) -> str:
    found = node.get(key) if isinstance(node, yaml.Mapping) else None
    found = found and yaml.follow(found)
    return found.value if isinstance(found, yaml.Scalar) else ""


def _texts(node: yaml.Node | None) -> tuple[str, ...]:
    node = node and yaml.follow(node)
    if isinstance(node, yaml.Scalar) and node.value:
        return (node.value,)
    items = node.items if isinstance(node, yaml.Sequence) else ()
    return tuple(one.value for one in items if isinstance(one, yaml.Scalar))


def _includes(document: yaml.Node) -> Iterator[Include]:
    found = document.get("include") if isinstance(document, yaml.Mapping) else None
    found = found and yaml.follow(found)
    for item in found.items if isinstance(found, yaml.Sequence) else ():
        one = yaml.follow(item)
        if isinstance(one, yaml.Scalar):
            yield Include((one.value,), None, ())
        elif isinstance(one, yaml.Mapping):
            folder = _text(one, "project_directory") or None
            yield Include(_texts(one.get("path")), folder, _texts(one.get("env_file")))


def _variables_and_anchors(stream: yaml.Stream) -> Iterator[Occurrence]:
    text = stream.source.text
    if "$" not in text and "&" not in text:
        return
    anchors: dict[int, str] = {}
    for document in stream.documents:
        keys = set[int]()
        for node in yaml.walk(document):
            if isinstance(node, yaml.Mapping):
                keys.update(id(key) for key, _ in node.entries)
            if node.anchor:
                anchors[id(node)] = near = f"&{len(anchors)}"
                yield from _anchor(node, near)
            if isinstance(node, yaml.Alias):
                start = node.span.start + 1
                span = Span(stream.source, start, start + len(node.name))
                near = anchors.get(id(node.target), "&")
                yield Occurrence("anchor", node.name, span, scope="file", near=near)
            elif isinstance(node, yaml.Scalar) and "$" in node.value and id(node) not in keys:
                yield from variables_in(node.span)


def variables_in(span: Span) -> Iterator[Occurrence]:
    """Yield the variables that Compose replaces in a text, those in defaults included."""
    for match in _VARIABLE.finditer(span.source.text, span.start, span.end):
        if match[1]:
            place = Span(span.source, *match.span(1))
            yield Occurrence("variable", match[1], place)


def _anchor(node: yaml.Node, near: str) -> Iterator[Occurrence]:
    """Yield the declaration of an anchor: the last one of its name before its node."""
    source, end = node.span.source, node.span.start
    start = max(0, end - _FURTHEST)
    for match in reversed([*_ANCHOR.finditer(source.text, start, end)]):
        if match[1] == node.anchor:
            span = Span(source, *match.span(1))
            extent = Span(source, match.start(), max(node.span.end, span.end))
            yield Occurrence(
                *("anchor", match[1], span),
                is_declaration=True,
                scope="file",
                near=near,
                extent=extent,
            )
            return


def dotenv_outline(source: Source) -> Outline:
    """Return the outline of a file of variables, such as `.env`."""
    outline, text = Outline(source), source.text
    found = dotenv.parse(text)
    outline.values = found.values()
    for entry in found.entries:
        name = Span(source, entry.place, entry.place + len(entry.key))
        value = Span(source, entry.start, entry.end)
        extent = Span(source, name.start, max(name.end, value.end))
        outline.occurrences.append(
            Occurrence("variable", entry.key, name, is_declaration=True, extent=extent)
        )
        if entry.key == "COMPOSE_PROFILES":
            for match in _PROFILE.finditer(text, value.start, value.end):
                place = Span(source, *match.span())
                outline.occurrences.append(Occurrence("profile", match[0], place))
        if text[value.start - 1 : value.start] != "'":
            outline.occurrences += variables_in(value)
    return outline
