"""The catalogues of controls: which rule belongs to which control."""

from __future__ import annotations

import pytest

from tightship.rules.catalogues import BUILT_IN, built_in, by_key, controls_of, numbers_in
from tightship.rules.index import INDEX


@pytest.mark.parametrize(("name", "count"), [("cis", 44), ("owasp", 15), ("nist", 24), ("bsi", 26)])
def test_each_id_is_there(name: str, count: int) -> None:
    assert len(built_in(name).controls) == count


def test_rules_and_controls_exist() -> None:
    rules = {entry.name for entry in INDEX}
    for control in by_key().values():
        assert rules >= {*control.rules, *control.related}, control.key
        assert by_key().keys() >= {*control.like}, control.key
        assert not set(control.rules) & set(control.related), control.key


def test_what_only_people_decide_says_who() -> None:
    for name in BUILT_IN:
        for control in built_in(name).controls:
            assert bool(control.who) is (control.decidable != "yes"), control.key
            assert control.decidable != "no" or not control.rules, control.key


def test_each_rule_is_at_the_right_control() -> None:
    # 5.24 is about `docker exec`, and 5.25 about control groups: they were mixed up.
    assert numbers_in("cis", "writable-cgroups") == ["5.25"]
    assert numbers_in("cis", "sensitive-port-published") == []
    assert numbers_in("cis", "package-lists-refreshed-alone") == ["4.7"]
    assert numbers_in("cis", "download-piped-to-shell") == ["4.11"]
    assert numbers_in("cis", "literal-secret-in-environment") == []
    assert numbers_in("nist", "writable-root-filesystem") == ["4.4.4"]
    names = [control.key for control in controls_of("unlimited-cpu")]
    assert names == ["CIS-Docker-1.6:5.12", "OWASP-Docker:R7", "BSI-SYS.1.6-2023:A15"]


def test_a_rule_of_nobody_has_no_control() -> None:
    assert controls_of("unknown-key") == []
