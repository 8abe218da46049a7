"""Our targets are those that `docker buildx bake --print` shows."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any

import pytest
from tests.frontends.bake.cases import CASES, main_file, printed, recorded, texts
from tests.frontends.bake.targets_of import UNKNOWN, targets_of

KEYS = {
    "args": "args", "cache-from": "cache_from", "context": "context",
    "contexts": "additional_contexts", "dockerfile": "dockerfile",
    "dockerfile-inline": "dockerfile_inline", "labels": "labels", "no-cache": "no_cache",
    "networkmode": "network", "platforms": "platforms", "pull": "pull", "secret": "secrets",
    "shm-size": "shm_size", "ssh": "ssh", "tags": "tags", "target": "target",
}  # fmt: skip
DEFAULTS = {"context": ".", "dockerfile": "Dockerfile"}


def ours(case: str) -> dict[str, dict[str, object]]:
    files = texts(case)
    name = main_file(files)
    return targets_of(files[name], name, files)


def check(made: dict[str, dict[str, object]], answer: dict[str, Any]) -> None:
    assert sorted(made) == sorted(answer)
    for name, body in answer.items():
        own = made[name]
        assert UNKNOWN not in str(own)
        for key, expected in body.items():
            if key in KEYS and DEFAULTS.get(key) != expected:
                plain = str(expected).lower() if isinstance(expected, bool) else expected
                assert (name, key, own.get(KEYS[key])) == (name, key, plain)
        names = {ours for theirs, ours in KEYS.items() if theirs in body}
        more = {key for key, value in own.items() if value not in ([], {}) and key not in names}
        assert more <= {"network", "pull", "no_cache"}


@pytest.mark.parametrize("case", CASES)
def test_targets_are_those_that_bake_recorded(case: str) -> None:
    check(ours(case), recorded()[case])


def test_each_case_has_an_answer() -> None:
    assert [*recorded()] == sorted(CASES)


def _has_bake() -> bool:
    if shutil.which("docker") is None:
        return False
    made = subprocess.run(["docker", "buildx", "version"], capture_output=True, check=False)
    return made.returncode == 0


@pytest.mark.skipif(not _has_bake(), reason="there is no `docker buildx`")
@pytest.mark.parametrize("case", CASES)
def test_bake_still_says_so(case: str) -> None:
    assert printed(texts(case), [*recorded()[case]]) == recorded()[case]
