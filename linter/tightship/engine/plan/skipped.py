"""Files that a sweep sees and does not judge, although they look as if they mattered."""

from __future__ import annotations

import os

from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    from tightship.engine.disk.regular import Refusal

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
    the end of a sentence, without a full stop.
    """

    __slots__ = ("message", "path", "reason", "root")

    def __init__(self, path: str, reason: Reason, message: str, *, root: str = "") -> None:
        self.path: Final = path
        self.reason: Final[Reason] = reason
        self.message: Final = message
        self.root: Final = root or os.path.dirname(path)

    @property
    def name(self) -> str:
        """Return the path from the root, with ``/``."""
        return os.path.relpath(self.path, self.root).replace(os.sep, "/")

    def below(self, root: str) -> SkippedFile:
        """Return the same file, named from another root."""
        return SkippedFile(self.path, self.reason, self.message, root=root)

    def __repr__(self) -> str:
        return f"SkippedFile({self.path!r}, {self.reason})"


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
