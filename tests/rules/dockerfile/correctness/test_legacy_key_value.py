"""The rule `legacy-key-value`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given, strategies as st
from tests.rules.dockerfile.conftest import after_fixes
from tests.rules.dockerfile.correctness.conftest import built, on_debian

from tightship.frontends.dockerfile.steps import Env, Label
from tightship.rules.dockerfile.correctness.legacy_key_value import legacy_key_value
from tightship.syntax.dockerfile.edit import quoted
from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge

_ESCAPES = st.sampled_from(["\\", "`"])


_TEXT = st.text(st.sampled_from("abc \\`\"'$${}:-+#%/=<>@.é\u00a0"), max_size=12)


@given(_TEXT, _ESCAPES)
@example("\\", "\\")
@example("a`", "`")
def test_a_quoted_text_expands_to_itself(text: str, escape: str) -> None:
    head = f"# escape={escape}\nFROM debian:13\n"
    build = built(f"{head}LABEL a={quoted(text, escape)} b=1\n")
    [label] = build.stages[0].steps
    assert isinstance(label, Label)
    assert [pair.value.text for pair in label.pairs if pair.value] == [text, "1"]


@given(st.sampled_from(["ENV", "LABEL"]), _TEXT, _ESCAPES)
@example("ENV", "a  b", "\\")
@example("ENV", "a \\ b", "\\")
@example("ENV", "$A ${B:-c d}$", "\\")
@example("ENV", "it\"s\" '$'", "`")
def test_the_new_form_expands_to_the_same_text(keyword: str, text: str, escape: str) -> None:
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
def test_the_new_form_keeps_quotes_if_possible(old: str, new: str, judge: Judge) -> None:
    files = on_debian(old, "RUN x")
    wanted = on_debian(new, "RUN x")["Dockerfile"]
    assert after_fixes(judge, files, legacy_key_value) == wanted


@pytest.mark.parametrize(
    "line", ["ENV A '$B' $C d", "ENV A it's", "ENV A \\\n# why\n b", "ENV A' b"]
)
def test_an_uncertain_expansion_has_no_fix(line: str, judge: Judge) -> None:
    [one] = judge(on_debian(line, "RUN x"), [legacy_key_value])
    assert one.finding.fix is None


def test_a_secret_value_is_not_repeated(judge: Judge) -> None:
    for line in ("ENV TOKEN hunter2", "ENV TOKEN = hunter2"):
        [one] = judge(on_debian(line), [legacy_key_value])
        assert "hunter2" not in one.finding.message
