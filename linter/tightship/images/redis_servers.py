"""What the images of Redis and of Valkey, which was forked from it, share."""

from __future__ import annotations

from tightship.images.conditions import tags
from tightship.images.facts import Account, Heap, Memory, OpenPort, OtherUser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.images.facts import Source

_DEBIAN, _ALPINE = tags("!alpine"), tags("alpine")
_OWNED = "what is in `/data` has to belong to that user"


def accounts(name: str, debian: Source, alpine: Source) -> tuple[Account, ...]:
    """Return the account that the server runs as; its group depends on the base."""
    return (Account(name, 999, 999, debian, _DEBIAN), Account(name, 999, 1000, alpine, _ALPINE))


def other_users(debian: Source, alpine: Source) -> tuple[OtherUser, ...]:
    """Return that the server may be started as its account."""
    return (
        OtherUser(True, debian, _DEBIAN, users=("999:999",), needs=_OWNED),
        OtherUser(True, alpine, _ALPINE, users=("999:1000",), needs=_OWNED),
    )


def memory(source: Source) -> tuple[Memory, ...]:
    """Return with how little the server starts; what it holds comes on top."""
    return (Memory("16m", source, processes=8, grows=True, bound="`maxmemory`"),)


def heap(source: Source) -> tuple[Heap, ...]:
    """Return what sizes the data."""
    # A child that saves the data may need as much again.
    return (Heap(source, flag="--maxmemory", times=2),)


def open_port(source: Source, *more: str) -> OpenPort:
    """Return the port, which is open unless a flag, or one of ``more``, closes it."""
    return OpenPort(
        6379,
        "every key, and commands that write files",
        source,
        closed_by=(*("--requirepass", "--aclfile", "--user", "--protected-mode", ".conf"), *more),
    )
