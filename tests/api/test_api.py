"""``tightship.check`` and ``tightship.check_text``, as a program uses them."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import tightship
from tightship import api
from tightship.cli.main import main

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "tests" / "projects" / "shop"
BAD = """\
services:
  web:
    image: nginx:1.29
    privileged: true
    pid: host  # tightship: ignore[host-pid-namespace] it watches
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(result: tightship.Result) -> set[str]:
    return {one.rule for one in result.findings}


def test_a_text_is_checked_without_a_file(folder: Path) -> None:
    result = tightship.check_text(BAD)
    [finding] = [one for one in result.findings if one.rule == "privileged-container"]
    assert finding.severity == "error"
    assert finding.path == "compose.yaml"
    assert finding.file == str(folder.resolve() / "compose.yaml")
    assert (finding.start, finding.end) == (api.Position(4, 17), api.Position(4, 21))
    assert finding.subject == "web"
    assert str(finding).startswith("compose.yaml:4:17: error: service `web` is")
    assert str(finding).endswith("[privileged-container]")
    assert result.services == 1
    assert not list(folder.iterdir())


def test_the_name_of_a_text_decides_its_language_and_neighbours(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM scratch\nUSER 0\n", encoding="utf-8")
    built = tightship.check_text("services: {a: {build: .}}\n")
    assert str(folder.resolve() / "Dockerfile") in built.files
    alone = tightship.check_text("FROM alpine\nUSER root\n", "web/Dockerfile")
    assert "image-runs-as-root" in rules(alone)
    assert {one.path for one in alone.findings} == {"web/Dockerfile"}
    assert alone.findings[0].file == str(folder.resolve() / "web" / "Dockerfile")


def test_bytes_are_decoded_like_a_file(folder: Path) -> None:
    assert tightship.check_text(BAD.encode("utf-16")) == tightship.check_text(BAD)
    assert tightship.check_text(b"\xff\0").gaps == 1


def test_findings_accepted_by_a_comment_are_listed_separately(folder: Path) -> None:
    result = tightship.check_text(BAD)
    assert [one.rule for one in result.accepted] == ["host-pid-namespace"]
    assert "host-pid-namespace" not in rules(result)


def test_paths_are_checked_as_the_command_line_does(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", str(SHOP), "--output-format", "json"])
    told = json.loads(capsys.readouterr().out)
    result = tightship.check(SHOP)
    assert len(result.findings) == len(told["findings"]) > 3
    for mine, theirs in zip(result.findings, told["findings"], strict=True):
        assert mine.rule == theirs["rule"]
        assert mine.severity == theirs["severity"]
        assert mine.message == theirs["message"]
        assert mine.path == theirs["path"]
        assert position(mine.start) == theirs["start"]
        assert position(mine.end) == theirs["end"]
        assert mine.fingerprint == theirs["fingerprint"]
        assert mine.cause == theirs["cause"]
        assert [one.message for one in mine.related] == [
            one["message"] for one in theirs["related"]
        ]
        assert (mine.fix is None) == (theirs["fix"] is None)
        assert mine.help == theirs["help"]
        if mine.fix is not None:
            assert mine.fix.safe == (theirs["fix"]["applicability"] == "safe")
            assert [one.text for one in mine.fix.edits] == [
                one["text"] for one in theirs["fix"]["edits"]
            ]
    assert result.services == told["summary"]["services"]
    assert result.gaps == told["summary"]["gaps"]


def position(one: api.Position) -> dict[str, int]:
    return {"line": one.line, "column": one.column}


def test_without_paths_the_current_folder_is_checked(folder: Path) -> None:
    (folder / "compose.yaml").write_text(BAD, encoding="utf-8")
    assert tightship.check() == tightship.check(".") == tightship.check(folder)
    assert tightship.check().findings


def test_several_files_are_merged_as_compose_merges_them(folder: Path) -> None:
    one, two = folder / "one.yaml", folder / "two.yaml"
    one.write_text("services: {a: {image: 'x:1'}}\n", encoding="utf-8")
    two.write_text("services: {a: {privileged: '${P}'}}\n", encoding="utf-8")
    (folder / "env").write_text("P=true\n", encoding="utf-8")
    assert "privileged-container" not in rules(
        tightship.check(options=tightship.Options(compose_files=[one]))
    )
    both = tightship.check(options=tightship.Options(compose_files=[one, two], env_files=["env"]))
    assert "privileged-container" in rules(both)
    by_process = tightship.check(
        options=tightship.Options(compose_files=[one, two], environment={"P": "true"})
    )
    assert "privileged-container" in rules(by_process)
    with pytest.raises(ValueError, match="not both"):
        tightship.check(one, options=tightship.Options(compose_files=[two]))


def test_variables_of_a_text_are_those_of_the_options(folder: Path) -> None:
    (folder / "env").write_text("P=true\n", encoding="utf-8")
    text = "services: {a: {image: 'x:1', privileged: '${P}'}}\n"
    assert "privileged-container" not in rules(tightship.check_text(text))
    for options in (
        tightship.Options(env_files=["env"]),
        tightship.Options(environment={"P": "true"}),
    ):
        assert "privileged-container" in rules(tightship.check_text(text, options=options))
    with pytest.raises(ValueError, match="not both"):
        tightship.check_text(text, options=tightship.Options(compose_files=["x"]))


def test_rules_are_selected_by_the_same_words(folder: Path) -> None:
    only = tightship.check_text(BAD, options=tightship.Options(select=["privileged-container"]))
    assert rules(only) == {"privileged-container"}
    without = tightship.check_text(BAD, options=tightship.Options(ignore=["capabilities"]))
    assert "privileged-container" not in rules(without)
    with pytest.raises(ValueError, match="unknown rule, theme or set `nonsense`"):
        tightship.check_text(BAD, options=tightship.Options(select=["nonsense"]))


def test_the_configuration_applies_unless_turned_off(folder: Path) -> None:
    (folder / "tightship.toml").write_text('ignore = ["privileged-container"]\n', encoding="utf-8")
    (folder / "other.toml").write_text('select = ["users"]\n', encoding="utf-8")
    (folder / "compose.yaml").write_text(BAD, encoding="utf-8")
    for result in (tightship.check(), tightship.check_text(BAD)):
        assert "privileged-container" not in rules(result)
    for result in (
        tightship.check(options=tightship.Options(no_config=True)),
        tightship.check_text(BAD, options=tightship.Options(no_config=True)),
    ):
        assert "privileged-container" in rules(result)
    other = folder / "other.toml"
    for result in (
        tightship.check(options=tightship.Options(config=other)),
        tightship.check_text(BAD, options=tightship.Options(config=other)),
    ):
        assert not result.findings
    with pytest.raises(ValueError, match="nowhere"):
        tightship.check(options=tightship.Options(config="nowhere.toml"))
    (folder / "tightship.toml").write_text("nonsense = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="nonsense"):
        tightship.check()


def test_a_missing_path_is_a_gap(folder: Path) -> None:
    result = tightship.check("nowhere.yaml")
    assert result.gaps == 1
    assert rules(result) == {"not-checked"}


def test_grades_are_ordered(folder: Path) -> None:
    result = tightship.check_text(BAD)
    errors = result.at_least("error")
    assert {one.severity for one in errors} == {"error"}
    assert set(errors) < set(result.at_least("warning"))
    assert result.at_least("info") == result.findings


def test_applying_the_edits_of_a_fix_removes_the_finding(folder: Path) -> None:
    text = "version: '3'\nservices: {a: {image: 'x:1'}}\n"
    [finding] = tightship.check_text(
        text, options=tightship.Options(select=["obsolete-version"])
    ).findings
    assert finding.fix is not None
    assert finding.fix.safe
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for edit in finding.fix.edits:
        start = starts[edit.start.line - 1] + edit.start.column - 1
        end = starts[edit.end.line - 1] + edit.end.column - 1
        text = text[:start] + edit.text + text[end:]
    assert not tightship.check_text(
        text, options=tightship.Options(select=["obsolete-version"])
    ).findings


def test_results_are_values(folder: Path) -> None:
    result = tightship.check_text(BAD)
    again = tightship.check_text(BAD)
    assert result == again
    assert hash(result) == hash(again)
    copied: object = pickle.loads(pickle.dumps(result))
    assert copied == result
    with pytest.raises(FrozenInstanceError):
        result.findings[0].rule = "other"  # type: ignore[misc] # pyright: ignore


def test_modules_are_loaded_on_first_use() -> None:
    code = (
        "import sys, tightship; print('tightship.api' in sys.modules, "
        "tightship.check.__name__, 'tightship.api' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "check", "True"]


def test_the_package_exports_exactly_the_public_names() -> None:
    for name in tightship.__all__:
        assert getattr(tightship, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = tightship.nothing  # pyright: ignore
    assert set(api.__all__) <= set(dir(api))


# -- the page about it


def examples() -> list[str]:
    text = (ROOT / "linter" / "docs" / "api.md").read_text(encoding="utf-8")
    blocks = text.split("```python\n")[1:]
    return [block.partition("```")[0] for block in blocks]


@pytest.mark.exhaustive
@pytest.mark.parametrize("code", examples())
def test_the_examples_on_the_page_run_and_type_check(code: str, folder: Path) -> None:
    (folder / "compose.yaml").write_text(BAD, encoding="utf-8")
    script = folder / "example.py"
    script.write_text(code, encoding="utf-8")
    done = subprocess.run([sys.executable, script], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file="]
    environment = os.environ | {"MYPYPATH": str(ROOT / "linter")}
    typed = subprocess.run(
        [*mypy, script], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert typed.returncode == 0, typed.stdout


def test_every_field_is_on_the_page() -> None:
    text = (ROOT / "linter" / "docs" / "api.md").read_text(encoding="utf-8")
    for kind in (api.Options, api.Result, api.Finding, api.Fix, api.Edit, api.Related):
        for field in kind.__dataclass_fields__:
            assert f"`{field}`" in text, f"{kind.__name__}.{field}"


def test_facts_are_those_of_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text("services: {web: {image: 'nginx:${T:-1}', x-a: b}}\n")
    [found] = tightship.facts(file)
    assert main(["explain", "--output-format", "json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["facts"] == json.loads(json.dumps(found))
