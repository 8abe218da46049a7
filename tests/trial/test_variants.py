"""Variants run beside their service, with volumes of their own."""

from __future__ import annotations

from typing import Any

from tightship_annexes.trial.copy import Choices, Image, copied, volume_key
from tightship_annexes.trial.filling import laid_over, with_variants
from tightship_annexes.trial.sources import Source

CONFIG: dict[str, Any] = {
    "name": "shop",
    "services": {
        "web": {
            "image": "x",
            "networks": {"n": {"aliases": ["w"]}},
            "tmpfs": ["/run"],
            "volumes": [{"type": "volume", "source": "v", "target": "/v"}],
        }
    },
}


def started(*entries: dict[str, Any]) -> Any:
    how = Choices(
        "try-1",
        "run",
        lambda _: Source("folder", is_inside=True),
        images={"web": Image("x")},
        subnets=["10.200.0.0/24"],
    )
    return with_variants(copied(CONFIG, how), {"web": entries}, 3)


def test_entry_0_is_the_service_and_the_others_run_beside_it() -> None:
    made = started({"read_only": True}, {}, {"cap_drop": ["ALL"]})
    services = made.config["services"]
    assert [*services] == ["web", "web--1", "web--2"]
    assert services["web"]["read_only"]
    assert services["web"]["networks"] == {"n": {"aliases": ["w"]}}
    assert services["web--2"]["cap_drop"] == ["ALL"]
    assert services["web--2"]["networks"] == {"n": None}
    assert made.volumes == {"v": "try-1_3_v", "v--1": "try-1_3_v--1", "v--2": "try-1_3_v--2"}
    assert made.original == {"v": "v", "v--1": "v", "v--2": "v"}
    assert [one["volumes"][0]["source"] for one in services.values()] == ["v", "v--1", "v--2"]


def test_a_volume_that_an_entry_adds_is_its_own() -> None:
    added = {"volumes": [{"type": "volume", "target": "/new"}]}
    made = started(added, added)
    assert made.config["services"]["web"]["volumes"][1]["source"] == volume_key("web", "/new")
    assert made.config["services"]["web--1"]["volumes"][1]["source"] == volume_key("web--1", "/new")
    assert made.config["volumes"][volume_key("web", "/new")]["labels"] == {"tightship.try": "run"}
    assert volume_key("web", "/new") not in made.original


def test_lists_are_joined_and_other_keys_replaced() -> None:
    service = {"tmpfs": ["/run"], "security_opt": ["a"], "cap_add": ["CHOWN"]}
    over = {"tmpfs": ["/tmp"], "security_opt": ["b"], "cap_add": ["KILL"], "read_only": True}
    assert laid_over(service, over) == {
        "tmpfs": ["/run", "/tmp"],
        "security_opt": ["a", "b"],
        "cap_add": ["KILL"],
        "read_only": True,
    }
