"""Limits of memory: from the image, from its settings, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.isolation.hardening_knowledge import of_limits
from tightship.rules.compose.resources.unlimited_resources import unlimited_resources

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.isolation.conftest import ContainersOf


@pytest.mark.parametrize(
    ("service", "limit"),
    [
        # Several times the memory with which the image starts.
        ("image: nginx:1.29", "256m"),
        # What it holds with many connections is more than several times what it starts with.
        ("image: postgres:17", "2g"),
        # Clients or data decide, and no setting bounds them.
        ("image: varnish:7", None),
        ("image: varnish:7, environment: {VARNISH_SIZE: 64m}", None),
        ("image: eclipse-mosquitto:2", None),
        ("image: nats:2", None),
        # What is in /dev/shm counts.
        ("image: rabbitmq:4, shm_size: 2g", "4g"),
        ("image: rabbitmq:4, shm_size: '${SHM}'", None),
        # More than the heap that is asked for.
        ("image: elasticsearch:8.19.3, environment: {ES_JAVA_OPTS: '-Xms1g -Xmx1g'}", "2g"),
        ("image: elasticsearch:8.19.3, environment: {ES_JAVA_OPTS: '-Xmx${HEAP}'}", None),
        # However small the heap is, the virtual machine needs as much beside it.
        ("image: elasticsearch:7.10.2, environment: {ES_JAVA_OPTS: '-Xms100m -Xmx100m'}", "512m"),
        # It keeps its data in memory: a setting bounds it, or else nothing does.
        ("image: redis:8", None),
        ("image: redis:8, command: redis-server --maxmemory 1gb", "2g"),
        # Nothing is known.
        ("image: example/app:1", None),
        ("image: nginx:1.29, entrypoint: [/start]", None),
    ],
)
def test_a_limit_leaves_room_for_known_needs(judge: Judge, service: str, limit: str | None) -> None:
    [one] = judge(f"services: {{s: {{{service}}}}}\n", [unlimited_resources])
    fix = one.finding.fix
    assert (fix is None) is (limit is None)
    if fix is not None:
        assert fix.title.startswith(f"Limit memory to {limit} ")


@pytest.mark.parametrize(
    ("service", "text", "limit"),
    [
        ("image: redis:8", "maxmemory 1gb\n", "2g"),
        ("image: redis:8", "port 6379\n", None),
        ("image: redis:8", "maxmemory ${SIZE}\n", None),
        ("image: eclipse-mosquitto:2", "memory_limit 300000000\n", "1g"),
        ("image: eclipse-mosquitto:2", "listener 1883\n", None),
        ("image: postgres:17", "shared_buffers = 4GB\n", "8g"),
        # Without a unit, it is one of pages.
        ("image: postgres:17", "shared_buffers = 524288\n", None),
        ("image: mariadb:11", "[mariadbd]\ninnodb_buffer_pool_size=4G\n", "8g"),
    ],
)
def test_a_setting_of_a_file_bounds_the_memory(
    judge: Judge, service: str, text: str, limit: str | None
) -> None:
    path = "/mosquitto/config/a.conf" if "mosquitto" in service else "/etc/mysql/a.cnf"
    compose = f"services: {{s: {{{service}, volumes: ['./own:{path}']}}}}\n"
    [one] = judge({"compose.yaml": compose, "own": text}, [unlimited_resources])
    fix = one.finding.fix
    assert (fix.title.split()[3] if fix else None) == limit


@pytest.mark.parametrize(
    ("service", "how"),
    [
        ("image: redis:8", "unless `maxmemory` bounds it"),
        ("image: varnish:7", "unless `-s Transient=malloc,SIZE`"),
        ("image: eclipse-mosquitto:2", "unless `memory_limit` bounds it"),
        ("image: prom/prometheus", "measure it at its busiest with `docker stats`"),
    ],
)
def test_a_missing_limit_explains_how_to_measure_it(
    containers_of: ContainersOf, service: str, how: str
) -> None:
    found = of_limits(containers_of(f"services: {{s: {{{service}}}}}\n")["s"])
    assert isinstance(found, str)
    assert how in found


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("server { root /srv; }", "256m"),
        # It keeps what a slow client gets in a file, which is in memory here.
        ("server { proxy_pass http://a; }", None),
        ("server { client_max_body_size 1g; }", None),
    ],
)
def test_scratch_files_that_clients_fill_are_memory(
    judge: Judge, text: str, limit: str | None
) -> None:
    compose = "services: {s: {image: nginx:1, volumes: ['./own:/etc/nginx/nginx.conf']}}\n"
    [one] = judge({"compose.yaml": compose, "own": text}, [unlimited_resources])
    fix = one.finding.fix
    assert (fix.title.split()[3] if fix else None) == limit
