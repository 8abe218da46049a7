"""Finds the files that declare containers, other than Compose files, where settings ask for them."""

from __future__ import annotations

import os

from tightship.engine.disk.regular import Refusal, is_binary, read_regular
from tightship.engine.disk.root import holds
from tightship.engine.plan.candidates import COMMANDS, Candidate, language_of
from tightship.engine.plan.named import is_searched, places_of
from tightship.engine.plan.scope import SkippedFile
from tightship.engine.roles.compose_text import holds_services
from tightship.frontends.invocations.kinds import NAMES, mentions
from tightship.frontends.names import MAIN_BAKE, is_bake
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from tightship.engine.plan.scope import Does
    from tightship.text import Span

_ENGINES = (*(one.encode() for one in NAMES), b"ENGINE")
# One of them is in each text that declares a container, in upper or lower case.
_MARKS = (*_ENGINES, b"container", b"services", b"mage", b"[Container]", b"[Pod]", b"[Kube]")
_LARGEST_PARSED = 50_000  # bytes
# A unit that is a template, or one of several in a file.
_UNIT = regex(r"\.(?:container|kube|pod)\.[a-z0-9]+\Z|\.quadlets\Z")
_SECTION = regex(rb"(?m)^[ \t]*+(\[(?:Container|Kube|Pod)\])")
_LOOKED_FOR = frozenset((COMMANDS, "actions", "bake", "devcontainer", "quadlet"))
_DECLARED = regex(
    r"(?:\.container|\.kube|/\.?devcontainer\.json|bake[^/]*\.(?:json|hcl)|/workflows/[^/]+\.ya?ml|/action\.ya?ml)\Z"
)
# A command at the beginning of a line, behind what a shell, make, YAML or a unit has before it.
_COMMAND = (
    rb"(?m)^[ \t]*+(?:Exec\w++[ \t]*+=[ \t]*+)?+(?:-[ \t]++)?+(?:\w++:[ \t]*+)?+[\"'@+!:-]*+[ \t]*+"
    rb"(?:(?:sudo|exec|time|if|then|else|do|!|command|env|nohup)[ \t]++(?:-[-\w=]++[ \t]++)*+"
    rb"|[A-Za-z_]\w*+=(?:\"[^\"\n]*+\"|'[^'\n]*+'|[^\s\"';|&()]*+)[ \t]++)*+"
    rb"(?:/usr/(?:local/)?bin/)?+("
)
_ENGINE = rb"(?:docker|podman(?:-remote)?|nerdctl|finch)[ \t]++(?:--?[\w=.-]++[ \t]++)*+"
_START = regex(_COMMAND + _ENGINE + rb"(?:container[ \t]++)?+(?:run|create)[ \t])")
_BUILD = regex(_COMMAND + _ENGINE + rb"(?:(?:buildx|image)[ \t]++)?+build[ \t])")
# An invocation of Compose, and the files that it names before its verb.
_COMPOSE = regex(
    _COMMAND.replace(b"^", rb"^(?:[^\n|&;#']*+(?:[|&]{1,2}|;))*?", 1)
    + rb"(?:(?:docker|podman|nerdctl)[ \t]++compose|(?:docker|podman)-compose)"
    rb"[ \t](?:\\\r?\n|[^\n;&|#]|(?<=\S)#)*+|docker[ \t]++stack[ \t]++deploy[ \t](?:\\\r?\n|[^\n;&|#]|(?<=\S)#)*+)"
)
_UP = regex(rb"[ \t](?:create|run|start|up|watch)(?![\w.-])")
_STACK = regex(rb"docker[ \t]+stack[ \t]")
_NAMED = regex(rb"[ \t](?:-[cf]|--(?:compose-)?file)(?:[ \t]++|=)[\"']?([^\s\"'$]++)")
# A task of Ansible, or another thing of YAML that runs a command.
_TASK = regex(
    rb"(?m)^[ \t-]*+(?:[\w.]+\.)?(?:argv|cmds?|commands?|entry|run|runcmd|script|shell|(?:docker|podman)_\w+)[\"']?:"
)
# A value or a line of TOML and INI that is a command: others are for people.
_DATA = (".toml", ".ini", ".cfg")
_VALUE = regex(
    rb"(?m)^[ \t]*+(?:[\w.\"'-]++[ \t]*+=[ \t]*+)?+[\[{\"' \t]*+(?:sudo[\"', \t]++)?+"
    rb"((?:docker|podman|nerdctl|finch)[\"', \t]++(?:--?[\w=.-]++[\"', \t]++)*+"
    rb"(?:compose[\"', \t][^\n]*?\bup|(?:container[\"', \t]++)?+(?:run|create))\b)"
)
_HEREDOC = regex(
    rb"<<-?[ \t]*[\"'\\]?(\w++)[\"']?[^\n]*+\n(?:[^\n]*+\n){0,200}?[ \t]*+\1[ \t\r]*+(?:\n|\Z)"
)
# Before a command: what may make it a text that is printed.
_MAY_BE_TEXT = regex(rb"<<|\\\r?\n[ \t]*+\Z|'[^'\n]*\n[^']*\Z")


def declaring_files(
    names: Mapping[str, Iterable[str]],
    folders: Sequence[str],
    front_ends_of: Callable[[str], Collection[str]],
    is_left_out: Callable[[str], bool],
    read: Callable[[str], bytes | Refusal] = read_regular,
) -> Iterator[Candidate]:
    """Yield the files below some folders of a repository that may declare containers.

    Args:
        names: the files of each repository by its root, relative, with ``/``.
        folders: the folders that are searched.
        front_ends_of: returns what the settings for a path ask for.
        is_left_out: returns whether to leave a path out.
        read: gives the bytes of an absolute path.

    """
    for path, asked, found in _with_front_ends(names, folders, front_ends_of, read):
        if not found.isdisjoint(asked) and not is_left_out(path):
            yield Candidate(path, "side", None, COMMANDS)


def _with_front_ends(
    names: Mapping[str, Iterable[str]],
    folders: Sequence[str],
    front_ends_of: Callable[[str], Collection[str]],
    read: Callable[[str], bytes | Refusal] = read_regular,
) -> Iterator[tuple[str, Collection[str], set[str]]]:
    """Yield paths, each with what is asked for there, and what its file may need."""
    for root, name in ((root, name) for root, found in names.items() for name in sorted(found)):
        path = os.path.join(root, name)
        if language_of(os.path.basename(name)) is not None:
            continue
        if not any(holds(one, path) for one in folders) or not (asked := front_ends_of(path)):
            continue
        data = read(path)
        if isinstance(data, Refusal):
            is_gone = data.reason == "missing" or (
                os.path.islink(path) and not os.path.isfile(path)
            )
            if not is_gone and _is_run(path) and not is_binary(path):
                yield path, asked, {*asked}  # its judgement says why it is not read
            continue
        if not is_bake(name) and not any(mark in data for mark in _MARKS):
            continue
        yield path, asked, front_ends_for(name, data)


class Unasked:
    """Looks for what surely starts containers, in files that nobody asked to read.

    Bytes are searched, and a file is parsed only where that leaves it open. A document does not
    start anything by itself.
    """

    def __init__(self, front_ends_of: Callable[[str], Collection[str]]) -> None:
        """Begin; ``front_ends_of`` returns what the settings for a path ask for."""
        self._front_ends_of = front_ends_of

    def look(self, path: str, data: bytes) -> SkippedFile | None:
        """Return a file as one that is not read, if it starts containers or builds images."""
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):  # as PowerShell writes them
            data = data.decode("utf-16", "replace").encode()
        data = data.removeprefix(b"\xef\xbb\xbf")
        if path.endswith(_DATA) or (_UNIT.search(path) and _SECTION.search(data)):
            return _in_values(path, data)
        is_declared, is_yaml = _DECLARED.search(path) is not None, path.endswith((".yml", ".yaml"))
        is_run = is_declared or _is_run(path)
        if not (is_run or is_yaml):
            return None
        marks = _MARKS if is_declared else _ENGINES if is_run else _ENGINES[:2]  # YAML is much
        if not any(mark in data for mark in marks) or not (is_run or _TASK.search(data)):
            return None
        asked = self._front_ends_of(path)
        does: Does
        if not is_declared and _is_sure(data, found := _command(_START, data)):
            does, line, front_ends = "starts", _line(data, found), {COMMANDS}
            read_by = front_ends if _is_script(path, data) else set[str]()
        else:
            is_open = is_declared or (is_yaml and is_run)
            if not is_open and not mentions(data.decode("latin-1")):
                return None
            read_by = front_ends_for(path, data) & _LOOKED_FOR
            front_ends = read_by.difference(asked)
            does, line = _first(path, data, front_ends) if front_ends or not read_by else ("", 0)
        if not does or read_by & front_ends & {*asked}:
            return None
        what = "starts containers" if does == "starts" else "builds images"
        if read_by.isdisjoint(front_ends):
            why = f"it {what}, and no front end reads it"
            return SkippedFile(path, "other-name", why, does=does, line=line)
        asks = ", ".join(f'"{one}"' for one in sorted(front_ends))
        why = f"it {what}: `front-ends = [{asks}]` asks for it"
        asked_for = sorted(front_ends)
        return SkippedFile(path, "not-asked-for", why, does=does, line=line, front_ends=asked_for)


def _in_values(path: str, data: bytes) -> SkippedFile | None:
    """Return a file of values, or a unit of an unusual name, if it starts containers."""
    found = _command(_VALUE, data) if path.endswith(_DATA) else _SECTION.search(data)
    why = "it starts containers, and no front end reads it"
    return found and SkippedFile(path, "other-name", why, does="starts", line=_line(data, found))


def loads(
    path: str, data: bytes, root: str, exists: Callable[[str], bool] = os.path.lexists
) -> Iterator[SkippedFile]:
    """Yield what a command in a file starts from a file that no search below a root finds."""
    if not (b"compose" in data or b"stack" in data) or not _is_run(path):
        return
    for found in _commands(_COMPOSE, data, b"compose", b"stack"):
        words = found[1]
        verb = _UP.search(words)
        end = len(words) if _STACK.match(words) else verb.start() if verb is not None else 0
        if not end or not _is_sure(data, found):
            continue
        for one in _NAMED.finditer(words, 0, end):
            name, line = os.fsdecode(one[1]), _line(data, found)
            is_near = name[0] != "/" and "://" not in name
            if is_near and is_searched(name):
                continue
            place = next(filter(exists, places_of(name, path, data, root)), path)
            why = f"{os.path.basename(path)}, line {line}, starts what `{name}` declares"
            at = line if place == path else 0
            yield SkippedFile(place, "other-name", why, does="starts", line=at, by=path)


def _command(pattern: re.Pattern[bytes], data: bytes) -> re.Match[bytes] | None:
    """Return the first command of an engine that a pattern matches."""
    return next(_commands(pattern, data, b"docker", b"podman", b"nerdctl", b"finch"), None)


def _commands(pattern: re.Pattern[bytes], data: bytes, *words: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the commands that a pattern matches, of which each begins in a line with a word."""
    starts = set[int]()
    for word in words:
        at = data.find(word)
        while at >= 0:
            starts.add(data.rfind(b"\n", 0, at) + 1)
            end = data.find(b"\n", at)
            at = data.find(word, end) if end >= 0 else -1
    found = (pattern.match(data, start) for start in sorted(starts))
    yield from (one for one in found if one is not None)


def _is_run(path: str) -> bool:
    """Return whether the commands in a file are run: other YAML and JSON may have any texts."""
    from tightship.frontends.invocations.kinds import MARKDOWN, has_tasks, is_ci, kind_of

    kind = kind_of(path)
    if kind in (MARKDOWN, "document"):
        return False
    return kind != "structure" or is_ci(path) or has_tasks(path)


def _is_script(path: str, data: bytes) -> bool:
    from tightship.frontends.invocations.kinds import script_kind_of

    return script_kind_of(path, data.decode("utf-8", "replace")) is not None


def _is_sure(data: bytes, found: re.Match[bytes] | None) -> bool:
    """Return whether a command surely is one, and no part of a text."""
    if found is None:
        return False
    before = _HEREDOC.sub(b"", data[: found.start(1)])
    return not _MAY_BE_TEXT.search(before) and before.count(b'"') % 2 == 0


def _line(data: bytes, found: re.Match[bytes] | None) -> int:
    return data.count(b"\n", 0, found.start(1)) + 1 if found is not None else 0


def _first(path: str, data: bytes, front_ends: Collection[str]) -> tuple[Does, int]:
    """Return what a file does that nobody reads, and the first line that does it, or may do it."""
    if front_ends == {COMMANDS} and not mentions(data.decode("latin-1"), builds=False):
        built = _command(_BUILD, data)
        if _is_sure(data, built):
            return "builds", _line(data, built)
    from tightship.engine.disk.files import Files
    from tightship.frontends.declared import declare
    from tightship.frontends.invocations.account import MAY, unaccounted
    from tightship.model.file_project import FileProject
    from tightship.text import Source

    source = Source(path, data.decode("utf-8", "replace"))
    project = FileProject(source, Files(os.path.dirname(path)))
    if front_ends and (len(data) <= _LARGEST_PARSED or COMMANDS not in front_ends):
        declare(project, front_ends)
    else:
        project.gaps += unaccounted(source, (), (), is_whole=True)
    is_manifest = path.endswith(".kube")  # which no front end follows
    may: Does = "starts" if mentions(data.decode("latin-1"), builds=False) else "builds"
    every: tuple[tuple[Does, Iterable[Span]], ...] = (
        ("starts", (one.span for one in project.services.values())),
        ("builds", (one.span for one in project.images.values())),
        (
            "starts" if is_manifest else may,
            (x.span for x in project.gaps if is_manifest or x.reason.startswith(MAY)),
        ),
    )
    for does, places in every:
        lines = [one.source.point(one.start)[0] + 1 for one in places if one.source.name == path]
        if lines:
            return does, min(lines)
    return "", 0


def bake_files_above(
    path: str, root: str, exists: Callable[[str], bool] = os.path.lexists
) -> Iterator[Candidate]:
    """Yield the bake files of usual names that may build a Dockerfile, up to a root."""
    folder = os.path.dirname(path)
    while True:
        found = next((one for one in MAIN_BAKE if exists(os.path.join(folder, one))), None)
        if found is not None:
            yield Candidate(os.path.join(folder, found), "side", None, COMMANDS)
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return
        folder = above


def front_ends_for(name: str, data: bytes) -> set[str]:
    """Return the front ends that may find something in a file, by its name and its text."""
    from tightship.frontends.invocations.kinds import script_kind_of, uses_engine
    from tightship.frontends.names import has_section, is_devcontainer, is_workflow

    text = data.decode("utf-8", "replace")
    kind = script_kind_of(name, text)
    if kind in (None, "structure") and holds_services(data):
        return set()
    found = set[str]()
    if is_bake(name) and b"target" in data:
        found.add("bake")
    if is_workflow(name, text):
        found.add("actions")
    if is_devcontainer(name):
        found.add("devcontainer")
    if has_section(name, text):
        found.add("quadlet")
    if kind is not None and uses_engine(text):
        found.add("documents" if kind == "markdown" else COMMANDS)
    return found
