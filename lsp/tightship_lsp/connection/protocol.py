"""The order of messages, which the server keeps with any client."""

from __future__ import annotations

from typing import cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# pygls keeps documents of its own, whose lines end where the protocol has no line ends
# (U+2028, form feeds). The session keeps them here.
_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)


class Protocol(LanguageServerProtocol):
    """Answers every request, even those that come too early, too late or broken."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._begun = False
        features = cast("dict[str, object]", self.fm.builtin_features)  # pyright: ignore[reportUnknownMemberType]
        for method in _OURS:
            del features[method]

    @property
    def is_shut_down(self) -> bool:
        """Return whether the client has ended the session in the right way."""
        return self._shutdown

    def handle_message(self, message: Any) -> None:
        """Handle a message, or refuse it."""
        method = getattr(message, "method", None)
        refusal = None if method is None else self._refusal(method)
        if refusal is None:
            super().handle_message(message)
        elif hasattr(message, "id"):
            self._send_response(message.id, error=refusal)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Return a message with its types; a broken request is answered."""
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "id" in data and "method" in data:
                error = JsonRpcInvalidParams().to_response_error()
                self._send_response(data["id"], error=error)
            raise

    def _handle_cancel_notification(self, msg_id: int | str) -> None:
        """Cancel a request; one that is answered already is no error."""
        if msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)

    def _refusal(self, method: str) -> types.ResponseError | None:
        """Return the error of a message that is out of order."""
        if method == types.EXIT:
            return None
        if self._shutdown:
            return _invalid("the server is shutting down")
        if method == types.INITIALIZE:
            if self._begun:
                return _invalid("the server is initialized already")
            self._begun = True
        elif not self._begun:
            code = types.ErrorCodes.ServerNotInitialized
            return types.ResponseError(code, "the server is not initialized yet")
        return None


def _invalid(message: str) -> types.ResponseError:
    return types.ResponseError(types.ErrorCodes.InvalidRequest, message)
