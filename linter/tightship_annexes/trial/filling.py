"""A start of a copy: its variants of services, and the content of its volumes.

The content goes through `docker cp` into a container that is never started, so that it needs no
program in an image, works with remote engines, and keeps owners and modes.
"""

from __future__ import annotations

import os
import tarfile
from contextlib import contextmanager, suppress

from tightship.lazy import Record
from tightship_annexes.trial.copy import LABEL, volume_key
from tightship_annexes.trial.engine import EngineError, stop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from typing import IO

    from tightship_annexes.trial import Tree
    from tightship_annexes.trial.copy import ProjectCopy
    from tightship_annexes.trial.run import Run

    Variants = Mapping[str, Sequence[Mapping[str, object]]]


class Start(Record):
    """One start of a copy.

    ``volumes`` are the names of its volumes, by their keys; ``original`` are the keys in the
    copy that they come from, where there are any.
    """

    config: Tree
    volumes: Mapping[str, str]
    original: Mapping[str, str]


def with_variants(copy: ProjectCopy, variants: Variants, number: int) -> Start:
    """Return the configuration of a start, whose volumes are named by its number.

    Entry 0 of a service's variants is laid over the service itself. Entry n runs beside it as
    `NAME--n`: with volumes of its own, and without the aliases of the service.
    """
    made = _Start(copy, number)
    for name, entries in variants.items():
        for place, settings in enumerate(entries):
            made.add(name, place, settings)
    config = copy.config | {"services": made.services, "volumes": made.volumes}
    return Start(config, {k: v["name"] for k, v in made.volumes.items()}, made.original)


class _Start:
    def __init__(self, copy: ProjectCopy, number: int) -> None:
        self.services: Tree = dict(copy.config["services"])
        self._copy = copy
        self._given: Tree = copy.config["services"]
        self._known: Tree = copy.config["volumes"]
        self._prefix = f"{copy.config['name']}_{number}"
        self.volumes: Tree = {}
        self.original: dict[str, str] = {}
        for key in self._known:
            self._volume(key, key)

    def _volume(self, key: str, original: str) -> str:
        self.volumes[key] = self._known[original] | {"name": f"{self._prefix}_{key}"}
        self.original[key] = original
        return key

    def add(self, name: str, place: int, settings: Mapping[str, object]) -> None:
        service: Tree = self._given[name]
        made = laid_over(service, settings)
        if place:
            made.pop("build", None)  # it is built for the service itself
            if service.get("networks"):
                made["networks"] = dict.fromkeys(service["networks"])
        key = f"{name}--{place}" if place else name
        if "volumes" in made:
            made["volumes"] = [self._mount(one, key, place) for one in made["volumes"]]
        self.services[key] = made

    def _mount(self, mount: Tree, service: str, place: int) -> Tree:
        if mount["type"] != "volume" or (mount.get("source") and not place):
            return mount
        source = mount.get("source")
        if source:
            return mount | {"source": self._volume(f"{source}--{place}", source)}
        key = volume_key(service, mount["target"])
        settings = {"name": f"{self._prefix}_{key}", "labels": self._copy.labels}
        self.volumes[key] = settings
        return mount | {"source": key}


def laid_over(service: Tree, settings: Mapping[str, object]) -> Tree:
    """Return a service with settings: these lists are joined, and other keys replaced."""
    made: Tree = {**service, **settings}
    for key in ("security_opt", "tmpfs", "volumes"):
        if key in service and key in settings:
            made[key] = [*service[key], *made[key]]
    return made


FILL_SECONDS = 300
"""How long the content of all volumes may take."""

_CHUNK = 1 << 20
_FOLDER = "content"  # the folder that volumes are mounted below


def fill(run: Run, start: Start, plain: Mapping[str, str]) -> Start:
    """Make the volumes of a start that have content from the beginning, and fill them.

    Args:
        run: the run.
        start: its next start.
        plain: the volumes to copy, by their keys; without any, those of the user that were
            asked for.

    Raises:
        EngineError: they cannot be filled.

    """
    copied = {k: one for k, one in (plain or run.copy.data).items() if k in start.volumes}
    folders = {
        key: run.copy.folders[one]
        for key, one in start.original.items()
        if key not in copied and one in run.copy.folders
    }
    names = {key: start.volumes[key] for key in (*copied, *folders)}
    if not names:
        return start
    with _holder(run, names) as holder:
        if copied:
            _copy_volumes(run, copied, holder)
        if folders:
            _copy_folders(run, folders, holder)
    volumes = {key: {"name": name, "external": True} for key, name in names.items()}
    volumes = start.config["volumes"] | volumes
    return start.replaced(config=start.config | {"volumes": volumes})


@contextmanager
def _holder(run: Run, volumes: Mapping[str, str], *, is_new: bool = True) -> Generator[str]:
    """Make a container that is never started, with volumes in a folder, by their keys."""
    label = f"{LABEL}={run.label}"
    image = next(one["image"] for one in run.copy.config["services"].values())
    words = list[str]()
    for key, name in volumes.items():
        mount = f"type=volume,source={name},target=/{_FOLDER}/{key},volume-nocopy"
        if is_new:  # Podman takes no label in a mount.
            run.engine.asked("volume", "create", "--label", label, name)
        else:
            mount += ",readonly"
        words += ["--mount", mount]
    create = ("create", "--label", label, "--network", "none", "--entrypoint", "/none")
    made = run.engine.asked(*create, *words, "--pull", "never", image, "none").strip()
    try:
        yield made
    finally:
        run.engine.docker("rm", "-f", "-v", made)


def _copy_volumes(run: Run, volumes: Mapping[str, str], holder: str) -> None:
    """Copy volumes, which stay as they are."""
    with (
        _holder(run, volumes, is_new=False) as other,
        run.engine.reading("cp", "-a", f"{other}:/{_FOLDER}", "-") as source,
        _writing(run, holder) as target,
    ):
        while part := source.read(_CHUNK):
            run.engine.check_room()
            target.write(part)


def _copy_folders(run: Run, folders: Mapping[str, str], holder: str) -> None:
    with _writing(run, holder) as target, tarfile.open(fileobj=target, mode="w|") as tar:
        for key, folder in folders.items():
            if os.path.isdir(folder) and os.access(folder, os.R_OK | os.X_OK):
                tar.add(os.path.realpath(folder), arcname=f"{_FOLDER}/{key}", filter=_ordinary)


def _ordinary(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out sockets, pipes and devices."""
    return entry if entry.isreg() or entry.isdir() or entry.issym() or entry.islnk() else None


@contextmanager
def _writing(run: Run, holder: str) -> Generator[IO[bytes]]:
    """Open an archive that is unpacked into a volume.

    Raises:
        EngineError: the engine does not take it.

    """
    # With `-a`, all would belong to the USER of the holder's image (moby 26.1.5,
    # daemon/archive_tarcopyoptions_unix.go).
    process = run.engine.writing("cp", "-", f"{holder}:/")
    stream = process.stdin
    if stream is None:
        raise EngineError("`docker cp` takes no input")
    try:
        with suppress(BrokenPipeError):
            yield stream
        with suppress(BrokenPipeError):
            stream.close()
        if process.wait(FILL_SECONDS):
            raise EngineError("the volumes of the copy cannot be filled: is the disk full?")
    finally:
        stop(process)
