"""Dockerfiles of images that nobody runs as a service, by what they say."""

from __future__ import annotations

import pytest
from tests.bounded import within

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.plan.role_order import _STARTS, _TELLS
from tightship.engine.roles.chains import Commands
from tightship.engine.roles.sign_words import DATA
from tightship.engine.roles.tools import tool_role
from tightship.engine.roles.tree import tree_of
from tightship.text import Source


def purpose(text: str, name: str = "Dockerfile") -> str:
    """Return the purpose that the text and the name of a Dockerfile tell."""
    source = Source(name, text)
    role = tool_role(TextFiles({name: text}), source, tuple)
    assert role is None or role.purpose == "product", "it lowers nothing"
    return role.hint.purpose if role is not None and role.hint is not None else "product"


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("FROM golang:1.25\n", "Dockerfile.builder", "build"),
        ("FROM golang:1.25\n", "Dockerfile", "product"),
        ("FROM debian:13\nCMD bash\n", "docker/app-build-deps.dockerfile", "build"),
        ("FROM debian:13\nCMD bash -l\n", "docker/small/Dockerfile", "product"),
        ('FROM debian:13\nENTRYPOINT [""]\n', "build/Dockerfile", "build"),
        ('FROM debian:13\nCMD ["/srv/app"]\n', "build/Dockerfile", "product"),
        ("FROM debian:13\nEXPOSE 80\n", "build/Dockerfile", "product"),
        ("FROM nginx:1.29\nCOPY . /www\n", "build/Dockerfile", "product"),
        ("FROM php:8-fpm\n", "build/Dockerfile", "product"),
        ("FROM php:8-cli\n", "build/Dockerfile", "build"),
        ("FROM example.com/tool\n", "build/Dockerfile", "product"),
        ("ARG D=debian:13\nFROM ${D} AS a\nFROM a\n", "rpm/Dockerfile", "build"),
        ("ARG D\nFROM ${D}\n", "rpm/Dockerfile", "product"),
        ('FROM debian:13\nENTRYPOINT ["/src/build.py"]\n', "Dockerfile_build_i386", "build"),
        ('FROM debian:13\nCMD ["make"]\n', "build/Dockerfile", "build"),
        ('FROM debian:13\nCMD ["make", "serve"]\n', "build/Dockerfile", "product"),
        ('FROM node:24\nCMD ["node", "build"]\n', "build/Dockerfile", "product"),
        ("FROM debian:13\nCMD make && make check\n", "Dockerfile-coverage", "test"),
        ('FROM python:3.14\nCMD ["pytest", "-v"]\n', "Dockerfile", "test"),
        ('FROM golang AS a\nCMD ["/a"]\nFROM debian:13\n', "build/Dockerfile", "product"),
        ("FROM scratch AS export\nCOPY --from=a /a /\n", "Dockerfile", "build"),
        ("FROM debian:13 AS build\n", "kubernetes/Dockerfile", "product"),
        ("FROM debian:13\n", "Dockerfile.build-base", "product"),
        ("# The build environment of the shop.\nFROM debian:13\n", "Dockerfile", "build"),
        ("# The build environment.\nFROM debian:13\nCMD /a\n", "Dockerfile", "product"),
        ("# For local development.\nFROM debian:13\nCMD /a\n", "Dockerfile", "development"),
        ("# For demo purposes only!\nFROM debian:13\nCMD /a\n", "Dockerfile", "example"),
        ('FROM centos\nENTRYPOINT ["/bin/bash"]\n', "Dockerfile.staticbuild", "build"),
        ("FROM example.com/dockcross\n", "cross/Dockerfile", "product"),
        ("FROM example.com/dockcross\nEXPOSE 80\n", "cross/Dockerfile", "product"),
        ("FROM debian:13\nRUN apt-get install -y gcc\n", "Dockerfile.gcc", "product"),
        ("FROM debian:13\nRUN apt-get install -y gcc && apt-get purge -y gcc\n", "a", "product"),
        ("FROM debian:13\nRUN gcc -o /a a.c\n", "a", "product"),
        ("FROM debian:13\nRUN apt-get install -y gcc\nCOPY a /a\n", "a", "product"),
        ("FROM debian:13 AS dev\nCMD /srv/app\n", "Dockerfile", "product"),
        ("FROM debian:13 AS dev\nCOPY . .\n", "Dockerfile", "development"),
        ("FROM debian:13 AS dev\nFROM debian:13\nCMD /a\n", "Dockerfile", "product"),
        ("FROM debian:13\n", "images/codebuild/x64/Dockerfile", "product"),
        ("", "build/Dockerfile", "product"),
        ("FROM debian:13\nENTRYPOINT /entry.sh\n", "build/Dockerfile.deb", "product"),
        ("FROM debian:13\nCOPY . /\nENTRYPOINT /entry.sh\n", "build/Dockerfile.deb", "product"),
        ("FROM debian:13\nRUN a > /entry.sh\nCMD /entry.sh\n", "build/a.Dockerfile", "product"),
        ("FROM debian:13\nENTRYPOINT /usr/sbin/httpd\n", "build/Dockerfile.deb", "product"),
        ("FROM golang:1.25\nRUN go install a/lint\nCOPY go.mod .\n", "Dockerfile", "product"),
        ("FROM golang:1.25\nCOPY --link . .\nRUN go build\n", "Dockerfile", "product"),
        ("FROM golang:1.25\nCOPY . .\nRUN go vet\n", "docker/vet/Dockerfile", "product"),
        (
            "FROM golang:1.25 AS a\nRUN go build\nFROM alpine\nCOPY --from=a / /\n",
            "b/Dockerfile",
            "product",
        ),
        ("FROM golang:1.25\nRUN go build\nCMD /app\n", "Dockerfile", "product"),
        ("FROM python:3.14\nRUN pip install a\n", "Dockerfile", "product"),
        ("FROM python:3.14\nCMD /benchmark.sh\n", "docker/bench_py3.Dockerfile", "test"),
        ("FROM debian:13\nUSER 0\n", "buildserver/Dockerfile", "build"),
        ("FROM eclipse-temurin:17-jdk\nUSER 1000\n", "docker/build/Dockerfile", "build"),
        ("FROM debian:13\nCMD . ~/.env && /app_run_tests.sh -v\n", "a/Dockerfile", "test"),
        ('FROM debian:13\nENTRYPOINT ["/runtests"]\n', "a/Dockerfile", "test"),
        ("FROM debian:13\nCMD /srv/run_tests_server\n", "a/Dockerfile", "product"),
        ("RUN make\n", "build/Dockerfile", "product"),
        ("FROM\n", "build/Dockerfile", "product"),
    ],
)
def test_an_image_of_tools_starts_nothing_of_a_product(text: str, name: str, expected: str) -> None:
    assert purpose(text, name) == expected


def purpose_in(files: TextFiles, name: str) -> list[str]:
    """Return the purpose of a Dockerfile in a repository, and the places that tell it."""
    source = files.read(name)
    assert isinstance(source, Source)
    role = tool_role(files, source, lambda: Commands(tree_of(files)).builds)
    return [role.purpose, *(one.place for one in role.evidence)] if role else ["product"]


_OVER = 'docker run --rm \\\n  -v "$PWD:/src" tool make\n'


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"docker build -t tool .\n{_OVER}", "build"),
        (f"podman build -f Dockerfile -t tool $DIR\n{_OVER}", "build"),
        ("docker build .\ndocker run --mount type=bind,src=$(pwd),dst=/a --rm tool\n", "build"),
        (f"docker build -f other.Dockerfile .\n{_OVER}", "product"),
        (f"make image\n{_OVER}", "product"),
        ("docker build -t tool .\ndocker run --rm tool make\n", "product"),
        ("docker build -t tool .\ndocker run -v $PWD:/src tool make\n", "product"),
        ("docker build -t tool .\ndocker run -v $PWD:/src tool sh -c 'x && ./bin/phpunit'", "test"),
        ("docker build -t tool .\ndocker run -d -v $PWD:/src tool pytest\n", "product"),
        ("docker build -t tool .\ndocker run --rm -v data:/src tool make\n", "product"),
        ("docker build -t web .\ndocker run --rm -p 80:80 -v $PWD:/src web\n", "product"),
        (f"docker build -t tool .\n{_OVER}docker push tool\n", "product"),
    ],
)
def test_a_script_runs_a_tool_over_the_sources(script: str, expected: str) -> None:
    files = TextFiles({"web/Dockerfile": "FROM debian:13\n", "web/run.sh": f"#!/bin/sh\n{script}"})
    assert purpose_in(files, "web/Dockerfile")[0] == expected


def test_a_script_is_named_with_its_line() -> None:
    script = f"#!/bin/sh\ndocker build .\n{_OVER}"
    files = TextFiles({"web/Dockerfile": "FROM debian:13\n", "web/run.sh": script})
    assert purpose_in(files, "web/Dockerfile")[1:] == ["web/run.sh:3"]


def test_a_long_line_of_a_script_takes_no_longer() -> None:
    texts = {"web/run.sh": f"docker build {'docker ' * 14_000}"}
    texts |= {f"web/{number}.Dockerfile": "FROM debian:13\n" for number in range(20)}
    with within(1):
        assert purpose_in(TextFiles(texts), "web/1.Dockerfile") == ["product"]


def test_each_start_that_may_tell_a_purpose_is_looked_at() -> None:
    tools = DATA["tools"]
    programs = [*tools["programs"]["build"], *tools["programs"]["test"]]
    starts = [*programs, *(f"./all_{one}.sh" for one in programs), *tools["shells"]]
    starts += DATA["commands"]["test"]
    assert [one for one in starts if not _TELLS.search(one)] == []
    assert all(map(_TELLS.search, ("[]", '[""]', '["/bin/sh", "-c"]')))
    assert not any(map(_TELLS.search, ("/srv/app", '["nginx", "-g"]', "./entry.sh")))


def test_a_start_goes_on_in_the_next_line() -> None:
    text = "FROM debian:13\nCMD . ~/.env \\\n  && /run_tests.sh\nUSER app\n"
    assert _STARTS.findall(text) == [". ~/.env \\\n  && /run_tests.sh"]
