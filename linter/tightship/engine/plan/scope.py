"""The scope of a run: what it reads, and what it leaves out although it looks as if it mattered."""

from __future__ import annotations

import os

from tightship.engine.disk.root import project_root, real_path
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Final, Literal, TypeAlias

    from tightship.engine.disk.regular import Refusal
    from tightship.engine.verdict import Verdict
    from tightship.findings import Gap

    RootedGap: TypeAlias = tuple[str, Gap]
    Does = Literal["", "starts", "builds"]
    Reason = Literal[
        "empty",
        "excluded",
        "ignored",
        "invalid-yaml",
        "missing",
        "no-base",
        "no-container",
        "no-instruction",
        "no-services",
        "not-asked-for",
        "not-readable",
        "not-regular",
        "other-name",
        "template",
        "too-large",
        "vendored",
    ]

# Why a file is not read whose content may be anything.
_OPEN = frozenset(("not-readable", "not-regular", "other-name", "template", "too-large"))
# Files that are not in the repository, that the user leaves out, or that declare nothing.
_HARMLESS = frozenset((
    "empty", "excluded", "ignored", "no-base", "no-container", "no-instruction", "no-services",
))  # fmt: skip
_ACCEPTORS = ("comment", "configuration", "policy")
_LOWERING: tuple[str, ...] = (*_ACCEPTORS, "baseline", "purpose")

# `docker-compose.yml.example`, `Dockerfile.j2`: copies and templates of what is judged.
_COMPOSE = regex(r"(?i)(?:.*docker[-_.]?compose|compose)(?:[-_.].*)?\.ya?ml(\.[-\w]+)+~?")
_DOCKERFILE = regex(
    r"(?i)(?:docker|container)file(?:[-_.].*)?"
    r"(\.(?:j2|jinja2?|tmpl|tpl|template|templ|erb|ejs|gotmpl|mustache|hbs|in|m4|cmake|include))"
)


class SkippedFile:
    """A file that was seen and not judged.

    ``path`` is absolute, and ``name`` the path from ``root``, the folder that findings
    near the file are named from. ``reason`` is a keyword, and ``message`` the reason as
    the end of a sentence, without a full stop. ``does`` says what the file surely does, first
    in its ``line``: it starts containers, or only builds images. ``by`` is the path of the file
    with the command that starts what it declares. ``front_ends`` would read it.
    """

    __slots__ = ("by", "does", "front_ends", "line", "message", "path", "reason", "root")

    def __init__(
        self,
        path: str,
        reason: Reason,
        message: str,
        *,
        root: str = "",
        does: Does = "",
        line: int = 0,
        by: str = "",
        front_ends: Sequence[str] = (),
    ) -> None:
        self.path: Final = path
        self.by: Final = by
        self.front_ends: Final = front_ends
        self.does: Final[Does] = does
        self.line: Final = line
        self.reason: Final[Reason] = reason
        self.message: Final = message
        self.root: Final = root or os.path.dirname(path)

    @property
    def name(self) -> str:
        """Return the path from the root, with ``/``."""
        return os.path.relpath(self.path, self.root).replace(os.sep, "/")

    @property
    def may_start(self) -> bool:
        """Return whether the file starts containers, or may do so for all that is known."""
        return self.does == "starts" or self.reason in _OPEN

    @property
    def must_be_read(self) -> bool:
        """Return whether a policy is not kept for sure as long as the file is not read."""
        return self.reason not in _HARMLESS and self.does != "builds"

    def below(self, root: str) -> SkippedFile:
        """Return the same file, named from another root."""
        return SkippedFile(
            self.path,
            self.reason,
            self.message,
            root=root,
            does=self.does,
            line=self.line,
            by=self.by,
            front_ends=self.front_ends,
        )

    def __repr__(self) -> str:
        return f"SkippedFile({self.path!r}, {self.reason})"


class Scope:
    """What a run reads, what it leaves out, and what lowers its findings: made with its plan.

    ``lowered`` counts findings that do not count, or count less, by the reason: a ``comment``,
    the ``configuration``, a ``policy``, the ``baseline``, or the ``purpose`` of their file;
    ``reasons`` has the numbers of the last by what says or shows it. ``hints`` are the
    purposes that files may have, which only their owner knows, by their paths.
    """

    def __init__(self) -> None:
        self._read = set[str]()
        self._left: dict[str, SkippedFile] = {}
        self._gaps: dict[tuple[str, str, int, str], RootedGap] = {}
        self.lowered = dict.fromkeys(_LOWERING, 0)
        self.reasons: dict[str, int] = {}
        self.hints: dict[str, str] = {}

    def leave(self, file: SkippedFile) -> None:
        """Add a file that was seen and not judged."""
        if file.path not in self._left:
            root = project_root(file.path, here=real_path(os.curdir))
            self._left[file.path] = file.below(root)

    def add(self, verdict: Verdict) -> None:
        """Add a verdict; a file or a gap that several projects have counts once."""
        # One text each: there may be ten thousand.
        self._read.update(f"{verdict.root}\0{one.name}" for one in verdict.sources)
        for gap in verdict.gaps:
            key = verdict.root, gap.span.source.name, gap.span.start, gap.reason
            self._gaps.setdefault(key, (verdict.root, gap))
        lowered: list[str] = [
            one.accepted.by for one in verdict.accepted if one.accepted is not None
        ]
        lowered += ["baseline"] * len(verdict.known)
        by_purpose = [one.lowered_by for one in verdict.findings if one.usual is not None]
        lowered += ["purpose"] * len(by_purpose)
        for reason in by_purpose:
            self.reasons[reason] = self.reasons.get(reason, 0) + 1
        for by in lowered:
            self.lowered[by] += 1

    @property
    def hinted(self) -> Sequence[tuple[str, str]]:
        """Return the names of the files that hint at another purpose, with that."""
        here = real_path(os.curdir)
        names = (
            (os.path.relpath(path, project_root(path, here=here)), to)
            for path, to in sorted(self.hints.items())
        )
        return [(name.replace(os.sep, "/"), to) for name, to in names]

    @property
    def accepted(self) -> int:
        """Return the number of findings that somebody accepts, each with a reason or a place."""
        return sum(self.lowered[by] for by in _ACCEPTORS)

    @property
    def files(self) -> int:
        """Return the number of files that were read."""
        return len(self._read)

    @property
    def gaps(self) -> Sequence[RootedGap]:
        """Return the parts that could not be checked, each once.

        Each comes with the absolute path of the folder that its file's name starts from.
        """
        return [*self._gaps.values()]

    @property
    def left(self) -> Sequence[SkippedFile]:
        """Return the files that were seen and not judged, not even with others."""
        if not self._left:
            return ()
        read = {os.path.join(*name.split("\0")) for name in self._read}
        return [one for path, one in sorted(self._left.items()) if path not in read]


def refused_file(path: str, refusal: Refusal) -> SkippedFile | None:
    """Return a file that the disk refuses; one that was removed meanwhile is none."""
    match refusal.reason:
        case "missing":
            return None
        case "too-large" | "not-regular":
            reason: Reason = refusal.reason
        case _:
            reason = "not-readable"
    _, _, what = refusal.message.rpartition("` ")
    return SkippedFile(path, reason, f"it {what}")


def ignored_file(folder: str, name: str) -> SkippedFile:
    """Return a file that a `.gitignore` ignores, and Git does not track."""
    return SkippedFile(os.path.join(folder, name), "ignored", "Git ignores it")


def excluded_file(path: str) -> SkippedFile:
    """Return a file or folder that the configuration or the command line excludes."""
    return SkippedFile(path, "excluded", "it is excluded")


def named_alike(folder: str, name: str) -> SkippedFile | None:
    """Return a file with the name of a Compose file or a Dockerfile, and more."""
    # Most files are of other kinds.
    if "ompose" not in name and "file" not in name.lower():
        return None
    found = _COMPOSE.fullmatch(name) or _DOCKERFILE.fullmatch(name)
    if found is None:
        return None
    message = f"its name ends in `{found[1]}`"
    return SkippedFile(os.path.join(folder, name), "template", message)
