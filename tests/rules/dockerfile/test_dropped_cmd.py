"""A CMD of which an ENTRYPOINT in shell form leaves nothing."""

from __future__ import annotations

import pytest

from tightship.rules.dockerfile.correctness.shell_form_entrypoint import (
    shell_form_entrypoint,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("FROM a\nENTRYPOINT b c\nCMD d e\n", ["ENTRYPOINT"]),
        ("FROM a\nCMD d e\nENTRYPOINT exec b\n", []),
        ("FROM a AS x\nENTRYPOINT b c\nFROM x\nCMD d e\n", ["ENTRYPOINT"]),
        ('FROM a\nENTRYPOINT ["b"]\nCMD d e\n', ["CMD"]),
        ("FROM a\nENTRYPOINT []\nCMD d e\n", ["CMD"]),
        ("FROM a\nENTRYPOINT b c\nFROM d\nCMD e f\n", ["ENTRYPOINT", "CMD"]),
    ],
)
def test_a_cmd_that_is_dropped_starts_no_shell(
    judge: Judge, text: str, marks: list[str]
) -> None:
    found = judge({"Dockerfile": text}, [shell_form_entrypoint])
    assert [one.span.text for one in found] == marks
