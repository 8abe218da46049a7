"""Commands about projects know what the configuration says that something else provides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

COMPOSE = """\
services:
  web:
    image: nginx:1.29
    networks: [edge]
    depends_on: [proxy]
    routes: [front]
    ports: ["80:80"]
    environment: {TOKEN: "${TOKEN:?}"}
"""
PROVIDED = """\
[provided]
networks = ["edge"]
services = ["proxy"]
variables = ["TOKEN"]
keys = ["routes"]
"""


@pytest.mark.parametrize(
    "command",
    [("explain",), ("explain", "web"), ("explain", "--isolation"), ("map",), ("harden",)],
    ids=" ".join,
)
def test_what_something_else_provides_is_no_reason_to_refuse(
    command: tuple[str, ...], in_folder: InFolder
) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    assert in_folder(*command) == 2
    in_folder.write("tightship.toml", PROVIDED)
    assert in_folder(*command) == 0
    assert in_folder.err == ""
    assert "not checked" not in in_folder.out


def test_explain_says_what_is_provided(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("tightship.toml", PROVIDED)
    in_folder("explain")
    last = in_folder.out.splitlines()[-1]
    assert last == "# tightship.toml:1 provides `TOKEN`, `proxy` and `edge`, and reads `routes`."


@pytest.mark.parametrize("to", [(), ("--to", "hard.yaml")], ids=["files", "override"])
def test_a_project_with_provided_parts_is_hardened(
    to: tuple[str, ...], in_folder: InFolder
) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("tightship.toml", PROVIDED)
    assert in_folder("harden", *(to or ("--write",))) == 0
    assert "Hardened 1 of 1 service" in in_folder.out
    in_folder("check", "--output-format", "concise")
    assert "writable-root-filesystem" not in in_folder.out
    assert "undefined-reference" not in in_folder.out
