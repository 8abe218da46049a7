"""The facts about a family of images, each with its source and conditions.

The classes are the format of `facts/images/*.toml` as well: their fields are the keys of a
fact, and their docstrings describe them in the schema.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal, TypeAlias

    from tightship.images.conditions import Condition
    from tightship.images.toml_file import Measurement

    Grade: TypeAlias = Literal["measured", "documented", "derived"]
    Kind: TypeAlias = Literal["run", "data", "log"]
    Moment: TypeAlias = Literal["start", "restart", "operation"]
    Protocol: TypeAlias = str

GRADES: tuple[Grade, ...] = ("measured", "documented", "derived")
KINDS: tuple[Kind, ...] = ("run", "data", "log")
MOMENTS: tuple[Moment, ...] = ("start", "restart", "operation")
PROTOCOLS: tuple[Protocol, ...] = ("tcp", "udp", "sctp")


class Source(Record):
    """The source of a fact, and its grade.

    ``measured`` facts were seen in a real engine, ``documented`` ones are in the image's
    own documentation, and ``derived`` ones follow from its Dockerfile or entrypoint.
    ``place`` is the line of a file of the user's own that has the fact, and ``tried`` how far
    a trial has exercised it: ``answers in a trial on 2026-12-02``.
    """

    grade: Grade
    where: str
    place: str = ""
    tried: str = ""

    def __str__(self) -> str:
        """Return the source in words."""
        return f"{self.grade} {self.where}{f', by {self.place}' if self.place else ''}"


def derived(where: str) -> Source:
    """Return the source of what a Dockerfile or an entrypoint implies."""
    return Source("derived", where)


class Fact(Record):
    """A fact that holds if all of its conditions do.

    Attributes:
        source: the source of the fact, a key of `sources`
        when: the conditions under which it holds, joined by "and"

    """

    source: Source
    when: tuple[Condition, ...]


class User(Fact):
    """The USER of the image.

    Attributes:
        name: the user, with or without a group, and `root` without a USER

    """

    name: str


class Account(Fact):
    """The account that does the work.

    Attributes:
        name: its name in the passwd file of the image
        uid: the number of the user
        gid: the number of its group

    """

    name: str
    uid: int
    gid: int


class StepDown(Fact):
    """The entrypoint starts as root and continues as another account.

    Attributes:
        by: the program that switches: `gosu`, `setpriv`, the server itself

    """

    by: str


class Port(Fact):
    """A port on which the image listens by default.

    Attributes:
        number: the port
        speaks: the protocol of the application, such as HTTP
        protocol: the protocol of the transport

    """

    number: int
    speaks: str
    protocol: Protocol = "tcp"


class Volume(Fact):
    """A VOLUME of the image: writable under a read-only root file system, too.

    Attributes:
        path: the folder

    """

    path: str


class Write(Fact):
    """A path that is written at run time.

    Attributes:
        path: the file or the folder
        why: what is written there, as a phrase
        kind: `run` for what a restart makes again (a `tmpfs`), `data` for what must stay (a
            volume), `log` for log files (a `tmpfs`)
        options: what the `tmpfs` needs beyond the defaults `noexec`, `nosuid`, `nodev` and
            root's ownership, for instance `exec` or `uid=101`
        optional: whether nothing fails if it cannot be written

    """

    path: str
    why: str
    kind: Kind = "run"
    options: tuple[str, ...] = ()
    optional: bool = False


class Content(Fact):
    """A file or a folder of the image that has to be there, or the work fails.

    A ``tmpfs`` above ``path`` hides it, unless something else is mounted there. A
    ``tmpfs`` at a folder brings an empty one, which is enough.

    Attributes:
        path: the file or the folder
        why: what fails without it, as a phrase

    """

    path: str
    why: str


class Capability(Fact):
    """A capability that the image needs with `cap_drop: [ALL]`.

    Attributes:
        name: the capability, without `CAP_`
        why: what needs it, as a phrase
        at: the first moment at which it is missed: a start with new data, a restart with old
            data, or an operation later on. It is `operation` as well if it is missed in some
            set-ups only, which no condition tells apart

    """

    name: str
    why: str
    at: Moment = "start"


class ReadOnly(Fact):
    """Whether the image runs with a read-only root file system and its writable paths.

    Attributes:
        works: whether it runs
        why: the reason if it does not, as a phrase

    """

    works: bool
    why: str = ""


class NewPrivileges(Fact):
    """Whether the image needs to gain privileges: by `sudo` or another setuid program.

    Attributes:
        needed: whether it does
        why: what needs them, as a phrase

    """

    needed: bool
    why: str = ""


class OtherUser(Fact):
    """Whether the image runs with `user:` in Compose.

    Attributes:
        works: whether it runs
        users: the values that work, such as `999:999`; if empty, any does
        needs: what has to be done in the project for that, as a phrase

    """

    works: bool
    users: tuple[str, ...] = ()
    needs: str = ""


class Memory(Fact):
    """The memory that the image needs to start and to answer.

    The memory of an idle server says nothing of a busy one.

    Attributes:
        floor: the memory that it needs, such as `64m`
        processes: the number of processes and threads at that time
        load: what it was seen to work under with several times as much, or with `busy`
        busy: the memory under that load, if several times as much is not enough
        grows: whether it keeps its data in memory, so that a setting has to bound it before
            a limit of the container does
        bound: that setting, as a phrase
        limit: the limit itself, where a trial chose one by what `load` says

    """

    floor: str | None = None
    processes: int | None = None
    load: str = ""
    busy: str = ""
    grows: bool = False
    bound: str = ""
    limit: str | None = None


class Heap(Fact):
    """A setting that sizes the heap, and so the memory that the image needs.

    Attributes:
        variable: the variable whose value is the size, or has it after `flag`
        flag: the flag before the size, such as `-Xmx`: of the command if there is no variable.
            A configuration file may set it by this name
        default: the size without that setting, if it is fixed
        times: how many times as much the limit has to be

    """

    variable: str = ""
    flag: str = ""
    default: str | None = None
    times: float = 1.5


class OpenPort(Fact):
    """A port that asks for no login.

    Attributes:
        port: the port
        what: what it opens, as a phrase
        closed_by: the settings with which it does ask: a variable (`NAME` or `NAME=value`), a
            flag of the command (`--requirepass`), or a file, by its ending in the command
            (`.conf`) or by the path at which it is mounted (`/etc/app.yml`)

    """

    port: int
    what: str
    closed_by: tuple[str, ...] = ()


class DocumentedPrivilege(Fact):
    """A privilege that the image's documentation asks for.

    Attributes:
        key: the key of Compose: `cap_add`, `devices`, `volumes`, `network_mode`, `pid` …
        value: its value, such as `NET_ADMIN` or `/var/run/docker.sock`
        why: what it is for, as a phrase
        instead: what reduces the risk where it has to stay, as a phrase

    """

    key: str
    value: str
    why: str
    instead: str = ""


class ImageFamily:
    """What is known about a family of images: those that one set of facts describes.

    An aspect that is ``None`` is unknown, and an empty tuple is known to be empty: with no
    capabilities in it, the image needs none. Of several facts about one aspect, each says
    when it holds.

    Attributes:
        names: the images as people write them, without Docker Hub's registry and without
            `library/`
        summary: what they are, as a noun phrase
        holds_for: the tags for which the facts were found, in words
        about: what a reader should know first, in Markdown
        programs: the commands that the facts hold for: with any other one, or with another
            entrypoint, nothing is known
        needs_entrypoint: whether that is so: if not, the facts hold, too, where a program of
            them is the entrypoint
        service: the service that the facts are about, of the project in the folder of the
            file; they are about no other
        measured: the measurement that facts without a source are from

    """

    names: tuple[str, ...]
    summary: str
    holds_for: str
    about: str = ""
    programs: tuple[str, ...] | None = None
    needs_entrypoint: bool = True
    service: str = ""
    measured: Measurement | None = None
    user: tuple[User, ...] | None = None
    accounts: tuple[Account, ...] | None = None
    steps_down: tuple[StepDown, ...] | None = None
    ports: tuple[Port, ...] | None = None
    volumes: tuple[Volume, ...] | None = None
    writes: tuple[Write, ...] | None = None
    contents: tuple[Content, ...] | None = None
    capabilities: tuple[Capability, ...] | None = None
    read_only: tuple[ReadOnly, ...] | None = None
    new_privileges: tuple[NewPrivileges, ...] | None = None
    other_user: tuple[OtherUser, ...] | None = None
    memory: tuple[Memory, ...] | None = None
    heap: tuple[Heap, ...] | None = None
    open_ports: tuple[OpenPort, ...] | None = None
    grants: tuple[DocumentedPrivilege, ...] | None = None

    def __init__(
        self, names: tuple[str, ...], summary: str, holds_for: str, **known: object
    ) -> None:
        self.names = names
        self.summary = summary
        self.holds_for = holds_for
        self.__dict__.update(known)

    @property
    def facts(self) -> Iterator[Fact]:
        """Return all facts."""
        for aspect in ASPECTS:
            yield from getattr(self, aspect) or ()


ASPECTS: Mapping[str, type[Fact]] = {
    "user": User,
    "accounts": Account,
    "steps_down": StepDown,
    "ports": Port,
    "volumes": Volume,
    "writes": Write,
    "contents": Content,
    "capabilities": Capability,
    "read_only": ReadOnly,
    "new_privileges": NewPrivileges,
    "other_user": OtherUser,
    "memory": Memory,
    "heap": Heap,
    "open_ports": OpenPort,
    "grants": DocumentedPrivilege,
}
"""The aspects of a family, in the order of its page, and what a fact about each says."""


def fields(kind: type[Record]) -> Mapping[str, str]:
    """Return the own fields of a kind of facts, or of a measurement: their types."""
    found: Mapping[str, str] = kind.__annotations__
    return found
