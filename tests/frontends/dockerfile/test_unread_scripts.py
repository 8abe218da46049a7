"""Shell scripts that a limit cuts off: what is not read is a gap, and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.syntax.shell import text

if TYPE_CHECKING:
    from tests.conftest import VerdictOn

NESTED = 'sh -c \'sh -c "sh -c \\"eval curl http://x\\""\''


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("RUN " + "{ " * 41 + "curl http://x | sh; " + "}; " * 40 + "}", "too deeply"),
        ("RUN <<E\n" + "echo a b\n" * 340 + "chmod 777 /x\nE", "too long"),
        ("RUN <<E\n" + "a | " * 501 + "sh\nE", "too long"),
        (f"RUN {NESTED}", "scripts within scripts"),
        ("RUN " + "sudo " * 31 + "chmod 777 /x", "run one another"),
    ],
    ids=["blocks", "lines", "pipes", "scripts", "programs"],
)
@pytest.mark.parametrize("services", [0, 2])
def test_a_script_beyond_the_limit_is_a_gap(
    step: str, reason: str, services: int, verdict_on: VerdictOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "MAX_NODES", 1_000)
    files = {"Dockerfile": f"FROM alpine:3.22\n{step}\n"}
    names = "".join(f"  s{n}: {{build: {{context: ., args: [A={n}]}}}}\n" for n in range(services))
    if names:
        files = {"compose.yaml": f"services:\n{names}", **files}
    verdict = verdict_on(files)
    assert len(verdict.gaps) == 1
    [gap] = [one for one in verdict.findings if one.rule.name == "not-checked"]
    assert gap.span.source.name == "Dockerfile"
    assert "the rest of this script was not checked" in gap.finding.message
    assert reason in gap.finding.message


@pytest.mark.parametrize("wrappers", [0, 9, 25])
def test_programs_that_run_another_one_are_followed(wrappers: int, verdict_on: VerdictOn) -> None:
    step = "RUN " + "nice " * wrappers + "chmod 777 /x"
    verdict = verdict_on({"Dockerfile": f"FROM alpine:3.22\n{step}\n"})
    assert len(verdict.gaps) == 0
    assert "world-writable-path" in {one.rule.name for one in verdict.findings}
