"""Finds the Compose files and Dockerfiles that no name shows, by the texts that name them.

A script, a Makefile, a definition of CI or a document names a file as the value of an option, or
of a variable. What is there is read if it holds services or begins as a Dockerfile does: its name
and its folder do not matter.
"""

from __future__ import annotations

import os
from functools import partial
from itertools import islice

from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import holds, is_ignored_folder, real_path
from tightship.engine.plan.candidates import Candidate, language_of
from tightship.engine.plan.scope import SkippedFile
from tightship.engine.roles.compose_text import holds_services
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from tightship.engine.plan.scope import Scope

    Reader = Callable[[str], bytes | Refusal | None]

_DOCUMENTS = (".md", ".markdown", ".mdx", ".rst", ".adoc", ".html")  # may show services
_MOST_PLACES, _MOST_INCLUDED = 16_000, 20  # in one text
_BEFORE = 60  # bytes of a command before an option
_PATH = rb"[\"']?((?:\$[({]?\w++[)}]?/)?+[\w.+@-][^\s\0\"'`;|&<>(){}$,\\]*+)"
# Each pattern begins with a character that is looked for many times as fast as a class of them.
_OPTION = rb"-(?<![\w-]-)(?:f|-file|c|-compose-file)(?:[ \t]++|=)"
_NAMED = (regex(_OPTION + _PATH), regex(rb"ile[\"']?:[ \t]++" + _PATH))
_LIST = regex(rb"COMPOSE_FILE[\"']?(?:=|:[ \t])[\"']?([^\s\0\"'`;|&<>(){}$]++)")
# An option with the value of a variable, and what may be that value.
_BY_VARIABLE = (
    regex(_OPTION + rb"[\"']?\$"),
    regex(rb"\$[({]?\w*(?i:compose|file|args|flags|opts)"),
)
_VALUES = (regex(rb"=[ \t]*" + _PATH), regex(rb":-" + _PATH))
_FOLDERS = (
    regex(rb"cd(?<![\w-]cd)[ \t]+" + _PATH),
    regex(rb"pushd[ \t]+" + _PATH),
    regex(rb"-C[ \t]*" + _PATH),
    regex(rb"irectory[\"']?[:=][ \t]*" + _PATH),
)
# Who removes or tests a file does not use it.
_NO_USE = regex(rb"(?:\b(?:rm|test|grep|tail|cut)|\[)[ \t]+(?:-\w+[ \t]+|![ \t]+)*\Z")
_INCLUDED = regex(rb"(?m)^[ \t]*+(?:-?s?include|source|\.)[ \t]++[\"']?([\w.+/-]++)")
_INCLUDES = regex(rb"(?m)^include:[ \t]*+(?:\r?$|[\[#])")
# Python begins with `from`, too.
_DOCKERFILE = regex(
    rb"(?i)(?:[ \t\r]*+(?:#[^\n]*+)?\n)*+[ \t]*+(?:ARG[ \t]|FROM[ \t]++(?![^\n]*\bimport\b))"
)


def is_searched(name: str) -> bool:
    """Return whether a search looks at a file, by its name."""
    *folders, last = name.split("/")
    is_yaml = last.endswith((".yml", ".yaml")) and last[0] != "."
    return not any(map(is_ignored_folder, folders)) and (is_yaml or language_of(last) is not None)


def named_in(path: str, data: bytes, root: str, read: Reader) -> Iterator[Candidate | SkippedFile]:
    """Yield what a text names that no search finds by its name.

    What may be one of these, and is not read, is a skipped file.

    Args:
        path: the absolute path of the text.
        data: its bytes.
        root: the folder below which files are read.
        read: gives the bytes of a file.

    """
    for place in places_in(path, data, root, read):
        if isinstance(place, SkippedFile):
            yield place
            continue
        found = read(place)
        if isinstance(found, Refusal):
            if found.reason in ("too-large", "not-readable"):
                yield SkippedFile(place, found.reason, f"{os.path.basename(path)} names it")
            continue
        if not found:
            continue
        language = None if place.endswith(_DOCUMENTS) else language_in(found)
        if language is not None and _calls(data, language):
            yield Candidate(place, "side", None, language, by=(path,))


def _calls(data: bytes, language: str) -> bool:
    """Return whether a text may call Compose, or build an image, as a file of a language asks."""
    from tightship.engine.roles.tree import mentions_builds, mentions_compose

    return mentions_compose(data) if language == "compose" else mentions_builds(data)


def language_in(data: bytes) -> str | None:
    """Return the language of a file of any name, by its text."""
    if holds_services(data) or _INCLUDES.search(data):
        return "compose"
    return "dockerfile" if _DOCKERFILE.match(data) else None


def only_includes(path: str, data: bytes, root: str, read: Reader) -> bool:
    """Return whether a YAML file has no services, and includes a file below a root that has."""
    if b"include:" not in data or not _INCLUDES.search(data):
        return False
    from tightship.syntax.yaml.nodes import Scalar, walk  # rare
    from tightship.syntax.yaml.read import read as read_yaml
    from tightship.text import Source

    stream = read_yaml(Source(path, data.decode("utf-8", "replace")))
    values = (one.value for one in walk(stream.root) if isinstance(one, Scalar))
    places = {os.path.normpath(os.path.join(os.path.dirname(path), one)) for one in values}
    inside = (one for one in sorted(places) if one != path and holds(root, one))
    texts = (read(one) for one in inside if real_path(os.path.dirname(one)) == os.path.dirname(one))
    return any(isinstance(one, bytes) and language_in(one) == "compose" for one in texts)


def unknown(
    named: Iterable[Candidate | SkippedFile],
    found: Iterable[Candidate | Refusal],
    is_left_out: Callable[[str], bool],
    scope: Scope | None = None,
) -> Iterator[Candidate]:
    """Yield what texts name and no search has found, each file once; ``scope`` takes the rest."""
    known = {one.path for one in found if isinstance(one, Candidate)}
    more = dict[str, Candidate]()
    for one in named:
        path = one.path
        if isinstance(one, SkippedFile):
            if scope is not None and not is_left_out(path):
                scope.leave(one)
        elif path in more:
            more[path].by += one.by
        elif path not in known and not is_left_out(path):
            more[path] = one
    for _, one in sorted(more.items()):
        yield one


def read_there(path: str) -> bytes | Refusal | None:
    """Return the bytes of a file on the disk; most of those asked for do not exist."""
    return read_regular(path) if os.path.lexists(path) else None


def places_in(path: str, data: bytes, root: str, read: Reader) -> Iterator[str | SkippedFile]:
    """Yield the paths below a root that a text, or what it includes, may mean, each once.

    A text that names too many of them is a skipped file.
    """
    bases = dict.fromkeys((os.path.dirname(path), root))
    included = dict.fromkeys(os.fsdecode(one[1]) for one in _INCLUDED.finditer(data))
    inside = (one for one in _joined(included, bases, ("",)) if holds(root, one))
    texts = filter(None, (one for one in map(read, inside) if isinstance(one, bytes)))
    data = b"\n".join((data, *islice(texts, _MOST_INCLUDED)))
    names = dict.fromkeys(_names(data))
    folders = _folders(data) if names else {}
    number = len(names) * len(bases) * (len(folders) + 1)
    if number > _MOST_PLACES or next(texts, None) is not None:
        yield SkippedFile(path, "too-large", "it names too many files and folders to find them all")
    for place in _joined(names, bases, ("", *folders)):
        if holds(root, place) and place != path:
            yield place


def places_of(name: str, path: str, data: bytes, root: str) -> Iterator[str]:
    """Yield the paths below a root that a name in a text may mean."""
    found = _joined([name], (os.path.dirname(path), root), ("", *_folders(data)))
    return filter(partial(holds, root), found)


def _folders(data: bytes) -> dict[str, None]:
    """Return the folders that a text enters, or gives to a program."""
    return dict.fromkeys(_plain(one[1]) for each in _FOLDERS for one in each.finditer(data))


def _joined(names: Iterable[str], bases: Collection[str], inside: Sequence[str]) -> dict[str, None]:
    every = ((base, folder, one) for one in names for base in bases for folder in inside)
    near = islice(every, _MOST_PLACES)
    return dict.fromkeys(os.path.normpath(os.path.join(*one)) for one in near)


def _names(data: bytes) -> Iterator[str]:
    """Yield the names in a text with which no search finds a file."""
    for one in (one for each in _NAMED for one in each.finditer(data)):
        if not _NO_USE.search(data, max(0, one.start() - _BEFORE), one.start()):
            yield from _unsearched(one[1])
    for one in _LIST.finditer(data):
        for each in one[1].replace(b";", b":").replace(b",", b":").split(b":"):
            yield from _unsearched(each)
    if any(one.search(data) for one in _BY_VARIABLE):
        for one in (one for each in _VALUES for one in each.finditer(data)):
            if _is_file(one[1]):
                yield from _unsearched(one[1])


def _is_file(value: bytes) -> bool:
    """Return whether a value looks like the name of a file: most are others."""
    ending = value.rpartition(b".")[2]
    is_path = b"/" in value or (b"." in value and ending[:1].isalpha())
    is_whole = value[-1:].isalnum() or value.endswith((b"_", b"-"))
    return is_path and is_whole and b":" not in value and b"=" not in value


def _unsearched(name: bytes) -> Iterator[str]:
    if name and not is_searched(plain := _plain(name)):
        yield plain


def _plain(name: bytes) -> str:
    """Return a path without a variable for the folder that it begins with."""
    return os.fsdecode(name.partition(b"/")[2] if name.startswith(b"$") else name)
