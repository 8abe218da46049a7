"""The kinds of files that may call Compose or an engine, and the words of these programs.

Each kind has a reader of commands, which is loaded when it is needed.

Who searches texts, who counts places and who reads commands have the verbs from here.
"""

from __future__ import annotations

from tightship.lazy import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.invocations.found import Found
    from tightship.frontends.invocations.origin import Origin

SAME = {"finch": "nerdctl", "podman-remote": "podman"}
"""Programs with the words of another one."""

NAMES = ("docker", "podman", "nerdctl", "buildah", "finch", "crictl", "ctr", "DOCKER", "PODMAN")
"""One of them is in a text that has an engine by its name, or in that of a variable."""

ENGINES = rf"docker-compose|podman-compose|podman-remote|{'|'.join(NAMES[:-2])}"
NAMED = r"docker|podman|nerdctl|buildah|finch|container_?(?:cli|cmd|engine|runtime|tool)|engine|cri"
"""What the name of a variable that is an engine ends in, or has before `_BIN` and the like."""

_LINES = r"\n(?:[ \t]++(?!- )[^\n]*+\n){0,20}?[ \t]++"
# A project of Compose whose files have any names, or that is in the task.
_PROJECT = rf"compose(?:_v2)?(?=[\"']?:{_LINES}(?:definition|files):)"
_MODULES = rf"_(?:container|play|pod|stack|swarm_service|{_PROJECT})[\"']?:(?=\s)"
# What removes a container, and an entry of a table of modules.
_NO_TASK = rf"{_LINES}(?:state:[ \t]*[\"']?(?:absent|stopped)|redirect:)"
# A container of a pipeline of Jenkins, and a request to the socket of an engine.
_REQUESTS = (
    r"\.image\([^()\n]{0,200}\)\.(?:inside|run|withRun)\b"
    r"|(?:file)?[ \t]{0,9}\{(?=[^{}]{0,400}?\b(?:args|filename|image)[ \t]++[\"'])"
    r"|\.sock\b(?:\\\r?\n|[^\n]){0,400}?/(?:containers|services)/create\b"
)
WITHOUT_VERB = rf"(?<=[\s.\"'/])(?:docker|podman)(?:{_MODULES}(?!{_NO_TASK})|{_REQUESTS})"
"""What starts containers without a verb, such as a module of Ansible as the key of a task."""

_PRIVILEGED = r"--privileged(?!=false)"
# A file of bake with a name by which none is found, or elsewhere.
_UNREAD_BAKE = r"(?:-f|--file)[=\s\"']*+(?!\S*(?:bake\S*\.(?:hcl|json)|\.ya?ml))[\w.$/]|(?:https?|git|ssh)://|git@"
# Words after the first are those of a group; a verb with a pattern needs an option that fits.
VERBS = {
    verb: regex(needed) if needed else None
    for verbs, needed in (
        ("b bud build build-using-dockerfile create from play run runp", ""),
        ("builder/b builder/build buildx/b buildx/build image/build", ""),
        (
            "c/create container/create container/clone container/run container/runlabel containers/create",
            "",
        ),
        ("kube/play play/kube pod/create quadlet/install service/create", ""),
        ("exec container/exec compose/exec", _PRIVILEGED),
        ("compose/run", rf"{_PRIVILEGED}|--(?:cap-add|volume)|-\w*v"),
        ("service/update", r"--(?:cap-add|group-add|mount-add|sysctl-add|user)"),
        ("buildx/bake", rf"--(?:allow|set)|{_UNREAD_BAKE}"),
        ("plugin/install", r"--grant-all"),
        ("volume/create", r"(?:-o|--opt=)?[\"']?device="),
    )
    for verb in verbs.split()
}
GROUPS = frozenset(one.partition("/")[0] for one in VERBS if "/" in one)
"""First words that only say what a verb is about."""

_PLAIN = {one for one, need in VERBS.items() if need is None and one != "from"}
_SAID = [one.replace("/", " ") for one in sorted(_PLAIN) if one.rpartition("/")[2] not in _PLAIN]
_RUNS = "|".join([one for one in sorted(_PLAIN) if "/" not in one and one[0] != "b"] + _SAID)
_BAKE = rf"bake(?=(?:\\\r?\n|[^\n]){{0,400}}?\s(?:{_UNREAD_BAKE}))"
_LAST = rf"b|bud|build|build-using-dockerfile|{_BAKE}|{_RUNS}"
_OPTION = (
    r"--(?:allow|cap-add|grant-all-permissions|group-add|mount-add|privileged|set|sysctl-add|user)"
)
_BETWEEN = r"(?:(?:\\\r?\n|[^\n]){0,400}[\s\"',\[(])?"
# What follows the name of an engine; `%` stands for verbs.
_AFTER = (
    r"(?:-remote|er)?(?:\.exe)?[\"')}\],]*+(?:[\s,]|\\\r?\n)++(?:-[ \t]++)?"
    rf"(?:(?!compose\b){_BETWEEN}[\"']?(?:%|{_OPTION}|device)[\"']?(?:[\s,=)\]}}]|\Z)"
    r"|[\"']?(?:\$[@*({\w]|\{\S|@\w))"  # what a run puts there
    rf"|[ -]compose[ \t]{_BETWEEN}(?:-v|--volume|{_OPTION})|{_MODULES}|{_REQUESTS}|(?<=ah)[ \t]"
)
# An engine by a variable, or by an expression of a language around the text.
_BY_VALUE = r"\$[({]?\w++[\"')}]*+[ \t]++(?:[a-z]++[ \t]++)?[\"']?(?:%)[\s\"')]"
_ALIAS = regex(rf"alias[ \t]++[\w-]++=[\"']?(?:sudo[ \t]++)?(?:{ENGINES})\b")
_ALL = regex(_AFTER.replace("%", _LAST)), regex(_BY_VALUE.replace("%", _LAST))
_STARTS = regex(_AFTER.replace("%", _RUNS)), regex(_BY_VALUE.replace("%", _RUNS))


def mentions(text: str, *, builds: bool = True) -> bool:
    """Return whether a text may have a command that starts a container, or builds an image."""
    after, by_value = _ALL if builds else _STARTS
    for name in NAMES:
        at = text.find(name)
        while at >= 0:
            at += len(name)
            if after.match(text, at):
                return True
            at = text.find(name, at)
    if "\0" in text:
        text = text.replace("\0", "$x")
    return by_value.search(text) is not None or _ALIAS.search(text) is not None


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


_COMPOSE = regex(r"(?m)^services:[ \t]*+(?:#.*)?$")
# A comment that mentions Compose.
_COMMENT = regex(r"(?m)^[ \t]*+(?:#|//|--|;|\*|(?i:rem)\b)(?=[^\n]*ompose)[^\n]*+")
_WITH_COMMENTS = frozenset(("structure", "makefile", "shell"))


def found_in(origin: Origin, kind: str, text: str) -> Iterator[Found]:
    """Yield the commands in the text of a file of a kind; only files that it includes are read."""
    if kind == "script":  # without an ending
        kind = "shell" if is_shell(text) else "lines"
        origin = origin if kind == "shell" else origin.told
    source = Source(origin.name, text)
    if kind == "makefile":
        from tightship.frontends.invocations.makefile import Makefile

        yield from Makefile(origin).chains(source)
    elif kind == "shell":
        from tightship.frontends.invocations.shell import chains_of, whole_of

        yield from chains_of(origin, whole_of(source))
    elif kind == "structure":
        if is_ci(origin.name) or not _COMPOSE.search(text):
            from tightship.frontends.invocations.structured import chains_in_structure

            yield from chains_in_structure(origin, source)
    else:
        from tightship.frontends.invocations.documents import READERS

        yield from READERS[kind](origin, source)
    if kind in _WITH_COMMENTS and (comments := [*_COMMENT.finditer(text)]):
        from tightship.frontends.invocations.documents import chains_at

        yield from chains_at(origin.told, source, comments)
