"""Invocations of Compose, and commands of engines, in the words of a command.

The options are those of ``docker compose``, ``docker-compose``, ``podman-compose`` and
``docker stack deploy``, of ``docker``, ``podman``, ``nerdctl`` and ``buildah`` (their ``--help``;
podman-compose has those of docker-compose), and of kaniko's executor, which pushes what it builds.
"""

from __future__ import annotations

from tightship.frontends.invocations.found import ARGUMENTS, Words
from tightship.lazy import Record, regex
from tightship.syntax.shell.text import UNKNOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.invocations.found import Options

_ENGINES = frozenset(("docker", "podman", "nerdctl", "buildah", "docker.exe"))
_LOADERS = _ENGINES - {"buildah"}
_KANIKO = ("executor", "kaniko")
_ENGINE_VALUED = frozenset(("-c", "--context", "-H", "--host", "--config", "-l", "--log-level"))
_GROUPS = frozenset(("builder", "buildx", "container", "image", "manifest"))
_VERBS = {
    "build": "build", "bud": "build", "build-using-dockerfile": "build", "b": "build",
    "push": "push", "save": "save", "load": "load", "tag": "tag", "run": "run", "create": "run",
}  # fmt: skip
# Options without a value, and the long names of those with one letter: for builds, and for runs.
_FLAGS = {
    "build": frozenset((
        "all-platforms", "check", "compress", "debug", "disable-content-trust", "force-rm", "help",
        "layers", "load", "no-cache", "no-hosts", "no-push", "pull", "pull-always", "pull-never",
        "push", "quiet", "rm", "squash", "squash-all", "tls-verify",
    )),
    "run": frozenset((
        "detach", "disable-content-trust", "help", "init", "interactive", "no-healthcheck",
        "no-hosts", "oom-kill-disable", "privileged", "publish-all", "quiet", "read-only",
        "replace", "rm", "rmi", "sig-proxy", "tls-verify", "tty",
    )),
}  # fmt: skip
_LETTERS = {
    "build": {"D": "debug", "f": "file", "o": "output", "q": "quiet", "t": "tag"},
    "run": {
        "P": "publish-all", "d": "detach", "e": "env", "i": "interactive", "p": "publish",
        "q": "quiet", "t": "tty", "u": "user", "v": "volume", "w": "workdir",
    },
}  # fmt: skip
_NAMES = {"containerfile": "file", "destination": "tag", "dockerfile": "file", "mount": "volume"}
_PLAIN = frozenset(("all-tags", "help", "quiet", "tls-verify"))
_PLAIN_LETTERS = {"a": "all-tags", "q": "quiet"}
_SIGNS = ("docker", "podman", "buildah", "nerdctl", "kaniko")
_PROGRAMS = frozenset(("docker-compose", "podman-compose", "docker-compose-v1", "docker_compose"))
_VALUED = {
    "-f": "files", "--file": "files", "--env-file": "env_files", "--profile": "profiles",
    "-p": "name", "--project-name": "name", "--project-directory": "directory",
    "--ansi": "", "--parallel": "", "--progress": "", "-H": "", "--host": "", "--context": "",
    "-c": "", "-l": "", "--log-level": "", "--tlscacert": "", "--tlscert": "", "--tlskey": "",
    "--workdir": "directory", "--podman-args": "",
}  # fmt: skip
_STACK_VALUED = {"-c": "files", "--compose-file": "files", "--orchestrator": "",
                 "--resolve-image": ""}  # fmt: skip
_YAML = (".yml", ".yaml")
_COMPOSE_SIGNS = (
    "-compose",
    " compose",
    "compose-",
    "compose_",
    "COMPOSE",
    "stack deploy",
    "--file",
)
# The option of other programs, and that of builds, names no file of Compose.
_OTHER_PROGRAMS = regex(
    r"(?:(?:\b(?:rm|test|ln|cp|mv|pkill|cut|tail)|\[\[?(?: !)?)[ \t]++(?:-\w++[ \t]++)*?"
    r"|\bbuild[ \t](?:[^\n;&|\\]|\\\n?){0,600}?)-f "
)


def mentioned_in(text: str) -> bool:
    """Return whether a text may have an invocation: a fast look, before it is parsed."""
    if has_one_of(_COMPOSE_SIGNS, text):
        return True
    return "-f " in text and "-f " in _OTHER_PROGRAMS.sub("", text)


class Invocation(Record):
    """The options of one invocation of Compose, before paths are resolved."""

    options: dict[str, list[str]]
    verb: str
    is_stack: bool
    is_whole: bool
    has_base: bool

    @property
    def files(self) -> list[str]:
        """Return the files as given, in their order."""
        return self.options.get("files", [])


def invocation_in(words: Sequence[str]) -> Invocation | None:
    """Return the invocation of Compose in the words of a command, behind any wrapper."""
    for at, word in enumerate(words):
        name = word[word.rfind("/") + 1 :]
        if name in _PROGRAMS:
            return _invocation(words, at + 1, _VALUED)
        if name in _LOADERS or UNKNOWN in word:
            behind = _behind_options(words, at + 1)
            if words[behind : behind + 1] == ["compose"]:
                return _invocation(words, behind + 1, _VALUED)
            if words[behind : behind + 2] == ["stack", "deploy"]:
                return _invocation(words, behind + 2, _STACK_VALUED)
        if UNKNOWN in word and _takes_files(words[at + 1 : at + 3]):
            # The word may have other files as well.
            return _invocation(words, at + 1, _VALUED).replaced(is_whole=False, has_base=False)
    return None


def split(value: str, separator: str) -> list[str]:
    """Return the files of ``COMPOSE_FILE``; without a separator, as Unix or Windows do."""
    return value.split(separator or (";" if ";" in value else ":"))


def with_program(words: Sequence[str]) -> list[str]:
    """Return words with the program before them if they begin with ``-f a.yaml``."""
    return ["docker", "compose", *words] if _takes_files(words[:2]) else [*words]


def _takes_files(words: Sequence[str]) -> bool:
    """Return whether an unknown program is Compose, by its first option."""
    is_option = words[:1] in (["-f"], ["--file"]) or (words[:1] and words[0].startswith("--file="))
    return bool(is_option) and words[-1 if words[0] in ("-f", "--file") else 0].endswith(_YAML)


def _behind_options(words: Sequence[str], at: int) -> int:
    while at < len(words) and words[at][:1] == "-":
        at += 2 if words[at] in _ENGINE_VALUED else 1
    return at


def _invocation(words: Sequence[str], at: int, valued: dict[str, str]) -> Invocation:
    is_stack = valued is _STACK_VALUED
    found, verb, is_whole, has_base = dict[str, list[str]](), "", True, True
    while at < len(words):
        word = words[at]
        at += 1
        if word[:1] == "-" and len(word) > 1:
            name, equals, value = _option(word)
            if name not in valued:
                continue
            if not equals:
                value = words[at] if at < len(words) else UNKNOWN
                at += 1
            found.setdefault(valued[name], []).append(value)
        elif UNKNOWN in word and not is_stack:
            is_whole = False
            has_base = has_base and "files" in found
        elif not verb:
            verb = word
            if not is_stack:  # which takes options behind its name as well
                break
    return Invocation(found, verb, is_stack, is_whole, has_base)


def _option(word: str) -> tuple[str, bool, str]:
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, bool(equals), value
    return word[:2], len(word) > 2, word[2:].removeprefix("=")


def mentions_engine(text: str) -> bool:
    """Return whether a text may have a command of an engine: a fast look, before it is parsed."""
    return has_one_of(_SIGNS, text.lower())


def has_one_of(signs: Sequence[str], text: str) -> bool:
    """Return whether a text has one of some signs; most lines of a repository have none."""
    for sign in signs:  # noqa: SIM110  # `any` takes three times as long
        if sign in text:
            return True
    return False


def words_in(words: Sequence[str]) -> Words | None:
    """Return the command of an engine in the words of another one, behind any wrapper."""
    for at, word in enumerate(words):
        name = word[word.rfind("/") + 1 :]
        if name in _KANIKO and ("kaniko" in word or "--dockerfile" in " ".join(words)):
            return _of_kaniko(words[at + 1 :])
        if name in _ENGINES or word == UNKNOWN:
            found = _of_engine(words, at + 1)
            # `$X build` may be that of another program, and `$X push` that of Git.
            if found is not None and (
                name in _ENGINES or not {"tag", "file"}.isdisjoint(found.options)
            ):
                return found
        elif name == "skopeo" and "copy" in words[at:]:
            targets = (one.partition("://") for one in words[at:])
            named = [name for kind, _, name in targets if kind == "docker"]
            return Words("push", {}, tuple(named[-1:]) or (UNKNOWN,))
    return None


def _of_engine(words: Sequence[str], at: int) -> Words | None:
    at = _behind_options(words, at)
    at += words[at : at + 1] != [] and words[at] in _GROUPS
    verb = _VERBS.get(words[at]) if at < len(words) else None
    return _parsed(verb, words[at + 1 :]) if verb is not None else None


def _of_kaniko(words: Sequence[str]) -> Words:
    found = _parsed("build", words)
    pushes = "no-push" not in found.options
    options = found.options | ({"push": ["true"]} if pushes else {})
    context = [one.removeprefix("dir://") for one in options.get("context", ["."])]
    return found.replaced(options=options, operands=tuple(context))


def _parsed(verb: str, words: Sequence[str]) -> Words:
    flags, letters = _FLAGS.get(verb, _PLAIN), _LETTERS.get(verb, _PLAIN_LETTERS)
    options, operands, is_whole, at = dict[str, list[str]](), list[str](), True, 0
    while at < len(words):
        word = words[at]
        at += 1
        if word[:1] in (UNKNOWN, ARGUMENTS):
            is_context = at == len(words) and not operands  # a build has one
            is_whole = is_whole and (len(word) > 1 or is_context)
            rest = words[at:]
            if verb != "run" or not any(one[:1] == "-" for one in rest[:1]):
                operands.append(word)
        elif word[:1] != "-" or word == "-":
            operands.append(word)
        else:
            taken = _options(word, words[at : at + 1], flags, letters, options)
            at += taken
            continue
        if verb == "run" and operands:  # the rest is the command of the container
            return Words(verb, options, (*operands, *words[at:]), is_whole)
    return Words(verb, options, tuple(operands), is_whole)


def _options(
    word: str,
    following: Sequence[str],
    flags: frozenset[str],
    letters: dict[str, str],
    found: Options,
) -> int:
    """Note the options of a word; return how many more words it takes."""
    if word.startswith("--"):
        name, equals, value = word[2:].partition("=")
        name = _NAMES.get(name, name)
        if name in flags and not equals:
            value, equals = "true", "="
        found.setdefault(name, []).append(value if equals else "".join(following))
        return 0 if equals else 1
    for place, letter in enumerate(word[1:], 2):
        name = letters.get(letter, letter)
        if name not in flags:
            value = word[place:].removeprefix("=")
            found.setdefault(name, []).append(value or "".join(following))
            return 0 if value else 1
        found.setdefault(name, []).append("true")
    return 0
