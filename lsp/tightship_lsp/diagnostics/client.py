"""The client, as far as diagnostics are concerned; the server speaks to it."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager

    from lsprotocol import types


class Client(Protocol):
    """Takes diagnostics, and news of them."""

    def is_behind(self) -> bool:
        """Return whether more messages are on their way from the client."""
        ...

    def failed(self, error: Exception) -> None:
        """Log an error that is a bug."""

    def publish(
        self, uri: str, version: int | None, diagnostics: Sequence[types.Diagnostic]
    ) -> None:
        """Send the diagnostics of a file."""

    def refresh_diagnostics(self) -> None:
        """Have the client ask for diagnostics again."""

    def documents_changed(self) -> None:
        """Take note that documents have been judged again."""

    def report_progress(self, params: types.ProgressParams) -> None:
        """Send a part of an answer."""

    def progressing(self, token: types.ProgressToken | None) -> AbstractAsyncContextManager[None]:
        """Show progress as long as a block runs."""
        ...
