"""The rule `base-image-past-end-of-life`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.supply_chain.base_image_past_end_of_life import (
    base_image_past_end_of_life,
)
from tightship.values import quantity

if TYPE_CHECKING:
    from tests.conftest import Judge


def messages(judge: Judge, files: dict[str, str]) -> list[str]:
    return [one.finding.message for one in judge(files, [base_image_past_end_of_life])]


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    def today(*, days_ago: int = 0) -> str:
        assert days_ago == 0
        return day

    monkeypatch.setattr(quantity, "today", today)


def test_a_finding_names_the_end_of_support_and_the_next_version(judge: Judge) -> None:
    text = "FROM python:3.8-slim-buster\nFROM golang:1.12\nFROM openjdk:8-alpine3.9\n"
    assert messages(judge, {"Dockerfile": text}) == [
        "`FROM` uses `python:3.8-slim-buster`: the support of Python 3.8 ended on"
        " 2024-10-07, and the support of Debian 10 (buster) ended on 2024-06-30; Python"
        " 3.14 is supported until 2030-10, and Debian 13 (trixie) is supported until"
        " 2030-06-30",
        "`FROM` uses `golang:1.12`: the support of Go 1.12 ended in 2020-02",
        "`FROM` uses `openjdk:8-alpine3.9`: the updates of this image ended in"
        " 2022-07, and the support of Alpine Linux 3.9 ended in 2020-11;"
        " `eclipse-temurin` replaces it, and Alpine Linux 3.23 is supported until"
        " 2027-11",
    ]


def test_only_what_has_ended_is_named(judge: Judge) -> None:
    assert messages(judge, {"Dockerfile": "FROM python:3.14-slim-buster\n"}) == [
        "`FROM` uses `python:3.14-slim-buster`: the support of Debian 10 (buster) ended"
        " on 2024-06-30; Debian 13 (trixie) is supported until 2030-06-30"
    ]


def test_the_last_day_of_support_is_not_past(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"Dockerfile": "FROM postgres:17\n"}
    on(monkeypatch, "2029-11-08")
    assert messages(judge, files) == []
    on(monkeypatch, "2029-11-09")
    [message] = messages(judge, files)
    assert message.endswith("PostgreSQL 18 is supported until 2030-11-14")
    on(monkeypatch, "2031-01-01")
    [message] = messages(judge, files)
    assert message.endswith("the support of PostgreSQL 17 ended on 2029-11-08")


def test_a_supported_image_is_never_older_than_the_table_says(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, "2016-01-01")
    text = "FROM python:3.8-buster\nFROM debian:stretch\nFROM openjdk:8\nFROM centos\n"
    assert messages(judge, {"Dockerfile": text}) == []


def test_an_argument_or_a_service_may_name_the_version(judge: Judge) -> None:
    text = "ARG TAG=3.8\nFROM python:${TAG}\n"
    [message] = messages(judge, {"Dockerfile": text})
    assert "uses `python:3.8` (default of `ARG TAG`): the support" in message
    built = {
        "compose.yaml": "services: {s: {build: {context: ., args: {TAG: 3.14}}}}\n",
        "Dockerfile": text,
    }
    assert messages(judge, built) == []


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ('allowed = ["postgres:14"]', 0),
        ('allowed = ["postgres:*"]', 0),
        ('allowed = ["postgres"]', 1),
        ('allowed = ["*:14-alpine"]', 1),
        ("grace-days = 13", 1),  # 13 days ago support had ended the day before
        ("grace-days = 14", 0),
    ],
)
def test_versions_allowed_permanently_or_temporarily(
    judge: Judge, settings: str, found: int
) -> None:
    files = {
        "Dockerfile": "FROM postgres:14\n",
        "tightship.toml": f"[rules.base-image-past-end-of-life]\n{settings}\n",
    }
    assert len(messages(judge, files)) == found


def test_other_references_are_silent(judge: Judge) -> None:
    text = "FROM node:8 AS debian\nFROM debian\nFROM {{ python:2.7 }}\n"
    assert len(messages(judge, {"Dockerfile": text})) == 1
