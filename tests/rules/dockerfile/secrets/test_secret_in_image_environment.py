"""The rule `secret-in-image-environment`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.secrets.secret_in_image_environment import (
    secret_in_image_environment,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_arguments_of_a_service_that_env_keeps(judge: Judge) -> None:
    compose = "services:\n  app: {build: {context: ., args: {PW: hunter2}}}\n"
    files = {"compose.yaml": compose, **image("ARG PW\nENV DB_PASSWORD=$PW")}
    [one] = judge(files, [secret_in_image_environment])
    assert one.span.text == "$PW"
    assert one.finding.message.endswith("(`PW` from a build argument)")


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
        ("ARG GITHUB_TOKEN\nENV GIT=https://$GITHUB_TOKEN@x", "https://$GITHUB_TOKEN@x"),
        ("ENV LDAP_ROOTPASS=fsociety ORG='E CORP'", "fsociety"),
    ],
)
def test_environments_with_a_secret(body: str, place: str, found: Found) -> None:
    assert found(image(body), secret_in_image_environment) == [("warning", place)]


def test_a_secret_passed_to_another_variable_is_reported_once(found: Found) -> None:
    body = "ENV DB_PASSWORD=hunter2\nENV PGPASSWORD=$DB_PASSWORD"
    assert found(image(body), secret_in_image_environment) == [("warning", "hunter2")]
