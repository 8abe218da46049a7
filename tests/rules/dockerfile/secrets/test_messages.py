"""No message of a rule about secrets repeats a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.conftest import rules_of
from tests.rules.dockerfile.conftest import image

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("dockerfile", "secrets")


def test_no_message_repeats_a_secret(judge: Judge) -> None:
    body = (
        "ARG DB_PASSWORD=hunter2\nENV DB_PASSWORD=$DB_PASSWORD API_TOKEN=hunter2\n"
        "ENV URL=redis://:hunter2@cache LONG_SECRET='a hunter2'"
    )
    judged = judge(image(body), RULES)
    assert len(judged) == 5
    assert not any("hunter2" in one.finding.message for one in judged)
