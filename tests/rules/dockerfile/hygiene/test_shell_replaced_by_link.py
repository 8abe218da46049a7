"""The rule `shell-replaced-by-link`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.shell_replaced_by_link import shell_replaced_by_link

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    ["ln -sf /bin/bash /bin/sh", "rm /bin/sh && ln -s bash /bin/sh", "ln -snf a /usr/bin/sh"],
)
def test_a_link_in_place_of_the_shell(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), shell_replaced_by_link) == [("info", "ln")]


@pytest.mark.parametrize(
    "script", ["ln -s /bin/sh /bin/x", "ln -s /bin/bash /bin/rsh", "ls /bin/sh", "ln /bin/sh"]
)
def test_another_link_is_silent(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), shell_replaced_by_link) == []
