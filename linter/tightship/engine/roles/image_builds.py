"""Builds of images: which Dockerfiles they read, and what becomes of the images.

An image that a repository pushes or saves is for others, and so may be one of which that is
known only to a run.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.sign_words import DATA, PLAIN, Sign, said, words_of
from tightship.engine.roles.tree import is_image
from tightship.frontends.invocations.found import ARGUMENTS, Evidence
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.syntax.shell.text import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.roles.tree import Tree
    from tightship.frontends.invocations.found import Call, Kind, Options

_NO = frozenset(("", "0", "false"))
_YES = frozenset(("1", "true"))
_ELSEWHERE = regex(r"(?:[a-z]+://|git@|github\.com/|-\Z)")
_SOURCES = regex(r"(?:.*[=,](?:source|src)=)?[\0.]")
_TOLD = (True, None, False)  # the first of them that a push has counts


class ImageBuild(Record):
    """One build of an image, and what becomes of it.

    ``dockerfiles`` are the absolute paths of those that it reads, each of them for sure if it
    ``is_certain``. ``is_pushed`` is None if only a run knows whether the image is pushed; where
    the build ``is_open``, a word that only a run knows may be an option to push it.
    ``runs`` is the sign that it is run over the sources, and ``jobs`` the evidence that CI runs
    its jobs in it.
    """

    dockerfiles: tuple[str, ...]
    is_certain: bool
    tags: tuple[str, ...]
    is_pushed: bool | None
    evidence: Evidence
    kind: Kind
    is_ci: bool
    is_open: bool
    runs: Sign | None = None
    jobs: Evidence | None = None


def builds_of(tree: Tree, calls: Sequence[Call]) -> list[ImageBuild]:
    """Return the builds in the commands of a tree, each with what others do to its image."""
    by_verb: dict[str, list[Call]] = {}
    for one in calls:
        by_verb.setdefault(one.words.verb, []).append(one)
    found = list[ImageBuild]()
    for one in by_verb.get("build", ()):
        if (names := _dockerfiles(tree, one)) is not None:
            found.append(_build(tree, one, names, by_verb))
    return found


def sign_of(
    path: str, root: str, builds: Sequence[ImageBuild], text_of: Callable[[str], str]
) -> Iterator[Sign]:
    """Yield the sign that CI runs its jobs in an image, if nothing says that it is for others."""
    mine = [one for one in builds if path in one.dockerfiles]
    name = path[len(root) + 1 :]
    ours = [one for one in mine if one.is_ci and one.is_certain]
    if not ours or name.lower() in PLAIN or any(_is_for_others(one, root, text_of) for one in mine):
        return
    used = next((one.jobs for one in ours if one.jobs is not None), None)
    if used is not None:
        yield Sign("jobs", "test", used)


def run_over_sources(path: str, builds: Iterable[ImageBuild]) -> Sign | None:
    """Return the sign that a script builds a Dockerfile, and runs it over the sources."""
    mine = [one for one in builds if path in one.dockerfiles and one.kind == "command"]
    if any(one.is_pushed is not False for one in mine):
        return None
    return next((one.runs for one in mine if one.is_certain and one.runs is not None), None)


def _is_for_others(build: ImageBuild, root: str, text_of: Callable[[str], str]) -> bool:
    """Return whether a build of a Dockerfile may make an image for others."""
    from tightship.engine.roles.uses import use_of, used_by

    if is_image(_file(build.evidence)):  # its own comment is for who works on it
        return False
    if (build.is_pushed is not False or build.is_open) and build.jobs is None:
        return True
    for tag in build.tags:
        image, _, version = posixpath.basename(tag).partition(":")
        is_own = image.lower() == posixpath.basename(root).lower()
        if is_own and used_by(words_of(version)) not in ("test", "development"):
            return True
    use = None if build.is_ci else use_of(build.evidence, text_of)
    if build.kind == "document":
        return use not in ("test", "development")
    return use == "product"


def _file(evidence: Evidence) -> str:
    return evidence.place.rpartition(":")[0]


def _build(
    tree: Tree, call: Call, names: tuple[Sequence[str], bool], calls: dict[str, list[Call]]
) -> ImageBuild:
    options = call.words.options
    tags = [*options.get("tag", ())]
    for one in calls.get("tag", ()):
        old, *new = one.words.operands[:2] or (UNKNOWN,)
        if any(_may_be(old, tag) for tag in tags) and _is_near(one, call, old):
            tags += new
    pushes = [_is_pushed_itself(options)]
    loaded = {_file(one.evidence) for one in calls.get("load", ())}  # from job to job
    saved = (one for one in calls.get("save", ()) if _file(one.evidence) not in loaded)
    pushes += (_pushes(one, call, tags) for one in (*calls.get("push", ()), *saved))
    runs = calls.get("run", ())
    return ImageBuild(
        dockerfiles=tuple(map(tree.path, names[0])),
        is_certain=names[1],
        tags=tuple(tags),
        is_pushed=next(one for one in _TOLD if one in pushes),
        evidence=call.evidence,
        kind=call.kind,
        is_ci=call.is_ci,
        is_open=not call.words.is_whole,
        runs=next((_used(one) for one in runs if _is_over(tree, one, call, tags)), None),
        jobs=next((one.evidence for one in calls.get("job", ()) if _is_of(one, tags)), None),
    )


def _used(call: Call) -> Sign:
    does = "runs tests in it" if _runs_tests(call) else "runs it over the sources"
    evidence = call.evidence.replaced(message=f"builds it, and {does}")
    return Sign("script", "test" if _runs_tests(call) else "build", evidence)


def _runs_tests(run: Call) -> bool:
    """Return whether the command that a container gets runs tests."""
    words = " ".join(words_of(" ".join(run.words.operands[1:])))
    return said(f" {words} ", DATA["commands"]["test"]) is not None


def _is_pushed_itself(options: Options) -> bool | None:
    """Return whether the options of a build push its image."""
    given = options.get("push", ["false"])[-1].lower()
    if given in _YES:
        return True
    outputs = options.get("output", ())
    if any("type=registry" in one or "push=true" in one for one in outputs):
        return True
    is_known = given in _NO and not any(UNKNOWN in one for one in outputs)
    return False if is_known else None


def _pushes(push: Call, build: Call, tags: Sequence[str]) -> bool | None:
    """Return whether a command pushes the image of a build, of which it may know the name."""
    found: list[bool | None] = [False]
    for image in push.words.operands or (UNKNOWN,):
        for tag in tags:
            if _is_known(image) and _is_known(tag):
                found.append(_plain(image) == _plain(tag))
            elif _may_be(image, tag) and _is_near(push, build, image):
                found.append(None)
    return next(one for one in _TOLD if one in found)


def _is_near(one: Call, build: Call, image: str) -> bool:
    """Return whether an image with an unknown name may be that of a build: not everywhere."""
    has_name = len(image.replace(UNKNOWN, "").replace(ARGUMENTS, "")) > 2
    return has_name or _file(one.evidence) == _file(build.evidence)


def _is_over(tree: Tree, run: Call, build: Call, tags: Sequence[str]) -> bool:
    """Return whether a command runs the image of a build over the sources, as tools are run."""
    options = run.words.options
    if not {"detach", "publish", "publish-all"}.isdisjoint(options):
        return False
    if "rm" not in options and not _runs_tests(run):
        return False
    volumes = (one.replace(tree.root, ".") for one in options.get("volume", ()))
    if not any(map(_SOURCES.match, volumes)):
        return False
    image = next(iter(run.words.operands), UNKNOWN)
    is_same = _file(run.evidence) == _file(build.evidence)
    return any(_may_be(image, one) for one in tags) if tags else is_same


def _is_of(job: Call, tags: Sequence[str]) -> bool:
    image = next(iter(job.words.operands), "")
    return _is_known(image) and any(_is_known(one) and _plain(one) == _plain(image) for one in tags)


def _plain(image: str) -> str:
    """Return the name of an image without its version."""
    folder, slash, last = image.partition("@")[0].rpartition("/")
    return folder + slash + last.partition(":")[0]


def _is_known(text: str) -> bool:
    return UNKNOWN not in text and ARGUMENTS not in text


def _may_be(one: str, other: str) -> bool:
    """Return whether two names with unknown parts may be the same image."""
    one, other = _plain(one), _plain(other)
    if not _is_known(one) and not _is_known(other):
        return True
    return _fits(other, one) if _is_known(one) else _fits(one, other)


def _fits(pattern: str, text: str) -> bool:
    """Return whether a text may be what a pattern with unknown parts becomes."""
    head, *parts = pattern.replace(ARGUMENTS, UNKNOWN).split(UNKNOWN)
    if not parts or not text.startswith(head):
        return text == head
    at = len(head)
    for part in parts[:-1]:
        at = text.find(part, at) + len(part)
        if at < len(part):
            return False
    return text.endswith(parts[-1]) and len(text) - at >= len(parts[-1])


def _dockerfiles(tree: Tree, call: Call) -> tuple[Sequence[str], bool] | None:
    """Return the names of the Dockerfiles that a build reads, and whether it reads them all.

    There is none if it builds something that is not in the tree.
    """
    words, bases = call.words, ("",) if call.folders is None else call.folders
    context = words.operands[-1] if words.operands else ""
    given = words.options.get("file", ())[-1:]
    if not given and (not context or _ELSEWHERE.match(context)):
        return None
    within = (posixpath.join(base, _inside(tree, context)) for base in bases)
    if given:  # relative to the folder of the command, or of what is built
        file = _inside(tree, given[0])
        names = [posixpath.join(base, file) for base in (*bases, *within)]
    else:
        names = [
            posixpath.join(one, file) for one in within for file in ("Dockerfile", "Containerfile")
        ]
    names = [posixpath.normpath(one.replace(ARGUMENTS, UNKNOWN)) for one in names]
    known = next((one for one in names if one in tree.names), None)
    if known is not None:
        return [known], call.folders is not None
    patterns = [one for one in names if UNKNOWN in one]
    patterns += [one[2:] for one in patterns if one.startswith(f"{UNKNOWN}/")]  # the folder `.`
    return [one for one in tree.images if any(_fits(each, one) for each in patterns)], False


def _inside(tree: Tree, path: str) -> str:
    return path.removeprefix(tree.root).removeprefix("/") if path.startswith(tree.root) else path
