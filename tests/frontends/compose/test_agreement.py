"""`explain` and `check` agree about what Compose refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.checking import check

from tightship.engine.load.invoked import assemble
from tightship.engine.plan.config_files import Configs
from tightship.frontends.compose.loading.invocation import Options
from tightship.rules import every_rule
from tightship.rules.example import marked

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.text import Source

ABOUT_REFUSAL = (
    "invalid-yaml",
    "duplicate-key",
    "wrong-type",
    "unknown-key",
    "duplicate-item-across-files",
    "undefined-reference",
    "include-conflict",
    "dependency-cycle",
    "contradicting-settings",
    "incomplete-definition",
    "invalid-variable",
    "missing-file",
    "not-checked",
)
# Without a value it is empty for Compose, and undecided for `check`; `explain` is Compose.
VARIABLE = re.compile(r"\$[A-Za-z_{]")


def examples() -> list[object]:
    return [
        pytest.param(example.files, id=f"{rule.name}-{number}")
        for rule in every_rule()
        for number, example in enumerate(rule.examples)
        if isinstance(example.files, dict) or rule.language != "dockerfile"
    ]


def refused_by_explain() -> bool:
    assembly = assemble(Options(), Configs(isolated=True))
    return assembly.refused or assembly.configuration is None


def refused_by_check(path: str) -> list[tuple[str, str]]:
    """Return the rules and messages of what says that Compose refuses the project."""
    return [
        (one.rule.name, one.finding.message)
        for verdict in check([path], ABOUT_REFUSAL)
        for judged in (*verdict.findings, *verdict.accepted)
        for one in (judged, *judged.absorbed)
        # A missing file is often made before the start, so it is an info.
        if (one.severity.reaches("warning") or one.rule.name == "missing-file")
        and not _is_ignored_by_compose(one.rule.name, one.severity.word)
    ]


def _is_ignored_by_compose(rule: str, severity: str) -> bool:
    # Only some versions of Compose refuse what an include repeats.
    return severity == "warning" and rule not in {"include-conflict", "undefined-reference"}


@pytest.mark.parametrize("files", examples())
def test_examples_of_rules_agree(
    files: str | dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = files if isinstance(files, dict) else {"compose.yaml": files}
    if "compose.yaml" not in given:
        pytest.skip("no main file")
    texts = {name: marked(text)[0] for name, text in given.items()}
    # The build of an image is no part of a configuration.
    texts = {"Dockerfile": "FROM scratch\n", **texts}
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    explained, checked = refused_by_explain(), refused_by_check("compose.yaml")
    if checked:
        assert explained, checked
    elif not any(map(VARIABLE.search, texts.values())):
        assert not explained


def test_real_projects(
    corpus: list[Source], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    differ = list[str]()
    for number, source in enumerate(corpus):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "compose.yaml").write_text(source.text, "utf-8")
        monkeypatch.chdir(folder)
        checked = refused_by_check("compose.yaml")
        explained = refused_by_explain()
        # What a project lacks when its file stands alone is a gap, and may be no refusal.
        is_certain = any(rule != "not-checked" for rule, _ in checked)
        if (is_certain and not explained) or (
            explained and not checked and not VARIABLE.search(source.text)
        ):
            differ.append(source.name)
    assert differ == []
