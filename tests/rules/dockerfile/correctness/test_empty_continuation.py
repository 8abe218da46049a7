"""The rule `empty-continuation`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes
from tests.rules.dockerfile.correctness.conftest import meaning

from tightship.rules.dockerfile.correctness.empty_continuation import (
    empty_continuation as continuation,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_lines_are_removed_and_the_build_is_the_same(
    judge: Judge, blank: str, newline: str
) -> None:
    lines = ["FROM a:1", "RUN x && \\", blank, "  # why", blank, "  y \\", blank, "  z"]
    text = newline.join([*lines, ""])
    fixed = after_fixes(judge, text, continuation)
    assert fixed == newline.join([line for line in lines if line.strip()] + [""])
    assert meaning(fixed) == meaning(text)


def test_each_instruction_is_reported_once(found: Found) -> None:
    text = "FROM a:1\nRUN x \\\n\n\n y\nRUN a \\\n \n b\nRUN c\n"
    assert found({"Dockerfile": text}, continuation) == [("info", ""), ("info", " ")]


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\r\n", " \n  \n"])
@pytest.mark.parametrize("head", ["", "# escape=`\n"])
def test_an_empty_continuation_is_removed(judge: Judge, head: str, end: str) -> None:
    escape = "`" if head else "\\"
    text = f"{head}FROM a:1\nRUN x {escape}{end}"
    fixed = after_fixes(judge, text, continuation)
    assert escape not in fixed.removeprefix(head)
    assert meaning(fixed) == meaning(text)
    assert judge({"Dockerfile": fixed}, [continuation]) == []


@pytest.mark.parametrize(
    "text",
    [
        "FROM a:1\nRUN x \\\n  # more\n",
        "FROM a:1\nRUN x \\\n  \\\n",
        "FROM a:1\nRUN x \\\n\nUSER 1\n",
    ],
)
def test_an_ambiguous_continuation_has_no_fix(judge: Judge, text: str) -> None:
    [one] = judge({"Dockerfile": text}, [continuation])
    assert one.finding.fix is None


def test_a_blank_line_in_a_heredoc_is_part_of_it(found: Found) -> None:
    text = "FROM a:1\nRUN <<EOF\nx \\\n\ny\nEOF\n"
    assert found({"Dockerfile": text}, continuation) == []
