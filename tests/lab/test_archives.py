"""What an archive shows of an image is so on an engine that runs it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from tests.lab.stand_ins import build, is_cached, stand_ins
from tests.lab.transcripts import IMAGES

from tightship.frontends.image_archive.archive import Archive
from tightship.frontends.image_archive.file_system import FileSystem
from tightship.isolation.archived_image import archived_family

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

    from tightship.images.facts import ImageFamily

ACCOUNTS = (
    "RUN printf 'root:x:0:0::/root:/bin/sh\\napp:x:1000:1001::/home/app:/bin/sh\\n' > /etc/passwd"
    " && printf 'root:x:0:\\napp:x:1001:\\nshared:x:2000:app\\n' > /etc/group"
)
CASES = {
    "root": 'EXPOSE 80 53/udp\nVOLUME /data\nCMD ["sh"]',
    "setuid": "RUN cp /bin/busybox /bin/raise && chmod 4755 /bin/raise\nUSER app",
    "setuid removed": (
        "RUN cp /bin/busybox /bin/raise && chmod 4755 /bin/raise\nRUN rm /bin/raise\nUSER app"
    ),
    "owned": "RUN mkdir -p /data /srv/deep && chown app /data /srv/deep\nUSER app",
    "group": "RUN mkdir /data && chgrp shared /data && chmod 775 /data\nUSER app",
    "other group": "RUN mkdir /data && chgrp shared /data && chmod 775 /data\nUSER app:root",
    "volume": "RUN mkdir /data && chown app /data\nVOLUME /data\nUSER 1000",
    "emptied": "RUN mkdir /data && chmod 777 /data && echo > /data/a\nRUN rm /data/a\nUSER app",
    "replaced": "RUN mkdir -m 777 /data\nRUN rmdir /data && echo > /data\nUSER app",
}
# Each folder where the user of the image can make a file, but for the engine's own.
_TRY = r"""
for folder in $(find / -xdev -type d 2>/dev/null); do
    case $folder in /dev*|/proc*|/sys*|/run/lock*) continue ;; esac
    (: > "$folder/.try") 2>/dev/null && echo "$folder"
done
true
"""
_STARTED = ("run", "--rm", "--network", "none", "--entrypoint")
_GAINING = ("/", "-xdev", "-type", "f", "-perm", "/6000")


def derived(engine: Engine, name: str, folder: Path) -> tuple[ImageFamily, FileSystem]:
    saved = folder / "image.tar"
    engine.docker("save", "-o", str(saved), name)
    with open(saved, "rb") as file:
        archive = Archive(file)
        [image] = archive.images()
        files = FileSystem(archive, image)
    assert image.digest == engine.docker("inspect", "-f", "{{.Id}}", name).strip()
    return archived_family(image, files), files


def lines(text: str) -> list[str]:
    return sorted(text.split())


def gaining(files: FileSystem) -> list[str]:
    """Return the programs that gain privileges by their mode, sorted."""
    return sorted(
        f"/{path}" for path, one in files.files.items() if one.mode & 0o6000 and one.kind == "file"
    )


def assert_agrees(engine: Engine, name: str, folder: Path) -> tuple[ImageFamily, FileSystem]:
    """Compare what an archive shows of an image with what the engine says and finds."""
    family, files = derived(engine, name, folder)
    config = json.loads(engine.docker("inspect", "-f", "{{json .Config}}", name))
    assert [one.name for one in family.user or ()] == [config["User"] or "root"]
    ports = [f"{one.number}/{one.protocol}" for one in family.ports or ()]
    assert sorted(ports) == sorted(config.get("ExposedPorts") or ())
    assert [one.path for one in family.volumes or ()] == sorted(config.get("Volumes") or ())
    found = engine.docker(*_STARTED, "find", "-u", "0", name, *_GAINING)
    assert gaining(files) == lines(found)
    return family, files


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in stand_ins()])
def test_an_archive_shows_what_a_stand_in_is(running: Engine, one: StandIn, tmp_path: Path) -> None:
    if not running.own or not is_cached(one.root):
        pytest.skip("stand-ins need an engine of the lab's own, and their file systems")
    build(running, one)
    assert_agrees(running, one.image, tmp_path)
    os.remove(tmp_path / "image.tar")


@pytest.mark.parametrize("case", CASES)
def test_an_archive_shows_what_the_image_is(running: Engine, case: str, tmp_path: Path) -> None:
    name = f"lab/archive-{case.replace(' ', '-')}:1"
    text = f"FROM {IMAGES['busybox']}\n{ACCOUNTS}\nRUN mkdir -p -m 1777 /tmp\n{CASES[case]}\n"
    (tmp_path / "Dockerfile").write_text(text)
    running.docker("build", "-q", "-t", name, str(tmp_path))
    family, files = assert_agrees(running, name, tmp_path)
    new_privileges = [one.needed for one in family.new_privileges or ()]
    assert new_privileges == ([] if gaining(files) else [False])

    assert (family.writes is None) == (case in ("root", "setuid"))
    if family.writes is not None:
        volumes = tuple(f"{one.path}/" for one in family.volumes or ())
        tried = running.docker(*_STARTED, "sh", name, "-c", _TRY).split()
        places = [one for one in tried if not f"{one}/".startswith(volumes or "//")]
        outer = [p for p in places if not any(p.startswith(f"{o}/") for o in places)]
        assert sorted(one.path for one in family.writes) == sorted(outer)
    os.remove(tmp_path / "image.tar")
