"""What is seen of a container stays the same from one plain run to the next."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tightship_annexes.trial.agreement import (
    AGAIN,
    OPEN,
    RECREATE,
    START,
    STOP,
    answer,
    differences,
    settled_answers,
)
from tightship_annexes.trial.engine import Completed
from tightship_annexes.trial.observation import (
    KILLED,
    Observation,
    bounding_set,
    changed_paths,
    listening,
    look,
    processes,
    usage,
    written_folders,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

WORKS = Observation(running=True, processes=frozenset(((0, "nginx"),)), answers={80: "HTTP 200"})
ABOUT: Mapping[str, Any] = {
    "Id": "c1",
    "State": {"Running": True, "ExitCode": 0, "Pid": 100},
    "HostConfig": {"Tmpfs": {"/cache": ""}},
    "Mounts": [{"Destination": "/var/lib/app/data"}],
}


class Scripted:
    """Answers `docker` commands by their first word."""

    def __init__(self, **answers: str) -> None:
        self._answers = answers

    def docker(self, *words: str, **_: object) -> Completed:
        return Completed(0, self._answers.get(words[0], ""), "")


def scripted(**answers: str) -> Any:
    return Scripted(**answers)


def test_lines_about_permissions_are_seen_without_numbers() -> None:
    first = "\x1b[31m2026-11-29 10:00:01 pid 17: open /run/x: Permission denied\x1b[0m\nready\n"
    later = "2026-11-30 11:20:31 pid 4711: open /run/x: Permission denied\nready\n"
    seen = [look(scripted(logs=text), ABOUT, {}) for text in (first, later)]
    assert seen[0].refusals == seen[1].refusals
    assert len(seen[0].refusals) == 1


@pytest.mark.parametrize(
    "line",
    [
        'chown("/var/cache", 101) failed (1: Operation not permitted)',
        "mkdir: cannot create directory '/x': Read-only file system",
        "PermissionError: [Errno 13] /uploads/a",
        "Error: EROFS, open '/app/log'",
        "error while loading shared libraries: failed to map segment from shared object",
        "su: Authentication token manipulation error",
    ],
)
def test_what_a_missing_right_says_is_seen(line: str) -> None:
    assert look(scripted(logs=line), ABOUT, {}).refusals


def test_processes_of_a_health_check_do_not_count() -> None:
    top = """PID PPID UID COMMAND
100 90 0 nginx
101 100 33 nginx
200 90 0 sh
201 200 0 curl
"""
    assert processes(scripted(top=top), "c1", 100) == {(0, "nginx"), (33, "nginx")}


def test_sockets_of_the_container_alone_are_no_ports() -> None:
    tcp = """  sl  local_address rem_address   st
   0: 00000000:0050 00000000:0000 0A 00000000
   1: 0100007F:1F90 00000000:0000 0A 00000000
   2: 0B00007F:9C41 00000000:0000 0A 00000000
   3: 00000000:0051 0100007F:0050 01 00000000
  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000
"""
    assert listening(scripted(exec=tcp), "c1") == {80, 443}


def test_processes_of_podman_have_the_numbers_of_the_container() -> None:
    top = "PID PPID UID COMMAND\n1 0 0 nginx\n7 1 101 nginx\n9 0 0 ps\n"
    assert processes(scripted(top=top), "c1", 4711) == {(0, "nginx"), (101, "nginx")}


def test_a_bounding_set_is_read_in_the_container() -> None:
    status = "CapEff:\t0000000000000000\nCapBnd:\t00000000000000c1\n"
    assert bounding_set(scripted(exec=status), "c1") == ["CHOWN", "SETGID", "SETUID"]
    assert bounding_set(scripted(), "c1") == []


def test_memory_is_its_peak_where_that_can_be_read() -> None:
    class Groups(Scripted):
        def docker(self, *words: str, **_: object) -> Completed:
            text = "10\n" if any("pids" in one for one in words) else "9437184\n"
            return Completed(0, text if words[0] == "exec" else "", "")

    engine: Any = Groups()
    seen = usage(engine, "c1")
    assert (seen.memory, seen.processes) == (9437184, 9)
    stats = json.dumps({"MemUsage": "5.5MiB / 1.9GiB", "PIDs": "9"})
    seen = usage(scripted(stats=stats), "c1")
    assert (seen.memory, seen.processes) == (int(5.5 * (1 << 20)), 9)
    assert usage(scripted(), "c1").memory is None


def test_written_folders_are_those_of_the_image() -> None:
    diff = """C /var
C /var/cache
A /var/cache/nginx
A /var/cache/nginx/client_temp
C /run
A /run/nginx.pid
C /etc
C /etc/hosts
C /cache
A /cache/x
C /var/lib
A /var/lib/app
A /var/lib/app/data
"""
    changed = changed_paths(scripted(diff=diff), ABOUT)
    assert written_folders(changed) == ["/run", "/var/cache"]


@contextmanager
def served(*parts: bytes, after_request: bool) -> Generator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                if after_request:
                    connection.recv(1000)
                for part in parts:
                    connection.sendall(part)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)


def test_a_port_says_the_same_at_another_time() -> None:
    said = list[str | None]()
    for stamp in (b"10:00:01", b"11:20:31"):
        with served(b"220 mail ESMTP " + stamp + b"\r\n", after_request=False) as port:
            said.append(answer("127.0.0.1", port))
    assert said[0] == said[1]
    assert said[0]
    assert "ESMTP" in said[0]


def test_a_server_of_http_answers_with_its_status() -> None:
    with served(b"HTTP/1.1 302 Found\r\n\r\n", after_request=True) as port:
        assert answer("127.0.0.1", port, "HTTP 302") == "HTTP 302"


def test_a_port_may_only_take_connections_or_be_closed() -> None:
    with served(after_request=True) as port:
        assert answer("127.0.0.1", port) == OPEN
    with served(after_request=True) as port:
        assert answer("127.0.0.1", port, OPEN) == OPEN
    assert answer("127.0.0.1", port) is None


def signals(plain: Observation, seen: Observation, phase: str = START) -> list[str]:
    before = {START: plain, STOP: Observation(running=False, seconds=0.2), AGAIN: plain}
    return [one.signal for one in differences(before, {phase: seen})]


def test_each_signal_is_seen() -> None:
    assert not signals(WORKS, WORKS)
    assert signals(WORKS, WORKS.replaced(processes=frozenset(((0, "sh"),)))) == ["users"]
    assert signals(WORKS, WORKS.replaced(answers={80: "HTTP 500"})) == ["ports"]
    assert signals(WORKS, WORKS.replaced(answers={})) == ["ports"]
    assert signals(WORKS, WORKS.replaced(restarts=1)) == ["restarts"]
    assert signals(WORKS, WORKS.replaced(refusals=frozenset(("no",)))) == ["log"]
    assert signals(WORKS, WORKS.replaced(failed_probes=("curl",))) == ["probe"]
    assert signals(WORKS, Observation(running=False, exit_code=1)) == ["end"]
    assert signals(WORKS, Observation(running=False, refused="no such user")) == ["engine"]
    healthy = WORKS.replaced(health="healthy")
    assert signals(healthy, healthy.replaced(health="unhealthy")) == ["health"]
    job = Observation(running=False)
    assert signals(job, job.replaced(exit_code=2)) == ["exit code"]
    assert signals(WORKS, job.replaced(exit_code=KILLED), STOP) == ["stop"]
    assert signals(WORKS, job.replaced(seconds=9.0), STOP) == ["stop"]
    assert not signals(WORKS, job.replaced(seconds=1.0), STOP)


def test_a_new_container_is_held_to_the_second_start() -> None:
    assert signals(WORKS, WORKS.replaced(answers={}), RECREATE) == ["ports"]


def test_a_refusal_of_the_plain_run_is_no_difference() -> None:
    plain = WORKS.replaced(refusals=frozenset(("warning: not permitted",)))
    assert not signals(plain, plain)


@pytest.mark.parametrize(
    ("first", "second", "third", "works"),
    [
        ('INFO {"id":"NBQT', 'INFO {"id":"NAIR', 'INFO {"id":"NBXX', True),
        ('INFO {"id":"NBQT', 'INFO {"id":"NAIR', "ERR no store", False),
        ('INFO {"id":"NBQT', 'INFO {"id":"NAIR', "HTTP 500", False),
        ("ready", OPEN, OPEN, True),
        ("HTTP 200", "HTTP 503", "HTTP 200", False),
        ("HTTP 200", "HTTP 200", "HTTP 403", False),
    ],
)
def test_words_that_change_are_known_by_how_they_begin(
    first: str, second: str, third: str, *, works: bool
) -> None:
    answers = settled_answers({80: first}, {80: second})
    plain = {START: WORKS.replaced(answers=answers)}
    seen = [WORKS.replaced(answers={80: text}) for text in (first, second, third)]
    assert works == (not any(differences(plain, {START: one}) for one in seen))
