"""The mounts of a RUN."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from tightship.frontends.dockerfile.argument import Argument
    from tightship.syntax.dockerfile.nodes import Flag


class BuildMount(Record):
    """One ``--mount`` of RUN; its type is ``bind`` by default.

    ``options`` are by name, those without ``=`` being None.
    """

    flag: Flag
    kind: str
    options: dict[str, Argument | None]

    @property
    def origin(self) -> Argument | None:
        """Return the stage or image that it comes from, where one is named."""
        return self.options.get("from")

    @property
    def target(self) -> Argument | None:
        """Return where it is mounted."""
        names = ("target", "dst", "destination")
        return next((self.options[n] for n in names if self.options.get(n)), None)
