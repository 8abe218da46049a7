"""The commands in the files of a repository that merge Compose files or build images.

Scripts, Makefiles, CI, settings, documentation, comments and lists in code are read; nothing
is run. Files that mention Compose are parsed at once, and those that only mention builds when
somebody asks what they build. Each of them is parsed once.
"""

from __future__ import annotations

import os
import posixpath

from tightship.engine.roles.image_builds import builds_of
from tightship.engine.roles.tree import is_image, upwards
from tightship.frontends.invocations.found import Call, Evidence, Words
from tightship.frontends.invocations.kinds import has_tasks, is_ci, kind_of
from tightship.frontends.invocations.origin import Origin
from tightship.frontends.invocations.reader import found_in
from tightship.lazy import lazy_property
from tightship.syntax.shell.text import UNKNOWN
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.tree import Text, Tree
    from tightship.frontends.invocations.found import Chain, Found

    Reader = Callable[[Origin, str], Iterable[Found]]

_TOLD = frozenset(("markdown", "document", "code", "lines", "unit"))
_MOST_PLACES = 50  # of one invocation in one file
# The kinds of files that are read, those first that decide most.
_KINDS = (
    "dotenv", "makefile", "devcontainer", "structure", "shell", "just", "script", "markdown",
    "document", "unit", "lines", "code",
)  # fmt: skip


class Commands:
    """The commands in the files of a tree: chains of Compose files, and builds of images.

    Each file is parsed once, when somebody asks for what it may have. What is left out is in
    ``unread`` of the tree.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._found = dict[str, list["Found"]]()

    def has_command(self, name: str) -> bool:
        """Return whether a file has a command, or may have one and was not parsed."""
        return bool(self._found.get(name, self._tree.may_have_command(name)))

    @lazy_property
    def chains(self) -> list[Chain]:
        """Return each chain of a file once."""
        kept = dict[object, "Chain"]()
        for name, kind in self._files:
            for one in self._in(name, kind) if self._text(name, kind).may_merge else ():
                if not isinstance(one, Call):
                    first = kept.setdefault(_key(name, one), one)
                    said = {(it.place, it.message) for it in (first.evidence, *first.also)}
                    is_new = (one.evidence.place, one.evidence.message) not in said
                    if is_new and len(first.also) < _MOST_PLACES:
                        kept[_key(name, one)] = first.replaced(also=(*first.also, one.evidence))
        return [_native(one) for one in kept.values()]

    @lazy_property
    def builds(self) -> list[ImageBuild]:
        """Return the builds of images; code that builds them is not followed."""
        tree, calls = self._tree, list[Call]()
        for name, kind in self._files if tree.images else ():
            is_read = kind != "code" and (kind != "structure" or has_tasks(name) or is_ci(name))
            if is_read and not is_image(name) and self._text(name, kind).may_build:
                calls += (one for one in self._in(name, kind) if isinstance(one, Call))
        # What is not followed may push an image: then nothing is known of any.
        return [] if tree.is_spent else builds_of(tree, calls)

    @lazy_property
    def _files(self) -> list[tuple[str, str]]:
        return _by_kind(self._tree.names)

    def _text(self, name: str, kind: str) -> Text:
        return self._tree.text(name, is_script=kind in ("shell", "script", "makefile"))

    def _in(self, name: str, kind: str) -> list[Found]:
        """Return the commands in a file."""
        if name not in self._found:
            text = self._text(name, kind)
            origin = _origin(self._tree, name, kind, text.text).replaced(
                only_builds=not text.may_merge
            )
            self._found[name] = [*found_in(origin, kind, text.text)]
            if origin.has_calls and name.endswith(".hcl"):
                self._found[name] += _calls_of_bake(origin, text.text)
            self._tree.drop(name)
        return self._found[name]


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


def _key(name: str, chain: Chain) -> object:
    options = chain.env_files, chain.profiles, chain.name, chain.project_directory
    return name, chain.files, chain.is_whole, chain.directory, options


def _by_kind(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the names of files that are read, in the order of their kinds."""
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in _KINDS}
    for name in names:
        kind = kind_of(name)
        if kind is not None:
            found[kind].append((name, kind))
    return [one for every in found.values() for one in every]


def _origin(tree: Tree, name: str, kind: str, text: str) -> Origin:
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
        images=() if kind == "code" else tree.images,
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
