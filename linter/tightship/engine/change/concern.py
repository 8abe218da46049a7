"""Whether a change can concern anything that is checked, by names and a few texts alone.

Most changes edit code and documents that no project reads: then nothing is judged. A project
reads a file only where a text has its name: its own text, or that of a script that it copies.
A role depends on names, on texts that call Compose or build images, and on tests that name
a Compose file. Whatever this does not exclude is left to the judgement.
"""

from __future__ import annotations

import os
import posixpath

from tightship.engine.disk.git_tree import LINK
from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import holds, real_path
from tightship.engine.plan.candidates import language_of
from tightship.engine.plan.config_files import NAMES
from tightship.engine.plan.named import language_in
from tightship.engine.roles.tree import mentions_builds, mentions_compose
from tightship.lazy import TYPE_CHECKING, regex
from tightship.values.compose_name import OVERRIDE_NAMES
from tightship.values.secret_file import IN_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.disk.git_tree import UndoneChange

_MOST_CHANGED = 1_000
_YAML = ("yml", "yaml")
_FOLDER = "040000"  # the mode of a folder
_REGULAR = "100"  # how the mode of a file begins that is no link
_BESIDE = (".env", *OVERRIDE_NAMES)
_INCLUDES = regex(r"\b(?:include|extends)\b")
# A sign of a name as an escape of YAML or of a shell, in small letters.
_ESCAPE = regex(r"\\(?:(?:x|u00|u000000)[2-7][0-9a-f]|0?(?:0[4-7]|1[0-7])[0-7])")
_WORD = regex(r"[\w.+@/-]+")
_MOST_INCLUDED = 1_000
_PLAIN = regex(r"(?a)[\w+@-][\w.+@-]*\.[\w-]+")  # surely a text has it as it is
# What may call something, may be read by such a file, has settings, or is a template.
_CALLERS = regex(
    r"(?i)bash|bats|bzl|bazel|cmd|container|dash|dist|(?:docker|container)(?:file|ignore)|env|example"
    r"|fish|hcl|in|inc|ini|j2|jinja2?|just|kube|ksh|m4|mak|make|mk|nix|ps1|sample|service|sh"
    r"|te?mpl(?:ate)?|toml|tpl|ya?ml|zsh"
)
_TELLING = regex(
    r"(?i)makefile|dockerfile|containerfile|compose|justfile|jenkinsfile|readme|bake|devcontainer"
    r"|\A(?:modules\.txt|installed\.json|config\.json|tightship.*)\Z"
)
# The begin of a file of variables, which a command may name: a name, and perhaps its value.
_VARIABLES = regex(
    rb"(?:\xef\xbb\xbf)?(?:[ \t\r\f\v]*+(?:#[^\n]*+)?\n)*+[ \t]*+(?:export[ \t]+)?[\w.-]++[ \t]*+[=:]"
)
# A name with the value of a variable in it: what is before that, and after.
_VALUE = r"(?:\$\{[^}\s]*+\}|\$\w++)"
_WITH_VALUE = regex(rf"([\w.+@-]*){_VALUE}((?:[\w.+@-]*{_VALUE})*)([\w.+@-]*)")


class Ours:
    """The files of a work tree that a run may read, by their names in a commit."""

    def __init__(self, top: str, listing: Iterable[str]) -> None:
        """Look at the long listing of a commit."""
        self._top = top
        self._folders: dict[str, str] = {}  # without links
        self._lines = [line for line in listing if not line.startswith(_FOLDER)]

    def may_concern(self, change: UndoneChange, named: Iterable[str]) -> bool:
        """Return whether a change may concern any of them, one ``named``, or the role of one."""
        changed = [*change.entries]
        if not changed:
            return False
        if len(changed) > _MOST_CHANGED or any(_is_telling(path, change) for path in changed):
            return True
        text, mains = self._text(named)
        text, lasts = text.lower(), {os.path.basename(one).lower() for one in changed}
        if (
            "front-ends" in text
            or _ESCAPE.search(text)
            or any(map(text.__contains__, lasts))
            or _may_mean(text, lasts)
        ):
            return True
        return any(_calls(path, change, mains, declares=True) for path in changed)

    def _text(self, named: Iterable[str]) -> tuple[str, set[bytes]]:
        """Return all that the files say, and the last names of those that are Compose's.

        Links lead elsewhere, and Git may ignore an override file. Scripts say something if
        they are named.
        """
        mains, folders, texts = set[bytes](), set[str](), list[str]()
        names, scripts, links = self._telling()
        paths = [*map(self._path, names), *named]
        seen = {*paths}
        texts += (os.readlink(one) for one in map(self._path, links) if os.path.islink(one))
        for path in paths:
            data = self._data(path)
            if data is None:
                continue
            is_other = path.endswith((".yml", ".yaml")) and b"services" not in data
            language = language_of(os.path.basename(path))
            if is_other and language is None:
                continue
            folders.add(os.path.dirname(path))
            texts.append(data.decode("utf-8", "replace"))
            if language != "dockerfile":
                mains.add(os.fsencode(os.path.basename(path)))
                texts += self._included(os.path.dirname(path), texts[-1], seen)
        texts += self._read(os.path.join(one, name) for one in folders for name in _BESIDE)
        fresh, left = texts, scripts
        while found := _named_in("\0".join(fresh), left):
            left = [*{*left}.difference(found)]
            fresh = [*self._read(map(self._path, found))]
            texts += fresh
        return "\0".join(texts), mains

    def _telling(self) -> tuple[list[str], list[str], list[str]]:
        """Return the names of files that may be ours by their names, of scripts, and of links."""
        names, scripts, links = list[str](), list[str](), list[str]()
        for line in self._lines:
            last = line.rpartition("/")[2]
            last = _name(line) if len(last) == len(line) else last
            ending = last.rpartition(".")[2]
            if ending in _YAML or "erfile" in last.lower() or last in NAMES:
                names.append(_name(line))
            elif ending in (last, "sh", "bash"):
                scripts.append(_name(line))
            if line.startswith(LINK):
                links.append(_name(line))
        return names, scripts, links

    def _included(self, folder: str, text: str, seen: set[str]) -> Iterator[str]:
        """Yield the texts that a Compose file may include or extend, whatever their names are.

        ``seen`` are the paths of those that somebody else reads.
        """
        pending, most = [(folder, text)], len(seen) + _MOST_INCLUDED
        for above, one in pending:
            words = _WORD.findall(one) if _INCLUDES.search(one) else ()
            for path in (os.path.normpath(os.path.join(above, word)) for word in words):
                if path in seen or not holds(self._top, path) or len(seen) > most:
                    continue
                seen.add(path)
                for found in self._read([path] if os.path.isfile(path) else ()):
                    pending.append((os.path.dirname(path), found))
                    yield found

    def _path(self, name: str) -> str:
        return os.path.join(self._top, os.path.normpath(name))

    def _read(self, places: Iterable[str]) -> Iterator[str]:
        found = map(self._data, places)
        return (data.decode("utf-8", "replace") for data in found if data is not None)

    def _data(self, path: str) -> bytes | None:
        """Return the bytes of a file; a link is followed inside of the work tree."""
        folder, last = os.path.split(path)
        real = os.path.join(self._real(folder), last)
        data = read_regular(real) if holds(self._top, real) else None
        if isinstance(data, Refusal) and os.path.islink(real):
            real = real_path(real)
            data = read_regular(real) if holds(self._top, real) else None
        return None if isinstance(data, Refusal) else data

    def _real(self, folder: str) -> str:
        """Return a folder without links; most are below one that was asked about before."""
        if folder not in self._folders:
            above, last = os.path.split(folder)
            real = os.path.join(self._real(above), last) if last else folder
            self._folders[folder] = real_path(real) if os.path.islink(real) else real
        return self._folders[folder]


def _name(line: str) -> str:
    """Return the name in a line of a long listing."""
    return line.partition("\t")[2]


def _named_in(text: str, names: Iterable[str]) -> list[str]:
    """Return the names of which a text may have the last part."""
    words = "\0".join({*_WORD.findall(text)})
    lasts = ((one, posixpath.basename(one)) for one in names)
    return [one for one, last in lasts if last in words or not _WORD.fullmatch(last)]


def _is_telling(path: str, change: UndoneChange) -> bool:
    """Return whether a changed file may decide something by its name, or is no usual file."""
    last, entry = os.path.basename(path), change.entries[path]
    is_usual = _PLAIN.fullmatch(last) and not _TELLING.search(last) and last not in IN_FOLDERS
    if not is_usual or _CALLERS.fullmatch(last.rpartition(".")[2]):
        return True
    if (entry is not None and not entry.mode.startswith(_REGULAR)) or os.path.islink(path):
        return True
    return os.path.isdir(path) or not os.path.isdir(os.path.dirname(path))


def _may_mean(text: str, names: Iterable[str]) -> bool:
    """Return whether a text may mean one of some names with the value of a variable."""
    around = {(one[1], one[3]) for one in _WITH_VALUE.finditer(text) if any(one.groups())}
    return any(
        one.startswith(head) and one.endswith(tail) for head, tail in around for one in names
    )


def is_silent(path: str, change: UndoneChange) -> bool:
    """Return whether a file calls nothing, before a change and after, and is there in both."""
    last, is_kept = os.path.basename(path), change.entries[path] is not None
    is_caller = not _PLAIN.fullmatch(last) or _CALLERS.fullmatch(last.rpartition(".")[2])
    is_usual = language_of(last) is not None or not is_caller
    is_file = is_kept and change.is_there(path) and not change.is_folder(path)
    return is_file and is_usual and not _calls(path, change)


def _calls(
    path: str, change: UndoneChange, mains: Iterable[bytes] = (), *, declares: bool = False
) -> bool:
    """Return whether a file calls something, or names a Compose file, before a change or after.

    With ``declares``, a Compose file, a Dockerfile and variables of any name count, too.
    """
    before, after = change.content(path), change.now(path)
    if before is None and change.entries[path] is not None:
        return True
    return any(
        mentions_compose(one)
        or mentions_builds(one)
        or any(map(one.__contains__, mains))
        or (declares and (language_in(one) is not None or _VARIABLES.match(one)))
        for one in (before, after)
        if isinstance(one, bytes) and b"\0" not in one
    )
