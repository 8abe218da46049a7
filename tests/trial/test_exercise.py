"""The words of a trial: starts, answers, used; and only what was used is proved."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from tightship_annexes.trial.agreement import AGAIN, OPEN, START
from tightship_annexes.trial.exercise import Exercise, exercises, unexercised, words
from tightship_annexes.trial.hardening import Hardening
from tightship_annexes.trial.health import word_of_check, word_of_probe
from tightship_annexes.trial.observation import Observation
from tightship_annexes.trial.probes import Probe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship_annexes.trial.guess import Plain

FOUND = Hardening(frozenset(("CHOWN",)), read_only=True, memory=1 << 28)
ALL = ("capabilities", "root file system", "limits")
WEB = frozenset(((80, "tcp"),))
NONE = frozenset[tuple[int, str]]()


def plain(*ports: str, test: tuple[str, ...] = ()) -> Plain:
    exposed: dict[str, Any] = dict.fromkeys(ports)
    about: Any = {
        "Config": {"ExposedPorts": exposed, "Healthcheck": {"Test": [*test]}},
        "NetworkSettings": {"Networks": {"own": {"IPAddress": "10.0.0.2"}}},
    }
    udp = [int(port.removesuffix("/udp")) for port in ports if port.endswith("/udp")]
    return cast("Plain", SimpleNamespace(about=about, udp_ports=udp))


def told(
    service: Plain,
    said: Mapping[int, str] | None = None,
    probes: Mapping[Probe, bool] | None = None,
    published: frozenset[tuple[int, str]] = frozenset(),
    **seen: Any,
) -> tuple[str | None, list[str]]:
    """Return the strongest word, and what is told as not exercised."""
    given: dict[str, Any] = {"running": True, "answers": said or {}, "waited": 60.4, **seen}
    one = Observation(**given)
    life, probes = {START: one, AGAIN: one}, probes or {}
    found = words(FOUND, [*exercises(service, life, probes, published)])
    return found.get("capabilities"), [*unexercised(service, life, probes, "address")]


@pytest.mark.parametrize(
    ("said", "published", "word", "unseen"),
    [
        ({80: "HTTP 200"}, WEB, "answers", list[str]()),
        ({80: "SSH-.-OpenSSH"}, WEB, "answers", list[str]()),
        ({80: "HTTP 404"}, WEB, "answers", list[str]()),
        ({80: "HTTP 503"}, WEB, "starts", ["port 80, which says `HTTP 503`"]),
        ({80: OPEN}, WEB, "starts", ["port 80, which only takes connections"]),
        (dict[int, str](), WEB, "starts", ["port 80, which did not answer in 60 s"]),
        ({9090: "HTTP 200"}, WEB, "starts", ["port 80, which did not answer in 60 s"]),
        ({9090: "HTTP 200"}, NONE, "answers", ["port 80, which did not answer in 60 s"]),
    ],
)
def test_a_service_answers_if_its_ports_reply(
    said: Mapping[int, str], published: frozenset[tuple[int, str]], word: str, unseen: list[str]
) -> None:
    assert told(plain("80/tcp"), said, published=published) == (word, unseen)


def test_a_port_that_is_not_reached_is_not_said_to_be_silent() -> None:
    life = {START: Observation(running=True)}
    assert [*unexercised(plain("80/tcp"), life, {}, "loopback")] == [
        "port 80, which is not reached from this machine"
    ]


def test_a_udp_port_that_nobody_asks_is_told() -> None:
    service, said = plain("53/udp", "80/tcp"), {80: "HTTP 200"}
    asked = {Probe("dig -p 53 @localhost", "dns"): True}
    both = WEB | {(53, "udp")}
    assert told(service, said, published=both) == ("starts", ["UDP port 53"])
    assert told(service, said, published=WEB) == ("answers", ["UDP port 53"])
    assert told(service, said, asked, both) == ("used", [])


def test_a_probe_uses_the_service_that_it_is_for() -> None:
    probe = Probe("curl http://localhost:$PORT_WEB_80/")
    assert told(plain(), {}, {probe: True})[0] == "used"
    assert told(plain(), {}, {probe: False})[0] == "starts"
    assert told(plain(), {}, {Probe("nc -z localhost 80"): True})[0] == "starts"


def test_a_port_that_a_probe_names_is_exercised_by_it() -> None:
    probe = {Probe("redis-cli -p $PORT_QUEUE_6379 set a 1"): True}
    assert told(plain("6379/tcp"), {6379: OPEN}, probe) == ("used", [])


def test_a_program_that_ran_to_its_end_has_done_its_work() -> None:
    assert told(plain("80/tcp"), running=False) == ("used", [])


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("curl -f http://localhost/ || exit 1", "answers"),
        ("timeout 5 wget --spider -q http://localhost/", "answers"),
        ("pg_isready -U app", "answers"),
        ("redis-cli ping", "answers"),
        ("psql -c 'SELECT 1'", "answers"),
        ("sh -c 'curl -f http://localhost/data'", "answers"),
        ("curl -fs -d a=b http://localhost/", "used"),
        ("/usr/bin/curl -X POST http://localhost/", "used"),
        ("wget -q --post-data x http://localhost/", "used"),
        ("redis-cli set up 1 | grep OK", "used"),
        ('psql -c "INSERT INTO t VALUES (1)"', "used"),
        ("curl -d a=b http://localhost/ || true", "starts"),
        ("curl -f http://localhost/; exit 0", "starts"),
        ("curl telnet://localhost:25", "starts"),
        ("nc -z localhost 80", "starts"),
        ("pgrep nginx", "starts"),
        ("test -f /tmp/ready", "starts"),
        ("/app/healthcheck", "starts"),
        ("node -e 'fetch()'", "starts"),
        ("", "starts"),
    ],
)
def test_a_health_check_is_work_only_if_it_writes(command: str, word: str) -> None:
    assert word_of_check(("CMD-SHELL", command)) == word
    assert word_of_check(("CMD", *command.split())) == word
    assert word_of_check(("NONE",)) == word_of_check(()) == "starts"


def test_only_a_check_that_succeeded_counts_and_it_is_no_load() -> None:
    service = plain(test=("CMD", "curl", "-d", "a=b", "http://localhost/"))
    assert told(service, health="healthy")[0] == "used"
    assert told(service, health="starting")[0] == "starts"
    seen = Observation(running=True, health="healthy")
    found = words(FOUND, [*exercises(service, {START: seen}, {}, frozenset())])
    assert found == dict(zip(ALL, ("used", "used", "starts"), strict=True))


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ("curl -fsS http://localhost/", "used"),
        ("./end-to-end.sh", "used"),
        ("bash e2e.sh", "used"),
        ("echo PING | nc localhost 6379 | grep PONG", "used"),
        ("true", "starts"),
        ("nc -z localhost 80", "starts"),
        ("echo | nc -z localhost 80", "starts"),
        ("curl -f http://localhost/ || true", "starts"),
    ],
)
def test_a_probe_is_work_unless_it_asks_nothing(command: str, word: str) -> None:
    assert word_of_probe(command) == word


def test_each_setting_has_the_strongest_word_of_a_copy_that_had_it() -> None:
    answers = Exercise("answers", "port 80: `HTTP 200`")
    more = FOUND.replaced(capabilities=frozenset(("CHOWN", "SETUID")))
    used = Exercise("used", "used by you", more)
    assert words(FOUND, [answers, used]) == dict(zip(ALL, ("answers", "used", "used"), strict=True))
    assert words(FOUND, []) == dict.fromkeys(ALL, "starts")
    assert not words(Hardening(), [used])
