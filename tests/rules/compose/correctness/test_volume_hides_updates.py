"""The rule `volume-hides-updates`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.volume_hides_updates import volume_hides_updates

if TYPE_CHECKING:
    from tests.rules.conftest import Found

COPIED = "FROM node:22\nWORKDIR /srv/shop\nCOPY . ."


def project(volumes: str, dockerfile: str = COPIED) -> dict[str, str]:
    text = f"services: {{web: {{build: ., volumes: {volumes}}}}}\nvolumes: {{app: {{}}}}\n"
    return {"compose.yaml": text, "Dockerfile": f"{dockerfile}\nCMD ['a']\n"}


@pytest.mark.parametrize(
    ("volume", "dockerfile"),
    [
        ("'app:/srv/shop'", COPIED),
        ("'app:/srv'", COPIED),
        ("'app:/srv/shop/'", "FROM node:22\nWORKDIR /srv\nWORKDIR shop\nCOPY ./ /srv/shop/"),
        ("{type: volume, source: app, target: /srv/shop}", COPIED),
        ("'app:/srv/shop'", "FROM node:22 AS a\nWORKDIR /srv/shop\nCOPY . .\nFROM a\nRUN make"),
    ],
)
def test_a_volume_over_the_build_context_is_found(
    found: Found, volume: str, dockerfile: str
) -> None:
    assert found(project(f"[{volume}]", dockerfile), volume_hides_updates) == [
        ("warning", volume.strip("'") if volume[0] == "{" else volume)
    ]


@pytest.mark.parametrize(
    "volumes",
    [
        "['app:/srv/shop/uploads']",
        "[/srv/shop]",
        "['.:/srv/shop']",
        "['app:/srv/shop', '.:/srv/shop']",
        "['app:/srv', '.:/srv/shop']",
        "['app:/srv', 'other:/srv/shop']",
        "['app:/srv/shop:ro']",
        "['app:/srv/shop:nocopy']",
        "[{type: volume, source: app, target: /srv/shop, volume: {nocopy: true}}]",
        "['app:${WHERE}']",
        "['app:/srv/shop', '${WHAT}:/x']",
    ],
)
def test_other_mounts_are_silent(found: Found, volumes: str) -> None:
    places = found(project(volumes), volume_hides_updates)
    assert [place for _, place in places if "other" not in place] == []


@pytest.mark.parametrize(
    "dockerfile",
    [
        "FROM node:22\nWORKDIR /srv/shop\nCOPY seeds .",
        "FROM node:22\nCOPY . /srv/shop",
        "FROM node:22 AS a\nFROM node:22\nWORKDIR /srv/shop\nCOPY --from=a . .",
        "FROM node:22\nARG TO\nWORKDIR $TO\nCOPY . .",
    ],
)
def test_what_may_be_no_program_is_silent(found: Found, dockerfile: str) -> None:
    assert found(project("['app:/srv/shop']", dockerfile), volume_hides_updates) == []


@pytest.mark.parametrize("settings", ["external: true", "driver: nfs", "driver_opts: {o: bind}"])
def test_a_volume_that_may_be_elsewhere_is_silent(found: Found, settings: str) -> None:
    files = project("['app:/srv/shop']")
    files["compose.yaml"] = files["compose.yaml"].replace("app: {}", f"app: {{{settings}}}")
    assert found(files, volume_hides_updates) == []
