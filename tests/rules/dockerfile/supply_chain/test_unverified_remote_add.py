"""The rule `unverified-remote-add`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.supply_chain.unverified_remote_add import unverified_remote_add

if TYPE_CHECKING:
    from tests.conftest import Judge

COMMIT = "0123456789abcdef" * 2 + "01234567"


def unverified(judge: Judge, step: str) -> list[str]:
    """Return the sources of one ADD that nothing is held against."""
    text = f"FROM a\nARG OPEN\nARG NONE=\nARG BRANCH=main\n{step}\n"
    found = judge({"Dockerfile": text}, [unverified_remote_add])
    return [one.span.text for one in found]


@pytest.mark.parametrize(
    "source",
    [
        "https://example.com/a",
        "https://example.com/a.tar.gz",
        "http://example.com/a",
        "https://example.com/a-${OPEN}.zip",
        "https://example.com/a-${OPEN}",
        "https://${OPEN}/a.zip",
        "https://example.com/a.zip#fragment",
        f"https://example.com/a.zip#{COMMIT}",
        "https://example.com/a.git",
        "https://example.com/a.git#main",
        "https://example.com/a.git#${BRANCH}",
        "https://example.com/a.git#main:folder",
        f"https://example.com/a.git#main:{COMMIT}",
        f"https://example.com/a.git#{COMMIT[:12]}",
        "https://example.com/a.git?tag=v1",
        "git@example.com:team/a.git",
        "git@example.com:team/a.git#v1",
        "ssh://git@example.com/a",
        "git://example.com/a#v1",
    ],
)
def test_a_file_from_an_address_alone_is_unverified(judge: Judge, source: str) -> None:
    assert unverified(judge, f"ADD {source} /x/") == [source]
    trigger = f"ONBUILD ARG BRANCH=main\nONBUILD add --chown=app {source} /x/"
    assert unverified(judge, trigger) == [source]
    assert unverified(judge, f'ADD ["{source}", "/x/"]') == [f'"{source}"']


@pytest.mark.parametrize(
    "source",
    [
        f"https://example.com/a.git#{COMMIT}",
        f"https://example.com/a.git#{COMMIT}:folder",
        f"https://example.com/a.git?commit={COMMIT}&tag=v1",
        f"https://example.com/a.git?ref={COMMIT}",
        f"git@example.com:team/a.git#{COMMIT}",
        f"ssh://git@example.com/a#{COMMIT}",
        "https://example.com/a.git#${OPEN}",
        "https://example.com/a.git?commit=${OPEN}",
        "https://example.com/a.git${OPEN}",
        "https://example.com/${OPEN}",
        "git@example.com:team/${OPEN}",
        "${OPEN}",
        "${OPEN}://example.com/a",
        "local.txt",
        "HTTPS://example.com/a",
        "folder/user@host",
        "./git@example.com:a",
    ],
)
def test_commits_undecided_and_local_sources_are_silent(judge: Judge, source: str) -> None:
    assert unverified(judge, f"ADD {source} /x/") == []


SUM = "sha256:" + "0" * 64


def test_a_checksum_verifies(judge: Judge) -> None:
    assert unverified(judge, f"ADD --checksum={SUM} https://example.com/a /a") == []
    assert unverified(judge, "ADD --checksum=${OPEN} https://example.com/a /a") == []
    tag = "https://example.com/a.git#v1"
    assert unverified(judge, f"ADD --checksum={COMMIT} {tag} /a") == []
    nothing = unverified(judge, "ADD --checksum=${NONE} https://example.com/a /a")
    assert nothing == ["https://example.com/a"]


def test_each_of_several_sources_is_reported(judge: Judge) -> None:
    step = "ADD a.txt https://example.com/a https://example.com/b /x/"
    assert unverified(judge, step) == ["https://example.com/a", "https://example.com/b"]


def test_copy_and_heredocs_fetch_nothing(judge: Judge) -> None:
    assert unverified(judge, "COPY https://example.com/a /a") == []
    assert unverified(judge, "ADD <<https://example.com/a /a\nhttps://example.com/a") == []


def test_credentials_in_an_address_are_not_repeated(judge: Judge) -> None:
    step = "FROM a\nADD https://me:hunter2@example.com/a?token=hunter2 /a\n"
    [found] = judge({"Dockerfile": step}, [unverified_remote_add])
    assert "hunter2" not in found.finding.message
    assert "`example.com`" in found.finding.message


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("http://example.com/a", "anyone on the way"),
        ("https://example.com/a", "without a checksum"),
        ("https://example.com/a.git", "branch or tag"),
        ("https://example.com/${BRANCH}", "(default of `ARG BRANCH`)"),
    ],
)
def test_the_message_names_who_can_change_the_file(judge: Judge, source: str, said: str) -> None:
    text = f"FROM a\nARG BRANCH=main\nADD {source} /a\n"
    [found] = judge({"Dockerfile": text}, [unverified_remote_add])
    assert said in found.finding.message


@pytest.mark.parametrize("end", [".asc", ".sig", ".minisig", ".sha256", ".SHA256?raw=1"])
def test_signatures_and_checksums_need_no_checksum(judge: Judge, end: str) -> None:
    assert unverified(judge, f"ADD https://example.com/a{end} /") == []


def test_a_check_may_name_the_file_by_its_variables(judge: Judge) -> None:
    text = (
        "FROM alpine:3.22\nARG ARCH=amd64\nADD https://example.com/s6-$ARCH.tar.gz /tmp/\n"
        "RUN gpg --verify /tmp/s6-$ARCH.tar.gz.sig /tmp/s6-$ARCH.tar.gz\n"
    )
    assert judge({"Dockerfile": text}, [unverified_remote_add]) == []


@pytest.mark.parametrize(
    "check",
    [
        "gpg --verify /tini.asc /tini",
        "echo '00  /tini' | sha256sum -c -",
        "sha256sum -c SHA256SUMS",
    ],
)
def test_a_file_that_a_later_step_verifies_needs_no_checksum(judge: Judge, check: str) -> None:
    step = f"ADD https://example.com/tini /tini\nRUN chmod +x /tini && {check}"
    assert unverified(judge, step) == []


@pytest.mark.parametrize(
    "steps",
    [
        "ADD https://e.com/tini /tini\nRUN gpg --verify /other.asc /other",
        "RUN gpg --verify /tini.asc /tini\nADD https://e.com/tini /tini",
        "ADD https://e.com/tini /tini\nFROM b\nRUN gpg --verify /tini.asc /tini",
        "ADD https://e.com/tini /tini\nONBUILD RUN gpg --verify /tini.asc /tini",
    ],
)
def test_a_check_of_another_file_stage_or_time_does_not_count(judge: Judge, steps: str) -> None:
    assert unverified(judge, steps) == ["https://e.com/tini"]
