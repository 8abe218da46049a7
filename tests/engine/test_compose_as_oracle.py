"""Nothing that Compose runs is left out: each service and each Dockerfile that it builds.

The trees are the corpora, the projects of the tests, the shapes of repositories, and those
that Compose's answers were recorded for.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.conftest import CORPUS
from tests.engine.roles.test_shapes import SHAPES

from tightship.engine.check import check
from tightship.engine.plan.candidates import language_of, main_file
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths
from tightship.lazy import Record
from tightship.values.compose_name import MAIN_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_TESTS = Path(__file__).parents[1]
_PROJECTS = _TESTS / "projects" / "effective"
_RECORDED = _TESTS / "oracles" / "compose-config.json"


class Judged(Record):
    """What a run judges, by the path of a file.

    ``services`` are those of the projects that have the file, ``builders`` those that are
    judged with a Dockerfile, and ``parts`` the files that only complete others.
    ``vendored`` are the files that are left out as code of other people.
    """

    services: dict[str, set[str]]
    builders: dict[str, set[str]]
    parts: set[str]
    vendored: set[str]


def _judged(top: Path) -> Judged:
    found = Judged({}, {}, set(), set())
    configs = Configs(isolated=True)

    plan = plan_paths([str(top)], configs)
    for one in check(plan):
        compose = one.project.compose if one.project is not None else None
        for source in one.sources if compose is not None else ():
            path = os.path.join(one.root, source.name)
            found.services.setdefault(path, set()).update(compose.services if compose else ())
        for name, services in one.builders.items():
            found.builders.setdefault(os.path.join(one.root, name), set()).update(services)
        found.parts.update(os.path.join(one.root, name) for name in one.parts)
    return found


def _invocations(top: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each file that Compose may be called with, and the options for it."""
    for path in sorted(top.rglob("*.y*ml")):
        if language_of(path.name) != "compose" or "node_modules" in path.parts:
            continue
        main = main_file(str(path.parent))
        beside = next(name for name in (*MAIN_NAMES, path.name) if (path.parent / name).exists())
        if path.name != beside:
            yield str(path), ["-f", path.name]
        elif main is not None:
            yield main, []


def _silent(top: Path, program: str, loaded: list[str]) -> Iterator[str]:
    """Yield what Compose runs or builds below a folder, and no verdict is on.

    The files that Compose loads are added to ``loaded``: without any, nothing was asked.
    """
    top = top.resolve()
    judged = _judged(top)
    for path, options in _invocations(top):
        done = subprocess.run(
            [program, *options, "--profile", "*", "config"],
            cwd=os.path.dirname(path),
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            check=False,
        )
        if done.returncode or path in judged.vendored:
            continue
        loaded.append(path)
        services: Mapping[str, Any] = yaml.safe_load(done.stdout)["services"]
        have = judged.services.get(path)
        for name, service in services.items() if path not in judged.parts else ():
            if have is None or name not in have:
                yield f"{path}: {name}"
            file = _dockerfile(service.get("build"))
            is_read = file is not None and file.is_relative_to(top) and file.is_file()
            if is_read and name not in judged.builders.get(str(file), ()):
                yield f"{path}: {name}: {file}"
        if have is None:
            yield path


def _dockerfile(build: Any) -> Path | None:
    """Return the path of the Dockerfile of a build."""
    if not build or "dockerfile_inline" in build or "://" in build["context"]:
        return None
    return Path(build["context"], build["dockerfile"]).resolve()


_EXHAUSTIVE = pytest.mark.exhaustive  # Compose takes 0.1 s for each file
_SAMPLE = sorted({path.parent for path in CORPUS.rglob("compose.y*ml")})[::8]
_FOLDERS = [
    *(
        pytest.param(one, id=one.name)
        for one in (*_SAMPLE, _PROJECTS / "monorepo", _PROJECTS / "web-shop")
    ),
    *(pytest.param(one, id=str(one), marks=_EXHAUSTIVE) for one in (CORPUS, _TESTS / "projects")),
]


@pytest.mark.parametrize("top", _FOLDERS)
def test_everything_of_a_folder_is_judged(top: Path, docker_compose: str) -> None:
    if not top.is_dir():
        pytest.skip("no corpus: name its folder in TIGHTSHIP_CORPUS")
    loaded = list[str]()
    assert [*_silent(top, docker_compose, loaded)] == []
    assert loaded


@pytest.mark.parametrize("step", [20, pytest.param(1, marks=_EXHAUSTIVE)])
def test_everything_of_a_written_tree_is_judged(
    tmp_path: Path, docker_compose: str, step: int
) -> None:
    recorded = json.loads(_RECORDED.read_text("utf-8"))
    loaded = list[str]()
    trees = [*(one.files for one in SHAPES), *(one["files"] for one in recorded)]
    for n, texts in enumerate(trees[::step]):
        for name, text in texts.items():
            path = tmp_path / str(n) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert [*_silent(tmp_path / str(n), docker_compose, loaded)] == []
    assert len(loaded) > len(trees[::step]) // 2
