"""The run in which the facts of a file of the user's own were measured."""

from __future__ import annotations

from tightship.images.facts import Source
from tightship.lazy import Record


class Measurement(Record):
    """The run in which facts were measured, and what was run.

    Attributes:
        image: the image, as a service names it
        date: the day, such as `2026-11-29`
        digest: the digest of the image
        engine: the engine and its version
        exercised: what was seen to work, as phrases
        kept: what was kept since nothing exercised it, as phrases
        user: the `user` of the service
        entrypoint: the words of its `entrypoint`
        command: the words of its `command`
        dockerfile: the digest of the text of its Dockerfile, if it is built

    """

    image: str
    date: str
    digest: str | None = None
    engine: str | None = None
    exercised: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    user: str | None = None
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    dockerfile: str | None = None

    @property
    def source(self) -> Source:
        """Return the source of what was measured, with the start of the digest."""
        digest = f"@{self.digest[:19]}" if self.digest and "@" not in self.image else ""
        by = f", {self.engine}" if self.engine else ""
        return Source("measured", f"on {self.date} with {self.image}{digest}{by}")
