"""The scripts of instructions, and where in the Dockerfile they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.commands.calls import calls
from tightship.frontends.dockerfile.script import DEFAULT_SHELL, Shell, scripts
from tightship.syntax.dockerfile.read import read
from tightship.syntax.shell.nodes import Simple
from tightship.syntax.shell.text import Text
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Script


def scripts_of(text: str, shell: Shell = DEFAULT_SHELL) -> tuple[Script, ...]:
    [instruction] = read(Source("Dockerfile", text)).instructions
    return scripts(instruction.trigger or instruction, shell)


def script_of(text: str) -> Script:
    [script] = scripts_of(text)
    assert script.problem is None
    assert not script.lost
    return script


def words(text: str) -> list[list[str | None]]:
    found = calls(script_of(text))
    return [[word.value for word in call.command.words] for call in found]


def places(call: Call) -> list[str]:
    return [word.span.text for word in call.command.words]


@pytest.mark.parametrize("name", ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK CMD"])
def test_a_shell_form_is_a_script(name: str) -> None:
    assert words(f"{name} a 'b c' && d") == [["a", "b c"], ["d"]]


@pytest.mark.parametrize("name", ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK CMD"])
def test_an_exec_form_is_one_command_of_words_as_they_are(name: str) -> None:
    assert words(f'{name} ["a", "b && c", "$D", ""]') == [["a", "b && c", "$D", ""]]


@pytest.mark.parametrize(
    "text",
    [
        "RUN",
        "CMD []",
        "HEALTHCHECK NONE",
        "HEALTHCHECK NONE a",
        "HEALTHCHECK CMD",
        'HEALTHCHECK OTHER ["a"]',
        "USER a",
        "COPY <<A /b\nc\nA\n",
        'SHELL ["/bin/sh", "-c"]',
    ],
)
def test_an_instruction_without_a_command_has_no_script(text: str) -> None:
    assert scripts_of(text) == ()


def test_flags_are_not_part_of_a_script() -> None:
    assert words("RUN --network=none --mount=type=ssh a --b") == [["a", "--b"]]
    assert words("HEALTHCHECK --interval=1s cmd a") == [["a"]]


def test_a_trigger_has_the_script_that_it_will_have() -> None:
    assert words("ONBUILD RUN a; b") == [["a"], ["b"]]
    assert words('ONBUILD ENTRYPOINT ["a", "b"]') == [["a", "b"]]
    assert words("ONBUILD RUN <<A\nb\nc\nA\n") == [["b"], ["c"]]


def test_places_are_exact_over_continuations_comments_and_blank_lines() -> None:
    text = (
        "RUN apt-get update \\\n"
        "  # first\n"
        "\n"
        "  && apt-get  install \\   \r\n"
        "# second \\\n"
        "    cu\\\n"
        "rl 'a\\\n"
        "b'\n"
    )
    update, install = calls(script_of(text))
    assert [word.value for word in install.command.words] == [
        "apt-get", "install", "curl", "ab",
    ]  # fmt: skip
    assert places(update) == ["apt-get", "update"]
    assert places(install) == ["apt-get", "install", "cu\\\nrl", "'a\\\nb'"]
    assert update.command.span.text == "apt-get update"
    assert install.command.words[0].span.start == text.rindex("apt-get")


def test_a_comment_of_the_dockerfile_does_not_hide_what_follows_it() -> None:
    assert words("RUN a \\\n # b\n c") == [["a", "c"]]
    # But one of the script hides all of the joined line.
    assert words("RUN a # b \\\n c") == [["a"]]


def test_a_backtick_may_continue_lines() -> None:
    [script] = scripts(
        read(Source("Dockerfile", "# escape=`\nRUN a `\n b\\ c")).instructions[0], DEFAULT_SHELL
    )
    [call] = calls(script)
    assert [word.value for word in call.command.words] == ["a", "b c"]
    assert places(call) == ["a", "b\\ c"]


def test_strings_of_an_array_have_exact_places() -> None:
    text = 'RUN ["sh", "-c", "a \\"b c\\" \\u0064\\\n d | \\ud83d\\ude00\\n \\uD800f"]'
    outer, a, d, f = calls(script_of(text))
    assert [word.value for word in outer.command.words] == [
        "sh", "-c", 'a "b c" d d | 😀\n \ufffdf',
    ]  # fmt: skip
    assert places(outer)[:2] == ["sh", "-c"]
    assert [word.value for word in a.command.words] == ["a", "b c", "d", "d"]
    assert places(a) == ["a", '\\"b c\\"', "\\u0064", "d"]
    assert places(d) == ["\\ud83d\\ude00"]
    assert places(f) == ["\\uD800f"]
    assert a.pipeline is d.pipeline


def test_an_empty_string_has_its_place() -> None:
    text = 'HEALTHCHECK CMD ["a", "", "b"]'
    [call] = calls(script_of(text))
    assert call.command.words[1].span.start == text.index('""') + 1


def test_an_array_is_read_by_no_shell() -> None:
    [script] = scripts_of('CMD ["a", "b"]', Shell(("cmd", "/S", "/C")))
    assert [len(call.command.words) for call in calls(script)] == [2]


# Heredocs.


@pytest.mark.parametrize(
    "line", ["RUN <<E", "RUN <<-E", "RUN --network=none  <<'E'  ", 'RUN 3<<"E"', "RUN \\\n<<E"]
)
def test_a_heredoc_that_is_all_of_a_command_is_the_script(line: str) -> None:
    text = f"{line}\na $B\n\nc \\\n  d # e\nE\n"
    assert words(text) == [["a", None], ["c", "d"]]
    assert script_of(text).text.value == "a $B\n\nc \\\n  d # e\n"


def test_tabs_before_the_lines_of_a_heredoc_may_not_count() -> None:
    text = "RUN <<-E\n\ta 'b\n\t\tc'\n\td\te\n\tE\n"
    [a, d] = calls(script_of(text))
    assert [word.value for word in a.command.words] == ["a", "b\nc"]
    assert places(a) == ["a", "'b\n\t\tc'"]
    assert places(d) == ["d", "e"]
    kept = words("RUN <<E\n\ta 'b\n\t\tc'\nE\n")
    assert kept == [["a", "b\n\t\tc"]]


@pytest.mark.parametrize(
    ("shebang", "count"),
    [
        ("#!/bin/sh", 1),
        ("#!/bin/bash -eux", 1),
        ("#! /usr/bin/env bash", 1),
        ("#!/usr/bin/env -S A=b bash -e", 1),
        ("#!/usr/bin/env python3", 0),
        ("#!/usr/bin/env", 0),
        ("#!/usr/bin/python3 bash", 0),
        ("# !/usr/bin/python3", 1),
        (" #!/usr/bin/python3", 1),
        ("#!", 1),
    ],
)
def test_a_shebang_names_the_interpreter(shebang: str, count: int) -> None:
    assert len(scripts_of(f"RUN <<E\n{shebang}\na b\nE\n")) == count


def test_a_shebang_after_a_tab_has_no_effect() -> None:
    assert words("RUN <<-E\n\t#!/usr/bin/python3\n\ta\n\tE\n") == [["a"]]


def test_heredocs_beside_a_command_are_read_by_the_shell() -> None:
    text = "RUN cat <<A > /b && c <<-'D'\n$x\nA\n\td\n\tD  \n\tD\nRUN e"
    first, second = read(Source("Dockerfile", text)).instructions
    [script] = scripts(first, DEFAULT_SHELL)
    assert script.problem is None
    assert script.text.value == "cat <<A > /b && c <<-'D'\n$x\nA\n\td\n\tD  \nD"
    cat, c = calls(script)
    bodies = [r.body for call in (cat, c) for r in call.command.redirections]
    assert [body and body.value for body in bodies] == [None, None, "d\nD  \n"]
    assert bodies[0] is not None
    assert bodies[0].span.text == "$x\n"
    assert second.span.text == "RUN e"


@pytest.mark.parametrize("line", ["bash <<E", "<<E bash", "bash -s -- x <<E", "<<-E sh"])
def test_a_heredoc_read_by_a_shell_is_a_script(line: str) -> None:
    text = f"RUN {line}\n\tset -e\n\tcurl x \\\n\t | sh\nE\n"
    shell, *inner = calls(script_of(text))
    assert shell.program is not None
    assert shell.program.kind == "sh"
    assert [places(call)[0] for call in inner] == ["set", "curl", "sh"]
    assert {call.nesting.kind for call in inner} == {"input"}


def test_a_heredoc_read_by_another_program_is_no_script() -> None:
    assert words("RUN python3 <<E\nimport os\nE\n") == [["python3"]]


def test_an_unterminated_heredoc_is_read() -> None:
    assert words("RUN <<E\na\n") == [["a"]]
    assert words("RUN sh <<E\na") == [["sh"], ["a"]]
    assert words("RUN sh <<E") == [["sh"]]


def test_a_line_of_a_heredoc_is_joined_to_nothing() -> None:
    text = "RUN a <<E && \\\n b\nc\nE\n"
    assert script_of(text).text.value == "a <<E &&  b\nc\nE"
    assert words(text) == [["a"], ["b"]]


# Shells.


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (("/bin/bash", "-o", "pipefail", "-c"), "sh"),
        (("/usr/bin/env", "bash", "-c"), "sh"),
        (("conda", "run", "-n", "x", "/bin/bash", "-c"), "sh"),
        (("powershell", "-Command", "$ErrorActionPreference = 'Stop';"), "powershell"),
        ((r"C:\Program Files\PowerShell\pwsh.exe", "-Command"), "powershell"),
        (("cmd", "/S", "/C"), "cmd"),
        (("cmd", "/S", "/C", "powershell", "-Command"), "powershell"),
        ((r"C:\Windows\System32\CMD.EXE", "/C"), "cmd"),
        (("/usr/bin/python3", "-c"), ""),
        ((), ""),
    ],
)
def test_only_shells_like_sh_read_a_shell_form(said: tuple[str, ...], kind: str) -> None:
    shell = Shell(said)
    assert shell.kind == kind
    assert len(scripts_of("RUN a", shell)) == (kind == "sh")
    assert len(scripts_of("RUN <<E\n#!/bin/sh\na\nE\n", shell)) == (kind == "sh")
    assert len(scripts_of("RUN sh <<E\na\nE\n", shell)) == (kind == "sh")


def test_docker_s_own_shell_is_sh() -> None:
    assert DEFAULT_SHELL.words == ("/bin/sh", "-c")
    assert DEFAULT_SHELL.kind == "sh"
    assert DEFAULT_SHELL.span is None


# Any text.


LINES = st.lists(
    st.sampled_from(
        ["a", "b \\", "\\", "  c \\", "# d", "", "\t", "<<E", "E", "\tE", "'f", '"',
         "\\\\", "g \\\r", "#!/bin/sh", '["h\\n", "\\"i"]', "é", "\0", "$(j", "`"]
    ),
    max_size=8,
)  # fmt: skip
STARTS = ["RUN ", "RUN", "CMD ", "ONBUILD RUN <<-E ", "HEALTHCHECK CMD ", "ENTRYPOINT ["]


@given(st.sampled_from(STARTS), LINES)
def test_each_piece_of_a_text_has_its_exact_place(start: str, lines: list[str]) -> None:
    source = Source("Dockerfile", start + "\n".join(lines))
    for instruction in read(source).every_instruction():
        body = instruction.body
        pieces = list(body.pieces())
        assert pieces
        assert "".join(piece for piece, _, _ in pieces) == body.text
        assert [source.text[a:b] for _, a, b in pieces] == [p for p, _, _ in pieces]
        text = Text(source, pieces)
        for at in range(len(body.text)):
            assert text.span(at, at + 1) == body.span(at, at + 1)
        for script in scripts(instruction, DEFAULT_SHELL):
            for call in calls(script):
                assert instruction.span.contains(call.command.span)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "text",
    [
        "RUN " + "a \\\n" * 50_000,
        "RUN " + "\\\n" * 100_000 + "a",
        "RUN " + "$(" * 100_000,
        'CMD ["' + '\\"' * 100_000 + '"]',
        "CMD [" + '"a", ' * 50_000 + '"b"]',
        "RUN <<-E\n" + "\ta b\n" * 50_000 + "E\n",
        "RUN sh " + "<<E " * 500 + "\n" + "a\nE\n" * 500,
        "RUN a <<E\n" + "b '\n" * 50_000 + "E",
    ],
    ids=[
        "continuations",
        "empty lines",
        "substitutions",
        "escapes",
        "words",
        "tabs",
        "heredocs",
        "quotes",
    ],
)
def test_hostile_commands_take_bounded_time(text: str) -> None:
    for script in scripts_of(text):
        assert sum(1 for _ in calls(script)) <= 100_000


# Real files.


def test_every_command_of_real_files_is_read_without_a_problem(dockerfiles: list[Source]) -> None:
    count = 0
    for source in dockerfiles:
        for instruction in read(source).every_instruction():
            for script in scripts(instruction, DEFAULT_SHELL):
                count += 1
                assert script.problem is None, script.problem.span
                assert not script.lost
                for call in calls(script):
                    assert isinstance(call.command, Simple)
                    assert instruction.span.contains(call.command.span)
    assert count >= len(dockerfiles)
