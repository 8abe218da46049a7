"""Comments that accept findings, written: each holds, and changes nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.checking import judged

from tightship.engine.accept.suppress import suppress
from tightship.engine.disk.files import Files
from tightship.engine.disk.root import project_root
from tightship.engine.plan.candidates import Candidate, find, named
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.syntax.dockerfile import read as dockerfile_read
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.engine.accept.commented_file import Kind
    from tightship.engine.verdict import JudgedFinding, Verdict

ROOT = Path(__file__).parents[2]
CORPUS = (ROOT.parent / "shared" / "corpus").resolve()
BENCH = RuleRunner(Selection(["strict"]))


def judge(found: Candidate, overlay: dict[str, str], root: str) -> list[Verdict]:
    return judged(Files(root, dict(overlay)), found, BENCH)


def kind_of(verdict: Verdict, name: str) -> Kind:
    return "dockerfile" if name in verdict.builders else "compose"


def suppressed(
    name: str, text: str, rule: str, number: int = 0, *, whole_file: bool = False
) -> str | None:
    """Return a text in which a finding is accepted, having checked that it is.

    None: there is no way.
    """
    text = dedent(text).lstrip("\n").replace("¶", "\r")
    path = f"/nowhere/{name}"
    found = named(path)
    if found.language != "dockerfile":
        found = Candidate(path, "named", path, "compose")
    [before] = judge(found, {path: text}, "/nowhere")
    wanted = [one for one in before.findings if one.rule.name == rule][number]
    edits = suppress(
        [wanted], "because", whole_file=whole_file, kind=kind_of(before, wanted.span.source.name)
    )
    if not edits:
        return None
    new = apply_edits(wanted.span.source, edits)
    [after] = judge(found, {path: new}, "/nowhere")
    check(wanted, before, after)
    return new


def check(wanted: JudgedFinding, before: Verdict, after: Verdict) -> None:
    """Check that a finding is accepted, with its equals, and none else is other."""

    def counted(found: Sequence[JudgedFinding]) -> Counter[tuple[str, str]]:
        return Counter((one.rule.name, one.fingerprint) for one in found)

    accepted = counted(after.accepted) - counted(before.accepted)
    assert accepted[wanted.rule.name, wanted.fingerprint] == 1
    assert {rule for rule, _ in accepted} == {wanted.rule.name}
    gone = counted(before.findings) - counted(after.findings) - accepted
    # A comment that did nothing may come to do something.
    assert {rule for rule, _ in gone} <= {"unused-suppression"}
    assert counted(before.findings) == counted(after.findings) + accepted + gone
    assert counted(before.accepted) <= counted(after.accepted)


# -- in Compose files


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """
            services:
              a:
                image: x:1
                pid: host
            """,
            """
            services:
              a:
                image: x:1
                # tightship: ignore[host-pid-namespace] because
                pid: host
            """,
        ),
        (
            """
            services:
              a: {image: "x:1", pid: host}
            """,
            """
            services:
              # tightship: ignore[host-pid-namespace] because
              a: {image: "x:1", pid: host}
            """,
        ),
        (
            """
            services: {
              a: {
                image: "x:1",
                  pid: host}}
            """,
            """
            services: {
              a: {
                image: "x:1",
                  # tightship: ignore[host-pid-namespace] because
                  pid: host}}
            """,
        ),
        (  # one for another rule is extended, and keeps its reason
            """
            services:
              a:
                pid: host  # tightship: ignore[no-healthcheck, root-user] a test
            """,
            """
            services:
              a:
                pid: host  # tightship: ignore[no-healthcheck, root-user, host-pid-namespace] a test
            """,
        ),
        (
            """
            services:
              a:
                # tightship: ignore[root-user]
                # and more about it
                pid: host
            """,
            """
            services:
              a:
                # tightship: ignore[root-user, host-pid-namespace] because
                # and more about it
                pid: host
            """,
        ),
        (  # what another linter is told stays right above the line
            """
            services:
              a:
                # nosemgrep: a.b
                pid: host
            """,
            """
            services:
              a:
                # tightship: ignore[host-pid-namespace] because
                # nosemgrep: a.b
                pid: host
            """,
        ),
        (
            "services:¶\n  a:¶\n    pid: host¶\n",
            "services:¶\n  a:¶\n    # tightship: ignore[host-pid-namespace] because¶\n"
            "    pid: host¶\n",
        ),
        (
            "services:\n  a:\n    pid: host",
            "services:\n  a:\n    # tightship: ignore[host-pid-namespace] because\n    pid: host",
        ),
    ],
)
def test_a_comment_is_placed_above_its_line(text: str, expected: str) -> None:
    expected = dedent(expected).lstrip("\n").replace("¶", "\r")
    assert suppressed("compose.yaml", text, "host-pid-namespace") == expected


TOKEN = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"


@pytest.mark.parametrize(
    "value",
    [
        f"|\n        a\n        {TOKEN}",
        f">-\n        a\n\n        {TOKEN}",
        f'"a\n        {TOKEN}"',
        f"a\n        {TOKEN}",
    ],
)
def test_no_comment_is_placed_within_a_block_scalar(value: str) -> None:
    text = f"services:\n  a:\n    environment:\n      A: b\n      KEY: {value}\n"
    comment = "      # tightship: ignore[secret-literal] because\n"
    expected = text.replace("      KEY", f"{comment}      KEY")
    assert suppressed("compose.yaml", text, "secret-literal") == expected


def test_a_comment_on_the_file_comes_first_and_is_extended() -> None:
    text = "#!/usr/bin/env -S docker compose -f\nservices: {a: {pid: host}}\n"
    first = suppressed("compose.yaml", text, "host-pid-namespace", whole_file=True)
    assert first is not None
    line = "# tightship: ignore-file[host-pid-namespace] because"
    assert first.splitlines()[:2] == [text.splitlines()[0], line]
    more = suppressed("compose.yaml", first, "unlimited-log", whole_file=True)
    assert more == first.replace("namespace]", "namespace, unlimited-log]")


def test_a_gap_gets_a_comment_with_a_reason() -> None:
    text = """
        services:
          a:
            # tightship: ignore[not-checked]
            build: ./missing
        """
    new = suppressed("compose.yaml", text, "not-checked")
    assert new is not None
    assert "# tightship: ignore[not-checked] because\n" in new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("whole_file", [False, True])
def test_an_inline_dockerfile_gets_its_own_comment(newline: str, whole_file: bool) -> None:
    text = """
        services:
          a:
            build:
              dockerfile_inline: |
                # escape=`
                FROM alpine:3.22
                RUN true && `
                      sudo true
        """
    text = dedent(text).lstrip("\n").replace("\n", newline)
    new = suppressed("compose.yaml", text, "sudo-in-image", whole_file=whole_file)
    if whole_file:
        comment = "        # tightship: ignore-file[sudo-in-image] because"
        expected = text.replace("        FROM", f"{comment}{newline}        FROM")
    else:
        comment = "              # tightship: ignore[sudo-in-image] because"
        expected = text.replace("              sudo", f"{comment}{newline}              sudo")
    assert new == expected


def test_an_inline_dockerfile_in_quotes_has_no_place_for_one() -> None:
    text = """
        services:
          a:
            build:
              dockerfile_inline: "FROM alpine:3.22\\nRUN sudo true"
        """
    assert suppressed("compose.yaml", text, "sudo-in-image") is None


# -- in Dockerfiles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """
            # syntax=docker/dockerfile:1
            # escape=`
            FROM alpine:3.22
            RUN sudo true
            """,
            """
            # syntax=docker/dockerfile:1
            # escape=`
            FROM alpine:3.22
            # tightship: ignore[sudo-in-image] because
            RUN sudo true
            """,
        ),
        (
            """
            FROM alpine:3.22
            RUN true && \\
              # tell
                sudo true && \\
                true
            """,
            """
            FROM alpine:3.22
            RUN true && \\
              # tell
                # tightship: ignore[sudo-in-image] because
                sudo true && \\
                true
            """,
        ),
        (
            """
            FROM alpine:3.22
              RUN <<EOF
            true
            sudo true
            EOF
            """,
            """
            FROM alpine:3.22
              # tightship: ignore[sudo-in-image] because
              RUN <<EOF
            true
            sudo true
            EOF
            """,
        ),
        (
            """
            FROM alpine:3.22
            # hadolint ignore=DL3008
            RUN sudo true
            """,
            """
            FROM alpine:3.22
            # tightship: ignore[sudo-in-image] because
            # hadolint ignore=DL3008
            RUN sudo true
            """,
        ),
        (
            """
            FROM alpine:3.22
            # tightship: ignore[latest-base-image] well
            RUN sudo true
            """,
            """
            FROM alpine:3.22
            # tightship: ignore[latest-base-image, sudo-in-image] well
            RUN sudo true
            """,
        ),
    ],
)
def test_a_comment_is_placed_above_or_within_an_instruction(text: str, expected: str) -> None:
    expected = dedent(expected).lstrip("\n")
    assert suppressed("Dockerfile", text, "sudo-in-image") == expected


def test_a_comment_on_a_dockerfile_leaves_directives_first() -> None:
    text = "# syntax=docker/dockerfile:1.4\nFROM alpine:3.22\n"
    new = suppressed("Dockerfile", text, "unpinned-syntax-image", whole_file=True)
    assert new is not None
    assert new.splitlines()[0] == text.splitlines()[0]
    assert new.splitlines()[1].startswith("# tightship: ignore-file")
    assert dockerfile_read.read(Source("Dockerfile", new)).directive("syntax")
    # Above it, a comment would make it one.
    assert suppressed("Dockerfile", text, "unpinned-syntax-image") is None


def test_a_reason_is_one_printable_line(tmp_path: Path) -> None:
    path = str(tmp_path / "Dockerfile")
    [verdict] = judge(named(path), {path: "FROM x\nRUN sudo a\n"}, str(tmp_path))
    [one] = [one for one in verdict.findings if one.rule.name == "sudo-in-image"]
    [edit] = suppress([one], " a\n\x07RUN  b\u2028c ", kind="dockerfile")
    assert edit.text == "# tightship: ignore[sudo-in-image] a RUN b c\n"


# -- anywhere

FOUND = [
    one
    for top in (CORPUS, ROOT / "tests" / "projects")
    for one in find([str(top)])
    if isinstance(one, Candidate) and top.is_dir()
]


@pytest.mark.skipif(not FOUND, reason="there is no corpus")
@given(st.data())
def test_each_finding_can_be_accepted_alone(data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(FOUND))
    root = project_root(found.path)
    verdicts = judge(found, {}, root)
    places = [(number, one) for number, each in enumerate(verdicts) for one in each.findings]
    if not places:
        return
    number, wanted = data.draw(st.sampled_from(places))
    whole_file = data.draw(st.booleans())
    before, source = verdicts[number], wanted.span.source
    edits = suppress([wanted], "because", whole_file=whole_file, kind=kind_of(before, source.name))
    if not edits:
        # A comment in a file of variables would accept nothing.
        is_above = wanted.rule.name == "unpinned-syntax-image" and not whole_file
        assert is_above or source.name.endswith(".env")
        return
    text = ("\ufeff" if source.bom else "") + apply_edits(source, edits)
    after = judge(found, {f"{root}/{source.name}": text}, root)[number]
    check(wanted, before, after)


LINES = st.sampled_from(
    (
        "services:",
        "  a:",
        "  b: {image: x, pid: host,",
        "    privileged: true}",
        "    pid: host",
        "    build: {dockerfile_inline: |",
        "      dockerfile_inline: |",
        "        FROM x",
        "        RUN sudo a \\",
        "          sudo b",
        "    build:",
        f"    x: '{TOKEN}",
        f"      {TOKEN}",
        "    - |",
        "    - >-",
        "# tightship: ignore[host-pid-namespace]",
        "      # tightship: ignore-file[root-user]",
        "FROM x",
        "RUN sudo a \\",
        "  sudo b <<EOF",
        "sudo c",
        "EOF",
        "",
        "---",
    )
)


@given(
    st.lists(LINES, max_size=14),
    st.sampled_from(("\n", "\r\n", "\r")),
    st.sampled_from(("compose.yaml", "Dockerfile")),
    st.booleans(),
)
def test_in_any_text_a_written_comment_works(
    lines: list[str], newline: str, name: str, whole_file: bool
) -> None:
    path = f"/nowhere/{name}"
    found = named(path)
    if name != "Dockerfile":
        found = Candidate(path, "named", path, "compose")
    for before in judge(found, {path: newline.join(lines)}, "/nowhere"):
        for one in before.findings:
            source = one.span.source
            edits = suppress(
                [one], "because", whole_file=whole_file, kind=kind_of(before, source.name)
            )
            if edits:
                text = apply_edits(source, edits)
                [after] = judge(found, {path: text}, "/nowhere")
                check(one, before, after)
