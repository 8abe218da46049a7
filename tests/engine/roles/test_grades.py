"""The grades of evidence for a purpose: said and shown lower severities, and hints do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies

from tightship.engine.check import check
from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_texts
from tightship.engine.roles.decide import Roles
from tightship.engine.roles.layout import layout_of
from tightship.engine.roles.tree import tree_of
from tightship.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.roles.role import Role

_DB = """\
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: hunter2}
    ports: ["5432:5432"]
"""
_ALWAYS = f"services:\n{_DB}    restart: always\n"
_PLAIN = f"services:\n{_DB}"
# Each of them is in the text of a file, and none of them is a path, a command or a setting.
_HINTS = {
    "comment": "# For development purposes only.\n",
    "unfit": "# Not for production!\n",
    "demo": "# For demo purposes only.\n",
    "tag": "  a: {image: 'example/shop:develop'}\n",
    "debug": "  b: {image: 'example/shop', environment: {SHOP_DEBUG: 'true'}}\n",
    "environment": "  c: {image: 'example/shop', environment: {RAILS_ENV: development}}\n",
    "database": "  d: {image: 'mysql:8', environment: {MYSQL_DATABASE: shop_test}}\n",
    "command": "  e: {image: 'example/shop', command: npm run dev}\n",
    "tests": "  f: {image: 'example/shop', command: pytest -q}\n",
    "image": "  g: {image: 'mailhog/mailhog:v1'}\n",
    "mount": "  h: {build: ., volumes: ['.:/app']}\n",
    "target": "  i: {build: {context: ., target: development}}\n",
    "throwaway": "  j: {image: 'postgres:16', command: postgres -c fsync=off}\n",
    "address": "  k: {image: 'example/shop', environment: {URL: 'http://shop.test'}}\n",
    "name": "  test: {image: 'example/shop', command: ./tests/all.sh}\n",
    "names": "  test-leaks: {image: 'example/shop'}\n  test-all: {image: 'example/shop'}\n",
    "versions": "  l: {image: 'postgres:15'}\n  m: {image: 'postgres:14'}\n",
}
_FOLDERS = ("", "shop/", "tools/", "hack/", "debug/", "releng/")
_READMES = ("# Shop\n", "# Docker Compose examples\n", "# Integration tests\n")


def roles(texts: Mapping[str, str]) -> Roles:
    """Return the roles of the files of a repository."""
    files = TextFiles(texts)
    return Roles(files, lambda: layout_of(tree_of(files)))


def role(texts: Mapping[str, str], name: str) -> Role:
    """Return the role of a file of a repository."""
    found = roles(texts)
    return found.of(TextFiles(texts).path(name))


def purpose(texts: Mapping[str, str], name: str) -> str:
    """Return the purpose of a file, and that which it only hints at after a question mark."""
    found = role(texts, name)
    return found.purpose + (f"?{found.hint.purpose}" if found.hint is not None else "")


@settings(max_examples=100, deadline=None)
@given(
    strategies.sets(strategies.sampled_from(sorted(_HINTS)), min_size=1),
    strategies.sampled_from(_FOLDERS),
    strategies.sampled_from(_READMES),
)
def test_hints_lower_nothing(hints: set[str], folder: str, readme: str) -> None:
    chosen = sorted(map(_HINTS.__getitem__, hints))
    comments, services = (
        "".join(one for one in chosen if (one[0] == "#") is is_comment)
        for is_comment in (True, False)
    )
    texts = {
        f"{folder}compose.yaml": comments + _PLAIN + services,
        f"{folder}README.md": readme,
        f"{folder}Dockerfile": f"{comments}FROM golang:1.25 AS development\nRUN make\n",
    }
    for verdict in check(plan_texts(texts, Configs())):
        assert not [one for one in verdict.findings if one.usual is not None]
        assert {one.purpose for one in verdict.roles.values()} <= {"product"}


def test_two_hints_are_a_proposal_and_one_is_none() -> None:
    one = f"services:\n{_HINTS['tag']}"
    assert purpose({"compose.yaml": one}, "compose.yaml") == "product"
    two = f"{one}{_HINTS['debug']}{_DB}    restart: always\n"
    assert purpose({"compose.yaml": two}, "compose.yaml") == "product?development"
    found = {
        one.rule.name: one
        for one in next(iter(check(plan_texts({"compose.yaml": two}, Configs())))).findings
    }
    assert found["sensitive-port-published"].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("e2e/compose.yaml", "test"),
        ("examples/shop/compose.yaml", "example"),
        ("docs/compose.yaml", "example"),
        ("compose.dev.yaml", "development"),
        (".devcontainer/compose.yaml", "development"),
    ],
)
@pytest.mark.parametrize(
    ("settings", "is_product"),
    [
        ("", False),
        ("    restart: always\n", True),
        ("    restart: unless-stopped\n", True),
        ("    restart: ${RESTART:-always}\n", True),
        ("    restart: on-failure\n", False),
    ],
)
def test_what_always_runs_and_is_reached_is_a_product(
    name: str, expected: str, settings: str, is_product: bool
) -> None:
    found = role({name: _PLAIN + settings}, name)
    assert (found.purpose == "product") is is_product
    if is_product:
        assert found.hint is not None
        assert found.hint.purpose == expected
        assert found.hint.evidence[-1].message == "restarts `db` always, with published ports"
    else:
        assert (found.purpose, found.hint) == (expected, None)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("volumes: ['data:/x']", "product?test"),
        ("volumes: ['./x:/var/lib/mysql']", "product?test"),
        ("volumes: [{type: volume, source: data, target: /x}]", "product?test"),
        ("network_mode: host", "product?test"),
        ("volumes: ['.:/app']", "test"),
        ("volumes: ['./my.cnf:/etc/my.cnf:ro']", "test"),
        ("volumes: [/x]", "test"),
        ("init: true", "test"),
    ],
)
def test_what_always_runs_and_keeps_data_is_a_product(keys: str, expected: str) -> None:
    text = f"services: {{db: {{image: example/db, restart: always, {keys}}}}}\n"
    assert purpose({"test/compose.yaml": text}, "test/compose.yaml") == expected


def test_what_tests_only_read_may_say_anything() -> None:
    name = "tests/fixtures/compose.yaml"
    assert purpose({name: _ALWAYS}, name) == "fixture"


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        ("Makefile", "deploy:\n\tdocker compose -f test/shop.yml up -d\n", "product?test"),
        ("deploy.sh", "docker compose -f test/shop.yml up -d\n", "product?test"),
        ("run.sh", "docker stack deploy -c test/shop.yml shop\n", "product?test"),
        ("Makefile", "test-install:\n\tdocker compose -f test/shop.yml up -d\n", "test"),
        ("Makefile", "test:\n\tdocker compose -f test/shop.yml up -d\n", "test"),
        ("INSTALL.md", "# Install\n\n    docker compose -f test/shop.yml up -d\n", "test"),
    ],
)
def test_what_is_deployed_is_a_product(place: str, text: str, expected: str) -> None:
    assert purpose({"test/shop.yml": _PLAIN, place: text}, "test/shop.yml") == expected


@pytest.mark.parametrize(
    ("push", "expected"),
    [("true", "product?test"), ("${{ github.ref_protected }}", "product?test"), ("false", "test")],
)
def test_what_is_pushed_is_a_product(push: str, expected: str) -> None:
    step = f"{{uses: docker/build-push-action@v6, with: {{context: test/img, push: '{push}'}}}}"
    workflow = f"jobs: {{a: {{steps: [{step}]}}}}\n"
    texts = {"test/img/Dockerfile": "FROM a\n", ".github/workflows/a.yml": workflow}
    assert purpose(texts, "test/img/Dockerfile") == expected


@pytest.mark.parametrize(
    ("place", "text", "hint", "expected"),
    [
        ("Makefile", "test:\n\tdocker compose -f shop.yml up\n", "tests", "test"),
        ("run_tests.sh", "docker compose -f shop.yml up\n", "tests", "test"),
        ("Makefile", "up:\n\tdocker compose -f shop.yml up\n", "tests", "product"),
        ("Makefile", "test:\n\tdocker compose -f shop.yml up\n", "command", "product?development"),
        ("Makefile", "test:\n\tdocker compose -f shop.yml up\n", "", "product"),
        ("TESTING.md", "# Tests\n\n    docker compose -f shop.yml up\n", "tests", "product?test"),
    ],
)
def test_commands_show_the_purpose_of_a_file_that_agrees(
    place: str, text: str, hint: str, expected: str
) -> None:
    shop = "services:\n  web: {image: 'example/shop'}\n" + _HINTS.get(hint, "")
    assert purpose({"shop.yml": shop, place: text}, "shop.yml") == expected


def test_a_main_file_that_tests_run_is_a_product() -> None:
    texts = {
        "compose.yaml": f"services:\n{_HINTS['tests']}",
        "Makefile": "test:\n\tdocker compose -f compose.yaml up\n",
    }
    assert purpose(texts, "compose.yaml") == "product?test"


def test_what_settings_say_wins_over_everything() -> None:
    config = "[[roles]]\npaths = ['compose.yaml']\npurpose = 'development'\n"
    texts = {"compose.yaml": _HINTS["comment"] + _ALWAYS, "tightship.toml": config}
    [verdict] = check(plan_texts(texts, Configs()))
    assert (verdict.role.purpose, verdict.role.is_said, verdict.role.hint) == (
        "development", True, None,
    )  # fmt: skip
    lowered = [one for one in verdict.findings if one.usual is not None]
    assert {one.lowered_by for one in lowered} == {"`tightship.toml:1` gives its role"}
