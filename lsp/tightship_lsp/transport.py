"""Messages from a client, read ahead so that it is known whether there are more."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from threading import Thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tightship_lsp.server import Server

# The names of header fields are those of HTTP, in which case does not count.
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d{1,10})[ \t]*\r?$")
_HEADER_ENDS = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEADER = 10_000
_CHUNK = 1 << 16


class Input:
    """The messages of a client, read by a thread of its own.

    Whoever judges keeps the interpreter busy; a read that had to be asked for by
    another thread each time would wait for it three times a message.

    ``receive`` gives what there is, up to so many bytes, and nothing at the end. It is
    not a buffered stream: Python does not end while a thread holds one's lock.
    """

    __slots__ = ("_is_reading", "_loop", "_read", "_receive", "_waiting")

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        """Begin to read, in an event loop that runs."""
        self._receive = receive
        self._read = bytearray()
        self._is_reading = False
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()
        Thread(target=self._follow, name="tightship-input", daemon=True).start()

    @property
    def is_behind(self) -> bool:
        """Tell whether a message waits, or is being read."""
        return self._is_reading or not self._waiting.empty()

    async def messages(self) -> AsyncIterator[bytes]:
        """Yield each message's content, until the client has gone."""
        while (content := await self._waiting.get()) is not None:
            yield content

    def _follow(self) -> None:
        put = self._waiting.put_nowait
        with suppress(RuntimeError):  # the loop may be gone before the client is
            with suppress(EOFError, OSError, ValueError, MemoryError):
                while True:
                    self._loop.call_soon_threadsafe(put, self._next())
                    self._is_reading = bool(self._read)
            self._is_reading = False
            self._loop.call_soon_threadsafe(put, None)

    def _next(self) -> bytes:
        """Return the content of the next message.

        Raises:
            EOFError: if the client has gone.
            ValueError: if what it says is nothing like this protocol.

        """
        while True:
            while (ends := _HEADER_ENDS.search(self._read)) is None:
                if len(self._read) > _LONGEST_HEADER:
                    raise ValueError("a header without end")
                self._more()
            header = bytes(self._read[: ends.end()])
            del self._read[: ends.end()]
            found = _LENGTH.search(header)
            if found is not None:
                return self._content(int(found[1]))

    def _content(self, length: int) -> bytes:
        while len(self._read) < length:
            self._more()
        content = bytes(self._read[:length])
        del self._read[:length]
        return content

    def _more(self) -> None:
        received = self._receive(_CHUNK)
        if not received:
            raise EOFError
        self._is_reading = True
        self._read += received


async def serve(server: Server, receive: Callable[[int], bytes]) -> None:
    """Handle the messages of a client until it leaves or has gone."""
    server.input = Input(receive)
    protocol = server.protocol
    async for content in server.input.messages():
        try:
            message = json.loads(content, object_hook=protocol.structure_message)
            protocol.handle_message(message)
        except BrokenPipeError:
            return
        except Exception as error:
            server.report_server_error(error, type(error))
        # What is handled at once, such as a change, is not to hold up what waits.
        await asyncio.sleep(0)
