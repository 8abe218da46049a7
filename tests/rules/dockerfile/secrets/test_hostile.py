"""Hostile Dockerfiles cost the rules about secrets little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of
from tests.rules.dockerfile.conftest import image
from tests.rules.dockerfile.secrets.conftest import PROJECT

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("dockerfile", "secrets")


@pytest.mark.exhaustive
def test_hostile_files_are_judged_in_time(judge: Judge) -> None:
    copies = "\n".join(f"COPY d{n} id_rsa /{n}/" for n in range(3_000))
    stages = "\n".join(f"FROM a:1 AS s{n}\nARG T{n}_TOKEN" for n in range(1_000))
    files = {"compose.yaml": PROJECT, **image(f"{copies}\n{stages}")}
    assert len(judge(files, RULES)) == 4_000
