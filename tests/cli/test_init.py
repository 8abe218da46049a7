"""``tightship init``: what it finds, asks and writes."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main
from tightship.config.additions import HEAD, Addition, with_additions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Init = Callable[..., "tuple[int, str]"]

_WEB = "services: {web: {image: 'nginx:1.29', ports: ['80:80']}}\n"
_HINTS = "services: {web: {image: 'example/shop:develop', environment: {SHOP_DEBUG: 'true'}}}\n"
_ALWAYS = "services: {db: {image: 'postgres:17', restart: always, ports: ['5432:5432']}}\n"
_TREE = {
    "compose.yaml": _WEB,
    "shop.yaml": "x: 1\n" + _HINTS,
    "e2e/compose.yaml": _WEB,
    "e2e/Dockerfile": "FROM debian:13\n",
    "examples/a/compose.yaml": _WEB,
    "examples/b/compose.yaml": _WEB,
    "examples/b/compose.prod.yaml": _ALWAYS,
    "third_party/a/compose.yaml": _WEB,
    "run.sh": "#!/bin/sh\ndocker run --rm -d example/shop\n",
    "docker-compose.yml.j2": "services: {}\n",
}
_SHOP = {"compose.yaml": _HINTS}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def roles(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the patterns that the settings have, by purpose."""
    data = tomllib.loads((folder / "tightship.toml").read_text())
    return {one["purpose"]: tuple(one["paths"]) for one in data.get("roles", ())}


class Terminal:
    """A run of `init` in a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        command = [sys.executable, "-m", "tightship", "init", *arguments]
        path = os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))
        environment = {**os.environ, "PYTHONPATH": path, "TERM": "xterm", "COLUMNS": "100"}
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.text = ""

    def wait_for_question(self) -> None:
        """Read until the next question."""
        start = len(self.text)
        while not self.text[start:].endswith("] "):
            self.text += self._read() or "\0ended] "
        assert "\0ended" not in self.text, self.text

    def answer(self, text: str) -> None:
        """Wait for a question, and answer it."""
        self.wait_for_question()
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """Wait for a question, and press Ctrl-C."""
        self.wait_for_question()
        self._process.send_signal(signal.SIGINT)

    def end(self) -> int:
        """Read the rest; return the exit code."""
        while text := self._read():
            self.text += text
        os.close(self._master)
        return self._process.wait(30)

    def _read(self) -> str:
        try:
            return os.read(self._master, 4096).decode()
        except OSError:  # as Linux says that nobody has the other end
            return ""


def asked(folder: Path, *answers: str) -> tuple[int, str]:
    """Answer the questions of a run; return its exit code and its output."""
    terminal = Terminal(folder)
    for one in answers:
        terminal.answer(one + "\n")
    return terminal.end(), terminal.text


def test_a_careful_owner_answers_each_question(folder: Path) -> None:
    write(folder, _TREE)
    code, text = asked(folder, "", "yes", "later", "no", "yes", "y")
    assert code == 0, text
    assert "1 Dockerfile, 1 template, not read, 1 service with an unknown image." in text
    assert text.count("yes / no / show") == 6
    data = tomllib.loads((folder / "tightship.toml").read_text())
    assert data["exclude"] == ["/third_party/"]
    assert data["front-ends"] == ["docker-run"]
    assert roles(folder)["test"] == ("/e2e/",)
    assert roles(folder)["example"] == ("/examples/a/compose.yaml", "/examples/b/compose.yaml")
    before = (folder / "tightship.toml").read_bytes()
    code, text = asked(folder, "later")
    assert code == 0
    assert text.count("yes / no / show") == 1, "only what was left open"
    assert "Nothing new" in text
    assert (folder / "tightship.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["yes"], {"development": ("/compose.yaml",)}),
        (["Y"], {"development": ("/compose.yaml",)}),
        (["no"], {"product": ("/compose.yaml",)}),
        (["later"], {}),
        ([""], {}),
        (["show", "1"], {"development": ("/compose.yaml",)}),
        (["what?", "2", "show", "no"], {"product": ("/compose.yaml",)}),
    ],
)
def test_each_answer_is_written(
    answers: list[str], expected: dict[str, tuple[str, ...]], folder: Path
) -> None:
    write(folder, _SHOP)
    code, text = asked(folder, *answers)
    assert code == 0, text
    assert roles(folder) == expected
    if "show" in answers:
        assert "1  compose.yaml: compose.yaml:1 runs `example/shop:develop`" in text
    if expected:
        code, text = asked(folder)
        assert (code, "Nothing new" in text, text.count("show")) == (0, True, 0)


def test_some_of_the_files_are_what_they_look_like(folder: Path) -> None:
    write(folder, {f"{one}/compose.yaml": _HINTS for one in "abc"})
    code, text = asked(folder, "1, 3")
    assert code == 0, text
    expected = {"development": ("/a/compose.yaml", "/c/compose.yaml")}
    assert roles(folder) == {**expected, "product": ("/b/compose.yaml",)}


def test_files_next_to_each_other_are_their_folder(folder: Path) -> None:
    write(folder, {f"shops [x]/{one}/compose.yaml": _HINTS for one in "abc"})
    assert asked(folder, "yes")[0] == 0
    assert roles(folder) == {"development": ("/shops\\ \\[x]/",)}
    assert "Nothing new" in asked(folder)[1]


@pytest.mark.parametrize("end", ["eof", "interrupt"])
def test_who_ends_it_has_changed_nothing(end: str, folder: Path) -> None:
    write(folder, _TREE)
    terminal = Terminal(folder)
    terminal.answer("yes\n")
    if end == "eof":
        terminal.answer("\x04")
        assert terminal.end() == 2
        assert "no answer: nothing is written" in terminal.text
    else:
        terminal.interrupt()
        assert terminal.end() == 130
    assert "Traceback" not in terminal.text
    assert not [*folder.glob("*tightship*")]


@pytest.mark.parametrize("arguments", [[], ["--yes"]])
def test_without_a_terminal_only_what_is_shown_is_taken(
    arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, _TREE)
    assert main(["init", *arguments]) == 0
    out = capsys.readouterr().out
    assert "Taken: `e2e/**` look like tests." in out
    assert "Asked in a terminal: `examples/b/compose.prod.yaml` may be for demonstration?" in out
    assert "1 template, not read" in out
    assert "Wrote tightship.toml" in out
    assert "Next: `tightship check`, and `tightship harden .`" in out
    written = roles(folder)
    assert {*written} == {"test", "example"}
    before = (folder / "tightship.toml").read_bytes()
    assert main(["init", *arguments]) == 0
    assert "Nothing new: `tightship.toml` stays as it is." in capsys.readouterr().out
    assert (folder / "tightship.toml").read_bytes() == before
    assert main(["config"]) == 0


def test_a_dry_run_prints_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, _TREE)
    assert main(["init", "--dry-run"]) == 0
    assert '[[roles]]\npaths = ["/e2e/"]\npurpose = "test"\n' in capsys.readouterr().out
    assert not (folder / "tightship.toml").exists()
    (folder / "tightship.toml").write_text("fail-on = 'error'\n")
    assert main(["init", "--dry-run"]) == 0
    assert '[[roles]]\npaths = ["/e2e/"]\npurpose = "test"\n' in capsys.readouterr().out
    assert (folder / "tightship.toml").read_text() == "fail-on = 'error'\n"


def test_what_is_taken_lowers_as_what_is_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, _TREE)
    names = [name for name in _TREE if name.endswith(".yaml")]

    def checked() -> list[str]:
        lines = list[str]()
        for name in names:
            main(["check", name, "--output-format", "concise"])
            lines += capsys.readouterr().out.splitlines()
        return sorted(lines)

    before = checked()
    assert main(["init", "--yes"]) == 0
    capsys.readouterr()
    assert checked() == before


def test_init_without_a_project_writes_a_file_that_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config"]) == 0
    before = capsys.readouterr().out
    assert main(["init"]) == 0
    assert capsys.readouterr().out.startswith("Found no project here.\nWrote tightship.toml")
    assert (folder / "tightship.toml").read_text() == HEAD
    assert main(["config"]) == 0
    assert capsys.readouterr().out == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tightship.toml", "fail-on = 'error'\n"),
        (".tightship.toml", "# ours\n\n# why\n[severity]\nroot-user = 'error'"),
        ("pyproject.toml", "[project]\nname = 'a'\n[tool.tightship]\nfail-on = 'error'\n"),
        ("pyproject.toml", "[tool.tightship.severity]\nroot-user = 'error'\n[tool.x]\na = 1\n"),
    ],
)
def test_settings_that_are_there_stay(
    name: str, text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {**_TREE, name: text})
    assert main(["init", "--yes"]) == 0
    new = (folder / name).read_text()
    data = tomllib.loads(new)
    table = data["tool"]["tightship"] if name == "pyproject.toml" else data
    assert table["exclude"] == ["/third_party/"]
    assert [one["purpose"] for one in table["roles"]] == ["example", "test"] or table["roles"]
    assert [line for line in text.splitlines() if line not in new.splitlines()] == []
    assert table.get("fail-on", "error") == "error"
    capsys.readouterr()
    assert main(["init", "--yes"]) == 0
    assert "Nothing new" in capsys.readouterr().out


def test_a_key_that_is_there_is_an_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, {**_TREE, "tightship.toml": "front-ends = []\nexclude = []\n"})
    assert main(["init", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "front-ends" not in out
    assert "exclude =" not in out


@pytest.mark.parametrize(
    ("text", "error"),
    [("roles = []\n", "tightship.toml:"), ("nonsense = 1\n", "nonsense"), ("a = [", "TOML")],
)
def test_settings_that_cannot_be_changed_stay(
    text: str, error: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {**_TREE, "tightship.toml": text})
    assert main(["init", "--yes"]) == 2
    assert error in capsys.readouterr().err
    assert (folder / "tightship.toml").read_text() == text


def test_settings_of_a_folder_above_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {"a/compose.yaml": _WEB, "tightship.toml": ""})
    monkeypatch.chdir(folder / "a")
    assert main(["init"]) == 2
    assert "the settings in `..` hold here" in capsys.readouterr().err
    assert not (folder / "a" / "tightship.toml").exists()


def test_files_with_settings_of_their_own_are_not_asked_about(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, {"a/e2e/compose.yaml": _WEB, "a/tightship.toml": ""})
    assert main(["init", "--yes"]) == 0
    assert "Taken" not in capsys.readouterr().out


def test_init_does_not_follow_a_link(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "tightship.toml").symlink_to("elsewhere")
    assert main(["init"]) == 2
    assert not (folder / "elsewhere").exists()
    capsys.readouterr()


_KEY = Addition("exclude", "Why.", ["/a/"])
_ROLE = Addition("roles", "Why\nnot.", keys=[("paths", ["/a/", '/"']), ("purpose", "test")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", '# Why.\nexclude = ["/a/"]\n'),
        ("a = 1", 'a = 1\n\n# Why.\nexclude = ["/a/"]\n'),
        ("# b\n[b]\n", '# Why.\nexclude = ["/a/"]\n\n# b\n[b]\n'),
        ("a = 1\n\n# b\n[b]\n", 'a = 1\n\n\n# Why.\nexclude = ["/a/"]\n\n# b\n[b]\n'),
    ],
)
def test_a_key_comes_before_all_tables(text: str, expected: str) -> None:
    assert with_additions(text, [_KEY]) == expected


def test_a_table_comes_last_with_its_comment() -> None:
    new = with_additions("a = 1\r\n", [_ROLE, _KEY])
    assert new.count("\n") == new.count("\r\n")
    assert tomllib.loads(new)["roles"] == [{"paths": ["/a/", '/"'], "purpose": "test"}]
    assert "# Why not.\r\n[[roles]]" in new


def test_many_paths_have_a_line_each() -> None:
    paths = [f"/some/folder/number-{number}/" for number in range(9)]
    new = with_additions("", [Addition("roles", "x", keys=[("paths", paths)])])
    assert tomllib.loads(new)["roles"] == [{"paths": paths}]
    assert max(map(len, new.splitlines())) < 90


_LINE = "2 files may be for tests or development: `tightship init` asks you once."
_SERVERS = "services: {db: {image: 'postgres:17', command: postgres -c fsync=off}}\n"


@pytest.mark.parametrize(
    ("more", "arguments", "is_said"),
    [
        ({}, [], True),
        ({}, ["--output-format", "concise"], False),
        ({}, ["--quiet"], False),
        ({"tightship.toml": ""}, [], False),
    ],
)
def test_check_says_where_there_is_something_to_ask(
    more: dict[str, str],
    arguments: list[str],
    is_said: bool,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(folder, {"a.compose.yaml": _HINTS, "b/compose.yaml": _SERVERS, **more})
    code = main(["check", *arguments])
    assert (_LINE in capsys.readouterr().out.splitlines()) is is_said
    assert code == main(["check", "--isolated", *arguments])


def test_one_named_file_costs_no_further_look(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, _SHOP)
    main(["check", "compose.yaml"])
    assert "tightship init" not in capsys.readouterr().out
