"""The rule `apt-in-script`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, image

from tightship.rules.dockerfile.hygiene.apt_in_script import apt_in_script

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("script", "after"),
    [
        ("apt install -y a", "apt-get install -y a"),
        ("apt -o A=b update", "apt-get -o A=b update"),
        ("apt search a", "apt-cache search a"),
        ("apt list", "apt list"),
        ("apt edit-sources", "apt edit-sources"),
        ("/usr/bin/apt update", "/usr/bin/apt update"),
    ],
)
def test_apt_and_its_replacement(judge: Judge, found: Found, script: str, after: str) -> None:
    assert len(found(image(f"RUN {script}"), apt_in_script)) == 1
    text = after_fixes(judge, image(f"RUN {script}"), apt_in_script)
    assert text == image(f"RUN {after}")["Dockerfile"]


@pytest.mark.parametrize(
    "script",
    ["apt-get update", "apt-cache show a", "echo apt", "apt-key add k", "adapt a", "./apt update"],
)
def test_other_programs_are_silent(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), apt_in_script) == []
