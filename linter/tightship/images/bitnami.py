"""What the images of Bitnami share.

They run as uid 1001 with group 0, or as root that steps down, and make their configuration
at each start in folders below ``/opt/bitnami``.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
from tightship.images.facts import Capability, OpenPort, Write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.images.facts import Source


def made_at_start(folder: str, source: Source) -> Write:
    """Return the folder of the configuration, which the start fills."""
    what = "the configuration, made at the start"
    return Write(folder, what, source, options=("mode=1777",))


def pid_file(folder: str, source: Source) -> Write:
    """Return the folder of the file with the process ID."""
    return Write(folder, "the pid file", source, options=("mode=1777",))


def capabilities(account: str, source: Source) -> tuple[Capability, ...]:
    """Return what a start as root needs to go on as an account."""
    return (
        Capability("CHOWN", f"the start gives its folders to `{account}`", source, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            f"the start works on folders of `{account}`",
            source,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "FOWNER",
            f"the start changes the mode of folders of `{account}`",
            source,
            AS_ROOT,
            at="restart",
        ),
        Capability("SETGID", "the start switches the group", source, AS_ROOT),
        Capability("SETUID", "the start switches the user", source, AS_ROOT),
        Capability("SYS_CHROOT", "the start switches with chroot", source, AS_ROOT),
    )


def without_password(port: int, opens: str, source: Source, *passwords: str) -> OpenPort:
    """Return the port that is open if the image is told to do without a password.

    ``passwords`` are the variables of which each sets one.
    """
    allowed = variable("ALLOW_EMPTY_PASSWORD", "yes", "true", "1")
    return OpenPort(port, opens, source, allowed, closed_by=passwords)
