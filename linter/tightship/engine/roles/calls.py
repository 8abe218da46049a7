"""Commands of container engines in the words of a script: builds, pushes, tags and runs.

The options are those of ``docker``, ``podman``, ``nerdctl`` and ``buildah`` (their ``--help``)
and of kaniko's executor, which pushes what it builds.
"""

from __future__ import annotations

from tightship.engine.roles.tree import ARGUMENTS, UNKNOWN
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from tightship.engine.roles.role import Chain, Evidence, Kind

    Options = dict[str, list[str]]
    Found: TypeAlias = "Chain | Call"

_ENGINES = frozenset(("docker", "podman", "nerdctl", "buildah", "docker.exe"))
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


def mentions_engine(text: str) -> bool:
    """Return whether a text may have a command of an engine: a fast look, before it is parsed."""
    return has_one_of(_SIGNS, text.lower())


def has_one_of(signs: Sequence[str], text: str) -> bool:
    """Return whether a text has one of some signs; most lines of a repository have none."""
    for sign in signs:  # noqa: SIM110  # `any` takes three times as long
        if sign in text:
            return True
    return False


class Words(Record):
    """The parts of one command of an engine.

    ``verb`` is ``build``, ``push``, ``tag``, ``save``, ``load``, ``run`` or, for the image in which CI
    runs a job, ``job``. ``options`` have their long names, and `true` for a flag. ``is_whole``
    is false if a word that only a run knows may be more of them.
    """

    verb: str
    options: Options
    operands: tuple[str, ...]
    is_whole: bool = True


class Call(Record):
    """A command of an engine, and where it is.

    ``folders`` are names in the tree, those in which it may run, or None if that is unknown.
    ``is_ci`` is true in a definition of CI. ``kind`` is that of a chain.
    """

    words: Words
    folders: tuple[str, ...] | None
    evidence: Evidence
    kind: Kind
    is_ci: bool


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
    while at < len(words) and words[at][:1] == "-":
        at += 2 if words[at] in _ENGINE_VALUED else 1
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
