"""The rule `shell-form-entrypoint`, beyond its examples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, strategies as st
from tests.rules.dockerfile.conftest import after_fixes
from tests.rules.dockerfile.correctness.conftest import built, on_debian

from tightship.rules.dockerfile.correctness.shell_form_entrypoint import shell_form_entrypoint
from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


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
def test_a_cmd_that_is_dropped_starts_no_shell(judge: Judge, text: str, marks: list[str]) -> None:
    found = judge({"Dockerfile": text}, [shell_form_entrypoint])
    assert [one.span.text for one in found] == marks


@pytest.mark.parametrize(
    "line",
    [
        'CMD ["node", "app.js"]',
        "CMD exec node app.js",
        "CMD cd /srv && exec node app.js",
        "CMD ['node', 'app.js']",
        'CMD ["node", 1]',
        "CMD",
        "HEALTHCHECK CMD curl localhost",
        "RUN make",
    ],
)
def test_other_forms_are_silent(line: str, found: Found) -> None:
    assert found(on_debian(line), shell_form_entrypoint) == []


def test_a_shell_chosen_by_the_base_stage_counts(found: Found) -> None:
    text = 'FROM debian:13 AS a\nSHELL ["/bin/bash", "-c"]\nFROM a\nCMD node app.js\n'
    files = {"Dockerfile": text}
    assert found(files, shell_form_entrypoint) == []


def test_a_test_in_brackets_is_no_broken_array(found: Found) -> None:
    files = on_debian("CMD [ -f /x ] && node app.js")
    assert found(files, shell_form_entrypoint) == [("info", "CMD")]


@pytest.mark.parametrize(
    "command",
    [
        "node $FILE",
        "node 'app.js'",
        "node *.js",
        "node app.js | tee log",
        "node app.js && true",
        "MODE=fast node app.js",
        "cd /srv",
        "node app.js > log",
        "node ~/app.js",
        "node {a,b}.js",
        "node app.js # the server",
        r"node a\ b.js",
        "node \\\n  app.js",
        ". ./start",
    ],
)
def test_commands_that_need_a_shell_have_no_fix(command: str, judge: Judge) -> None:
    [one] = judge(on_debian(f"CMD {command}"), [shell_form_entrypoint])
    assert one.finding.fix is None


def test_an_entrypoint_that_would_get_a_cmd_for_the_first_time_is_not_edited(judge: Judge) -> None:
    files = on_debian("ENTRYPOINT node app.js", 'CMD ["-v"]')
    [one] = judge(files, [shell_form_entrypoint])
    assert one.finding.fix is None
    alone = on_debian("entrypoint  node --port=80   app.js")
    wanted = 'entrypoint  ["node", "--port=80", "app.js"]\n'
    assert after_fixes(judge, alone, shell_form_entrypoint).endswith(wanted)


@given(st.lists(st.text("ab9_./:@+,=-", min_size=1), min_size=1, max_size=4))
def test_the_array_holds_the_words(words: list[str]) -> None:
    assume(not words[0].startswith("--"))  # a flag
    build = built(f"FROM debian:13\nCMD {' '.join(words)}\n")
    for finding in shell_form_entrypoint.check(build.stages[0]):
        if finding.fix is not None:
            fixed = apply_edits(build.source, finding.fix.edits)
            assert json.loads(fixed.splitlines()[1].removeprefix("CMD ")) == words
