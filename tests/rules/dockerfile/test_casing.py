"""How keywords are written, and lines that go on behind a blank one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightship.dockerfile.build import Build
from tightship.rules.dockerfile.correctness.empty_continuation import (
    empty_continuation as continuation,
)
from tightship.rules.dockerfile.correctness.inconsistent_casing import (
    inconsistent_casing as casing,
)
from tightship.syntax.dockerfile.read import read
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

    from tightship.rules.kit import Rule


def after_fixes(judge: Judge, text: str, rule: Rule) -> str:
    fixes = [f.finding.fix for f in judge({"Dockerfile": text}, [rule])]
    edits = [edit for fix in fixes if fix for edit in fix.edits]
    return apply_edits(edits[0].span.source, edits) if edits else text


def meaning(text: str) -> list[tuple[str, str]]:
    """Return the instructions, with the text that a build gets of each."""
    build = Build(read(Source("Dockerfile", text)))
    return [(one.name, one.body.text) for one in build.file.instructions]


# -- casing


def test_the_majority_decides_and_capitals_win_a_tie(found: Found) -> None:
    lower = "from a:1\nrun x\nCMD y\n"
    assert found({"Dockerfile": lower}, casing) == [("info", "CMD")]
    tie = "from a:1\nCMD y\n"
    assert found({"Dockerfile": tie}, casing) == [("info", "from")]


def test_a_mixed_keyword_agrees_with_neither(found: Found) -> None:
    text = "From a:1\nRun x\n"
    assert found({"Dockerfile": text}, casing) == [("info", "From"), ("info", "Run")]


def test_triggers_and_arguments_above_from_are_keywords_too(judge: Judge) -> None:
    text = "arg X=1\nFROM a:$X\nONBUILD run x\nRUN y\n"
    wanted = "ARG X=1\nFROM a:$X\nONBUILD RUN x\nRUN y\n"
    assert after_fixes(judge, text, casing) == wanted


def test_what_is_no_instruction_has_no_casing(found: Found) -> None:
    text = "FROM a:1\nfoo b\nRUN c\n"
    assert found({"Dockerfile": text}, casing) == []


def test_as_is_written_like_the_instructions(judge: Judge) -> None:
    text = "from a:1 AS x\nfrom x As y\n"
    wanted = "from a:1 as x\nfrom x as y\n"
    assert after_fixes(judge, text, casing) == wanted


def test_a_name_is_changed_with_all_that_use_it(judge: Judge) -> None:
    text = (
        "FROM a:1 AS Build\nFROM b:1\nCOPY --from=BUILD a b\n"
        "RUN --mount=type=bind,from=Build,target=/x y\nCOPY --from=Other/x a b\n"
        "ONBUILD COPY --from=Build a b\n"
    )
    wanted = text.replace("AS Build", "AS build").replace("=BUILD", "=build")
    wanted = wanted.replace("from=Build,", "from=build,")
    assert after_fixes(judge, text, casing) == wanted


def test_a_name_that_the_build_looks_at_is_left(judge: Judge) -> None:
    text = 'FROM a:1 AS Build\nARG TARGETSTAGE\nRUN test "$TARGETSTAGE" = Build\n'
    [one] = judge({"Dockerfile": text}, [casing])
    assert one.finding.fix is None


def test_a_keyword_cut_by_a_continuation_is_left(judge: Judge) -> None:
    text = "FROM a:1\nRUN x\nr\\\nun y\n"
    [one] = judge({"Dockerfile": text}, [casing])
    assert one.finding.fix is None


# -- continuations


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_lines_go_and_the_build_stays(
    judge: Judge, blank: str, newline: str
) -> None:
    lines = ["FROM a:1", "RUN x && \\", blank, "  # why", blank, "  y \\", blank, "  z"]
    text = newline.join([*lines, ""])
    fixed = after_fixes(judge, text, continuation)
    assert fixed == newline.join([line for line in lines if line.strip()] + [""])
    assert meaning(fixed) == meaning(text)


def test_each_instruction_is_told_once(found: Found) -> None:
    text = "FROM a:1\nRUN x \\\n\n\n y\nRUN a \\\n \n b\nRUN c\n"
    assert found({"Dockerfile": text}, continuation) == [("info", ""), ("info", " ")]


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n", "\r\n", " \n  \n"])
@pytest.mark.parametrize("head", ["", "# escape=`\n"])
def test_a_continuation_of_nothing_goes(judge: Judge, head: str, end: str) -> None:
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
def test_where_it_is_not_clear_what_was_meant_nothing_changes(
    judge: Judge, text: str
) -> None:
    [one] = judge({"Dockerfile": text}, [continuation])
    assert one.finding.fix is None


def test_a_blank_line_in_a_heredoc_is_part_of_it(found: Found) -> None:
    text = "FROM a:1\nRUN <<EOF\nx \\\n\ny\nEOF\n"
    assert found({"Dockerfile": text}, continuation) == []


# -- whatever the file

LINES = [
    "FROM a:1",
    "from b:1 as Build",
    "FROM Build AS build",
    "FROM c:1 As BUILD",
    "Run x",
    "run y \\\n\n  z",
    "RUN \\\n# why\n\n x",
    "COPY --from=Build a b",
    "copy --from=build a b",
    "RUN --mount=type=bind,from=BUILD,target=/x y",
    "ONBUILD copy --from=Build a b",
    "LABEL a=b \\\n\t\n c=d",
    "arg X",
    "RUN <<EOF\n\n\nrun\nEOF",
    "foo",
    "USER x \\",
    "",
]


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_fixes_change_nothing_but_case_and_blank_lines(lines: list[str]) -> None:
    text = "\n".join(lines)
    build = Build(read(Source("Dockerfile", text)))
    fixes = [
        one.fix
        for rule in (casing, continuation)
        for one in rule.check(build)
        if one.fix
    ]
    edits = [edit for fix in fixes for edit in fix.edits]
    fixed = apply_edits(build.source, edits)
    before, after = meaning(text), meaning(fixed)
    assert [(name, body.lower()) for name, body in after] == [
        (name, body.lower()) for name, body in before
    ]
    again = Build(read(Source("Dockerfile", fixed)))
    left = [one for rule in (casing, continuation) for one in rule.check(again)]
    assert not any(one.fix for one in left)
