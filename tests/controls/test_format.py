"""The format of a catalogue, and the messages about what is wrong in one."""

from __future__ import annotations

from pathlib import Path

import pytest

import tightship
from tightship.controls.format import read
from tightship.rules.catalogues import BUILT_IN, Catalogue
from tightship.rules.index import INDEX
from tightship.text import Source

FACTS = Path(tightship.__file__).parent / "facts" / "controls"
RULES = {entry.name for entry in INDEX}
SMALL = """\
id = "ACME-7"
title = "Containers of ACME"

[controls.A-1]
title = "No container is privileged"
decidable = "yes"
rules = ["privileged-container"]
"""


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_catalogues_of_tightship_have_the_format(name: str) -> None:
    made = read(Source("x.toml", (FACTS / f"{name}.toml").read_text("utf-8")), RULES)
    assert isinstance(made, Catalogue), [one.message for one in made]


def test_a_catalogue_of_an_organisation() -> None:
    made = read(Source("x.toml", SMALL), RULES)
    assert isinstance(made, Catalogue)
    assert made.name == "Containers of ACME"
    assert made.controls[0].rules == ("privileged-container",)
    assert made.controls[0].decidable == "yes"


def test_the_example_of_the_page_is_a_catalogue() -> None:
    page = (Path(tightship.__file__).parents[1] / "docs" / "controls.md").read_text("utf-8")
    made = read(
        Source(
            "x.toml",
            page.partition("## Your own catalogue")[2]
            .partition("```toml\n")[2]
            .partition("```")[0],
        ),
        RULES,
    )
    assert isinstance(made, Catalogue), [one.message for one in made]


def test_a_control_may_be_like_others() -> None:
    like = 'like = ["CIS-Docker-1.6:5.5", "NIST-800-190:4.4.4"]'
    made = read(Source("x.toml", SMALL.replace('rules = ["privileged-container"]', like)), RULES)
    assert isinstance(made, Catalogue)
    assert made.controls[0].like == ("CIS-Docker-1.6:5.5", "NIST-800-190:4.4.4")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("decidable", "decideable", 6, "unknown key `decideable` here; did you mean `decidable`?"),
        (
            "privileged-container",
            "privileged-containers",
            7,
            "unknown rule `privileged-containers`",
        ),
        ('"yes"', '"perhaps"', 6, "`decidable` has to be `yes`, `partly` or `no`"),
        ('"yes"', '"no"', 4, "needs `who`"),
        ('rules = ["privileged-container"]', "", 4, "a control that files decide needs `rules`"),
        ('rules = ["privileged-container"]', 'rules = "x"', 7, "`rules` has to be"),
        ('id = "ACME-7"', "", 1, "this file needs `id`: letters, digits and `._-`"),
        ('"ACME-7"', '"ACME 7"', 1, "`id` has to be letters, digits and `._-`"),
        ("[controls.A-1]", "[control.A-1]", 4, "unknown key `control` here"),
        (
            '"No container is privileged"',
            '"two\\nlines"',
            5,
            "`title` has to be a text on one line",
        ),
        ("[controls.A-1]", "[controls]\nA-1 = 3\n[controls.B]", 5, "`A-1` has to be a table"),
        ('id = "ACME-7"', "id = ", 1, "this is not TOML"),
        ("rules = [", "require.privilege = false #", 7, "has no fact `privilege`"),
        ("rules = [", 'known = ["mounts.sauce"] #', 7, "no fact `mounts.sauce` of a service"),
        ("rules = [", 'like = ["CIS-Docker-1.6:5.99"] #', 7, "unknown control"),
        ("rules = [", 'for = "file" #', 7, "`for` has to be `service`, `stage` or a list of one"),
        ("[controls.A-1]", "[controls.'A 1']", 4, "`A 1` has to be letters, digits"),
        ("rules = [", 'like = ["5.5"] #', 7, "is one of Tightship's, such as `CIS-Docker"),
        ("privileged-container", "x", 7, "`x`; `tightship rule` lists them"),
        ("rules = [", "require.labels.has = 'a' #", 7, "no operator `has`: write `keys.has`"),
        ("rules = [", "require.ports.every.host.between = [9, 8] #", 7, "the lower one first"),
        ("rules = [", "forbid = {init = true, read-only = false} #", 7, "several conditions"),
        ("[controls.A-1]", "[controls.A-1]\n[controls.A-1]", 5, "declare `controls.A-1` twice"),
        (
            "rules = [",
            "for = []\nrules = [",
            7,
            "`for` has to be `service`, `stage` or a list of one or both",
        ),
    ],
)
def test_a_mistake_has_its_place(old: str, new: str, line: int, message: str) -> None:
    source = Source("x.toml", SMALL.replace(old, new, 1))
    found = read(source, RULES)
    assert isinstance(found, list)
    assert message in found[0].message
    assert source.point(found[0].span.start)[0] + 1 == line
