"""Large and hostile Dockerfiles: a check takes steps as its file has lines.

Steps are counted, not timed: the lines of Python that are run. What a string's own
methods cost does not show, so what is kept of long values is measured as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.bench.dockerfile_shapes import DOCKERFILES
from tests.checking import check
from tests.steps import steps

from tightship.frontends.dockerfile.build import MOST_TRIGGERED, Build
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tightship.engine.verdict import Verdict


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[str], Verdict]:
    """Return what checks a Dockerfile with every rule."""

    def run(text: str) -> Verdict:
        path = tmp_path / "Dockerfile"
        path.write_text(text, encoding="utf-8")
        [verdict] = check([str(path)], ["strict"])
        return verdict

    return run


@pytest.mark.parametrize("name", DOCKERFILES)
def test_the_steps_of_a_check_grow_with_the_file(
    name: str, checked: Callable[[str], Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Variables are sought some stages down: fewer than the smaller file has.
    monkeypatch.setattr("tightship.frontends.dockerfile.variable._DEEPEST", 20)
    checked(DOCKERFILES[name](20))  # loads what is loaded once
    small = steps(lambda: checked(DOCKERFILES[name](60)))
    large = steps(lambda: checked(DOCKERFILES[name](240)))
    assert large < 5 * small + 2_000


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nENV A=" + "a" * 60_000 + "\n" + "WORKDIR /$A\n" * 2_000,
        "FROM a\nENV A=" + "a" * 60_000 + "\n" + "ENV B=/$A\n" * 2_000,
        "FROM a\n" + "ENV PATH=/some/folder:$PATH\n" * 5_000,
        "ARG A=" + "a" * 60_000 + "\n" + "FROM a:$A\n" * 2_000,
        "FROM a AS b\nENV A=" + "a" * 60_000 + "\n" + "FROM b AS b\nUSER b$A\n" * 2_000,
    ],
    ids=["words", "variables", "appended", "stages", "chain"],
)
def test_long_values_in_many_places_do_not_fill_the_memory(text: str) -> None:
    made = Build(read(Source("Dockerfile", text)))
    words = [stage.base for stage in made.stages]
    for step in made.steps():
        words += step.arguments
        words += [pair.value for pair in getattr(step, "pairs", ())]
    texts = {id(word.text): len(word.text) for word in words if word is not None}
    assert sum(texts.values()) < 20_000_000
    assert any(word is not None and not word.decided for word in words[-10:])


def test_a_value_of_usual_length_is_known_wherever_it_is_used() -> None:
    text = "FROM scratch\nENV PATH=/usr/local/bin:/usr/bin:/bin\n"
    made = Build(read(Source("Dockerfile", text + "WORKDIR /a:$PATH\n" * 10_000)))
    [stage] = made.stages
    assert all(step.arguments[0].decided for step in stage.steps[1:])


def test_triggers_in_many_stages_have_a_reported_limit(checked: Callable[[str], Verdict]) -> None:
    held, stages = 200, MOST_TRIGGERED // 200
    text = "FROM a:1 AS a\n" + "ONBUILD EXPOSE 80\n" * held + "FROM a\n" * stages
    made = Build(read(Source("Dockerfile", text)))
    assert made.cut is None
    assert all(len(stage.effective_steps) == held for stage in made.stages[1:])
    made = Build(read(Source("Dockerfile", text + "FROM a AS last\n" * 3)))
    assert made.cut is made.stages[stages + 1]
    assert not made.stages[-1].effective_steps
    verdict = checked(text + "FROM a AS last\n")
    [gap] = (one for one in verdict.findings if one.rule.name == "not-checked")
    assert gap.span.text == "last"
