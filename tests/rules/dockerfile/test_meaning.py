"""Instructions that mean otherwise than they look: beyond what the examples show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tightship.dockerfile.build import Build
from tightship.dockerfile.steps import Env, Label
from tightship.rules.dockerfile.correctness.deprecated_maintainer import (
    deprecated_maintainer,
)
from tightship.rules.dockerfile.correctness.legacy_key_value import legacy_key_value
from tightship.rules.dockerfile.correctness.no_healthcheck import no_healthcheck
from tightship.rules.dockerfile.correctness.relative_workdir import relative_workdir
from tightship.rules.dockerfile.correctness.repeated_instruction import (
    repeated_instruction,
)
from tightship.rules.dockerfile.correctness.shell_form_entrypoint import (
    shell_form_entrypoint,
)
from tightship.syntax.dockerfile.edit import quoted
from tightship.syntax.dockerfile.read import read
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

    from tightship.rules.kit import Rule


def dockerfile(*lines: str) -> dict[str, str]:
    return {"Dockerfile": "\n".join(("FROM debian:13", *lines, ""))}


def built(text: str) -> Build:
    return Build(read(Source("Dockerfile", text)))


def after(judge: Judge, files: dict[str, str], rule: Rule) -> str:
    """Return the Dockerfile after all the fixes that a rule offers."""
    fixes = [one.finding.fix for one in judge(files, [rule]) if one.finding.fix]
    edits = [edit for fix in fixes for edit in fix.edits]
    return apply_edits(edits[0].span.source, edits) if edits else files["Dockerfile"]


# -- relative-workdir


@pytest.mark.parametrize(
    "path", ["/srv", '"/srv"', r"C:\\srv", "c:/srv", r"\\srv", "'/a b'"]
)
def test_a_path_that_is_absolute_somewhere_is_no_finding(
    path: str, found: Found
) -> None:
    assert found(dockerfile(f"WORKDIR {path}"), relative_workdir) == []


def test_a_stage_begins_anew_unless_it_is_based_on_one_with_a_workdir(
    found: Found,
) -> None:
    files = dockerfile(
        "WORKDIR /srv",
        "FROM alpine AS Other",
        "WORKDIR there",
        "FROM other",
        "WORKDIR here",
    )
    assert found(files, relative_workdir) == [("warning", "there")]


def test_a_workdir_that_only_a_build_can_tell_may_be_absolute(found: Found) -> None:
    assert found(dockerfile("WORKDIR $X", "WORKDIR app"), relative_workdir) == []


def test_a_trigger_follows_the_workdir_of_its_own_image(found: Found) -> None:
    files = dockerfile("ONBUILD WORKDIR app", "WORKDIR /srv")
    assert found(files, relative_workdir) == []
    assert found(dockerfile("ONBUILD WORKDIR app"), relative_workdir) == [
        ("warning", "app")
    ]


def test_what_a_stage_holds_back_comes_first_in_the_next(found: Found) -> None:
    text = "FROM a AS b\nONBUILD WORKDIR /srv\nFROM b\nWORKDIR app\n"
    assert found({"Dockerfile": text}, relative_workdir) == []


def test_the_message_names_the_arg_whose_default_counts(judge: Judge) -> None:
    [one] = judge(dockerfile("ARG D=app", "WORKDIR $D"), [relative_workdir])
    assert "`WORKDIR app`" in one.finding.message
    assert "the default of `ARG D`" in one.finding.message


# -- repeated-instruction


def test_each_but_the_last_is_found_and_the_last_is_shown(judge: Judge) -> None:
    files = dockerfile("CMD a", "CMD b", "ENTRYPOINT c", "CMD d")
    verdict = judge(files, [repeated_instruction])
    lines = [one.span.source.point(one.span.start)[0] for one in verdict]
    assert lines == [1, 2]
    for one in verdict:
        [related] = one.finding.because
        assert related.span.source.point(related.span.start)[0] == 4


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_removal_takes_whole_lines_and_leaves_comments_and_blank_lines(
    newline: str, judge: Judge
) -> None:
    text = 'FROM debian:13\n# first\n\n  CMD ["a", \\\n    "b"]\n\n# second\nCMD c\n'
    files = {"Dockerfile": text.replace("\n", newline)}
    wanted = "FROM debian:13\n# first\n\n# second\nCMD c\n"
    assert after(judge, files, repeated_instruction) == wanted.replace("\n", newline)


def test_a_comment_within_the_lines_is_not_thrown_away(judge: Judge) -> None:
    files = dockerfile("CMD a \\", "# why", "  b", "CMD c")
    [one] = judge(files, [repeated_instruction])
    assert one.finding.fix is None


def test_repeated_triggers_are_found_but_not_edited(judge: Judge) -> None:
    files = dockerfile("ONBUILD CMD a", "ONBUILD CMD b", "CMD c")
    [one] = judge(files, [repeated_instruction])
    assert one.span.text == "CMD"
    assert one.finding.fix is None


def test_in_a_template_only_one_of_them_may_be_left(found: Found) -> None:
    files = dockerfile("{{ if debug }}", "CMD a", "{{ else }}", "CMD b", "{{ end }}")
    assert found(files, repeated_instruction) == []


# -- shell-form-entrypoint


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
def test_no_shell_is_left_or_something_else_is_wrong(line: str, found: Found) -> None:
    assert found(dockerfile(line), shell_form_entrypoint) == []


def test_a_shell_of_the_stage_it_is_based_on_was_chosen_too(found: Found) -> None:
    text = 'FROM debian:13 AS a\nSHELL ["/bin/bash", "-c"]\nFROM a\nCMD node app.js\n'
    files = {"Dockerfile": text}
    assert found(files, shell_form_entrypoint) == []


def test_a_test_in_brackets_is_no_broken_array(found: Found) -> None:
    files = dockerfile("CMD [ -f /x ] && node app.js")
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
def test_what_a_shell_has_a_hand_in_is_not_turned_into_an_array(
    command: str, judge: Judge
) -> None:
    [one] = judge(dockerfile(f"CMD {command}"), [shell_form_entrypoint])
    assert one.finding.fix is None


def test_an_entrypoint_that_would_get_a_cmd_for_the_first_time_is_not_edited(
    judge: Judge,
) -> None:
    files = dockerfile("ENTRYPOINT node app.js", 'CMD ["-v"]')
    [one] = judge(files, [shell_form_entrypoint])
    assert one.finding.fix is None
    alone = dockerfile("entrypoint  node --port=80   app.js")
    wanted = 'entrypoint  ["node", "--port=80", "app.js"]\n'
    assert after(judge, alone, shell_form_entrypoint).endswith(wanted)


@given(st.lists(st.text("ab9_./:@+,=-", min_size=1), min_size=1, max_size=4))
def test_the_array_holds_the_words(words: list[str]) -> None:
    assume(not words[0].startswith("--"))  # a flag
    build = built(f"FROM debian:13\nCMD {' '.join(words)}\n")
    for finding in shell_form_entrypoint.check(build):
        if finding.fix is not None:
            fixed = apply_edits(build.source, finding.fix.edits)
            assert json.loads(fixed.splitlines()[1].removeprefix("CMD ")) == words


# -- deprecated-maintainer


def test_an_author_who_has_a_label_already_gets_no_second_one(judge: Judge) -> None:
    files = dockerfile("MAINTAINER jane", "LABEL maintainer=jane")
    [one] = judge(files, [deprecated_maintainer])
    assert one.finding.fix is None


_ESCAPES = st.sampled_from(["\\", "`"])
_TEXT = st.text(st.sampled_from("abc \\`\"'$${}:-+#%/=<>@.é\u00a0"), max_size=12)


@given(_TEXT, _ESCAPES)
@example("\\", "\\")
@example("a`", "`")
def test_a_quoted_text_comes_to_itself(text: str, escape: str) -> None:
    head = f"# escape={escape}\nFROM debian:13\n"
    build = built(f"{head}LABEL a={quoted(text, escape)} b=1\n")
    [label] = build.stages[0].steps
    assert isinstance(label, Label)
    assert [pair.value.text for pair in label.pairs if pair.value] == [text, "1"]


# -- legacy-key-value


@given(st.sampled_from(["ENV", "LABEL"]), _TEXT, _ESCAPES)
@example("ENV", "a  b", "\\")
@example("ENV", "a \\ b", "\\")
@example("ENV", "$A ${B:-c d}$", "\\")
@example("ENV", "it\"s\" '$'", "`")
def test_the_new_form_comes_to_the_same_text(
    keyword: str, text: str, escape: str
) -> None:
    head = f"# escape={escape}\nFROM debian:13\nENV A=1\n"
    build = built(f"{head}{keyword} NAME {text}\nRUN x\n")
    assume(len(build.stages[0].steps) == 3)
    old = build.stages[0].steps[1]
    assert isinstance(old, (Env, Label))
    for finding in legacy_key_value.check(old):
        if finding.fix is None:
            continue
        fixed = built(apply_edits(build.source, finding.fix.edits))
        new = fixed.stages[0].steps[1]
        assert isinstance(new, (Env, Label))
        assert not new.instruction.legacy
        [before], [after] = old.pairs, new.pairs
        assert before.value is not None
        assert after.value is not None
        assert after.name.text == "NAME"
        assert after.value.expansion.problem is None
        assert after.value.text == before.value.text
        assert after.value.decided == before.value.decided


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ENV A b", "ENV A=b"),
        ("ENV\tA  b c ", 'ENV\tA="b c" '),
        ('ENV A "b c"', 'ENV A="b c"'),
        ("ENV A 'b c' d", 'ENV A="b c d"'),
        (r"ENV A b\ c", r"ENV A=b\ c"),
        ("ENV A $B:$C d", 'ENV A="$B:$C d"'),
        ("ENV A \\\n  b", "ENV A=b"),
        ("ENV A b \\\n  c", 'ENV A="b \\\n  c"'),
        ("label a.b/c-d x y", 'label a.b/c-d="x y"'),
        ("ENV A one TWO=three", 'ENV A="one TWO=three"'),
    ],
)
def test_the_new_form_keeps_what_it_can_of_the_old(
    old: str, new: str, judge: Judge
) -> None:
    files = dockerfile(old, "RUN x")
    wanted = dockerfile(new, "RUN x")["Dockerfile"]
    assert after(judge, files, legacy_key_value) == wanted


@pytest.mark.parametrize(
    "line", ["ENV A '$B' $C d", "ENV A it's", "ENV A \\\n# why\n b", "ENV A' b"]
)
def test_where_the_same_text_is_not_certain_there_is_no_fix(
    line: str, judge: Judge
) -> None:
    [one] = judge(dockerfile(line, "RUN x"), [legacy_key_value])
    assert one.finding.fix is None


def test_a_secret_value_is_not_repeated(judge: Judge) -> None:
    for line in ("ENV TOKEN hunter2", "ENV TOKEN = hunter2"):
        [one] = judge(dockerfile(line), [legacy_key_value])
        assert "hunter2" not in one.finding.message


# -- no-healthcheck

TWO = """
services:
  shop: {build: ., healthcheck: {test: [CMD, /server, --check]}}
  job: {build: .%s}
"""


def test_the_services_without_a_check_are_shown(judge: Judge) -> None:
    files = {"compose.yaml": TWO % "", **dockerfile("CMD /server")}
    [one] = judge(files, [no_healthcheck])
    assert [related.span.text for related in one.finding.because] == ["job"]


@pytest.mark.parametrize(
    "check", [", healthcheck: {disable: true}", ", healthcheck: {test: $TEST}"]
)
def test_a_service_that_decides_for_itself_is_left_alone(
    check: str, found: Found
) -> None:
    files = {"compose.yaml": TWO % check, **dockerfile("CMD /server")}
    assert found(files, no_healthcheck) == []


def test_a_check_that_waits_for_another_build_is_none(found: Found) -> None:
    files = dockerfile("ONBUILD HEALTHCHECK CMD /check")
    assert found(files, no_healthcheck) == [("info", "debian:13")]


def test_only_the_stage_that_is_built_needs_a_check(found: Found) -> None:
    files = dockerfile("CMD x", "FROM alpine AS last", "HEALTHCHECK CMD y")
    assert found(files, no_healthcheck) == []
