"""The symbols of a document, as an outline, and those of the workspace."""

from __future__ import annotations

from lsprotocol import types

from tightship.syntax.dockerfile.nodes import Dockerfile
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Span, shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship_lsp.features.queries import Queries, View
    from tightship_lsp.symbols.outline import Occurrence, Outline

_KINDS = {
    "service": types.SymbolKind.Class,
    "network": types.SymbolKind.Interface,
    "volume": types.SymbolKind.File,
    "secret": types.SymbolKind.Key,
    "config": types.SymbolKind.Object,
    "model": types.SymbolKind.Object,
    "anchor": types.SymbolKind.Constant,
    "variable": types.SymbolKind.Variable,
    "argument": types.SymbolKind.Variable,
    "environment": types.SymbolKind.Variable,
    "stage": types.SymbolKind.Class,
}
_SECTIONS = {
    "services": types.SymbolKind.Class,
    "networks": types.SymbolKind.Interface,
    "volumes": types.SymbolKind.File,
    "secrets": types.SymbolKind.Key,
    "configs": types.SymbolKind.Object,
    "models": types.SymbolKind.Object,
}
_DETAILED = ("image", "build", "driver", "file", "external", "environment")
_MOST = 500  # symbols of a workspace


def document_symbols(view: View) -> list[types.DocumentSymbol]:
    """Return the symbols of a document."""
    outline = view.outline
    if outline is None:
        return []
    if outline.tree is None:
        return [_symbol(view, one, "") for one in outline.occurrences if one.is_declaration]
    if isinstance(outline.tree, Dockerfile):
        return list(_instructions(view, outline, outline.tree))
    return [one for root in outline.tree.documents for one in _entries(view, root, 0)]


def flat(symbols: Iterable[types.DocumentSymbol], uri: str) -> list[types.SymbolInformation]:
    """Return symbols for a client that shows no hierarchy."""
    made: list[types.SymbolInformation] = []
    todo = [(one, "") for one in symbols]
    while todo:
        one, parent = todo.pop(0)
        place = types.Location(uri, one.range)
        made.append(
            types.SymbolInformation(place, one.name, one.kind, container_name=parent or None)
        )
        todo[:0] = [(child, one.name) for child in one.children or ()]
    return made


def _symbol(view: View, one: Occurrence, detail: str) -> types.DocumentSymbol:
    span = one.span
    return types.DocumentSymbol(
        span.text or one.name,
        _KINDS[one.kind],
        view.ruler.range_of(one.extent or span),
        view.ruler.range_of(span),
        detail=detail or None,
    )


# Compose files.


def _entries(
    view: View, node: yaml.Node, depth: int, section: str = ""
) -> Iterator[types.DocumentSymbol]:
    """Yield the keys of a mapping: sections, what is declared in them, and its settings."""
    kinds = types.SymbolKind
    for key, value in node.entries if isinstance(node, yaml.Mapping) else ():
        if not isinstance(key, yaml.Scalar) or not key.value:
            continue
        kind = (kinds.Namespace, _SECTIONS.get(section, kinds.Property), kinds.Property)[depth]
        name = key.value
        children = list(_entries(view, value, depth + 1, name)) if depth < 2 else []
        yield types.DocumentSymbol(
            name,
            kind,
            view.ruler.range_of(_extent(key, value)),
            view.ruler.range_of(key.span),
            detail=_detail(value) or None,
            children=children or None,
        )


def _extent(key: yaml.Node, value: yaml.Node) -> Span:
    return Span(key.span.source, key.span.start, max(key.span.end, value.span.end))


def _detail(value: yaml.Node) -> str:
    """Return a short text of a value: that of a scalar, or of the setting that names it."""
    if isinstance(value, yaml.Scalar):
        return shortened(" ".join(value.value.split()))
    for key in _DETAILED:
        found = value.get(key) if isinstance(value, yaml.Mapping) else None
        if isinstance(found, yaml.Scalar):
            return shortened(found.value)
    return ""


# Dockerfiles.


def _instructions(view: View, outline: Outline, file: Dockerfile) -> Iterator[types.DocumentSymbol]:
    """Yield directives, then instructions, those of a stage below it."""
    kinds, ruler = types.SymbolKind, view.ruler
    for directive in file.directives:
        place = ruler.range_of(directive.span.part(directive.name))
        whole = ruler.range_of(directive.span)
        detail = directive.value.value
        yield types.DocumentSymbol(directive.name, kinds.Property, whole, place, detail=detail)
    stages = [one for one in outline.occurrences if one.kind == "stage" and one.is_declaration]
    by_start = {one.extent.start: one for one in stages if one.extent is not None}
    stage: types.DocumentSymbol | None = None
    below: list[types.DocumentSymbol] = []
    for one in file.instructions:
        text = shortened(" ".join(one.body.text.split()))
        if one.name == "FROM":
            if stage is not None:
                stage.children = below
                yield stage
            found, below = by_start.get(one.span.start), []
            if found is not None:
                stage = _symbol(view, found, f"FROM {text}")
                continue
        kind = kinds.Variable if one.name in ("ARG", "ENV") else kinds.Function
        symbol = types.DocumentSymbol(
            one.name, kind, ruler.range_of(one.span), ruler.range_of(one.keyword.span), detail=text
        )
        if stage is None:
            yield symbol
        else:
            below.append(symbol)
    if stage is not None:
        stage.children = below
        yield stage


# The workspace.


def workspace_symbols(queries: Queries, query: str) -> list[types.WorkspaceSymbol]:
    """Return the declared names of the workspace whose letters hold those of a query."""
    session = queries.session
    now, wanted = session.snapshot(), query.lower()
    ruler = queries.ruler()
    found: dict[tuple[str, int, int], types.WorkspaceSymbol] = {}
    for project in queries.indexed.all(now):
        queries.worker.give_way()
        for key, all_placed in project.index.symbols.items():
            kind, _, name = key
            if kind not in _KINDS or not _holds(name.lower(), wanted):
                continue
            for one in all_placed:
                if one.occurrence.is_declaration and one.occurrence.is_exact:
                    place = types.Location(
                        session.uri_of(one.path), ruler.range_of(one.occurrence.span)
                    )
                    found[one.place] = types.WorkspaceSymbol(
                        place, one.occurrence.span.text, _KINDS[kind]
                    )
        if len(found) > _MOST:
            break
    return list(found.values())[:_MOST]


def _holds(name: str, wanted: str) -> bool:
    """Return whether a name has the letters of a query, in their order."""
    letters = iter(name)
    return all(letter in letters for letter in wanted)
