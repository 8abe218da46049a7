"""Probes run where they say: on this host, or in the network of a copy without any right."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tightship_annexes.trial.engine import Completed
from tightship_annexes.trial.probes import Probe, Probes

ABOUT: dict[str, Any] = {
    "Id": "c1",
    "Image": "sha256:1",
    "NetworkSettings": {"Ports": {"80/tcp": [{"HostPort": "4000"}], "81/tcp": None}},
}
HERE = Probe("test $PORT_WEB_80 = 4000")
WHOLE = Probe("false")
INSIDE = Probe("curl localhost", "web", "curl:8")


class Commands:
    """Keeps the commands that `docker` is called with."""

    def __init__(self, code: int | None) -> None:
        self.code, self.calls = code, list[tuple[str, ...]]()

    def docker(self, *words: str, **_: object) -> Completed:
        self.calls.append(words)
        return Completed(self.code, "", "")


def probes_of(
    *probes: Probe, code: int | None = 0, reach: str = "address"
) -> tuple[Probes, Commands]:
    engine = Commands(code)
    run: Any = SimpleNamespace(engine=engine, name="try-1", label="1", reach=reach)
    return Probes(run, ["web", "db"], probes), engine


def failing(probes: Probes, service: str, name: str) -> tuple[str, ...] | None:
    found = probes.failing(service, name, {})
    return found(ABOUT) if found is not None else None


def test_a_probe_is_for_the_service_whose_port_it_names() -> None:
    probes, engine = probes_of(HERE, WHOLE)
    assert failing(probes, "web", "web") == (WHOLE.command,)
    assert failing(probes, "web", "web--1") == ()
    assert failing(probes, "db", "db") == (WHOLE.command,)
    assert failing(probes, "db", "db--1") is None
    assert not any(words[0] == "run" for words in engine.calls)


def test_a_probe_of_this_machine_fails_where_the_copy_is_elsewhere() -> None:
    probes, _ = probes_of(Probe("true"), reach="")
    assert failing(probes, "web", "web") == ("true",)


def test_a_probe_of_a_service_runs_in_its_network_and_has_no_right() -> None:
    probes, engine = probes_of(INSIDE)
    assert failing(probes, "web", "web--1") == ()
    assert failing(probes, "db", "db") is None
    [words] = [words for words in engine.calls if words[0] == "run"]
    text = " ".join(words)
    assert "--network container:c1" in text
    assert "--label tightship.try=1" in text
    assert "--cap-drop ALL --security-opt no-new-privileges --read-only" in text
    assert "--pull never" in text
    assert text.endswith(" -- curl:8 -c curl localhost")
    assert not {"-v", "--volume", "--mount", "--privileged", "-p"} & {*words}


def test_a_probe_without_an_image_has_that_of_the_service() -> None:
    probes, engine = probes_of(INSIDE.replaced(image=""))
    failing(probes, "web", "web")
    assert any("sha256:1" in words for words in engine.calls)


def test_a_probe_that_hangs_fails_and_is_removed() -> None:
    probes, engine = probes_of(INSIDE, code=None)
    assert failing(probes, "web", "web") == (INSIDE.command,)
    assert engine.calls[-1][:3] == ("rm", "-f", "-v")


@pytest.mark.parametrize(
    ("command", "tcp", "asks"),
    [
        ("dig -p 53 @localhost", (), True),
        ("dig -p 53 @localhost", (53,), False),
        ("dig -p 53 @localhost +notcp  # udp", (53,), True),
        ("dig -p $PORT_DNS_53_UDP @localhost", (53,), True),
        ("dig -p 5353 @localhost  # udp", (), False),
    ],
)
def test_a_probe_asks_the_udp_port_that_it_names(
    command: str, tcp: tuple[int, ...], asks: bool
) -> None:
    assert Probe(command).asks_udp(53, tcp) == asks


def test_a_udp_port_has_a_variable_of_its_own() -> None:
    ports = {
        "53/udp": [{"HostPort": "4001"}],
        "53/tcp": [{"HostPort": "4000"}],
        "69/udp": [{"HostPort": "4002"}],
    }
    command = 'test "$PORT_WEB_53 $PORT_WEB_53_UDP $PORT_WEB_69" = "4000 4001 4002"'
    probes, _engine = probes_of(Probe(command))
    found = probes.failing("web", "web", {})
    assert found is not None
    assert found({**ABOUT, "NetworkSettings": {"Ports": ports}}) == ()
