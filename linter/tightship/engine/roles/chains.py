"""The commands in the files of a repository that merge Compose files or build images.

Who asks about a Compose file gets the commands near it: in texts of its folder, of the folders
above, and of folders for scripts, CI and documents there. A text is read once, searched for the
word Compose, and parsed only if it may name the file. The whole repository is searched for
builds of images, since what no command pushes is a statement about all of them, and for files
that nothing near them completes. `frontends/invocations` parses the texts; nothing is run.
"""

from __future__ import annotations

import os
import posixpath

from tightship.engine.roles.image_builds import builds_of
from tightship.engine.roles.tree import is_image, upwards
from tightship.frontends.invocations.found import Call, Evidence, Words
from tightship.frontends.invocations.kinds import found_in, has_tasks, is_ci, kind_of
from tightship.frontends.invocations.origin import Origin
from tightship.lazy import TYPE_CHECKING, lazy_property, regex
from tightship.syntax.shell.text import UNKNOWN
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.tree import Tree
    from tightship.frontends.invocations.found import Chain, Found

_TOLD = frozenset(("markdown", "document", "code", "lines", "unit"))
_BETWEEN = frozenset("-_.")
_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
_OPENERS = frozenset("${}<>%")
_LONGEST = 200  # characters of a name
_PARTS = frozenset("-_./*")
_MOST_PLACES = 50  # of one invocation in one file
# The kinds of files that are read, those first that decide most.
_KINDS = (
    "dotenv", "makefile", "devcontainer", "structure", "shell", "just", "script", "markdown",
    "document", "unit", "lines", "code",
)  # fmt: skip
# Folders whose scripts, jobs and documents are about the files around them, with the number of
# levels that have some; code in them is about itself.
_FOR_CALLERS = {
    **dict.fromkeys(("docs", "doc", "documentation", "tests", "test", "e2e", "build", "tools"), 1),
    **dict.fromkeys(("docker", ".docker", "compose", "deploy", "dev", "tool", "tasks"), 1),
    **dict.fromkeys(("scripts", "script", "bin", "hack", "ci", ".ci", "make", "mk"), 2),
    **dict.fromkeys((".github", ".gitea", ".forgejo", ".gitlab", ".circleci", ".buildkite"), 3),
    **dict.fromkeys((".woodpecker", ".devcontainer", ".vscode"), 3),
}
# A name that is put together, beside a variable, a wildcard or an expression, or in another file.
# A pattern with a known beginning is found many times as fast as one with several.
_IN_PARTS = (
    regex(r"[$)}*?\]%>][\w.-]*y[a*?]*ml\b"),
    regex(r"\.(?:ya?)?\$"),
    regex(r"compose[\w.-]{0,200}[$*{<%]"),
    regex(r"source(?<=\bsource)[ \t]"),
    regex(r"\.(?<![\w./]\.)[ \t]+[\"'$\w./]"),
)
_INCLUDE = regex(r"(?m)^[ \t]*-?s?include[ \t]")


class Commands:
    """The commands in the files of a tree: chains of Compose files, and builds of images.

    Each file is read and parsed once, when somebody asks what may be in it. What is left out is
    in ``unread`` of the tree.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._callers: dict[str, list[_Caller]] = {}
        self._texts = dict[str, "_Caller"]()
        self._building = set[str]()

    def naming(self, name: str) -> list[Chain]:
        """Return the chains near a Compose file that name it."""
        near = (one for folder in upwards(posixpath.dirname(name)) for one in self._at(folder))
        return self._of(name, near)

    def naming_anywhere(self, name: str) -> list[Chain]:
        """Return the chains in all texts of the repository that name a file."""
        return self._of(name, self._everywhere)

    def has_read(self, name: str) -> bool:
        """Return whether a text was searched, or included by one that was."""
        is_built = "builds" in self.__dict__
        return is_built or name in self._texts or self._tree.has_included(name)

    def has_command(self, name: str) -> bool:
        """Return whether a text that was searched may have a command."""
        found = self._texts.get(name)
        merges = found is not None and found.text != ""
        return merges or name in self._building or self._tree.has_included(name)

    @property
    def chains(self) -> list[Chain]:
        """Return the chains of all texts of the repository."""
        return _in_order(self._everywhere, lambda _: True)

    @lazy_property
    def builds(self) -> list[ImageBuild]:
        """Return the builds of images; code that builds them is not followed."""
        tree, calls = self._tree, list[Call]()
        for name in tree.every_name if tree.images else ():
            kind = self._kind_of_builder(name)
            text = tree.building(name) if kind is not None else None
            if kind is not None and text is not None:
                self._building.add(name)
                calls += (one for one in self._found(name, kind, text) if isinstance(one, Call))
        # What is not followed may push an image: then nothing is known of any.
        return [] if tree.is_spent else builds_of(tree, calls)

    def releases(self, name: str) -> bool:
        """Return whether CI, a script or a Makefile builds a Dockerfile, and pushes its image."""
        path, folder = self._tree.path(name), posixpath.dirname(name)
        for one in dict.fromkeys((*self._near(""), *self._near(folder))):
            kind = self._kind_of_builder(one)
            if kind in (None, "document", "markdown"):
                continue
            text = self._tree.building(one) or ""
            if "push" in text and (posixpath.basename(folder) in text):
                found = self._found(one, kind, text)
                calls = [call for call in found if isinstance(call, Call)]
                built = builds_of(self._tree, calls)
                if any(each.is_pushed is not False and path in each.dockerfiles for each in built):
                    return True
        return False

    def _kind_of_builder(self, name: str) -> str | None:
        """Return the kind of a file, if it may build an image: code is not followed."""
        kind = kind_of(name)
        if kind == "code" or is_image(name):
            return None
        is_run = kind != "structure" or has_tasks(name) or is_ci(name)
        return kind if is_run else None

    def _of(self, name: str, callers: Iterable[_Caller]) -> list[Chain]:
        path, mention = self._tree.path(name), _Mention(name)
        return _in_order(
            (one for one in callers if one.leads_anywhere or mention.may_be_in(one.name, one.text)),
            lambda chain: path in chain.files,
        )

    def _at(self, folder: str) -> list[_Caller]:
        """Return the texts right in a folder that may merge files, and in those for scripts."""
        if folder not in self._callers:
            self._callers[folder] = [*filter(None, map(self._caller, self._near(folder)))]
        return self._callers[folder]

    def _near(self, folder: str) -> list[str]:
        """Return the names of the files right in a folder, and in those for scripts there."""
        names = self._tree.names
        found = names.files_in(folder)
        pending = [(one, _levels(one)) for one in names.folders_in(folder)]
        for below, levels in pending:
            if levels > 0:
                found += (one for one in names.files_in(below) if kind_of(one) != "code")
            if levels > 1:
                pending += ((one, levels - 1) for one in names.folders_in(below))
        return found

    @lazy_property
    def _everywhere(self) -> list[_Caller]:
        return [*filter(None, map(self._caller, self._tree.every_name))]

    def _caller(self, name: str) -> _Caller | None:
        kind = kind_of(name)
        if kind is None:
            return None
        if name not in self._texts:
            is_script = kind in ("shell", "script", "makefile")
            text = self._tree.merging(name, is_script=is_script)
            self._texts[name] = _Caller(name, kind, text or "", self._found)
        found = self._texts[name]
        return found if found.text else None

    def _found(self, name: str, kind: str, text: str, *, merges: bool = False) -> list[Found]:
        """Return the commands in a file; ``merges`` if only those of Compose are looked for."""
        origin = _origin(self._tree, name, kind, text, builds=not merges)
        origin = origin.replaced(only_builds=not merges and "ompose" not in text.lower())
        found = [*found_in(origin, kind, text)]
        if origin.has_calls and name.endswith(".hcl"):
            found += _calls_of_bake(origin, text)
        return found


class _Caller:
    """A text that may merge Compose files; it is parsed when its chains are asked for."""

    def __init__(self, name: str, kind: str, text: str, find: Callable[..., list[Found]]) -> None:
        self.name = name
        self.text = text
        self.rank = _KINDS.index(kind), name.count("/"), name
        self._kind = kind
        self._find = find

    @lazy_property
    def leads_anywhere(self) -> bool:
        """Return whether it may have names in parts, or in other files."""
        if self._kind in _TOLD:
            return _has_placeholder(self.text)
        if any(one.search(self.text) for one in _IN_PARTS):
            return True
        return "include" in self.text and _INCLUDE.search(self.text) is not None

    @lazy_property
    def chains(self) -> list[Chain]:
        """Return each chain once, with the other places that have it."""
        kept = dict[object, "Chain"]()
        for one in self._find(self.name, self._kind, self.text, merges=True):
            if not isinstance(one, Call):
                first = kept.setdefault(_key(one), one)
                said = {(it.place, it.message) for it in (first.evidence, *first.also)}
                is_new = (one.evidence.place, one.evidence.message) not in said
                if is_new and len(first.also) < _MOST_PLACES:
                    kept[_key(one)] = first.replaced(also=(*first.also, one.evidence))
        return [*map(_native, kept.values())]


def _in_order(callers: Iterable[_Caller], asks: Callable[[Chain], bool]) -> list[Chain]:
    """Return the chains that somebody asks for, those first that decide most."""
    ranked = sorted({one.name: one for one in callers}.values(), key=lambda one: one.rank)
    return [chain for one in ranked for chain in one.chains if asks(chain)]


def _levels(folder: str) -> int:
    return _FOR_CALLERS.get(posixpath.basename(folder).lower(), 0)


class _Mention:
    """How a text may name a Compose file."""

    def __init__(self, name: str) -> None:
        self._folder, self._last = posixpath.split(name)
        self._is_usual = self._last in MAIN_NAMES or self._last in OVERRIDE_NAMES
        breaks = (at for at, sign in enumerate(self._last) if sign in _BETWEEN)
        self._ends = [self._last[at + after :] for at in breaks for after in (0, 1)]

    def may_be_in(self, name: str, text: str) -> bool:
        """Return whether a text may name the file: with its name, without one, or in parts."""
        if self._last in text or any(_stands_alone(end, text) for end in self._ends):
            return True
        above = posixpath.dirname(name)
        is_below = above == self._folder or above.startswith(f"{self._folder}/")
        return self._is_usual and (
            is_below or not self._folder or posixpath.basename(self._folder) in text
        )


def _has_placeholder(text: str) -> bool:
    """Return whether a text for people, which may be a megabyte, has a name with a part to fill in."""
    return any(
        text[max(0, at - _LONGEST) : at].rstrip(_NAME)[-1:] in _OPENERS
        for ending in (".yml", ".yaml")
        for at in _places(ending, text)
    ) or any(
        text[at : at + _LONGEST].lstrip(_NAME)[:1] in _OPENERS for at in _places("compose", text)
    )


def _places(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _stands_alone(end: str, text: str) -> bool:
    """Return whether the end of a name is a value of its own in a text: `EXT=yml`."""
    for at in _places(end, text):
        before, after = text[at - 1 : at], text[at + len(end) : at + len(end) + 1]
        if not (before.isalnum() or before in _PARTS or after.isalnum()):
            return True
    return False


def chains(tree: Tree) -> list[Chain]:
    """Return each chain that a file of a tree has, once."""
    return Commands(tree).chains


def _native(chain: Chain) -> Chain:
    """Return a chain with the paths that the system has, which may have other slashes."""
    if os.sep == "/":
        return chain
    above = chain.project_directory
    return chain.replaced(
        files=tuple(map(os.path.normpath, chain.files)),
        directory=os.path.normpath(chain.directory),
        env_files=tuple(map(os.path.normpath, chain.env_files)),
        project_directory=above and os.path.normpath(above),
    )


def _key(chain: Chain) -> object:
    options = chain.env_files, chain.profiles, chain.name, chain.project_directory
    return chain.files, chain.is_whole, chain.directory, options


def _origin(tree: Tree, name: str, kind: str, text: str, *, builds: bool) -> Origin:
    bases = ("",) if is_ci(name) else upwards(posixpath.dirname(name))
    is_text = kind in _TOLD
    return Origin(
        tree,
        name,
        "documents" if is_text else "runs",
        "document" if is_text else "command",
        bases,
        [text],
        is_ci(name),
        images=tree.images if builds and kind != "code" else (),
    )


def _calls_of_bake(origin: Origin, text: str) -> Iterator[Call]:
    """Yield the builds of a file of `docker buildx bake`, by the defaults of its variables."""
    from tightship.frontends.bake.targets import targets_of
    from tightship.syntax.hcl.read import read
    from tightship.values.hcl.scope import Scope

    bodies = [read(Source(origin.name, text)).body]
    for target in targets_of(bodies, Scope(bodies)):
        if "dockerfile-inline" in target.values:
            continue
        found = [target.values.get(key) for key in ("context", "dockerfile")]
        folder, file = ("" if one is None else one.shown or UNKNOWN for one in found)
        options = {"push": [UNKNOWN]} | ({"file": [posixpath.join(folder, file)]} if file else {})
        line = target.key.source.point(target.key.start)[0] + 1
        evidence = Evidence(f"{origin.name}:{line}", f"{origin.does} target `{target.name}`")
        yield origin.call(Words("build", options, (folder or ".",)), evidence, origin.bases)
