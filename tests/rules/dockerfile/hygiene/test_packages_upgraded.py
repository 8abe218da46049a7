"""The rule `packages-upgraded`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.packages_upgraded import packages_upgraded

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "apt-get «upgrade» -y",
        "apt-get -y «full-upgrade»",
        "apk «upgrade» --no-cache",
        "apk -U «upgrade»",
        "yum -y «update»",
        "dnf «upgrade» -y",
        "zypper «dup» -y",
        "zypper «dup» -y openssl",
        "apt-get «upgrade» -y openssl",
        "dnf «up» -y",
        "dnf «distro-sync» -y",
        "zypper -n «update»",
    ],
)
def test_an_upgrade_of_everything(found: Found, script: str) -> None:
    plain = script.replace("«", "").replace("»", "")
    marked = script[script.index("«") + 1 : script.index("»")]
    assert found(image(f"RUN {plain}"), packages_upgraded) == [("info", marked)]


@pytest.mark.parametrize(
    "script",
    [
        "apt-get update",
        "apt-get install --only-upgrade a",
        "apt-get upgrade --dry-run",
        "apk add --upgrade a",
        "yum update -y openssl",
        "zypper refresh",
        "pacman -Syu --noconfirm",
        "npm update",
        "pip install --upgrade pip",
    ],
)
def test_an_upgrade_of_one_package(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), packages_upgraded) == []


@pytest.mark.parametrize(
    ("script", "ids"),
    [
        ("zypper -n dup", {"DL3035", "semgrep:avoid-zypper-update"}),
        ("zypper -n patch", {"semgrep:avoid-zypper-update"}),
        ("apt-get -y upgrade", {"trivy:DS-0024", "semgrep:avoid-apt-get-upgrade"}),
        ("microdnf upgrade", {"semgrep:avoid-dnf-update"}),
    ],
)
def test_the_ids_of_other_linters_for_one_program(judge: Judge, script: str, ids: set[str]) -> None:
    [one] = judge(image(f"RUN {script}"), [packages_upgraded])
    assert {*(one.finding.known_as or ())} == ids
