from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING

import pytest

from tightship.engine.disk.regular import MAX_BYTES
from tightship.findings import Severity

if TYPE_CHECKING:
    from tests.cli.conftest import Command

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


@pytest.mark.parametrize(
    ("found", "fail_on", "code"),
    [
        ([], "info", 0),
        ([INFO], "info", 1),
        ([INFO], "warning", 0),
        ([WARNING], "warning", 1),
        ([WARNING], "error", 0),
        ([ERROR], "error", 1),
        ([INFO, ERROR, INFO], "warning", 1),
        ([ERROR], "never", 0),
    ],
)
def test_the_exit_code_is_1_from_the_severity_of_fail_on(
    command: Command, found: list[Severity], fail_on: str, code: int
) -> None:
    command.finds(*found)
    assert command("check", "--fail-on", fail_on) == code


def test_a_run_fails_on_warnings_by_default(command: Command) -> None:
    command.finds(WARNING)
    assert command("check") == 1


@pytest.mark.parametrize("found", [[], [ERROR]])
@pytest.mark.parametrize("fail_on", ["warning", "never"])
def test_a_gap_decides_the_exit_code_over_findings(
    command: Command, found: list[Severity], fail_on: str
) -> None:
    command.finds(*found, gaps=1)
    assert command("check", "--fail-on", fail_on) == 2


def test_a_folder_without_compose_files_is_reported(command: Command) -> None:
    assert command("check") == 2
    assert command.err == "tightship: no Compose file or Dockerfile found below .\n"
    assert command.out == ""


def test_a_named_path_without_a_compose_file_is_an_error(command: Command) -> None:
    assert command("check", "docs", "images") == 2
    assert "no Compose file or Dockerfile found below docs, images" in command.err


def test_json_is_complete_even_with_nothing_to_check(command: Command) -> None:
    command("check", "--output-format", "json")
    assert json.loads(command.out)["findings"] == []
    assert "no Compose file" in command.err


def test_paths_and_options_come_in_any_order(command: Command) -> None:
    command.finds()
    assert command("check", "a", "--fail-on", "info", "b", "-v", "c") == 0
    assert command.paths == ["a", "b", "c"]


def test_the_current_folder_is_checked_by_default(command: Command) -> None:
    command.finds()
    command("check")
    assert command.paths == ["."]


def test_words_after_two_dashes_are_paths(command: Command) -> None:
    command.finds()
    assert command("check", "a", "-v", "--", "-q", "--", "--help") == 0
    assert command.paths == ["a", "-q", "--", "--help"]


def test_options_are_not_guessed_from_their_beginnings(command: Command) -> None:
    assert command("check", "--fail", "error") == 2
    assert "--fail" in command.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--fail-on", "panic"),
        ("--output-format", "xml"),
        ("--color", "sometimes"),
        ("--no-such-option",),
        ("--select",),
        ("-v", "-q"),
    ],
)
def test_invalid_arguments_exit_with_2(command: Command, arguments: tuple[str, ...]) -> None:
    assert command("check", *arguments) == 2
    assert command.err.startswith("usage: tightship check")
    assert command.out == ""


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_unknown_word_exits_with_2_and_suggests_one(
    command: Command, option: str, form: str
) -> None:
    word = "writable-rot-filesystem"
    assert command("check", option, word, "--output-format", form) == 2
    assert "did you mean `writable-root-filesystem`?" in command.err
    assert command.out == ""


def test_a_hostile_word_is_made_visible(command: Command) -> None:
    assert command("check", "--select", "\x1b[31m\u202e") == 2
    assert "<U+001B>[31m<U+202E>" in command.err


def test_findings_are_written_if_a_run_is_interrupted(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.finds(WARNING, WARNING)
    command.trouble = KeyboardInterrupt()
    assert command("check") == 130
    assert "0.yaml" in command.out
    assert "1.yaml" in command.out


def test_json_has_the_findings_of_every_verdict(command: Command) -> None:
    command.finds(WARNING, ERROR)
    assert command("check", "--output-format", "json") == 1
    document = json.loads(command.out)
    assert [found["path"] for found in document["findings"]] == ["0.yaml", "1.yaml"]
    assert document["summary"]["files"] == 3


def test_verbose_and_quiet_change_how_much_is_printed(command: Command) -> None:
    command.finds(INFO, WARNING)
    command("check")
    assert "info: a thing is bad" not in command.out
    assert "2 services" not in command.out
    assert "3 services in 3 files: 1 warning, 1 info." in command.out
    command("check", "-v")
    assert "info: a thing is bad" in command.out
    command("check", "-q")
    assert "info" not in command.out
    assert "0.yaml" not in command.out
    assert "services" not in command.out


def test_quiet_shows_infos_when_the_run_fails_on_them(command: Command) -> None:
    command.finds(INFO)
    assert command("check", "-q", "--fail-on", "info") == 1
    assert "0.yaml:1:1: info: a thing is bad [writable-root-filesystem]" in command.out


@pytest.mark.parametrize("form", ["text", "concise"])
def test_quiet_shows_infos_if_the_configuration_fails_on_them(command: Command, form: str) -> None:
    command.finds(INFO, INFO)
    command.verdicts[0] = command.verdicts[0].replaced(fail_on="info")
    assert command("check", "-q", "--output-format", form) == 1
    assert "0.yaml" in command.out
    assert "1.yaml" not in command.out
    assert command("check", "-q", "--fail-on", "never", "--output-format", form) == 0
    assert command.out == ""


def test_a_clean_quiet_run_prints_nothing(command: Command) -> None:
    command.finds()
    assert command("check", "-q") == 0
    assert command.out == command.err == ""


def test_standard_input_has_the_name_that_is_given(
    command: Command, standard_input: io.BytesIO
) -> None:
    command.finds()
    standard_input.write(b"\xef\xbb\xbfservices: {}\n")
    standard_input.seek(0)
    assert command("check", "-", "--stdin-filename", "app/compose.yaml") == 0
    assert command.stdin == ("app/compose.yaml", b"\xef\xbb\xbfservices: {}\n")
    assert command.paths == []


def test_standard_input_is_compose_yaml_by_default(
    command: Command, standard_input: io.BytesIO
) -> None:
    command.finds()
    assert command("check", "-") == 0
    assert command.stdin == ("compose.yaml", b"")


def test_standard_input_cannot_be_combined_with_paths(command: Command) -> None:
    assert command("check", "-", "other") == 2
    assert "must be the only path" in command.err


def test_endless_standard_input_is_rejected(command: Command, standard_input: io.BytesIO) -> None:
    standard_input.write(b" " * (MAX_BYTES + 2))
    standard_input.seek(0)
    assert command("check", "-") == 2
    assert "larger than 10,000,000 bytes" in command.err
    assert standard_input.tell() <= MAX_BYTES + io.DEFAULT_BUFFER_SIZE


def test_help_names_every_option_and_exit_code(command: Command) -> None:
    assert command("check", "--help") == 0
    for word in ("--select", "--fail-on", "--stdin-filename", "-q", "exit codes", "-"):
        assert word in command.out
    assert all(len(line) <= 88 for line in command.out.splitlines())


def test_several_files_are_merged_as_compose_merges_them(command: Command) -> None:
    words = ("-f", "a.yaml", "--file", "b.yaml", "--env-file", "e", "--env-from-process")
    command.finds()
    assert command("check", *words, "--project-directory", "d") == 0
    assert command.options is not None
    assert command.options.files == ["a.yaml", "b.yaml"]
    assert command.options.env_files == ["e"]
    assert command.options.project_directory == "d"
    assert command.options.environment is os.environ


def test_the_environment_is_ignored_by_default(command: Command) -> None:
    command.finds()
    assert command("check") == 0
    assert command.options is not None
    assert command.options.environment is None


def test_files_and_paths_cannot_be_combined(command: Command) -> None:
    assert command("check", "-f", "a.yaml", "b.yaml") == 2
    assert "does not work together with a PATH" in command.err
