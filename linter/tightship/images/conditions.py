"""The conditions of facts, and the start of a container that they are asked about."""

from __future__ import annotations

from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# The version of PostgreSQL comes last in `0.8.0-pg17`.
_VERSION = regex(r"(?:[\w.-]*pg|v)?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?![0-9a-f]{6})")
# Tags of the newest version, on one system or another.
_NEWEST = ("", "latest", "alpine", "slim", "bookworm", "trixie")
_SIGNS = {
    ">=": "since version {}",
    "<": "before version {}",
    "!": "if the tag does not contain `{}`",
}
_COMPARED = (">=", "<")


class Start:
    """The start of a container, as far as the files decide it.

    ``tag`` is the image's tag, ``None`` where a variable decides. ``is_root`` tells
    whether the entrypoint runs as root, and ``None`` if it is unknown. Of
    ``environment``, ``None`` is an undecided value; ``more_environment`` tells that there
    may be other variables. ``command`` is the command, ``None`` for the image's own, and
    ``entrypoint_replaced`` tells that the image's entrypoint does not run. ``targets`` are
    the paths of volumes and tmpfs, and ``host_folders`` tells whether files of
    the host are, which may belong to anybody; ``None`` if it is unknown. ``added``
    are the paths at which a Dockerfile may add files to the image.
    """

    __slots__ = (
        "added",
        "command",
        "entrypoint_replaced",
        "environment",
        "host_folders",
        "is_root",
        "more_environment",
        "tag",
        "targets",
    )

    def __init__(
        self,
        tag: str | None = "",
        is_root: bool | None = None,
        environment: Mapping[str, str | None] | None = None,
        *,
        more_environment: bool = False,
        command: tuple[str, ...] | None = None,
        entrypoint_replaced: bool = False,
        targets: tuple[str, ...] | None = None,
        host_folders: bool | None = None,
        added: tuple[str, ...] = (),
    ) -> None:
        self.tag = tag
        self.is_root = is_root
        self.environment: Mapping[str, str | None] = environment or {}
        self.more_environment = more_environment
        self.command = command
        self.entrypoint_replaced = entrypoint_replaced
        self.targets = targets
        self.host_folders = host_folders
        self.added = added


def alternatives(words: Sequence[str]) -> str:
    """Return words in backticks, with commas and "or" between them."""
    *others, last = (f"`{word}`" for word in words)
    return f"{', '.join(others)} or {last}" if others else last


class Condition:
    """A condition: ``holds`` returns true, false, or ``None`` where the start is undecided."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def holds(self, start: Start) -> bool | None:
        """Return whether it holds for a start."""
        raise NotImplementedError


class _Root(Condition):
    __slots__ = ("_wanted",)

    def __init__(self, text: str, wanted: bool) -> None:
        super().__init__(text)
        self._wanted = wanted

    def holds(self, start: Start) -> bool | None:
        return None if start.is_root is None else start.is_root is self._wanted


class _Variable(Condition):
    __slots__ = ("_name", "_values")

    def __init__(self, name: str, values: tuple[str, ...]) -> None:
        value = f" is {alternatives(values)}" if values else " is set"
        super().__init__(f"if `{name}`{value}")
        self._name = name
        self._values = values

    def holds(self, start: Start) -> bool | None:
        if self._name not in start.environment:
            return None if start.more_environment else False
        value = start.environment[self._name]
        if value is None:
            return None
        return value in self._values if self._values else value != ""


class _Tags(Condition):
    __slots__ = ("_sign", "_word")

    def __init__(self, test: str) -> None:
        self._sign = next((sign for sign in _SIGNS if test.startswith(sign)), "")
        self._word = test.removeprefix(self._sign)
        super().__init__(_SIGNS.get(self._sign, "if the tag contains `{}`").format(self._word))

    def holds(self, start: Start) -> bool | None:
        if start.tag is None:
            return None
        if self._sign not in _COMPARED:
            return (self._word in start.tag) != (self._sign == "!")
        version = _VERSION.match(start.tag)
        newer = self._sign == ">="
        if version is None:
            # Without a version, the newest is meant; other words may be anything.
            return newer if start.tag in _NEWEST else None
        asked = [int(part) for part in self._word.split(".")]
        # `17` is the newest of its line: what it leaves open is not less than asked.
        given = [
            int(part) if part is not None else 1 << 30 for part in version.groups()[: len(asked)]
        ]
        return (given >= asked) is newer


class _Program(Condition):
    __slots__ = ("_names",)

    def __init__(self, names: tuple[str, ...]) -> None:
        named = alternatives(names) if names else "the image's own, or begins with a flag"
        super().__init__(f"if the command is {named}")
        self._names = names

    def holds(self, start: Start) -> bool | None:
        if start.command is None:
            return True
        first = start.command[0] if start.command else ""
        if "$" in first:
            return None
        return first.startswith("-") or first.rpartition("/")[2] in self._names


class _Flag(Condition):
    __slots__ = ("_words",)

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__(f"if the command has {alternatives(words)}")
        self._words = frozenset(words)

    def holds(self, start: Start) -> bool | None:
        words = start.command or ()
        if any(word.lower() in self._words for word in words):
            return True
        return None if any("$" in word for word in words) else False


class _Mounted(Condition):
    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        super().__init__(f"if something is mounted at `{path}`")
        self._path = path

    def holds(self, start: Start) -> bool | None:
        if start.targets is None:
            return None
        inside = f"{self._path}/"
        if any(f"{target}/".startswith(inside) for target in start.targets):
            return True
        # A Dockerfile that adds files there does the same; a folder may hold others.
        return None if any(_overlap(self._path, one) for one in start.added) else False


class _Replaced(Condition):
    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        super().__init__(f"if something is mounted at, above or below `{path}`")
        self._path = path

    def holds(self, start: Start) -> bool | None:
        if start.targets is None:
            return None
        return any(_overlap(self._path, target) for target in start.targets)


class _Option(Condition):
    __slots__ = ("_names",)

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"if the command sets {alternatives(names)}")
        self._names = names

    def holds(self, start: Start) -> bool | None:
        words = start.command or ()
        if any(word.startswith(self._names) for word in words):
            return True
        return None if any("$" in word for word in words) else False


class _Unless(Condition):
    __slots__ = ("_condition",)

    def __init__(self, condition: Condition) -> None:
        super().__init__(condition.text.replace("if ", "unless ", 1))
        self._condition = condition

    def holds(self, start: Start) -> bool | None:
        found = self._condition.holds(start)
        return None if found is None else not found


class _HostFolders(Condition):
    __slots__ = ()

    def holds(self, start: Start) -> bool | None:
        return start.host_folders


class _Configured(Condition):
    __slots__ = ()

    def holds(self, start: Start) -> bool | None:
        return None


def _overlap(path: str, other: str) -> bool:
    """Return whether one of two paths is the other, or lies in it."""
    mine, others = f"{path.rstrip('/')}/", f"{other.rstrip('/')}/"
    return mine.startswith(others) or others.startswith(mine)


AS_ROOT: Condition = _Root("if it starts as root", wanted=True)
NOT_AS_ROOT: Condition = _Root("if it does not start as root", wanted=False)
# Its configuration is in a file or a database that nobody reads here.
CONFIGURED: Condition = _Configured("if its configuration says so")
HOST_FOLDERS: Condition = _HostFolders("if a folder of the host is mounted")


def variable(name: str, *values: str) -> Condition:
    """Return the condition that a variable is set, to one of these values if there are any."""
    return _Variable(name, values)


def tags(test: str) -> Condition:
    """Return a condition on the image's tag.

    ``>=18`` and ``<18`` compare its version; ``latest`` and no tag are the newest one.
    ``alpine`` asks for a part of the tag, and ``!alpine`` for a tag without it.
    """
    return _Tags(test)


def program(*names: str) -> Condition:
    """Return the condition that the command runs one of these programs.

    The image's own command counts, and a command of flags, to which an entrypoint adds
    the program.
    """
    return _Program(names)


def flag(*words: str) -> Condition:
    """Return the condition that one of these words, in lower case, is in the command."""
    return _Flag(words)


def mounted(path: str) -> Condition:
    """Return the condition that something is mounted at a path, or below it."""
    return _Mounted(path)


def replaced(path: str) -> Condition:
    """Return the condition that a mount may bring a path, or a part of it, again.

    That is where something is mounted at, above or below it.
    """
    return _Replaced(path)


def option(*names: str) -> Condition:
    """Return the condition that a word of the command begins with one of these names."""
    return _Option(names)


def unless(condition: Condition) -> Condition:
    """Return the opposite of a condition, whose text begins with "if"."""
    return _Unless(condition)


_PLAIN = {
    "root": AS_ROOT,
    "not root": NOT_AS_ROOT,
    "configured": CONFIGURED,
    "host-folders": HOST_FOLDERS,
}
_WITH_WORDS: Mapping[str, Callable[..., Condition]] = {
    "variable": variable,
    "tag": tags,
    "program": program,
    "flag": flag,
    "mounted": mounted,
    "replaced": replaced,
    "option": option,
}
_ONE_WORD = ("tag", "mounted", "replaced")
_EMPTY = "''"


def conditions(text: str) -> tuple[Condition, ...]:
    """Return the conditions of a text in the files of facts, which "and" joins.

    A condition is a word, and what it is about: ``variable NAME value``, ``tag >=18``,
    ``option -c --config``. ``''`` is an empty value, and ``not`` before a condition means
    its opposite.
    """
    return tuple(map(_condition, text.split(" and "))) if text else ()


def _condition(text: str) -> Condition:
    if text in _PLAIN:
        return _PLAIN[text]
    word, *about = text.split()
    if word == "not":
        return unless(_condition(text.removeprefix("not ")))
    return _WITH_WORDS[word](*("" if one == _EMPTY else one for one in about))


def condition_problem(text: str) -> str | None:
    """Return what is wrong with a text of conditions, as a sentence without a full stop."""
    for part in text.split(" and "):
        word, *about = part.removeprefix("not ").split() or [""]
        if part in _PLAIN or (not about and word in _PLAIN and word != "root"):
            continue
        if word not in _WITH_WORDS:
            known = alternatives([*_PLAIN, *_WITH_WORDS])
            return f"unknown condition `{part.strip()}`; a condition begins with {known}"
        if not about or (word in _ONE_WORD and len(about) > 1):
            return f"`{word}` needs {'one word' if word in _ONE_WORD else 'words'} behind it"
    return None


def all_hold(conditions: tuple[Condition, ...], start: Start) -> bool | None:
    """Return whether all conditions hold; ``None`` where one is undecided and none fails."""
    found = [condition.holds(start) for condition in conditions]
    if False in found:
        return False
    return None if None in found else True
