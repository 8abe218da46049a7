"""Ports: published, exposed, and those of services that nobody should reach."""

from __future__ import annotations

from functools import cache, lru_cache

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.lazy.modules import facts
from tightship.values.hole import has_hole, mask

if TYPE_CHECKING:
    from typing import Any

    Range = tuple[int, int]


_PROTOCOLS = frozenset(("tcp", "udp", "sctp"))
# The longest IPv6 address, with an IPv4 address at its end.
_LONGEST_ADDRESS = 45
_LONGEST_KEPT = 64


class PublishedPort(Record):
    """A port, or a range of ports, that a service publishes on the host.

    ``published`` and ``target`` keep ranges as they are (``8000-8002``) and may hold
    holes; ``published`` is ``None`` where the engine picks a free port, and
    ``host_ip`` is ``None`` where the file names no address. ``undecided`` names the
    parts with holes.
    """

    host_ip: str | None
    published: str | None
    target: str
    protocol: str = "tcp"
    undecided: frozenset[str] = frozenset()

    @property
    def first(self) -> int | None:
        """Return the first port on the host, if it is known."""
        ports = _known_ports(self.published or "")
        return ports[0] if ports else None

    @property
    def last(self) -> int | None:
        """Return the last port on the host, if it is known."""
        ports = _known_ports(self.published or "")
        return ports[1] if ports else None

    def covers(self, port: int) -> bool:
        """Return whether a port of the host is surely among the published ones."""
        ports = _ports(self.published or "")
        return ports is not None and ports[0] <= port <= ports[1]

    def reaches(self, port: int) -> bool:
        """Return whether a port of the container is surely among the targets."""
        ports = _ports(self.target)
        return ports is not None and ports[0] <= port <= ports[1]

    def __repr__(self) -> str:
        return (
            f"PublishedPort({self.host_ip}, {self.published}, {self.target}, "
            f"{self.protocol}, undecided={sorted(self.undecided)})"
        )


def parse(short: str) -> list[PublishedPort] | None:
    """Read one entry of ``ports``; ``None`` if Compose rejects it.

    A range stays one entry, while Compose makes one of each of its ports. Verified with
    docker-compose 2.26.1, but an IPv6 address needs no brackets here, as in newer
    releases.
    """
    # The same ports are parsed again and again, by a server after each change.
    found = _known(short) if len(short) <= _LONGEST_KEPT else _parsed(short)
    return None if found is None else [found]


def _parsed(short: str) -> PublishedPort | None:
    masked = mask(short)
    if masked.count(":") > 9:
        return None
    starts = [0, *(i + 1 for i, c in enumerate(masked) if c == ":")]
    target = short[starts[-1] :]
    published = short[starts[-2] : starts[-1] - 1] if len(starts) > 1 else ""
    host_ip = short[: starts[-2] - 1] if len(starts) > 2 else ""
    if host_ip.startswith("[") and host_ip.endswith("]"):
        host_ip = host_ip[1:-1]
    target, protocol = _with_protocol(target)
    names = ("host_ip", "published", "target", "protocol")
    parts = zip(names, (host_ip, published, target, protocol), strict=True)
    undecided = {name for name, part in parts if has_hole(part)}
    if "target" in undecided and len(starts) == 1:  # `${PORTS}` may be `127.0.0.1:80:80`
        undecided |= {"host_ip", "published"}
    if host_ip and "host_ip" not in undecided and not _is_address(host_ip):
        return None
    if protocol not in _PROTOCOLS and "protocol" not in undecided:
        return None
    wanted = _ports(target)
    if "target" not in undecided and (wanted is None or wanted[0] == 0):
        return None
    offered = _ports(published)
    if published and offered is None and "published" not in undecided:
        return None
    if wanted and offered and wanted[0] != wanted[1] and _size(wanted) != _size(offered):
        return None
    return PublishedPort(
        host_ip or None,
        _plain(published, offered) or None,
        _plain(target, wanted),
        protocol,
        frozenset(undecided),
    )


def _with_protocol(target: str) -> tuple[str, str]:
    """Split a port of the container from its protocol, in lower case; TCP is the default."""
    slash = mask(target).find("/")
    if slash < 0:
        return target, "tcp"
    protocol = target[slash + 1 :].split("/")[0]
    if not has_hole(protocol):
        protocol = protocol.lower()
    return target[:slash], protocol or "tcp"


_known = lru_cache(maxsize=1024)(_parsed)


def _ports(text: str) -> Range | None:
    if len(text) > 64 or "\n" in text:
        return None
    start, dash, rest = text.partition("-")
    end = rest.partition("-")[0] if dash else start  # what follows does not count
    if not all(one.isascii() and one.isdigit() for one in (start, end)):
        return None
    first, last = int(start), int(end)
    return (first, last) if first <= last <= 65535 else None


_known_ports = lru_cache(maxsize=1024)(_ports)


def _size(ports: Range) -> int:
    return ports[1] - ports[0]


def _plain(text: str, ports: Range | None) -> str:
    """Write a range without leading zeros; what is unknown stays as it is."""
    if ports is None:
        return text
    first, last = ports
    return str(first) if first == last else f"{first}-{last}"


def _is_address(text: str) -> bool:
    return _is_ipv4(text) or _number(text) is not None


def _is_ipv4(text: str) -> bool:
    octets = text.split(".", 4)
    return len(octets) == 4 and all(map(_is_octet, octets))


def _is_octet(text: str) -> bool:
    """Return whether a text is a number up to 255, without zeros before it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        return False
    return int(text) <= 255 and (text == "0" or text[0] != "0")


def _number(text: str) -> int | None:
    """Return an IPv6 address as a number, a mapped IPv4 address as that one's."""
    if ":" not in text or "%" in text or len(text) > _LONGEST_ADDRESS:
        return None
    import ipaddress

    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped
    return int(address) if mapped is None else int(mapped)


def is_loopback(host_ip: str | None) -> bool:
    """Return whether an address can be reached from this host only."""
    if host_ip is None:
        return False
    if _is_ipv4(host_ip):
        return host_ip.startswith("127.")
    number = _number(host_ip)
    return number is not None and (number == 1 or number >> 24 == 127)


def is_any(host_ip: str | None) -> bool:
    """Return whether an address is all interfaces; no address is."""
    if not host_ip:
        return True
    return host_ip == "0.0.0.0" or _number(host_ip) == 0


# BuildKit still takes an address and a port of the host before it, which mean nothing
# (its check ExposeInvalidFormat).
_PORT = regex(r"(?:[^/]*:)?([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/([A-Za-z]*))?")
_EXPOSED_PROTOCOLS = ("", "tcp", "udp", "sctp")
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
    return [port for word in text.split()[:_MOST] if (port := parse_exposed(word)) is not None]


def parse_exposed(text: str) -> ExposedPort | None:
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
    if protocol.lower() not in _EXPOSED_PROTOCOLS:
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


DOCKER_PORT = 2375
"""Where the Docker daemon listens without TLS, by convention."""

CASSANDRA_JMX = 7199
"""Where Cassandra takes orders by JMX, by default from its own host only."""


@cache
def _servers() -> dict[str, Any]:
    return facts("ports")


@cache
def sensitive_ports() -> dict[int, str]:
    """Return the ports that nobody should reach, each with the server that listens there."""
    return {port: name for name, one in _servers().items() for port in one["ports"]}


@cache
def names_of_stores() -> frozenset[str]:
    """Return the words by which the servers of data and of messages are known."""
    return frozenset(
        word for name, one in _servers().items() if one.get("store") for word in names_of(name)
    )


def names_of(server: str) -> tuple[str, ...]:
    """Return the words by which a server of :func:`sensitive_ports` is known."""
    words: tuple[str, ...] = _servers()[server].get("words", ())
    return words or (server.lower().rpartition(" ")[2],)
