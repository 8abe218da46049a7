"""The kinds of files that may call Compose or an engine, by their names and first lines."""

from __future__ import annotations

from tightship.frontends.invocations.engines import NAMED, mentions
from tightship.lazy import regex

MARKDOWN = "markdown"
"""The kind of a document whose blocks of commands are known as such."""

_WITH_PLACES = frozenset(("shell", "makefile", "structure", "unit", MARKDOWN))
# These endings decide, whatever comes before them.
_ENDINGS = {
    ending: kind
    for kind, endings in (
        ("code", "go py js jsx ts tsx cjs cjsx cts ctsx mjs mjsx mts mtsx rb java kt rs php cs scala"
                 " ex exs pl"),
        ("structure", "yml yaml"),
        ("shell", "sh bash zsh ksh bats command"),
        (MARKDOWN, "md MD mdx markdown"),
        ("document", "rst txt adoc asciidoc org html"),
        ("makefile", "mk mak"),
        ("just", "just"),
        ("unit", "service"),
        ("lines", "jenkinsfile ini cfg toml ps1 bat cmd fish groovy gradle kts nix bzl hcl"),
    )
    for ending in endings.split()
}  # fmt: skip
_NAMES = {
    name + ending: kind
    for kind, names, endings in (
        ("just", "justfile Justfile .justfile .Justfile", ("",)),
        ("devcontainer", "devcontainer .devcontainer", (".json",)),
        ("shell", ".bashrc .bash_profile .bash_aliases .profile .zshrc .zprofile", ("",)),
        ("structure", "package composer deno tasks", (".json", ".jsonc")),
    )
    for name in names.split()
    for ending in endings
}
_MAKEFILE = regex(r"(?:GNU)?[Mm]akefile(?:\.[\w-]+)?")
_DOTENV = regex(r"(?:\.env|\.envrc|.*\.env|env)(?:[.-].*)?")
_EXAMPLES = frozenset(("example", "dist", "sample"))
_SHEBANG = regex(r"#!.{0,60}\b(?:ba|da|z|k|a)?sh\b")
_CI = regex(
    r"(?:.*/)?\.(?:github|gitea|forgejo|circleci|buildkite|woodpecker|gitlab)/.*|"
    r"(?:.*/)?(?:\.gitlab-ci.*|azure-pipelines.*|\.drone|\.travis|\.woodpecker|appveyor|"
    r"bitbucket-pipelines|cloudbuild.*)\.ya?ml"
)
_TASKS = regex(r"(?:.*/)?(?:package|composer|deno|tasks|\.?[Tt]askfile.*)\.(?:jsonc?|ya?ml)")
_ENGINES = regex(
    rf"(?i)docker|podman|nerdctl|buildah|\b(?:finch|ctr|crictl)\s|\$[({{]?(?:{NAMED})\b"
)


def kind_of(name: str) -> str | None:
    """Return the kind of a file by its name, if files of this name are read.

    A ``script`` has no ending: its first line tells whether a shell reads it.
    """
    last = name[name.rfind("/") + 1 :]
    ending = last[last.rfind(".") + 1 :]
    kind = _ENDINGS.get(ending)
    if kind is not None and len(ending) < len(last):
        return None if last == "pnpm-lock.yaml" else kind
    return _NAMES.get(last) or _by_parts(last, ending)


def _by_parts(last: str, ending: str) -> str | None:
    if "akefile" in last and _MAKEFILE.fullmatch(last):
        return "makefile"
    if "env" in last and _DOTENV.fullmatch(last):
        return "dotenv"
    if len(ending) == len(last):
        return "script"
    return "lines" if ending in _EXAMPLES or last.startswith("Jenkinsfile") else None


def script_kind_of(name: str, text: str) -> str | None:
    """Return the kind of a file whose scripts have places, by its name and its first line."""
    if is_shell(text):
        return "shell"
    kind = kind_of(name)
    return kind if kind in _WITH_PLACES else None


def is_shell(text: str) -> bool:
    """Return whether a shell reads a text, by its first line."""
    return text.startswith("#!") and _SHEBANG.match(text) is not None


def is_ci(name: str) -> bool:
    """Return whether a file, by its name, is a definition of CI."""
    return _CI.fullmatch(name) is not None


def has_tasks(name: str) -> bool:
    """Return whether people run commands of YAML or JSON by their names, as those of npm."""
    return _TASKS.fullmatch(name) is not None


def names_engine(text: str) -> bool:
    """Return whether a text has the name of an engine."""
    return _ENGINES.search(text) is not None


def uses_engine(text: str) -> bool:
    """Return whether a text may have a command that starts a container, or builds an image."""
    return names_engine(text) and mentions(text)
