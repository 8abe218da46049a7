"""Removal of what runs made, by their label, which names the process that owns them.

A process is known by its number and the time of its start, so that no other one is taken for it.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress

from tightship.isolation.own_needs import own_knowledge
from tightship_annexes.trial.copy import LABEL
from tightship_annexes.trial.engine import EngineError, run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.isolation.container import Container
    from tightship_annexes.trial.copy import ProjectCopy
    from tightship_annexes.trial.engine import Engine


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


# How to list each kind by a filter, and to remove some. Containers hold the others.
_KINDS = (
    (("ps", "-aq", "--no-trunc"), ("rm", "-f", "-v")),
    (("network", "ls", "-q", "--no-trunc"), ("network", "rm")),
    (("volume", "ls", "-q"), ("volume", "rm", "-f")),
    (("image", "ls", "-q", "--no-trunc"), ("image", "rm", "-f")),
)
_SECONDS = 60
_QUIET = 1.0
"""How long nothing may appear: an engine finishes what a killed client has begun."""


def clean(
    engine: Engine, label: str, seconds: float = _SECONDS, *, is_whole: bool = False
) -> list[str]:
    """Remove all that has a label, and return what is left after that many seconds.

    ``is_whole`` tells that no client was killed: then nothing appears later.
    """
    end = time.monotonic() + seconds
    left = remove(engine, label)
    while time.monotonic() < end:
        time.sleep(0 if is_whole else _QUIET)
        found = remove(engine, label)
        if not found and not left:
            break
        left = found
    return left


def remove(engine: Engine, label: str) -> list[str]:
    """Remove what has a label now, and return what that was."""
    every = list[str]()
    for listing, removal in _KINDS:
        found = _listed(engine, listing, f"{LABEL}={label}")
        if found:
            engine.docker(*removal, *found)
        every += found
    return every


def _listed(engine: Engine, listing: Sequence[str], label: str) -> list[str]:
    done = engine.docker(*listing, "--filter", f"label={label}")
    if not done.is_done:
        raise EngineError(f"the engine does not list what is left: {done.reason}")
    return [*dict.fromkeys(done.out.split())]


def _labels(engine: Engine) -> Iterator[str]:
    """Yield the labels of all runs that have left something."""
    for words in (("ps", "-a"), ("network", "ls"), ("volume", "ls")):
        template = f'{{{{.Label "{LABEL}"}}}}'
        listing = (*words, "--filter", f"label={LABEL}", "--format", template)
        yield from engine.asked(*listing).split()
    images = _listed(engine, ("image", "ls", "-q", "--no-trunc"), LABEL)
    if images:
        template = f'{{{{index .Config.Labels "{LABEL}"}}}}'
        yield from engine.docker("image", "inspect", "--format", template, *images).out.split()


def clean_ended(engine: Engine) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Remove what ended runs have left; yield each label, its owner, and what is left of it."""
    for label in dict.fromkeys(_labels(engine)):
        made_by = owner(label)
        left = clean(engine, label) if made_by == "ended" else ()
        yield label, made_by, left


def changed_services(containers: Iterable[Container], copy: ProjectCopy) -> list[str]:
    """Return the services of a copy without facts that were measured on what they now are.

    That is their image with its digest, or their Dockerfile, and their command, entrypoint and
    user.
    """
    names = {*copy.services}
    return [one.name for one in containers if one.name in names and _has_changed(one, copy)]


def _has_changed(container: Container, copy: ProjectCopy) -> bool:
    facts = container.as_measured.facts
    found = own_knowledge(container, facts) if facts is not None else None
    if found is None or found.refusal or found.differences:
        return True
    measured = found.own.family.measured
    if measured is None or measured.dockerfile is not None:
        return measured is None
    image = copy.images.get(container.name)
    return image is None or image.id != measured.digest
