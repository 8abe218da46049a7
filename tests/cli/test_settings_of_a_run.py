"""Options that change what files say: selection, severities, exclusion, acceptance."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tightship.engine.check import FEWEST_FOR_WORKERS

if TYPE_CHECKING:
    from tests.cli.conftest import InFolder, Process

PRIVILEGED = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n"
ACCEPTED = PRIVILEGED.replace(
    "privileged: true", "privileged: true  # tightship: ignore[privileged-container] it"
)
ONE = ("--select", "privileged-container")
FOUND = [("compose.yaml", "error", "privileged-container")]


def test_extend_select_adds_to_the_default_set(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    before = in_folder.rules()
    after = in_folder.rules("--extend-select", "no-healthcheck,image-without-digest")
    added = {rule for _, _, rule in after} - {rule for _, _, rule in before}
    assert added == {"image-without-digest"}
    assert set(before) <= set(after)


def test_extend_select_adds_to_the_configuration_and_to_select(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    strict = ("--extend-select", "image-without-digest")
    added = ("compose.yaml", "info", "image-without-digest")
    assert {*in_folder.rules(*ONE, *strict)} == {*FOUND, added}
    in_folder.write("tightship.toml", 'select = ["privileged-container"]\n')
    assert in_folder.rules() == FOUND
    assert {*in_folder.rules(*strict)} == {*FOUND, added}
    in_folder.write(
        "tightship.toml",
        '[[per-path]]\npaths = ["*"]\nselect = ["privileged-container"]\nreason = "r"\n',
    )
    assert {*in_folder.rules(*strict)} == {*FOUND, added}


@pytest.mark.parametrize("word", ["AVD-DS-0002", "ds002", "CKV_DOCKER_8", "hadolint:DL3002"])
def test_every_form_of_an_id_selects_ignores_and_accepts(in_folder: InFolder, word: str) -> None:
    text = "FROM alpine:3.22\nEXPOSE 80\nUSER root\n"
    in_folder.write("Dockerfile", text)
    found = [("Dockerfile", "warning", "image-runs-as-root")]
    assert in_folder.rules("--select", word) == found
    assert in_folder.rules("--select", found[0][2], "--ignore", word) == []
    raised = [("Dockerfile", "error", "image-runs-as-root")]
    assert in_folder.rules("--select", word, "--severity", f"{word}=error") == raised
    in_folder.write("tightship.toml", f'ignore = ["{word}"]\n')
    assert in_folder.rules("--select", found[0][2]) == []
    in_folder.write("tightship.toml", "")
    in_folder.write("Dockerfile", f"# tightship: ignore-file[{word}] it\n{text}")
    assert in_folder.rules("--select", found[0][2]) == []


@pytest.mark.parametrize("option", ["--select", "--extend-select"])
def test_an_ignored_rule_is_off_however_it_was_selected(in_folder: InFolder, option: str) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    found = in_folder.rules(option, ONE[1], "--ignore", ONE[1])
    assert ONE[1] not in {rule for _, _, rule in found}


def test_an_unknown_word_of_extend_select_exits_with_2_and_suggests_one(
    in_folder: InFolder,
) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    assert in_folder("check", "--extend-select", "privileged-contaner") == 2
    assert "did you mean `privileged-container`?" in in_folder.err


@pytest.mark.parametrize(
    ("options", "severity", "code"),
    [
        (("--severity", "privileged-container=info"), "info", 0),
        (("--severity", "capabilities=warning"), "warning", 1),
        (("--severity", "CL-0002=info"), "info", 0),
        # The narrowest word wins, in any order.
        (("--severity", "privileged-container=info,capabilities=warning"), "info", 0),
        (("--severity", "capabilities=warning", "--severity", "CL-0002=info"), "info", 0),
    ],
)
def test_severity_changes_what_a_rule_finds(
    in_folder: InFolder, options: tuple[str, ...], severity: str, code: int
) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    assert in_folder.rules(*ONE, *options) == [("compose.yaml", severity, ONE[1])]
    assert in_folder("check", *ONE, *options) == code


def test_severity_has_priority_over_all_of_the_configuration(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    in_folder.write(
        "tightship.toml",
        'severity = { privileged-container = "warning" }\n'
        '[[per-service]]\nservices = ["web"]\nreason = "r"\n'
        'severity = { privileged-container = "warning" }\n',
    )
    assert in_folder.rules(*ONE) == [("compose.yaml", "warning", ONE[1])]
    found = in_folder.rules(*ONE, "--severity", "privileged-container=info")
    assert found == [("compose.yaml", "info", ONE[1])]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("root-user", "`root-user` has no level: write `root-user=error`"),
        ("root-user=bad", "unknown level `bad`; choose from error, warning, info"),
        ("root-usr=info", "unknown rule, theme or set `root-usr`"),
        ("root-usr=info", "did you mean `root-user`?"),
    ],
)
def test_an_invalid_severity_exits_with_2_and_a_reason(
    in_folder: InFolder, given: str, message: str
) -> None:
    assert in_folder("check", "--severity", given) == 2
    assert message in in_folder.err


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("vendor/", ["a/compose.yaml", "compose.yaml"]),
        ("vendor", ["a/compose.yaml", "compose.yaml"]),
        ("/compose.yaml", ["a/compose.yaml", "vendor/compose.yaml"]),
        ("**/compose.yaml", []),
        ("other", ["a/compose.yaml", "compose.yaml", "vendor/compose.yaml"]),
    ],
)
def test_exclude_leaves_out_files_and_folders(
    in_folder: InFolder, pattern: str, left: list[str]
) -> None:
    for name in ("compose.yaml", "a/compose.yaml", "vendor/compose.yaml"):
        in_folder.write(name, PRIVILEGED)
    found = in_folder.rules(*ONE, "--exclude", pattern)
    assert sorted(path for path, _, _ in found) == left


def test_exclude_adds_to_the_configuration(in_folder: InFolder) -> None:
    for name in ("compose.yaml", "a/compose.yaml", "b/compose.yaml"):
        in_folder.write(name, PRIVILEGED)
    in_folder.write("tightship.toml", 'exclude = ["a"]\n')
    assert in_folder.rules(*ONE, "--exclude", "b") == FOUND


def test_a_named_file_is_excluded_only_by_force_exclude(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    excluded = (*ONE, "--exclude", "compose.yaml", "compose.yaml")
    assert in_folder.rules(*excluded) == FOUND
    assert in_folder.rules(*excluded, "--force-exclude") == []


def test_patterns_begin_at_the_project_root_outside_of_this_folder(
    in_folder: InFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_folder.write("a/compose.yaml", PRIVILEGED)
    in_folder.write("a/b/compose.yaml", PRIVILEGED)
    (in_folder.folder / "elsewhere").mkdir()
    monkeypatch.chdir(in_folder.folder / "elsewhere")
    found = in_folder.rules(*ONE, "../a", "--exclude", "b")
    assert len(found) == 1
    assert "b/compose.yaml" not in found[0][0]


@pytest.mark.parametrize(
    "text",
    [
        ACCEPTED,
        f"# tightship: ignore-file[CL-0002] it\n{PRIVILEGED}",
        f"# kics-scan disable=ae5b6871\n{PRIVILEGED}",
        PRIVILEGED.replace("true", "true  # nosemgrep: privileged-service"),
    ],
)
def test_no_ignores_reports_what_comments_accept(in_folder: InFolder, text: str) -> None:
    in_folder.write("compose.yaml", text)
    assert in_folder.rules(*ONE) == []
    assert in_folder.rules(*ONE, "--no-ignores") == FOUND


def test_no_ignores_reports_what_the_configuration_accepts(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    in_folder.write("Dockerfile", "FROM alpine:3.22\nEXPOSE 80\n# hadolint ignore=DL3002\nUSER 0\n")
    in_folder.write(
        "tightship.toml", '[[per-service]]\nservices = ["*"]\nignore = ["CL-0002"]\nreason = "r"\n'
    )
    words = ("--select", "privileged-container,image-runs-as-root")
    assert in_folder.rules(*words) == []
    dockerfile = ("Dockerfile", "warning", "image-runs-as-root")
    assert {*in_folder.rules(*words, "--no-ignores")} == {*FOUND, dockerfile}
    # A selection is no acceptance.
    in_folder.write("tightship.toml", 'ignore = ["privileged-container"]\n')
    assert in_folder.rules(*words, "--no-ignores") == [dockerfile]


def test_no_ignores_disregards_a_configured_baseline(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", PRIVILEGED)
    in_folder.write("tightship.toml", 'baseline = "known.json"\n')
    assert in_folder("check", *ONE, "--write-baseline") == 0
    assert in_folder.rules(*ONE) == []
    assert in_folder.rules(*ONE, "--no-ignores") == FOUND


def test_an_accepted_gap_counts_again_in_an_audit(in_folder: InFolder) -> None:
    text = "services:\n  web:\n    image: a:1\n    extends:\n      # tightship: ignore[not-checked] later\n      file: missing.yaml\n      service: web\n"
    in_folder.write("compose.yaml", text)
    assert in_folder("check", "--select", "not-checked") == 0
    assert in_folder("check", "--select", "not-checked", "--no-ignores") == 2


@pytest.mark.parametrize("option", ["--fix", "--diff", "--write-baseline", "--baseline=known.json"])
def test_an_audit_neither_fixes_nor_accepts(in_folder: InFolder, option: str) -> None:
    path = in_folder.write("compose.yaml", ACCEPTED)
    assert in_folder("check", "--no-ignores", option) == 2
    assert "--no-ignores" in in_folder.err
    assert path.read_text() == ACCEPTED


def test_config_shows_what_options_add(in_folder: InFolder) -> None:
    in_folder.write("tightship.toml", 'exclude = ["a"]\nseverity = {root-user = "info"}\n')
    options = (
        *("--exclude", "b", "--extend-select", "hygiene"),
        *("--severity", "privileged-container=warning"),
    )
    assert in_folder("config", *options) == 0
    lines = in_folder.out.splitlines()
    assert lines[0] == 'select = ["default", "hygiene"]  # default, --extend-select'
    assert 'exclude = ["a", "b"]  # tightship.toml:1, --exclude' in lines
    [severity] = [line for line in lines if line.startswith("severity")]
    assert re.search(r'root-user = "info", privileged-container = "warning"', severity)
    in_folder("config", *options, "--output-format", "json")
    shown = json.loads(in_folder.out)["settings"]
    assert shown["severity"] == {"root-user": "info", "privileged-container": "warning"}


@pytest.mark.parametrize(
    "options",
    [
        ("--severity", "privileged-container=info", "--extend-select", "strict"),
        ("--no-ignores",),
        ("--exclude", "7", "--show-files"),
        ("--statistics",),
    ],
)
def test_other_processes_have_the_same_settings(process: Process, options: tuple[str, ...]) -> None:
    for number in range(FEWEST_FOR_WORKERS + 1):
        process.write(f"{number}/compose.yaml", ACCEPTED if number % 2 else PRIVILEGED)
    alone, shared = (process("check", *options, "--jobs", n) for n in ("1", "2"))
    assert alone.stdout == shared.stdout
    assert (alone.returncode, alone.stderr) == (shared.returncode, shared.stderr)
    assert alone.stdout.count(b"\n") > 5
