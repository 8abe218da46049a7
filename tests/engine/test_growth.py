"""Large and hostile Dockerfiles: a check takes steps as its file has lines.

Steps are counted, not timed: the lines of Python that are run. What a string's own
methods cost does not show, so what is kept of long values is measured as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.engine.steps import steps

from tightship.dockerfile.build import MOST_TRIGGERED, Build
from tightship.engine.check import check
from tightship.engine.settings.selection import Selection
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tightship.engine.verdict import Verdict


def every(n: int, *lines: str) -> str:
    """Return lines n times over; ``{i}`` is the number, ``{j}`` the one before."""
    return "".join(
        line.format(i=i, j=i - 1) + "\n" for i in range(1, n + 1) for line in lines
    )


def chain(n: int, *lines: str) -> str:
    """Return stages that are each based on the one before, with lines in each."""
    return "FROM alpine:3.22 AS s0\n" + every(n, "FROM s{j} AS s{i}", *lines)


OURS = "# tightship: ignore[world-writable-path] they are shared"

GROWING: dict[str, Callable[[int], str]] = {
    "stages": lambda n: every(n, "FROM alpine:3.22 AS s{i}"),
    "stages of one name": lambda n: every(n, "FROM alpine:3.22 AS s"),
    "names in capitals": lambda n: every(n, "FROM alpine:3.22 AS S{i}"),
    "a chain": chain,
    "a chain with a variable": lambda n: chain(n, "ENV A{i}=$A{j}", "ARG B={i}"),
    "a chain with a command": lambda n: chain(n, "ENTRYPOINT a", "CMD b"),
    "a chain with users": lambda n: chain(n, "RUN useradd u{i}", "USER u{i}"),
    "a chain with files": lambda n: chain(n, "COPY --from=s{j} .env /etc/passwd"),
    "a chain with volumes": lambda n: chain(n, "VOLUME /a{i}", "EXPOSE 22"),
    "a chain with shells": lambda n: chain(n, 'SHELL ["bash", "-c"]', "RUN a | b"),
    "a chain with triggers": lambda n: chain(n, "ONBUILD ENV A=$B"),
    "arguments before": lambda n: every(n, "ARG A{i}=$A{j}") + "FROM a:$A1\n",
    "arguments before, each used": lambda n: (
        every(n, "ARG A{i}=1") + every(n, "FROM a:$A{i}")
    ),
    "arguments": lambda n: "FROM a:1\n" + every(n, "ARG A{i}=$A{j}"),
    "one argument": lambda n: "FROM a:1\n" + every(n, "ARG A=$A"),
    "variables": lambda n: "FROM a:1\n" + every(n, "ENV A{i}=$A{j}"),
    "one variable": lambda n: "FROM a:1\n" + every(n, "ENV PATH=/a:$PATH"),
    "unset variables": lambda n: "FROM scratch\n" + every(n, "WORKDIR /a$B{i}"),
    "copies": lambda n: "FROM a AS b\nFROM c\n" + every(n, "COPY --from=b d e"),
    "copies from images": lambda n: "FROM a\n" + every(n, "COPY --from=b{i} c d"),
    "copies from no stage": lambda n: (
        every(n, "FROM a:1 AS build{i}") + every(n, "COPY --from=biuld{i} c d")
    ),
    "mounts": lambda n: "FROM a AS b\n" + every(n, "RUN --mount=from=b,target=/c d"),
    "commands": lambda n: "FROM a:1\n" + every(n, "RUN chmod 777 /a{i} && sudo b"),
    "one command": lambda n: "FROM a:1\nRUN a" + " \\\n && apt-get install b" * n,
    "downloads": lambda n: "FROM a:1\nRUN b" + " && curl http://c -o d && sh d" * n,
    "users": lambda n: "FROM scratch\n" + every(n, "RUN adduser u{i}", "USER u{i}"),
    "secrets": lambda n: "FROM a:1\n" + every(n, "COPY id_rsa /a{i}/.ssh/id_rsa"),
    "volumes": lambda n: "FROM a:1\n" + every(n, "VOLUME /a{i}", "RUN touch /a{i}/b"),
    "triggers": lambda n: "FROM a:1\n" + every(n, "ONBUILD COPY b{i} c"),
    "comments": lambda n: "FROM a:1\n" + every(n, "# a"),
    "comments that accept": lambda n: "FROM a:1\n" + every(n, OURS) + "RUN a\n",
    "comments above findings": lambda n: (
        "FROM a:1\n" + every(n, OURS, "RUN chmod 777 /b")
    ),
    "comments above stages": lambda n: every(n, OURS, "FROM a"),
    "comments for the file": lambda n: (
        "FROM a:1\n"
        + every(n, OURS.replace("ignore", "ignore-file"), "RUN chmod 777 /b")
    ),
}


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[str], Verdict]:
    """Return what checks a Dockerfile with every rule."""

    def run(text: str) -> Verdict:
        path = tmp_path / "Dockerfile"
        path.write_text(text, encoding="utf-8")
        [verdict] = check([str(path)], Selection(["strict"]))
        return verdict

    return run


@pytest.mark.parametrize("name", GROWING)
def test_the_steps_of_a_check_grow_with_the_file(
    name: str, checked: Callable[[str], Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Variables are sought some stages down: fewer than the smaller file has.
    monkeypatch.setattr("tightship.dockerfile.scope._DEEPEST", 20)
    checked(GROWING[name](20))  # loads what is loaded once
    small = steps(lambda: checked(GROWING[name](60)))
    large = steps(lambda: checked(GROWING[name](240)))
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


def test_triggers_that_many_stages_take_up_have_a_limit_and_it_is_told(
    checked: Callable[[str], Verdict],
) -> None:
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
