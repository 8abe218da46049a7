"""An invocation of Compose in the words of a command, and the chain of files that it merges."""

from __future__ import annotations

import posixpath
from functools import lru_cache

from tightship.frontends.invocations.found import ARGUMENTS, Call, Chain, Evidence
from tightship.frontends.invocations.words import mentioned_in, mentions_engine, split, words_in
from tightship.lazy import Record, regex
from tightship.syntax.shell.text import UNKNOWN
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES
from tightship.values.secret_text import secrets_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.frontends.invocations.found import Kind, Repository, Words
    from tightship.frontends.invocations.words import Invocation

    Paths = Sequence[str | None]

_VERBS = frozenset((
    "attach", "build", "config", "convert", "create", "down", "events", "exec", "images", "kill",
    "logs", "pause", "port", "ps", "pull", "push", "restart", "rm", "run", "scale", "start",
    "stats", "stop", "top", "unpause", "up", "wait", "watch",
))  # fmt: skip
_UNRESOLVED = regex(r"[\0\1*?\[\]{}$`]|\A(?:-\Z|~|[a-z]+://|oci:)|\A\Z")
_LONGEST = 160
_PATH = regex(r"(?<![\w./$)}*%\0-])[\w./-]+\.ya?ml\b")
_MOST_MATCHES = 40
_MOST_EXACT = 4  # lists of files with an unknown part of a name, if each is meant


class Origin(Record):
    """Where invocations are read: a file of a tree, and what it does with them.

    ``does`` begins the sentence of the evidence, as ``runs`` or ```make up` runs``.
    ``bases`` are the folders to which paths may be relative, the likeliest first, and ``texts``
    those of the file and of what it includes. ``is_ci`` is true for a definition of CI, and
    ``only_builds`` if the file does not mention Compose. ``images`` are the Dockerfiles, if
    builds are looked for.
    """

    tree: Repository
    name: str
    does: str
    kind: Kind
    bases: tuple[str, ...]
    texts: list[str]
    is_ci: bool = False
    images: Sequence[str] = ()
    only_builds: bool = False

    @property
    def has_calls(self) -> bool:
        """Return whether commands of an engine are looked for."""
        return bool(self.images)

    @property
    def told(self) -> Origin:
        """Return this origin for what the text tells people to run."""
        return self.replaced(does="documents", kind="document")

    def mentions(self, text: str) -> bool:
        """Return whether a text may have a command that is looked for, before it is parsed."""
        return mentioned_in(text) or (self.has_calls and mentions_engine(text))

    def included(self, name: str, *, is_script: bool = False) -> str:
        """Return the text of a file that this one includes.

        Files that only build images are followed for builds alone: they are many, and long.
        """
        found = self.tree.included(name, is_script=is_script)
        text = found.text if found.may_merge or self.only_builds else ""
        self.texts.append(text)
        return text

    def calls(
        self, words: Sequence[str], line: int, folders: tuple[str, ...] | None
    ) -> Iterator[Call]:
        """Yield the command of an engine in the words of a command, if there is one."""
        found = words_in(words) if self.has_calls else None
        if found is not None:
            yield self.call(found, self.evidence(words, line), folders)

    def call(
        self, words: Words, evidence: Evidence, folders: tuple[str, ...] | None = ("",)
    ) -> Call:
        """Return a command of an engine that is read here."""
        return Call(words, folders, evidence, self.kind, self.is_ci)

    def chains(
        self,
        words: Sequence[str],
        found: Invocation,
        line: int,
        folders: tuple[str, ...] | None = None,
    ) -> Iterator[Chain]:
        """Yield the chains of an invocation; there is none if it names and finds no files.

        ``folders`` are those in which the command may run, or none if that is unknown.
        """
        options, files, bases = found.options, found.files, folders or self.bases
        if not files and found.is_whole:
            files = self._usual_files(bases) if self._is_usual(found) else []
            if not files or folders is None:
                return
        base, ways = resolved(self.tree, files, bases, self.texts)
        env_files = resolved(self.tree, options.get("env_files", ()), (base,))[1][0]
        directory = resolved(self.tree, options.get("directory", ())[-1:], (base,))[1][0]
        evidence = self.evidence(words, line)
        for paths in ways:
            yield Chain(
                files=tuple(filter(None, paths)),
                evidence=evidence,
                directory=self.tree.path(base),
                env_files=tuple(filter(None, env_files)),
                project_directory=directory[0] if directory else None,
                profiles=tuple(_known(options.get("profiles", ()))),
                name=next(_known(options.get("name", ())[-1:]), None),
                is_whole=found.is_whole and self._is_whole(paths, ways, folders),
                kind=self.kind,
                is_stack=found.is_stack,
                has_base=found.has_base and bool(paths and paths[0]) and _is_one(ways),
                proposed=_proposed(files, paths),
            )

    def _is_whole(
        self, merged: Paths, ways: Sequence[Paths], folders: tuple[str, ...] | None
    ) -> bool:
        """Return whether a way of some files is certain; in an unknown folder, few are.

        Two files that exist side by side are hardly others of the same names.
        """
        if folders is not None or not _are_exact(ways):
            return _are_exact(ways)
        is_sure = len(merged) > 1 or self.kind == "document"
        return is_sure and all(path and self.tree.has(path) for path in merged)

    def listed(self, files: Sequence[str], evidence: Evidence, kind: Kind) -> Iterator[Chain]:
        """Yield the chains of a list of files, as of ``COMPOSE_FILE``."""
        base, ways = resolved(self.tree, files, self.bases, self.texts)
        for paths in filter(None, ways):  # an empty list names none
            yield Chain(
                files=tuple(filter(None, paths)),
                evidence=evidence,
                directory=self.tree.path(base),
                is_whole=_are_exact(ways),
                kind=kind,
                has_base=paths[0] is not None and _is_one(ways),
                proposed=_proposed(files, paths),
            )

    def setting(self, value: str, separator: str, line: int) -> Iterator[Chain]:
        """Yield the chains of a value of ``COMPOSE_FILE``; the separator may be unknown."""
        evidence = Evidence(f"{self.name}:{line}", f"`COMPOSE_FILE` is `{self._shown([value])}`")
        return self.listed(split(value, separator), evidence, "setting")

    def leave(self, message: str) -> None:
        """Note that a part of the file is not followed."""
        self.tree.leave(self.name, message)

    def evidence(self, words: Sequence[str], line: int) -> Evidence:
        """Return the evidence that a command gives, as far as its words are known."""
        return Evidence(f"{self.name}:{line}", f"{self.does} `{self._shown(words)}`")

    def _shown(self, words: Sequence[str]) -> str:
        shown = " ".join(words).replace(f"{self.tree.root}/", "")
        shown = shown.replace(UNKNOWN, "…").replace(ARGUMENTS, "…").replace("`", "'")
        shown = " ".join(shown.split())
        for start, end in sorted(secrets_in(shown), reverse=True):
            shown = f"{shown[:start]}****{shown[end:]}"
        return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"

    def _is_usual(self, found: Invocation) -> bool:
        """Return whether Compose itself looks for files, and does something with them."""
        return found.verb in _VERBS and "directory" not in found.options and not found.is_stack

    def _usual_files(self, folders: Iterable[str]) -> list[str]:
        """Return the files that Compose finds by itself, unless `.env` names others."""
        names = self.tree.names
        for folder in folders:
            within = posixpath.join(folder, "")
            main = next((one for one in MAIN_NAMES if within + one in names), None)
            if main is not None:
                if "COMPOSE_FILE" in self.tree.included(f"{within}.env").text:
                    return []
                over = (one for one in OVERRIDE_NAMES if within + one in names)
                return [self.tree.path(within + one) for one in (main, *[*over][:1])]
        return []


def _known(values: Iterable[str]) -> Iterator[str]:
    return (one for one in values if UNKNOWN not in one and ARGUMENTS not in one)


def resolved(
    tree: Repository, written: Iterable[str], bases: Sequence[str], texts: Iterable[str] = ()
) -> tuple[str, list[list[str | None]]]:
    """Return the base where most of some paths exist, and the absolute paths.

    There are several lists where parts of the paths are unknown: each is of files that
    exist. A path that is not known, or not below the root, is None. ``texts`` name files that
    an unknown part does not mean.
    """
    written = [one.replace(ARGUMENTS, UNKNOWN) for one in written]
    if not written:
        return bases[0] if bases else "", [[]]

    def existing(base: str) -> int:
        return sum(_name(tree, base, one) in tree.names for one in written)

    best = max(bases or ("",), key=existing)
    paths = [_name(tree, best, one) for one in written]
    holes = [at for at, path in enumerate(paths) if path is None and UNKNOWN in written[at]]
    if not holes and not any(path in tree.names for path in paths):
        holes = [at for at, path in enumerate(paths) if path is not None]
        below = [f"{UNKNOWN}/{posixpath.normpath(written[at])}" for at in holes]
        matches = _matches(tree, below, ())
        matches = matches if len(matches) == 1 else []
    else:
        matches = _matches(tree, [_pattern(tree, best, written[at]) for at in holes], texts)
    ways = list[list["str | None"]]()
    for match in matches or [()]:
        for at, name in zip(holes, match, strict=False):
            paths[at] = name
        ways.append([None if name is None else tree.path(name) for name in paths])
    return best, ways


def _matches(
    tree: Repository, patterns: Sequence[str], texts: Iterable[str]
) -> list[tuple[str, ...]]:
    """Return the names that patterns with unknown parts may mean, all with equal parts.

    An unknown folder is the same in all of them, and so is another unknown part. It is none
    with which the texts name a file, and has no dot, or slash, if others have none.
    """
    found: dict[str, tuple[str, ...]] | None = None
    named = [_paths_in(text) for text in texts if patterns]
    own = set[str]()
    for pattern in patterns:
        known = {part: name for name, part in _each_match(tree, pattern)}
        above = posixpath.dirname(pattern.partition(UNKNOWN)[0])
        for part, name in known.items():
            last = f"/{name[len(above) :].strip('/')}"
            beside = (path for one in named for path in one.get(posixpath.basename(name), ()))
            if any(f"/{path}".endswith(last) for path in beside):
                own.add(part)
        before = dict.fromkeys(known, ()) if found is None else found
        found = {part: (*before[part], known[part]) for part in before if part in known}
    parts = found or {}
    kept = [one for one in parts if one not in own] or [*parts]
    if all(one[:1] != UNKNOWN for one in patterns):
        sign = "/" if any(f"{UNKNOWN}/" in one for one in patterns) else "."
        kept = [one for one in kept if sign not in one] or kept
    return [parts[one] for one in kept][:_MOST_MATCHES]


@lru_cache(maxsize=16)
def _paths_in(text: str) -> dict[str, set[str]]:
    """Return the YAML files that a text names without unknown parts, by their last parts."""
    found: dict[str, set[str]] = {}
    for path in _PATH.findall(text):
        found.setdefault(posixpath.basename(path), set()).add(path)
    return found


def _each_match(tree: Repository, pattern: str) -> Iterator[tuple[str, str]]:
    """Yield each YAML file that a pattern may mean, with what its unknown part is there."""
    head, _, tail = pattern.partition(UNKNOWN)
    head, is_folder = f"/{head}" if head else "", tail[:1] == "/"
    if UNKNOWN in tail or head[:2] in ("//", "/."):
        return
    if not is_folder and not posixpath.basename(head):
        return  # any file of a folder
    above = posixpath.dirname(head[1:])
    for name in tree.yaml_ending(tail[1:]) if is_folder else tree.yaml_in(above):
        part = f"/{name}"[len(head) : -len(tail) or None]
        is_meant = f"{head}{part}{tail}" == f"/{name}" and (is_folder or "/" not in part)
        if is_meant and name in tree.names:  # a file of the index may be gone
            yield name, part


def _are_exact(ways: Sequence[Sequence[str | None]]) -> bool:
    """Return whether each of some lists of files is certain to be meant.

    A file with an unknown part in its name is, and one in an unknown folder is not.
    """
    if any(None in way for way in ways):
        return False
    folders = {tuple(map(posixpath.dirname, filter(None, way))) for way in ways}
    return len(ways) == 1 or (len(folders) == 1 and (len(ways[0]) == 1 or len(ways) <= _MOST_EXACT))


def _is_one(ways: Sequence[Sequence[str | None]]) -> bool:
    """Return whether all of some lists begin with the same file."""
    return len({way[0] for way in ways if way}) < 2


def _proposed(written: Sequence[str], found: Sequence[str | None]) -> frozenset[str]:
    """Return the paths of files that match only by an unknown part of what is written."""
    pairs = zip(written, found, strict=False)
    return frozenset(path for one, path in pairs if path and [*_known([one])] != [one])


def _pattern(tree: Repository, base: str, written: str) -> str:
    """Return a path with unknown parts, relative to the root."""
    written = written.removeprefix(f"{tree.root}/")
    if written[:1] == UNKNOWN or not base:
        return written.removeprefix("./")
    return posixpath.normpath(posixpath.join(base, written))


def _name(tree: Repository, base: str, written: str) -> str | None:
    """Return the name of a path as a command gives it, if it is known and in the tree."""
    below = f"{tree.root}/"
    if written.startswith(below):
        base, written = "", written[len(below) :]
    if _UNRESOLVED.search(written):
        return None
    name = posixpath.normpath(posixpath.join(base, written.replace("\\", "/")))
    is_inside = name[:1] != "/" and name != ".." and not name.startswith("../")
    if not is_inside or name[1:3] == ":/":
        return None
    return "" if name == "." else name
