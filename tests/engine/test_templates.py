"""A file under a name of Compose's that is no YAML before a template is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATES = {
    "a block": "services:\n  web:\n    image: app\n{% if x %}\n    privileged: true\n{% endif %}\n",
    "a value": "services:\n  web:\n    image: {{ image }}\n",
    "a loop of Go": "services:\n{{- range .Services }}\n  web:\n    image: app\n{{- end }}\n",
    "ERB": "services:\n  web:\n    image: app\n  <% if x %>\n  db:\n    image: db\n  <% end %>\n",
}
OTHERS = {
    "another line is wrong": (
        "services:\n  web:\n    image: app\n    labels: ['{{ x }}']\n    user: 'a\n",
        ["invalid-yaml"],
    ),
    "a value in quotes": (
        "services:\n  web:\n    image: '{{ image }}'\n    privileged: true\n",
        ["privileged-container"],
    ),
}


def rules(folder: Path, text: str) -> list[str]:
    """Return the rules of the errors about a Compose file."""
    path = folder / "compose.yaml"
    path.write_text(text, "utf-8")
    verdicts = [*check([str(path)])]
    return sorted(
        {one.rule.name for v in verdicts for one in v.findings if one.severity.name == "ERROR"}
    )


@pytest.mark.parametrize("text", TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_is_one_gap(tmp_path: Path, text: str) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text(text, "utf-8")
    [verdict] = check([str(path)])
    [gap] = verdict.gaps
    assert gap.reason.startswith("this is a template of a Compose file")
    assert [one for one in verdict.findings if not one.is_gap] == []


@pytest.mark.parametrize(("text", "expected"), OTHERS.values(), ids=OTHERS)
def test_what_can_be_read_is_judged(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert set(expected) <= set(rules(tmp_path, text))
    assert "not-checked" not in rules(tmp_path, text)


def test_the_words_of_a_template_are_no_sources(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("{{ header }}\nFROM node:24\nCOPY {{ file }} /app\n", "utf-8")
    [verdict] = check([str(path)], ["several-sources-without-folder"])
    assert [one.finding.message for one in verdict.findings if not one.is_gap] == []
