"""The cases in `facts/other_linters.toml` that only one of two linters reports, here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check

from tightship_annexes.migration.translation import every_check

if TYPE_CHECKING:
    from pathlib import Path

_CASES = {one.id: one for checks in every_check().values() for one in checks}

# A check, the beginning of a case, and instructions below `FROM debian:12`.
STRICTER = [
    ("DL3000", "instructions in ONBUILD", "ONBUILD WORKDIR app"),
    ("DL3001", "editors, `ifconfig`", "RUN ifconfig"),
    ("DL3004", "the program by its path", "RUN sh -c '/usr/bin/sudo make'"),
    ("DL3006", "registries without a dot", "FROM localhost:5000/app"),
    ("DL3009", "other package managers", "RUN apt-get update && rm -rf /tmp/a"),
    ("DL3010", "options of `tar`", "COPY a.tgz /\nRUN tar xf /a.tgz"),
    ("DL3013", "other package managers", "RUN pip install -r a.txt flask"),
    ("DL3014", "other commands that ask", "RUN apt-get upgrade"),
    ("DL3016", "other package managers", "RUN npm i express"),
    ("DL3027", "the program by its path", "RUN sudo apt install curl"),
    ("DL3028", "other package managers", "RUN gem install -N rails"),
    ("DL3033", "`apt install`", "RUN yum install -y java-21-openjdk"),
    ("DL3034", "other commands that ask", "RUN zypper update"),
    ("DL3045", "ADD", "ADD a.tar b/"),
    ("DL3046", "`--uid`", "RUN useradd --uid 100000 app"),
    ("DL3048", "other characters", 'LABEL a_b="c"'),
    ("DL3059", "steps with two commands", "RUN a && b\nRUN c"),
    ("DL3062", "other package managers", "RUN go install example.org/a@main"),
    ("DL4006", "instructions in ONBUILD", "ONBUILD RUN make | sort"),
]
LAXER = [
    ("DL3022", "a variable and capitals", "COPY --from=Build /a /b"),
    ("DL3064", "placeholders", "ENV CLIENT_KEY=aB3dE5gH7"),
    ("DL3066", "names that a step", "ARG U\nUSER ${U}"),
    ("DL3067", "an image in place", "COPY --from=tonistiigi/xx / /"),
]


def _is_found(folder: Path, check_id: str, steps: str) -> bool:
    file = folder / "Dockerfile"
    file.write_text(f"FROM debian:12\n{steps}\n", encoding="utf-8")
    [verdict] = check([str(file)], (check_id,))
    return bool(verdict.findings)


@pytest.mark.parametrize(("id", "case", "steps"), STRICTER)
def test_only_tightship_reports(tmp_path: Path, id: str, case: str, steps: str) -> None:
    assert any(one.startswith(case) for one in _CASES[id].stricter)
    assert _is_found(tmp_path, id, steps)


@pytest.mark.parametrize(("id", "case", "steps"), LAXER)
def test_only_the_other_linter_reports(tmp_path: Path, id: str, case: str, steps: str) -> None:
    assert any(one.startswith(case) for one in _CASES[id].laxer)
    assert not _is_found(tmp_path, id, steps)
