"""What a container may take of memory, processors and processes."""

from __future__ import annotations

from tightship.compose.field import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.service import Service

_MEMORY = (("mem_limit",), ("deploy", "resources", "limits", "memory"))
_CPU = (
    ("cpus",),
    ("deploy", "resources", "limits", "cpus"),
    ("cpu_quota",),
    ("cpu_count",),
    ("cpu_percent",),
)
_PROCESSES = (("pids_limit",), ("deploy", "resources", "limits", "pids"))


class Limits:
    """The control group limits of a container.

    Each is a field whose value is the limit, absent where there is none: ``0`` and
    ``-1`` set none either, and then the span is that of the value which says so.
    """

    __slots__ = ("_service",)

    def __init__(self, service: Service) -> None:
        """Read a service's limits."""
        self._service = service

    @property
    def memory(self) -> Field[float]:
        """Return the memory limit in bytes."""
        return self._first(_MEMORY, size=True)

    @property
    def cpu(self) -> Field[float]:
        """Return the limit of processor time, or of the processors (``cpuset``)."""
        pinned = self._service.text("cpuset")
        if pinned.written and pinned.value != "":
            return Field(
                pinned.span,
                1.0 if pinned.decided else None,
                decided=pinned.decided,
                source=pinned.source,
            )
        return self._first(_CPU)

    @property
    def processes(self) -> Field[float]:
        """Return the limit of processes.

        ``ulimits.nproc`` is no such limit: it counts all processes of a user ID on
        the host, over all containers.
        """
        return self._first(_PROCESSES)

    def ulimit(self, name: str) -> Field[float]:
        """Return the soft limit of a resource (``nofile``); ``-1`` is unlimited."""
        soft = self._service.number("ulimits", name, "soft")
        return soft if soft.written else self._service.number("ulimits", name)

    def _first(
        self, paths: tuple[tuple[str, ...], ...], *, size: bool = False
    ) -> Field[float]:
        """Return the first limit that one of several keys sets."""
        none: Field[float] = Field(
            self._service.span, None, decided=self._service.complete
        )
        for path in paths:
            if size:
                bytes_ = self._service.size(*path)
                field: Field[float] = Field(
                    bytes_.span,
                    bytes_.value,
                    decided=bytes_.decided,
                    source=bytes_.source,
                    trail=bytes_.trail,
                )
            else:
                field = self._service.number(*path)
            if not field.written:
                continue
            if not field.decided or (field.value or 0) > 0:
                return field
            none = Field(field.span, None, decided=none.decided, source=field.source)
        return none
