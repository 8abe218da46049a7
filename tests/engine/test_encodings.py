"""Dockerfiles are read as BuildKit reads them: UTF-8, and on over what is none."""

from __future__ import annotations

import pytest
from tests.checking import judged

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.writing import write_all
from tightship.engine.plan.candidates import named
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from tightship.engine.verdict import JudgedFinding


def found_in(data: bytes) -> list[JudgedFinding]:
    files = Files("/nowhere", {"Dockerfile": data})
    verdicts = judged(files, named("/nowhere/Dockerfile"), RuleRunner(Selection()))
    return [one for verdict in verdicts for one in verdict.findings]


def errors(data: bytes) -> list[tuple[str, str]]:
    found = (one for one in found_in(data) if one.severity.word == "error")
    return [(one.rule.name, one.span.text) for one in found]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_buildkit_reads_utf_8_only(codec: str) -> None:
    (one,) = found_in("\ufeffFROM scratch\n".encode(codec))
    assert one.rule.name == "not-checked"
    assert f"is {codec[:6].upper()}, which BuildKit does not read" in one.finding.message


def test_a_compose_file_in_utf_16_is_read() -> None:
    files = Files("/nowhere", {"compose.yaml": "\ufeffname: a\n".encode("utf-16")})
    assert isinstance(files.read("compose.yaml"), Source)
    assert isinstance(files.read_dockerfile("compose.yaml"), Refusal)


@pytest.mark.parametrize(
    "text",
    [
        b"# caf\xe9\nFROM scratch\nUSER 1\n",
        b"FROM scratch\nLABEL a=caf\xe9\nUSER 1\n",
        b"FROM scratch\nENV A=caf\xe9\nUSER 1\n",
        b'FROM debian:13\nRUN ["echo", "caf\xe9"]\nUSER 1\n',
        b"FROM debian:13\nRUN echo \\\n# caf\xe9\n x\nUSER 1\n",
        b"FROM scratch\nCOPY <<A /a\ncaf\xe9\nA\nUSER 1\n",
        b"\xef\xbb\xbf# caf\xe9\nFROM scratch\nUSER 1\n",
    ],
)
def test_an_invalid_byte_does_not_stop_reading(text: bytes) -> None:
    assert errors(text) == []
    assert all(one.rule.name != "not-checked" for one in found_in(text))


@pytest.mark.parametrize(
    "text",
    [
        b"# caf\xe9\nFROM debian:13\nRUN echo \xe9\nUSER 1\n",
        b"FROM debian:13\nRUN <<A\necho \xe9\nA\nUSER 1\n",
        b"\xef\xbb\xbfFROM debian:13\nRUN echo \xe9\nUSER 1\n",
    ],
)
def test_run_commands_must_be_utf_8(text: bytes) -> None:
    assert errors(text) == [("invalid-dockerfile", "\ufffd")]


def test_u_fffd_itself_is_text() -> None:
    text = b"# caf\xe9" + "\nFROM a:1\nRUN echo \ufffd\nUSER 1\n".encode()
    assert errors(text) == []


def test_mostly_binary_files_are_not_judged() -> None:
    (one,) = found_in(b"FROM a\n" + b"\xff" * 10_001)
    assert "has 10,001 bytes that are not UTF-8" in one.finding.message


def test_a_file_whose_bytes_would_be_lost_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"# caf\xe9\nFROM Debian:13\n")
    files = Files(str(tmp_path))
    source = files.read_dockerfile("Dockerfile")
    assert isinstance(source, Source)
    assert source.text == "# caf\ufffd\nFROM Debian:13\n"
    (refused,) = write_all(files, {"Dockerfile": (source, "FROM debian:13\n")})
    assert refused.reason == "not-text"
    assert path.read_bytes() == b"# caf\xe9\nFROM Debian:13\n"
