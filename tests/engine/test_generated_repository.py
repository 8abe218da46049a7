"""The repositories of ``tests/bench`` are the same each time, and have what they promise."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path, PurePosixPath

from tests.bench.generated_repository import files
from tests.bench.repositories import copy, generate
from tests.bench.repository_texts import COMPOSE_FILES, DOCKERFILES

_CODE = (".go", ".java", ".ts", ".py")


def test_a_size_has_the_same_files_each_time() -> None:
    found = list(files(1_000))
    assert found == list(files(1_000))
    assert len(dict(found)) == len(found) == 1_000


def test_most_files_are_code_and_few_mention_compose() -> None:
    found = dict(files(2_000))
    kinds = Counter(PurePosixPath(name).suffix for name in found)
    assert 0.7 < sum(kinds[one] for one in _CODE) / len(found) < 0.9
    assert all(kinds[one] for one in (".sh", ".md", ".yaml", ".json", ".yml"))
    mentions = sum(b"ompose" in text or b"docker" in text for text in found.values())
    assert 0.005 < mentions / len(found) < 0.03


def test_a_repository_has_three_commits_and_the_files_of_the_last(tmp_path: Path) -> None:
    made = generate(tmp_path / "made", 100)
    assert made.files == 100
    assert made.compose == sorted(COMPOSE_FILES)
    assert made.dockerfiles == sorted(DOCKERFILES)
    assert _git(made.folder, "status", "--short") == []
    [code] = _git(made.folder, "diff", "--name-only", "HEAD~1")
    assert code.endswith(_CODE)
    both = _git(made.folder, "diff", "--name-only", "HEAD~2")
    assert sorted(both) == sorted([code, "examples/quickstart/compose.yaml"])


def test_a_tree_is_copied_with_its_modes_and_links(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "a b").mkdir(parents=True)
    (tree / "a b" / "compose.yaml").write_text("services: {}\n", "utf-8")
    script = tree / "run.sh"
    script.write_text("true\n", "utf-8")
    script.chmod(0o755)
    (tree / "link").symlink_to("run.sh")
    made = copy(tmp_path / "made", tree)
    assert made.compose == ["a b/compose.yaml"]
    assert (made.folder / "link").readlink() == Path("run.sh")
    assert (made.folder / "run.sh").stat().st_mode & 0o100
    assert (made.folder / "a b" / "compose.yaml").read_text("utf-8").endswith("services: {}\n")


def _git(folder: Path, *words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()
