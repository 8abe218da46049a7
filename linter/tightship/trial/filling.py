"""The content of a copy's volumes: folders of the project, and volumes of others.

The content goes through `docker cp` into a container that is never started, so that it needs no
program in an image, works with remote engines, and keeps owners and modes.
"""

from __future__ import annotations

import os
import tarfile
from contextlib import contextmanager, suppress

from tightship.trial.copy import LABEL
from tightship.trial.engine import EngineError, stop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from typing import IO

    from tightship.trial.run import Run
    from tightship.trial.variants import Start

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
