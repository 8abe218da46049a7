"""The rules about secrets in Dockerfiles, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.dockerfile.secrets.secret_file_copied import secret_file_copied
from tightship.rules.dockerfile.secrets.secret_in_build_argument import (
    secret_in_build_argument,
)
from tightship.rules.dockerfile.secrets.secret_in_image_environment import (
    secret_in_image_environment,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = rules_of("dockerfile", "secrets")

PROJECT = "services:\n  app: {build: .}\n"


def image(body: str, base: str = "debian:13") -> dict[str, str]:
    return {"Dockerfile": f"FROM {base}\n{body}\n"}


def test_an_argument_is_told_once_however_many_stages_ask_for_it(found: Found) -> None:
    text = (
        "ARG NPM_TOKEN\n"
        "FROM a:1 AS x\nARG NPM_TOKEN\n"
        "FROM b:1\nARG NPM_TOKEN\nARG DB_PASSWORD\nONBUILD ARG DB_PASSWORD API_KEY\n"
    )
    assert found({"Dockerfile": text}, secret_in_build_argument) == [
        ("info", "NPM_TOKEN"),
        ("info", "DB_PASSWORD"),
        ("info", "API_KEY"),
    ]


def test_each_default_is_told(found: Found) -> None:
    text = "ARG DB_PASSWORD=one1\nFROM b:1\nARG DB_PASSWORD='two2'\nARG DB_PASSWORD\n"
    assert found({"Dockerfile": text}, secret_in_build_argument) == [
        ("warning", "one1"),
        ("warning", "two2"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        'ARG GPG_KEYS="E3FF2839C048B25C084DEBE9B26995E310250568'
        ' 7169605F62C751356D054A26A821E680E5FA6305"',
        "ARG NPM_TOKEN_FILE",
        "ARG TOKEN_TTL=3600",
        "ARG PASSWORD=$GIVEN",
        "ARG API_TOKEN='<your token>'",
        "ARG API_TOKEN='{{ token }}'",
    ],
)
def test_arguments_that_are_no_secret(body: str, found: Found) -> None:
    assert found(image(body), secret_in_build_argument) == []


def test_what_a_service_passes_is_judged_where_it_stands(found: Found) -> None:
    compose = "services:\n  app: {build: {context: ., args: {DB_PASSWORD: hunter2}}}\n"
    files = {"compose.yaml": compose, **image("ARG DB_PASSWORD")}
    assert found(files, secret_in_build_argument) == [("info", "DB_PASSWORD")]


def test_what_a_service_passes_and_env_keeps(judge: Judge) -> None:
    compose = "services:\n  app: {build: {context: ., args: {PW: hunter2}}}\n"
    files = {"compose.yaml": compose, **image("ARG PW\nENV DB_PASSWORD=$PW")}
    [one] = judge(files, [secret_in_image_environment])
    assert one.span.text == "$PW"
    assert one.finding.message.endswith("with `PW` as the service passes it")


@pytest.mark.parametrize(
    "body",
    [
        'ENV DB_PASSWORD=""',
        "ENV DB_PASSWORD /run/secrets/db",
        "ENV DB_PASSWORD_FILE=/run/secrets/db",
        "ARG NPM_TOKEN=none\nENV NPM_TOKEN=$NPM_TOKEN",
        "ARG NPM_TOKEN\nENV HAS_TOKEN=${NPM_TOKEN:+1}",
        "ENV NPM_TOKEN=$NPM_TOKEN",
        "ENV NGINX_GPGKEY=573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62",
        "ENV OAUTH2_PROXY_VERSION=v5.1.1 KEEPASSXC_VERSION=2.5.4",
        "ARG KEY_DIR\nENV KEY_DIR=$KEY_DIR",
    ],
)
def test_environments_without_a_secret(body: str, found: Found) -> None:
    assert found(image(body), secret_in_image_environment) == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("ONBUILD ENV DB_PASSWORD=hunter2", "hunter2"),
        ("ARG T=hunter2\nENV DB_PASSWORD=x$T", "x$T"),
        ('ENV A=1 \\\n    DB_PASSWORD="hunter 2"', "hunter 2"),
        ("ARG NPM_TOKEN=\nENV NPM_TOKEN=${NPM_TOKEN:-}", "${NPM_TOKEN:-}"),
        (
            "ARG GITHUB_TOKEN\nENV GIT=https://$GITHUB_TOKEN@x",
            "https://$GITHUB_TOKEN@x",
        ),
        ("ENV LDAP_ROOTPASS=fsociety ORG='E CORP'", "fsociety"),
    ],
)
def test_environments_with_a_secret(body: str, place: str, found: Found) -> None:
    assert found(image(body), secret_in_image_environment) == [("warning", place)]


def test_one_secret_is_not_told_again_where_another_variable_takes_it(
    found: Found,
) -> None:
    body = "ENV DB_PASSWORD=hunter2\nENV PGPASSWORD=$DB_PASSWORD"
    assert found(image(body), secret_in_image_environment) == [("warning", "hunter2")]


def test_no_message_repeats_a_secret(judge: Judge) -> None:
    body = (
        "ARG DB_PASSWORD=hunter2\nENV DB_PASSWORD=$DB_PASSWORD API_TOKEN=hunter2\n"
        "ENV URL=redis://:hunter2@cache LONG_SECRET='a hunter2'"
    )
    judged = judge(image(body), RULES)
    assert len(judged) == 5
    assert not any("hunter2" in one.finding.message for one in judged)


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
    assert one.finding.message.endswith(", with the default of `ARG KEY`")


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


def test_hostile_files_are_judged_in_time(judge: Judge) -> None:
    copies = "\n".join(f"COPY d{n} id_rsa /{n}/" for n in range(3_000))
    stages = "\n".join(f"FROM a:1 AS s{n}\nARG T{n}_TOKEN" for n in range(1_000))
    files = {"compose.yaml": PROJECT, **image(f"{copies}\n{stages}")}
    assert len(judge(files, RULES)) == 4_000
