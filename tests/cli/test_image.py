"""The command `tightship image`."""

from __future__ import annotations

import json

import pytest

from tightship.cli.main import main
from tightship.images.index import FILES


def test_every_image_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in FILES)


def test_a_page_has_every_fact_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "docker.io/library/nginx:1.29"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# nginx\n")
    assert "`SETUID`: the workers switch their user, if it starts as root [" in out
    assert "## Sources\n\n1. " in out


def test_the_exceptions_of_a_fact_are_one_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "nginx"]) == 0
    out = capsys.readouterr().out
    assert (
        "listens on no port, unless something is mounted at, above or below"
        " `/etc/nginx/nginx.conf`, `/etc/nginx/templates` or `/docker-entrypoint.d`, and"
        " unless the command sets `-c` or `-p` ["
    ) in out
    assert main(["image", "postgres"]) == 0
    out = capsys.readouterr().out
    assert "cannot be created, if it does not start as root, unless the command" in out
    assert "password, if `POSTGRES_HOST_AUTH_METHOD` is `trust` [" in out


@pytest.mark.parametrize("name", FILES)
def test_every_image_has_a_page(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", name]) == 0
    assert capsys.readouterr().out.startswith(f"# {name}\n")


def test_json_has_the_facts_as_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "nginx", "--output-format", "json"]) == 0
    [image] = json.loads(capsys.readouterr().out)["images"]
    assert image["name"] == "nginx"
    assert {fact["name"] for fact in image["capabilities"]} >= {"SETGID", "SETUID"}
    assert all(fact["grade"] and fact["source"] for fact in image["capabilities"])


def test_an_unknown_image_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "ngins"]) == 2
    error = capsys.readouterr().err
    assert "unknown image `ngins`; did you mean `nginx`?" in error
