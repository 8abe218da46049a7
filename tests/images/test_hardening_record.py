"""The record of what images need (`tests/lab/measure.py`) has its form, without Docker."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from tests.lab.hardening import PHASES
from tests.lab.measure import ORACLE, dump, load
from tests.lab.needs import DEFAULT, MEMORY
from tests.lab.shown import Shown, every_shown
from tests.lab.stand_ins import StandIn, root_packages, stand_ins

STAND_INS = {one.name: one for one in stand_ins()}
RECORD = load()
IMAGES: dict[str, dict[str, Any]] = RECORD["images"]

# A tmpfs as Compose writes it: a folder, and options of mount(8).
TMPFS = re.compile(r"(/[\w.-]+)+(:\w+(=\d+)?(,\w+(=\d+)?)*)?")


def test_the_record_is_in_canonical_form() -> None:
    assert ORACLE.read_text("utf-8") == dump(RECORD)
    assert RECORD["versions"].keys() >= {"engine", "compose", "kernel"}


def test_many_images_are_measured() -> None:
    assert len(IMAGES) >= 25
    assert IMAGES.keys() == STAND_INS.keys()


@pytest.mark.parametrize("one", STAND_INS.values(), ids=STAND_INS.keys())
def test_a_stand_in_is_one_service_of_its_image(one: StandIn) -> None:
    [service] = yaml.safe_load(one.compose)["services"].values()
    assert service["image"] == one.image
    assert one.package in root_packages(one.root)
    assert "$server" in one.probe
    assert not one.dockerfile.lstrip().startswith("FROM")


@pytest.mark.parametrize("shown", [pytest.param(one, id=one.name) for one in every_shown()])
def test_shown_examples_have_a_stand_in_and_a_probe(shown: Shown) -> None:
    assert shown.images()
    assert shown.stand_ins().keys() | shown.probes.keys() == shown.services.keys()


@pytest.mark.parametrize(("name", "one"), IMAGES.items(), ids=IMAGES.keys())
def test_a_record_has_its_facts(name: str, one: dict[str, Any]) -> None:
    assert one["image"] == STAND_INS[name].image
    assert one["users"]
    assert one["pids"] > 0
    assert one["memory"] in ("", *(f"{limit}m" for limit in MEMORY))
    known = {*DEFAULT, "DAC_READ_SEARCH"}
    for kind in ("capabilities", "capabilities_with_bind_mounts"):
        for capability, reason in one.get(kind, {}).items():
            assert capability in known
            assert reason.partition(":")[0] in PHASES
    assert one["no_new_privileges"] is True or ":" in one["no_new_privileges"]


@pytest.mark.parametrize("one", IMAGES.values(), ids=IMAGES.keys())
def test_read_only_is_recorded_as_a_list_of_tmpfs(one: dict[str, Any]) -> None:
    tmpfs: list[str] = [
        *one["hardened"].get("tmpfs", []),
        *one.get("hardened_user", {}).get("tmpfs", []),
    ]
    if isinstance(one["read_only"], str):
        assert one["read_only"].partition(":")[0] in PHASES
    else:
        tmpfs += one["read_only"]
    for path in tmpfs:
        assert TMPFS.fullmatch(path), path


@pytest.mark.parametrize("one", IMAGES.values(), ids=IMAGES.keys())
def test_a_hardened_file_drops_all_capabilities_and_works_as_measured(one: dict[str, Any]) -> None:
    hardened = one["hardened"]
    assert hardened["cap_drop"] == ["ALL"]
    assert {*hardened["cap_add"]} >= one["capabilities"].keys()
    assert hardened["works"] is True
