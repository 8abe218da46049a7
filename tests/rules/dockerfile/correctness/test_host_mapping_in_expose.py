"""The rule `host-mapping-in-expose`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes

from tightship.rules.dockerfile.correctness.host_mapping_in_expose import host_mapping_in_expose

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("port", "grades", "left"),
    [
        ("127.0.0.1:80:80", ["warning"], "80"),
        ("127.0.0.1::80/udp", ["warning"], "80/udp"),
        ("[::1]:80:80", ["warning"], "80"),
        ("8080:80", ["info"], "80"),
        ("8080-8082:80-82", ["info"], "80-82"),
        (":80", [], ":80"),
        ("127.0.0.1:80", [], "127.0.0.1:80"),
        ("8080:x", [], "8080:x"),
        ("$NOWHERE:80", [], "$NOWHERE:80"),
    ],
)
def test_text_before_a_port_is_ignored(
    found: Found, judge: Judge, port: str, grades: list[str], left: str
) -> None:
    text = f"FROM scratch\nEXPOSE {port}\n"
    rule = host_mapping_in_expose
    assert [grade for grade, _ in found({"Dockerfile": text}, rule)] == grades
    assert after_fixes(judge, text, rule) == f"FROM scratch\nEXPOSE {left}\n"


def test_a_mapping_from_a_variable_has_no_fix(judge: Judge) -> None:
    text = "FROM scratch\nENV P=8080:80\nEXPOSE $P 53:53/UDP\n"
    [first, second] = judge({"Dockerfile": text}, [host_mapping_in_expose])
    assert first.finding.fix is None
    assert "only `80` counts" in first.finding.message
    assert second.finding.fix is not None
