"""What a trial tells the user: what it is about to start, and how far it has come."""

from __future__ import annotations

import sys
import time
from contextlib import suppress

from tightship.report.terminal import brief, visible
from tightship.report.wording import listed
from tightship.values.matching import closest
from tightship_annexes.trial.bounds import FREE_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship_annexes.trial.copy import Note, ProjectCopy
    from tightship_annexes.trial.engine import Engine
    from tightship_annexes.trial.preparing import Asked
    from tightship_annexes.trial.probes import Probe
    from tightship_annexes.trial.run import Run


QUESTION = "Run this project's code now? [y/N] "

_LONGEST = 1_300
"""The most characters of a line: a probe is shown as a whole."""

_HEAD = """\
This runs the project's own code, and that of its images, on this engine.
A container is no wall against hostile code: continue only with a project that you would
start with `docker compose up`.
"""


def announcement(
    asked: Asked,
    copy: ProjectCopy,
    engine: Engine,
    missing: Sequence[str],
    probes: Sequence[Probe] = (),
) -> str:
    """Return what would be started, replaced and left out."""
    lines = [*_about(asked, copy, engine), "", "Services and images:"]
    services = copy.config["services"]
    width = max((len(name) for name in services), default=0)
    for name, service in services.items():
        built = " (built now)" if "build" in service else ""
        lines.append(f"  {name:{width}}  {service['image']}{built}")
    if probes:
        lines += ["", "Probes, in containers without rights, or to ports of the copy:"]
    for one in probes:
        image = f" in {one.image}" if one.image else ""
        lines.append(f"  {one.service}{image}: {one.command}")
    lines += _strange(asked)
    if missing:
        lines += ["", f"Pulled first: {', '.join(missing)}"]
    lines += [*_notes("Different in the copy:", copy.changed)]
    lines += [*_notes("Not started:", copy.left_out)]
    shown = (
        brief(engine.masks.text(line), _LONGEST) if line[:1] == " " else visible(line)
        for line in lines
    )
    return "\n".join((_HEAD, *shown)) + "\n"


def _about(asked: Asked, copy: ProjectCopy, engine: Engine) -> Iterator[str]:
    yield f"Project: {', '.join(asked.files)}, as {copy.config['name']}"
    yield f"Its own files: those in {asked.root}; others need --allow"
    yield f"Engine: {engine.name} at {engine.host}"
    if engine.is_remote:
        yield "  It is remote: bind mounts and the ports on 127.0.0.1 are those of its machine."
    if asked.has_network:
        yield "Network: the containers reach the internet and your network (--network)"
    else:
        yield "Network: no way out, but programs of this host answer at the gateway's address"
    if engine.is_podman and not asked.has_network:
        yield "Ports: none on this machine, as internal networks of Podman have it"
    else:
        yield "Ports: free ones on 127.0.0.1"
    if copy.data:
        yield f"Data: copies of your volumes {listed([*copy.data.values()])} (--with-data)"
    else:
        yield "Data: empty volumes"
    yield from _bounds(copy, engine)
    if asked.allowed:
        yield f"Allowed: {', '.join(sorted(asked.allowed))}"


def _strange(asked: Asked) -> list[str]:
    """Return lines about probes for other services than the project's: names may be wrong."""
    names = {one.name for one in asked.loaded.containers}
    lines = list[str]()
    for one in asked.probes:
        if one.service not in names:
            near = closest(one.service, names)
            hint = f" (did you mean {near}?)" if near else ""
            lines.append(f"  {one.service}{hint}: {one.command}")
    return ["", "Probes for no service here:", *lines] if lines else []


def _bounds(copy: ProjectCopy, engine: Engine) -> Iterator[str]:
    """Yield what the containers may take of the machine."""
    memory, processes = copy.bounds.get("mem_limit"), copy.bounds.get("pids_limit")
    found = [f"{memory / 10**9:.1f} GB of memory"] if memory else []
    found += [f"{processes:,} processes"] if processes else []
    found = found or ["no bound of this engine"]
    yield f"Each container: {' and '.join(found)}, or the limits that the project has"
    free = f"{FREE_BYTES // 10**9} GB"
    yield (
        f"Disk: the trial stops before less than {free} are free"
        if engine.disk
        else "Disk: no bound, because the disk of the engine cannot be seen from here"
    )


def _notes(title: str, notes: Iterable[Note]) -> Iterator[str]:
    found = [f"  {one.service}: {one.text}" if one.service else f"  {one.text}" for one in notes]
    if found:
        yield from ("", title, *dict.fromkeys(found))


USUAL_STARTS = 4
"""How many starts of the project most trials take."""


class Progress:
    """Writes a line for each step; ``run`` is known once something starts."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self.run: Run | None = None

    def say(self, text: str) -> None:
        """Write a line about what happens now."""
        spent = time.monotonic() - self._begin
        starts = self.run.starts if self.run is not None else 0
        where = f"{spent:.0f} s" + (f", start {starts}" if starts else "")
        if sys.stderr is not None:
            with suppress(OSError):
                left = self._left(spent, starts)
                print(f"[{where}{left}] {brief(text, 200)}", file=sys.stderr, flush=True)

    def _left(self, spent: float, starts: int) -> str:
        """Return about how much time is left, by the starts until now."""
        if not starts:
            return ""
        left = spent / starts * (USUAL_STARTS - starts)
        return f", about {left:.0f} s left" if left >= 1 else ""
