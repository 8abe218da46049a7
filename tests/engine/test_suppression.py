"""Comments that accept findings: where they hold, and for what."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.checking import check

from tightship.engine.accept.suppression import of_dockerfile, of_yaml
from tightship.syntax.dockerfile import read as dockerfile_read
from tightship.syntax.yaml import read as yaml_read
from tightship.text import Source, apply_edits
from tightship.values import matching

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.conftest import VerdictOn

    from tightship.engine.verdict import Verdict


def accepted(verdict: Verdict) -> list[tuple[str, str]]:
    return sorted((one.rule.name, one.span.text) for one in verdict.accepted)


def rules(verdict: Verdict) -> set[str]:
    return {one.rule.name for one in verdict.findings}


# -- in Compose files


def compose(text: str, verdict_on: VerdictOn) -> Verdict:
    return verdict_on(dedent(text).lstrip("\n"))


def test_a_comment_at_the_end_of_a_line_applies_to_it(verdict_on: VerdictOn) -> None:
    verdict = compose(
        """
        services:
          a:
            image: x:1
            pid: host  # tightship: ignore[host-pid-namespace] it watches processes
          b: {image: "x:1", pid: host}
        """,
        verdict_on,
    )
    assert accepted(verdict) == [("host-pid-namespace", "host")]
    assert "host-pid-namespace" in rules(verdict), "of the other service"


@pytest.mark.parametrize(
    ("comment", "is_one"),
    [
        ("tightship ignore[host-pid-namespace] it watches processes", True),
        ("tightship ignore-file[host-pid-namespace] it watches processes", True),
        ("tightship ignores host-pid-namespace here", False),
        ("tightship ignore host-pid-namespace", False),
    ],
)
def test_the_colon_may_be_missing_where_it_is_no_sentence(
    comment: str, is_one: bool, verdict_on: VerdictOn
) -> None:
    text = f"services:\n  a:\n    image: x:1\n    pid: host  # {comment}\n"
    assert accepted(verdict_on(text)) == [("host-pid-namespace", "host")] * is_one


def test_a_comment_above_a_line_applies_to_the_block_that_begins_there(
    verdict_on: VerdictOn,
) -> None:
    verdict = compose(
        """
        services:
          a:
            image: x:1
            # tightship: ignore[docker-socket-mounted] it manages containers
            # and has nothing else to do
            volumes:
              - /var/run/docker.sock:/var/run/docker.sock
              - /run/docker.sock:/d.sock
          b:
            image: x:1
            volumes:
              # tightship: ignore[docker-socket-mounted] so does this one
              - /run/docker.sock:/d.sock
              - /run/docker.sock:/e.sock
        """,
        verdict_on,
    )
    assert [name for name, _ in accepted(verdict)] == ["docker-socket-mounted"] * 3


def test_a_comment_at_a_service_applies_to_all_of_it(verdict_on: VerdictOn) -> None:
    verdict = compose(
        """
        services:
          # tightship: ignore[writable-root-filesystem, host_pid_namespace] legacy
          a:
            image: x:1
            pid: host
          b:  # tightship: ignore[CL-0007] legacy
            image: x:1
        """,
        verdict_on,
    )
    assert accepted(verdict) == [
        ("host-pid-namespace", "host"),
        ("writable-root-filesystem", "a"),
        ("writable-root-filesystem", "b"),
    ]


def test_a_comment_for_the_file_applies_from_any_line(verdict_on: VerdictOn) -> None:
    verdict = compose(
        """
        services:
          a: {image: "x:1"}
          b: {image: "x:1"}
        # tightship: ignore-file[writable-root-filesystem]
        """,
        verdict_on,
    )
    assert len(verdict.accepted) == 2


def test_a_theme_stands_for_its_rules(verdict_on: VerdictOn) -> None:
    verdict = compose(
        """
        services:
          # tightship: ignore[resources]
          a: {image: "x:1"}
        """,
        verdict_on,
    )
    assert "unlimited-resources" not in rules(verdict)


def test_a_blank_line_separates_a_comment_from_the_next_block(verdict_on: VerdictOn) -> None:
    verdict = compose(
        """
        services:
          # tightship: ignore[writable-root-filesystem]

          a: {image: "x:1"}
        """,
        verdict_on,
    )
    assert verdict.accepted == ()
    assert "unused-suppression" in rules(verdict)


def test_absorbed_findings_are_accepted_with_their_cause(verdict_on: VerdictOn) -> None:
    verdict = compose(
        """
        services:
          a:
            image: x:1
            privileged: true  # tightship: ignore[privileged-container] a builder
            # tightship: ignore[seccomp-unconfined] as well
            security_opt: [seccomp=unconfined]
        """,
        verdict_on,
    )
    assert accepted(verdict) == [("privileged-container", "true")]
    assert not {"seccomp-unconfined", "unused-suppression"} & rules(verdict)


def test_a_gap_is_accepted_with_a_reason_only(verdict_on: VerdictOn) -> None:
    text = """
        services:
          a:
            # tightship: ignore[not-checked]{}
            build: ./missing
        """
    assert len(compose(text.format(""), verdict_on).gaps) == 1
    verdict = compose(text.format(" built elsewhere"), verdict_on)
    assert (len(verdict.gaps), "not-checked" in rules(verdict)) == (0, False)


def test_a_comment_within_text_has_no_effect(verdict_on: VerdictOn) -> None:
    verdict = compose(
        """
        services:
          a:
            image: x:1
            labels:
              note: |
                # tightship: ignore-file[writable-root-filesystem]
              quoted: "# tightship: ignore-file[writable-root-filesystem]"
        """,
        verdict_on,
    )
    assert verdict.accepted == ()


# -- in Dockerfiles


def dockerfile(text: str, verdict_on: VerdictOn) -> Verdict:
    return verdict_on({"Dockerfile": dedent(text).lstrip("\n")})


def test_a_comment_above_an_instruction_applies_to_it(verdict_on: VerdictOn) -> None:
    verdict = dockerfile(
        """
        FROM alpine:3.22
        # tightship: ignore[sudo-in-image] a test of sudo
        RUN true && \\
            sudo true
        RUN sudo true
        """,
        verdict_on,
    )
    assert accepted(verdict) == [("sudo-in-image", "sudo")]
    assert "sudo-in-image" in rules(verdict)


def test_a_comment_within_an_instruction_applies_to_the_next_line(verdict_on: VerdictOn) -> None:
    verdict = dockerfile(
        """
        FROM alpine:3.22
        RUN chmod 777 /a && \\
            # tightship: ignore[world-writable-path] a spool
            chmod 777 /b && \\
            chmod 777 /c
        """,
        verdict_on,
    )
    assert len(accepted(verdict)) == 1
    kept = [j for j in verdict.findings if j.rule.name == "world-writable-path"]
    assert len(kept) == 2


def test_a_comment_above_from_applies_to_the_stage(verdict_on: VerdictOn) -> None:
    verdict = dockerfile(
        """
        # tightship: ignore[sudo-in-image] only tests
        FROM alpine:3.22 AS test
        RUN sudo true
        FROM alpine:3.22
        RUN sudo true
        """,
        verdict_on,
    )
    assert accepted(verdict) == [("sudo-in-image", "sudo")]
    assert "sudo-in-image" in rules(verdict)


def test_a_heredoc_holds_no_comments(verdict_on: VerdictOn) -> None:
    verdict = dockerfile(
        """
        FROM alpine:3.22
        RUN <<EOF
        # tightship: ignore-file[sudo-in-image] no
        sudo true
        EOF
        """,
        verdict_on,
    )
    assert verdict.accepted == ()


@pytest.mark.parametrize(
    ("comment", "works"),
    [
        ("# hadolint ignore=DL3004", True),
        ("# hadolint ignore=DL3008,DL3004", True),
        ("#hadolint ignore=DL3004 # for the test", True),
        ("# hadolint global ignore=DL3004", True),
        ("# hadolint ignore=DL3008", False),
        ("# hadolint ignore=SC2086", False),
        ("# hadolint ignore=DL3004\n", False),
        ("# hadolint ignore=DL3004\n# another comment", False),
    ],
)
def test_comments_for_hadolint_apply_as_in_hadolint(
    comment: str, works: bool, verdict_on: VerdictOn
) -> None:
    verdict = verdict_on({"Dockerfile": f"FROM alpine:3.22\n{comment}\nRUN sudo true\nUSER app\n"})
    assert [name for name, _ in accepted(verdict)] == ["sudo-in-image"] * works
    assert not {"unused-suppression", "unknown-suppressed-rule"} & rules(verdict)


@pytest.mark.parametrize(
    ("value", "works"),
    [
        ("skip=LegacyKeyValueFormat", True),
        ("error=true;skip=StageNameCasing,LegacyKeyValueFormat", True),
        ("skip=all", True),
        ("skip=StageNameCasing", False),
    ],
)
def test_comments_for_buildkit_apply(value: str, works: bool, verdict_on: VerdictOn) -> None:
    verdict = verdict_on({"Dockerfile": f"# check={value}\nFROM alpine:3.22\nENV A b\nUSER app\n"})
    assert [name for name, _ in accepted(verdict)] == ["legacy-key-value"] * works


def test_an_inline_dockerfile_has_its_own_comments(verdict_on: VerdictOn) -> None:
    verdict = compose(
        """
        services:
          a:
            build:
              dockerfile_inline: |
                FROM alpine:3.22
                # tightship: ignore[sudo-in-image] why not
                RUN sudo true
        """,
        verdict_on,
    )
    assert accepted(verdict) == [("sudo-in-image", "sudo")]
    assert verdict.accepted[0].span.source.name == "compose.yaml"


# -- the comments themselves


def test_only_comments_about_selected_rules_can_be_unused(verdict_on: VerdictOn) -> None:
    text = "services:\n  # tightship: ignore[docker-socket-mounted]\n  a: {image: x}\n"
    assert "unused-suppression" in rules(verdict_on(text))
    assert "unused-suppression" not in rules(verdict_on(text, []))


LINES = st.sampled_from(
    (
        "# tightship: ignore[root-user] x",
        "# tightship: ignore",
        "# tightship: ignore[",
        "# tightship: ignore-file[a,,b, ]",
        "# hadolint ignore=DL3004,",
        "# check=skip=;skip=all;",
        "services:",
        "  a: {image: x, user: root}",
        "  b:  # tightship: ignore[root-user]",
        "    user: root",
        "    - x  # tightship: ignore[root-user]",
        "FROM x",
        "RUN a \\",
        "",
    )
)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_suppressions_in_any_text_have_exact_places(text: str) -> None:
    source = Source("f", text)
    found = [*of_yaml(yaml_read.read(source)), *of_dockerfile(dockerfile_read.read(source))]
    for suppression in found:
        assert 0 <= suppression.start <= suppression.end <= len(text) + 1
        for word in suppression.words:
            assert word.span.text == word.text
            assert suppression.span.contains(word.span)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a: b  # {}\nc: d\n", "a: b\nc: d\n"),
        ("a: b\r\n  # {}\r\nc: d\r\n", "a: b\r\nc: d\r\n"),
        ("a: b\n# {}", "a: b\n"),
        ("# {}\n", ""),
    ],
)
def test_an_unused_comment_is_removed_with_its_line(text: str, left: str) -> None:
    stream = yaml_read.read(Source("compose.yaml", text.format("tightship: ignore[root-user] x")))
    [comment] = of_yaml(stream)
    edit = comment.without(comment.words)
    assert apply_edits(stream.source, [edit]) == left


def test_the_used_words_of_a_comment_stay() -> None:
    comment = "# tightship: ignore[root-user,  seccomp-unconfined , filesystem]: x\n"
    stream = yaml_read.read(Source("compose.yaml", comment))
    [suppression] = of_yaml(stream)
    edit = suppression.without(suppression.words[1:2])
    assert apply_edits(stream.source, [edit]) == ("# tightship: ignore[root-user, filesystem]: x\n")


def test_a_comment_is_unused_regardless_of_other_projects(tmp_path: Path) -> None:
    """`root-user` is about services: a Dockerfile that none builds has no use for it."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    text = "FROM alpine:3\n# tightship: ignore[root-user] x\nRUN a\n"
    (tmp_path / "a" / "Dockerfile").write_text(text)
    (tmp_path / "b" / "compose.yaml").write_text("services: {a: {image: x}}\n")
    (tmp_path / "c" / "Dockerfile").write_text(text)
    verdicts = check([str(tmp_path)], ["strict"])
    found = [[one.rule.name for one in verdict.findings] for verdict in verdicts]
    assert len(found) == 3
    assert not any("unused-suppression" in rules for rules in found)


def test_thousands_of_unknown_words_are_not_all_compared_with_every_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = list[str]()

    def closest(word: str, known: Sequence[str]) -> None:
        assert known
        compared.append(word)

    monkeypatch.setattr(matching, "closest", closest)
    words = ", ".join(f"root-usr{i}" for i in range(3_000))
    one = f"# tightship: ignore[{words}] -- a\n"
    text = f"FROM a:1\n{one}RUN b\n{one}RUN c\n"
    found = of_dockerfile(dockerfile_read.read(Source("Dockerfile", text)))
    assert sum(len(each.words) for each in found) == 6_000
    assert len(compared) == 100
