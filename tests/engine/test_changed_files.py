"""Files beside the main file: which are overlays, and which are projects of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Tree

    from tightship.engine.verdict import JudgedFinding


MAIN = """services:
  web: {image: "nginx:1.29", read_only: true, networks: [back]}
networks: {back: }
"""


def judged(*paths: Path) -> list[JudgedFinding]:
    return [one for verdict in check(map(str, paths), ["strict"]) for one in verdict.findings]


def found(*paths: Path, name: str) -> set[str]:
    """Return the rules that find something in a file."""
    return {one.rule.name for one in judged(*paths) if one.span.source.name == name}


@pytest.mark.parametrize("is_named", [False, True])
def test_a_service_of_a_side_file_is_judged_in_full(tree: Tree, is_named: bool) -> None:
    side = "services: {db: {image: 'mysql:latest'}}\n"
    root = tree({"compose.yaml": MAIN, "docker-compose-prod.yml": side})
    path = root / "docker-compose-prod.yml" if is_named else root
    rules = found(path, name="docker-compose-prod.yml")
    assert rules >= {"mutable-image-tag", "writable-root-filesystem", "unlimited-resources"}
    assert "judged-as-overlay" not in rules


@pytest.mark.parametrize(
    "body", ["build: .", "image: x:1", "provider: {type: x}", "extends: other"]
)
def test_image_build_provider_and_extends_define_a_service(body: str, tree: Tree) -> None:
    side = f"services: {{other: {{image: 'y:1'}}, db: {{{body}}}}}\n"
    root = tree({"compose.yaml": MAIN, "compose.ci.yaml": side})
    rules = found(root, name="compose.ci.yaml")
    assert "judged-as-overlay" not in rules
    assert "incomplete-definition" not in rules


def test_a_service_without_an_image_is_part_of_an_overlay(tree: Tree) -> None:
    side = "services: {web: {privileged: true}, db: {image: 'mysql:latest'}}\n"
    root = tree({"compose.yaml": MAIN, "compose.dev.yaml": side})
    mine = [one for one in judged(root) if one.span.source.name == "compose.dev.yaml"]
    of_web = {one.rule.name for one in mine if one.subject.name == "web"}
    of_db = {one.rule.name for one in mine if one.subject.name == "db"}
    assert "privileged-container" in of_web
    assert not of_web & {"unlimited-resources", "incomplete-definition"}
    assert of_db >= {"mutable-image-tag", "unlimited-resources"}
    assert "judged-as-overlay" not in of_web | of_db


def test_settings_of_the_main_file_are_undecided_in_its_copy(tree: Tree) -> None:
    side = "services: {web: {image: 'nginx:latest'}}\n"
    root = tree({"compose.yaml": MAIN, "compose.prod.yaml": side})
    rules = found(root, name="compose.prod.yaml")
    assert rules >= {"mutable-image-tag", "unlimited-resources"}
    assert "writable-root-filesystem" not in rules


def test_an_image_that_the_main_file_builds_is_not_pulled(tree: Tree) -> None:
    side = "services: {web: {image: 'app:latest'}}\n"
    main = "services: {web: {build: ., image: 'app:dev'}}\n"
    root = tree({"compose.yaml": main, "compose.prod.yaml": side})
    assert "mutable-image-tag" not in found(root, name="compose.prod.yaml")


def test_a_reference_into_the_main_file_makes_an_overlay(tree: Tree) -> None:
    side = "services: {db: {image: 'mysql:8.4.1', networks: [back]}}\n"
    root = tree({"compose.yaml": MAIN, "compose.db.yaml": side})
    rules = found(root, name="compose.db.yaml")
    assert not rules & {"undefined-reference", "judged-as-overlay"}
    assert "unlimited-resources" in rules


def test_an_overlay_of_the_main_file_of_another_folder(tree: Tree) -> None:
    side = """services:
  web: {environment: [A=b], depends_on: [redis]}
  redis: {image: "redis:8.2", networks: [back]}
"""
    root = tree({"compose.yaml": MAIN, "overrides/compose.redis.yaml": side})
    for path in (root, root / "overrides/compose.redis.yaml"):
        mine = [one for one in judged(path) if one.span.source.name.startswith("overrides")]
        rules = {one.rule.name for one in mine}
        assert not rules & {"incomplete-definition", "undefined-reference", "judged-as-overlay"}
        assert "unlimited-resources" in rules


def test_a_file_without_a_main_file_is_judged_alone(tree: Tree) -> None:
    root = tree({"compose.dev.yaml": "services: {db: {image: x, networks: [a]}}\n"})
    rules = found(root, name="compose.dev.yaml")
    assert rules >= {"undefined-reference", "unlimited-resources"}


def test_a_main_file_without_an_image_is_incomplete(tree: Tree) -> None:
    root = tree({"compose.yaml": "services: {web: {ports: ['80:80']}}\n"})
    assert "incomplete-definition" in found(root, name="compose.yaml")


# -- COMPOSE_FILE


BASE = "services: {base: {image: 'x:1', privileged: true}}\n"


@pytest.mark.parametrize(
    "listed", ["docker-compose.base.yml", "docker-compose.base.yml:docker-compose.yml", "b.yml"]
)
@pytest.mark.parametrize("has_main", [True, False])
def test_the_files_of_compose_file_are_the_project(listed: str, has_main: bool, tree: Tree) -> None:
    if not has_main:
        listed = listed.partition(":")[0]
    first = listed.partition(":")[0]
    files = {".env": f"COMPOSE_FILE={listed}\n", first: BASE}
    if has_main:
        files["docker-compose.yml"] = MAIN
    root = tree(files)
    assert "privileged-container" in found(root, name=first)
    if has_main:
        assert "unlimited-resources" in found(root, name="docker-compose.yml")
        named = root / "docker-compose.yml"
        assert "unlimited-resources" in found(named, name="docker-compose.yml")


def test_compose_file_may_name_files_of_other_folders(tree: Tree) -> None:
    root = tree({".env": "COMPOSE_FILE=deploy/base.yml\n", "deploy/base.yml": BASE})
    assert "privileged-container" in found(root, name="deploy/base.yml")


def test_an_overlay_in_compose_file_is_judged_with_the_rest(tree: Tree) -> None:
    root = tree(
        {
            ".env": "COMPOSE_FILE=compose.yaml:compose.dev.yaml\n",
            "compose.yaml": MAIN,
            "compose.dev.yaml": "services: {web: {privileged: true}}\n",
        }
    )
    assert "privileged-container" in found(root, name="compose.dev.yaml")
    [verdict] = check([str(root)], ["strict"])
    assert [one.name for one in verdict.sources] == ["compose.yaml", "compose.dev.yaml"]


# -- files that others use


APP = "services:\n  web: {image: 'x:1'}\n  db: {image: 'y:1', privileged: true}\n"


def test_a_file_that_is_only_extended_from_is_its_own_project(tree: Tree) -> None:
    main = "services: {web: {extends: {file: app/compose.yaml, service: web}}}\n"
    root = tree({"compose.yaml": main, "app/compose.yaml": APP})
    assert "privileged-container" in found(root, name="app/compose.yaml")


def test_findings_of_two_projects_at_one_place_are_reported_once(tree: Tree) -> None:
    main = "services: {web: {extends: {file: app/compose.yaml, service: db}}}\n"
    root = tree({"compose.yaml": main, "app/compose.yaml": APP})
    all_found = [one for one in judged(root) if one.rule.name == "privileged-container"]
    assert len({(one.span, one.finding.message) for one in all_found}) == len(all_found)


def test_a_file_that_a_side_file_includes_is_its_own_project(tree: Tree) -> None:
    side = "include: [app/compose.yaml]\nservices: {x: {image: 'x:1'}}\n"
    root = tree({"compose.ci.yaml": side, "app/compose.yaml": APP})
    assert "privileged-container" in found(root, name="app/compose.yaml")
    alone = check([str(root)], ["strict"])
    assert any(one.sources[0].name == "app/compose.yaml" for one in alone)


def test_a_file_that_a_main_file_includes_is_part_of_it(tree: Tree) -> None:
    root = tree({"compose.yaml": "include: [app/compose.yaml]\n", "app/compose.yaml": APP})
    [verdict] = check([str(root)], ["strict"])
    assert verdict.services == 2
