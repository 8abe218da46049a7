"""Images: built in the lab from Dockerfiles, and recorded in ``tests/oracles``.

One Dockerfile is one entry, with its build arguments and, by target, the settings that
``docker image inspect`` tells. Those that are empty are left out.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.lab.dockerfiles import BASE, BASE_TEXT, Dockerfile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tests.lab.engine import Engine

ORACLE = Path(__file__).parents[1] / "oracles" / "images.json"
REPOSITORY = "lab/image"
# Files of one call of `bake`, which fails as a whole.
_BATCH = 40

Record = dict[str, Any]

_KEYS = (
    *("User", "WorkingDir", "Env", "Entrypoint", "Cmd", "Shell", "Healthcheck"),
    *("ExposedPorts", "Volumes", "StopSignal", "Labels", "OnBuild"),
)


def generated_files(seeds: Iterable[int]) -> list[Record]:
    """Return the Dockerfiles of some seeds, each with its targets and arguments."""
    found: list[Record] = []
    for seed in seeds:
        made = Dockerfile(seed)
        record: Record = {"name": f"random-{seed}", "text": made.text}
        if made.args:
            record["args"] = made.args
        found.append({**record, "images": dict.fromkeys(made.names)})
    return found


def make_base(engine: Engine) -> None:
    """Build the image that sets everything, once its probe's image is there."""
    engine.docker("build", "-q", "-t", BASE, "-", stdin=BASE_TEXT.encode())


def built(engine: Engine, files: Sequence[Record]) -> list[Record]:
    """Build every target of some files, and return their records."""
    found: list[Record] = []
    for start in range(0, len(files), _BATCH):
        found += _built(engine, files[start : start + _BATCH])
    return found


def _built(engine: Engine, files: Sequence[Record]) -> list[Record]:
    """Build some files in one call, and those that are refused by themselves."""
    stderr = _bake(engine, files)
    if not stderr:
        return [_inspected(engine, one) for one in files]
    if len(files) == 1:
        return [_built_by_target(engine, files[0])]
    named = re.search(r"^(\S+):[0-9]+$", stderr, re.MULTILINE)
    names = [_slug(one["name"]) for one in files]
    if named is None or named[1] not in names:
        half = len(files) // 2
        return _built(engine, files[:half]) + _built(engine, files[half:])
    at = names.index(named[1])
    rest = _built(engine, [*files[:at], *files[at + 1 :]])
    return [*rest[:at], *_built(engine, [files[at]]), *rest[at:]]


def _built_by_target(engine: Engine, file: Record) -> Record:
    images: dict[str, Any] = {}
    for target in file["images"]:
        one = {**file, "images": {target: None}}
        stderr = _bake(engine, [one])
        images[target] = (
            stderr.splitlines()[-1] if stderr else _inspected(engine, one)["images"][target]
        )
    return {**file, "images": images}


def _bake(engine: Engine, files: Sequence[Record]) -> str:
    """Build all targets of some files in one call; return why it fails, if it does."""
    folder = engine.folder / "images"
    folder.mkdir(exist_ok=True)
    targets: dict[str, Any] = {}
    for file in files:
        slug = _slug(file["name"])
        (folder / slug).write_text(file["text"], encoding="utf-8")
        for target in file["images"]:
            targets[f"{slug}-{target}"] = {
                "context": ".",
                "dockerfile": slug,
                "target": target,
                # Texts are templates there.
                "args": {
                    key: value.replace("${", "$${").replace("%{", "%%{")
                    for key, value in file.get("args", {}).items()
                },
                "tags": [f"{REPOSITORY}:{slug}-{target}"],
            }
    plan = {"group": {"default": {"targets": list(targets)}}, "target": targets}
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    command = ("docker", "buildx", "bake", "-f", "plan.json", "--progress", "quiet")
    done = engine.run(*command, folder=folder)
    return done.stderr.strip() if done.returncode else ""


def _inspected(engine: Engine, file: Record) -> Record:
    slug = _slug(file["name"])
    tags = [f"{REPOSITORY}:{slug}-{target}" for target in file["images"]]
    inspected = json.loads(engine.docker("image", "inspect", *tags))
    images = {
        target: dict(_settings(one["Config"]))
        for target, one in zip(file["images"], inspected, strict=True)
    }
    engine.docker("rmi", *tags)
    return {**file, "images": images}


def _slug(name: str) -> str:
    """Return a name as tags, targets and files may have it."""
    return "".join(c if c.isalnum() else "-" for c in name)


def _settings(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in _KEYS:
        value = config.get(key)
        if key == "Env":
            value = dict(pair.split("=", 1) for pair in value or ())
        elif key in ("ExposedPorts", "Volumes"):
            value = sorted(value or ())
        if value:
            yield key, value


def versions(engine: Engine) -> dict[str, str]:
    """Return the versions that records of images are kept with."""
    known = engine.versions()
    inspected = engine.docker("buildx", "inspect").splitlines()
    builder = next(line for line in inspected if line.startswith("BuildKit version"))
    return {
        "engine": known["engine"],
        "kernel": known["kernel"],
        "buildkit": builder.partition(":")[2].strip(),
        "buildx": engine.docker("buildx", "version").split()[1],
    }
