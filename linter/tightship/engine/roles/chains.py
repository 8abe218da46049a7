"""The commands in the files of a repository that merge Compose files or build images.

Scripts, Makefiles, CI, settings, documentation, comments and lists in code are read; nothing
is run. Files that mention Compose are parsed at once, and those that only mention builds when
somebody asks what they build. Each of them is parsed once.
"""

from __future__ import annotations

import os
import posixpath

from tightship.engine.roles.calls import Call
from tightship.engine.roles.documents import (
    chains_in_comments,
    chains_in_devcontainer,
    chains_in_document,
    chains_in_dotenv,
    chains_in_justfile,
    chains_in_lines,
)
from tightship.engine.roles.image_builds import builds_of
from tightship.engine.roles.invocation import Origin
from tightship.engine.roles.literals import chains_in_literals
from tightship.engine.roles.makefile import Makefile
from tightship.engine.roles.shell import Shell
from tightship.engine.roles.tree import is_image, upwards
from tightship.lazy import lazy_property, regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.engine.roles.calls import Found
    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.role import Chain
    from tightship.engine.roles.tree import Text, Tree

    Reader = Callable[[Origin, str], Iterable[Found]]

_MOST_PLACES = 50  # of one invocation in one file
_SHEBANG = regex(r"#!.{0,60}\b(?:ba|da|z|k|a)?sh\b")
_COMPOSE = regex(r"(?m)^services:[ \t]*+(?:#.*)?$")
_CI = regex(
    r"(?:.*/)?\.(?:github|gitea|forgejo|circleci|buildkite|woodpecker|gitlab)/.*|"
    r"(?:.*/)?(?:\.gitlab-ci.*|azure-pipelines.*|\.drone|\.travis|\.woodpecker|appveyor|"
    r"bitbucket-pipelines|cloudbuild.*)\.ya?ml"
)
_RUNS = regex(r"(?:.*/)?(?:package|composer|deno|tasks|\.?[Tt]askfile.*)\.(?:jsonc?|ya?ml)")
# The kinds of files, those first that decide most; each with the pattern of its names.
_KINDS: tuple[tuple[str, str], ...] = (
    ("dotenv", r"(?:.*/)?(?:\.env|\.envrc|[^/]*\.env|\.?env)(?:[.-][^/]*)?"),
    ("makefile", r"(?:.*/)?(?:(?:GNU)?[Mm]akefile(?:\.[\w-]+)?|[^/]*\.mk|[^/]*\.mak)"),
    ("devcontainer", r"(?:.*/)?\.?devcontainer\.json"),
    ("structure", r"(?!.*\bpnpm-lock\.).*\.ya?ml|(?:.*/)?(?:package|composer|deno|tasks)\.jsonc?"),
    ("shell", r".*\.(?:sh|bash|zsh|ksh|bats|command)"),
    ("just", r"(?:.*/)?\.?[Jj]ustfile|.*\.just"),
    ("script", r"(?:.*/)?[^./][^./]*"),
    ("document", r".*\.(?:md|mdx|markdown|rst|txt|adoc|asciidoc|org|html)"),
    ("lines", r"(?:.*/)?(?:Jenkinsfile.*|[^/]*\.(?:jenkinsfile|toml|ini|cfg|service|ps1|bat|cmd|"
     r"fish|groovy|gradle|kts|nix|bzl|hcl|example|dist|sample))"),
    ("code", r".*\.(?:go|py|[cm]?[jt]sx?|rb|java|kt|rs|php|cs|scala|ex|exs|pl)"),
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
                    if first is not one and len(first.also) < _MOST_PLACES:
                        kept[_key(name, one)] = first.replaced(also=(*first.also, one.evidence))
        return [_native(one) for one in kept.values()]

    @lazy_property
    def builds(self) -> list[ImageBuild]:
        """Return the builds of images; code that builds them is not followed."""
        tree, calls = self._tree, list[Call]()
        for name, kind in self._files if tree.images else ():
            is_read = kind != "code" and (
                kind != "structure" or _RUNS.fullmatch(name) or is_ci(name)
            )
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
            origin = _origin(self._tree, name, kind).replaced(only_builds=not text.may_merge)
            self._found[name] = [*_READERS[kind](origin, text.text)]
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
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind, _ in _KINDS}
    for name in names:
        kind = kind_of(name)
        if kind is not None:
            found[kind].append((name, kind))
    return [one for every in found.values() for one in every]


def kind_of(name: str) -> str | None:
    """Return the kind of a file by its name, if files of this name are read."""
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(name)), None)


_PATTERNS = [(kind, regex(pattern)) for kind, pattern in _KINDS]


def is_ci(name: str) -> bool:
    """Return whether a file, by its name, is a definition of CI."""
    return _CI.fullmatch(name) is not None


def _origin(tree: Tree, name: str, kind: str) -> Origin:
    bases = ("",) if is_ci(name) else upwards(posixpath.dirname(name))
    is_text = kind in ("document", "code", "lines")
    return Origin(
        tree,
        name,
        "documents" if is_text else "runs",
        "document" if is_text else "command",
        bases,
        is_ci(name),
        has_calls=kind != "code" and bool(tree.images),
    )


def _told(origin: Origin) -> Origin:
    return origin.replaced(does="documents", kind="document")


def _in_structure(origin: Origin, text: str) -> Iterator[Found]:
    if is_ci(origin.name) or not _COMPOSE.search(text):
        from tightship.engine.roles.structured import chains_in_structure

        yield from chains_in_structure(origin, text)
    yield from chains_in_comments(_told(origin), text)


def _in_shell(origin: Origin, text: str) -> Iterator[Found]:
    shell = Shell(origin)
    shell.run(text)
    yield from shell.finish()
    yield from chains_in_comments(_told(origin), text)


def _in_script(origin: Origin, text: str) -> Iterator[Found]:
    """Yield the chains of a file without an ending: a script, if its first line says so."""
    if _SHEBANG.match(text):
        yield from _in_shell(origin, text)
    else:
        yield from chains_in_lines(_told(origin), text)


def _in_makefile(origin: Origin, text: str) -> Iterator[Found]:
    yield from Makefile(origin).chains(text)
    yield from chains_in_comments(_told(origin), text)


def _in_lines(origin: Origin, text: str) -> Iterator[Found]:
    if origin.name.endswith(".hcl") and origin.has_calls:
        from tightship.engine.roles.steps import calls_of_bake

        yield from calls_of_bake(origin, text)
    yield from chains_in_lines(origin, text)


def _in_code(origin: Origin, text: str) -> Iterator[Found]:
    yield from chains_in_literals(origin.replaced(does="runs", kind="command"), text)
    yield from chains_in_lines(origin, text)


_READERS: dict[str, Reader] = {
    "dotenv": chains_in_dotenv,
    "makefile": _in_makefile,
    "devcontainer": chains_in_devcontainer,
    "structure": _in_structure,
    "shell": _in_shell,
    "just": chains_in_justfile,
    "script": _in_script,
    "document": chains_in_document,
    "lines": _in_lines,
    "code": _in_code,
}
