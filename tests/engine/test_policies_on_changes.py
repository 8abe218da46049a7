"""What a change touches, as the rules of policies see it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

POLICY = """\
[policy]
name = "corp"
{more}
[[rule]]
id = "corp/one-app"
for = "project"
when.change.not-equals = "unchanged"
require.changed-files.every.path.like = "{{file.folder}}/*"
message = "{{file.path}} is not all that the change touches"
[[rule.good]]
"apps/a/compose.yaml" = "services: {{a: {{image: b}}}}"
"apps/a/icon.svg" = ""
[[rule.bad]]
"apps/a/compose.yaml" = "services: {{a: {{image: b}}}}"
"tools/lint.sh" = ""

[[rule]]
id = "corp/new"
for = "service"
when.change = "added"
require.read-only = true
message = "{{name}} is new, and can write"
[[rule.good]]
"compose.yaml" = "services: {{a: {{image: b, read_only: true}}}}"
[[rule.bad]]
"compose.yaml" = "services: {{a: {{image: b}}}}"

[[rule]]
id = "corp/edited"
for = "service"
when.change.in = ["added", "edited"]
require.init = true
message = "{{name}} is edited, and has no init"
[[rule.good]]
"compose.yaml" = "services: {{a: {{image: b, init: true}}}}"
[[rule.bad]]
"compose.yaml" = "services: {{a: {{image: b}}}}"
"""
A = "services:\n  a:\n    image: nginx:1\n    tty: true\n  b:\n    image: nginx:1\n    # end\n"
BASE = {"apps/a/compose.yaml": A, "apps/b/compose.yaml": A, "tools/lint.sh": "x\n"}
RUN = ["check", "--select", "obsolete-version"]


def put(tree: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def git(*words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the top of a repository with a policy that is the current folder."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    put(tmp_path, {**BASE, "policy.toml": POLICY.format(more="")})
    git("add", "-A")
    git("commit", "-qm", "base")
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, set[str]]:
    """Return the exit code, and the rules with the places that they find something at."""
    code = main([*RUN, "--output-format", "concise", *words])
    lines = [line for line in capsys.readouterr().out.splitlines() if "corp/" in line]
    return code, {f"{line.split(':')[0]} {line.split('corp/')[1].split(']')[0]}" for line in lines}


EDITS: dict[str, tuple[dict[str, str], set[str]]] = {
    "nothing": ({}, set()),
    "another file": ({"tools/lint.sh": "y\n"}, set()),
    "one app": ({"apps/a/icon.svg": "x", "apps/a/compose.yaml": f"# x\n{A}"}, set()),
    "more than an app": (
        {"tools/lint.sh": "y\n", "apps/a/compose.yaml": f"# x\n{A}"},
        {"tools/lint.sh one-app"},
    ),
    "a new service": (
        {"apps/a/compose.yaml": f"{A}  c: {{image: 'nginx:1'}}\n"},
        {"apps/a/compose.yaml new", "apps/a/compose.yaml edited"},
    ),
    "a new app": (
        {"apps/c/compose.yaml": A},
        {"apps/c/compose.yaml new", "apps/c/compose.yaml edited"},
    ),
    "an edited service": (
        {"apps/a/compose.yaml": A.replace("nginx:1", "nginx:2", 1)},
        {"apps/a/compose.yaml edited"},
    ),
    "a removed line": (
        {"apps/a/compose.yaml": A.replace("    tty: true\n", "").replace("    # end\n", "")},
        {"apps/a/compose.yaml edited"},
    ),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("how", ["--policy-from", "--changed-since", "committed"])
def test_a_policy_asks_what_a_change_touches(
    edit: str, how: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, expected = EDITS[edit]
    put(tree, files)
    words = ["--policy-from", "HEAD:policy.toml"]
    if how == "--changed-since":
        words += ["--changed-since", "HEAD"]
    if how == "committed":
        git("branch", "base")
        git("add", "-A")
        git("commit", "-qm", "edit", "--allow-empty")
        words = ["--policy-from", "base:policy.toml"]
    assert found(capsys, *words) == (1 if expected else 0, expected)


def test_only_what_is_new_counts_for_a_rule_that_asks_for_a_change(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {"policy.toml": POLICY.format(more="only-new = true")})
    git("commit", "-qam", "policy")
    for edit in ("a new service", "an edited service", "more than an app"):
        files, expected = EDITS[edit]
        put(tree, {**BASE, **files})
        words = ("--policy-from", "HEAD:policy.toml", "--changed-since", "HEAD")
        assert found(capsys, *words) == (1, expected)


def test_without_a_change_nothing_of_it_is_known(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "policy.toml").rename(tree.parent / "policy.toml")
    code, told = found(capsys, "--policy", "../policy.toml")
    assert code == 1
    rules = ("one-app", "new", "edited")
    assert told == {f"apps/{one}/compose.yaml {rule}" for one in "ab" for rule in rules}


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("compose.yaml", "'no'", "false"),
        ("a.env", "A=1", "A=2"),
        ("l.env", "A=1", "A=2"),
        ("p.json", "ERRNO", "ALLOW"),
        ("Dockerfile", "FROM a", "FROM b"),
        ("other.yaml", "image: x", "image: y"),
    ],
)
def test_what_a_service_depends_on_may_affect_it(
    name: str, before: str, after: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "compose.yaml": "x-a: &a {init: 'no'}\nservices:\n  a: {<<: *a, env_file: a.env, build: .,"
        " label_file: l.env, extends: {file: other.yaml, service: o},"
        " security_opt: ['seccomp=p.json']}\n",
        "other.yaml": "services: {o: {image: x}}\n",
        "a.env": "A=1\n",
        "l.env": "A=1\n",
        "p.json": '{"defaultAction": "SCMP_ACT_ERRNO"}',
        "Dockerfile": "FROM a\n",
    }
    files = {f"apps/d/{one}": text for one, text in files.items()}
    put(tree, files)
    git("add", "-A")
    git("commit", "-qm", "more")
    text = POLICY.format(more="").replace('.in = ["added", "edited"]', '.not-equals = "unchanged"')
    (tree.parent / "policy.toml").write_text(text)
    words = ("--policy", "../policy.toml", "--changed-since", "HEAD")
    assert found(capsys, *words) == (0, set())
    path = f"apps/d/{name}"
    put(tree, {path: files[path].replace(before, after)})
    assert found(capsys, *words) == (1, {"apps/d/compose.yaml edited"})
