"""Resolve relative paths, from the folder of the file that has them.

Compose resolves the paths that are listed here and no others (compose-go,
paths/resolve.go): a path in ``command`` or ``seccomp=`` is no path to it.
"""

from __future__ import annotations

import posixpath

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.model.build import is_remote_context

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.frontends.compose.effective.value import Effective

_WINDOWS = regex(r"[A-Za-z]:[\\/]|[\\/]{2}[^\\/.][^\\/]*[\\/][^\\/.][^\\/]*[\\/]")


class Paths(Record):
    """Resolves the paths of a configuration.

    ``root`` is the absolute path of the folder from which the folders of readings
    start, and ``home`` is the user's, for ``~``, which stays without one.
    """

    root: str
    home: str | None = None

    def resolve(self, project: Effective) -> None:
        """Make the paths of a configuration absolute."""
        for pattern, resolver in _RESOLVERS.items():
            for value in project.at(pattern):
                resolver(self, value)

    def context(self, value: Effective) -> None:
        """Resolve a build context, unless it is remote."""
        if not is_remote_context(value.text):
            self.path(value)

    def path(self, value: Effective) -> None:
        """Resolve a path, unless it is empty."""
        if value.text:
            self.host_path(value)

    def host_path(self, value: Effective) -> None:
        """Resolve a path of the host, which may be one of Windows."""
        if not isinstance(value.content, str):
            return
        text = value.content
        if text.startswith("~") and self.home is not None:
            text = clean(f"{self.home}/{text[1:]}")
        if not posixpath.isabs(text) and not _WINDOWS.match(text):
            directory = value.source.reading.directory if value.source else ""
            text = clean(posixpath.join(self.root, directory, text))
        value.content = text

    def mount(self, value: Effective) -> None:
        """Resolve the source of a bind mount."""
        source = value.get("source")
        if value.text_of("type") == "bind" and source is not None:
            self.host_path(source)

    def volume(self, value: Effective) -> None:
        """Resolve the device of a volume that is really a bind mount."""
        options = value.entries_of("driver_opts")
        kind = options["o"].text if "o" in options else ""
        if "device" in options and (value.text_of("driver"), kind) == ("local", "bind"):
            self.host_path(options["device"])


_RESOLVERS: dict[tuple[str, ...], Callable[[Paths, Effective], None]] = {
    ("services", "*", "build", "context"): Paths.context,
    ("services", "*", "build", "additional_contexts", "*"): Paths.context,
    ("services", "*", "build", "ssh", "*"): Paths.host_path,
    ("services", "*", "env_file", "*", "path"): Paths.path,
    ("services", "*", "label_file", "*"): Paths.path,
    ("services", "*", "develop", "watch", "*", "path"): Paths.path,
    ("services", "*", "volumes", "*"): Paths.mount,
    ("configs", "*", "file"): Paths.host_path,
    ("secrets", "*", "file"): Paths.host_path,
    ("volumes", "*"): Paths.volume,
}


def clean(path: str) -> str:
    """Return the shortest equivalent path, as Go's ``path.Clean`` does."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned
