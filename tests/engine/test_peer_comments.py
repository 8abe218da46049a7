"""Comments for other linters hold where they hold there, and for what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.engine.accept.peer_comments import in_dockerfile, in_yaml
from tightship.syntax.dockerfile import read as dockerfile_read
from tightship.syntax.yaml import read as yaml_read
from tightship.text import Source

if TYPE_CHECKING:
    from tests.conftest import VerdictOn

    from tightship.engine.verdict import Verdict


def accepted_lines(verdict: Verdict, rule: str) -> list[int]:
    """Return the lines, from 1 on, of the findings of a rule that a comment accepts."""
    return sorted(
        one.span.source.point(one.span.start)[0] + 1
        for one in verdict.accepted
        if one.rule.name == rule
    )


@pytest.fixture
def lines(verdict_on: VerdictOn) -> Lines:
    def run(text: str, rule: str = "sudo-in-image") -> list[int]:
        name = "compose.yaml" if text.startswith("services:") else "Dockerfile"
        return accepted_lines(verdict_on({name: text}), rule)

    return run


if TYPE_CHECKING:
    from collections.abc import Callable

    Lines = Callable[..., list[int]]


# -- hadolint: each row was seen in hadolint 2.15.1, or is in its tests

SUDO = "RUN sudo true\n"


@pytest.mark.parametrize(
    ("comment", "works"),
    [
        ("# hadolint   ignore = DL3004", True),
        ("#\thadolint\tignore=DL3004 , DL3025 # both", True),
        ("# hadolint ignore=DL9999,DL3004", True),
        ("# hadolint ignore=crazy,DL3004", False),
        ("# hadolint ignore=DL3004,root-user", False),
        ("# hadolint ignore=dl3004", False),
        ("# Hadolint ignore=DL3004", False),
        ("# hadolint ignore=DL3004 why", False),
        ("# hadolint ignore=DL3004;why", False),
        ("## hadolint ignore=DL3004", False),
        ("# note hadolint ignore=DL3004", False),
        ("# hadolint ignore=all", False),
        ("# hadolint  global  ignore = DL3025,DL3004", True),
    ],
)
def test_spaces_and_words_in_comments_of_hadolint(comment: str, works: bool, lines: Lines) -> None:
    assert lines(f"FROM alpine:3.22\n{comment}\n{SUDO}") == [3] * works


def test_a_comment_of_hadolint_within_an_instruction_has_no_effect(lines: Lines) -> None:
    for scope in ("", "global ", "stage "):
        text = f"FROM alpine:3.22\nRUN a && \\\n# hadolint {scope}ignore=DL3004\n sudo x\n"
        assert lines(text + SUDO) == []


def test_a_stage_comment_of_hadolint_reaches_the_next_from(lines: Lines) -> None:
    comment = "# hadolint stage ignore=DL3004,DL3007\n"
    above = f"{comment}FROM alpine:latest AS a\n{SUDO}CMD x\n{SUDO}"
    text = f"{above}FROM alpine:latest\n{SUDO}"
    assert lines(text) == [3, 5]
    assert lines(text, "latest-base-image") == [6]
    assert lines(f"FROM alpine:3.22\n{comment}{SUDO}{SUDO}FROM b:1\n{SUDO}") == [4]
    long = "RUN true && \\\n  sudo true\n"
    assert lines(f"FROM alpine:3.22\n{comment}{long}{SUDO}") == [5]
    assert lines(comment + "\n" + above.replace(comment, "")) == []
    assert lines(f"FROM alpine:3.22\n{SUDO}{comment}") == []


def test_a_global_comment_of_hadolint_holds_for_every_stage(lines: Lines) -> None:
    text = f"FROM a:1\n{SUDO}FROM b:1\n{SUDO}# hadolint global ignore=DL3004\n"
    assert lines(text) == [2, 4]


# -- BuildKit


@pytest.mark.parametrize(
    ("comment", "works"),
    [
        ("# check=skip=LegacyKeyValueFormat", True),
        ("# CHECK = skip = Nothing, LegacyKeyValueFormat;error=true", True),
        ("# check=error=true;skip=all", True),
        ("# check=skip=LegacyKeyValueFormat\n# another", True),
        ("# check=skip=LegacyKeyValueFormat\n", False),
        ("# check=skip=StageNameCasing", False),
        ("# check=error=true", False),
    ],
)
def test_a_check_comment_holds_for_its_instruction(comment: str, works: bool, lines: Lines) -> None:
    head = "FROM alpine:3.22\nENV A b\n"
    line = 3 + len(f"{comment}\n".splitlines())
    found = lines(f"{head}{comment}\nENV C d\nENV E f\n", "legacy-key-value")
    assert found == [line] * works


CASING = 'FROM alpine:3.22 as Base\nrun true\nEXPOSE 53/UDP\nUSER 1\nCMD ["x"]\n'


@pytest.mark.parametrize(
    ("check", "found"),
    [
        ("FromAsCasing", ["as"]),
        ("StageNameCasing", ["Base"]),
        ("ConsistentInstructionCasing", ["run"]),
        ("ExposeProtoCasing", ["53/UDP"]),
        ("FromAsCasing,StageNameCasing", ["Base", "as"]),
        ("all", ["53/UDP", "Base", "as", "run"]),
    ],
)
def test_a_check_is_skipped_and_not_its_neighbours(
    check: str, found: list[str], verdict_on: VerdictOn
) -> None:
    verdict = verdict_on({"Dockerfile": f"# check=skip={check}\n{CASING}"})
    assert sorted(one.span.text for one in verdict.accepted) == found


@pytest.mark.parametrize(
    ("ignored", "text"),
    [("DL4003", "CMD"), ("trivy:DS-0007", "ENTRYPOINT"), ("DL3012", "HEALTHCHECK")],
)
def test_an_ignored_id_means_its_findings_alone(
    ignored: str, text: str, verdict_on: VerdictOn
) -> None:
    once = 'CMD ["a"]\nENTRYPOINT ["b"]\nHEALTHCHECK NONE\n'
    files = {"Dockerfile": f"FROM alpine:3.22\n{once}{once}"}
    everything = {"CMD", "ENTRYPOINT", "HEALTHCHECK"}
    assert _repeated(verdict_on(files)) == everything
    for settings in (
        f'ignore = ["{ignored}"]',
        f'[[per-path]]\npaths = ["*"]\nignore = ["{ignored}"]\nreason = "x"',
    ):
        left = _repeated(verdict_on({**files, "tightship.toml": settings}))
        assert left == everything - {text}
    settings = 'ignore = ["repeated-instruction"]'
    assert not _repeated(verdict_on({**files, "tightship.toml": settings}))


def _repeated(verdict: Verdict) -> set[str]:
    return {one.span.text for one in verdict.findings if one.rule.name == "repeated-instruction"}


def test_a_finding_is_known_only_by_ids_of_its_rule(verdict_on: VerdictOn) -> None:
    text = (
        "FROM $A:$B\nEXPOSE 99999\nONBUILD FROM x\nCMD a\nCMD b\nENTRYPOINT a\n"
        "ENTRYPOINT b\nHEALTHCHECK NONE\nHEALTHCHECK NONE\nFROM x:1 AS y\n"
        "COPY --from=y a b\nCOPY --from=z a b\nFROM x:1 AS z\nEXPOSE 5/UDP\nrun a\n"
    )
    known: dict[str, set[str]] = {}
    for one in verdict_on({"Dockerfile": text}).findings:
        if one.finding.known_as is not None:
            assert set(one.finding.known_as) <= set(one.rule.aliases)
            known.setdefault(one.rule.name, set()).update(one.finding.known_as)
    assert {"DL3011", "DL3043"} <= known["invalid-dockerfile"]
    assert {"DL3022", "DL3023"} <= known["undefined-stage"]
    assert {"DL3012", "DL4003", "DL4004"} <= known["repeated-instruction"]
    assert "buildkit:UndefinedArgInFrom" in known["undefined-argument-in-from"]


# -- tally


@pytest.mark.parametrize(
    ("comment", "works"),
    [
        ("# tally ignore=hadolint/DL3004", True),
        ("# tally ignore=foo, DL3004;reason=it must\n\n# other", True),
        ("# tally ignore=all", True),
        ("# tally global ignore=hadolint/DL3004", True),
        ("# tally ignore=hadolint/DL3004 why", False),
        ("# tally ignore=buildkit/LegacyKeyValueFormat", False),
    ],
)
def test_comments_for_tally_apply(comment: str, works: bool, lines: Lines) -> None:
    text = f"FROM alpine:3.22\n{comment}\n{SUDO}"
    assert len(lines(text)) == works


def test_the_reason_for_tally_is_kept(verdict_on: VerdictOn) -> None:
    text = f"FROM alpine:3.22\n# tally ignore=DL3004;reason=it must\n{SUDO}"
    [one] = verdict_on({"Dockerfile": text}).accepted
    assert one.accepted is not None
    assert one.accepted.reason == "it must"


# -- KICS, Trivy, Checkov, Semgrep


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("# trivy:ignore:DS-0010", [3]),
        ("#trivy:ignore:AVD-DS-0010 trivy:ignore:DS-0001", [3]),
        ("# trivy:ignore:ds010", [3]),
        ("# trivy:ignore:DS-0010:exp:2199-01-01", [3]),
        ("# trivy:ignore:DS-0010:exp:2020-01-01", []),
        ("# trivy:ignore:DS-0001", []),
        ("#checkov:skip=CKV2_DOCKER_1:it has to", [3, 4]),
        ("# checkov:skip=CKV_DOCKER_99,CKV2_DOCKER_1", [3, 4]),
        ("# checkov:skip=CKV_DOCKER_1", []),
        ("# kics-scan disable=8ada6e80-0ade-439e-b176-0b28f6bce35a,00000000", [3, 4]),
        ("# kics-scan ignore-line", [3]),
        ("# kics-scan ignore-block", [3]),
        ("# kics-scan ignore", []),
        ("# nosemgrep", [3]),
        ("# nosemgrep: dockerfile.security.no-sudo-in-dockerfile.no-sudo-in-dockerfile", [3]),
        ("# nosem: other, no-sudo-in-dockerfile", [3]),
        ("# nosemgrep: other", []),
    ],
)
def test_comments_for_scanners_apply_in_a_dockerfile(
    comment: str, found: list[int], lines: Lines
) -> None:
    assert lines(f"FROM alpine:3.22\n{comment}\n{SUDO}{SUDO}") == found


def test_comments_for_kics_on_the_first_line_apply_to_the_file(lines: Lines) -> None:
    assert lines(f"# kics-scan ignore\nFROM alpine:3.22\n{SUDO}") == [3]


def test_comments_for_semgrep_at_the_end_of_a_shell_line_apply(lines: Lines) -> None:
    text = f"FROM alpine:3.22\nRUN sudo a # nosemgrep: no-sudo-in-dockerfile\n{SUDO}"
    assert lines(text) == [2]


# -- in Compose files


PORTS = "services:\n  a:\n    image: x:1\n    {}privileged: true{}\n"


@pytest.mark.parametrize(
    ("above", "behind", "works"),
    [
        ("# kics-scan ignore-line\n    ", "", True),
        ("# kics-scan ignore-block\n    ", "", True),
        ("# kics-scan disable=ae5b6871-7f45-42e0-bb4c-ab300c4d2026\n    ", "", True),
        ("# kics-scan disable=00000000-7f45-42e0-bb4c-ab300c4d2026\n    ", "", False),
        ("# kics-scan ignore\n    ", "", False),
        ("# nosemgrep: yaml.docker-compose.security.privileged-service\n    ", "", True),
        ("", "  # nosemgrep", True),
        ("", "  # nosemgrep: other", False),
    ],
)
def test_comments_for_scanners_apply_in_a_compose_file(
    above: str, behind: str, works: bool, lines: Lines
) -> None:
    found = lines(PORTS.format(above, behind), "privileged-container")
    assert len(found) == works


VERSION = '{}version: "3"{}\nservices: {{a: {{image: "x:1"}}}}\n'


@pytest.mark.parametrize(
    ("above", "behind", "works"),
    [
        ("# dclint disable\n", "", True),
        ("---\n\n# dclint disable other no-version-field\n", "", True),
        ("# dclint disable-file\n", "", True),
        ("# first\n# dclint disable\n", "", False),
        ("# first\n# dclint disable-line\n", "", True),
        ("# first\n# dclint disable-line other no-version-field\n", "", True),
        ("# first\n# dclint disable-line other\n", "", False),
        ("# first\n", " # dclint disable-line no-version-field", True),
    ],
)
def test_comments_for_dclint_apply(
    above: str, behind: str, works: bool, verdict_on: VerdictOn
) -> None:
    verdict = verdict_on({"compose.yaml": VERSION.format(above, behind)})
    assert len(accepted_lines(verdict, "obsolete-version")) == works


# -- any text


LINES = st.sampled_from(
    (
        "# hadolint ignore=DL3004,",
        "# hadolint stage ignore=DL3004 # x",
        "# tally ignore=all;reason=x",
        "# check=skip=;skip=all;",
        "#trivy:ignore:DS-0001 trivy:ignore:*",
        "# checkov:skip=CKV_DOCKER_3:x",
        "# kics-scan ignore-block",
        "# kics-scan disable=ae5b6871,",
        "# nosemgrep: a.b, c",
        "## # nosem # nosem",
        "# dclint disable-line a b",
        "# dclint disable",
        "services:",
        "  a: {image: x}  # nosemgrep",
        "FROM x",
        "RUN a # nosem \\",
        "",
    )
)


@given(st.lists(LINES, max_size=10).map("\n".join))
def test_the_words_of_comments_have_exact_places(text: str) -> None:
    source = Source("f", text)
    found = [*in_yaml(yaml_read.read(source)), *in_dockerfile(dockerfile_read.read(source))]
    for suppression in found:
        assert suppression.is_foreign
        assert 0 <= suppression.start <= suppression.end <= len(text) + 1
        for word in suppression.words:
            assert word.span.text == word.text
            assert suppression.span.contains(word.span)
