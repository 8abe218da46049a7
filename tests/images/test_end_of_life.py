"""What a tag tells about the age of its image, and the table behind it."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tightship.images.end_of_life import (
    PRODUCT_OF,
    PRODUCTS,
    WITHDRAWN,
    named_cycles,
    newest,
    withdrawn,
)
from tightship.values.image import OFFICIAL_IMAGES, parse

LINTER = Path(__file__).parents[2] / "linter"
DOCS = LINTER / "docs"
FACTS = LINTER / "tightship" / "facts"


def named(reference: str) -> list[str]:
    return [str(cycle) for cycle in named_cycles(parse(reference))]


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("python:3.8-slim-buster", ["Python 3.8", "Debian 10 (buster)"]),
        ("python:3.8.1", ["Python 3.8"]),
        ("python:3.10", ["Python 3.10"]),
        ("python:2", ["Python 2.7"]),
        ("python:2.7.18rc1-alpine3.11", ["Python 2.7", "Alpine Linux 3.11"]),
        ("python:3.13-alpine3.9.6", ["Python 3.13", "Alpine Linux 3.9"]),
        ("node:14-alpine3.12", ["Node.js 14 (fermium)", "Alpine Linux 3.12"]),
        ("node:lts-gallium", ["Node.js 16 (gallium)"]),
        ("node:carbon-stretch", ["Node.js 8 (carbon)", "Debian 9 (stretch)"]),
        ("node:lts-buster", ["Debian 10 (buster)"]),
        ("debian:stretch-slim", ["Debian 9 (stretch)"]),
        ("debian:buster-20200803-slim", ["Debian 10 (buster)"]),
        ("debian:9.13", ["Debian 9 (stretch)"]),
        ("ubuntu:bionic-20210930", ["Ubuntu 18.04 (bionic)"]),
        ("ubuntu:18.04", ["Ubuntu 18.04 (bionic)"]),
        ("centos:centos7.9.2009", ["CentOS 7"]),
        ("centos:7", ["CentOS 7"]),
        ("amazonlinux:2018.03.0.20211015.1", ["Amazon Linux 2018"]),
        ("amazonlinux:2.0.20220606.1", ["Amazon Linux 2"]),
        ("mysql:8.0.36", ["MySQL 8.0"]),
        ("mysql:5", ["MySQL 5.7"]),
        ("mysql:5.7.44-oracle", ["MySQL 5.7"]),
        ("postgres:9.6.24-alpine3.15", ["PostgreSQL 9.6", "Alpine Linux 3.15"]),
        ("postgres:9", ["PostgreSQL 9.6"]),
        ("nginx:1.19.5-perl", ["nginx 1.19"]),
        ("nginx:stable-alpine3.17", ["Alpine Linux 3.17"]),
        ("wordpress:5.8-php7.4-fpm-alpine", ["PHP 7.4"]),
        ("wordpress:php8.0", ["PHP 8.0"]),
        ("eclipse-temurin:8-jdk-centos7", ["CentOS 7"]),
        ("eclipse-temurin:17-jre-focal", ["Ubuntu 20.04 (focal)"]),
        ("traefik:v1.7.34", ["Traefik 1"]),
        ("opensuse/leap:15.3", ["openSUSE Leap 15.3"]),
        ("tomcat:8-jdk8", ["Apache Tomcat 8.5"]),
        ("PYTHON:3.8", []),
        ("kibana:7.17.9", ["Elastic Stack 7"]),
        ("docker.elastic.co/kibana/kibana:6.8.0", ["Elastic Stack 6"]),
        ("mcr.microsoft.com/dotnet/sdk:6.0.201-focal", [".NET 6.0", "Ubuntu 20.04 (focal)"]),
        ("mcr.microsoft.com/dotnet/core/aspnet:3.1", [".NET 3.1"]),
        ("docker.io/library/node:12", ["Node.js 12 (erbium)"]),
        ("public.ecr.aws/docker/library/node:12", ["Node.js 12 (erbium)"]),
        (f"python:3.7@sha256:{'0' * 64}", ["Python 3.7"]),
    ],
)  # fmt: skip
def test_the_cycles_that_a_tag_names(reference: str, found: list[str]) -> None:
    assert named(reference) == found


@pytest.mark.parametrize(
    "reference",
    [
        "python",
        "python:latest",
        "python:3",
        "python:3.80",
        "python:alpine",
        "python:slim",
        "mysql:8",
        "postgres:9.7",
        "php:5.2-apache",
        "alpine:3",
        "alpine:edge",
        "alpine:20240329",
        "debian:stable-slim",
        "debian:oldstable",
        "debian:sid",
        "ubuntu:rolling",
        "node:lts",
        "ros:iron",
        "httpd:2.4",
        "nginx:1.29",
        "redis:7.2",
        "golang:1",
        "mariadb:10",
        "app:buster",
        "example/python:3.7",
        "ghcr.io/example/python:3.7",
        "registry.example:5000/python:3.7-buster",
        "bitnami/postgresql:9.6",
        "python:${TAG}",
        "python:3.7-${VARIANT}",
        "${REGISTRY}/python:3.7",
        f"python@sha256:{'0' * 64}",
    ],
)
def test_a_tag_that_names_no_cycle(reference: str) -> None:
    assert named(reference) == []


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("openjdk:8u181-jdk-alpine", ("2022-07", "eclipse-temurin")),
        ("openjdk:17-slim", ("2022-07", "eclipse-temurin")),
        ("openjdk:26-ea-jdk", None),
        ("openjdk", None),
        ("openjdk:slim", None),
        ("java:7", ("2016-12-31", "eclipse-temurin")),
        ("java", ("2016-12-31", "eclipse-temurin")),
        ("rails:onbuild", ("2016-12-31", "ruby")),
        ("centos", ("2024-06-30", "")),
        ("centos:latest", ("2024-06-30", "")),
        ("centos:7", None),  # which has an end of its own
        (f"java@sha256:{'0' * 64}", None),
        ("java:${TAG}", None),
        ("example/java:8", None),
    ],
)
def test_images_that_are_deprecated(reference: str, found: tuple[str, str] | None) -> None:
    assert withdrawn(parse(reference)) == found


def test_support_ends_after_its_last_day() -> None:
    [cycle] = named_cycles(parse("python:3.8"))
    assert not cycle.has_ended("2024-10-07")
    assert cycle.has_ended("2024-10-08")


def test_the_newest_cycle_is_the_one_supported_longest() -> None:
    assert str(newest("python", "2026-11-26")) == "Python 3.14"
    assert str(newest("python", "2020-06-01")) == "Python 3.14"
    assert str(newest("mariadb", "2026-11-26")) == "MariaDB 11.4"
    assert newest("httpd", "2026-11-26") is None
    assert newest("python", "2100-01-01") is None


def test_the_table_follows_its_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((DOCS / "end-of-life.schema.json").read_text("utf-8"))
    table = tomllib.loads((FACTS / "end_of_life.toml").read_text("utf-8"))
    jsonschema.validate(table, schema)
    table["products"]["python"]["ends"]["3.8"] = "October 2024"
    with pytest.raises(jsonschema.ValidationError, match="October 2024"):
        jsonschema.validate(table, schema)


@pytest.mark.parametrize("product", sorted(PRODUCTS))
def test_names_and_ends_of_a_product_mean_something(product: str) -> None:
    ends, names = PRODUCTS[product]["ends"], PRODUCTS[product].get("names", {})
    assert names.keys().isdisjoint(ends), "a name stands for one cycle"
    assert {*names.values()} <= ends.keys()
    for end in (*ends.values(), *(one["end"] for one in WITHDRAWN.values())):
        date.fromisoformat(end + "-01-01"[len(end) - 4 :])


def test_each_name_is_an_image_of_the_product() -> None:
    others = [image for one in PRODUCTS.values() for image in one.get("images", ())]
    assert not {*others} & PRODUCTS.keys()
    assert len(others) == len(set(others)), "an image is of one product"
    short = {name for name in (*PRODUCT_OF, *WITHDRAWN) if "/" not in name}
    assert short - {"dotnet"} <= OFFICIAL_IMAGES
    replacing = {one["instead"] for one in WITHDRAWN.values() if "instead" in one}
    assert replacing <= OFFICIAL_IMAGES


def test_code_names_are_those_of_one_distribution() -> None:
    debian, ubuntu = ({*PRODUCTS[one]["names"]} for one in ("debian", "ubuntu"))
    assert debian & ubuntu == set()
    assert all(name.isalpha() for name in debian | ubuntu)
