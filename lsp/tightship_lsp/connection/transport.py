"""Messages from a client, read ahead so that it is known whether there are more."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from contextlib import suppress
from threading import Thread
from typing import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from pygls.io_ import Writer

    from tightship_lsp.server import Server

# The names of header fields are those of HTTP, in which case does not count.
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d{1,10})[ \t]*\r?$")
_HEADER_ENDS = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEADER = 10_000
_CHUNK = 1 << 16


class Framing:
    """Takes what comes apart into messages.

    ``is_within`` tells whether a part of a message is there, and the rest is not.
    """

    __slots__ = ("_length", "_read")

    def __init__(self) -> None:
        self._read = bytearray()
        self._length: int | None = None

    @property
    def is_within(self) -> bool:
        """Tell whether a message has begun and not ended."""
        return bool(self._read) or self._length is not None

    def take(self, received: bytes) -> Iterator[bytes]:
        """Yield the contents of the messages that are whole now.

        Raises:
            ValueError: if what comes is nothing like this protocol.

        """
        self._read += received
        while True:
            if self._length is None and not self._begin():
                return
            length = self._length or 0
            if len(self._read) < length:
                return
            content = bytes(self._read[:length])
            del self._read[:length]
            self._length = None
            yield content

    def _begin(self) -> bool:
        """Read a header; tell whether it was there."""
        while (ends := _HEADER_ENDS.search(self._read)) is not None:
            header = bytes(self._read[: ends.end()])
            del self._read[: ends.end()]
            found = _LENGTH.search(header)
            if found is not None:
                self._length = int(found[1])
                return True
        if len(self._read) > _LONGEST_HEADER:
            raise ValueError("a header without end")
        return False


class Input:
    """The messages of a client, which are read as they come.

    Pipes are read by a thread of its own. Whoever judges keeps the interpreter busy; a
    read that had to be asked for by another thread each time would wait for it three
    times a message.
    """

    __slots__ = ("_framing", "_is_reading", "_loop", "_waiting")

    def __init__(self) -> None:
        self._framing = Framing()
        self._is_reading = False
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

    @property
    def is_behind(self) -> bool:
        """Tell whether a message waits, or is being read."""
        return self._is_reading or not self._waiting.empty()

    async def messages(self) -> AsyncIterator[bytes]:
        """Yield each message's content, until the client has gone."""
        while (content := await self._waiting.get()) is not None:
            yield content

    def follow(self, receive: Callable[[int], bytes]) -> None:
        """Read in a thread, by what gives nothing at the end.

        That is no buffered stream: Python cannot end while a thread holds one's lock.
        """
        Thread(
            target=self._read, args=[receive], name="tightship-input", daemon=True
        ).start()

    async def listen(self, stream: asyncio.StreamReader) -> None:
        """Read from a connection until its end."""
        with suppress(OSError, ValueError):
            while received := await stream.read(_CHUNK):
                for content in self._framing.take(received):
                    self._waiting.put_nowait(content)
        self._waiting.put_nowait(None)

    def _read(self, receive: Callable[[int], bytes]) -> None:
        put = self._waiting.put_nowait
        with suppress(RuntimeError):  # the loop may be gone before the client is
            with suppress(OSError, ValueError, MemoryError):
                while received := receive(_CHUNK):
                    self._is_reading = True
                    for content in self._framing.take(received):
                        self._loop.call_soon_threadsafe(put, content)
                    self._is_reading = self._framing.is_within
            self._is_reading = False
            self._loop.call_soon_threadsafe(put, None)


async def serve_pipes(server: Server, receive: Callable[[int], bytes]) -> None:
    """Serve the client at the other end of a pipe until it leaves or has gone."""
    server.input = Input()
    server.input.follow(receive)
    await _serve(server, server.input)


async def serve_port(server: Server, host: str, port: int) -> None:
    """Serve the first client of a port until it leaves or has gone.

    There is no second one: as long as this one is there, others are turned away. (If
    nobody listened any more, asyncio would leave one open that has come by then.)

    Raises:
        OSError: if the port cannot be listened on.

    """
    loop = asyncio.get_running_loop()
    first: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    first = loop.create_future()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if first.done():
            writer.close()
        else:
            first.set_result((reader, writer))

    listening = await asyncio.start_server(connected, host, port)
    sys.stderr.write(f"tightship: listening on {host}:{port}\n")
    reader, writer = await first
    server.protocol.set_writer(cast("Writer", writer))
    server.input = Input()
    reading = asyncio.ensure_future(server.input.listen(reader))
    try:
        await _serve(server, server.input)
    finally:
        reading.cancel()
        listening.close()


async def _serve(server: Server, input_: Input) -> None:
    """Handle the messages of a client."""
    protocol = server.protocol
    async for content in input_.messages():
        try:
            message = json.loads(content, object_hook=protocol.structure_message)
            protocol.handle_message(message)
        except BrokenPipeError:
            return
        except Exception as error:
            server.report_server_error(error, type(error))
        # What is handled at once, such as a change, is not to hold up what waits.
        await asyncio.sleep(0)
