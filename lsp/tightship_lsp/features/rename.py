"""Rename: a symbol gets another name in every file, or there is a reason why it cannot."""

from __future__ import annotations

from lsprotocol import types

from tightship_lsp.features.edits import of_changes
from tightship_lsp.features.places import closure, symbols_at
from tightship_lsp.features.renaming_proof import prove
from tightship_lsp.symbols.outline import RenameError
from tightship_lsp.symbols.renaming import check_name, check_symbol, edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.features.capabilities import EditCapabilities
    from tightship_lsp.features.queries import View
    from tightship_lsp.symbols.index import Key, SymbolIndex
    from tightship_lsp.symbols.outline import Occurrence

    Found = tuple[SymbolIndex, Key, Occurrence]

_SHARED = "here are a build argument and a variable of one name: give the argument a value first"


def prepare(view: View, position: types.Position) -> types.PrepareRenamePlaceholder | None:
    """Return the range of the name at a position, if it can be another one.

    Raises:
        RenameError: if it is a name, but no other one is possible.

    """
    found = _symbol_at(view, position)
    if found is None:
        return None
    _, key, one = found
    check_symbol(key[0], key[2], closure(view, [found]))
    return types.PrepareRenamePlaceholder(view.ruler.range_of(one.span), one.span.text)


def rename(
    view: View, position: types.Position, name: str, can: EditCapabilities
) -> types.WorkspaceEdit | None:
    """Return the edits that give the symbol at a position another name.

    Raises:
        RenameError: if Compose or BuildKit would reject the name, or if the projects would
            not mean the same.

    """
    found = _symbol_at(view, position)
    if found is None:
        return None
    index, key, one = found
    placed = closure(view, symbols_at(view, position))
    check_symbol(key[0], key[2], placed)
    check_name(key[0], one.span.text, name, _taken(index, key, view.path))
    if name == one.span.text:
        return types.WorkspaceEdit(changes={})
    made = edits(placed, name)
    prove(view, key, name, placed, made)
    changes: dict[str, list[types.TextEdit]] = {}
    versions: dict[str, int | None] = {}
    for path, mine in made.items():
        uri = view.uri(path)
        ordered = sorted(mine, key=lambda edit: edit.span.start)
        changes[uri] = [types.TextEdit(view.ruler.range_of(e.span), e.text) for e in ordered]
        versions[uri] = view.session.version(uri)
    return of_changes(changes, versions, can)


def _symbol_at(view: View, position: types.Position) -> Found | None:
    """Return the symbol at a position that can be renamed there."""
    found = symbols_at(view, position)
    if not found:
        return None
    if len({key[0] for _, key, _ in found}) > 1:
        raise RenameError(_SHARED)
    one = found[0][2]
    return found[0] if one.is_exact and not one.near.startswith("?") else None


def _taken(index: SymbolIndex, key: Key, path: str) -> set[str]:
    """Return the names that are another symbol already."""
    kind, home, _ = key
    taken = {other for one, where, other in index.symbols if one == kind and where == home}
    if kind in ("argument", "environment"):
        file = home.partition("\0")[0]
        taken |= {
            other
            for one, where, other in index.symbols
            if one in ("argument", "environment") and where.partition("\0")[0] == file
        }
    if kind == "anchor":
        taken |= {other for one, where, other in index.symbols if one == "anchor" and path in where}
    return taken
