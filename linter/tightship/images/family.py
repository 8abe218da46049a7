"""A family of images: those that one set of facts describes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.images.facts import (
        Account,
        Capability,
        Content,
        Fact,
        Grant,
        Heap,
        Memory,
        NewPrivileges,
        OpenPort,
        OtherUser,
        Port,
        ReadOnly,
        StepDown,
        User,
        Volume,
        Write,
    )


class Family:
    """What is known about a family of images.

    Nothing is known about an aspect that is ``None``; an empty tuple says that there is
    nothing: ``capabilities=()`` is an image that needs none. Of several facts about one
    aspect, each says when it holds.

    ``names`` are the images as people write them, without Docker Hub's registry and
    without ``library/``. ``programs`` are the commands that the facts hold for: with any
    other one, or with another entrypoint, nothing is known; unless ``needs_entrypoint`` is
    false: then they hold, too, where a program of them is the entrypoint. ``summary`` is a
    noun phrase.
    ``holds_for`` says in words for which tags the facts were found.
    """

    __slots__ = (
        "accounts",
        "capabilities",
        "contents",
        "grants",
        "heap",
        "holds_for",
        "memory",
        "names",
        "needs_entrypoint",
        "new_privileges",
        "open_ports",
        "other_user",
        "ports",
        "programs",
        "read_only",
        "steps_down",
        "summary",
        "user",
        "volumes",
        "writes",
    )

    def __init__(
        self,
        names: tuple[str, ...],
        summary: str,
        *,
        holds_for: str,
        programs: tuple[str, ...] | None = None,
        needs_entrypoint: bool = True,
        user: tuple[User, ...] | None = None,
        accounts: tuple[Account, ...] | None = None,
        steps_down: tuple[StepDown, ...] | None = None,
        ports: tuple[Port, ...] | None = None,
        volumes: tuple[Volume, ...] | None = None,
        writes: tuple[Write, ...] | None = None,
        contents: tuple[Content, ...] | None = None,
        capabilities: tuple[Capability, ...] | None = None,
        read_only: tuple[ReadOnly, ...] | None = None,
        new_privileges: tuple[NewPrivileges, ...] | None = None,
        other_user: tuple[OtherUser, ...] | None = None,
        memory: tuple[Memory, ...] | None = None,
        heap: tuple[Heap, ...] | None = None,
        open_ports: tuple[OpenPort, ...] | None = None,
        grants: tuple[Grant, ...] | None = None,
    ) -> None:
        self.names = names
        self.summary = summary
        self.holds_for = holds_for
        self.programs = programs
        self.needs_entrypoint = needs_entrypoint
        self.user = user
        self.accounts = accounts
        self.steps_down = steps_down
        self.ports = ports
        self.volumes = volumes
        self.writes = writes
        self.contents = contents
        self.capabilities = capabilities
        self.read_only = read_only
        self.new_privileges = new_privileges
        self.other_user = other_user
        self.memory = memory
        self.heap = heap
        self.open_ports = open_ports
        self.grants = grants

    @property
    def facts(self) -> Iterator[Fact]:
        """Return all facts."""
        for aspect in ASPECTS:
            yield from getattr(self, aspect) or ()


ASPECTS = (
    "user",
    "accounts",
    "steps_down",
    "ports",
    "volumes",
    "writes",
    "contents",
    "capabilities",
    "read_only",
    "new_privileges",
    "other_user",
    "memory",
    "heap",
    "open_ports",
    "grants",
)
