"""What the tests of other people's tools share: repositories, and package indexes."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = (
    *("linter", "lsp", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"),
    *(".pre-commit-hooks.yaml", "action.yml"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fleet", action="store_true", help="run Apache Spark")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--fleet", default=False):
        return
    skip = pytest.mark.skip(reason="Apache Spark is run by `make test-fleet`")
    for item in items:
        if item.get_closest_marker("fleet"):
            item.add_marker(skip)


class Tree:
    """A work tree of Git, in which commands are run as a user of it would."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        folder.mkdir(parents=True, exist_ok=True)
        self.run("git", "init", "--quiet", "--initial-branch=main")

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        assert not check or done.returncode == 0, done.stdout
        return done

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def commit(self) -> subprocess.CompletedProcess[str]:
        self.run("git", "add", "--all")
        return self.run("git", "commit", "--quiet", "--message=change", check=False)


@functools.cache
def index_is_there() -> bool:
    """Tell whether pip gets what a build of the product starts with."""
    pip = [sys.executable, "-m", "pip", "--quiet", "download", "--no-deps"]
    where = Path(os.environ.get("TMPDIR", "/tmp")) / f"tightship-index-{os.getpid()}"
    try:
        command = [*pip, "--retries=1", "--timeout=20", "--dest", str(where), "hatchling"]
        return subprocess.run(command, capture_output=True).returncode == 0
    finally:
        shutil.rmtree(where, ignore_errors=True)


@pytest.fixture(scope="session")
def package_index() -> None:
    """Skip where nothing can be installed."""
    if not index_is_there():
        pytest.skip("no package index to install from")


@pytest.fixture(scope="session")
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a user who has set up nothing but a way to packages."""
    home = tmp_path_factory.mktemp("home")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT", "VIRTUAL_ENV"))
        and name not in ("PYTHONPATH", "NO_COLOR", "FORCE_COLOR")
    }
    person = {"NAME": "someone", "EMAIL": "someone@example.org"}
    names = {f"GIT_{w}_{k}": v for w in ("AUTHOR", "COMMITTER") for k, v in person.items()}
    return (
        kept
        | names
        | {
            "HOME": str(home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        }
    )


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, clean_environment: dict[str, str]) -> Tree:
    """A repository that holds the product as it is here and now."""
    tree = Tree(tmp_path_factory.mktemp("product"), clean_environment)
    for name in PRODUCT:
        given, copy = ROOT / name, tree.folder / name
        if given.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
            shutil.copytree(given, copy, ignore=ignored)
        elif given.exists():
            shutil.copy(given, copy)
    assert tree.commit().returncode == 0
    return tree
