"""Comments, settings and baselines that were written for the former name of a rule hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

BUS = "/run/dbus/system_bus_socket:/run/dbus/system_bus_socket"
OPEN = f"""\
services:
  a:
    image: x
    volumes: ["{BUS}"]
  b:
    image: traefik:3.5
    command: --api.insecure=true
    ports: ["8080:8080"]
"""
NEW = {"host-control-socket-mounted", "unauthenticated-service"}
OLD = "docker-socket-mounted,unauthenticated-dashboard"


def found(folder: InFolder, *words: str) -> set[str]:
    return {rule for _, _, rule in folder.rules(*words)}


def test_options_take_the_former_names(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", OPEN)
    assert found(in_folder, "--select", OLD) == NEW
    assert not found(in_folder, "--ignore", OLD) & NEW
    severities = [f"--severity={name}=info" for name in OLD.split(",")]
    lowered = in_folder.rules("--select", OLD, *severities)
    assert {severity for _, severity, _ in lowered} == {"info"}


@pytest.mark.parametrize("form", ["ignore", "severity", "per-path"])
def test_a_configuration_takes_the_former_names(in_folder: InFolder, form: str) -> None:
    in_folder.write("compose.yaml", OPEN)
    names = json.dumps(OLD.split(","))
    in_folder.write(
        "tightship.toml",
        {
            "ignore": f"ignore = {names}\n",
            "severity": "[severity]\n" + "".join(f"{n} = 'info'\n" for n in OLD.split(",")),
            "per-path": f"[[per-path]]\npaths = ['compose.yaml']\nignore = {names}\n"
            "reason = 'known'\n",
        }[form],
    )
    got = {rule: severity for _, severity, rule in in_folder.rules() if rule in NEW}
    assert got == (dict.fromkeys(NEW, "info") if form == "severity" else {})


def test_a_comment_with_a_former_name_accepts(in_folder: InFolder) -> None:
    accepted = OPEN.replace(
        "    volumes:",
        "    # tightship: ignore[docker-socket-mounted] it starts services\n    volumes:",
    ).replace(
        "    command:", "    # tightship: ignore[unauthenticated-dashboard] in a test\n    command:"
    )
    in_folder.write("compose.yaml", accepted)
    assert not found(in_folder, "--select", "strict") & {*NEW, "unused-suppression"}


def test_a_baseline_of_the_former_names_holds(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", OPEN)
    in_folder("check", "--write-baseline")
    file = in_folder.folder / "tightship-baseline.json"
    text = file.read_text("utf-8")
    for new, old in zip(sorted(NEW), OLD.split(","), strict=True):
        text = text.replace(f'"{new}"', f'"{old}"')
    file.write_text(text, "utf-8")
    assert in_folder("check") == 0


def test_the_name_that_a_rule_still_has_explains_that_rule(in_folder: InFolder) -> None:
    in_folder("rule", "docker-socket-mounted")
    assert in_folder.out.startswith("# docker-socket-mounted\n")
    assert "host-control-socket-mounted\n" not in in_folder.out
    in_folder("rule", "unauthenticated-dashboard")
    assert in_folder.out.startswith("# unauthenticated-service\n")
