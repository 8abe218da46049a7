"""A YAML file of any name is judged in an editor if a run over its folder judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.lsp.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

BASE = "services:\n  web:\n    image: nginx\n    privileged: true\n"
PIPELINE = "services:\n  - docker:dind\njob:\n  image: nginx\n"
WORKFLOW = "jobs:\n  a:\n    services:\n      db:\n        image: postgres\n"
TEMPLATE = "services:\n  web:\n    image: {{ image }}\n    privileged: true\n"
OVERLAY = "services:\n  web:\n    privileged: true\n"
MAKEFILE = "up:\n\tdocker compose -f compose.yaml -f power.yaml up\n"
MAIN = "services:\n  web:\n    extends: {file: common.yaml, service: web}\n"


def of_a_run(desk: Desk, name: str) -> list[str]:
    return sorted(
        one.rule.name
        for verdict in check([str(desk.folder)], configured=True)
        for one in verdict.findings
        if one.span.source.name == name
    )


@pytest.mark.parametrize(
    ("name", "text", "is_judged"),
    [
        ("common.yaml", BASE, True),
        ("stack.yml", BASE, True),
        ("common.yaml", PIPELINE, False),
        ("ci.yaml", WORKFLOW, False),
        ("values.yaml", "image: nginx\n", False),
        ("template.yaml", TEMPLATE, False),
        (".pipeline.yml", BASE, False),
    ],
)
def test_the_content_decides_whether_a_file_is_a_compose_file(
    tmp_path: Path, name: str, text: str, is_judged: bool
) -> None:
    desk = Desk(tmp_path)
    (desk.folder / name).write_text(text)
    found = sorted(desk.rules(desk.open(name, text, "yaml")))
    assert found == of_a_run(desk, name)
    assert ("privileged-container" in found) == is_judged


@pytest.mark.parametrize("user", ["compose.yaml", "compose.dev.yaml"])
def test_a_file_that_another_extends_is_judged_as_in_a_run(tmp_path: Path, user: str) -> None:
    desk = Desk(tmp_path)
    for name, text in (("common.yaml", BASE), (user, MAIN)):
        (desk.folder / name).write_text(text)
    found = sorted(desk.rules(desk.open("common.yaml", BASE, "yaml")))
    assert found == of_a_run(desk, "common.yaml")
    assert "privileged-container" in found


@pytest.mark.parametrize("is_named", [False, True])
def test_an_incomplete_file_is_judged_if_a_command_names_it(tmp_path: Path, is_named: bool) -> None:
    text = OVERLAY + "  job: {}\n"  # its content alone tells nothing
    desk = Desk(tmp_path)
    (desk.folder / ".git").mkdir()
    (desk.folder / "compose.yaml").write_text("services:\n  web:\n    image: nginx\n")
    (desk.folder / "power.yaml").write_text(text)
    if is_named:
        (desk.folder / "Makefile").write_text(MAKEFILE)
    desk.open("compose.yaml", "services:\n  web:\n    image: nginx\n")
    found = sorted(desk.rules(desk.open("power.yaml", text, "yaml")))
    assert found == of_a_run(desk, "power.yaml")
    assert ("privileged-container" in found) == is_named


def test_a_file_is_judged_once_it_becomes_a_compose_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    uri = desk.open("common.yaml", "services:\n", "yaml")
    assert desk.rules(uri) == []
    desk.session.put(uri, "yaml", 2, BASE)
    assert "privileged-container" in desk.rules(uri)
