"""``--statistics`` and ``--show-files``: other views of what a run finds and reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

TWO = """\
version: "3"
services:
  a: {image: "nginx:1.29", privileged: true}
  b: {image: "nginx:1.29", privileged: true}
"""
WORDS = ("--select", "privileged-container,obsolete-version,image-without-digest")


def test_statistics_count_findings_and_fixes_by_rule(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", TWO)
    assert in_folder("check", *WORDS, "--statistics") == 1
    table, _, summary = in_folder.out.partition("\n\n")
    assert table.splitlines() == [
        "2  error    privileged-container  2 fixes tighten",
        "2  info     image-without-digest",
        "1  info     obsolete-version      1 fix keeps behaviour",
    ]
    assert summary.startswith("2 services in 1 file: 2 errors, 3 infos.")
    assert "Fixes: 1 keeps behaviour (`--fix`), 2 tighten" in summary


def test_statistics_as_json_hold_the_same_counts(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", TWO)
    in_folder.write("b/compose.yaml", TWO)
    assert in_folder("check", *WORDS, "--statistics", "--output-format", "json") == 1
    document = json.loads(in_folder.out)
    assert document["schema"] == 1
    effects = ["keeps-behaviour", "tightens", "changes-behaviour"]
    assert {tuple(one["fixes"]) for one in document["statistics"]} == {tuple(effects)}
    assert [
        [[*it.values()] if isinstance(it, dict) else it for it in one.values()]
        for one in document["statistics"]
    ] == [
        ["privileged-container", "error", 4, [0, 4, 0], 0, 4],
        ["image-without-digest", "info", 4, [0, 0, 0], 0, 0],
        ["obsolete-version", "info", 2, [2, 0, 0], 2, 0],
    ]


def test_statistics_agree_with_the_report_on_all_rules(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", TWO)
    in_folder.write("Dockerfile", "FROM alpine\nMAINTAINER me\nRUN sudo ls\n")
    found = [rule for _, _, rule in in_folder.rules("--select", "strict")]
    in_folder("check", "--select", "strict", "--statistics", "--output-format", "json")
    counts = json.loads(in_folder.out)["statistics"]
    assert {one["rule"]: one["count"] for one in counts} == {
        rule: found.count(rule) for rule in found
    }


def test_quiet_statistics_are_a_table_without_infos(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", TWO)
    in_folder("check", *WORDS, "--statistics", "-q")
    assert in_folder.out == "2  error    privileged-container  2 fixes tighten\n"
    # A run must not fail in silence.
    in_folder("check", *WORDS, "--statistics", "-q", "--fail-on", "info")
    assert len(in_folder.out.splitlines()) == 3


def test_statistics_report_an_absence_of_findings(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", "services: {a: {image: 'nginx:1.29'}}\n")
    assert in_folder("check", *WORDS, "--ignore", WORDS[1], "--statistics") == 0
    assert in_folder.out == "No findings in 1 file, 1 service.\n"


def several(in_folder: InFolder) -> None:
    """Write a project with files of every role, and some that are skipped."""
    in_folder.write(
        "compose.yaml",
        "services:\n  a: {image: 'nginx:$A'}\n  b: {build: app}\n"
        "  c: {extends: {file: base.yaml, service: c}}\n",
    )
    in_folder.write("base.yaml", "services: {c: {image: 'nginx:1'}}\n")
    in_folder.write("compose.override.yaml", "services: {a: {init: true}}\n")
    in_folder.write(".env", "A=1\n")
    in_folder.write("app/Dockerfile", "FROM alpine:3.22\n")
    in_folder.write("alone/Dockerfile", "FROM alpine:3.22\n")
    in_folder.write("docker-compose.yml.example", "services: {}\n")
    in_folder.write("old/compose.yaml", TWO)
    in_folder.write("vendor/compose.yaml", TWO)
    in_folder.write("tightship.toml", 'exclude = ["vendor/"]\n')


def test_show_files_names_each_with_its_role_or_the_reason(in_folder: InFolder) -> None:
    several(in_folder)
    assert in_folder("check", "--show-files", "--exclude", "old/compose.yaml") == 0
    assert in_folder.out.splitlines() == [
        "compose.yaml: Compose project",
        "base.yaml: Compose file, part of compose.yaml",
        "  compose.yaml extends `base.yaml`",
        "compose.override.yaml: overlay, merged over compose.yaml",
        "  compose.override.yaml is merged over `compose.yaml` by Compose itself",
        "app/Dockerfile: Dockerfile, built by service b of compose.yaml",
        ".env: variables of compose.yaml",
        "alone/Dockerfile: Dockerfile, built by no service here",
        "docker-compose.yml.example: skipped, its name ends in `.example`",
        "old/compose.yaml: skipped, it is excluded",
        "vendor: skipped, it is excluded",
    ]


def test_show_files_as_json_holds_the_same(in_folder: InFolder) -> None:
    several(in_folder)
    assert in_folder("check", "--show-files", "--output-format", "json") == 0
    document = json.loads(in_folder.out)
    roles = {one["path"]: (one["role"], one["project"]) for one in document["files"]}
    assert roles == {
        "compose.yaml": ("project", None),
        "base.yaml": ("compose", "compose.yaml"),
        "compose.override.yaml": ("compose", "compose.yaml"),
        "app/Dockerfile": ("dockerfile", "compose.yaml"),
        ".env": ("variables", "compose.yaml"),
        "alone/Dockerfile": ("dockerfile", None),
        "old/compose.yaml": ("project", None),
    }
    reasons = {one["path"]: one["reason"] for one in document["skipped"]}
    assert reasons == {"docker-compose.yml.example": "template", "vendor": "excluded"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("services: {}\n", "Compose project without services"),
        ("volumes: {a: {}}\n", "Compose project without services"),
        ("services: 5\n", "Compose project"),
        (TWO, "Compose project"),
    ],
)
def test_show_files_says_that_a_project_has_no_services(
    text: str, shown: str, in_folder: InFolder
) -> None:
    in_folder.write("compose.yaml", text)
    in_folder("check", "--show-files")
    assert in_folder.out == f"compose.yaml: {shown}\n"


def test_show_files_gives_the_reasons_for_roles(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", TWO)
    in_folder.write("e2e/hard.yml", "services: {a: {privileged: true}}\n")
    in_folder.write("Makefile", "up:\n\tdocker compose -f compose.yaml -f e2e/hard.yml up\n")
    assert in_folder("check", "--show-files", "--output-format", "json") == 0
    main, overlay = json.loads(in_folder.out)["files"]
    assert (main["loading"], main["purpose"]) == ("alone", "product")
    assert [one["place"] for one in main["evidence"]] == ["Makefile:2"]
    assert (overlay["loading"], overlay["purpose"]) == ("overlay", "test")
    command, folder = overlay["evidence"]
    assert command["place"] == "Makefile:2"
    assert "`docker compose -f compose.yaml -f e2e/hard.yml up`" in command["message"]
    assert folder == {"place": "e2e", "message": "is a folder for tests"}


def test_show_files_lists_what_a_run_reads(in_folder: InFolder) -> None:
    several(in_folder)
    in_folder("check", "--output-format", "json")
    number = json.loads(in_folder.out)["summary"]["files"]
    in_folder("check", "--show-files", "--output-format", "json")
    files = json.loads(in_folder.out)["files"]
    assert len([one for one in files if one["role"] != "variables"]) == number


def test_show_files_lists_unreadable_files(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", TWO)
    assert in_folder("check", "--show-files", "compose.yaml", "missing.yaml") == 2
    first, second = in_folder.out.splitlines()
    assert first == "compose.yaml: Compose project"
    assert second.startswith("missing.yaml was not checked: ")


@pytest.mark.parametrize("view", ["--statistics", "--show-files"])
@pytest.mark.parametrize("other", ["--fix", "--diff", "--output-format=sarif", "--statistics=1"])
def test_a_view_takes_the_place_of_reports_and_fixes_nothing(
    in_folder: InFolder, view: str, other: str
) -> None:
    in_folder.write("compose.yaml", TWO)
    assert in_folder("check", view, other) == 2
    assert in_folder.out == ""
    assert in_folder.err


def test_two_views_are_an_error(in_folder: InFolder) -> None:
    assert in_folder("check", "--statistics", "--show-files") == 2
    assert "not allowed with" in in_folder.err
