"""The conditions of facts, and the start of a container that they are asked about."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.text import alternatives

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# The version of PostgreSQL comes last in `0.8.0-pg17`.
_VERSION = regex(r"(?:[\w.-]*pg|v)?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?![0-9a-f]{6})")
_COMPARED_VERSION = regex(r"\d{1,9}(?:\.\d{1,9}){0,2}")
# Tags of the newest version, on one system or another.
_NEWEST = ("", "latest", "alpine", "slim", "bookworm", "trixie")
_SIGNS = {
    ">=": "since version {}",
    "<": "before version {}",
    "!": "if the tag does not contain `{}`",
}
_COMPARED = (">=", "<")
_NO_VARIABLES: Mapping[str, str | None] = {}


class Start(Record):
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

    tag: str | None = ""
    is_root: bool | None = None
    environment: Mapping[str, str | None] = _NO_VARIABLES
    more_environment: bool = False
    command: tuple[str, ...] | None = None
    entrypoint_replaced: bool = False
    targets: tuple[str, ...] | None = None
    host_folders: bool | None = None
    added: tuple[str, ...] = ()


class Condition:
    """A condition: its text, and what ``holds`` returns for a start.

    That is true, false, or ``None`` where the start is undecided.
    """

    __slots__ = ("holds", "text")

    def __init__(self, text: str, holds: Callable[[Start], bool | None]) -> None:
        self.text = text
        self.holds = holds


AS_ROOT = Condition("if it starts as root", lambda start: start.is_root)
NOT_AS_ROOT = Condition(
    "if it does not start as root",
    lambda start: None if start.is_root is None else not start.is_root,
)
# Its configuration is in a file or a database that nobody reads here.
CONFIGURED = Condition("if its configuration says so", lambda _: None)
HOST_FOLDERS = Condition("if a folder of the host is mounted", lambda start: start.host_folders)


def variable(name: str, *values: str) -> Condition:
    """Return the condition that a variable is set, to one of these values if there are any."""

    def holds(start: Start) -> bool | None:
        if name not in start.environment:
            return None if start.more_environment else False
        value = start.environment[name]
        if value is None:
            return None
        return value in values if values else value != ""

    what = f" is {alternatives(values)}" if values else " is set"
    return Condition(f"if `{name}`{what}", holds)


def tags(test: str) -> Condition:
    """Return a condition on the image's tag.

    ``>=18`` and ``<18`` compare its version; ``latest`` and no tag are the newest one.
    ``alpine`` asks for a part of the tag, and ``!alpine`` for a tag without it.
    """
    sign = next((sign for sign in _SIGNS if test.startswith(sign)), "")
    word = test.removeprefix(sign)

    def holds(start: Start) -> bool | None:
        if start.tag is None:
            return None
        if sign not in _COMPARED:
            return (word in start.tag) != (sign == "!")
        is_newer = _is_since(word, start.tag)
        return None if is_newer is None else is_newer is (sign == ">=")

    return Condition(_SIGNS.get(sign, "if the tag contains `{}`").format(word), holds)


def _is_since(version: str, tag: str) -> bool | None:
    """Return whether the version of a tag is this one or newer; ``None`` if it is unknown."""
    found = _VERSION.match(tag)
    if found is None:
        # Without a version, the newest is meant; other words may be anything.
        return True if tag in _NEWEST else None
    asked = [int(part) for part in version.split(".")]
    # `17` is the newest of its line: what it leaves open is not less than asked.
    given = [int(part) if part is not None else 1 << 30 for part in found.groups()[: len(asked)]]
    return given >= asked


def program(*names: str) -> Condition:
    """Return the condition that the command runs one of these programs.

    The image's own command counts, and a command of flags, to which an entrypoint adds
    the program.
    """

    def holds(start: Start) -> bool | None:
        if start.command is None:
            return True
        first = start.command[0] if start.command else ""
        if "$" in first:
            return None
        return first.startswith("-") or first.rpartition("/")[2] in names

    named = alternatives(names) if names else "the image's own, or begins with a flag"
    return Condition(f"if the command is {named}", holds)


def flag(*words: str) -> Condition:
    """Return the condition that one of these words, in lower case, is in the command."""
    return Condition(
        f"if the command has {alternatives(words)}",
        lambda start: _has_word(start, lambda word: word.lower() in words),
    )


def option(*names: str) -> Condition:
    """Return the condition that a word of the command begins with one of these names."""
    return Condition(
        f"if the command sets {alternatives(names)}",
        lambda start: _has_word(start, lambda word: word.startswith(names)),
    )


def _has_word(start: Start, is_meant: Callable[[str], bool]) -> bool | None:
    words = start.command or ()
    if any(map(is_meant, words)):
        return True
    return None if any("$" in word for word in words) else False


def mounted(path: str) -> Condition:
    """Return the condition that something is mounted at a path, or below it."""

    def holds(start: Start) -> bool | None:
        if start.targets is None:
            return None
        if any(f"{target}/".startswith(f"{path}/") for target in start.targets):
            return True
        # A Dockerfile that adds files there does the same; a folder may hold others.
        return None if any(_overlap(path, one) for one in start.added) else False

    return Condition(f"if something is mounted at `{path}`", holds)


def replaced(path: str) -> Condition:
    """Return the condition that a mount may bring a path, or a part of it, again.

    That is where something is mounted at, above or below it.
    """

    def holds(start: Start) -> bool | None:
        if start.targets is None:
            return None
        return any(_overlap(path, target) for target in start.targets)

    return Condition(f"if something is mounted at, above or below `{path}`", holds)


def _overlap(path: str, other: str) -> bool:
    """Return whether one of two paths is the other, or lies in it."""
    mine, others = f"{path.rstrip('/')}/", f"{other.rstrip('/')}/"
    return mine.startswith(others) or others.startswith(mine)


def unless(condition: Condition) -> Condition:
    """Return the opposite of a condition, whose text begins with "if"."""

    def holds(start: Start) -> bool | None:
        found = condition.holds(start)
        return None if found is None else not found

    return Condition(condition.text.replace("if ", "unless ", 1), holds)


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
        if word == "tag" and about[:1] and not _is_tag_test(about[0]):
            return f"`{about[0]}` needs a version such as `18` or `3.12`"
        if not about or (word in _ONE_WORD and len(about) > 1):
            return f"`{word}` needs {'one word' if word in _ONE_WORD else 'words'} behind it"
    return None


def _is_tag_test(test: str) -> bool:
    sign = next((sign for sign in _COMPARED if test.startswith(sign)), "")
    return not sign or _COMPARED_VERSION.fullmatch(test.removeprefix(sign)) is not None


def all_hold(conditions: tuple[Condition, ...], start: Start) -> bool | None:
    """Return whether all conditions hold; ``None`` where one is undecided and none fails."""
    found = [condition.holds(start) for condition in conditions]
    if False in found:
        return False
    return None if None in found else True
