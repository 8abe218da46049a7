"""Edits below the keys of a service: what they write, and where they do not dare."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.text import Edit, Source, apply_edits

if TYPE_CHECKING:
    from tightship.frontends.compose.service import Service


class Texts:
    """A disk that holds files."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read(self, path: str) -> Source:
        return Source(path, dedent(self.files[path]))


def service(text: str, *over: str) -> Service:
    files = {f"{i}.yaml": body for i, body in enumerate((text, *over))}
    return ComposeProject(Loading(Texts(files)), list(files)).services["s"]


def after(edits: tuple[Edit, ...]) -> str | None:
    return apply_edits(edits[0].span.source, edits) if edits else None


PATH = ("logging", "options")
ENTRIES = {"max-size": "10m", "max-file": "3"}


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (
            "services:\n  s:\n    image: x\n",
            "services:\n  s:\n    image: x\n    logging:\n      options:\n"
            "        max-size: 10m\n        max-file: 3\n",
        ),
        (
            "services:\n  s:\n    logging:\n      driver: x  # so\n    image: x\n",
            "services:\n  s:\n    logging:\n      driver: x  # so\n      options:\n"
            "        max-size: 10m\n        max-file: 3\n    image: x\n",
        ),
        (
            "services: {s: {logging: {options: {max-file: 9}}}}",
            "services: {s: {logging: {options: {max-file: 3, max-size: 10m}}}}",
        ),
        (
            "services: {s: {logging: {options: {}}}}",
            "services: {s: {logging: {options: {max-size: 10m, max-file: 3}}}}",
        ),
        ("x: &l {options: {}}\nservices: {s: {logging: *l}}", None),
        ("x: &o {}\nservices: {s: {logging: {options: *o}}}", None),
        ("x: &o {max-size: 1m}\nservices: {s: {logging: {options: !x {}}}}", None),
        ("x: &s {image: x}\nservices: {s: *s}", None),
        ("x: &s {logging: {driver: x}}\nservices: {s: {<<: *s, image: x}}", None),
        ("services: {s: {logging: }}", None),
        ("services: {s: {logging: {options: {max-size: [1]}}}}", None),
    ],
)
def test_entries_are_put_below_a_path(before: str, wanted: str | None) -> None:
    assert after(service(before).editor.set_nested(PATH, {**ENTRIES})) == wanted


def test_merged_values_are_overridden_and_kept() -> None:
    text = "x: &o {max-size: 1m}\nservices: {s: {logging: {options: {<<: *o}}}}"
    wanted = text.replace("<<: *o", "<<: *o, max-size: 10m, max-file: 3")
    assert after(service(text).editor.set_nested(PATH, {**ENTRIES})) == wanted


def test_without_entries_there_is_no_edit() -> None:
    assert service("services: {s: {image: x}}").editor.set_nested((), {}) == ()


def test_an_entry_is_put_into_the_file_that_has_the_mapping() -> None:
    found = service(
        "services: {s: {image: x, logging: {driver: y}}}", "services: {s: {init: true}}"
    )
    edits = found.editor.set_nested(("logging",), {"driver": "local"})
    assert after(edits) == "services: {s: {image: x, logging: {driver: local}}}"


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (
            "services:\n  s:\n    build:\n      context: .\n      network: host  # why\n",
            "services:\n  s:\n    build:\n      context: .\n",
        ),
        (
            "services: {s: {build: {network: host, context: .}}}",
            "services: {s: {build: {context: .}}}",
        ),
        ("services: {s: {build: {context: .}}}", None),
        ("services: {s: {build: .}}", None),
        ("x: &b {network: host}\nservices: {s: {build: *b}}", None),
        ("x: &b {network: x}\nservices: {s: {build: {<<: *b, network: host}}}", None),
    ],
)
def test_an_entry_is_removed(before: str, wanted: str | None) -> None:
    assert after(service(before).editor.remove_nested(("build",), "network")) == wanted


def test_an_entry_that_a_base_file_sets_is_not_removed() -> None:
    below = "services: {s: {build: {context: ., network: a}}}"
    found = service(below, "services: {s: {build: {network: host}}}")
    assert found.editor.remove_nested(("build",), "network") == ()


def test_an_item_is_removed_from_its_own_list_only() -> None:
    path = ("build", "entitlements")
    text = "services: {s: {build: {context: ., entitlements: [a, b]}}}"
    found = service(text)
    item = found.texts(*path).items[0]
    assert after(found.editor.remove_nested_item(path, item)) == text.replace("a, b", "b")
    shared = service("x: &l [a]\nservices: {s: {build: {entitlements: *l}}}")
    assert shared.editor.remove_nested_item(path, shared.texts(*path).items[0]) == ()
