from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.syntax.dockerfile.nodes import Dockerfile, Instruction
    from tightship.text import Span


def of(text: str) -> Dockerfile:
    return read(Source("Dockerfile", text))


def only(text: str) -> Instruction:
    [instruction] = of(text).instructions
    return instruction


def words(instruction: Instruction) -> list[tuple[str, str]]:
    return [(word.value, word.span.text) for word in instruction.arguments]


def test_an_instruction_knows_keyword_flags_and_words() -> None:
    copy = only("  Copy --from=a --link  b\tc \n")
    assert copy.name == "COPY"
    assert copy.keyword.span.text == "Copy"
    assert copy.span.text == "Copy --from=a --link  b\tc"
    assert words(copy) == [("b", "b"), ("c", "c")]
    origin, link = copy.flags
    assert origin.span.text == "--from=a"
    assert origin.name.span.text == "--from"
    assert origin.value is not None
    assert (origin.value.value, origin.value.span.text) == ("a", "a")
    assert (link.name.value, link.value) == ("link", None)
    assert copy.flag("link") is link
    assert copy.flag("chown") is None


def test_a_word_split_by_a_continuation_has_one_value_and_one_span() -> None:
    copy = only("COPY a\\\n# comment\nb c\\ \n  d\n")
    assert words(copy) == [("ab", "a\\\n# comment\nb"), ("c", "c"), ("d", "d")]


def test_a_keyword_can_be_split_by_a_continuation() -> None:
    user = only("\\\n  US\\\nER a\n")
    assert (user.name, user.keyword.span.text) == ("USER", "US\\\nER")
    assert user.span.text == "US\\\nER a"


def test_a_shell_gets_the_joined_text_and_each_character_knows_its_place() -> None:
    run = only("RUN --network=none a \\\n\n  # b\n   c \\\r\n d  \n")
    command = run.command
    assert command is not None
    assert command.text == "a    c  d"
    text = run.span.source.text
    for index, character in enumerate(command.text):
        assert text[command.place(index)] == character
    start = command.text.index("c")
    assert command.span(start, start + 1).text == "c"
    assert command.cut(start, len(command.text)).whole().text == "c \\\r\n d"
    assert command.span(2, 2).text == ""


def test_only_shell_forms_are_commands() -> None:
    def command(text: str) -> str | None:
        joined = only(text).command
        return joined.text if joined else None

    assert command("ENTRYPOINT a  b") == "a  b"
    assert command("HEALTHCHECK --retries=1 CMD  a \\\n b") == "a  b"
    assert command("HEALTHCHECK NONE") is None
    assert command('CMD ["a"]') is None
    assert command('HEALTHCHECK CMD ["a"]') is None
    assert command("RUN") is None
    assert command("USER a") is None
    assert command("SHELL a") is None


def test_the_spans_of_a_health_check_are_those_of_its_parts() -> None:
    check = only('HEALTHCHECK CMD  ["a", "b c"]')
    assert words(check) == [("CMD", "CMD"), ("a", '"a"'), ("b c", '"b c"')]
    assert check.json
    assert words(only("HEALTHCHECK cmd a  b")) == [("cmd", "cmd"), ("a  b", "a  b")]


def test_json_strings_are_decoded_and_span_their_quotes() -> None:
    cmd = only('CMD [ "a\\n" ,"\\u0062", "\\ud83d\\ude00", "\\ud83d"]')
    assert cmd.json
    assert words(cmd) == [
        ("a\n", '"a\\n"'),
        ("b", '"\\u0062"'),
        ("\U0001f600", '"\\ud83d\\ude00"'),
        ("\ufffd", '"\\ud83d"'),
    ]


def test_assignments_have_names_and_values_with_their_quotes() -> None:
    env = only("ENV a=b 'c'=\"d e\" f= \\\n  g=h\\ i\n")
    assert not env.legacy
    assert [
        (pair.name.span.text, pair.value and pair.value.span.text, pair.span.text)
        for pair in env.pairs
    ] == [
        ("a", "b", "a=b"),
        ("'c'", '"d e"', "'c'=\"d e\""),
        ("f", "", "f="),
        ("g", "h\\ i", "g=h\\ i"),
    ]


def test_the_old_form_of_an_assignment_has_one_name() -> None:
    label = only("LABEL a b=c  d\n")
    [pair] = label.pairs
    assert label.legacy
    assert (pair.name.value, pair.value and pair.value.value) == ("a", "b=c  d")
    assert pair.span.text == "a b=c  d"


def test_an_argument_may_have_no_value() -> None:
    values = [(p.name.value, p.value and p.value.value) for p in only("ARG a b= c=d").pairs]
    assert values == [("a", None), ("b", ""), ("c", "d")]


def test_a_trigger_is_an_instruction_within_an_instruction() -> None:
    file = of("ONBUILD  RUN --network=none \\\n a b\n")
    [onbuild] = file.instructions
    trigger = onbuild.trigger
    assert trigger is not None
    assert (trigger.name, words(trigger)) == ("RUN", [("a b", "a b")])
    assert trigger.flags[0].span.text == "--network=none"
    assert trigger.span.text == "RUN --network=none \\\n a b"
    assert list(file.every_instruction()) == [onbuild, trigger]
    assert only("ONBUILD").trigger is None


def texts(spans: list[Span]) -> list[str]:
    return [span.text for span in spans]


def test_comments_are_kept_wherever_they_are() -> None:
    file = of("# escape=`\n # a \r\nRUN b `\n  # c\n\n #d\n e\nRUN <<E\n# f\nE\n#")
    assert texts(file.comments) == ["# escape=`", "# a ", "# c", "#d", "#"]


def test_a_number_sign_within_a_line_is_no_comment() -> None:
    assert words(only("COPY a # b")) == [("a", "a"), ("#", "#"), ("b", "b")]


def test_blank_lines_within_an_instruction_are_kept() -> None:
    run = only("RUN a \\\n \t\r\n\n b\n")
    assert texts(run.gaps) == [" \t", ""]
    assert not run.unfinished


def test_a_file_may_end_within_an_instruction() -> None:
    run = only("RUN a \\\n\n# b\n")
    assert run.unfinished
    assert run.span.text == "RUN a"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("# syntax=a/b:1 c \n", {"syntax": "a/b:1 c"}),
        ("#Syntax = a\n#\tESCAPE\t=\t`\r\n# check=skip=x;error=true\n", None),
        ("#!/x\n# syntax=a\n# escape=`\n", {"syntax": "a"}),
        ("# a=b\n# syntax=a\n", {}),
        ("# a\n# syntax=a\n", {}),
        ("\n# syntax=a\n", {}),
        ("FROM a\n# syntax=a\n", {}),
        ("# syntax=\n", {}),
        ("#=a\n", {}),
        ("  # escape=`\n", {"escape": "`"}),
    ],
)
def test_directives_are_at_the_top(text: str, values: dict[str, str] | None) -> None:
    if values is None:
        values = {"syntax": "a", "escape": "`", "check": "skip=x;error=true"}
    file = of(text + "FROM a")
    assert {d.name: d.value.value for d in file.directives} == values
    for directive in file.directives:
        assert directive.value.span.text == directive.value.value
        assert file.directive(directive.name) is directive
    assert file.escape == values.get("escape", "\\")


def test_after_an_error_the_rest_is_read() -> None:
    file = of('FROM a\nRUN [1]\nENV b\nCOPY --x\nfoo\nCMD ["c", 1]\nUSER d\n')
    names = [one.name for one in file.instructions]
    assert names == ["FROM", "RUN", "ENV", "COPY", "FOO", "CMD", "USER"]
    assert words(file.instructions[-1]) == [("d", "d")]


def test_a_template_is_marked_and_read_as_far_as_possible() -> None:
    file = of("{% if x %}\nFROM a\n{% endif %}\nUSER b\n")
    assert file.template is not None
    assert file.template.text == "{%"
    assert [one.name for one in file.instructions] == ["{%", "FROM", "{%", "USER"]


def test_an_empty_file_has_nothing() -> None:
    file = of("")
    assert not file.instructions
    assert file.problems[0].span.end == 0


ANY = st.text(
    st.sampled_from("FROMUNCPYEV acd\\`\n\n\n\r\t\xa0\"'=-<[],#$()é\U0001f600\0"), max_size=60
)


@given(ANY)
def test_places_of_any_text_are_in_it_and_in_order(text: str) -> None:
    file = of(text)
    last = 0
    for one in file.instructions:
        assert last <= one.span.start < one.span.end <= len(text)
        last = one.span.end
        inner = [one.keyword.span, *(f.span for f in one.flags)]
        inner += [w.span for w in one.arguments] + [p.span for p in one.pairs]
        assert all(one.span.contains(span) for span in inner)
        assert sorted(inner) == inner
    for span in [p.span for p in file.problems] + file.comments:
        assert 0 <= span.start <= span.end <= len(text)


@given(ANY)
def test_parts_of_a_word_have_exact_places(text: str) -> None:
    for one in of("FROM " + text.replace("\\", "").replace("`", "")).instructions:
        if not one.json:
            assert all(word.value == word.span.text for word in one.arguments)
            assert one.body.text == one.body.whole().text
