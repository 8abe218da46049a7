"""Tags that name no version."""

from __future__ import annotations

import pytest

from tightship.values.image import floats, parse


@pytest.mark.parametrize(
    "reference",
    [
        *("redis:alpine", "nginx:stable", "nginx:mainline", "node:lts", "node:current"),
        *("ghcr.io/a/b:main", "a/b:nightly", "alpine:edge", "debian:sid", "a/b:MASTER"),
        *("node:lts-alpine", "node:lts-bookworm-slim", "nginx:stable-alpine3.22"),
        *("debian:stable-slim", "ubuntu:rolling", "fedora:rawhide", "php:apache"),
        *("python:slim", "golang:bookworm", "docker:dind", "nginx:latest-alpine"),
        *("rabbitmq:management-alpine", "a/b:edge-dev", "docker.io/library/redis:alpine"),
        "${REGISTRY}/a:main",
    ],
)
def test_a_tag_without_a_version_floats(reference: str) -> None:
    assert floats(parse(reference))


@pytest.mark.parametrize(
    "reference",
    [
        *("nginx", "nginx:latest", "redis:8-alpine", "node:24", "debian:bookworm"),
        *("debian:bookworm-slim", "ubuntu:noble", "buildpack-deps:bookworm", "ros:humble"),
        *("a/b:main-1a2b3c4", "a/b:nightly-20250601", "a/b:edge-2025", "a/b:dev-1.2"),
        *("traefik:livarot", "a/b:alpine", "a/b:bookworm", "node:iron", "a/b:release-7"),
        *("nginx:stable@sha256:" + "0" * 64, "nginx:${TAG}", "nginx:stable${X}"),
    ],
)
def test_a_tag_with_a_version_or_an_unknown_word_does_not(reference: str) -> None:
    assert not floats(parse(reference))
