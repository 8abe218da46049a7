"""An engine with all that the lab needs: images, and a folder of its host."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.lab.engine import HOST_FOLDER, engine
from tests.lab.run import make_image
from tests.lab.transcripts import IMAGES, make_images

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.lab.engine import Engine

# The lab's own engine begins with the same (tests/lab/engine.py).
_MAKE = """
set -e
mkdir /host/lab
cd /host/lab
mkdir a b
echo a >a/file
echo b >b/file
echo c >disk-only
chgrp 6 disk-only
chmod 640 disk-only
"""


@contextmanager
def prepared_engine() -> Generator[Engine]:
    """Start an engine, or take the one in use, and make what the lab needs there.

    Raises:
        LabError: it does not start, or runs no container.

    """
    with engine() as started:
        make_image(started)
        make_images(started)
        started.docker("run", "--rm", IMAGES["busybox"], "true")
        with _host_folder(started):
            yield started


@contextmanager
def _host_folder(running: Engine) -> Generator[None]:
    """Make the folder for a time. It is an error if the host has it already."""
    if running.own:
        yield
        return
    parent, _, name = HOST_FOLDER.rpartition("/")
    run = ("run", "--rm", "-v", f"{parent}:/host", IMAGES["busybox"])
    running.docker(*run, "sh", "-c", _MAKE)
    try:
        yield
    finally:
        running.docker(*run, "rm", "-rf", f"/host/{name}")
