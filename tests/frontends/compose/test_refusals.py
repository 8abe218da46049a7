"""What Compose rejects in a project, by the services that it concerns."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.frontends.compose.conftest import Texts
from tests.frontends.compose.refused_services import FILES, FINE, KINDS

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.compose.refusals import refusals

if TYPE_CHECKING:
    from pathlib import Path

OF_COMPOSE = {name: one for name, one in KINDS.items() if one.by_compose}


def project(text: str, **files: str) -> ComposeProject:
    texts = {name.replace("_", "."): content for name, content in files.items()}
    return ComposeProject(
        Loading(Texts({"compose.yaml": text, **FILES, **texts})), ["compose.yaml"]
    )


def named(text: str, **files: str) -> list[tuple[tuple[str, ...] | None, str]]:
    """Return the services of each refusal, and the reason."""
    found = project(text, **files).refusals
    return [
        (None if one.services is None else tuple(sorted(one.services)), one.gap.reason)
        for one in found
    ]


@pytest.mark.parametrize("kind", OF_COMPOSE)
def test_a_reason_is_that_of_its_service_alone(kind: str) -> None:
    refused = KINDS[kind]
    [(services, reason)] = named(FINE + refused.text)
    assert services == ("bad",)
    assert "service `bad`" in reason
    assert refused.reason in reason


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_these_is_what_compose_does(kind: str, tmp_path: Path, docker_compose: str) -> None:
    for name, text in {**FILES, "compose.yaml": FINE + KINDS[kind].text}.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run([docker_compose, "config", "-q"], cwd=tmp_path, timeout=60, check=False)
    assert (done.returncode != 0) == KINDS[kind].by_compose


def test_a_project_that_compose_takes_has_none() -> None:
    assert named(FINE) == []


def test_the_place_is_the_first_one_and_the_others_are_counted() -> None:
    text = f"{FINE}  bad:\n    image: x\n    imagee: y\n    networks: [nope]\n    prots: []\n"
    [one] = project(text).refusals
    assert one.gap.span.text == "imagee"
    assert one.gap.reason.endswith("did you mean `image`?, and 2 more")


def test_an_anchor_at_fault_is_that_of_all_services_that_share_it() -> None:
    anchor = "x-base: &base {image: x, imagee: y}\n"
    text = f"{anchor}{FINE}  a: *base\n  b: {{<<: *base, user: '1'}}\n"
    [(services, reason)] = named(text)
    assert services == ("a", "b")
    assert reason.startswith("Compose rejects services `a`, `b`: `imagee` is not a key")


def test_an_anchor_that_no_service_uses_rejects_none() -> None:
    [(services, reason)] = named(f"x-base: {{image: '${{X'}}\n{FINE}")
    assert services == ()
    assert reason.startswith("Compose rejects it: ")


def test_a_service_inherits_what_is_wrong_with_its_base() -> None:
    bad = "  bad: {image: x, imagee: y}\n  child: {extends: {service: bad}}\n"
    assert [names for names, _ in named(FINE + bad)] == [("bad", "child")]


def test_a_base_in_another_file_rejects_the_services_that_extend_it() -> None:
    text = f"{FINE}  a: {{extends: {{file: base.yml, service: b}}}}\n"
    [(services, reason)] = named(text, base_yml="services: {b: {image: x, imagee: y}}\n")
    assert services == ("a",)
    assert "`imagee`" in reason
    [(services, _)] = named(text, base_yml="services: {b: {image: x}}\nx: [\n")
    assert services == ("a",)


@pytest.mark.parametrize(
    ("use", "definition"),
    [
        ("networks: [n]", "networks: {n: {drver: x}}"),
        ("networks: {n: {}}", "networks: {n: 5}"),
        ("volumes: ['vol:/x']", "volumes: {vol: {external: true, driver: x}}"),
        ("secrets: [n]", "secrets: {n: {}}"),
        ("configs: [{source: n}]", "configs: {n: {file: x, content: y}}"),
    ],
)
def test_a_resource_at_fault_rejects_the_services_that_use_it(use: str, definition: str) -> None:
    found = named(f"{FINE}  a: {{image: x, {use}}}\n{definition}\n")
    assert [services for services, _ in found] == [("a",)]


def test_the_default_network_is_that_of_the_services_without_another_one() -> None:
    text = f"{FINE}  a: {{image: x, network_mode: none}}\nnetworks: {{default: {{drver: x}}}}\n"
    assert [services for services, _ in named(text)] == [("db", "web")]


def test_an_unknown_key_of_the_file_is_a_part_that_no_service_uses() -> None:
    assert [services for services, _ in named(f"{FINE}foo: 1\n")] == [()]


@pytest.mark.parametrize(
    "text",
    [
        f"{FINE}x: [\n",
        "services: 5\n",
        "- web\n",
        f"include: [compose.yaml]\n{FINE}",
        f"include: 5\n{FINE}",
    ],
)
def test_nothing_can_be_told_of_these_projects(text: str) -> None:
    [(services, reason), *_] = named(text)
    assert services is None
    assert reason.startswith("Compose rejects the whole project: ")


def test_a_missing_include_leaves_every_service_unknown() -> None:
    [(services, reason)] = named(f"include: [gone.yaml]\n{FINE}")
    assert services == ("db", "web")
    assert reason == "`gone.yaml` is missing"


@pytest.mark.parametrize(
    "settings",
    [
        "image: '${X:?no}'",
        "image: '${X}'",
        "image: x, env_file: gone.env",
        "image: x, depends_on: [off]",
    ],
)
def test_what_a_run_decides_rejects_nothing(settings: str) -> None:
    off = "  off: {image: x, profiles: [p]}\n"
    assert named(f"{FINE}  a: {{{settings}}}\n{off}") == []


def test_files_of_which_nobody_says_that_they_are_merged_are_at_fault_alone() -> None:
    text = FINE + KINDS["undefined network"].text
    assert refusals(project(text), is_guess=True) == ()
    assert len(refusals(project(FINE + KINDS["unknown key"].text), is_guess=True)) == 1


def test_the_rest_of_a_project_without_a_base_is_looked_at() -> None:
    text = f"{FINE}  a: {{extends: {{file: gone.yml, service: b}}}}\n  c: {{image: x, volumes: ['vol:/x']}}\n"
    found = project(text)
    assert [one.path[1] for one in found.inconsistencies] == ["c"]
    assert [one.services for one in found.refusals] == [("c",), ("a",)]


def test_a_view_leaves_the_project_as_it_is() -> None:
    found = project(FINE)
    view = found.with_unknown(["web"])
    assert view.services["web"].project is view
    assert not view.services["web"].complete
    assert view.services["db"].complete
    assert found.services["web"].complete
    assert found.services["web"].project is found
