"""Stand-ins for well-known images, built without a registry.

A stand-in is one file of ``tests/lab/well_known``. It has the program of the image, from a
package of Debian, and an entrypoint that does what the image's own is known to do: the
same folders, owners, step down to a user, volumes and file capabilities. It has the
image's name, too, so that a Compose file needs no change to run with it.

Root file systems are kept as archives in the folder that ``TIGHTSHIP_LAB_CACHE`` names,
or in the user's cache folder: making one takes minutes, importing it some seconds.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
import threading
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.engine import LabError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.lab.engine import Engine

FOLDER = Path(__file__).with_name("well_known")
ROOTS = FOLDER / "roots.toml"
SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
"""Where this machine takes its own packages from."""

NAMES = {
    "caddy:2.10": "caddy",
    "lscr.io/linuxserver/transmission:4.0.6": "transmission",
    "nginx": "nginx",
    "nginx:1.29": "nginx",
    "nginx:1.29-alpine": "nginx",
    "prom/node-exporter:latest": "node-exporter",
    "prom/prometheus:v3.5.0": "prometheus",
    "python:3.13-slim": "python",
}
"""Stand-ins by further names of their images: those that pages show."""

ROOT_SECONDS = 1800
_building = threading.Lock()


@dataclass(frozen=True)
class StandIn:
    """One file of ``tests/lab/well_known``.

    ``user`` is the one that the server can run as from the start, in the form of
    Compose's ``user``; without it there is none. ``probe`` is a shell script that
    succeeds if the server at ``$server`` does its work.
    """

    name: str
    image: str
    root: str
    package: str
    compose: str
    probe: str
    dockerfile: str
    user: str = ""
    files: Mapping[str, str] = field(default_factory=dict[str, str])


def stand_ins(names: Sequence[str] = ()) -> list[StandIn]:
    """Return the stand-ins of some names, or all of them.

    Raises:
        LabError: There is no stand-in of a name.
    """
    found = {
        path.stem: StandIn(name=path.stem, **tomllib.loads(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob("*.toml"))
        if path != ROOTS
    }
    if unknown := sorted(set(names) - found.keys()):
        raise LabError(f"no stand-in: {', '.join(unknown)}; known: {', '.join(found)}")
    return [found[name] for name in names or found]


def named(image: str) -> StandIn:
    """Return the stand-in for an image that a page shows, under its name there.

    Raises:
        LabError: There is no stand-in for it.
    """
    for one in stand_ins():
        if image == one.image or NAMES.get(image) == one.name:
            return replace(one, image=image)
    raise LabError(f"no stand-in for {image}")


def known_names() -> set[str]:
    """Return the names of images that there are stand-ins for."""
    return {*NAMES, *(one.image for one in stand_ins())}


def root_packages(root: str) -> list[str]:
    """Return the packages of a root file system, sorted."""
    roots = tomllib.loads(ROOTS.read_text("utf-8"))
    return sorted({*roots["common"], *roots["roots"][root]})


def build(engine: Engine, stand_in: StandIn) -> None:
    """Make a stand-in's image in the engine, and its root's, if it is not there.

    Raises:
        LabError: The engine is not the lab's own, where a stand-in would take the name
            of an image that people use; or the image cannot be made.
    """
    if not engine.own:
        raise LabError("stand-ins are made only in an engine of the lab's own")
    with _building:
        import_root(engine, stand_in.root)
        context = io.BytesIO()
        with tarfile.open(fileobj=context, mode="w") as tar:
            dockerfile = f"FROM {root_image(stand_in.root)}\n"
            if stand_in.files:
                dockerfile += "COPY files/ /\n"
            _add(tar, "Dockerfile", dockerfile + stand_in.dockerfile)
            for path, text in stand_in.files.items():
                _add(tar, f"files/{path}", text)
        tag = ("-q", "-t", stand_in.image)
        engine.docker("build", *tag, "-", stdin=context.getvalue())


def package_version(engine: Engine, stand_in: StandIn) -> str:
    """Return the upstream version of the program in a stand-in."""
    query = ("dpkg-query", "-W", "-f", "${Version}", stand_in.package)
    version = engine.docker("run", "--rm", root_image(stand_in.root), *query)
    return re.sub(r"^\d+:|[-+~].*$", "", version.strip())


def is_root(root: str) -> bool:
    """Return whether there is a root file system of a name."""
    return root in tomllib.loads(ROOTS.read_text("utf-8"))["roots"]


def root_image(root: str) -> str:
    """Return the name of a root file system's image."""
    return f"lab/{root}:1"


def _add(tar: tarfile.TarFile, path: str, text: str) -> None:
    content = text.encode()
    entry = tarfile.TarInfo(path)
    entry.size = len(content)
    entry.mode = 0o755 if text.startswith("#!") else 0o644
    tar.addfile(entry, io.BytesIO(content))


def import_root(engine: Engine, root: str) -> None:
    """Make the image of a root file system, if it is not there."""
    image = root_image(root)
    if engine.run("docker", "image", "inspect", image).returncode == 0:
        return
    engine.docker("import", str(_archive(root)), image)


def _archive(root: str) -> Path:
    """Return the archive of a root file system, which is made if it is not cached."""
    archive = _path(root)
    if archive.exists():
        return archive
    if not shutil.which("mmdebstrap") or not SOURCES.exists():
        raise LabError(f"no {archive}, and not made without mmdebstrap and {SOURCES}")
    part = archive.with_suffix(".part")
    command = (
        *("mmdebstrap", "--variant=minbase", "--format=tar"),
        f"--include={','.join(root_packages(root))}",
        # The clock of a machine for tests may be off.
        '--aptopt=Acquire::Check-Valid-Until "false"',
        # Packages of Java link manual pages into a folder that minbase lacks.
        '--setup-hook=mkdir -p "$1/usr/share/man/man1"',
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        '--customize-hook=rm -rf "$1"/var/lib/apt/lists/*',
        *(_release(), str(part), str(SOURCES)),
    )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            env={**environment, "TMPDIR": str(archive.parent)},
            capture_output=True,
            text=True,
            timeout=ROOT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise LabError(f"no root file system {root}:\n{done.stderr[-1500:]}")
        part.rename(archive)
    finally:
        part.unlink(missing_ok=True)
    return archive


def _path(root: str) -> Path:
    made_of = "\n".join((_release(), *root_packages(root)))
    key = hashlib.sha256(made_of.encode()).hexdigest()[:16]
    return cache_folder() / f"{root}-{key}.tar"


def is_cached(root: str) -> bool:
    """Return whether the archive of a root file system is there."""
    return _path(root).exists()


def cache_folder() -> Path:
    """Return the folder for archives, which is made if it is not there."""
    named = os.environ.get("TIGHTSHIP_LAB_CACHE")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(named) if named else Path(cache) / "tightship-lab"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _release() -> str:
    for line in Path("/etc/os-release").read_text("utf-8").splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    raise LabError("/etc/os-release names no release of Debian")
