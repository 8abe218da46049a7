"""``--add-ignores``: comments that accept all that is found, and change nothing else."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

    from tightship.syntax.yaml.nodes import Stream
    from tightship.text import Source

COMPOSE = """\
services:
  web:
    image: nginx:1.29
    privileged: true
  app:
    build: app
    environment:
      - 'TOKEN=ghp_0123456789abcdefghijklmnopqrstuvwx'
"""
DOCKERFILE = "FROM alpine\nUSER root\nRUN sudo apk add curl && \\\n  curl -k https://x.org\n"
REASON = ("--reason", "until the move in May")


def found(in_folder: InFolder, *more: str) -> list[tuple[str, str, str]]:
    return in_folder.rules("--select", "strict", *more)


def add(in_folder: InFolder, *more: str) -> int:
    return in_folder("check", "--select", "strict", "--add-ignores", *more)


def texts(in_folder: InFolder) -> dict[str, bytes]:
    return {
        str(path.relative_to(in_folder.folder)): path.read_bytes()
        for path in in_folder.folder.rglob("*")
        if path.is_file()
    }


def test_all_findings_are_accepted_and_the_next_run_is_silent(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("app/Dockerfile", DOCKERFILE)
    before = found(in_folder)
    assert add(in_folder, *REASON) == 0
    assert f"Accepted {len(before)} findings by comments in 2 files: " in in_folder.out
    assert found(in_folder) == []
    in_folder("check", "--select", "strict", "--output-format", "json")
    accepted = json.loads(in_folder.out)["accepted"]
    assert {one["by"] for one in accepted} == {"comment"}
    assert {one["reason"] for one in accepted} == {REASON[1]}
    assert sorted(one["rule"] for one in accepted) == sorted(rule for *_, rule in before)


def test_only_lines_of_comments_are_added(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("app/Dockerfile", DOCKERFILE)
    before = texts(in_folder)
    add(in_folder)
    for name, text in texts(in_folder).items():
        kept = [one for one in text.splitlines(True) if b"# tightship: ignore" not in one]
        assert b"".join(kept) == before[name]
        assert text != before[name]


def test_no_ignores_reports_the_same_findings_at_the_same_places(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("app/Dockerfile", DOCKERFILE)
    before = sorted(found(in_folder))
    add(in_folder)
    assert sorted(found(in_folder, "--no-ignores")) == before


def test_a_second_run_finds_nothing_to_accept_and_writes_nothing(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("app/Dockerfile", DOCKERFILE)
    add(in_folder)
    before = texts(in_folder)
    assert add(in_folder) == 0
    assert "Nothing to accept." in in_folder.out
    assert texts(in_folder) == before


def test_findings_at_one_place_share_or_extend_a_comment(in_folder: InFolder) -> None:
    path = in_folder.write(
        "compose.yaml",
        "services:\n  # tightship: ignore[unlimited-log] small\n  web:\n    image: nginx:1.29\n",
    )
    words = "unlimited-log,unlimited-cpu,unlimited-resources"
    assert in_folder("check", "--select", words, "--add-ignores", *REASON) == 0
    lines = path.read_text().splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("  # tightship: ignore[unlimited-log, ")
    assert lines[1].endswith("] small")
    assert "unlimited-cpu" in lines[1]
    assert "unlimited-resources" in lines[1]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_and_byte_order_marks_stay(in_folder: InFolder, newline: str, mark: str) -> None:
    text = mark + COMPOSE.replace("\n", newline)
    path = in_folder.write("compose.yaml", text)
    in_folder.write("app/Dockerfile", mark + DOCKERFILE.replace("\n", newline))
    assert add(in_folder) == 0
    new = path.read_bytes().decode()
    assert new.startswith(mark + "services:")
    assert new.count("\n") == new.count(newline)
    assert "# tightship: ignore" in new
    assert found(in_folder) == []


def test_an_inline_dockerfile_gets_its_own_comments(in_folder: InFolder) -> None:
    in_folder.write(
        "compose.yaml",
        "services:\n  a:\n    build:\n      dockerfile_inline: |\n"
        "        FROM alpine\n        USER root\n",
    )
    assert found(in_folder)
    assert add(in_folder) == 0
    assert found(in_folder) == []


def test_a_file_that_projects_share_gets_each_comment_once(in_folder: InFolder) -> None:
    (in_folder.folder / ".git").mkdir()
    base = in_folder.write("base.yaml", "services:\n  base:\n    image: x:1\n    pid: host\n")
    for name in ("a", "b"):
        in_folder.write(
            f"{name}/compose.yaml",
            "services:\n  s:\n    extends: {file: ../base.yaml, service: base}\n",
        )
    words = ("--select", "host-pid-namespace")
    in_folder("check", *words, "--add-ignores", "--diff")
    assert in_folder.out.count("+    # tightship: ignore[host-pid-namespace]") == 1
    assert in_folder("check", *words, "--add-ignores") == 0
    assert base.read_text().count("# tightship: ignore") == 1
    assert in_folder.rules(*words) == []


def test_a_diff_shows_the_comments_and_writes_nothing(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("app/Dockerfile", DOCKERFILE)
    before = texts(in_folder)
    assert add(in_folder, "--diff", *REASON) == 1
    assert texts(in_folder) == before
    added = [line for line in in_folder.out.splitlines() if line.startswith("+ ")]
    assert added
    assert all("# tightship: ignore[" in line for line in added)
    assert all(line.endswith(REASON[1]) for line in added)
    assert "Would accept " in in_folder.err


def test_a_part_that_was_not_checked_is_not_accepted(in_folder: InFolder) -> None:
    path = in_folder.write(
        "compose.yaml", "include: [missing.yaml]\nservices:\n  web:\n    image: a:1\n"
    )
    assert add(in_folder) == 2
    assert "not-checked: a part that was not checked is not accepted" in in_folder.out
    assert "ignore[not-checked" not in path.read_text()
    assert {rule for *_, rule in found(in_folder)} == {"not-checked"}


def test_findings_that_no_comment_can_accept_are_listed(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", "services:\n  web:\n    image: a:1\n    env_file: secret.env\n")
    in_folder.write("secret.env", "DB_PASSWORD=hunter2hunter2\n")
    words = ("--select", "secrets")
    before = in_folder.rules(*words)
    assert {path for path, *_ in before} == {"secret.env"}
    kept = texts(in_folder)
    assert in_folder("check", *words, "--add-ignores") == 1
    assert "Not accepted: secret.env:1: " in in_folder.out
    assert ": no comment can be there.\n" in in_folder.out
    assert "hunter2" not in in_folder.out
    assert texts(in_folder) == kept


def test_a_directive_is_accepted_for_the_file(in_folder: InFolder) -> None:
    path = in_folder.write("Dockerfile", "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n")
    words = ("--select", "unpinned-syntax-image")
    assert len(in_folder.rules(*words)) == 1
    assert in_folder("check", *words, "--add-ignores") == 0
    lines = path.read_text().splitlines()
    assert lines[0] == "# syntax=docker/dockerfile:1"
    assert lines[1].startswith("# tightship: ignore-file[unpinned-syntax-image] ")
    assert in_folder.rules(*words) == []


def test_findings_in_the_baseline_get_no_comment(in_folder: InFolder) -> None:
    path = in_folder.write("compose.yaml", "services:\n  web:\n    image: nginx:1.29\n")
    in_folder.write("tightship.toml", 'baseline = "known.json"\n')
    in_folder("check", "--write-baseline")
    path.write_text(path.read_text() + "    privileged: true\n")
    assert in_folder("check", "--add-ignores") == 0
    comments = [line for line in path.read_text().splitlines() if "#" in line]
    assert len(comments) == 1
    assert "ignore[privileged-container]" in comments[0]
    assert in_folder("check") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="modes are others there")
def test_an_unwritable_file_is_named_and_kept(in_folder: InFolder) -> None:
    path = in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("app/Dockerfile", DOCKERFILE)
    os.link(path, in_folder.folder / "other-name")
    before = texts(in_folder)
    assert add(in_folder) == 2
    assert "Not written: " in in_folder.out
    assert texts(in_folder) == before


def test_the_default_reason_says_why(in_folder: InFolder) -> None:
    path = in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("app/Dockerfile", DOCKERFILE)
    add(in_folder)
    assert "] found when Tightship was adopted\n" in path.read_text()


def test_a_reason_is_a_single_line(in_folder: InFolder) -> None:
    path = in_folder.write("compose.yaml", COMPOSE)
    in_folder.write("app/Dockerfile", DOCKERFILE)
    add(in_folder, "--reason", " two\n  lines: x ")
    assert "] two lines: x\n" in path.read_text()
    assert found(in_folder) == []


@pytest.mark.parametrize(
    "options",
    [
        ("--add-ignores", "--fix"),
        ("--add-ignores", "--all-fixes"),
        ("--add-ignores", "--write-baseline"),
        ("--add-ignores", "--no-ignores"),
        ("--add-ignores", "--statistics"),
        ("--add-ignores", "-"),
        ("--add-ignores", "--reason", " "),
        ("--reason", "why"),
    ],
)
def test_contradictory_options_exit_with_2_and_change_nothing(
    in_folder: InFolder, options: tuple[str, ...]
) -> None:
    in_folder.write("compose.yaml", COMPOSE)
    before = texts(in_folder)
    assert in_folder("check", *options) == 2
    assert in_folder.err.startswith("tightship: ")
    assert in_folder.out == ""
    assert texts(in_folder) == before


def test_the_number_of_reads_does_not_grow_with_the_comments(
    in_folder: InFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tightship.syntax.yaml import read as yaml_read

    service = "  s{i}:\n    image: a:1\n    privileged: true\n    ports: ['{i}:80']\n"
    seen: list[Source] = []
    true_read = yaml_read.read

    def read(source: Source) -> Stream:
        seen.append(source)
        return true_read(source)

    monkeypatch.setattr(yaml_read, "read", read)
    readings = list[int]()
    for count in (5, 50):
        text = "".join(service.format(i=1_000 + i) for i in range(count))
        in_folder.write("compose.yaml", f"services:\n{text}")
        seen.clear()
        assert add(in_folder, *REASON) == 0
        readings.append(len(seen))
        assert found(in_folder) == []
    assert readings[0] == readings[1]


def test_conflicting_comments_do_not_stop_the_others(in_folder: InFolder) -> None:
    """A comment inside of a text would be text, and one above a directive ends it."""
    in_folder.write(
        "compose.yaml",
        "services:\n"
        "  # tightship: ignore[default-capabilities-kept] known\n"
        "  a:\n"
        "    image: a:1\n"
        "    command: |\n"
        "      sh -c 'curl -k https://x.org\n"
        "      sleep 1'\n"
        "    privileged: true\n"
        "  b: {image: 'b:1', environment: {DB_PASSWORD: hunter2x},\n"
        "    cap_add: [SYS_ADMIN, SYS_PTRACE]}\n"
        "  c: {build: d}\n",
    )
    in_folder.write(
        "d/Dockerfile",
        "# syntax=docker/dockerfile:1\nFROM alpine\nRUN <<A\ncurl -k https://x.org\nA\n",
    )
    assert add(in_folder, *REASON) == 0
    assert found(in_folder) == []
    text = texts(in_folder)["compose.yaml"].decode()
    assert text.count("default-capabilities-kept") == 3  # one for each service
