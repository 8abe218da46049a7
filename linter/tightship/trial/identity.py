"""The label of a run: which process of which machine made something, and whether it lives."""

from __future__ import annotations

import os
from contextlib import suppress

from tightship.trial.engine import EngineError, run


def own_label() -> str:
    """Return a new value for the label of what this process makes."""
    from secrets import token_hex

    pid = os.getpid()
    return f"{_machine()}.{pid}.{_start_of(pid) or 0}.{token_hex(4)}"


def owner(label: str) -> str:
    """Return who made something: `ended`, `running`, `elsewhere` or `unknown`.

    A process on another machine, or in a container, is not seen from here.
    """
    parts = label.split(".")
    if len(parts) != 4 or not parts[1].isdecimal():
        return "unknown"
    machine, pid, start, _ = parts
    if machine != _machine():
        return "elsewhere"
    now = _start_of(int(pid))
    if now is None:
        return "ended"
    return "running" if start in (now, "0") else "ended"


def _machine() -> str:
    """Return a short name of this machine and its space of process ids."""
    import platform
    from hashlib import sha256

    space = ""
    with suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    # An image may have a label, too: what has no secret of the machine in it could be forged.
    secret = from_kernel("/etc/machine-id")
    return sha256(f"{platform.node()} {space} {secret}".encode()).hexdigest()[:12]


def _start_of(pid: int) -> str | None:
    """Return when a process started, in some unit; None if there is none."""
    if not os.path.exists("/proc/self/stat"):
        return _start_by_ps(pid)
    stat = from_kernel(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if not stat or stat[0] == "Z":
        return None
    return f"{stat[19]}-{from_kernel('/proc/sys/kernel/random/boot_id')[:8]}"


def _start_by_ps(pid: int) -> str | None:
    try:
        done = run(["ps", "-o", "lstart=", "-p", str(pid)], timeout=10)
    except EngineError:
        return "0"  # as on Windows: it may run
    return "".join(sign for sign in done.out if sign.isalnum()) or None


def from_kernel(path: str) -> str:
    """Return what Linux tells in a file below `/proc`; empty elsewhere."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
