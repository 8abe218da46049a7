"""The rule `security-setting-from-environment`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.correctness.conftest import say

from tightship.rules.compose.correctness.security_setting_from_environment import (
    security_setting_from_environment as from_environment,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    "written",
    [
        "user: '0:${GROUP}'",
        "volumes: ['./${NAME}:/a']",
        "volumes: ['$HOME/a:/a', '${PWD}:/b']",
        "privileged: ${P-false}",
        "cap_add: ['${CAPABILITY:-NET_ADMIN}']",
    ],
)
def test_sufficiently_decided_settings_are_silent(judge: Judge, written: str) -> None:
    text = f"services:\n  web:\n    image: nginx\n    {written}\n"
    assert say(judge, text, from_environment) == []


def test_variables_of_a_setting_are_named(judge: Judge) -> None:
    text = "services: {web: {image: nginx, user: '${UID_OF_WEB}${MORE:?}'}}\n"
    assert say(judge, text, from_environment) == [
        "`UID_OF_WEB` and `MORE` decide the user of `web`, but their values are unknown"
    ]
