"""Projects that are put together from texts."""

from __future__ import annotations

from typing import Literal, Protocol

import pytest

from tightship.frontends.compose.effective.assembly import Assembly
from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship.text import Source

TOP = "/home/somebody/project"


class Missing:
    """A file that is not there."""

    reason: Literal["missing"]

    def __init__(self, path: str) -> None:
        self.reason = "missing"
        self.message = f"`{path}` is missing"


class Texts:
    """Files, given as texts by their path."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read(self, path: str) -> Source | Missing:
        path = path.removeprefix(f"{TOP}/")
        return Source(path, self.files[path]) if path in self.files else Missing(path)

    def exists(self, path: str) -> bool:
        return path.removeprefix(f"{TOP}/") in self.files


class Put(Protocol):
    """Put a project together, of texts by path or of one Compose file."""

    def __call__(self, files: str | dict[str, str], *profiles: str) -> Assembly: ...


@pytest.fixture
def put() -> Put:
    def together(files: str | dict[str, str], *profiles: str) -> Assembly:
        texts = Texts({"compose.yaml": files} if isinstance(files, str) else files)
        call = invocation(
            TOP, Options(profiles=profiles), exists=texts.exists, read=texts.read, ceiling=TOP
        )
        return Assembly(call, texts, top=TOP, home="/home/somebody")

    return together
