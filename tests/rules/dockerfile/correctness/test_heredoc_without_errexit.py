"""The rule `heredoc-without-errexit`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.api import check_text
from tightship.rules.dockerfile.correctness import heredoc_without_errexit as module
from tightship.rules.dockerfile.correctness.heredoc_without_errexit import heredoc_without_errexit

if TYPE_CHECKING:
    from tests.rules.conftest import FixedFiles, Found


LINES = (
    *("make", "echo a", "true", "apt-get update", "x=$(make)", "y=1", "false", "! make"),
    *("a | b", "a && b", "exec a", "sudo make", "make >x", "if a; then b; fi"),
    *("set +e", "exit 0", "umask 2", "a &", "command make", ". ./a", "$a b", "a; b"),
)


def heredoc(script: str, opener: str = "<<EOF", before: str = "") -> dict[str, str]:
    text = f"FROM debian:13\n{before}RUN {opener}\n{script}\nEOF\n"
    return {"Dockerfile": text}


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("curl -O x\ntar xf x", "curl"),
        ("cd /src && make\nmake install", "make"),
        ("echo begin\nmake; make install", "make"),
        ("if [ $A ]; then\n  make\n  make install\nfi\nls", "make"),
        ("make | tee log\nls", "tee"),
        ("make &&\nmake install\nls", "make"),
        ("#!/bin/sh\nmake\nls", "make"),
    ],
)
def test_lost_failures(found: Found, script: str, word: str) -> None:
    assert found(heredoc(script), heredoc_without_errexit) == [("info", word)]


@pytest.mark.parametrize(
    "script",
    [
        "make",
        "make && make install",
        "make || true\nls",
        "make || exit 1\nls",
        "echo a\nexport B=1\nls",
        "set -o errexit\nmake\nls",
        "#!/bin/bash -e\nmake\nls",
        "#!/usr/bin/env python3\nmake()\nls()",
        "if make; then ls; fi",
        ". ./options\nmake\nls",
        "trap 'exit 1' ERR\nmake\nls",
        "[ $A ] && B=1\nls",
        "set +e\nmake\nls",
        "( make; make install ) && ls",
    ],
)
def test_handled_and_intended_failures(found: Found, script: str) -> None:
    assert found(heredoc(script), heredoc_without_errexit) == []


def test_only_a_heredoc_that_is_the_script_is_checked(found: Found) -> None:
    assert found(heredoc("a\nb", "cat <<EOF > /x"), heredoc_without_errexit) == []
    assert found(heredoc("a\nb", "bash -e <<EOF"), heredoc_without_errexit) == []
    files = {"Dockerfile": "FROM debian:13\nCOPY <<EOF /x\na\nb\nEOF\n"}
    assert found(files, heredoc_without_errexit) == []


def test_the_shell_of_the_step_decides(found: Found) -> None:
    shell = 'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]\n'
    files = heredoc("make\nls", before=shell)
    assert found(files, heredoc_without_errexit) == []
    # The first line of the script replaces the shell of the step.
    files = heredoc("#!/bin/bash\nmake\nls", before=shell)
    assert found(files, heredoc_without_errexit) == [("info", "make")]


def test_the_fix_keeps_the_first_line_and_the_indent(fixed_files: FixedFiles) -> None:
    files = heredoc("\t#!/bin/sh\n\tmake\n\tls", "<<-EOF")
    text = fixed_files(files, heredoc_without_errexit)["Dockerfile"]
    assert text.endswith("RUN <<-EOF\n\tset -e\n\t#!/bin/sh\n\tmake\n\tls\nEOF\n")
    files = heredoc("#!/bin/sh\n  make\n  ls")
    text = fixed_files(files, heredoc_without_errexit)["Dockerfile"]
    assert text.endswith("RUN <<EOF\n#!/bin/sh\n  set -e\n  make\n  ls\nEOF\n")


def is_never_straight(_script: object) -> bool:
    return False


@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=5))
def test_straight_scripts_need_no_flow(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    # Beside a repository, each check would look for what its files build.
    path = tmp_path_factory.getbasetemp() / "Dockerfile"
    text = f"FROM debian:13\nRUN <<EOF\n{chr(10).join(lines)}\nEOF\n"

    def places() -> list[int]:
        found = check_text(text, path).findings
        return [one.start.line for one in found if one.rule == heredoc_without_errexit.name]

    short = places()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_is_straight", is_never_straight)
        assert places() == short
