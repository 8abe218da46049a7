"""The rule `repeated-instruction`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes
from tests.rules.dockerfile.correctness.conftest import on_debian

from tightship.rules.dockerfile.correctness.repeated_instruction import repeated_instruction

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_each_instruction_but_the_last_is_found(judge: Judge) -> None:
    files = on_debian("CMD a", "CMD b", "ENTRYPOINT c", "CMD d")
    verdict = judge(files, [repeated_instruction])
    lines = [one.span.source.point(one.span.start)[0] for one in verdict]
    assert lines == [1, 2]
    for one in verdict:
        [related] = one.finding.because
        assert related.span.source.point(related.span.start)[0] == 4


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_removal_takes_whole_lines_and_keeps_comments_and_blank_lines(
    newline: str, judge: Judge
) -> None:
    text = 'FROM debian:13\n# first\n\n  CMD ["a", \\\n    "b"]\n\n# second\nCMD c\n'
    files = {"Dockerfile": text.replace("\n", newline)}
    wanted = "FROM debian:13\n# first\n\n# second\nCMD c\n"
    assert after_fixes(judge, files, repeated_instruction) == wanted.replace("\n", newline)


def test_a_comment_within_the_lines_is_kept(judge: Judge) -> None:
    files = on_debian("CMD a \\", "# why", "  b", "CMD c")
    [one] = judge(files, [repeated_instruction])
    assert one.finding.fix is None


def test_repeated_triggers_are_found_but_not_edited(judge: Judge) -> None:
    files = on_debian("ONBUILD CMD a", "ONBUILD CMD b", "CMD c")
    [one] = judge(files, [repeated_instruction])
    assert one.span.text == "CMD"
    assert one.finding.fix is None


def test_repetition_in_a_template_may_be_conditional(found: Found) -> None:
    files = on_debian("{{ if debug }}", "CMD a", "{{ else }}", "CMD b", "{{ end }}")
    assert found(files, repeated_instruction) == []
