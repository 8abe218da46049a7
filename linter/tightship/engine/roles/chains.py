"""The invocations of Compose that the files of a repository contain or describe.

Scripts, Makefiles, CI, settings, documentation, comments and lists in code are read; nothing
is run. Only files that mention Compose are parsed.
"""

from __future__ import annotations

import os
import posixpath

from tightship.engine.roles.documents import (
    chains_in_comments,
    chains_in_devcontainer,
    chains_in_document,
    chains_in_dotenv,
    chains_in_justfile,
    chains_in_lines,
)
from tightship.engine.roles.invocation import Origin
from tightship.engine.roles.literals import chains_in_literals
from tightship.engine.roles.makefile import Makefile
from tightship.engine.roles.shell import Shell
from tightship.engine.roles.tree import upwards
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.engine.roles.role import Chain
    from tightship.engine.roles.tree import Tree

    Reader = Callable[[Origin, str], Iterable[Chain]]

_MOST_PLACES = 50  # of one invocation in one file
_SHEBANG = regex(r"#!.{0,60}\b(?:ba|da|z|k|a)?sh\b")
_COMPOSE = regex(r"(?m)^services:[ \t]*+(?:#.*)?$")
_CI = regex(
    r"(?:.*/)?\.(?:github|gitea|forgejo|circleci|buildkite|woodpecker|gitlab)/.*|"
    r"(?:.*/)?(?:\.gitlab-ci.*|azure-pipelines.*|\.drone|\.travis|\.woodpecker|appveyor|"
    r"bitbucket-pipelines|cloudbuild.*)\.ya?ml"
)
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


def chains(tree: Tree) -> list[Chain]:
    """Return each chain that a file of a tree has, once; what is left out is in ``unread``."""
    found = dict[object, "Chain"]()
    for name, kind in _by_kind(tree.names):
        is_kept = kind in ("dotenv", "makefile", "shell")
        read = tree.known_text if is_kept else tree.text
        text = read(name, is_script=kind in ("shell", "script", "makefile"))
        if not text:
            continue
        for chain in _READERS[kind](_origin(tree, name, kind), text):
            first = found.setdefault(_key(name, chain), chain)
            if first is not chain and len(first.also) < _MOST_PLACES:
                found[_key(name, chain)] = first.replaced(also=(*first.also, chain.evidence))
    return [_native(one) for one in found.values()]


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
        tree, name, "documents" if is_text else "runs", "document" if is_text else "command", bases
    )


def _told(origin: Origin) -> Origin:
    return origin.replaced(does="documents", kind="document")


def _in_structure(origin: Origin, text: str) -> Iterator[Chain]:
    if is_ci(origin.name) or not _COMPOSE.search(text):
        from tightship.engine.roles.structured import chains_in_structure

        yield from chains_in_structure(origin, text)
    yield from chains_in_comments(_told(origin), text)


def _in_shell(origin: Origin, text: str) -> Iterator[Chain]:
    shell = Shell(origin)
    shell.run(text)
    yield from shell.finish()
    yield from chains_in_comments(_told(origin), text)


def _in_script(origin: Origin, text: str) -> Iterator[Chain]:
    """Yield the chains of a file without an ending: a script, if its first line says so."""
    if _SHEBANG.match(text):
        yield from _in_shell(origin, text)
    else:
        yield from chains_in_lines(_told(origin), text)


def _in_makefile(origin: Origin, text: str) -> Iterator[Chain]:
    yield from Makefile(origin).chains()
    yield from chains_in_comments(_told(origin), text)


def _in_code(origin: Origin, text: str) -> Iterator[Chain]:
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
    "lines": chains_in_lines,
    "code": _in_code,
}
