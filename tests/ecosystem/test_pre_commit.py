"""The hooks, run by the real pre-commit on real commits."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
import yaml
from hypothesis import given, strategies as st
from tests.ecosystem.conftest import Tree

from tightship.engine.plan.candidates import _OTHERS, language_of

if TYPE_CHECKING:
    Hook = dict[str, str | bool]

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = cast("list[Hook]", yaml.safe_load(MANIFEST.read_text("utf-8")))

GOOD = """\
services:
  web:
    image: example/web:1.29
    read_only: true
    user: "101"
    mem_limit: 64m
    cpus: 1
    pids_limit: 50
"""
BAD = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n"


# -- which files they are given


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_a_hook_gets_the_files_that_a_run_judges(hook: Hook) -> None:
    pattern = re.compile(str(hook["files"]))
    words = (
        *("compose", "docker-compose", "docker_compose", "dockercompose", "x.docker"),
        *("Dockerfile", "dockerfile", "Containerfile", "DOCKERFILE", "file", "my"),
    )
    ends = ("", ".yaml", ".yml", ".prod.yaml", "-dev.yml", "-dev", ".web", ".dockerfile")
    others = [f".{end}" for end in _OTHERS.replace("?", "").split("|")]
    for word in words:
        for end in (*ends, *others, ".a.md", ".md.a", ".YAML", ".jinja", ".yml"):
            for name in (f"{word}{end}", f"a{word}{end}", f"{word}er{end}"):
                known = language_of(name) is not None
                for path in (name, f"a/{name}", f"compose/Dockerfile/{name}"):
                    assert bool(pattern.search(path)) == known, path


@given(
    st.from_regex(
        r"\A(?i:[a-z.]{0,3}(?:docker|container)?[-_.]?(?:compose|file)?)"
        r"[-_.]?[a-z\n ]{0,3}[-_.]?(?:yaml|yml|md|in|dockerfile)?\Z"
    ).filter(lambda name: name and "/" not in name)
)
def test_hooks_match_any_judged_name(name: str) -> None:
    known = language_of(name) is not None
    for hook in HOOKS:
        assert bool(re.search(str(hook["files"]), f"a/{name}")) == known


def test_the_manifest_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(MANIFEST)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


# -- what they do


@pytest.fixture(scope="module")
def installed(
    tmp_path_factory: pytest.TempPathFactory,
    product: Tree,
    package_index: None,
    clean_environment: dict[str, str],
) -> Tree:
    """A project that has both hooks installed."""
    del package_index
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    tree = Tree(tmp_path_factory.mktemp("project") / "work", clean_environment)
    revision = product.run("git", "rev-parse", "HEAD").stdout.strip()
    tree.write(
        ".pre-commit-config.yaml",
        f"repos:\n- repo: {product.folder}\n  rev: {revision}\n  hooks:\n"
        "  - id: tightship-fix\n  - id: tightship\n",
    )
    tree.write("README.md", "nothing for a linter\n")
    tree.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    assert "Skipped" in tree.commit().stdout, "no file of ours is in this commit"
    return tree


@pytest.mark.exhaustive
def test_a_commit_with_errors_is_rejected(installed: Tree) -> None:
    installed.write("bad/compose.yaml", BAD)
    installed.write("bad/Dockerfile", "FROM node:12\n")
    done = installed.commit()
    assert done.returncode == 1
    assert re.search(r"^tightship\.+Failed$", done.stdout, re.MULTILINE)
    assert "[privileged-container]" in done.stdout
    assert "[base-image-past-end-of-life]" in done.stdout
    assert installed.run("git", "status", "--short").stdout, "nothing is committed"
    shutil.rmtree(installed.folder / "bad")
    installed.run("git", "add", "--all")


@pytest.mark.exhaustive
def test_a_clean_commit_passes(installed: Tree) -> None:
    installed.write("good/compose.yaml", GOOD)
    installed.write("good/compose.txt", BAD)
    done = installed.commit()
    assert done.returncode == 0, done.stdout
    assert re.search(r"^tightship\.+Passed$", done.stdout, re.MULTILINE)
    assert not installed.run("git", "status", "--short").stdout


@pytest.mark.exhaustive
def test_a_fixable_commit_is_fixed_and_then_passes(installed: Tree) -> None:
    path = installed.write("old/compose.yaml", f"version: '3'\n{GOOD}")
    done = installed.commit()
    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout, done.stdout
    assert path.read_text("utf-8") == GOOD
    assert installed.commit().returncode == 0
    assert not installed.run("git", "status", "--short").stdout


@pytest.mark.exhaustive
def test_excluded_files_do_not_stop_a_commit(installed: Tree) -> None:
    installed.write("vendor/deep/compose.yaml", f"version: '3'\n{BAD}")
    assert installed.commit().returncode == 1
    installed.run("git", "checkout", "-f", "--", ".")
    installed.write("tightship.toml", 'exclude = ["vendor/"]\n')
    path = installed.write("vendor/deep/compose.yaml", f"version: '3'\n{BAD}")
    done = installed.commit()
    assert done.returncode == 0, done.stdout
    assert path.read_text("utf-8").startswith("version"), "nor is it fixed"


@pytest.mark.exhaustive
def test_the_hooks_can_be_tried_without_being_installed(installed: Tree, product: Tree) -> None:
    installed.write("tried/compose.yaml", BAD)
    installed.run("git", "add", "--all")
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(product.folder)]
    done = installed.run(*command, "tightship", "--all-files", check=False)
    assert done.returncode == 1
    assert "[privileged-container]" in done.stdout
    shutil.rmtree(installed.folder / "tried")
    installed.run("git", "add", "--all")
