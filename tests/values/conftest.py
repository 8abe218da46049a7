"""What Compose itself says: recorded, and asked afresh where it is installed."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ORACLE = Path(__file__).parent.parent / "oracles" / "compose-config.json"


class Case:
    """One recorded run of ``docker-compose config``."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.files: dict[str, str] = record["files"]
        self.env: dict[str, str] = record["env"]
        self.refused: bool = record["rc"] != 0
        self.stderr: str = record["stderr"]
        self.stdout: str = record["stdout"]

    def service(self, name: str = "s") -> Any:
        """Return a service as Compose printed it, with ``$$`` read as ``$``."""
        import yaml

        return yaml.safe_load(self.stdout.replace("$$", "$"))["services"][name]


@cache
def recorded() -> dict[str, Case]:
    records = json.loads(ORACLE.read_text(encoding="utf-8"))
    return {record["name"]: Case(record) for record in records}


@pytest.fixture
def oracle() -> Callable[[str], Case]:
    return lambda name: recorded()[name]


class Compose(Protocol):
    """Ask Compose for what it makes of a service; ``None`` if it refuses it.

    The service is data, or the text of a YAML flow mapping without its braces.
    """

    def __call__(
        self,
        service: dict[str, Any] | str,
        files: dict[str, str] | None = None,
        env: dict[str, str] | None = None,
    ) -> Any: ...


@pytest.fixture
def compose(tmp_path: Path, docker_compose: str) -> Compose:

    def ask(
        service: dict[str, Any] | str,
        files: dict[str, str] | None = None,
        env: dict[str, str] | None = None,
    ) -> Any:
        body = service if isinstance(service, str) else json.dumps(service)[1:-1]
        model = f"services: {{s: {{image: x, {body}}}}}\nvolumes: {{data: {{}}}}\n"
        for name, text in {"compose.yaml": model, **(files or {})}.items():
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        run = subprocess.run(
            [docker_compose, "-f", "compose.yaml", "config", "--format", "json"],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": "/root", **(env or {})},
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        if run.returncode:
            return None
        return json.loads(run.stdout.replace("$$", "$"))["services"]["s"]

    return ask
