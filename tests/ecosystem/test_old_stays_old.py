"""A harmless change makes no finding new; a harmful one does, whatever else it does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

COMPOSE = """\
services:
  web:
    image: web:1
    privileged: true
    ports: ["5432:5432"]
    environment:
      DB_PASSWORD: hunter22hunter
      A: b
    pid: host
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
  db:
    image: postgres:9
    network_mode: host
    environment: {POSTGRES_PASSWORD: abcdefgh1}
"""
DOCKERFILE = """\
FROM debian:10
RUN curl -k https://example.org/a | sh
ENV PASSWORD=abcdefgh1
ADD http://example.org/f /f
FROM ubuntu
COPY --from=0 /f /f
RUN sudo apt-get install x
"""
_DIGEST = "a" * 64
_OWN = "    privileged: true\n", "    pid: host\n"


def _swap(*pairs: tuple[str, str]) -> Callable[[str], str]:
    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return text

    return change


def _without(*lines: str) -> list[tuple[str, str]]:
    return [(line, "") for line in lines]


HARMLESS: dict[str, dict[str, Callable[[str], str] | str]] = {
    "a tag of a base": {"Dockerfile": _swap(("debian:10", "debian:10.1"))},
    "a digest of a base": {"Dockerfile": _swap(("debian:10", f"debian:10@sha256:{_DIGEST}"))},
    "a stage gets a name": {"Dockerfile": _swap(("debian:10", "debian:10 AS base"))},
    "a service is renamed": {"compose.yaml": _swap(("  web:", "  site:"))},
    "a mapping becomes a list": {
        "compose.yaml": _swap(("      DB_PASSWORD: ", "      - DB_PASSWORD="), ("  A: ", "  - A="))
    },
    "an anchor": {
        "compose.yaml": _swap(
            *_without(*_OWN),
            ("    image: web:1\n", "    <<: *h\n    image: web:1\n"),
            ("services:\n", "x-h: &h\n  privileged: true\n  pid: host\nservices:\n"),
        )
    },
    "extends": {
        "compose.yaml": _swap(
            *_without(*_OWN),
            ("image: web:1", "extends: {file: base.yaml, service: b}\n    image: web:1"),
        ),
        "base.yaml": "services:\n  b:\n    privileged: true\n    pid: host\n",
    },
    "the order of services": {
        "compose.yaml": lambda text: (
            "services:\n" + text[text.index("  db:") :] + text[10 : text.index("  db:")]
        )
    },
    "a comment": {"compose.yaml": lambda text: f"# a\n{text}", "Dockerfile": "# a\n" + DOCKERFILE},
    "a tag of an image": {"compose.yaml": _swap(("web:1", "web:2"))},
}

HARMFUL: dict[str, dict[str, Callable[[str], str] | str]] = {
    "a renamed service gets more": {
        "compose.yaml": _swap(("  web:", "  site:"), ("pid: host", "pid: host\n    ipc: host"))
    },
    "another service shares the anchor": {
        "compose.yaml": _swap(
            *_without(*_OWN),
            ("    image: web:1\n", "    <<: *h\n    image: web:1\n"),
            ("    image: postgres:9\n", "    <<: *h\n    image: postgres:9\n"),
            ("services:\n", "x-h: &h\n  privileged: true\n  pid: host\nservices:\n"),
        )
    },
    "a new tag, and a new download": {
        "Dockerfile": _swap(
            ("debian:10", "debian:10.1 AS base"),
            ("ADD", "RUN wget -qO- http://example.com/b | bash\nADD"),
        )
    },
    "a second service of the same kind": {
        "compose.yaml": lambda text: text + "  two: {image: 'web:1', privileged: true}\n"
    },
    "a list with another secret": {
        "compose.yaml": _swap(
            ("      DB_PASSWORD: ", "      - DB_PASSWORD="),
            (
                "      A: b",
                "      - A=b\n      - API_TOKEN=ghp_k3jd8fj2k3jd8fj2k3jd8fj2k3jd8fj2k3jd",
            ),
        )
    },
}


def _new(
    tmp_path: Path,
    patch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    edits: dict[str, Callable[[str], str] | str],
) -> str:
    tree = WorkTree(tmp_path / "tree")
    files = {"compose.yaml": COMPOSE, "Dockerfile": DOCKERFILE}
    for name, text in files.items():
        tree.write(name, text)
    tree.commit()
    tree.enter(patch)
    for name, change in edits.items():
        tree.write(name, change if isinstance(change, str) else change(files[name]))
    main(["check", "--changed-since", "HEAD", "--output-format", "concise"])
    return capsys.readouterr().out


@pytest.mark.parametrize("name", HARMLESS)
def test_a_harmless_change_makes_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    out = _new(tmp_path, monkeypatch, capsys, HARMLESS[name])
    assert "warning" not in out
    assert "error" not in out


@pytest.mark.parametrize("name", HARMFUL)
def test_a_harmful_change_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    out = _new(tmp_path, monkeypatch, capsys, HARMFUL[name])
    assert "warning" in out or "error" in out
