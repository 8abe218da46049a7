"""Definition, references and highlights: the places of the symbol at a position."""

from __future__ import annotations

from lsprotocol import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship_lsp.features.queries import View
    from tightship_lsp.symbols.index import Key, Placed, SymbolIndex
    from tightship_lsp.symbols.outline import Occurrence

    Found = tuple[SymbolIndex, Key, Occurrence]


def symbols_at(view: View, position: types.Position) -> list[Found]:
    """Return the symbols at a position, in each project of the document."""
    at = view.offset(position)
    found: list[Found] = []
    for project in view.projects:
        found += ((project.index, *one) for one in project.index.at(view.path, at))
    return found


def definition(view: View, position: types.Position) -> list[types.Location]:
    """Return the places that declare what is at a position."""
    placed = (
        placed
        for index, key, one in symbols_at(view, position)
        for placed in index.meaning(key, one, view.path)
    )
    return _locations(view, placed)


def references(
    view: View, position: types.Position, *, with_declarations: bool
) -> list[types.Location]:
    """Return all places of the symbol at a position."""
    placed = closure(view, symbols_at(view, position))
    return _locations(
        view, (one for one in placed if with_declarations or not one.occurrence.is_declaration)
    )


def closure(view: View, found: Sequence[Found]) -> list[Placed]:
    """Return all places of symbols, those in other projects that share a file included."""
    done: dict[tuple[str, int, int], Placed] = {}
    todo = [(index, key) for index, key, _ in found]
    seen = {(id(index), key) for index, key in todo}
    while todo:
        index, key = todo.pop()
        for placed in index.occurrences(key):
            if placed.place in done:
                continue
            done[placed.place] = placed
            for project in view.sharing(placed.path):
                other = project.index
                for again in other.starting(placed.path, placed.occurrence.span.start):
                    if again[0] == key[0] and (id(other), again) not in seen:
                        seen.add((id(other), again))
                        todo.append((other, again))
    return list(done.values())


def highlights(view: View, position: types.Position) -> list[types.DocumentHighlight]:
    """Return the places in the document of the symbol at a position."""
    placed = (
        placed
        for index, key, _ in symbols_at(view, position)
        for placed in index.occurrences(key)
        if placed.path == view.path
    )
    kinds = types.DocumentHighlightKind
    return [
        types.DocumentHighlight(
            view.range_of(one), kinds.Write if one.occurrence.is_declaration else kinds.Read
        )
        for one in _once(placed)
    ]


def _locations(view: View, placed: Iterable[Placed]) -> list[types.Location]:
    return [types.Location(view.uri(one.path), view.range_of(one)) for one in _once(placed)]


def _once(placed: Iterable[Placed]) -> Iterator[Placed]:
    """Yield each place once: projects may share files."""
    return iter({one.place: one for one in placed}.values())
