"""The rule `sensitive-port-exposed`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.network.sensitive_port_exposed import sensitive_port_exposed

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = rules_of("dockerfile", "network")


@pytest.mark.parametrize(
    ("base", "body"),
    [
        ("node:24", "EXPOSE 9229"),
        ("node:24-alpine", "EXPOSE 3000-3003 9222-9230"),
        ("python:3.14", "EXPOSE 5432"),
        ("python:3.14", "RUN apk add postgresql-client libpq\nEXPOSE 5432"),
        ("php:8.4", "RUN apt-get install php8.4-mysql default-mysql-client\nEXPOSE 3306"),
        ("wordpress:6", "EXPOSE 3389"),
        ("eclipse-temurin:25", "EXPOSE 5005"),
        ("debian:13", "RUN apk add openjdk17-jre\nEXPOSE 5005"),
        ("debian:13", 'EXPOSE 5005\nCMD ["java", "-jar", "app.jar"]'),
        ("debian:13", "EXPOSE 2375"),
    ],
)
def test_ports_beside_the_purpose_of_the_image(base: str, body: str, found: Found) -> None:
    assert len(found(image(body, base), sensitive_port_exposed)) == 1


@pytest.mark.parametrize(
    ("base", "body"),
    [
        ("postgres:18", "EXPOSE 5432"),
        ("bitnami/postgresql:18", "EXPOSE 5432"),
        ("postgis/postgis:18-3", "EXPOSE 5432"),
        ("mariadb:12", "EXPOSE 3306 33060"),
        ("valkey/valkey:9", "EXPOSE 6379"),
        ("redislabs/redismod", "EXPOSE 6379"),
        ("docker:29-dind", "EXPOSE 2375"),
        ("debian:13", 'EXPOSE 6379\nENTRYPOINT ["/usr/bin/redis-server"]'),
        ("debian:13", "EXPOSE 11211\nCMD memcached -u nobody"),
        ("debian:13", "RUN apt-get install -y postgresql-17\nEXPOSE 5432"),
        ("debian:13", "RUN apk add --no-cache x11vnc\nEXPOSE 5900"),
        ("rasa/rasa:3", "EXPOSE 5005"),
        ("node:24", "EXPOSE 5005/tcp 1099"),
        ("node:24", "EXPOSE 9229/udp 9000-9300 $DEBUG"),
        ("mysql:9 AS base\nFROM base", "EXPOSE 3306"),
        ("scratch AS redis", "COPY redis /\nEXPOSE 6379"),
    ],
)
def test_ports_that_are_the_purpose_of_the_image(base: str, body: str, found: Found) -> None:
    assert found(image(body, base), sensitive_port_exposed) == []


@pytest.mark.parametrize("path", ["redis/Dockerfile", "Dockerfile.redis"])
def test_the_name_of_the_file_can_name_its_purpose(path: str, found: Found) -> None:
    assert found({path: "FROM debian:13\nEXPOSE 6379\n"}, sensitive_port_exposed) == []


def test_one_port_of_a_word_is_reported(judge: Judge) -> None:
    [one] = judge(image("EXPOSE 5432-5433 80\nEXPOSE 6380"), RULES)
    assert one.finding.message == "the image exposes port 5432 (PostgreSQL)"
