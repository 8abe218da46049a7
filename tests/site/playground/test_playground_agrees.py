"""The linter finds in a browser what it finds everywhere else."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import CORPUS
from tests.site.playground.browsing import ROOT

from tightship.rules import every_rule
from tightship.rules.example import Bad, marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.site.playground.browsing import Page

    Texts = Mapping[str, str]

_NAMES = ("*compose*.y*ml", "*ockerfile*", ".env", "*.env")
_EXAMPLE_PROJECTS = ROOT / "tests" / "projects"
_HARD = [
    "services:\n  web: {image: nginx:1.29, \tprivileged: true}\n",
    "services:\r\n  web:\r\n    image: nginx\r\n    privileged: true\r\n",
    "services:\n  «🐳»: &x {image: nginx, privileged: true}\n  b: *x\n",
    "services:\n  web:\n    image: [\n  db:\n    image: postgres\n",
    "\ufeffservices:\n  web:\n    image: nginx\n    privileged: yes\n",
    "services: " + "[" * 200,
    "services:\n  web: {image: \ud800}\n",
]


def _texts(folder: Path) -> Texts:
    """Return the texts of a project that matter, by their paths from its folder."""
    paths = {path for name in _NAMES for path in folder.rglob(name) if path.is_file()}
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8", "replace")
        for path in sorted(paths)
    }


def _projects_below(top: Path) -> list[Texts]:
    folders = {path.parent for path in top.rglob("*compose*.y*ml")}
    outermost = [one for one in sorted(folders) if folders.isdisjoint(one.parents)]
    return [_texts(folder) for folder in outermost]


def _examples() -> Iterator[Texts]:
    """Yield what each rule finds, from its page."""
    for rule in every_rule():
        name = "Dockerfile" if rule.language == "dockerfile" else "compose.yaml"
        for example in rule.examples:
            if isinstance(example, Bad):
                files = example.files
                texts = files if isinstance(files, dict) else {name: files}
                yield {path: marked(text)[0] for path, text in texts.items()}


def _compare(page: Page, projects: list[Texts]) -> list[Any]:
    requests = [{"texts": texts, "select": ["strict"]} for texts in projects]
    native = subprocess.run(
        [sys.executable, "-m", "tests.site.playground.native"],
        input=json.dumps(requests),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    wanted: list[Any] = json.loads(native.stdout)
    answers = page.answers(requests)
    assert [one["kind"] for one in answers] == ["checked"] * len(projects)
    for texts, result, answer in zip(projects, wanted, answers, strict=True):
        assert _without_places(answer["result"]) == _without_places(result), list(texts)
    return wanted


def _without_places(result: Any) -> Any:
    """Return a result without the places of its pictures.

    Python sums floats with another rounding since 3.12, so a box may be a pixel away.
    """
    for one in result["maps"]:
        drawing: Any = one["drawing"] or {"boxes": [], "lines": []}
        one["drawing"] = [
            *((box["kind"], box["lines"], box["title"]) for box in drawing["boxes"]),
            *((line["kind"], line["arrow"], line["certain"]) for line in drawing["lines"]),
        ]
    return result


def test_examples_of_all_rules(page: Page) -> None:
    results = _compare(page, list(_examples()))
    found = {one["rule"] for result in results for one in result["findings"]}
    assert len(found) > len(every_rule()) * 0.9  # some are off even in `strict`


def test_projects_of_the_tests(page: Page) -> None:
    results = _compare(page, _projects_below(_EXAMPLE_PROJECTS))
    assert sum(result["services"] for result in results) > 30


def test_projects_of_the_corpus(page: Page) -> None:
    projects = _projects_below(CORPUS)
    if not projects:
        pytest.skip("no corpus of Compose files: name its folder in TIGHTSHIP_CORPUS")
    assert len(projects) >= 30
    results = _compare(page, projects)
    assert sum(len(result["findings"]) for result in results) > 300


def test_texts_that_readers_of_yaml_find_hard(page: Page) -> None:
    _compare(page, [{"compose.yaml": text} for text in _HARD])


def test_a_request_that_fails_does_not_end_the_worker(page: Page) -> None:
    texts = {"compose.yaml": "services: {web: {image: nginx, privileged: true}}\n"}
    failed, checked = page.answers(
        [{"texts": texts, "select": ["no-such-rule"]}, {"texts": texts, "select": []}]
    )
    assert failed["kind"] == "failed"
    assert "no-such-rule" in failed["error"]
    rules = [one["rule"] for one in checked["result"]["findings"]]
    assert "privileged-container" in rules
