"""Whether a project means the same under another name: its configuration before and after."""

from __future__ import annotations

from tightship.frontends.compose.effective.assembly import Assembly
from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence
    from typing import Protocol

    from tightship.frontends.compose.effective.printed import Plain
    from tightship.model.project import Disk

    class Files(Disk, Protocol):
        """The files of a project, below a folder."""

        root: str

        def exists(self, path: str) -> bool:
            """Return whether there is something at a path."""
            ...


_NAME = "\0"
_INLINE = "dockerfile_inline"
_SECRET_FILE = regex(r"(?<=/run/secrets/)[A-Za-z0-9._-]+")
_WORD = regex(r"[A-Za-z0-9._-]+")
# What may come before a name in a text of a configuration, and behind it. A secret or a
# config without a target has a path with its name.
_REFERENCE = regex(
    r"(?s)(service:|(?:[A-Za-z][A-Za-z0-9+.-]*:)+//(?:[^@/\s]*@)?|/run/secrets/|/|)([A-Za-z0-9._-]+)(.*)"
)


class Meaning:
    """What Compose makes of a project, in whose place any of some names may be."""

    def __init__(
        self,
        disk: Files,
        folder: str,
        files: Sequence[str],
        names: frozenset[str],
        *,
        in_keys: bool = True,
    ) -> None:
        """Load a project.

        Args:
            disk: gives its files.
            folder: the folder in which Compose is called.
            files: those that `-f` names; none for those that Compose finds.
            names: the names that count as one.
            in_keys: whether they do in keys, such as those of services.

        """
        options = Options(files=tuple(files), profiles=("*",))
        call = invocation(folder, options, exists=disk.exists, read=disk.read, ceiling=disk.root)
        made = Assembly(call, disk, top=disk.root)
        self._names = names
        self._in_keys = in_keys
        self._project = made.name
        self.is_refused = made.refused
        self.faults = sorted(fault.kind for fault in made.faults)
        shown = made.configuration.printed().as_json if made.configuration is not None else None
        self.content = self._general(shown)

    def is_same(self, other: Meaning) -> bool:
        """Return whether another project means the same."""
        return (
            self.is_refused == other.is_refused
            and self.faults == other.faults
            and self.content == other.content
        )

    def _general(self, value: Plain) -> object:
        if isinstance(value, dict):
            name = self._text if self._in_keys else str
            pairs = (
                (
                    name(key),
                    _WORD.sub(self._word, str(one)) if key == _INLINE else self._general(one),
                )
                for key, one in value.items()
            )
            return sorted(pairs, key=lambda pair: (pair[0], str(pair[1])))
        if isinstance(value, list):
            return [self._general(one) for one in value]
        return self._text(value) if isinstance(value, str) else value

    def _word(self, word: re.Match[str]) -> str:
        """Return what stands for a word: one thing for all names."""
        return _NAME if word[0] in self._names else word[0]

    def _text(self, text: str) -> str:
        if "/run/secrets/" in text:
            text = _SECRET_FILE.sub(self._word, text)
        found = _REFERENCE.fullmatch(text)
        if found is None:
            return text
        before, name, behind = found.groups()
        if before or not behind or behind.startswith(":"):
            # Resources have the project's name in front of theirs.
            own = name.removeprefix(f"{self._project}_")
            name = _NAME if own in self._names else name
        return f"{before}{name}{behind}"
