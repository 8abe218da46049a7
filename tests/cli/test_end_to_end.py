from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Process

WEAK = "services:\n  web:\n    image: nginx:1.29\n"
ONE = ("--select", "writable-root-filesystem")


def test_a_finding_is_shown_with_its_fix(process: Process) -> None:
    process.write("compose.yaml", WEAK)
    done = process("check", *ONE)
    assert done.returncode == 1
    assert done.stderr == b""
    text = done.stdout.decode()
    assert text.startswith(
        "compose.yaml:2:3: warning: service `web` lacks hardening that `tightship harden"
        " --write` adds: a read-only root [writable-root-filesystem]\n\n"
    )
    assert "\n1 service in 1 file: 1 warning. `-v` shows more" in text
    assert "\nFixes: 1 hardens (`tightship harden --write`);" in text


def test_verbose_shows_a_finding_in_its_lines(process: Process) -> None:
    process.write("compose.yaml", WEAK)
    text = process("check", "-v", *ONE).stdout.decode()
    assert text.startswith("compose.yaml\n  web (line 2)\n    warning: ")
    assert "[writable-root-filesystem]\n    --> compose.yaml:2:3\n" in text
    assert "\n      +     read_only: true\n" in text


def test_a_clean_project_exits_with_0(process: Process) -> None:
    process.write("compose.yaml", WEAK + "    read_only: true\n")
    done = process("check", *ONE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"No findings in 1 file, 1 service.\n"


def test_json_has_the_same_findings(process: Process) -> None:
    process.write("app/compose.yaml", WEAK)
    done = process("check", *ONE, "--output-format", "json")
    [found] = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert found["rule"] == "writable-root-filesystem"
    assert found["path"] == "app/compose.yaml"
    assert found["start"] == {"line": 2, "column": 3}
    assert found["end"] == {"line": 2, "column": 6}
    assert found["subject"] == {"kind": "service", "name": "web"}
    assert found["fix"]["effect"] == "tightens"
    assert found["fix"]["may_break"]
    assert len(found["fingerprint"]) == 32


def test_an_unchecked_part_exits_with_2(process: Process) -> None:
    process.write("compose.yaml", WEAK + "   oops: [\n")
    done = process("check", *ONE)
    assert done.returncode == 2
    assert b"[not-checked]" in done.stdout
    assert b"could not be checked" in done.stdout


def test_a_missing_file_exits_with_2(process: Process) -> None:
    done = process("check", "gone.yaml")
    assert done.returncode == 2
    assert b"gone.yaml" in done.stdout


@pytest.mark.parametrize("name", ["-q.yaml", "--help", "-"])
def test_a_file_name_can_look_like_an_option(process: Process, name: str) -> None:
    process.write(name, WEAK)
    done = process("check", *ONE, "--", f"./{name}" if name == "-" else name)
    assert done.returncode == 1
    assert name in done.stdout.decode().splitlines()[0]


def test_standard_input_is_judged(process: Process) -> None:
    done = process("check", "-", *ONE, stdin=WEAK.encode())
    assert done.returncode == 1
    assert done.stdout.startswith(b"compose.yaml:2:3: warning: ")


@pytest.mark.parametrize("form", ["text", "json"])
def test_binary_input_exits_with_2(process: Process, form: str) -> None:
    done = process("check", "-", "--output-format", form, stdin=b"services: \xff\xfe\n")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "utf-8"])
def test_a_hostile_file_is_shown_harmlessly_in_any_encoding(
    process: Process, encoding: str
) -> None:
    process.write(
        "compose.yaml", 'services:\n  "w\\e]0;owned\\a\u202e日\u2028b":\n    image: nginx\n'
    )
    done = process("check", "-v", PYTHONIOENCODING=encoding)
    assert done.returncode in (1, 2)
    assert done.stderr == b""
    shown = done.stdout.decode(encoding).replace("\r", "").replace("\n", "")
    assert shown.isprintable()
    assert "\x1b" not in shown


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
@pytest.mark.parametrize(
    ("environment", "painted"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_gets_colours_and_no_progress_for_a_short_run(
    process: Process, environment: dict[str, str], painted: bool
) -> None:
    import pty
    import subprocess

    process.write("compose.yaml", WEAK)
    ours, theirs = pty.openpty()
    variables = process.environment | {"TERM": "xterm"} | environment
    with subprocess.Popen(
        process.argv("check", *ONE),
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        cwd=process.folder,
        env=variables,
    ) as running:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65_536):
                shown += piece
        except OSError:  # Linux says so when the other end is closed.
            pass
        finally:
            os.close(ours)
        assert running.stderr is not None
        assert running.stderr.read() == b""
    assert running.returncode == 1
    assert (b"\x1b[1;33mwarning\x1b[0m" in shown) is painted
    assert (b"\x1b" in shown) is painted


def test_a_folder_with_skipped_files_alone_is_an_error(process: Process) -> None:
    process.write("app/docker-compose.yml.example", "services: {}\n")
    for arguments in (("check",), ("check", ".")):
        done = process(*arguments)
        assert done.returncode == 2
        assert b"Not read: 1 file. `-v` lists it." in done.stderr
    done = process("check", "-v")
    assert b"docker-compose.yml.example was not checked: its name" in done.stderr
