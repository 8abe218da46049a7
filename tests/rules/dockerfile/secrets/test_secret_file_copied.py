"""The rule `secret-file-copied`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image
from tests.rules.dockerfile.secrets.conftest import PROJECT

from tightship.rules.dockerfile.secrets.secret_file_copied import secret_file_copied

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_a_stage_that_a_later_one_starts_from_is_part_of_its_image(
    found: Found,
) -> None:
    text = (
        "FROM a:1 AS tools\nCOPY .netrc /\n"
        "FROM a:1 AS base\nCOPY .env /\n"
        "FROM tools AS build\nCOPY .npmrc .pypirc /\n"
        "FROM base\nCOPY --from=build /out /\n"
    )
    assert found({"Dockerfile": text}, secret_file_copied) == [
        ("info", ".netrc"),
        ("warning", ".env"),
        ("info", ".npmrc"),
        ("info", ".pypirc"),
    ]


def test_a_stage_that_nothing_needs_is_an_image_of_its_own(found: Found) -> None:
    text = "FROM a:1 AS dev\nCOPY .env /\nFROM a:1\nRUN true\n"
    assert found({"Dockerfile": text}, secret_file_copied) == [("warning", ".env")]


@pytest.mark.parametrize(
    "body",
    [
        "COPY --from=example/keys:1 /id_rsa /root/.ssh/",
        "ADD https://example.com/id_rsa /root/.ssh/",
        "ADD git@example.com:me/project.git#main:.env /app",
        "COPY $FILE /app",
        "COPY <<.env /app/\nPORT=80\n.env",
        "COPY app.py .env",
        "COPY vendor.key /tmp/\nRUN apt-key add /tmp/vendor.key",
        "COPY vendor.key /tmp/\nRUN cat /tmp/vendor.key | gpg --dearmor > /usr/x",
        "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
    ],
)
def test_what_is_copied_is_no_secret(body: str, found: Found) -> None:
    assert found(image(body), secret_file_copied) == []


def test_a_default_decides_what_is_copied(judge: Judge) -> None:
    body = "ARG KEY=id_rsa\nCOPY --chown=app ${KEY} /root/.ssh/"
    [one] = judge(image(body), [secret_file_copied])
    assert one.span.text == "${KEY}"
    assert one.finding.message.endswith(" (default of `ARG KEY`)")


def test_what_is_left_out_of_the_build_is_not_copied(found: Found) -> None:
    files = {
        "compose.yaml": PROJECT,
        **image("COPY keys/id_rsa .env certs/*.key /app/"),
        ".dockerignore": "**/*.key\n.env\n",
    }
    assert found(files, secret_file_copied) == [("warning", "keys/id_rsa")]


@pytest.mark.parametrize(
    ("source", "there"),
    [
        (".", ".env"),
        ("./", ".env"),
        ("*", ".env"),
        ("/", "id_rsa"),
        ("app", "app/.env.production"),
        ("app/*", "app/.netrc"),
        ("../app/", "app/.netrc"),
    ],
)
def test_a_folder_takes_its_files_along(source: str, there: str, found: Found) -> None:
    files = {"compose.yaml": PROJECT, **image(f"COPY {source} /app/"), there: "x\n"}
    assert found(files, secret_file_copied) == [("warning", source)]


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ("COPY src /app/", {".env": "x"}),
        ("COPY --exclude=.env . /app/", {".env": "x"}),
        ("COPY . /app/", {".env.example": "x", "id_rsa.pub": "x"}),
        ("COPY . /app/", {"sub/.env": "x"}),
        ("COPY . /app/", {".env": "x", ".dockerignore": "*\n!src\n"}),
        ("COPY . /app/", {".env": "x", "Dockerfile.dockerignore": ".env\n"}),
    ],
)
def test_a_folder_takes_no_secret_along(
    body: str, more: dict[str, str], found: Found
) -> None:
    files = {"compose.yaml": PROJECT, **image(body), **more}
    assert found(files, secret_file_copied) == []


def test_a_dockerfile_alone_does_not_say_where_it_is_built(found: Found) -> None:
    files = {**image("COPY . /app/"), ".env": "x"}
    assert found(files, secret_file_copied) == []
    files[".dockerignore"] = "node_modules\n"
    assert found(files, secret_file_copied) == [("warning", ".")]


@pytest.mark.parametrize(
    ("source", "to"),
    [
        ("aws", "/root/.aws/credentials"),
        ("kube.yaml", "/home/app/.kube/config"),
        ("deploy_key", "/root/.ssh/"),
        ("key", "/root/.ssh/id_ed25519"),
        ("registry.json", "/root/.docker/config.json"),
        ("netrc", "/root/.netrc"),
    ],
)
def test_the_destination_says_what_a_file_is(
    found: Found, source: str, to: str
) -> None:
    text = {"Dockerfile": f"FROM debian:13\nCOPY {source} {to}\n"}
    assert found(text, secret_file_copied) == [("warning", source)]


@pytest.mark.parametrize(
    ("source", "to"),
    [
        ("deploy_key.pub", "/root/.ssh/"),
        ("known_hosts", "/root/.ssh/"),
        ("ssh_config", "/root/.ssh/config"),
        ("config", "/root/.ssh/"),
        ("netrc.example", "/root/.netrc"),
        ("aws", "/root/.aws/config"),
        ("kubeconf", "/root/.kube/"),
        ("credentials", "/etc/app/"),
        ("$FILE", "/root/.netrc"),
    ],
)
def test_another_destination_says_nothing(found: Found, source: str, to: str) -> None:
    text = {"Dockerfile": f"FROM debian:13\nARG FILE\nCOPY {source} {to}\n"}
    assert found(text, secret_file_copied) == []


def test_settings_of_npm_under_another_name_are_an_info(found: Found) -> None:
    text = {"Dockerfile": "FROM debian:13\nCOPY npmrc /root/.npmrc\n"}
    assert found(text, secret_file_copied) == [("info", "npmrc")]
