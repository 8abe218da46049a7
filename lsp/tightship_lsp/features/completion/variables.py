"""The variables in a half-typed ``${…}`` of a Compose file."""

from __future__ import annotations

from tightship.lazy import regex
from tightship_lsp.features.completion.item import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship_lsp.features.completion.scope import Scope

_OPEN = regex(r"(?<!\$)(?:\$\$)*\$(\{?)(\w*)\Z")
CLOSED = regex(r"\w*(?::?[-?+][^}\n]*)?\}")
_USED = regex(r"(?<!\$)(?:\$\$)*\$\{?([A-Za-z_]\w*)")
_PROJECT = "COMPOSE_PROJECT_NAME"


def variables(scope: Scope, text: str, start: int, at: int) -> Iterator[Item] | None:
    """Return the variables that a scalar may go on with; None outside of a variable."""
    found = _OPEN.search(text[start:at])
    if found is None:
        return None
    is_closed = bool(found[1]) and CLOSED.match(text, at) is not None
    return _items(scope, start + found.start(2), has_brace=bool(found[1]), is_closed=is_closed)


def _items(scope: Scope, start: int, *, has_brace: bool, is_closed: bool) -> Iterator[Item]:
    from tightship.report.explanation import value_without_secrets

    known = scope.variables()
    text = scope.document.source.text
    used = {found[1]: None for found in _USED.finditer(text) if found.start(1) != start}
    for name in (*known, *(one for one in used if one not in known), _PROJECT):
        text = name if is_closed else f"{name}}}" if has_brace else f"{{{name}}}"
        value, origin = known.get(name, (None, ""))
        if name == _PROJECT and not origin:
            about = "The name of the project."
            yield Item(name, "variable", "set by Compose", about, text=text, start=start)
        elif value is None:
            about = "Not set in `.env`: without a value in the shell, Compose puts nothing there."
            yield Item(name, "variable", "not set", about, text=text, start=start, rank=6)
        else:
            shown = value_without_secrets(value, name, (name,))
            about = f"`{shown}` by `{origin}`." if shown else f"Empty by `{origin}`."
            yield Item(name, "variable", shown, about, text=text, start=start, rank=2)
