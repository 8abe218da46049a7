"""The project as Compose itself resolves it, and its images as the engine has them."""

from __future__ import annotations

import json
import os

from tightship.trial.copy import Image
from tightship.trial.engine import EngineError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from tightship.trial.engine import Engine

    Tree = dict[str, Any]


def resolved(
    engine: Engine, files: Sequence[str], folder: str, options: Sequence[str] = ()
) -> Tree:
    """Return the configuration of a project, by `docker compose config`.

    Args:
        engine: its Compose.
        files: the Compose files, the first one first.
        folder: where relative paths start.
        options: more options of Compose, as `--profile`.

    Raises:
        EngineError: Compose rejects the project.

    """
    named = [word for file in files for word in ("-f", file)]
    done = engine.compose(
        *named, "--project-directory", folder, *options, "config", "--format", "json"
    )
    if not done.is_done:
        raise EngineError(f"Compose rejects the project: {done.reason}")
    found: Tree = json.loads(done.out)
    return found


def images(engine: Engine, config: Tree) -> dict[str, Image]:
    """Return the images of services that the engine has, by service."""
    found: dict[str, Image | None] = {}
    by_service: dict[str, Image] = {}
    for service, given in (config.get("services") or {}).items():
        name = given.get("image") or f"{config['name']}-{service}"
        if name not in found:
            found[name] = _image(engine, name)
        image = found[name]
        if image is not None:
            by_service[service] = image
    return by_service


def _image(engine: Engine, name: str) -> Image | None:
    done = engine.docker("image", "inspect", "--format", "{{json .}}", name)
    if not done.is_done:
        return None
    given: Tree = json.loads(done.out)
    config: Tree = given.get("Config") or {}
    return Image(
        name,
        given["Id"],
        [*(config.get("Volumes") or ())],
        [*(config.get("ExposedPorts") or ())],
        config.get("Healthcheck"),
    )


def folder_of(files: Sequence[str]) -> str:
    """Return where relative paths start."""
    return os.path.dirname(os.path.abspath(files[0]))
