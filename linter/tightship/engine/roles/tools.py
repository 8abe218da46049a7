"""Images of tools, which nobody runs as a service: what hints at that in their Dockerfiles.

Only a script that runs the image over the sources, and CI that runs its jobs in it, show it.

An image that starts nothing may be a program for its users, or what others are built from.
A second sign tells that it builds or tests: its name, its comment, a script that runs it over the
sources, or CI that runs its jobs in it.
``facts/purpose_signs.toml`` has the words.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.image_builds import run_over_sources, sign_of
from tightship.engine.roles.role import Claim, Role
from tightship.engine.roles.sign_words import (
    DATA,
    TOLD,
    Sign,
    distribution_of,
    is_image,
    said,
    sentences,
    stated,
    words_of,
)
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.roles.image_builds import ImageBuild
    from tightship.engine.roles.sign_words import Told
    from tightship.syntax.dockerfile.nodes import Dockerfile, Instruction

_PURPOSES: tuple[Told, ...] = (*TOLD[:2], "build", *TOLD[2:])  # the first counts
_PROOFS = ("script", "jobs")
_ENOUGH = 2
_TOOLS = DATA["tools"]
_SERVING = frozenset(_TOOLS["serving"])
_SERVER_TAGS = ("apache", "fpm")  # of the image of PHP
_RUNS_TESTS = regex(r"(?i)(?:^|[/_.-])run[-_]?(?:all[-_]?)?(?:unit[-_]?)?tests?(?:\.\w+)?$")
_VARIABLE = regex(r"\$\{?(\w+)(?::?-([^}]*))?\}?")
_MENTION = regex(r"(?m)^[ \t]*#.*(?i:develop|test|debug|demo|build|compil|integration)")


def tool_role(
    files: Files, source: Source, builds: Callable[[], Sequence[ImageBuild]]
) -> Role | None:
    """Return the role of a Dockerfile that hints that nobody runs its image as a service.

    ``builds`` returns the builds of the repository, which are only asked for if they decide.
    """
    signs = [*_signs(files, source, builds)]
    kinds = {one.kind: one for one in sorted(signs, key=lambda one: one.weight)}
    if sum(one.weight for one in kinds.values()) < _ENOUGH:
        return None
    proof = next((one for one in signs if one.kind in _PROOFS), None)
    if proof is not None:
        return Role("other", proof.purpose, evidence=(proof.evidence,))
    told = {one.purpose for one in signs}
    evidence = tuple(one.evidence for one in kinds.values())
    purpose: Told = next(one for one in _PURPOSES if one in told)
    return Role("other", "product", hint=Claim(purpose, evidence))


def _signs(
    files: Files, source: Source, builds: Callable[[], Sequence[ImageBuild]]
) -> Iterator[Sign]:
    if _MENTION.search(source.text):
        yield from stated(source)
    file = files.parsed(source, read)
    every = [*file.every_instruction()]
    lines = [" ".join(_words(one)) for one in every if one.name in ("CMD", "ENTRYPOINT")]
    commands = [_command(one, source.name) for one in filter(_is_command, lines)]
    image, stage = _base(file)
    words = {*words_of(source.name), *_words_of_stage(stage, image)}
    if not file.instructions or not words.isdisjoint(_TOOLS["parts"]):
        return
    found = [*filter(None, commands)]
    named = [*_named(source, words)]
    if None in commands or not commands:
        if any(one.name in ("EXPOSE", "HEALTHCHECK") for one in every):
            return
        if not commands and _is_idle(image):
            found.append(
                Sign("start", "build", Evidence(source.name, f"starts nothing of `{image}`"))
            )
        if found or named:
            found += _used(files, source, builds(), is_idle=bool(found))
        if not found:
            return
    yield from (*found, *named)


def has_telling_name(source: Source) -> bool:
    """Return whether the path of a Dockerfile tells a purpose."""
    return _told_by(words_of(source.name)) is not None


def _words_of_stage(stage: str, image: str) -> set[str]:
    """Return the words of the name of the last stage; one for builds may be shipped as it is."""
    words = {*words_of(stage)}
    return words if image == "scratch" else words.difference(_TOOLS["names"]["build"])


def _used(
    files: Files, source: Source, builds: Sequence[ImageBuild], *, is_idle: bool
) -> Iterator[Sign]:
    """Yield what scripts and CI do with an image; that CI builds it says little of a program."""
    path = files.path(source.name)
    if (script := run_over_sources(path, builds)) is not None:
        yield script

    def text_of(name: str) -> str:
        found = files.read(files.path(name))
        return found.text if isinstance(found, Source) else ""

    if is_idle:
        yield from sign_of(path, files.root, builds, text_of)


def _told_by(words: Iterable[str]) -> tuple[str, Told] | None:
    """Return the first word of a name that tells a purpose, with the purpose."""
    names = _TOOLS["names"]
    for word in sorted(words):
        if word in names["build"] or word.endswith(("build", "builds", "cross")):
            return word, "build"
        if word in names["test"]:
            return word, "test"
        if word in names["development"]:
            return word, "development"
    return None


def _named(source: Source, words: set[str]) -> Iterator[Sign]:
    """Yield what its path, or the name of its last stage, tells, and its comment."""
    if (found := _told_by(words)) is not None:
        yield Sign("name", found[1], Evidence(source.name, f"has `{found[0]}` in its name"))
    for _, line in sentences(source):
        if told := said(line, _TOOLS["statements"]):
            yield Sign("use", "build", Evidence(source.name, f"says `{told}` at its top"))


def _command(line: str, place: str) -> Sign | None:
    """Return the sign that a start of a build or a test is; none for anything else."""
    if told := said(f" {line} ", DATA["commands"]["test"]):
        return Sign("command", "test", Evidence(place, f"runs `{told}`"), 2)
    if any(map(_RUNS_TESTS.search, line.split())):
        return Sign("command", "test", Evidence(place, "runs the tests"), 2)
    words = {word for one in line.split() for word in words_of(posixpath.basename(one))}
    if line.split()[1:] and "build" in line.split()[1:]:  # `node build` runs what was built
        words.discard("build")
    if not words.isdisjoint(_SERVING):
        return None
    for purpose in ("test", "build"):
        if found := words.intersection(_TOOLS["programs"][purpose]):
            return Sign("command", purpose, Evidence(place, f"runs `{min(found)}`"))
    return None


def _is_command(line: str) -> bool:
    """Return whether a command starts more than a shell for somebody."""
    words = [word for word in line.split() if word[:1] != "-"]
    return bool(words) and not (
        len(words) == 1 and posixpath.basename(words[0]) in _TOOLS["shells"]
    )


def _is_idle(image: str) -> bool:
    """Return whether an image starts nothing of its own: a shell, or an interpreter."""
    tag = image.rpartition("/")[2].partition(":")[2]
    if is_image(image, _TOOLS["images"]):
        return not any(one in tag for one in _SERVER_TAGS)
    return distribution_of(image.partition("@")[0].rpartition("/")[2].partition(":")[0]) is not None


def _base(file: Dockerfile) -> tuple[str, str]:
    """Return the image that the last stage is based on, and the name of that stage."""
    given, stages, last = dict[str, str](), dict[str, str](), ""
    for one in file.instructions:
        if one.name == "ARG":
            known = ((pair.name.value, pair.value) for pair in one.pairs)
            given.update((name, value.value.strip("\"'")) for name, value in known if value)
        elif one.name == "FROM" and one.arguments:
            words = _words(one)
            image = _VARIABLE.sub(lambda m: given.get(m[1]) or m[2] or "", words[0])
            last = words[2].lower() if len(words) > 2 else str(len(stages))
            stages[last] = stages.get(image.lower(), image)
    return stages.get(last, ""), last


def _words(instruction: Instruction) -> list[str]:
    return [one.value for one in instruction.arguments]
