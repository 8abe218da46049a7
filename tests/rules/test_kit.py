"""The kit for rules of other packages: what its page promises is there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from tightship.rules import kit

PAGE = Path(kit.__file__).parents[2] / "docs" / "own-rules.md"
ROW = re.compile(r"^\| `(\w+)`(?: \(.*\))? \| (`\w+`(?:, `\w+`)*) \|$", re.M)
PROMISED = {
    name: re.findall(r"\w+", attributes)
    for name, attributes in ROW.findall(PAGE.read_text("utf-8"))
}


def has(kind: type[object], attribute: str) -> bool:
    if hasattr(kind, attribute):
        return True
    sources = [inspect.getsource(one) for one in kind.__mro__ if one.__module__[:9] == "tightship"]
    return any(re.search(rf"^\s+(self\.)?{attribute}(: | = )", one, re.M) for one in sources)


def test_the_page_names_each_class_of_the_kit_and_no_other() -> None:
    classes = {name for name in kit.__all__ if isinstance(getattr(kit, name), type)}
    assert {*PROMISED} == classes - {"Findings", "Option", "Options", "Rule"}


@pytest.mark.parametrize("name", PROMISED)
def test_what_the_page_promises_of_a_class_is_there(name: str) -> None:
    kind = getattr(kit, name)
    assert [one for one in PROMISED[name] if not has(kind, one)] == []


def test_the_names_of_version_1_stay() -> None:
    """A name that goes away counts the version up; a new one is added here."""
    assert kit.VERSION == 1
    assert {*kit.__all__} >= {
        *("AddedCapability", "Argument", "Bad", "BuiltImage", "Container", "Copy", "Device"),
        *("Edit", "Facts", "Finding", "Findings", "Fix", "Good", "Image", "ImageReference"),
        *("Items", "LoadedProject", "Mount", "Option", "Options", "Port", "Related", "Rule"),
        *("RulePackage", "Run", "Scalar", "Setting", "Severity", "Source", "Span", "Stage"),
        *("SettingList", "Texts", "Unread", "facts_of", "parse_image", "read", "rule"),
    }
