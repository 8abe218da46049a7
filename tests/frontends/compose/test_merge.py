"""Files of one project merged: values replaced whole, tags that remove, values that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.model.value import MappingValue, ScalarValue, SequenceValue

if TYPE_CHECKING:
    from tests.frontends.compose.conftest import Put

    from tightship.model.value import Value


def texts(found: Value | None) -> list[str]:
    """Return the texts of a list."""
    assert isinstance(found, SequenceValue)
    return [one.text for one in found.items if isinstance(one, ScalarValue)]


def merged(put: Put, base: str, over: str) -> MappingValue:
    """Return the service `s` of two files."""
    files = {
        "compose.yaml": f"services:\n  s: {{image: x, {base}}}\n",
        "compose.override.yaml": f"services:\n  s: {{{over}}}\n",
    }
    found = put(files).project.services["s"].table
    assert isinstance(found, MappingValue)
    return found


def test_an_extension_is_replaced_whole(put: Put) -> None:
    found = merged(put, "x-mine: {a: 1, b: 2}", "x-mine: {a: 3}").get("x-mine")
    assert isinstance(found, MappingValue)
    assert [*found.entries] == ["a"]


def test_a_service_with_the_name_of_an_extension_is_replaced_whole(put: Put) -> None:
    files = {
        "compose.yaml": "services: {x-a: {image: x, user: root}}\n",
        "compose.override.yaml": "services: {x-a: {image: y}}\n",
    }
    root = put(files).root
    assert root is not None
    assert root.get("services", "x-a", "user") is None


def test_a_reset_works_at_its_anchor_and_not_through_an_alias(put: Put) -> None:
    base = "services:\n  a: {image: x, cap_add: [A]}\n  b: {image: x, cap_add: [B]}\n"
    over = "services:\n  a: &gone {cap_add: !reset []}\n  b: *gone\n"
    files = {"compose.yaml": base, "compose.override.yaml": over}
    services = put(files).project.services
    assert services["a"].table.get("cap_add") is None
    assert "B" in texts(services["b"].table.get("cap_add"))


def test_a_merged_list_keeps_the_values_that_its_base_replaced(put: Put) -> None:
    base = "x-a: &a {cap_add: [OLD]}\nservices: {s: {<<: *a, image: x, cap_add: [A]}}\n"
    over = "services: {s: {cap_add: [B]}}\n"
    files = {"compose.yaml": base, "compose.override.yaml": over}
    found = put(files).project.services["s"].table.get("cap_add")
    assert found is not None
    assert texts(found) == ["A", "B"]
    assert [texts(one) for one in found.overridden] == [["OLD"]]
