"""Every difference with hadolint and tally is documented, or Docker agrees with Tightship."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.migration.differential import DOCUMENTED, RIGHT, WRONG, differences, installed, judged
from tests.migration.dockerfile_steps import dockerfile

from tightship_annexes.migration.comparison import PeerFinding

NUMBER = 150


@pytest.mark.parametrize(("peer", "factor"), [("hadolint", 4), ("tally", 3)])
def test_each_difference_is_a_decision(tmp_path: Path, peer: str, factor: int) -> None:
    if installed(peer) is None:
        pytest.skip(f"{peer} is not installed")
    files = [tmp_path / f"{seed}" / "Dockerfile" for seed in range(NUMBER)]
    for seed, file in enumerate(files):
        file.parent.mkdir()
        file.write_text(dockerfile(seed), encoding="utf-8")
    found = differences(peer, files)
    lists = Counter[str]()
    wrong = list[str]()
    for one in found.lost:
        which, why = judged(one.finding, Path(one.finding.path).read_text("utf-8"))
        lists[which] += 1
        if which == WRONG:
            wrong.append(f"{one.finding.check} {one.finding.path}:{one.finding.line} {why}")
    assert not wrong, "\n".join(wrong)
    assert len(found.both) > factor * sum(lists.values())
    assert set(lists) == {DOCUMENTED, RIGHT}


@pytest.mark.parametrize(
    ("check", "step", "which"),
    [
        ("DL3003", "RUN make && cd docs && make", DOCUMENTED),
        ("DL3003", "RUN cd docs && make", WRONG),
        ("DL4006", "RUN echo a | tee /b", DOCUMENTED),
        ("DL4006", "RUN curl -fs x | tar x", WRONG),
        ("DL3025", "HEALTHCHECK CMD curl -f http://localhost/ || exit 1", DOCUMENTED),
        ("DL3025", "CMD python app.py", WRONG),
        ("DL3022", "COPY --from=nginx /a /b", DOCUMENTED),
        ("DL3042", "RUN pip install flask", WRONG),
        ("DL3004", "RUN sudo make", WRONG),
        ("buildkit:WorkdirRelativePath", 'WORKDIR "/a b"', RIGHT),
        ("buildkit:WorkdirRelativePath", "WORKDIR app", WRONG),
        ("tally:copy-after-user-without-chown", "COPY a /b", DOCUMENTED),
        ("tally:stateful-root-runtime", "VOLUME /data", WRONG),
        ("tally:user-created-but-never-used", "RUN useradd a", WRONG),
        ("tally:no-ungraceful-stopsignal", "STOPSIGNAL SIGKILL", WRONG),
    ],
)
def test_a_predicate_tells_one_list_from_another(check: str, step: str, which: str) -> None:
    text = f"FROM debian:12\n{step}\n"
    finding = PeerFinding("hadolint", check, "Dockerfile", 2, "")
    assert judged(finding, text)[0] == which
    shell = text.replace(step, f'SHELL ["pwsh", "-Command"]\n{step}')
    in_shell = RIGHT if step.startswith(("RUN", "CMD", "HEALTHCHECK")) else which
    assert judged(finding.replaced(line=3), shell)[0] == in_shell


@pytest.mark.parametrize("seed", [0, 7, 1999])
def test_a_seed_gives_the_same_dockerfile(seed: int) -> None:
    assert dockerfile(seed) == dockerfile(seed)
    assert dockerfile(seed).count("FROM ") >= 1
