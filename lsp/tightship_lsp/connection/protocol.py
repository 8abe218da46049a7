"""The order of messages, which the server keeps with any client."""

from __future__ import annotations

import json
import logging
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


# pygls writes a traceback to standard error for each message that it does not
# understand, and editors show that. The client's log has a line for it.
logging.getLogger("pygls").addHandler(logging.NullHandler())


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

    def receive(self, content: bytes) -> str:
        """Handle the content of a message; return what is wrong with it, or nothing.

        A message that is none is answered with an error, as JSON-RPC 2.0 (section 5)
        requires it. Notifications and answers that are wrong get no answer.
        """
        try:
            data: object = json.loads(content)
        except (ValueError, RecursionError):  # bytes that are no text are a ValueError
            error = types.ResponseError(types.ErrorCodes.ParseError, "this is not JSON")
            return self._refuse(None, error)
        fault = _fault(data)
        message = cast("dict[str, Any]", data if isinstance(data, dict) else {})
        if fault:
            return self._refuse(_number_of(message), _invalid(fault))
        method = message.get("method")
        refusal = None if method is None else self._refusal(method)
        is_request = method is not None and "id" in message
        if refusal is not None:
            return self._refuse(message["id"], refusal) if is_request else ""
        try:
            structured: Any = self.structure_message(message)
        except JsonRpcException:
            error = JsonRpcInvalidParams().to_response_error()
            error.message = f"{method or 'an answer'}: the parameters are invalid"
            return self._refuse(message["id"], error) if is_request else error.message
        self._begun = True
        self.handle_message(structured)
        return ""

    def _refuse(self, number: int | str | None, error: types.ResponseError) -> str:
        """Answer a message with an error; return its text."""
        # lsprotocol would leave out an ID that is null, which JSON-RPC does not allow.
        fault = {"code": int(error.code), "message": error.message}
        self._send_data({"jsonrpc": "2.0", "id": number, "error": fault})
        return error.message

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
        elif not self._begun:
            code = types.ErrorCodes.ServerNotInitialized
            return types.ResponseError(code, "the server is not initialized yet")
        return None


def _fault(data: object) -> str:
    """Return why data are no message of JSON-RPC, or nothing."""
    if not isinstance(data, dict):
        return "a message is an object"
    message = cast("dict[str, object]", data)
    if message.get("jsonrpc") != "2.0":
        return "a message has `jsonrpc`, which is 2.0"
    if "method" in message:
        if not isinstance(message["method"], str):
            return "`method` is a text"
    elif "result" not in message and "error" not in message:
        return "a message has a `method`, a `result` or an `error`"
    if "id" in message and _number_of(message) is None and "error" not in message:
        return "`id` is a whole number or a text"
    return ""


def _number_of(message: dict[str, Any]) -> int | str | None:
    """Return the ID of a message, if it may be one."""
    number = message.get("id")
    is_id = isinstance(number, (int, str)) and not isinstance(number, bool)
    return number if is_id else None


def _invalid(message: str) -> types.ResponseError:
    return types.ResponseError(types.ErrorCodes.InvalidRequest, message)
