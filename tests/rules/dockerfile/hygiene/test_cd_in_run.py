"""The rule `cd-in-run`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.cd_in_run import cd_in_run

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "step",
    [
        "RUN cd /x && ls",
        "RUN cd x; ls",
        "RUN <<EOF\ncd /x\nls\nEOF",
        "RUN cd '/x y' && ls",
        'RUN cd "${X}/y" && ls',
        "RUN set -ex && mkdir -p /x && cd /x && ls",
    ],
)
def test_a_step_that_begins_with_cd(found: Found, step: str) -> None:
    assert found(image(step), cd_in_run) == [("info", "cd")]


@pytest.mark.parametrize(
    "step",
    [
        "RUN ls && cd /x && ls",
        "RUN (cd /x && ls)",
        "RUN if cd /x; then ls; fi",
        "RUN cd $(mktemp -d) && ls",
        "RUN cd ~/x && ls",
        "RUN mkdir /x && ls && cd /x && ls",
        "RUN cd && ls",
        "RUN cd - && ls",
        'RUN ["cd", "/x"]',
        "RUN sh -c 'cd /x && ls'",
    ],
)
def test_another_cd_is_silent(found: Found, step: str) -> None:
    assert found(image(step), cd_in_run) == []


@pytest.mark.parametrize(
    "step",
    [
        "RUN cd /x",
        "RUN cd",
        "RUN cd $X",
        "RUN ls && cd /x",
        "RUN [ -d /x ] && cd /x",
        "RUN <<EOF\nls\ncd /x\n\n# done\nEOF",
        "RUN --mount=type=cache,target=/c cd /c",
    ],
)
def test_a_cd_that_ends_its_step_has_no_effect(judge: Judge, step: str) -> None:
    [one] = judge(image(step), [cd_in_run])
    assert one.finding.message == (
        "`cd` has no effect at the end of a step: the next step starts in the `WORKDIR`"
    )
    assert one.span.text == "cd"
    rest = one.span.source.text[one.span.end :].splitlines()[0]
    assert "&" not in rest


def test_a_step_that_begins_and_ends_with_cd_has_one_finding(judge: Judge) -> None:
    [one] = judge(image("RUN cd /x && make && cd .."), [cd_in_run])
    assert one.finding.message.startswith("`cd /x` lasts for this step only")


@pytest.mark.parametrize(
    "step",
    [
        "RUN cd $(mktemp -d)",
        "RUN cd /x > /log",
        "RUN ls && cd /x; [[ -d docs ]]",
        "RUN ls; (cd /x)",
        "RUN ls; if true; then cd /x; fi",
        "RUN ls; f() { cd /x; }",
        "RUN ls && cd /x && (",
        "RUN sh -c 'cd /x'",
        'RUN ["cd", "/x"]',
    ],
)
def test_cd_before_other_commands_or_in_another_shell_is_silent(found: Found, step: str) -> None:
    assert found(image(step), cd_in_run) == []
