"""The facts as data: their shape is the schema, and secrets are not in it."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from tests.conftest import CORPUS
from tests.generate.pages import DOCS
from tests.project_facts.views import loaded

import tightship
from tightship.report.facts import facts_data

SCHEMA = json.loads((DOCS / "facts.schema.json").read_text("utf-8"))
TEXT = """\
services:
  web:
    image: nginx:${TAG:-1.29}
    environment: {DB_PASSWORD: hunter2secret, A: "${B:-c}", C: "x ${DB_PASS}"}
    command: mysql -uroot -phunter3secret
    ports: ["8080-8081:80-81"]
    volumes: ["./conf:/etc/nginx:ro", "${V}"]
    x-mine: yes
"""


def validate(found: object, schema: object) -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(found)


def data(text: str = TEXT, **files: str) -> dict[str, Any]:
    texts = {"compose.yaml": text, **files}
    found: dict[str, Any] = json.loads(json.dumps(facts_data(loaded(texts))))
    return found


def closed(made: Any) -> Any:
    """Return a schema that refuses what it does not name."""
    for one in (made, *made.get("properties", {}).values(), *made.get("$defs", {}).values()):
        if one is not made:
            closed(one)
        if "properties" in one:
            one["additionalProperties"] = False
    return made


def test_the_data_have_the_form_of_the_schema() -> None:
    validate(data(), closed(deepcopy(SCHEMA)))


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_real_projects_have_the_form_of_the_schema() -> None:
    files = sorted((CORPUS).rglob("compose.yaml"))[:25]
    found = [one for file in files for one in tightship.facts(file)]
    assert found
    for one in found:
        validate(json.loads(json.dumps(one)), closed(deepcopy(SCHEMA)))


def test_a_fact_says_whether_it_is_known_and_settled_and_from_where() -> None:
    [web] = data()["services"]
    place = {"file": "compose.yaml", "line": 3}
    image = web["image"]["value"]
    assert image["tag"] == {"value": "1.29", "known": True, "settled": False, "origin": place}
    assert image["name"] == {"value": "nginx", "known": True, "settled": True, "origin": place}
    variables = web["environment"]["value"]
    assert variables["C"]["value"] == {
        "value": None,
        "known": False,
        "settled": False,
        "beginning": "x ",
        "origin": {"file": "compose.yaml", "line": 4},
    }
    assert [one["host"]["value"] for one in web["ports"]["value"]] == [8080, 8081]
    assert all(one["host"]["settled"] for one in web["ports"]["value"])
    # A variable decides the target of the second mount, which may be that of the first one.
    mounts = web["mounts"]
    assert (mounts["known"], mounts["settled"]) == (False, False)
    assert [one["source"]["known"] for one in mounts["value"]] == [False]
    assert [one["source"]["known"] for one in mounts["possible"]] == [True]
    assert web["extensions"]["value"]["x-mine"]["value"]["value"] == "yes"


def test_without_a_variable_every_known_fact_is_settled() -> None:
    [one] = data("services: {s: {image: 'x:1'}}")["services"]
    assert [name for name, fact in one.items() if fact["known"] is not fact["settled"]] == []


@pytest.mark.parametrize("secret", ["hunter2secret", "hunter3secret", "s3cr3tvalue99"])
def test_secrets_are_hidden(secret: str) -> None:
    texts = {"compose.yaml": TEXT, ".env": "DB_PASS=s3cr3tvalue99\n"}
    project = loaded(texts)
    assert secret not in json.dumps(facts_data(project))
    assert secret in json.dumps(facts_data(project, shows_secrets=True))


def test_services_by_name_alone() -> None:
    text = "services: {a: {image: x}, b: {image: y}}"
    found = facts_data(loaded({"compose.yaml": text}), ["b"])
    assert (found["project"], found["images"], found["stages"]) == (None, [], [])
    assert isinstance(found["services"], list)
    assert len(found["services"]) == 1
