"""The last answers of a kind, so that the client asks again when other files change them."""

from __future__ import annotations

from pygls.exceptions import JsonRpcContentModified

from tightship_lsp.work.debounce import Debouncer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeVar

    from tightship_lsp.session import Session

    T = TypeVar("T")
    # The version of the document, what makes the answer again, and the answer.
    Last = tuple[int | None, Callable[[], Awaitable[object]], object]


class LastAnswers:
    """Keeps the last answer for each document.

    A client asks by itself when a document has changed. When another one has, ``refresh``
    has it ask, if it can be asked (``can_refresh``).
    """

    def __init__(
        self,
        session: Session,
        refresh: Callable[[], None],
        failed: Callable[[Exception], None],
        *,
        can_refresh: bool,
    ) -> None:
        self._session = session
        self._refresh = refresh
        self._can_refresh = can_refresh
        self._debouncer = Debouncer(self.compare, failed)
        self._last: dict[str, Last] = {}

    async def take(self, uri: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Return the answer for a document, and keep it."""
        version = self._session.version(uri)
        answer = await ask()
        if self._can_refresh:
            self._last[uri] = version, ask, answer
        return answer

    def compare_soon(self) -> None:
        """Look whether there are other answers now."""
        if self._last:
            self._debouncer.start(0)

    async def compare(self) -> None:
        """Have the client ask again if there is another answer for a document."""
        for uri, (version, ask, _) in list(self._last.items()):
            open_version = self._session.version(uri)
            if open_version is None:
                self._last.pop(uri, None)
            if open_version is None or open_version != version:
                continue
            try:
                now = await ask()
            except JsonRpcContentModified:  # the client asks again by itself
                continue
            # An answer given meanwhile may be newer than the one that was kept before.
            current = self._last.get(uri)
            if current is not None and current[0] == version and now != current[2]:
                self._refresh()
                return
