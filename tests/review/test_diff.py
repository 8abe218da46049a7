"""``tightship diff`` of files and folders: what it prints, in each format, and how it exits."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from tightship.cli.main import main
from tightship.report.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

OLD = """\
services:
  web:
    image: nginx:1.29
    user: "1000"
    cap_drop: [ALL]
    networks: [front]
  db:
    image: postgres:16
    networks: [back]
  old:
    image: busybox
networks: {front: {}, back: {}}
"""
NEW = """\
services:
  web:
    image: nginx:1.29
    cap_drop: [ALL]
    cap_add: [NET_ADMIN]
    read_only: true
    volumes: ["/var/run/docker.sock:/s.sock"]
    networks: [front]
  database:
    image: postgres:16
    networks: [back, front]
  new:
    image: redis:8
    privileged: true
networks: {front: {}, back: {}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def diff(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, *words: str, code: int = 0
) -> str:
    (folder / "old.yaml").write_text(old, "utf-8")
    (folder / "new.yaml").write_text(new, "utf-8")
    assert main(["diff", "old.yaml", "new.yaml", *words]) == code
    return capsys.readouterr().out


def test_each_difference_is_one_line_with_both_places(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        diff(folder, capsys, OLD, NEW, code=1)
        == """\
new.yaml
  web  C → F  new.yaml:2
    - host path /var/run/docker.sock: none → commands the Docker daemon (not set → new.yaml:7)
    - capabilities: none → 1, +NET_ADMIN (old.yaml:5 → new.yaml:5)
    - user: 1000 → root, the default of the image (old.yaml:4 → not set)
    - now reachable from `database`
    + root file system: writable → read-only (not set → new.yaml:6)
  database  D  (renamed from `db`)  new.yaml:9
    - now reachable from `web`
  new  F  (new)  new.yaml:12
    - `privileged` (capabilities, host device): on (new.yaml:14)
  old  D  (removed)  old.yaml:10

3 services worse, 1 removed.
"""
    )


def test_the_reverse_comparison_is_the_opposite(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = diff(folder, capsys, NEW, OLD, code=1)
    web = text.partition("  web  ")[2].partition("\n  db  ")[0]
    assert [line.split()[0] for line in web.splitlines()[1:]] == list("-++++")
    assert "no longer reachable from `db`" in web


@pytest.mark.parametrize(
    ("old", "new", "fail_on", "code"),
    [
        (OLD, OLD, "any", 0),
        (OLD, NEW, "worse", 1),
        (OLD, NEW, "never", 0),
        (OLD, OLD.replace('"1000"', '"1001"'), "worse", 0),
        (OLD, OLD.replace('"1000"', '"1001"'), "any", 1),
        (OLD, OLD.replace("    user:", "    read_only: true\n    user:"), "worse", 0),
        (OLD, OLD.replace("    user:", "    read_only: true\n    user:"), "any", 1),
        (OLD, re.sub(r"  old:\n(    .*\n)+", "", OLD), "worse", 0),
        (OLD, f"{OLD}x: [\n", "any", 2),
        (f"{OLD}x: [\n", f"{OLD}x: [\n", "any", 0),
        (f"{OLD}x: [\n", f"{OLD}x: {{a: b\n", "never", 2),
        (f"{OLD}x: [\n", OLD, "worse", 0),
    ],
)
def test_the_exit_code_follows_the_fail_condition(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, fail_on: str, code: int
) -> None:
    diff(folder, capsys, old, new, "--fail-on", fail_on, code=code)


@pytest.mark.parametrize(
    ("user", "directions"),
    [
        ('"1000"', []),
        ("'1000'  # as before", []),
        ('"1001"', ["neutral"]),
        ('"1000:1000"', ["neutral"]),
        ("${WHO}", ["worse"]),
        ("${WHO:-1000}", []),
        ("root", ["worse"]),
    ],
)
def test_a_lost_guarantee_is_worse_but_another_user_is_not(
    user: str, directions: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = OLD.replace('"1000"', user)
    words = ("--output-format=json", "--fail-on=never")
    found = json.loads(diff(folder, capsys, OLD, new, *words))
    assert [one["direction"] for one in found["projects"]] == directions


def test_the_document_for_programs_has_both_states_with_their_weaknesses(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = diff(folder, capsys, OLD, NEW, "--output-format=json", code=1)
    found: dict[str, Any] = json.loads(text)
    assert (found["schema"], found["before"], found["after"]) == (1, "old.yaml", "new.yaml")
    assert found["summary"] == {"worse": 3, "better": 0, "neutral": 1, "findings": 0, "gaps": 0}
    [project] = found["projects"]
    web, database, new, old = project["services"]
    assert web["grade"] == {"before": "C", "after": "F"}
    [user] = [row for row in web["rows"] if row["mechanism"] == "user"]
    assert user == {
        "mechanism": "user",
        "subject": None,
        "direction": "worse",
        "before": {
            "state": "1000",
            "file": "old.yaml",
            "line": 4,
            "weaknesses": [],
            "possible": [],
        },
        "after": {
            "state": "root, the default of the image",
            "file": None,
            "line": None,
            "weaknesses": ["root"],
            "possible": [],
        },
    }
    edges = [
        (one["change"], one["from"]["name"], one["to"]["name"], one["what"])
        for one in found["projects"][0]["edges"]
    ]
    assert ("new", "web", "database", "network front") in edges
    assert ("new", "web", "host", "control socket") in edges
    assert web["reach"] == [
        {"from": ["database"], "before": "no", "after": "yes", "direction": "worse"}
    ]
    assert (database["former"], database["kind"]) == ("db", "renamed")
    assert (new["kind"], new["grade"]) == ("new", {"before": None, "after": "F"})
    assert (old["kind"], old["grade"]["after"]) == ("removed", None)


def test_the_comment_is_a_table_that_markdown_reads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = diff(folder, capsys, OLD, NEW, "--output-format=markdown", code=1)
    first, second, *_ = text.splitlines()
    assert first == "<!-- tightship-diff -->"
    assert second == "## Tightship: isolation of 3 services worse, 1 removed"
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<tr>") == 5
    assert html.count("<td>") == 4 * 3
    assert "<td><strong>C\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}F</strong></td>" in html
    assert html.count("<details>") == html.count("</details>") == 1


def test_the_comment_has_a_map_of_what_changed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = "services:\n  web: {image: nginx}\n  db: {image: postgres}\n"
    new = old.replace("nginx}", "nginx, privileged: true, ports: ['80:80']}")
    words = ("--output-format=markdown", "--fail-on=never")
    text = diff(folder, capsys, old, new, *words)
    assert "\nNew connections:\n\n```mermaid\nflowchart LR\n" in text
    assert '  outside ==>|"new: port 80/tcp"| s0\n' in text
    assert "db" not in text
    back = diff(folder, capsys, new, old, *words)
    assert "\nConnections that are gone:\n" in back
    assert '  outside -.->|"gone: port 80/tcp"| s0\n' in back
    same = diff(folder, capsys, old, old.replace("nginx}", "nginx, init: true}"), *words)
    assert "mermaid" not in same


@pytest.mark.parametrize("services", [1, 3, 4, 11, 60, 400])
def test_a_comment_is_short_however_big_the_change_is(
    folder: Path, capsys: pytest.CaptureFixture[str], services: int
) -> None:
    many = "".join(f"  s{n}: {{image: x{n}}}\n" for n in range(services))
    broken = "".join(f"  b{n}: {{image: x}}\n" for n in range(services))
    old = f"services:\n{many}{broken}"
    new = old.replace("x}", "x, wrong: 1}")
    more = r"\1, ports: ['80'], pid: host, uts: host, read_only: true}"
    new = re.sub(r"(image: x\d+)}", more, new)
    new = re.sub(r"(image: x\d*[05],)", r"\1 privileged: true,", new)
    text = diff(folder, capsys, old, new, "--output-format=markdown", code=2)
    assert len(seen(text)) <= 20, seen(text)
    assert text.count("```mermaid") == 1
    diagram = text.split("```mermaid")[1].split("```")[0]
    assert 1 <= sum("==>" in line for line in diagram.splitlines()) <= 12
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<details>") == html.count("</details>") == 1
    for number in range(services if services < 100 else 0):
        assert f"<code>s{number}</code>" in html
    assert f"{counted(services, 'part')} could not be checked" in text


def seen(comment: str) -> list[str]:
    """Return the lines of a comment that a reader sees, without the picture."""
    text = re.sub(r"```mermaid.*?```", "", comment, flags=re.DOTALL)
    text = re.sub(r"(?s)<details><summary>(.*?)</summary>.*</details>", r"\1", text)
    text = text.replace("|---|---|---|\n", "").replace("<br>", "\n")
    return [line for line in text.splitlines() if line and not line.startswith("<!--")]


def test_no_name_is_markup_in_the_comment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = "/etc/a|b`<img src=x>`@team #1\\u202e|<b>|*c*"
    old = "services: {web: {image: x}}\n"
    new = f'services: {{web: {{image: x, volumes: ["{evil}:/x"]}}}}\n'
    text = diff(folder, capsys, old, new, "--output-format=markdown", code=1)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<td>") == 3
    for markup in ("<img", "<b>", "<em>", "\u202e"):
        assert markup not in html
    assert "&lt;img" in html
    assert "|&lt;b&gt;|*c*" in html


def test_no_name_is_markup_in_a_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = "services: {web: {image: x}}\n"
    new = 'services: {"a|b`<img src=x>`@team #1\\u202e": {image: x}}\n'
    text = diff(folder, capsys, old, new, "--output-format=markdown", code=2)
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert "&lt;img src=x&gt;" in html
    for markup in ("<img", "\u202e", "<a"):
        assert markup not in html


def test_a_comment_has_a_limit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"service-{number}-{'x' * 90}" for number in range(400)]
    old = "services:\n" + "".join(f"  {name}: {{image: x}}\n" for name in names)
    new = old.replace("image: x", "image: x, pid: host, ipc: host, uts: host, cgroup: host")
    text = diff(folder, capsys, old, new, "--output-format=markdown", code=1)
    assert 50_000 < len(text.encode("utf-16-le")) / 2 <= 65_000
    assert "more parts are left out" in text
    assert len(seen(text)) <= 20


def test_file_content_does_not_control_the_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = "services: {web: {image: x}}\n"
    new = 'services: {web: {image: x, volumes: ["/etc/\\e[1m:/x"]}}\n'
    refused = 'services: {"a\\e[31m": {image: x}}\n'
    for text in (
        diff(folder, capsys, old, new, code=1),
        diff(folder, capsys, old, refused, code=2),
    ):
        assert "\x1b" not in text
        assert "<U+001B>" in text or "?[31m" in text


@pytest.mark.parametrize("name", ["text", "json", "markdown"])
def test_no_report_repeats_a_token(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "ghp_" + "a1B2c3D4e5F6" * 3
    new = OLD.replace('user: "1000"', f'volumes: ["/etc/{token}/x:/x"]')
    text = diff(folder, capsys, OLD, new, f"--output-format={name}", code=1)
    assert token not in text
    assert "****" in text.replace("&#42;", "*")


def test_privilege_is_one_line_and_not_ten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = "services: {x: {image: y}}\n"
    text = diff(folder, capsys, old, old.replace("y}", "y, privileged: true}"), code=1)
    lines = [line for line in text.splitlines() if line.startswith("    ")]
    assert len(lines) == 1
    assert lines[0].startswith("    - `privileged` (capabilities, host device, ")
    assert "AppArmor, SELinux): off → on" in lines[0]


def test_two_folders_are_compared_project_by_project(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side, user in (("a", "1000"), ("b", "0")):
        (folder / side / "web").mkdir(parents=True)
        (folder / side / "web/Dockerfile").write_text(f"FROM alpine\nUSER {user}\n")
        (folder / side / "web/compose.yaml").write_text("services: {w: {build: .}}\n")
        (folder / side / "same").mkdir()
        (folder / side / "same/compose.yaml").write_text(OLD)
    assert main(["diff", "a", "b"]) == 1
    assert (
        capsys.readouterr().out
        == """\
web/compose.yaml
  w  D  web/compose.yaml:1
    - user: 1000, set by the image → root, set by the image (web/Dockerfile:2)

1 service worse.
"""
    )


def test_an_overlay_is_compared_over_the_base_that_a_command_names(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {
        "compose.yaml": "services: {web: {image: x}}\n",
        "ci/base.yaml": "services: {web: {image: y, read_only: true}}\n",
        "Makefile": "up:\n\tdocker compose -f ci/base.yaml -f ci/more.yaml up\n",
    }
    for side, user in (("a", "1000"), ("b", "0")):
        for name, text in texts.items():
            (folder / side / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / side / name).write_text(text)
        (folder / side / "ci/more.yaml").write_text(f"services: {{web: {{user: '{user}'}}}}\n")
    assert main(["diff", "a", "b"]) == 1
    assert "  web  C → D  ci/base.yaml:1\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "diff takes BASE"),
        (["a", "b", "c"], "diff takes BASE"),
        (["a.yaml", "folder"], "two files or two folders"),
        (["a.yaml", "a.yaml", "--only=."], "--only works with revisions"),
    ],
)
def test_invalid_arguments_exit_with_2(
    words: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "folder").mkdir()
    (folder / "a.yaml").write_text(OLD)
    assert main(["diff", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_lost_part_is_reported_and_exits_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = diff(folder, capsys, OLD, f"include: [gone.yaml]\n{OLD}", code=2)
    assert "new.yaml:1 was not checked after the change: `gone.yaml`" in text
    assert text.endswith("1 part could not be checked.\n")


def test_a_state_with_the_same_words_names_the_new_weakness(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = "services: {a: {image: 'x:1', pid: host}}\n"
    new = "services: {a: {image: 'x:1', pid: host, privileged: true}}\n"
    text = diff(folder, capsys, old, new, code=1)
    assert "- pid namespace: the host's, now with control of host processes" in text
    text = diff(folder, capsys, new, old)
    assert "+ pid namespace: the host's, no longer with control of host" in text
