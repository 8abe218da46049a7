"""The operating system of a stage's image."""

from __future__ import annotations

import pytest

from tightship.frontends.dockerfile.build import Build
from tightship.syntax.dockerfile.read import read
from tightship.text import Source


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("FROM alpine:3.22", "linux"),
        ("FROM scratch", "linux"),
        ("FROM --platform=linux/arm64 example.com/a", "linux"),
        ("FROM example.com/a", None),
        ("FROM --platform=$BUILDPLATFORM golang", None),
        ("FROM --platform=freebsd golang", None),
        ("FROM --platform=windows/amd64 example.com/a AS a\nFROM a", "windows"),
        ("FROM mcr.microsoft.com/windows", "windows"),
        ("FROM mcr.microsoft.com/windows/nanoserver:ltsc2025", "windows"),
        ("FROM mcr.microsoft.com/windows-like/a", None),
        ("FROM python:3.14-windowsservercore-ltsc2025", "windows"),
        ('FROM golang\nSHELL ["C:\\\\windows\\\\cmd.exe", "/C"]', "windows"),
        ('FROM golang\nSHELL ["pwsh", "-Command"]', "linux"),
    ],
)
def test_the_dockerfile_decides_the_operating_system(text: str, system: str | None) -> None:
    stage = Build(read(Source("Dockerfile", text + "\n"))).target()
    assert stage is not None
    assert stage.system == system


def test_windows_reads_commands_with_cmd() -> None:
    text = "FROM golang:1.25-nanoserver\nRUN dir\nFROM golang:1.25\nRUN ls\n"
    build = Build(read(Source("Dockerfile", text)))
    assert [stage.shell_at().kind for stage in build.stages] == ["cmd", "sh"]
