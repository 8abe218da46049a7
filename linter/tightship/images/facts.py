"""The facts that a family of images consists of, each with its source and conditions."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from tightship.images.conditions import Condition

    Grade: TypeAlias = Literal["measured", "documented", "derived"]
    Kind: TypeAlias = Literal["run", "data", "log"]


class Source:
    """The source of a fact, and its grade.

    ``measured`` facts were seen in a real engine, ``documented`` ones are in the image's
    own documentation, and ``derived`` ones follow from its Dockerfile or entrypoint.
    """

    __slots__ = ("grade", "where")

    def __init__(self, grade: Grade, where: str) -> None:
        self.grade: Grade = grade
        self.where = where


def measured(on: str) -> Source:
    """Return the source of what was seen in the lab, on this program or stand-in."""
    return Source("measured", on)


def documented(where: str) -> Source:
    """Return the source of what the image's own documentation says."""
    return Source("documented", where)


def derived(where: str) -> Source:
    """Return the source of what a Dockerfile or an entrypoint implies."""
    return Source("derived", where)


class Fact:
    """A fact that holds if all of its conditions do."""

    __slots__ = ("source", "when")

    def __init__(self, source: Source, when: tuple[Condition, ...] = ()) -> None:
        self.source = source
        self.when = when


class User(Fact):
    """The USER of the image, ``root`` where it has none."""

    __slots__ = ("name",)

    def __init__(self, name: str, source: Source, *when: Condition) -> None:
        super().__init__(source, when)
        self.name = name


class Account(Fact):
    """The account that does the work, by name and numbers, in the image's passwd file."""

    __slots__ = ("gid", "name", "uid")

    def __init__(self, name: str, uid: int, gid: int, source: Source, *when: Condition) -> None:
        super().__init__(source, when)
        self.name = name
        self.uid = uid
        self.gid = gid


class StepDown(Fact):
    """The entrypoint starts as root and goes on as another account.

    ``by`` is the program that switches (``gosu``, ``setpriv``, the server itself).
    """

    __slots__ = ("by",)

    def __init__(self, by: str, source: Source, *when: Condition) -> None:
        super().__init__(source, when)
        self.by = by


class Port(Fact):
    """A port on which the image listens by default, and the protocol that it speaks."""

    __slots__ = ("number", "protocol", "speaks")

    def __init__(
        self, number: int, speaks: str, source: Source, *when: Condition, protocol: str = "tcp"
    ) -> None:
        super().__init__(source, when)
        self.number = number
        self.protocol = protocol
        self.speaks = speaks


class Volume(Fact):
    """A VOLUME of the image: writable under a read-only root file system, too."""

    __slots__ = ("path",)

    def __init__(self, path: str, source: Source, *when: Condition) -> None:
        super().__init__(source, when)
        self.path = path


class Write(Fact):
    """A path that is written at run time.

    ``kind`` says what belongs there: ``run`` for what a restart makes again (a ``tmpfs``),
    ``data`` for what must stay (a volume), ``log`` for log files (a ``tmpfs``).
    ``options`` are those that the ``tmpfs`` needs beyond the defaults ``noexec``,
    ``nosuid``, ``nodev`` and root's ownership, for instance ``exec`` or ``uid=101``.
    ``optional`` paths are written, but nothing fails where they cannot be.
    """

    __slots__ = ("kind", "optional", "options", "path", "why")

    def __init__(
        self,
        path: str,
        why: str,
        source: Source,
        *when: Condition,
        kind: Kind = "run",
        options: tuple[str, ...] = (),
        optional: bool = False,
    ) -> None:
        super().__init__(source, when)
        self.path = path
        self.why = why
        self.kind: Kind = kind
        self.options = options
        self.optional = optional


class Content(Fact):
    """A file or a folder of the image that has to be there, or the work fails.

    A ``tmpfs`` above ``path`` hides it, unless something else is mounted there. A
    ``tmpfs`` at a folder brings an empty one, which is enough.
    """

    __slots__ = ("path", "why")

    def __init__(self, path: str, why: str, source: Source, *when: Condition) -> None:
        super().__init__(source, when)
        self.path = path
        self.why = why


class Capability(Fact):
    """A capability that the image needs, with the reason.

    ``at`` is the first moment at which it is missed: a start with new data, a restart
    with old data, or an operation later on. Where it is missed in some set-ups only, which
    no condition tells apart, it is ``operation`` as well.
    """

    __slots__ = ("at", "name", "why")

    def __init__(
        self,
        name: str,
        why: str,
        source: Source,
        *when: Condition,
        at: Literal["start", "restart", "operation"] = "start",
    ) -> None:
        super().__init__(source, when)
        self.name = name
        self.why = why
        self.at: Literal["start", "restart", "operation"] = at


class ReadOnly(Fact):
    """Whether the image runs with a read-only root file system and its writable paths."""

    __slots__ = ("why", "works")

    def __init__(self, works: bool, source: Source, *when: Condition, why: str = "") -> None:
        super().__init__(source, when)
        self.works = works
        self.why = why


class NewPrivileges(Fact):
    """Whether the image needs to gain privileges: by ``sudo`` or another setuid program."""

    __slots__ = ("needed", "why")

    def __init__(self, needed: bool, source: Source, *when: Condition, why: str = "") -> None:
        super().__init__(source, when)
        self.needed = needed
        self.why = why


class OtherUser(Fact):
    """Whether the image runs with ``user:`` in Compose, and what this asks for.

    ``users`` are the values that work, such as ``999:999``; ``any`` of them where it is
    empty and ``works`` is true. ``needs`` says what has to be done in the project.
    """

    __slots__ = ("needs", "users", "works")

    def __init__(
        self,
        works: bool,
        source: Source,
        *when: Condition,
        users: tuple[str, ...] = (),
        needs: str = "",
    ) -> None:
        super().__init__(source, when)
        self.works = works
        self.users = users
        self.needs = needs


class Memory(Fact):
    """The memory that the image needs to start and to answer, such as ``64m``.

    ``processes`` is the number of processes and threads at that time. ``load`` is what it
    was seen to work under with several times as much, or with ``busy``, if that is more:
    memory of an idle server says nothing of a busy one. ``grows`` tells that it keeps its
    data in memory, so that a setting has to bound it before a limit of the container
    does: ``bound``.
    """

    __slots__ = ("bound", "busy", "floor", "grows", "load", "processes")

    def __init__(
        self,
        floor: str | None,
        source: Source,
        *when: Condition,
        processes: int | None = None,
        load: str = "",
        busy: str = "",
        grows: bool = False,
        bound: str = "",
    ) -> None:
        super().__init__(source, when)
        self.floor = floor
        self.processes = processes
        self.load = load
        self.busy = busy
        self.grows = grows
        self.bound = bound


class Heap(Fact):
    """A setting that sizes the heap, and so the memory that the image needs.

    It is a ``variable``, whose value holds the size after ``flag`` (``-Xmx``), or is the
    size where there is no flag; or a ``flag`` of the command where there is no variable.
    A configuration file may set it by the name of the flag.
    ``default`` is the size without that setting, where it is a fixed one. The limit has
    to be ``times`` as much.
    """

    __slots__ = ("default", "flag", "times", "variable")

    def __init__(
        self,
        source: Source,
        *when: Condition,
        variable: str = "",
        flag: str = "",
        default: str | None = None,
        times: float = 1.5,
    ) -> None:
        super().__init__(source, when)
        self.variable = variable
        self.flag = flag
        self.default = default
        self.times = times


class OpenPort(Fact):
    """A port that asks for no login, unless ``closed_by`` changes that.

    ``closed_by`` are the settings with which it does ask: a variable (``NAME`` or
    ``NAME=value``), a flag of the command (``--requirepass``), or a file, by its ending in
    the command (``.conf``) or by the path at which it is mounted (``/etc/app.yml``).
    """

    __slots__ = ("closed_by", "port", "what")

    def __init__(
        self,
        port: int,
        what: str,
        source: Source,
        *when: Condition,
        closed_by: tuple[str, ...] = (),
    ) -> None:
        super().__init__(source, when)
        self.port = port
        self.what = what
        self.closed_by = closed_by


class Grant(Fact):
    """A privilege that the image's documentation asks for.

    ``key`` is the key of Compose (``cap_add``, ``devices``, ``volumes``, ``network_mode``,
    ``pid``, ``privileged`` …), ``value`` the value, such as ``NET_ADMIN`` or
    ``/var/run/docker.sock``. ``why`` says what it is for, and ``instead`` what reduces
    the risk where it has to stay.
    """

    __slots__ = ("instead", "key", "value", "why")

    def __init__(
        self, key: str, value: str, why: str, source: Source, *when: Condition, instead: str = ""
    ) -> None:
        super().__init__(source, when)
        self.key = key
        self.value = value
        self.why = why
        self.instead = instead
