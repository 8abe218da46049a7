"""The rule `inconsistent-casing`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes

from tightship.rules.dockerfile.correctness.inconsistent_casing import (
    inconsistent_casing,
    inconsistent_casing as casing,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


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


def test_other_lines_have_no_casing(found: Found) -> None:
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


def test_a_name_that_the_build_reads_is_not_changed(judge: Judge) -> None:
    text = 'FROM a:1 AS Build\nARG TARGETSTAGE\nRUN test "$TARGETSTAGE" = Build\n'
    [one] = judge({"Dockerfile": text}, [casing])
    assert one.finding.fix is None


def test_a_keyword_split_by_a_continuation_is_not_changed(judge: Judge) -> None:
    text = "FROM a:1\nRUN x\nr\\\nun y\n"
    [one] = judge({"Dockerfile": text}, [casing])
    assert one.finding.fix is None


@pytest.mark.parametrize(
    ("port", "left"),
    [("80/TCP", "80/tcp"), ("8080:53/Udp", "8080:53/udp"), ("80/FOO", "80/FOO"), ("$P", "$P")],
)
def test_protocols_are_in_lower_case(judge: Judge, port: str, left: str) -> None:
    text = f"FROM scratch\nENV P=80/TCP\nEXPOSE {port}\n"
    wanted = f"FROM scratch\nENV P=80/TCP\nEXPOSE {left}\n"
    assert after_fixes(judge, text, inconsistent_casing) == wanted
