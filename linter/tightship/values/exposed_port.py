"""Ports of EXPOSE: ``port[-port][/protocol]``."""

from __future__ import annotations

from tightship.lazy import Record, regex

# BuildKit still takes an address and a port of the host before it, which mean nothing
# (its check ExposeInvalidFormat).
_PORT = regex(r"(?:[^/]*:)?([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/([A-Za-z]*))?")
_PROTOCOLS = ("", "tcp", "udp", "sctp")
_HIGHEST = 65_535
_MOST_DIGITS = 9
_WIDEST = 10
_MOST = 100


class ExposedPort(Record):
    """A port, or a range from ``first`` to ``last``, that an image exposes.

    ``protocol`` is in lower case.
    """

    first: int
    last: int
    protocol: str

    def __repr__(self) -> str:
        return f"ExposedPort({self.first}-{self.last}/{self.protocol})"

    @property
    def of_one_program(self) -> range:
        """Return the TCP ports, unless the range is too wide for one program.

        A wide range is a pool, for calls or transfers.
        """
        ports = range(self.first, self.last + 1)
        return ports if self.protocol == "tcp" and len(ports) <= _WIDEST else range(0)


def exposed_ports(text: str) -> list[ExposedPort]:
    """Return the ports of an expanded word, which may hold several."""
    return [port for word in text.split()[:_MOST] if (port := parse(word)) is not None]


def parse(text: str) -> ExposedPort | None:
    """Read one word of EXPOSE; ``None`` if it is not a port. TCP is the default."""
    if text.isascii() and text.isdigit() and len(text) <= 5:  # most are a number
        return ExposedPort(int(text), int(text), "tcp") if int(text) <= _HIGHEST else None
    found = _PORT.fullmatch(text)
    if found is None:
        return None
    first = int(found[1])
    last = int(found[2]) if found[2] else first
    if not first <= last <= _HIGHEST:
        return None
    return ExposedPort(first, last, (found[3] or "tcp").lower())


def port_problem(word: str) -> str | None:
    """Return why BuildKit rejects a port, or nothing (go-connections, ``nat``).

    A port of the host, and an address, before the port are allowed here.
    """
    number, _, protocol = word.partition("/")
    if protocol.lower() not in _PROTOCOLS:
        return f"`{protocol}` is not a protocol: use tcp, udp or sctp"
    host, colon, port = number.rpartition(":")
    host = host.rpartition(":")[2]
    for ports in (port, host) if colon and host else (port,):
        start, _, end = ports.partition("-")
        first, last = _port_number(start), _port_number(end if "-" in ports else start)
        if first is None or last is None:
            return f"`{word}` is not a port"
        if max(first, last) > _HIGHEST:
            return f"`{word}` is not a port: the highest is {_HIGHEST}"
        if first > last:
            return f"`{word}` runs backwards"
    return None


def _port_number(text: str) -> int | None:
    digits = text.removeprefix("+")
    if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS:
        return int(digits)
    return None
