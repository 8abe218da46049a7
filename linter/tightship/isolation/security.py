"""Seccomp, AppArmor, SELinux and what else ``security_opt`` decides."""

from __future__ import annotations

from tightship.compose.field import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.field import Fields
    from tightship.compose.service import Service

_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")


class Security:
    """The security options in effect: of each kind the last one counts.

    Compose passes all entries on, and the daemon lets the last of a kind win
    (moby 26.1.5, daemon/daemon_unix.go, parseSecurityOpt). Key and value are parted
    by ``=``, or by ``:`` in the old spelling.
    """

    __slots__ = ("options",)

    def __init__(self, service: Service) -> None:
        """Read a service's security options."""
        self.options: Fields[str] = service.texts("security_opt")

    @property
    def seccomp(self) -> Field[str]:
        """Return the seccomp profile; absent means Docker's default profile."""
        return self._last("seccomp")

    @property
    def apparmor(self) -> Field[str]:
        """Return the AppArmor profile; absent means ``docker-default``."""
        return self._last("apparmor")

    @property
    def no_new_privileges(self) -> Field[bool]:
        """Return whether privileges may not grow on exec; absent means they may."""
        written = self._last("no-new-privileges", bare="true")
        if written.value in _TRUE:
            known: bool | None = True
        else:
            known = False if written.value in _FALSE else None
        return Field(
            written.span,
            known,
            decided=written.decided and (known is not None or not written.written),
            source=written.source,
            trail=written.trail,
        )

    @property
    def system_paths(self) -> Field[str]:
        """Return ``unconfined`` where the masked paths of ``/proc`` are bared.

        Only ``systempaths=unconfined`` does that: Compose cuts the option out before
        the daemon sees it, and knows no other spelling.
        """
        return self._last("systempaths", separators="=")

    def labels(self) -> list[Field[str]]:
        """Return the SELinux options, each without ``label`` and its separator.

        The old bare ``disable`` counts as ``label=disable``.
        """
        found = list[Field[str]]()
        for item in self.options.items:
            if item.value is None:
                continue
            key, _, rest = _split(item.value)
            if key == "label" and rest:
                found.append(_with(item, rest))
            elif item.value == "disable":
                found.append(item)
        return found

    def _last(
        self, kind: str, *, separators: str = "=:", bare: str | None = None
    ) -> Field[str]:
        """Return the value of the last option of a kind, or none.

        An item that only a run decides may be of any kind, so what comes before it
        is not decided.
        """
        for item in reversed(self.options.items):
            if not item.decided or item.value is None:
                return Field(item.span, None, decided=False, source=item.source)
            key, separator, rest = _split(item.value)
            if key == kind and separator and separator in separators:
                return _with(item, rest)
            if key == kind and not separator and bare is not None:
                return _with(item, bare)
        return Field(self.options.span, None, decided=self.options.decided)


def _split(option: str) -> tuple[str, str, str]:
    """Split an option at ``=``, or else at ``:``, as the daemon does."""
    separator = "=" if "=" in option else ":"
    key, found, rest = option.partition(separator)
    return key, found, rest


def _with(item: Field[str], value: str) -> Field[str]:
    return Field(item.span, value, source=item.source, trail=item.trail)
