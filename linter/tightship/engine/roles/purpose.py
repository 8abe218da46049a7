"""The purpose of a file that its path shows: development, test, example or vendored.

Other words of a path only hint: `tools` may have those that people install.
"""

from __future__ import annotations

import posixpath

from tightship.engine.roles.role import Claim
from tightship.frontends.invocations.found import Evidence
from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from tightship.engine.roles.role import Purpose

# Words that told the purpose of each file below such a folder, in 968 Compose files of 71
# repositories. `local`, `templates`, `nightly` and `beta` told it of few, or of none.
_FOLDERS: dict[str, Purpose] = {
    **dict.fromkeys(("third_party", "third-party"), "vendored"),
    **dict.fromkeys(("test", "tests", "testing", "e2e", "testdata", "fixtures"), "test"),
    **dict.fromkeys(("bench", "benchmark", "benchmarks"), "test"),
    **dict.fromkeys(("integration", "acceptance", "ci", "__tests__", "testcontainers"), "test"),
    **dict.fromkeys(("testserver", "testsuite", "testsuites", "unittest", "unittests"), "test"),
    **dict.fromkeys(("fstest", "systest", "testcases", "testenv", "fuzz", "fuzzing"), "test"),
    **dict.fromkeys(("conformance", "interop", "regress", "regression", "testfiles"), "test"),
    **dict.fromkeys((".github", ".gitlab", ".circleci", ".buildkite", ".ci", ".travis"), "test"),
    **dict.fromkeys((".devcontainer", "devcontainer", "devenv", "development"), "development"),
    **dict.fromkeys(("gitpod", ".gitpod", "codespaces"), "development"),
    **dict.fromkeys(("example", "examples", "sample", "samples", "demo", "demos"), "example"),
    **dict.fromkeys(("tutorial", "tutorials", "doc", "docs", "documentation"), "example"),
}
_HINTS: dict[str, Purpose] = {
    **dict.fromkeys(("hack", "tools", "develop", "debug", "debugging"), "development"),
    "releng": "build",
}
# Words of longer names of folders: `docker-example`, `.examples`, `test-data`.
_FOLDER_WORDS: dict[str, Purpose] = {
    **dict.fromkeys(("test", "tests", "e2e", "benchmark", "benchmarks"), "test"),
    **dict.fromkeys(("example", "examples", "demo", "demos", "sample", "samples"), "example"),
}
# Below a folder for tests, words of names of what tests only read, which may be wrong on purpose.
_FIXTURES = frozenset((
    "fixture", "fixtures", "testdata", "testfiles", "golden", "goldens", "snapshots", "invalid",
    "broken", "malformed", "wrong", "bad",
))  # fmt: skip
_WORDS: dict[str, Purpose] = {
    **dict.fromkeys(("test", "tests", "testing", "testbed", "e2e", "ci", "integration"), "test"),
    **dict.fromkeys(("dev", "devel", "development", "devcontainer"), "development"),
    **dict.fromkeys(("bench", "benchmark", "benchmarks"), "test"),
    **dict.fromkeys(("gitpod", "codespace", "codespaces"), "development"),
}
# Beside one of them, `dev` is a channel: a version that people run.
_CHANNELS = frozenset(("stable", "beta", "nightly", "latest", "edge", "canary", "alpha", "rc"))
_FEWEST_INPUTS = 30  # Dockerfiles below a folder for tests
_MANIFESTS = ("modules.txt", "composer/installed.json")
_NEGATIONS = frozenset(("no", "non", "not", "without"))
_SEPARATORS = regex(r"[-_.:]+")


class Purposes:
    """The purposes of the files of a repository.

    ``names`` gives those of its files, relative to the root, with ``/``, and ``projects`` those
    of the Compose files in a folder, in those above it, and in those next to them with names
    that are asked for.
    """

    def __init__(
        self,
        names: Callable[[], Collection[str]],
        projects: Callable[[str, Callable[[str], bool]], Iterable[str]] = lambda _, __: (),
    ) -> None:
        self._names = names
        self._projects = projects
        self._many_images: dict[str, bool] = {}
        self._channels: dict[str, bool] = {}

    def of(self, name: str, asked: int = 0) -> tuple[Purpose, Evidence | None]:
        """Return the purpose that the outermost telling folder shows, or else the name, and which.

        The first ``asked`` folders of its path say nothing: somebody asked for what is there.
        """
        *folders, last = name.split("/")
        for number, folder in enumerate(folders):
            place = "/".join(folders[: number + 1])
            if number < asked:
                continue
            if found := self._of_folder(folder, place):
                read = next(filter(_is_fixture, (*folders[number:], last)), None)
                if found == "test" and read is not None:
                    return "fixture", Evidence(place, f"is a folder for tests, which read `{read}`")
                if found == "test" and _is_image(last) and self._has_many_images(place):
                    return "fixture", Evidence(place, "has too many Dockerfiles to be run")
                return found, Evidence(place, f"is a folder for {_NOUNS[found]}")
        words = _words(last)
        for before, word in zip(("", *words), words, strict=False):
            if before in _NEGATIONS:
                continue
            if (found := _WORDS.get(word)) and not self._is_channel(word, "/".join(folders)):
                return found, Evidence(name, f"has `{word}` in its name")
        return "product", None

    def _of_folder(self, name: str, place: str) -> Purpose | None:
        folder = name.lower()
        if folder == "vendor":
            names = self._names()
            has_manifest = any(f"{place}/{one}" in names for one in _MANIFESTS)
            return "vendored" if has_manifest else None
        if folder == "dev":
            return None if self._is_channel(folder, posixpath.dirname(place)) else "development"
        if folder in _FOLDERS:
            return _FOLDERS[folder]
        return next((_FOLDER_WORDS[one] for one in _words(folder) if one in _FOLDER_WORDS), None)

    def _is_channel(self, word: str, folder: str) -> bool:
        if word == "dev" and folder not in self._channels:
            near = (folder, *self._projects(folder, _has_channel))
            self._channels[folder] = any(map(_has_channel, near))
        return word == "dev" and self._channels[folder]

    def _has_many_images(self, place: str) -> bool:
        """Return whether a folder for tests has so many Dockerfiles that they are its input."""
        if place not in self._many_images:
            below = (one for one in self._names() if one.startswith(f"{place}/"))
            number = sum(_is_image(posixpath.basename(one)) for one in below)
            self._many_images[place] = number >= _FEWEST_INPUTS
        return self._many_images[place]


def hinted(name: str) -> Claim | None:
    """Return the purpose that a path hints at."""
    for part in name.split("/"):
        found = next((word for word in _words(part) if word in _HINTS), None)
        if found is not None:
            evidence = Evidence(name, f"has `{found}` in its path")
            return Claim(_HINTS[found], (evidence,))
    return None


_NOUNS: dict[Purpose, str] = {
    "vendored": "code of other people",
    "test": "tests",
    "development": "development",
    "build": "builds",
    "example": "examples",
}


def _is_image(last: str) -> bool:
    return "dockerfile" in last.lower() or last.startswith("Containerfile")


def _has_channel(name: str) -> bool:
    return any(not _CHANNELS.isdisjoint(_words(part)) for part in name.split("/"))


def _is_fixture(part: str) -> bool:
    return not _FIXTURES.isdisjoint(_words(part))


def _words(name: str) -> list[str]:
    """Return the words of a file's name, without its ending."""
    stem, dot, ending = name.lower().rpartition(".")
    return _SEPARATORS.split(stem if dot and ending in ("yml", "yaml") else name.lower())
