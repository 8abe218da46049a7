"""What all tests share: how much is run, and a way to judge texts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import settings
from tests.checking import judged
from tests.generate import day

from tightship.engine.disk.files import Files
from tightship.engine.plan.candidates import Candidate, named
from tightship.engine.plan.config_files import Configs
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings import CommandLine
from tightship.engine.settings.rule_settings import RuleSettings
from tightship.engine.settings.selection import MissingExtraError, Selection
from tightship.engine.shellcheck.program import shellcheck_program
from tightship.images import facts, lookup
from tightship.images.facts import ImageFamily
from tightship.rules import every_rule
from tightship.text import Source
from tightship.values import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.rules.definition import Rule
    from tightship.values.image import Image


# Reports are as wide as it says, and a shell may have set it for this run.
os.environ.pop("COLUMNS", None)

# How long an example takes says more of what else the machine does than of the code.
# A property whose examples are slow asks for a part of `settings().max_examples`.
# CI takes the same examples each time, so that a change is judged by what it changes;
# elsewhere each run has new ones.
_ALIKE = bool(os.environ.get("CI"))
for _name, _most in (("quick", 50), ("exhaustive", 500)):
    settings.register_profile(_name, deadline=None, max_examples=_most, derandomize=_ALIKE)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--exhaustive",
        action="store_true",
        help="run the tests marked `exhaustive` too, and ten times as many examples",
    )


def pytest_configure(config: pytest.Config) -> None:
    exhaustive = config.getoption("--exhaustive")
    settings.load_profile("exhaustive" if exhaustive else "quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is exhaustive, unless it is asked for."""
    if config.getoption("--exhaustive"):
        return
    left_out = [item for item in items if item.get_closest_marker("exhaustive")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("exhaustive")]


CORPUS = Path(os.environ.get("TIGHTSHIP_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


@pytest.fixture(scope="session")
def docker_compose() -> str:
    """Return the path of docker-compose, which needs no engine to read files."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed")
    return program


@pytest.fixture(scope="session")
def corpus() -> list[Source]:
    """Return real Compose files, from the folder that TIGHTSHIP_CORPUS names."""
    paths = sorted(CORPUS.rglob("*compose*.y*ml"))
    if not paths:
        pytest.skip("no corpus of Compose files: name its folder in TIGHTSHIP_CORPUS")
    return [Source(p.name, p.read_bytes().decode("utf-8")) for p in paths]


@pytest.fixture(scope="session")
def dockerfiles() -> list[Source]:
    """Return real Dockerfiles, from the folder that TIGHTSHIP_CORPUS names."""
    paths = sorted(path for path in CORPUS.rglob("*ockerfile*") if path.is_file())
    if not paths:
        pytest.skip("no corpus of Dockerfiles: name its folder in TIGHTSHIP_CORPUS")
    return [Source(str(p), p.read_bytes().decode("utf-8")) for p in paths]


@pytest.fixture(scope="session", autouse=True)
def _same_day() -> Iterator[None]:
    """Make every run of the tests one of the same day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quantity, "today", day.today)
        yield


@pytest.fixture
def known_image(monkeypatch: pytest.MonkeyPatch) -> ImageFamily:
    """Make ``x`` a well-known image: one that writes to two paths and needs no capability."""
    source = facts.Source("measured", "this test")
    family = ImageFamily(
        ("x",),
        "an image of the tests",
        "all tags",
        user=(facts.User(source, (), "root"),),
        volumes=(),
        writes=tuple(facts.Write(source, (), path, "") for path in ("/tmp", "/run")),
        capabilities=(),
        read_only=(facts.ReadOnly(source, (), works=True),),
        new_privileges=(facts.NewPrivileges(source, (), needed=False),),
        memory=(facts.Memory(source, (), "64m", load="a load"),),
    )
    real = lookup.find

    def find(image: Image) -> ImageFamily | None:
        return family if image.familiar == "x" else real(image)

    monkeypatch.setattr(lookup, "find", find)
    return family


def words_for(rules: Iterable[Rule] | None) -> list[str]:
    """Return the words that select some rules; those of ShellCheck need the program."""
    if [rule.name for rule in rules or ()] != ["shellcheck-finding"]:
        return ["strict"]
    needs_shellcheck()
    return ["strict", "shellcheck"]


def needs_shellcheck() -> None:
    """Skip a test if ShellCheck is not installed."""
    try:
        shellcheck_program()
    except MissingExtraError:
        pytest.skip("ShellCheck is not installed: the extra `shellcheck` brings it")


class Judge(Protocol):
    """Judge files, given as texts by path, with some rules or all."""

    def __call__(
        self, files: str | dict[str, str], rules: Iterable[Rule] | None = None
    ) -> list[JudgedFinding]: ...


@pytest.fixture
def verdict_on(tmp_path: Path) -> VerdictOn:
    def verdict(files: str | dict[str, str], rules: Iterable[Rule] | None = None) -> Verdict:
        texts = {"compose.yaml": files} if isinstance(files, str) else files
        main = next(iter(texts))
        given = Files(str(tmp_path), dict(texts))
        settings = Configs().of(given.root, given)
        rules = None if rules is None else [*rules]
        words = words_for(rules)
        rule_settings = RuleSettings(settings, given.root, CommandLine(words)) if settings else None
        rules = every_rule() if rules is None else rules
        bench = RuleRunner(Selection(words), rules, rule_settings)
        path = str(tmp_path / main)
        found = named(path)
        if found.language != "dockerfile":
            found = Candidate(path, "named", path, "compose")
        [verdict] = judged(given, found, bench)
        return verdict

    return verdict


@pytest.fixture
def judge(verdict_on: VerdictOn) -> Judge:
    def judged(
        files: str | dict[str, str], rules: Iterable[Rule] | None = None
    ) -> list[JudgedFinding]:
        return list(verdict_on(files, rules).findings)

    return judged


class VerdictOn(Protocol):
    """The verdict on files, given as texts by path."""

    def __call__(
        self, files: str | dict[str, str], rules: Iterable[Rule] | None = None
    ) -> Verdict: ...
