"""The command `tightship image`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.frontends.image_archive.archives import Member, layer, saved

from tightship.cli.main import main
from tightship.images.index import FILES

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("mailpit", "axllent/mailpit"),
        ("paperless-ngx", "ghcr.io/paperless-ngx/paperless-ngx"),
        ("sonarr:4", "linuxserver/sonarr"),
        ("uptime-kuma", "louislam/uptime-kuma"),
        ("wg_easy", "ghcr.io/wg-easy/wg-easy"),  # the name of its file
    ],
)
def test_an_image_is_found_by_its_last_name(
    given: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["image", given]) == 0
    assert capsys.readouterr().out.startswith(f"# {name}\n")


def test_a_last_name_of_several_images_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "server"]) == 2
    error = capsys.readouterr().err
    assert "`server` may be one of several images: `couchbase/server`, `ghcr.io/" in error
    assert main(["image", "linuxserver"]) == 2
    assert "`linuxserver/altus`, `linuxserver/apprise-api`" in capsys.readouterr().err


def test_somebody_elses_image_is_not_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "example/mailpit"]) == 2
    assert "unknown image `example/mailpit`; did you mean `axllent/mailpit`?" in (
        capsys.readouterr().err
    )


def test_a_file_of_facts_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "facts.toml"
    file.write_text('names = ["acme"]\nsummary = "Acme"\nholds_for = "all versions"\n')
    assert main(["image", "--validate", str(file)]) == 0
    assert capsys.readouterr().out == f"{file} is valid; it is about `acme`\n"
    file.write_text('names = ["acme"]\nsumary = "Acme"\n')
    assert main(["image", "--validate", str(file)]) == 2
    error = capsys.readouterr().err
    assert f"{file}:2:1: unknown key `sumary` here; did you mean `summary`?" in error
    assert main(["image", "--validate", str(tmp_path / "other.toml")]) == 2
    assert "`other.toml` does not exist" in capsys.readouterr().err


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    layers = [layer({"usr/bin/doas": Member(b"x", 0o4755)})]
    path = tmp_path / "shop.tar"
    path.write_bytes(saved(layers, {"User": "1000", "Cmd": ["shop"]}, ["acme/shop:2"]))
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.usefixtures("archive")
def test_an_archive_has_a_page_and_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "--from", "shop.tar"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# acme/shop:2\n")
    assert "These programs of it gain privileges: `/usr/bin/doas` (setuid)." in out
    assert main(["image", "--from", "shop.tar", "acme/shop:2", "--output-format", "json"]) == 0
    [row] = json.loads(capsys.readouterr().out)["images"]
    assert (row["programs"], row["new_privileges"]) == (["shop"], None)
    assert row["user"][0]["name"] == "1000"


def test_an_archive_becomes_a_valid_file(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["image", "--from", str(archive), "--output-format", "toml"]) == 0
    made = archive.with_suffix(".toml")
    made.write_text(capsys.readouterr().out)
    assert main(["image", "--validate", str(made)]) == 0
    assert "`acme/shop`" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--from", "missing.tar"], "`missing.tar` does not exist"),
        (["--from", "."], "`.` is a directory, not a file"),
        (["--from", "/dev/zero"], "`/dev/zero` is a device, not a regular file"),
        (
            ["--from", "bad.tar"],
            "`bad.tar` cannot be read as an image: it is not a complete tar file",
        ),
        (["--from", "shop.tar", "acme/shop:3"], "has no such image; it has `acme/shop:2`"),
        (["nginx", "--output-format", "toml"], "add --from FILE"),
    ],
)
def test_what_is_no_archive_has_a_reason(
    archive: Path, arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.with_name("bad.tar").write_text("nothing" * 100)
    assert main(["image", *arguments]) == 2
    assert reason in capsys.readouterr().err
