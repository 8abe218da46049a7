"""The messages of a client, read ahead so that the server knows of more."""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import suppress
from threading import Thread
from typing import cast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from typing import BinaryIO

    from pygls.io_ import Writer

    Handle = Callable[[bytes], None]

# The names of header fields ignore case, as in HTTP.
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d{1,10})[ \t]*\r?$")
# After a header without a length, the content of its message is before the next header.
_LENGTH_INSIDE = re.compile(rb"(?i)content-length[ \t]*:[ \t]*(\d{1,10})[ \t]*\r?\n")
_HEADER_ENDS = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEADER = 10_000
_LONGEST_LOST = 20_000_000
_CHUNK = 1 << 16


class Framing:
    """Takes received bytes apart into messages."""

    def __init__(self) -> None:
        self._read = bytearray()
        self._length: int | None = None
        self._is_lost = False

    @property
    def is_within(self) -> bool:
        """Return whether a message has begun and not ended."""
        return bool(self._read) or self._length is not None

    def take(self, received: bytes) -> Iterator[bytes]:
        """Yield the contents of the messages that are whole now.

        Raises:
            ValueError: if the bytes are not of this protocol.

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
            found = (_LENGTH_INSIDE if self._is_lost else _LENGTH).search(header)
            self._is_lost = found is None
            if found is not None:
                self._length = int(found[1])
                return True
        if len(self._read) > (_LONGEST_LOST if self._is_lost else _LONGEST_HEADER):
            raise ValueError("a header without end")
        return False


class Input:
    """The messages of a client, read ahead.

    Its own thread reads a pipe: judging keeps the interpreter busy, and another
    thread would wait for it three times a message.
    """

    def __init__(self) -> None:
        self._framing = Framing()
        self._is_reading = False
        self._waiting: asyncio.Queue[bytes | None] = asyncio.Queue()

    def is_behind(self) -> bool:
        """Return whether a message waits, or is being read."""
        return self._is_reading or not self._waiting.empty()

    async def messages(self) -> AsyncIterator[bytes]:
        """Yield each message's content, until the client has gone."""
        while (content := await self._waiting.get()) is not None:
            yield content

    def end(self) -> None:
        """Take the client for gone, once its messages so far are handled."""
        self._waiting.put_nowait(None)

    def follow(self, receive: Callable[[int], bytes]) -> None:
        """Read in a thread with a function that returns nothing at the end.

        That is no buffered stream: Python cannot end while a thread holds one's lock.
        """
        arguments = receive, asyncio.get_running_loop()
        name = "tightship-input"
        Thread(target=self._read, args=arguments, name=name, daemon=True).start()

    async def listen(self, stream: asyncio.StreamReader) -> None:
        """Read from a connection until its end."""
        with suppress(OSError, ValueError):
            while received := await stream.read(_CHUNK):
                for content in self._framing.take(received):
                    self._waiting.put_nowait(content)
        self._waiting.put_nowait(None)

    def _read(self, receive: Callable[[int], bytes], loop: asyncio.AbstractEventLoop) -> None:
        put = self._waiting.put_nowait
        with suppress(RuntimeError):  # the loop may be gone before the client is
            with suppress(OSError, ValueError, MemoryError):
                while received := receive(_CHUNK):
                    self._is_reading = True
                    for content in self._framing.take(received):
                        loop.call_soon_threadsafe(put, content)
                    self._is_reading = self._framing.is_within
            self._is_reading = False
            loop.call_soon_threadsafe(put, None)


class PipeWriter:
    """Writes messages for a client until nobody reads them."""

    def __init__(self, stream: BinaryIO, end: Callable[[], None]) -> None:
        """Write to a stream; ``end`` is called when the client has gone."""
        self._stream = stream
        self._end = end

    def write(self, data: bytes) -> None:
        """Write a message."""
        try:
            self._stream.write(data)
            self._stream.flush()
        except (OSError, ValueError):
            self._end()

    def close(self) -> None:
        """Close the stream."""
        with suppress(OSError):
            self._stream.close()


async def serve_pipes(input_: Input, receive: Callable[[int], bytes], handle: Handle) -> None:
    """Handle the messages at the other end of a pipe until the client leaves."""
    input_.follow(receive)
    await _serve(input_, handle)


async def serve_port(
    host: str, port: int, input_: Input, handle: Handle, set_writer: Callable[[Writer], None]
) -> None:
    """Handle the messages of the first client of a port until it leaves.

    Others are turned away as long as it is there. (Without a listener, asyncio would
    leave a connection open that has come by then.)

    Raises:
        OSError: if the port cannot be listened on.

    """
    first: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    first = asyncio.get_running_loop().create_future()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if first.done():
            writer.close()
        else:
            first.set_result((reader, writer))

    listening = await asyncio.start_server(connected, host, port)
    sys.stderr.write(f"tightship: listening on {host}:{port}\n")
    reader, writer = await first
    set_writer(cast("Writer", writer))
    reading = asyncio.ensure_future(input_.listen(reader))
    try:
        await _serve(input_, handle)
    finally:
        reading.cancel()
        listening.close()


async def _serve(input_: Input, handle: Handle) -> None:
    async for content in input_.messages():
        handle(content)
        # A message that is handled at once must not hold up tasks that wait.
        await asyncio.sleep(0)
