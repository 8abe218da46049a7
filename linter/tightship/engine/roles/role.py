"""Roles of files: two answers for each of them, and the evidence for both.

How a file *loads* and its *purpose* are independent: most overlays lie in a folder for
tests, and a test may have projects, overlays and templates of its own.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from tightship.frontends.invocations.found import Chain, Evidence

    Loading = Literal["alone", "overlay", "part", "supplied", "template", "other", "unknown"]
    Purpose = Literal["product", "development", "test", "fixture", "build", "example", "vendored"]


class Claim(Record):
    """A purpose other than the product, and the evidence for it."""

    purpose: Purpose
    evidence: tuple[Evidence, ...]


class Role(Record):
    """How a file loads, and its purpose.

    ``loading`` is ``alone`` (a project), ``overlay`` (merged over other files), ``part``
    (included, or extended from), ``supplied`` (a project to which a platform adds what it
    lacks), ``template``, ``other`` (not of Compose) or ``unknown``.

    ``purpose`` is ``product``, ``development``, ``test``, ``fixture`` (which tests only read),
    ``build`` (an image that only builds), ``example`` or ``vendored``.

    ``chains`` are the invocations that merge an overlay, and ``evidence`` the reasons.
    ``platform`` is the one that adds parts, by its name in the configuration, and what shows
    it. ``is_said`` is true if the settings give the purpose; all others are shown. ``hint`` is
    a purpose that lowers nothing: only the owner of the file knows whether it has it.
    """

    loading: Loading
    purpose: Purpose
    chains: tuple[Chain, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    platform: tuple[str, str] | None = None
    is_said: bool = False
    hint: Claim | None = None

    @property
    def reason(self) -> str:
        """Return what says or shows the purpose, in words; the last evidence is about it."""
        last = self.evidence[-1] if self.evidence else None
        return f"`{last.place}` {last.message}" if last is not None else ""

    def merges(self, path: str) -> bool:
        """Return whether an invocation merges it with the file at a path."""
        return any(path in chain.files for chain in self.chains)


HARDENED = "# Written by `tightship harden`."
"""The first line of an override file of `tightship harden --to`, which records a command.

The files of that command are how the project starts: its main file is not judged without
the override. No other file is overwritten.
"""

PURPOSES = {
    "development": "is for development",
    "test": "is for tests",
    "fixture": "is a fixture of tests",
    "build": "only builds",
    "example": "is an example",
    "command": "runs one command",
}
"""The end of a sentence on a file, by a purpose that lowers severities."""

PROJECT = Role("alone", "product")
"""The role of a file of which nothing else is known."""

OTHER = Role("other", "product")
"""The role of a Dockerfile, and of any other file that Compose does not load."""


def no_roles() -> Mapping[str, Role]:
    """Return the roles of files that nobody has asked about."""
    return {}
