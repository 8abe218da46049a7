"""The options of ``security_opt``, and runtimes that are sandboxes."""

from __future__ import annotations

from tightship.isolation.weakness import MechanismState
from tightship.model.setting import Setting
from tightship.model.value import ScalarValue
from tightship.values.hole import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.setting import SettingList

# SELinux types that the policy of containers leaves unconfined (container-selinux,
# and the targeted policy for those that are not its own).
UNCONFINED_TYPES = frozenset(
    ("container_runtime_t", "spc_t", "unconfined_service_t", "unconfined_t")
)


class Security:
    """The security options in effect.

    Of most kinds the last one wins: Compose passes all entries on, and the daemon lets
    each overwrite the one before. Key and value are separated by ``=``, or by
    ``:`` in the old spelling (moby 26.1.5, daemon/daemon_unix.go, parseSecurityOpt).
    """

    __slots__ = ("_is_podman", "options")

    def __init__(self, service: ContainerSettings) -> None:
        self.options: SettingList[str] = service.texts("security_opt")
        self._is_podman = service.engine == "Podman"

    @property
    def seccomp(self) -> Setting[str]:
        """Return the seccomp profile; absent means Docker's default profile."""
        return self._last("seccomp")

    @property
    def every_seccomp(self) -> list[Setting[str]]:
        """Return each certain seccomp option, in the order of the file."""
        return [
            _with(item, value)
            for key, value, item in self._entries()
            if key == "seccomp" and item.decided
        ]

    @property
    def apparmor(self) -> Setting[str]:
        """Return the AppArmor profile; absent means ``docker-default``."""
        return self._last("apparmor")

    @property
    def selinux(self) -> Setting[str]:
        """Return ``disable``, or the SELinux type; absent means a confined one.

        ``disable`` ends the reading wherever it stands, and of several types the
        last one counts (go-selinux, InitLabels).
        """
        for key, value, item in self._entries():
            if (key, value) == ("label", "disable"):
                return _with(item, "disable")
        written = self._last("label", "type:")
        if written.value is not None:
            return _with(written, written.value.removeprefix("type:"))
        return written

    @property
    def no_new_privileges(self) -> Setting[bool]:
        """Return whether privileges may not grow on exec; absent means they may."""
        return _switched(self._last("no-new-privileges"))

    @property
    def writable_cgroups(self) -> Setting[bool]:
        """Return whether the control groups are writable; absent means they are not."""
        return _switched(self._last("writable-cgroups"))

    @property
    def system_paths(self) -> Setting[str]:
        """Return ``unconfined`` where the paths of ``/proc`` are not masked.

        Compose cuts this option out before the daemon sees it, wherever it stands,
        and knows no other spelling (docker/compose, pkg/compose/create.go).
        """
        found = self.options.surely_holds("systempaths=unconfined")
        if found is None and self._is_podman:  # it has `unmask` for all of them, or for some
            some = [(value, one) for key, value, one in self._entries() if key == "unmask"]
            every = (one for value, one in some if one.decided and _unmasks_all(value))
            found = next(every, None)
            one = some[0][1] if some and found is None else None
            if one is not None:
                return Setting(one.span, None, decided=False, source=one.source)
        if found is not None:
            return _with(found, "unconfined")
        return Setting(self.options.span, None, decided=self.options.all_decided)

    def _last(self, kind: str, prefix: str = "") -> Setting[str]:
        """Return the value of the last option of a kind, or none.

        The value starts with ``prefix``. Options before an item that may be of this
        kind are not decided.
        """
        for key, value, item in reversed(list(self._entries())):
            if item.decided:
                if key == kind and value.startswith(prefix):
                    return _with(item, value)
                continue
            # A variable may hold the first letters.
            head = mask(value)[: len(prefix)]
            if "\0" in mask(key) or (key == kind and (head == prefix or "\0" in head)):
                return Setting(item.span, None, decided=False, source=item.source)
        return Setting(self.options.span, None, decided=self.options.decided)

    def _entries(self) -> Iterator[tuple[str, str, Setting[str]]]:
        """Yield key, value and item of each option, split as the daemon does.

        `no-new-privileges` needs no value. Compose rejects every other option without
        one, although the daemon would take `disable`. Variables without a value stay in
        the texts.
        """
        for item in self.options.items:
            text = item.source.text if isinstance(item.source, ScalarValue) else ""
            if text == "no-new-privileges":
                text = "no-new-privileges=true"
            key, _, value = split_option(text)
            yield key, value, item


def _unmasks_all(value: str) -> bool:
    """Return whether Podman unmasks all paths, or all that are in ``/proc``."""
    return value.upper() == "ALL" or "/proc/*" in value.split(":")


def split_option(text: str) -> tuple[str, str, str]:
    """Split an option into its kind, the separator and its value, as the daemon does."""
    return text.partition("=" if "=" in text else ":")


def switch(text: str | None) -> bool | None:
    """Return a text as Go's strconv.ParseBool reads it, or none."""
    if text in ("1", "t", "T", "TRUE", "true", "True"):
        return True
    return False if text in ("0", "f", "F", "FALSE", "false", "False") else None


def _switched(written: Setting[str]) -> Setting[bool]:
    known = switch(written.value)
    return Setting(
        written.span,
        known,
        decided=written.decided and (known is not None or not written.is_set),
        source=written.source,
        provenance=written.provenance,
    )


def _with(item: Setting[str], value: str) -> Setting[str]:
    return Setting(item.span, value, source=item.source, provenance=item.provenance)


_IF_CONFIGURED = "if the host's daemon has it under this name"
# The names of their documentation, and the names of their shims for containerd.
_RUNTIMES = (
    # gVisor documentation, user guide, Docker quick start; README, "What is gVisor?".
    (("runsc", "gvisor"), "gVisor, a kernel in user space"),
    # Kata Containers documentation, design, architecture; how-to, containerd.
    (("kata",), "Kata Containers, a virtual machine with its own kernel"),
    # Sysbox user guide, security: all namespaces, a user namespace always.
    (("sysbox",), "Sysbox, the host's kernel with a user namespace"),
)
_SHIM = "io.containerd."


def sandbox_rows(container: Container) -> Iterator[MechanismState]:
    """Yield the boundary that the ``runtime`` of a service adds, if its name has one."""
    setting = container.text("runtime")
    what = boundary(setting.value or "")
    if what is not None:
        yield MechanismState("runtime", "unknown", f"{what}, {_IF_CONFIGURED}", setting.span)


def boundary(runtime: str) -> str | None:
    """Return what a runtime puts around a container, if its name has it."""
    name = runtime.removeprefix(_SHIM)
    first = name.partition("-")[0].partition(".")[0]
    return next((what for names, what in _RUNTIMES if first in names), None)
