"""A command tells which programs it runs, and with which flags."""

from __future__ import annotations

import pytest

from tightship.commands.program import MAX_WRAPPERS, Program, programs, shell_kind
from tightship.syntax.shell.nodes import Simple
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span


def of(value: str) -> list[Program]:
    source = Source("Dockerfile", value)
    script = read(Text.of(Span(source, 0, len(value))))
    command = script.body.items[0][0].commands[0]
    assert isinstance(command, Simple)
    return programs(command)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("curl -k", "curl"),
        ("/usr/bin/curl -k", "curl"),
        (r"A=1 >f \curl -k", "curl"),
        ("sudo -u root -E A=1 curl", "sudo curl"),
        ("sudo --user=root -- curl", "sudo curl"),
        ("env -i - A=1 B=$x nohup curl", "env nohup curl"),
        ("exec -a x timeout -k 5 10s curl", "exec timeout curl"),
        ("command -v curl", "command"),
        ("command curl", "command curl"),
        ("nice -n 5 ionice -c3 curl", "nice ionice curl"),
        ("xargs -0 -n 1 -I{} rm {}", "xargs rm"),
        ("gosu app curl", "gosu curl"),
        ("tini -g -- curl", "tini curl"),
        ("busybox wget x", "busybox wget"),
        ("sudo -l curl", "sudo"),
        ("env -S 'curl x'", "env"),
        ("$x curl", ""),
        ("sudo $x curl", "sudo"),
        ("A=1", ""),
        ("sudo", "sudo"),
    ],
)
def test_the_programs_of_a_command_are_those_it_runs(value: str, names: str) -> None:
    assert [run.name for run in of(value)] == names.split()


def test_nested_wrappers_have_a_limit() -> None:
    assert len(of("sudo " * 10_000)) == MAX_WRAPPERS + 1


def test_flags_come_in_bundles_and_with_values() -> None:
    [run] = of("curl -fsSLko f -HA:b --proto '=https' --url=$u --tlsv1 x -k y -- -z")
    arguments = run.arguments(("-o", "-H", "--proto"))
    assert [(f.name, f.value) for f in arguments.flags] == [
        ("-f", None), ("-s", None), ("-S", None), ("-L", None), ("-k", None),
        ("-o", "f"), ("-H", "A:b"), ("--proto", "=https"), ("--url", None),
        ("--tlsv1", None), ("-k", None),
    ]  # fmt: skip
    assert [word.value for word in arguments.operands] == ["x", "y", "-z"]
    insecure = arguments.flag("-k", "--insecure")
    assert insecure is not None
    assert insecure.word.span.start == 57
    assert arguments.flag("--no") is None


def test_flags_may_have_to_come_first() -> None:
    [run] = of("sh -eu +o x -c a -b")
    arguments = run.arguments(("+o",), mixed=False, signs="-+")
    assert [f.name for f in arguments.flags] == ["-e", "-u", "+o", "-c"]
    assert [word.value for word in arguments.operands] == ["a", "-b"]
    [chmod] = of("chmod +x -R - $f")
    assert [w.raw for w in chmod.arguments().operands] == ["+x", "-", "$f"]


def test_an_uncertain_value_is_unknown() -> None:
    [run] = of('curl -o $x -H"a$y" -k')
    arguments = run.arguments(("-o", "-H"))
    assert [(f.name, f.value) for f in arguments.flags] == [
        ("-o", None), ("-H", None), ("-k", None),
    ]  # fmt: skip
    sources = [f.source.raw for f in arguments.flags if f.source]
    assert sources == ["$x", '-H"a$y"']


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("/bin/sh", "sh"),
        ("bash", "sh"),
        ("ash", "sh"),
        ("pwsh", "powershell"),
        (r"C:\Windows\System32\WindowsPowerShell\v1.0\PowerShell.exe", "powershell"),
        ("cmd.exe", "cmd"),
        ("cmd", "cmd"),
        ("python3", ""),
        ("", ""),
    ],
)
def test_a_shell_is_known_by_its_name(name: str, kind: str) -> None:
    assert shell_kind(name) == kind
