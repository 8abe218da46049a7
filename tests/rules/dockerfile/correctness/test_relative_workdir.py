"""The rule `relative-workdir`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.correctness.conftest import on_debian

from tightship.rules.dockerfile.correctness.relative_workdir import relative_workdir

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize("path", ["/srv", '"/srv"', r"C:\\srv", "c:/srv", r"\\srv", "'/a b'"])
def test_a_path_that_is_absolute_somewhere_is_no_finding(path: str, found: Found) -> None:
    text = f"FROM example.com/base\nWORKDIR {path}\n"
    assert found({"Dockerfile": text}, relative_workdir) == []


@pytest.mark.parametrize(
    "base",
    [
        "golang:1.25-windowsservercore-ltsc2025",
        "--platform=windows/amd64 golang:1.25",
        "--platform=$TARGETPLATFORM golang:1.25",
        "golang:$TAG",
        'golang:1.25\nSHELL ["cmd", "/S", "/C"]',
        'golang:1.25\nSHELL ["powershell", "-Command"]',
    ],
)
def test_a_drive_is_absolute_where_the_image_may_be_of_windows(base: str, found: Found) -> None:
    text = f"ARG TAG\nFROM {base}\nWORKDIR c:/build\n"
    assert found({"Dockerfile": text}, relative_workdir) == []


@pytest.mark.parametrize(
    "text",
    [
        "FROM golang:1.25\nWORKDIR /srv\nWORKDIR {}\n",
        "FROM --platform=linux/arm64 example.com/base\nWORKDIR {}\n",
        "FROM scratch\nWORKDIR {}\n",
        'FROM golang:1.25\nSHELL ["pwsh", "-Command"]\nWORKDIR {}\n',
    ],
)
def test_linux_has_no_drives(text: str, found: Found) -> None:
    files = {"Dockerfile": text.format("c:/build")}
    assert found(files, relative_workdir) == [("warning", "c:/build")]


def test_a_stage_has_no_workdir_unless_its_base_has_one(found: Found) -> None:
    files = on_debian(
        "WORKDIR /srv", "FROM alpine AS Other", "WORKDIR there", "FROM other", "WORKDIR here"
    )
    assert found(files, relative_workdir) == [("warning", "there")]


def test_an_undecided_workdir_may_be_absolute(found: Found) -> None:
    assert found(on_debian("WORKDIR $X", "WORKDIR app"), relative_workdir) == []


def test_a_trigger_follows_the_workdir_of_its_own_image(found: Found) -> None:
    files = on_debian("ONBUILD WORKDIR app", "WORKDIR /srv")
    assert found(files, relative_workdir) == []
    assert found(on_debian("ONBUILD WORKDIR app"), relative_workdir) == [("warning", "app")]


def test_triggers_come_first_in_the_next_stage(found: Found) -> None:
    text = "FROM a AS b\nONBUILD WORKDIR /srv\nFROM b\nWORKDIR app\n"
    assert found({"Dockerfile": text}, relative_workdir) == []


def test_the_message_names_the_arg_whose_default_counts(judge: Judge) -> None:
    [one] = judge(on_debian("ARG D=app", "WORKDIR $D"), [relative_workdir])
    assert "`WORKDIR app`" in one.finding.message
    assert "(default of `ARG D`)" in one.finding.message
