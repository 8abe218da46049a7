"""The catalogues of controls, and the check of a file with one."""

from __future__ import annotations

from pathlib import Path

import pytest

import tightship.rules
from tightship.rules.catalogues import (
    BUILT_IN,
    Catalogue,
    Control,
    built_in,
    controls_of,
    numbers_in,
    read,
)
from tightship.rules.index import INDEX
from tightship.text import Source

FACTS = Path(tightship.rules.__file__).parents[1] / "facts" / "controls"
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
    text = (FACTS / f"{name}.toml").read_text("utf-8")
    made = read(Source("x.toml", text), RULES)
    assert isinstance(made, Catalogue)
    assert [vars_of(one) for one in made.controls] == [
        vars_of(one) for one in built_in(name).controls
    ]


def vars_of(control: Control) -> list[object]:
    return [getattr(control, field) for field in ("id", "title", "decidable", "who", "rules")]


@pytest.mark.parametrize(("name", "count"), [("cis", 44), ("owasp", 15), ("nist", 24), ("bsi", 26)])
def test_each_id_is_there(name: str, count: int) -> None:
    assert len(built_in(name).controls) == count


def test_what_files_decide_is_the_same_for_both() -> None:
    # 5.24 is about `docker exec`, and 5.25 about control groups: they were mixed up.
    assert numbers_in("cis", "writable-cgroups") == ["5.25"]
    assert numbers_in("cis", "sensitive-port-published") == []
    assert numbers_in("cis", "package-lists-refreshed-alone") == ["4.7"]
    assert numbers_in("cis", "download-piped-to-shell") == ["4.11"]
    assert numbers_in("cis", "literal-secret-in-environment") == []
    names = [(catalogue.id, one.id) for catalogue, one in controls_of("unlimited-cpu")]
    assert names == [
        ("CIS-Docker-1.6", "5.12"),
        ("OWASP-Docker", "R7"),
        ("BSI-SYS.1.6-2023", "A15"),
    ]


def test_a_rule_of_nobody_has_no_control() -> None:
    assert controls_of("unknown-key") == []


def test_a_catalogue_of_an_organisation() -> None:
    made = read(Source("x.toml", SMALL), RULES)
    assert isinstance(made, Catalogue)
    assert made.name == "Containers of ACME"
    assert made.controls[0].rules == ("privileged-container",)
    assert made.controls[0].decidable == "yes"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("decidable", "decideable", 6, "unknown key `decideable`; did you mean `decidable`?"),
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
        ('id = "ACME-7"', "", 1, "`id` is missing"),
        ('"ACME-7"', '"ACME 7"', 1, "`id` has to be letters, digits and `._-`"),
        ("[controls.A-1]", "[control.A-1]", 4, "unknown key `control`"),
        (
            '"No container is privileged"',
            '"two\\nlines"',
            5,
            "`title` has to be a text on one line",
        ),
        ("[controls.A-1]", "[controls]\nA-1 = 3\n[controls.B]", 5, "`A-1` has to be a table"),
        ('id = "ACME-7"', "id = ", 1, "this is not TOML"),
    ],
)
def test_a_mistake_has_its_place(old: str, new: str, line: int, message: str) -> None:
    source = Source("x.toml", SMALL.replace(old, new, 1))
    found = read(source, RULES)
    assert isinstance(found, list)
    assert message in found[0].message
    assert source.point(found[0].span.start)[0] + 1 == line
