"""Commands of package managers: what they install, with which versions.

The facts are in ``facts/managers.toml``: verbs, options, and how a package, a version, a file
and a repository of Git are written. ``package_files`` says what the commands leave on the disk.

What is not certain, such as a package in a variable, may have a version.
"""

from __future__ import annotations

from functools import cache, lru_cache

from tightship.commands.program import Arguments, Program, unversioned
from tightship.lazy import Record, lazy_property
from tightship.lazy.modules import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, Literal

    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Word

    Kind = Literal["package", "file", "url", "git", "list", "removed", "unknown"]

_INTERPRETERS = ("python", "pypy")
_FILES = ("./", "../", "/", "~", "file:", ".[")
_OPERATORS = "=<>~!^@: "
_MOVING = ("main", "master", "HEAD")


class Manager:
    """The facts about programs with the same verbs and options."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        self.name = name
        self.known = known
        self.is_system: bool = known["kind"] == "system"
        self.stores: Sequence[Mapping[str, str]] = known.get("stores", ())
        self.valued = self.words("valued")
        self.actions: dict[str, str] = {
            " ".join(verb.split()): action
            for action, verbs in known["verbs"].items()
            for verb in verbs.split(",")
        }

    def words(self, key: str) -> frozenset[str]:
        """Return a list of words of the facts."""
        return frozenset(self.known.get(key, "").split())


@cache
def _facts() -> Mapping[str, Mapping[str, Any]]:
    return facts("managers")


@cache
def _managers() -> dict[str, str]:
    every = _facts().items()
    return {program: name for name, one in every for program in one["programs"].split()}


@cache
def _manager(name: str) -> Manager:
    return Manager(name, _facts()[name])


class Package(Record):
    """A package that a command names.

    ``kind`` is ``package``, ``file``, ``url``, ``git``, ``list`` (a file that lists packages),
    ``removed``, or ``unknown`` if a variable decides. ``version`` is what comes behind the name, with
    its operators, or the reference of a Git repository; ``is_pinned`` says whether it, or what
    else is written, may decide the version.
    """

    word: Word
    kind: Kind
    name: str
    version: str = ""
    is_pinned: bool = True


class PackageCommand:
    """One command of a package manager.

    ``manager`` has its facts; ``name`` is the program, without a version. ``verb`` is the word
    that says what to do, ``action`` its meaning by those facts, and ``operands`` are what
    follows it.
    """

    def __init__(
        self, call: Call, name: str, manager: Manager, arguments: Arguments, action: str, at: int
    ) -> None:
        self.call = call
        self.name = name
        self.manager = manager
        self.action = action
        self.arguments = arguments
        self.operands = arguments.operands[at:]
        self.verbs: Sequence[Word] = arguments.operands[:at]

    @classmethod
    def of(cls, call: Call) -> PackageCommand | None:
        """Return the command of a package manager that a command is, if it is one."""
        program = call.program
        if program is None:
            return None
        name = unversioned(program.name)
        if name in _INTERPRETERS or name in _managers():
            return _read(call)
        return None

    @property
    def verb(self) -> Word:
        """Return the word that says what to do; the program's name if there is none."""
        if self.verbs:
            return self.verbs[-1]
        program = self.call.program
        assert program is not None
        return program.word

    @property
    def title(self) -> str:
        """Return the program and what it is to do."""
        return " ".join((self.name, *(word.value or "" for word in self.verbs)))

    @property
    def only_shows(self) -> bool:
        """Return whether it changes nothing in the image."""
        return self.flag("shows")

    def flag(self, key: str) -> bool:
        """Return whether it has one of the options that the facts list under a key."""
        names = self.manager.words(key)
        return any(flag.name in names for flag in self.arguments.flags)

    @property
    def is_idle(self) -> bool:
        """Return whether it is an installation of nothing, which changes nothing."""
        return self.action == "install" and not self.operands and not self.flag("repairs")

    @property
    def may_have_options(self) -> bool:
        """Return whether a word may be an option, for a variable begins it."""
        program = self.call.program
        return program is not None and any(not word.head for word in program.words)

    @property
    def confirming(self) -> str:
        """Return the option that answers questions."""
        return "--noconfirm" if self.manager.name == "pacman" else "-y"

    def known_as(self, ids: Mapping[str, str]) -> tuple[str, ...]:
        """Return those ids of other linters that are about the program."""
        return tuple(one for one, programs in ids.items() if self.name in programs.split())

    @lazy_property
    def packages(self) -> Sequence[Package]:
        """Return the packages that an installation names, in order."""
        if self.action not in ("install", "inject", "run", "local"):
            return ()
        types = self.manager.words("types")
        if any(one.name in types and one.value != "package" for one in self.arguments.flags):
            return ()
        return [*self._by_options(), *self._by_operands()]

    @property
    def unpinned(self) -> Sequence[Package]:
        """Return the packages that surely have no version."""
        if self.flag("pins"):
            return ()
        return [one for one in self.packages if not one.is_pinned]

    def _by_options(self) -> Iterator[Package]:
        sources, lists = self.manager.words("sources"), self.manager.words("lists")
        for flag in self.arguments.flags:
            if flag.source is not None and flag.name in lists:
                yield Package(flag.source, "list", flag.value or "")
            elif flag.source is not None and flag.name in sources:
                git = flag.name == "--git"
                yield read_package(self.manager, flag.source, flag.value, is_git=git)

    def _by_operands(self) -> Sequence[Package]:
        operands, name = self.operands, self.manager.name
        if self.action == "run":
            operands = operands[:1]
        elif self.action == "inject":
            operands = operands[1:]
        elif name == "cargo" and self.flag("sources"):
            operands = []  # parts of the source
        found: list[Package] = []
        for word in operands:
            if self.verbs and self.verbs[0].value == "module":
                found.append(_module(word))
            elif name == "composer" and found and not found[-1].version and "/" not in word.raw:
                # `vendor/package 1.0`
                version = word.value or word.raw
                found[-1] = found[-1].replaced(version=version, is_pinned=True)
            else:
                found.append(read_package(self.manager, word, word.value))
        return found


# Several rules ask about the commands of one file.
@lru_cache(maxsize=64)
def _read(call: Call) -> PackageCommand | None:
    program = call.program
    assert program is not None
    name = unversioned(program.name)
    if name in _INTERPRETERS:
        program = _as_module(program)
        name = program.name if program is not None else ""
    if program is None or name not in _managers():
        return None
    manager = _manager(_managers()[name])
    if manager.is_system and program.is_of_project:
        return None
    if manager.name == "pacman":
        from tightship.commands.pacman import read

        return read(call, manager)
    arguments = _arguments(manager, program)
    words = arguments.operands
    action, at = manager.known.get("bare", {}).get(name), 0
    if action == "run" or (action and not words):
        return PackageCommand(call, name, manager, arguments, action, 0)
    for at in (3, 2, 1):
        verb = " ".join(word.value or "$" for word in words[:at])
        if len(words) >= at and verb in manager.actions:
            return PackageCommand(call, name, manager, arguments, manager.actions[verb], at)
    return None


def _as_module(program: Program) -> Program | None:
    """Return the program that `python -m pip` runs."""
    words = program.words
    for at, word in enumerate(words[:-1]):
        if word.value == "-m":
            return Program(words[at + 1].value or "", words[at + 1], words[at + 2 :])
        if not word.head.startswith("-"):
            break
    return None


def _arguments(manager: Manager, program: Program) -> Arguments:
    """Return the arguments: the verb, and what else there is."""
    known, words, dashes = manager.known, program.words, "--"
    if "build_options" in known:
        end = next((at for at, word in enumerate(words) if word.value == "--"), len(words))
        words = words[:end]
    elif "one_dash" in known:
        dashes = "-"
    if words and words[0].head.startswith("+"):  # `cargo +nightly`
        words = words[1:]
    program = Program(program.name, program.word, words)
    if "global" not in known:
        return program.arguments(manager.valued, dashes=dashes)
    valued = manager.words("global")
    before = program.arguments(valued, mixed=False)
    if not before.operands:
        return before
    verb, *rest = before.operands
    after = Program(program.name, verb, rest).arguments(manager.valued)
    # The same letter has another meaning there.
    flags = [flag for flag in before.flags if flag.name not in valued]
    return Arguments([*flags, *after.flags], [verb, *after.operands])


def read_package(
    manager: Manager, word: Word, value: str | None, *, is_git: bool = False
) -> Package:
    """Return a package as a manager reads it."""
    if not value:
        return Package(word, "unknown", _split(manager, word.head)[0])
    kind, name, version, given = _place(manager, value), "", "", ""
    if kind == "package":
        name, version = _split(manager, value)
        given = version.lstrip(_OPERATORS)
        if given != version and (":" in given or "/" in given):
            kind = _place(manager, given)  # `name @ git+https://…`, `name@file:folder`
            value = given
    if is_git or kind == "git":
        url, reference = _at_reference(manager, value)
        is_pinned = bool(reference) and reference not in _MOVING
        return Package(word, "git", name or url, reference, is_pinned)
    if kind != "package":
        return Package(word, kind, name or value)
    has_digit = any(map(str.isdigit, given))
    is_pinned = has_digit if "tags" in manager.known else bool(given)
    return Package(word, "package", name, version, is_pinned)


def _module(word: Word) -> Package:
    """Return a module of dnf, `name:stream/profile`, whose stream is its version."""
    if not word.value:
        return Package(word, "unknown", word.head)
    name, _, stream = word.value.partition(":")
    return Package(word, "package", name, stream, bool(stream))


def _place(manager: Manager, value: str) -> Kind:
    """Return what a word is by its form alone."""
    known = manager.known
    if value.startswith(tuple(known.get("git", "").split()) or "\0"):
        return "git"
    if value.startswith(_FILES) or value in (".", ".."):
        return "file"
    scheme, is_url, _ = value.partition("://")
    if is_url and scheme.replace("+", "").isalnum():
        return "git" if "shorthand" in known and value.endswith(".git") else "url"
    if value.endswith(tuple(known["files"].split()) or "\0"):
        return "file"
    if value.startswith("!") or (value.endswith("-") and manager.name == "apt"):
        return "removed"
    if "/" in value.partition("@")[0].partition("#")[0]:
        if "shorthand" in known:
            return "git"
        if "paths" in known:
            return "file"
    if value[0] == "@" and "dashed" in known:
        return "unknown"  # a group, or a module with its default stream
    if "dotted" in known and "." not in value.partition("/")[0]:
        return "file"
    return "package"


def _at_reference(manager: Manager, value: str) -> tuple[str, str]:
    """Return the address of a repository of Git, and the tag, branch or commit behind it."""
    value = value.partition("#egg=")[0].partition("#subdirectory=")[0]
    sign = manager.known.get("reference", "#")
    # `git+ssh://git@host/path@tag`
    start = value.find("/", value.find("://") + 3) if sign == "@" else 0
    path, _, reference = value[start:].partition(sign)
    return value[:start] + path, reference


def _split(manager: Manager, value: str) -> tuple[str, str]:
    """Return the name of a package, and the rest with its operator."""
    known = manager.known
    value = value.partition(";")[0].rstrip()
    start = 1 if value[:1] == "@" else 0
    found = [at for sign in known["separators"] if (at := value.find(sign, start)) > 0]
    at = min(found, default=len(value))
    if at == len(value) and "dashed" in known:
        at = _dash(value)
    name, version = value[:at], value[at:]
    if manager.name == "apt":
        name = name.partition(":")[0].rstrip("+")
    elif manager.name == "apk":  # `name@repository`
        name = name.partition("@")[0]
    elif manager.name in ("zypper", "pacman"):  # `repository:name`, `repository/name`
        name = name[max(name.rfind(":"), name.rfind("/")) + 1 :]
    return name.partition("[")[0].rstrip(), version


def _dash(value: str) -> int:
    """Return where the version of `name-version` or `name-version-release` begins.

    Facts from dnf(8), specifying packages. Part of a name may look like a version, as in
    ``java-11-openjdk``, but then a word follows it.
    """
    places = [at for at, sign in enumerate(value[:-1]) if sign == "-"]
    found = len(value)
    for at in reversed(places[-2:]):
        if not (value[at + 1].isdigit() or value[at + 1] in "*~^"):
            break
        found = at
    return found
