"""What all tests share: golden files, and a way to judge texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import settings

from tightship.engine.check import Run, named
from tightship.engine.disk.files import Files
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.configs import Configs
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.policy import Policy
from tightship.engine.settings.selection import Selection
from tightship.rules import every_rule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tightship.engine.verdict import Judged, Verdict
    from tightship.rules.kit import Rule


# How long an example takes says more of what else the machine does than of the code.
settings.register_profile("tightship", deadline=None)
settings.load_profile("tightship")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite golden files")


class Golden(Protocol):
    """Compare a text with the file that holds it, or rewrite the file."""

    def __call__(self, path: Path, text: str) -> None: ...


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing: pytest --update"
        assert path.read_text(encoding="utf-8") == text, (
            f"{path} is out of date: pytest --update"
        )

    return compare


class Judge(Protocol):
    """Judge files, given as texts by path, with some rules or all."""

    def __call__(
        self, files: str | dict[str, str], rules: Iterable[Rule] | None = None
    ) -> list[Judged]: ...


@pytest.fixture
def verdict_on(tmp_path: Path) -> VerdictOn:
    def verdict(
        files: str | dict[str, str], rules: Iterable[Rule] | None = None
    ) -> Verdict:
        texts = {"compose.yaml": files} if isinstance(files, str) else files
        main = next(iter(texts))
        given = Files(str(tmp_path), dict(texts))
        settings = Configs().of(given.root, given)
        policy = Policy(settings, given.root, ["strict"]) if settings else None
        rules = every_rule() if rules is None else rules
        bench = RuleRunner(Selection(["strict"]), rules, policy)
        path = str(tmp_path / main)
        found = named(path)
        if found.language != "dockerfile":
            found = Candidate(path, "named", path, "compose")
        [verdict] = Run(bench).judge(given, found)
        return verdict

    return verdict


@pytest.fixture
def judge(verdict_on: VerdictOn) -> Judge:
    def judged(
        files: str | dict[str, str], rules: Iterable[Rule] | None = None
    ) -> list[Judged]:
        return list(verdict_on(files, rules).findings)

    return judged


class VerdictOn(Protocol):
    """The verdict on files, given as texts by path."""

    def __call__(
        self, files: str | dict[str, str], rules: Iterable[Rule] | None = None
    ) -> Verdict: ...
