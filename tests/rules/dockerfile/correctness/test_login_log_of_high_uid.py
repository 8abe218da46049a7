"""The rule `login-log-of-high-uid`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, image

from tightship.rules.dockerfile.correctness.login_log_of_high_uid import login_log_of_high_uid

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "useradd -u 100000 app",
        "useradd --uid=123456789 app",
        "useradd --uid 1000000 app",
        "useradd -mu 1000000 app",
        "groupadd app && /usr/sbin/useradd -u1000000 -g app app",
    ],
)
def test_a_high_id_is_found(found: Found, script: str) -> None:
    [(grade, text)] = found(image(f"RUN {script}"), login_log_of_high_uid)
    assert grade == "info"
    assert text.endswith("useradd")


@pytest.mark.parametrize(
    "script",
    [
        "useradd -u 99999 app",
        "useradd -l -u 1000000 app",
        "useradd -lmu 1000000 app",
        "useradd --no-log-init -u 1000000 app",
        "useradd $FLAGS -u 1000000 app",
        "useradd -u $ID app",
        "useradd app",
        "adduser -u 1000000 app",
        "usermod -u 1000000 app",
        "echo useradd -u 1000000 app",
    ],
)
def test_ids_without_a_large_log_are_silent(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), login_log_of_high_uid) == []


def test_the_fix_adds_the_flag(judge: Judge) -> None:
    text = after_fixes(judge, image("RUN useradd -u 1000000 a"), login_log_of_high_uid)
    assert text == image("RUN useradd -l -u 1000000 a")["Dockerfile"]
    text = image('RUN ["useradd", "-u", "1000000", "a"]')["Dockerfile"]
    assert after_fixes(judge, text, login_log_of_high_uid) == text
