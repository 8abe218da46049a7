"""Memory under a load: does a service live with the limit that its patch sets?

``python -m tests.lab.loads`` runs each stand-in with the limits of its patch, loads it with
slow and with many clients at once, and fails if the kernel kills a process for memory or
the service no longer answers. A fact of memory names such a load, or gives no limit.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from tests.lab.engine import LabError, engine, missing_part
from tests.lab.fixes import fixed
from tests.lab.hardening import ANSWER_SECONDS, Project, TrialError, client
from tests.lab.stand_ins import build, import_root, stand_ins
from tests.lab.variants import with_keys

if TYPE_CHECKING:
    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

_HTTP = """\
import socket, sys, threading, time
server, port = sys.argv[1], int(sys.argv[2])
end = time.monotonic() + 25
def slow(number):
    body = b"x" * 65536
    head = b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
    if number % 4 == 0:
        head = b"POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 8000000\\r\\n\\r\\n"
    while time.monotonic() < end:
        try:
            with socket.create_connection((server, port), 5) as one:
                one.settimeout(2)
                one.sendall(head)
                for _ in range(100):
                    if number % 4 == 0:
                        one.sendall(body)
                    elif not one.recv(64):
                        break
                    time.sleep(0.05)
        except OSError:
            time.sleep(0.1)
def quick(_):
    while time.monotonic() < end:
        try:
            with socket.create_connection((server, port), 5) as one:
                one.settimeout(2)
                for _ in range(50):
                    one.sendall(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
                    if not one.recv(65536):
                        break
        except OSError:
            time.sleep(0.1)
kinds = [slow] * 400 + [quick] * 20
threads = [threading.Thread(target=k, args=(n,)) for n, k in enumerate(kinds)]
for one in threads: one.start()
for one in threads: one.join()
"""
_POSTGRES = """\
export PGPASSWORD=example
sql='set work_mem = default; select count(*) from (select md5(g::text) m from generate_series(1, 60000) g order by m) s; select pg_sleep(8)'
for i in $(seq 95); do psql -qAt -h "$server" -U postgres -c "$sql" >/dev/null & done
wait
"""
_MARIADB = """\
sql='select md5(seq) m from seq_1_to_60000 order by m; select sleep(8)'
for i in $(seq 140); do mariadb -h "$server" -uroot -pexample --skip-ssl -BNe "$sql" mysql >/dev/null & done
wait
"""


def _http(port: int) -> tuple[str, str]:
    return "web", f"python3 - $server {port} <<'END'\n{_HTTP}END\n"


LOADS = {
    "alertmanager": _http(9093),
    "caddy": _http(80),
    "haproxy": _http(80),
    "httpd": _http(80),
    "mariadb": ("stores", _MARIADB),
    "nginx": _http(80),
    "nginx-unprivileged": _http(8080),
    "node-exporter": _http(9100),
    "postgres": ("stores", _POSTGRES),
    "postgres-18": ("stores", _POSTGRES),
    "registry": _http(5000),
    "varnish": _http(80),
}
"""The load of each stand-in: the root file system of its clients, and their script."""


def loaded(running: Engine, one: StandIn, limit: str = "") -> tuple[str, int]:
    """Load a service; return what fails, if anything, and its most memory in MiB.

    ``limit`` is tried in place of the patch.
    """
    build(running, one)
    text = one.compose
    text = with_keys(text, {"mem_limit": limit}) if limit else fixed(text)
    [service] = yaml.safe_load(text)["services"].values()
    if "mem_limit" not in service:
        return "no limit is set", 0
    project = Project(running, one)
    try:
        project.write(text)
        container = project.up()
        project.answers(container, ANSWER_SECONDS)
        root, script = LOADS[one.name]
        import_root(running, root)
        networks = project.inspect(container)["NetworkSettings"]["Networks"]
        address = networks["lab"]["IPAddress"]
        run = ("docker", "exec", "-e", f"server={address}", client(running, root))
        running.run(*run, "bash", "-c", script)
        most = int(_read(running, container, "memory.max_usage_in_bytes") or 0) >> 20
        killed = _read(running, container, "memory.oom_control")
        if "oom_kill 0" not in killed:
            return f"out of memory with {service['mem_limit']}", most
        project.answers(container, ANSWER_SECONDS)
    except TrialError as failure:
        return str(failure), 0
    finally:
        project.remove()
    return "", most


def _read(running: Engine, container: str, name: str) -> str:
    group = f"memory/{running.folder.name}/{container}/{name}"
    path = Path("/sys/fs/cgroup") / group
    return path.read_text("utf-8") if path.exists() else ""


def main() -> int:
    """Load the stand-ins that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="tests.lab.loads")
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--limit", default="", help="a limit to try, without the patch")
    options = parser.parse_args()
    missing = missing_part()
    if missing is not None:
        print(f"the lab is skipped: {missing}")
        return 0
    start, lived = time.monotonic(), 0
    chosen = stand_ins(options.only or list(LOADS))
    with engine() as running:
        for one in chosen:
            try:
                failed, most = loaded(running, one, options.limit)
            except LabError as error:
                failed, most = str(error), 0
            lived += not failed
            print(f"{one.name}: {failed or 'lives'}, at most {most} MiB", flush=True)
    print(f"{lived} of {len(chosen)} live; {time.monotonic() - start:.0f} s")
    return 0 if lived == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
