"""Includes that would double with each level."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.frontends.compose.conftest import Put


def test_projects_that_include_others_twice_have_a_bound(put: Put) -> None:
    files = {
        f"{n}.yaml": f"include: [{n + 1}.yaml, {n + 1}.yaml]\nservices: {{s{n}: {{image: n}}}}\n"
        for n in range(30)
    }
    files["compose.yaml"] = "include: [0.yaml]\n"
    files["30.yaml"] = "services: {last: {image: n}}\n"
    assembly = put(files)
    assert any("projects are included" in gap.reason for gap in assembly.loading.gaps)


def test_a_project_that_two_others_include_is_no_conflict(put: Put) -> None:
    files = {
        "compose.yaml": "include: [a.yaml, b.yaml]\n",
        "a.yaml": "include: [c.yaml]\nservices: {a: {image: n}}\n",
        "b.yaml": "include: [c.yaml]\nservices: {b: {image: n}}\n",
        "c.yaml": "services: {c: {image: n, security_opt: [a], ports: ['80:80']}}\n",
    }
    assert put(files).faults == []


def test_a_file_of_variables_that_an_include_names_must_be_there(put: Put) -> None:
    files = {
        "compose.yaml": "include: [{path: a.yaml, env_file: nothing.env}]\n",
        "a.yaml": "services: {a: {image: n}}\n",
    }
    [fault] = put(files).faults
    assert (fault.kind, fault.span.text) == ("env-file", "nothing.env")
