"""The rule `recommended-packages-installed`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.recommended_packages_installed import (
    recommended_packages_installed,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize("program", ["apt-get", "apt", "aptitude"])
def test_recommended_packages(found: Found, program: str) -> None:
    step = image(f"RUN {program} install -y a")
    assert found(step, recommended_packages_installed) == [("info", "install")]


@pytest.mark.parametrize(
    "script",
    [
        "apt-get install -y --no-install-recommends a",
        "apt-get --no-install-recommends install -y a",
        "apt-get install -o APT::Install-Recommends=false a",
        "aptitude -R install a",
        "apt-get $FLAGS install a",
        "apt-get install -y",
        "apt-get update",
        "apk add a",
    ],
)
def test_commands_without_recommended_packages(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), recommended_packages_installed) == []


def test_the_fix_names_its_risk(judge: Judge) -> None:
    [one] = judge(image("RUN apt-get install -y a"), [recommended_packages_installed])
    assert one.finding.fix is not None
    assert "recommended" in one.finding.fix.may_break
    assert one.finding.message == ("`apt-get install` also installs recommended packages")
