"""ShellCheck as a run asks it: selection, processes, gaps, and what it may touch."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
import tempfile
import time
from itertools import chain
from types import GeneratorType
from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.conftest import needs_shellcheck

from tightship.api import Options, check_text
from tightship.cli.main import main
from tightship.engine.shellcheck import answers as answers_module, program
from tightship.engine.shellcheck.answers import ShellCheck, shellcheck
from tightship.engine.shellcheck.program import NoAnswerError, Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

FILE = "FROM debian:13\nRUN echo $A $b\n"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Begin without answers, and end all processes."""
    shellcheck.cache_clear()
    program.shellcheck_program.cache_clear()
    yield
    shellcheck().end()
    shellcheck.cache_clear()
    program.shellcheck_program.cache_clear()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files, which is empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs Tightship in a folder; the files are its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(files: dict[str, str], *arguments: str) -> tuple[int, str, str]:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        code = main(["check", "--output-format", "concise", *arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Return the scripts of each process that is started."""
    needs_shellcheck()
    found: list[Sequence[str]] = []

    class Counted(Process):
        def __init__(self, scripts: Sequence[str], seconds: float = 60) -> None:
            found.append(scripts)
            super().__init__(scripts, seconds)

    monkeypatch.setattr(answers_module, "Process", Counted)
    return found


def program_of(tmp_path: Path, text: str) -> str:
    """Return the path of a program, written in Python."""
    path = tmp_path / "program"
    path.write_text(f"#!{sys.executable}\nimport sys, time\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


# -- selection


@pytest.mark.parametrize("word", ["shellcheck", "SC2086", "sc2086,DL3002"])
def test_the_set_and_each_id_select_shellcheck(
    run: Run, started: list[Sequence[str]], word: str
) -> None:
    _, out, _ = run({"Dockerfile": FILE}, "--select", word)
    assert "[SC2086]" in out
    assert ("[SC2154]" in out) == (word == "shellcheck")


@pytest.mark.parametrize("words", [(), ("--select", "strict"), ("--select", "hygiene")])
def test_no_other_set_starts_shellcheck(
    run: Run, started: list[Sequence[str]], words: tuple[str, ...]
) -> None:
    _, out, _ = run({"Dockerfile": FILE}, *words)
    assert "[SC" not in out
    assert started == []


def test_the_configuration_selects_ignores_and_accepts(
    run: Run, started: list[Sequence[str]]
) -> None:
    settings = (
        'select = ["shellcheck"]\nignore = ["SC2154"]\n[severity]\nSC2086 = "error"\n'
        '[[per-path]]\npaths = ["old/"]\nignore = ["SC2086"]\nreason = "old"\n'
    )
    files = {"tightship.toml": settings, "Dockerfile": FILE, "old/Dockerfile": FILE}
    code, out, _ = run(files)
    assert code == 1
    assert out.splitlines()[:2] == [
        "Dockerfile:2:10: error: Double quote to prevent globbing and word splitting [SC2086]",
        "Dockerfile:2:13: error: Double quote to prevent globbing and word splitting [SC2086]",
    ]
    assert "old/Dockerfile" not in out


def test_an_id_of_another_form_is_unknown(run: Run) -> None:
    code, _, err = run({"Dockerfile": FILE}, "--select", "SC9999")
    assert code == 2
    assert "`SC9999`" in err


@pytest.mark.parametrize("where", ["option", "configuration"])
def test_without_the_extra_one_line_says_how_to_install_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(program, "PACKAGE", "no-such-package")
    files = {"Dockerfile": FILE, "a/Dockerfile": FILE}
    options = ["--select", "SC2086"]
    if where == "configuration":
        files["a/tightship.toml"] = 'select = ["default", "shellcheck"]\n'
        options = []
    code, out, err = run(files, *options)
    assert code == 2
    assert "[SC" not in out
    assert err.count("\n") == 1
    assert "pip install 'tightship[shellcheck]'" in err


# -- processes


def test_one_process_checks_all_projects_of_a_run(run: Run, started: list[Sequence[str]]) -> None:
    files = {f"{n}/Dockerfile": f"FROM a:{n}\nRUN echo $A {n}\n" for n in range(9)}
    files["compose.yaml"] = "services:\n  a:\n    build: 0\n    command: [sh, -c, echo $$B]\n"
    _, out, _ = run(files, "--select", "shellcheck")
    assert out.count("[SC2086]") == 10
    assert [len(scripts) for scripts in started] == [10]


def test_equal_scripts_are_checked_once(run: Run, started: list[Sequence[str]]) -> None:
    files = {f"{n}/Dockerfile": FILE for n in range(4)}
    _, out, _ = run(files, "--select", "SC2086")
    assert out.count("[SC2086]") == 8
    assert [len(scripts) for scripts in started] == [1]


def test_many_scripts_are_split_into_processes(started: list[Sequence[str]]) -> None:
    asked = ShellCheck()
    scripts = [f"#!/bin/sh\necho $A {n}\n" for n in range(450)]
    asked.expect(scripts)
    asked.begin()
    assert all(asked.answers(one)[0]["code"] == 2086 for one in scripts)
    assert [len(some) for some in started] == [200, 200, 50]


def test_together_and_alone_the_answers_are_the_same() -> None:
    needs_shellcheck()
    scripts = [
        "#!/bin/sh\nif foo; then\n",
        "#!/bin/sh\na=1; exit\n",
        "#!/bin/sh\necho $a\n",
        "#!/bin/bash\nfoo() { echo $1; }; foo\n",
        "#!/bin/sh\nfoo b\n",
        "#!/bin/sh\n# shellcheck disable=SC2086\necho $A\n",
        "#!/bin/sh\necho $A \u00fc\u20ac $B\n",
    ]

    together = [each.copy() for each in Process(scripts).answers()]
    alone = [Process([one]).answers()[0] for one in scripts]
    for one in (*chain(*together), *chain(*alone)):
        one["file"] = ""
    assert together == alone
    assert [bool(each) for each in together] == [True] * 4 + [False, False, True]


def test_nothing_is_left_in_the_temporary_folder(run: Run, temporary: Path) -> None:
    needs_shellcheck()
    assert run({"Dockerfile": FILE}, "--select", "shellcheck")[0] == 1
    assert list(temporary.iterdir()) == []


def test_the_scripts_are_readable_by_the_user_alone(temporary: Path) -> None:
    needs_shellcheck()
    process = Process(["#!/bin/sh\n"])
    [folder] = temporary.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    process.end()
    assert list(temporary.iterdir()) == []


def test_the_current_folder_is_only_used_if_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_shellcheck()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(NoAnswerError, match="no folder for temporary files"):
        Process(["#!/bin/sh\n"])
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process = Process(["#!/bin/sh\n"])
    assert process.answers() == [[]]


def test_a_timeout_is_a_gap(
    run: Run, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeping = program_of(tmp_path, "time.sleep(600)")
    monkeypatch.setattr(program, "shellcheck_program", lambda: sleeping)
    with pytest.raises(NoAnswerError, match=r"it took more than 0\.2 s"):
        Process(["#!/bin/sh\n"], 0.2).answers()
    assert list(temporary.iterdir()) == []


def test_a_script_that_is_too_long_is_a_gap_and_is_not_read(
    run: Run, started: list[Sequence[str]]
) -> None:
    text = f"FROM debian:13\nRUN echo $A\nRUN echo $B {'x' * 20_000}\n"
    code, out, _ = run({"Dockerfile": text}, "--select", "shellcheck")
    assert code == 2
    assert out.count("[SC2086]") == 1
    assert "it is longer than 16,384 characters" in out
    assert [len(scripts) for scripts in started] == [1]


def test_long_scripts_are_split_by_length(started: list[Sequence[str]]) -> None:
    asked = ShellCheck()
    scripts = [f"#!/bin/sh\ntrue {n} {'x' * 9_000}\n" for n in range(15)]
    asked.expect(scripts)
    asked.begin()
    assert [asked.answers(one) for one in scripts] == [[]] * 15
    assert [len(some) for some in started] == [12, 3]


def test_a_script_that_takes_much_memory_is_a_gap(
    run: Run, started: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux limits the memory of a process from outside")
    monkeypatch.setattr(program, "_MEMORY", 200 << 20)
    many = " && ".join(f"echo $A{n}" for n in range(900))
    text = f"FROM debian:13\nRUN echo $A\nRUN {many}\n"
    code, out, _ = run({"Dockerfile": text}, "--select", "shellcheck")
    assert code == 2
    assert out.count("[SC2086]") == 1
    assert "Dockerfile:3:5: error: ShellCheck has not read this script: it" in out


def test_a_project_has_a_limit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_shellcheck()
    monkeypatch.setattr(answers_module, "_MOST", 2)
    text = "FROM debian:13\n" + "".join(f"RUN echo $A {n}\n" for n in range(4))
    code, out, _ = run({"Dockerfile": text}, "--select", "shellcheck")
    assert code == 2
    assert out.count("[SC2086]") == 2
    assert "Dockerfile:4:5: error: ShellCheck reads the first 2 scripts" in out


def test_a_script_that_ends_the_program_hides_no_other(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_shellcheck()
    real = program.shellcheck_program()
    breaking = program_of(
        tmp_path,
        "import subprocess\n"
        "if any('bad' in open(one).read() for one in sys.argv if one[0] != '-'\n"
        "       and one != sys.argv[0]): sys.exit(3)\n"
        f"sys.exit(subprocess.call([{real!r}, *sys.argv[1:]]))",
    )
    monkeypatch.setattr(program, "shellcheck_program", lambda: breaking)
    text = "FROM debian:13\nRUN bad $A\nRUN echo $A\n"
    code, out, _ = run({"Dockerfile": text}, "--select", "shellcheck")
    assert code == 2
    assert [line.partition(" ")[0] for line in out.splitlines()[:2]] == [
        "Dockerfile:2:5:",
        "Dockerfile:3:10:",
    ]
    assert "ShellCheck has not read this script: it ended with code 3" in out


# -- what it may touch


def test_the_program_is_that_of_the_package() -> None:
    needs_shellcheck()
    path = program.shellcheck_program()
    assert os.path.isabs(path)
    assert os.path.dirname(path) == os.path.dirname(os.path.realpath(sys.executable)) or (
        path.startswith(os.path.realpath(sys.prefix))
    )


def test_no_other_program_and_no_settings_of_the_user_count(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_shellcheck()
    trap = tmp_path / "project" / "shellcheck"
    mark = tmp_path / "mark"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
    trap.chmod(0o755)
    monkeypatch.setenv("PATH", f"{trap.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("SHELLCHECK_OPTS", "--exclude=SC2086 --severity=error")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".shellcheckrc").write_text("disable=SC2086\n", encoding="utf-8")
    files = {"Dockerfile": FILE, ".shellcheckrc": "disable=SC2086\n"}
    _, out, _ = run(files, "--select", "shellcheck")
    assert out.count("[SC2086]") == 2
    assert not mark.exists()


def test_a_script_reads_no_file_that_it_sources(run: Run) -> None:
    """Without `--external-sources`, and with no name that a script could know."""
    needs_shellcheck()
    text = "FROM debian:13\nRUN . ./lib.sh; . ./0; . 0; echo $A\n"
    files = {"Dockerfile": text, "lib.sh": "if\n", "0": "if\n"}
    _, out, _ = run(files, "--select", "shellcheck")
    # A file that is read and has errors would be SC1094.
    assert "[SC2086]" in out
    assert "[SC10" not in out


def test_nothing_of_a_script_is_run(run: Run, tmp_path: Path) -> None:
    needs_shellcheck()
    mark = tmp_path / "mark"
    text = f"FROM debian:13\nRUN touch {mark}; echo $(touch {mark}) `touch {mark}`\n"
    run({"Dockerfile": text}, "--select", "shellcheck")
    assert not mark.exists()


# -- comments and fixes


@pytest.mark.parametrize(
    "comment",
    [
        "# tightship: ignore[SC2086] why",
        "# tightship: ignore[shellcheck] why",
        "# hadolint ignore=SC2086,DL3000",
        "# shellcheck disable=SC2086",
        "# shellcheck disable=2086 # why",
        "# shellcheck disable=SC2046,SC2086-SC2090",
        "# shellcheck shell=sh disable=all",
    ],
)
def test_comments_accept_a_finding(run: Run, started: list[Sequence[str]], comment: str) -> None:
    text = f"FROM debian:13\n{comment}\nRUN echo $A\nRUN echo $A\n"
    _, out, _ = run({"Dockerfile": text}, "--select", "SC2086")
    assert [line.partition(" ")[0] for line in out.splitlines()[:1]] == ["Dockerfile:4:10:"]
    assert out.count("[SC2086]") == 1


def test_a_directive_between_continued_lines_is_about_the_next_one(
    run: Run, started: list[Sequence[str]]
) -> None:
    text = (
        "FROM debian:13\nRUN echo $A && \\\n    # shellcheck disable=SC2086\n"
        "    echo $B && \\\n    echo $C\n"
    )
    _, out, _ = run({"Dockerfile": text}, "--select", "SC2086")
    places = [line.partition(" ")[0] for line in out.splitlines() if "SC" in line]
    assert places == ["Dockerfile:2:10:", "Dockerfile:5:10:"]


def test_directives_count_in_heredocs_and_compose_files(
    run: Run, started: list[Sequence[str]]
) -> None:
    heredoc = "# shellcheck disable=SC2086\necho $A\necho $B\n"
    files = {
        "Dockerfile": f"FROM debian:13\nRUN <<EOF\n{heredoc}EOF\n",
        "compose.yaml": "services:\n  a:\n    image: debian:13\n"
        "    # shellcheck disable=SC2086\n    command: [sh, -c, echo $$A]\n"
        "    healthcheck:\n      test: |\n        echo $$A\n"
        "        # shellcheck disable=SC2086\n        echo $$B\n",
    }
    _, out, _ = run(files, "--select", "SC2086")
    places = [line.partition(" ")[0] for line in out.splitlines() if "SC" in line]
    assert places == ["compose.yaml:8:14:"]


def test_an_unused_comment_is_reported(run: Run, started: list[Sequence[str]]) -> None:
    text = "FROM debian:13\n# tightship: ignore[SC2046] why\nRUN echo $A\n"
    words = "shellcheck,unused-suppression"
    _, out, _ = run({"Dockerfile": text}, "--select", words)
    assert "there is no finding of `SC2046` here" in out
    _, out, _ = run({"Dockerfile": text}, "--select", "unused-suppression")
    assert "SC2046" not in out


def test_fixes_are_applied_on_request(
    run: Run, started: list[Sequence[str]], tmp_path: Path
) -> None:
    text = "FROM debian:13\nRUN echo $A && \\\n    rm -r `b`/$C\n"
    run({"Dockerfile": text}, "--select", "shellcheck", "--fix")
    written = tmp_path / "project" / "Dockerfile"
    assert written.read_text() == text
    run({}, "--select", "shellcheck", "--fix", "--all-fixes", "--fix-only", "SC2086")
    assert written.read_text() == ('FROM debian:13\nRUN echo "$A" && \\\n    rm -r `b`/"$C"\n')


def test_an_abandoned_run_ends_its_processes(
    run: Run, started: list[Sequence[str]], temporary: Path, tmp_path: Path
) -> None:
    run({f"{n}/Dockerfile": f"FROM a:{n}\nRUN echo $A {n}\n" for n in range(3)})
    verdicts = check(["."], ["shellcheck"])
    next(verdicts)
    assert isinstance(verdicts, GeneratorType)
    verdicts.close()
    assert len(started) == 1
    assert list(temporary.iterdir()) == []


def test_changed_projects_are_checked_once(run: Run, started: list[Sequence[str]]) -> None:
    def git(*arguments: str) -> None:
        name = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *name, *arguments], check=True, capture_output=True)

    files = {f"{n}/Dockerfile": f"FROM a:{n}\nRUN echo $A {n}\n" for n in range(3)}
    run(files)
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "a")
    files = {"1/Dockerfile": "FROM a:1\nRUN echo $A 1\nRUN echo $B\n"}
    words = ("--select", "SC2086", "--changed-since", "HEAD", ".")
    _, out, _ = run(files, *words)
    assert out.count("[SC2086]") == 1
    assert len(started) == 1


def test_a_dockerfile_in_a_compose_file_has_its_findings_there(
    run: Run, started: list[Sequence[str]]
) -> None:
    text = (
        "services:\n  a:\n    build:\n      dockerfile_inline: |\n"
        "        FROM debian:13\n        RUN echo x; \\\n            cd /x\n"
    )
    _, out, _ = run({"compose.yaml": text}, "--select", "SC2164")
    assert out.startswith("compose.yaml:7:13: warning: ")


def test_a_file_that_is_built_in_several_ways_has_each_finding_once(
    run: Run, started: list[Sequence[str]]
) -> None:
    service = "  {0}:\n    build:\n      context: .\n      args: {{V: {1}}}\n"
    files = {
        "compose.yaml": "services:\n"
        + service.format("a", "one")
        + service.format("b", "'two words'"),
        "Dockerfile": "FROM debian:13\nARG V\nRUN echo $V $A\n",
    }
    _, out, _ = run(files, "--select", "SC2086")
    found = [line.partition(" ")[0] for line in out.splitlines() if "SC2086" in line]
    assert found == ["Dockerfile:3:10:", "Dockerfile:3:13:"]


def test_standard_input_is_checked(
    run: Run, started: list[Sequence[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = io.TextIOWrapper(io.BytesIO(FILE.encode()))
    monkeypatch.setattr("sys.stdin", text)
    words = ("--select", "SC2154", "-", "--stdin-filename", "Dockerfile")
    _, out, _ = run({}, *words)
    assert out.startswith("Dockerfile:2:13: warning: b is referenced")


def test_the_api_has_the_same_and_answers_are_kept(started: list[Sequence[str]]) -> None:
    for _ in range(2):
        found = check_text(FILE, "Dockerfile", options=Options(select=["SC2086"], no_config=True))
        assert [one.rule for one in found.findings] == ["SC2086", "SC2086"]
    assert len(started) == 1


def test_nested_commands_delay_no_other_script(tmp_path: Path) -> None:
    """The time of ShellCheck doubles with each level."""
    needs_shellcheck()
    deep = "$(a " * 60 + "b" + ")" * 60
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Dockerfile").write_text(f"FROM debian:13\nRUN echo {deep}\n")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "Dockerfile").write_text(FILE)
    before = time.monotonic()
    verdicts = [*check([str(tmp_path)], ["shellcheck"])]
    assert time.monotonic() - before < 10
    reasons = [gap.reason for one in verdicts for gap in one.gaps]
    assert any("inside one another in more than 8 levels" in one for one in reasons)
    assert any(one.findings for one in verdicts)


def test_parentheses_of_other_kinds_are_no_levels() -> None:
    scripts = ("(" * 20 + "a" + ")" * 20, "$(a) " * 20, "case a in b) c;; esac; $(d)")
    assert [answers_module._depth(one) for one in scripts] == [0, 1, 1]
    assert answers_module._depth("$(a <(b $(c)))") == 3
