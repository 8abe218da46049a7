"""The rules about what an image offers to the network, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.dockerfile.network.sensitive_port_exposed import (
    sensitive_port_exposed,
)
from tightship.rules.dockerfile.network.ssh_port_exposed import ssh_port_exposed

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = rules_of("dockerfile", "network")


def image(body: str, base: str = "debian:13") -> dict[str, str]:
    return {"Dockerfile": f"FROM {base}\n{body}\n"}


@pytest.mark.parametrize(
    "word",
    ["22", "22/tcp", "22/TCP", '"22"', "20-25", "2222:22", "127.0.0.1::22", "022"],
)
def test_ssh(word: str, found: Found) -> None:
    assert found(image(f"EXPOSE 80 {word}"), ssh_port_exposed) == [("info", word)]


@pytest.mark.parametrize(
    "words",
    ["22/udp", "2222", "1-1024", "22:2222", "220-225", "$PORT", "2${TWO}", "ssh"],
)
def test_no_ssh(words: str, found: Found) -> None:
    assert found(image(f"ARG TWO\nEXPOSE {words}"), ssh_port_exposed) == []


def test_a_variable_may_hold_several_ports(judge: Judge) -> None:
    [one] = judge(image('ENV P="80 22"\nEXPOSE $P'), [ssh_port_exposed])
    assert one.span.text == "$P"
    body = 'ARG P="80 22"\nONBUILD EXPOSE $P'
    [one] = judge(image(body), [ssh_port_exposed])
    assert one.finding.message == (
        "the image offers port 22 (SSH), with the default of `ARG P`"
    )


@pytest.mark.parametrize(
    ("base", "body"),
    [
        ("node:24", "EXPOSE 9229"),
        ("node:24-alpine", "EXPOSE 3000-3003 9222-9230"),
        ("python:3.14", "EXPOSE 5432"),
        ("python:3.14", "RUN apk add postgresql-client libpq\nEXPOSE 5432"),
        (
            "php:8.4",
            "RUN apt-get install php8.4-mysql default-mysql-client\nEXPOSE 3306",
        ),
        ("wordpress:6", "EXPOSE 3389"),
        ("eclipse-temurin:25", "EXPOSE 5005"),
        ("debian:13", "RUN apk add openjdk17-jre\nEXPOSE 5005"),
        ("debian:13", 'EXPOSE 5005\nCMD ["java", "-jar", "app.jar"]'),
        ("debian:13", "EXPOSE 2375"),
    ],
)
def test_a_port_beside_what_the_image_is_for(
    base: str, body: str, found: Found
) -> None:
    assert len(found(image(body, base), sensitive_port_exposed)) == 1


@pytest.mark.parametrize(
    ("base", "body"),
    [
        ("postgres:18", "EXPOSE 5432"),
        ("bitnami/postgresql:18", "EXPOSE 5432"),
        ("postgis/postgis:18-3", "EXPOSE 5432"),
        ("mariadb:12", "EXPOSE 3306 33060"),
        ("valkey/valkey:9", "EXPOSE 6379"),
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
def test_a_port_that_the_image_is_for(base: str, body: str, found: Found) -> None:
    assert found(image(body, base), sensitive_port_exposed) == []


@pytest.mark.parametrize("path", ["redis/Dockerfile", "Dockerfile.redis"])
def test_the_name_of_the_file_may_say_what_it_is_for(path: str, found: Found) -> None:
    assert found({path: "FROM debian:13\nEXPOSE 6379\n"}, sensitive_port_exposed) == []


def test_of_one_word_one_port_is_told(judge: Judge) -> None:
    [one] = judge(image("EXPOSE 5432-5433 80\nEXPOSE 6380"), RULES)
    assert one.finding.message == "the image offers port 5432 (PostgreSQL)"


def test_hostile_files_are_judged_in_time(judge: Judge) -> None:
    stages = "\n".join(
        f"FROM s{n - 1} AS s{n}\nRUN apt-get install x y\nEXPOSE 5432 22"
        for n in range(1, 1_500)
    )
    text = f"FROM debian:13 AS s0\nEXPOSE{' 5432 22' * 2_000}\n{stages}\n"
    assert len(judge({"Dockerfile": text}, RULES)) == 2 * (2_000 + 1_499)
