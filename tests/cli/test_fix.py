"""``tightship check --fix`` and its group_hash, from the command line to the disk."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

OLD = 'version: "3"\nservices:\n  web:\n    image: nginx:1.29\n'
SAFE = "services:\n  web:\n    image: nginx:1.29\n"


class Folder:
    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.file = root / "compose.yaml"
        self._capsys = capsys
        self.out = self.err = ""

    def check(self, *arguments: str) -> int:
        code = main(["check", *arguments])
        self.out, self.err = self._capsys.readouterr()
        return code


@pytest.fixture
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Folder:
    monkeypatch.chdir(tmp_path)
    made = Folder(tmp_path, capsys)
    made.file.write_text(OLD)
    return made


def test_safe_fixes_are_written_and_listed(folder: Folder) -> None:
    assert folder.check("--fix") == 1
    assert folder.file.read_text() == SAFE
    assert "Fixed 1 finding in 1 file: obsolete-version." in folder.out
    assert "a read-only root" in folder.out, "what remains is reported"


def test_all_fixes_are_written_on_request(folder: Folder) -> None:
    assert folder.check("--fix", "--all-fixes") == 0
    text = folder.file.read_text()
    assert "read_only: true" in text
    assert "version:" not in text
    before = folder.file.stat().st_mtime_ns
    assert folder.check("--fix", "--all-fixes") == 0
    assert "Nothing to fix." in folder.out
    assert folder.file.stat().st_mtime_ns == before


@pytest.mark.parametrize("words", ["writable-root-filesystem", "CL-0007", "filesystem"])
def test_fixes_can_be_limited_to_some_rules(words: str, folder: Folder) -> None:
    folder.check("--fix", "--all-fixes", "--fix-only", words)
    text = folder.file.read_text()
    assert text.startswith('version: "3"')
    assert "read_only: true" in text
    assert "mem_limit" not in text


def test_a_diff_writes_nothing_and_can_be_applied(folder: Folder) -> None:
    assert folder.check("--diff", "--all-fixes") == 1
    assert folder.file.read_text() == OLD
    assert folder.out.startswith("--- a/compose.yaml\n+++ b/compose.yaml\n")
    assert "Would fix" in folder.err
    patch = shutil.which("patch")
    if patch is None:
        pytest.skip("there is no `patch` here")
    done = subprocess.run([patch, "-p1"], input=folder.out, text=True, cwd=folder.root, check=False)
    assert done.returncode == 0
    patched = folder.file.read_text()
    folder.file.write_text(OLD)
    folder.check("--fix", "--all-fixes")
    assert folder.file.read_text() == patched


@pytest.mark.parametrize("mode", [(), ("--add-ignores",)])
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gone.yaml", "gone.yaml was not checked: `gone.yaml` does not exist"),
        ("empty", "no Compose file or Dockerfile found below empty"),
    ],
)
def test_a_diff_names_what_was_not_checked(
    mode: tuple[str, ...],
    path: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["check", *mode, "--diff", path]) == 2
    assert reason in capsys.readouterr().err


def test_a_diff_quotes_unusual_names_as_git_does(folder: Folder) -> None:
    name = 'a\x1b[31m\n"b/compose.yaml'
    (folder.root / name).parent.mkdir()
    folder.file.rename(folder.root / name)
    assert folder.check("--diff", "--all-fixes") == 1
    first, second = folder.out.split("\n")[:2]
    assert first == r'--- "a/a\033[31m\012\042b/compose.yaml"'
    assert second == r'+++ "b/a\033[31m\012\042b/compose.yaml"'


def test_a_diff_without_changes_is_empty_and_clean(folder: Folder) -> None:
    folder.file.write_text(SAFE)
    assert folder.check("--diff") == 0
    assert folder.out == ""


def test_a_setting_from_a_shared_file_is_changed_in_each_project_once(folder: Folder) -> None:
    base = "services:\n  base:\n    image: x:1\n    pid: host\n"
    (folder.root / "base.yaml").write_text(base)
    for name in ("a", "b"):
        (folder.root / name).mkdir()
        (folder.root / name / "compose.yaml").write_text(
            "services:\n  s:\n    extends: {file: ../base.yaml, service: base}\n"
        )
    folder.file.unlink()
    (folder.root / ".git").mkdir()
    only = ("--all-fixes", "--fix-only", "host-pid-namespace")
    folder.check("--diff", *only)
    assert folder.out.count("--- a/") == 2
    assert "base.yaml\n" not in folder.out
    folder.check("--fix", *only)
    assert folder.check("--select", "host-pid-namespace") == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--all-fixes"], "--all-fixes and --fix-only select fixes"),
        (["--fix-only", "obsolete-version"], "add --fix to apply them"),
        (["--fix", "--fix-only", "no-such-rule"], "unknown rule `no-such-rule`"),
        (["--fix", "--fix-only", "obsolete-versoin"], "did you mean"),
        (["--fix", "--fix-only", "mutable-image-tag"], "offers no fix"),
        (["--fix", "-"], "standard input cannot be fixed in place"),
    ],
)
def test_invalid_combinations_are_reported(
    arguments: list[str], message: str, folder: Folder
) -> None:
    assert folder.check(*arguments) == 2
    assert message in folder.err
    assert folder.file.read_text() == OLD


def test_mode_and_links_stay(folder: Folder) -> None:
    real = folder.root / "real.yaml"
    folder.file.rename(real)
    real.chmod(0o640)
    folder.file.symlink_to("real.yaml")
    folder.check("--fix", "compose.yaml")
    assert folder.file.is_symlink()
    assert real.read_text() == SAFE
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_an_unwritable_file_is_reported_and_kept(folder: Folder) -> None:
    os.link(folder.file, folder.root / "other-name.yaml")
    assert folder.check("--fix") == 2
    assert folder.file.read_text() == OLD
    assert "Not written: `compose.yaml`" in folder.out


def test_a_dockerfile_is_fixed_too(folder: Folder) -> None:
    dockerfile = folder.root / "Dockerfile"
    dockerfile.write_text("FROM alpine:3.22\nENV A b\nUSER app\n")
    folder.check("--fix", "Dockerfile")
    assert dockerfile.read_text() == "FROM alpine:3.22\nENV A=b\nUSER app\n"
    assert folder.file.read_text() == OLD


def test_a_report_for_programs_has_the_summary_on_standard_error(folder: Folder) -> None:
    folder.check("--fix", "--output-format", "json")
    assert folder.out.startswith('{"schema": 1')
    assert "Fixed 1 finding" in folder.err


GRANT = """\
services:
  a: {image: "example/a:1", cap_add: [NET_ADMIN]}
  b: {image: "example/b:1", pid: host}
"""


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ((), "NET_ADMIN"),
        (("-v",), ""),
        (("--fail-on", "info"), ""),
        (("--fix-only", "dangerous-capability"), ""),
    ],
)
def test_all_fixes_apply_to_the_reported_findings(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    left: str,
) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(GRANT)
    monkeypatch.chdir(tmp_path)
    shown = [word for word in words if word != "--fix-only" and "-cap" not in word]
    main(["check", *shown])
    count = capsys.readouterr().out.partition(" tighten")[0].split()[-1]
    main(["check", "--fix", "--all-fixes", *words])
    text = file.read_text()
    assert ("NET_ADMIN" in text) == bool(left)
    if "--fix-only" not in words:
        assert count == ("1" if left else "2")
        assert "pid" not in text


def test_the_old_name_of_all_fixes_still_works_and_is_not_shown(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.check("--fix", "--unsafe-fixes") == 0
    assert main(["check", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--all-fixes" in shown
    assert "unsafe" not in shown
