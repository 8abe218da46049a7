"""Paths that a project's own settings name, and a root file system that is read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.isolation.patches import items

from tightship.isolation.hardening_knowledge import of_read_only_root

if TYPE_CHECKING:
    from tests.conftest import VerdictOn

NGINX = "/etc/nginx/nginx.conf"
SITE = "/etc/nginx/conf.d/default.conf"
HTTPD = "/usr/local/apache2/conf/httpd.conf"


class Answer:
    """What is known of a read-only root: why there is no patch, or its grades and tmpfs."""

    def __init__(self, why: str, grades: set[str], tmpfs: list[str]) -> None:
        self.why = why
        self.grades = grades
        self.tmpfs = tmpfs


def answer(verdict_on: VerdictOn, body: str, files: dict[str, str] | None = None) -> Answer:
    text = f"services:\n  s: {{{body}}}\n"
    verdict = verdict_on({"compose.yaml": text, **(files or {})})
    assert verdict.project is not None
    [container] = verdict.project.containers
    known = of_read_only_root(container)
    [found] = [
        one.finding.fix for one in verdict.findings if one.rule.name == "writable-root-filesystem"
    ]
    if isinstance(known, str):
        assert found is None
        return Answer(known, set(), [])
    assert found is not None
    added = " ".join(edit.text for edit in found.edits)
    return Answer("", {one.grade for one in known}, items(added))


def mounted(verdict_on: VerdictOn, image: str, path: str, text: str) -> Answer:
    body = f"image: {image}, volumes: ['./own:{path}:ro']"
    return answer(verdict_on, body, {"own": text})


@pytest.mark.parametrize(
    ("image", "path", "text", "setting"),
    [
        ("nginx:1.29", NGINX, "http { access_log /var/log/nginx/x.log; }", "access_log"),
        ("nginx:1.29", SITE, "# a\nproxy_cache_path /tmp/cache keys_zone=c:1m;", "cache"),
        ("nginx:1.29", SITE, "server { error_log $to; }", "error_log"),
        ("nginx:1.29", SITE, "server { access_log x.log; }", "/etc/nginx/x.log"),
        ("nginx:1.29", SITE, "location / { dav_methods PUT; }", "dav_methods"),
        ("nginx:1.29", SITE, "location / { js_content main.page; }", "js_content"),
        ("nginx:1.29", SITE, "server { listen unix:/run/app/x.sock; }", "listen"),
        ("httpd:2.4", HTTPD, "ErrorLog /var/log/x", "ErrorLog"),
        # What grows in a tmpfs takes memory, and a restart ends it.
        ("httpd:2.4", HTTPD, "ErrorLog logs/error.log", "ErrorLog"),
        ("nginx:1.29", SITE, "proxy_cache_path /var/cache/nginx/c keys_zone=c:1m;", "path"),
        ("caddy:2.10", "/etc/caddy/c.json", '{"logging": {"a": {"filename": "/x.log"}}}', "file"),
        ("httpd:2.4", HTTPD, 'CustomLog "|/usr/bin/rotatelogs /var/log/x 9" a', "CustomLog"),
        ("caddy:2.10", "/etc/caddy/Caddyfile", "log {\n output file /var/log/x\n}", "output"),
        ("redis:8", "/redis.conf", "dir /var/lib/redis\n", "dir"),
        ("postgres:17", "/etc/postgresql/a.conf", "log_directory = '/var/log/pg'", "log_"),
        ("postgres:17", "/etc/postgresql/a.conf", "archive_command = 'cp %p /a/%f'", "arch"),
        ("mariadb:11.8", "/etc/mysql/conf.d/a.cnf", "slow_query_log_file=/var/log/s", "slow"),
        ("eclipse-mosquitto:2", "/mosquitto/config/m.conf", "log_dest file /log/x", "log_d"),
        ("haproxy:3.2", "/usr/local/etc/haproxy/a.cfg", "stats socket /srv/a mode 660", "st"),
        ("mongo:8", "/etc/mongod.conf", "systemLog:\n  path: /var/log/m.log", "path"),
        ("traefik:v3", "/etc/traefik/traefik.yml", "log:\n  filePath: /t.log", "filePath"),
        # Nobody knows what these settings do.
        ("grafana/grafana:12", "/etc/grafana/grafana.ini", "logs = /srv/logs", "logs"),
        ("grafana/loki:3", "/etc/loki/a.yaml", "path_prefix: x\nwal: /srv/wal", "wal"),
    ],
)  # fmt: skip
def test_a_mounted_configuration_may_write_elsewhere(
    verdict_on: VerdictOn, image: str, path: str, text: str, setting: str
) -> None:
    why = mounted(verdict_on, image, path, text).why
    assert setting in why
    assert "(own:" in why


@pytest.mark.parametrize(
    ("image", "path", "text", "tmpfs"),
    [
        (
            "nginx:1.29",
            NGINX,
            "pid /run/nginx.pid; http { access_log /dev/stdout; error_log off;\n"
            "proxy_temp_path /var/cache/nginx/p; root /srv/www; # access_log /x;\n}",
            ["/var/cache/nginx", "/run"],
        ),
        ("nginx:1.29", SITE, "server { listen 127.0.0.1:80; access_log off; }",
         ["/var/cache/nginx", "/run"]),
        ("nginx:1.29", NGINX, "pid /tmp/nginx.pid;", ["/var/cache/nginx", "/run", "/tmp"]),
        ("httpd:2.4", HTTPD, "ErrorLog /proc/self/fd/2\nPidFile logs/httpd.pid\n"
         "DocumentRoot /srv/www", ["/usr/local/apache2/logs"]),
        ("redis:8", "/redis.conf", "dir /data\nunixsocket /tmp/r.sock\n", ["/tmp"]),
        ("haproxy:3.2", "/usr/local/etc/haproxy/a.cfg", "stats uri /admin\n"
         "bind :80 ssl crt /srv/a.pem", None),
        ("prom/prometheus:v3", "/etc/prometheus/prometheus.yml", "- /srv/x.yml", None),
    ],
)  # fmt: skip
def test_a_read_only_configuration_changes_nothing(
    verdict_on: VerdictOn, image: str, path: str, text: str, tmpfs: list[str] | None
) -> None:
    found = mounted(verdict_on, image, path, text)
    assert found.why == ""
    assert tmpfs is None or found.tmpfs == tmpfs
    # What was measured is the image, and not this configuration.
    assert "derived" in found.grades


def test_without_own_settings_the_measured_needs_hold(verdict_on: VerdictOn) -> None:
    assert answer(verdict_on, "image: nginx:1.29").grades == {"measured"}


@pytest.mark.parametrize(
    ("volumes", "known"),
    [
        ("./conf.d:/etc/nginx/conf.d", False),
        ("./missing.conf:/etc/nginx/conf.d/a.conf", False),
        ("'${CONF}:/etc/nginx/nginx.conf'", False),
        ("/srv/nginx.conf:/etc/nginx/nginx.conf", False),
        ("./site:/usr/share/nginx/html", True),
        ("/etc/letsencrypt:/etc/letsencrypt:ro", True),
        ("./a.pem:/etc/nginx/ssl/a.pem", True),
        ("./init:/docker-entrypoint-initdb.d", False),
        ("./init.sh:/docker-entrypoint-initdb.d/init.sh", False),
        ("./init.sql:/docker-entrypoint-initdb.d/init.sql", True),
    ],
)
def test_an_unread_configuration_is_unknown(
    verdict_on: VerdictOn, volumes: str, known: bool
) -> None:
    files = {"conf.d/a.conf": "server {}", "site/index.html": "", "a.pem": ""}
    found = answer(verdict_on, f"image: nginx:1.29, volumes: [{volumes}]", files)
    assert (found.why == "") is known
    assert known or "not read" in found.why


def test_a_configuration_that_loads_unread_files_is_unknown(verdict_on: VerdictOn) -> None:
    body = f"image: nginx:1.29, volumes: ['./own:{NGINX}', './more:/more']"
    files = {"own": "http { include /more/*.conf; }", "more/a.conf": ""}
    assert "`include` loads is not read" in answer(verdict_on, body, files).why


@pytest.mark.parametrize(
    ("image", "folder", "files", "why"),
    [
        ("prom/prometheus:v3", "/etc/prometheus", {"prometheus.yml": "global: {}"}, ""),
        ("prom/prometheus:v3", "/etc/prometheus", {"prometheus.yml": "query_log_file: /q"}, "/q"),
        ("caddy:2", "/etc/caddy", {"Caddyfile": ":80 {\n}\n"}, ""),
        ("caddy:2", "/etc/caddy", {"Caddyfile": "import sites/*\n"}, "`import`"),
        ("caddy:2", "/etc/caddy", {"Caddyfile": "import /etc/caddy/s/*\n"}, "`import`"),
        ("caddy:2", "/etc/caddy", {"other": ":80"}, "is not read"),
        ("traefik:v3", "/etc/traefik", {"traefik.yml": "log: {filePath: /a}"}, "/a"),
    ],
)
def test_a_folder_is_read_where_one_file_of_it_decides(
    verdict_on: VerdictOn, image: str, folder: str, files: dict[str, str], why: str
) -> None:
    texts = {f"own/{name}": text for name, text in files.items()}
    found = answer(verdict_on, f"image: {image}, volumes: ['./own:{folder}']", texts)
    assert why in found.why
    assert bool(why) is bool(found.why)


def test_a_file_that_the_command_names_is_read(verdict_on: VerdictOn) -> None:
    body = "image: redis:8, command: redis-server /conf/r.conf, volumes: ['./c:/conf']"
    found = answer(verdict_on, body, {"c/r.conf": "logfile /var/log/redis.log\n"})
    assert "`logfile` writes to `/var/log/redis.log`" in found.why
    assert "not read" in answer(verdict_on, body, {"c/other": ""}).why


def test_a_config_of_the_project_is_read(verdict_on: VerdictOn) -> None:
    text = (
        "services:\n  s:\n    image: redis:8\n    configs: [own]\nconfigs:\n  own: {file: ./own}\n"
    )
    for own, why in (("dir /srv/r\n", "`dir` writes to `/srv/r`"), ("port 1\n", "")):
        verdict = verdict_on({"compose.yaml": text, "own": own})
        assert verdict.project is not None
        [container] = verdict.project.containers
        known = of_read_only_root(container)
        assert (why in known) if isinstance(known, str) else not why


@pytest.mark.parametrize(
    ("body", "tmpfs"),
    [
        ("image: redis:8, command: redis-server --unixsocket /tmp/r.sock", ["/tmp"]),
        ("image: memcached:1, command: memcached -s /tmp/m.sock", ["/tmp"]),
        ("image: memcached:1, command: [memcached, -s/tmp/m.sock]", ["/tmp"]),
        ("image: memcached:1, command: memcached -m 64 -p 11211", []),
        (
            "image: mariadb:11, command: --tmpdir=/var/tmp",
            ["/run/mysqld:mode=1777", "/tmp", "/var/tmp"],
        ),
        (
            "image: postgres:17, command: postgres -c log_directory=/var/lib/postgresql/data/log",
            None,
        ),
        # What is mounted is as writable as before.
        (
            "image: redis:8, command: redis-server --logfile /logs/r.log, volumes: ['logs:/logs']",
            [],
        ),
        ("image: prom/node-exporter, command: --path.rootfs=/host", []),
        ("image: traefik:v3, command: [--api.basepath=/ui, --providers.docker]", None),
    ],
)
def test_a_patch_brings_the_scratch_paths_of_a_command(
    verdict_on: VerdictOn, body: str, tmpfs: list[str] | None
) -> None:
    found = answer(verdict_on, body)
    assert found.why == ""
    assert tmpfs is None or found.tmpfs == tmpfs


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (
            "image: postgres:17, command: postgres -c logging_collector=on -c log_directory=/log",
            "`log_directory` writes to `/log`: mount a volume there (compose.yaml:2)",
        ),
        ("image: redis:8, command: redis-server --logfile /var/log/r.log", "--logfile"),
        ("image: redis:8, command: redis-server --dir /var/lib/r", "`--dir` writes"),
        ("image: memcached:1, command: memcached -e /tmp/m/a", "/tmp/m/a"),
        ("image: traefik:v3, command: [--accesslog.filepath=/x.log]", "accesslog"),
        ("image: nginx:1.29, command: [nginx, -g, 'daemon off; error_log /x;']", "error_log"),
        ("image: grafana/grafana:12, environment: {GF_PATHS_LOGS: /x}", "GF_PATHS_LOGS"),
        ("image: postgres:17, environment: {PGDATA: /pgdata}", "PGDATA"),
        ("image: n8nio/n8n, environment: {DB: 'sqlite:////srv/a.db'}", "/srv/a.db"),
        ("image: mariadb:11, command: --socket=/var/lib/sock/my.sock", "--socket"),
        ("image: redis:8, working_dir: /srv", "working_dir"),
        ("image: caddy:2.10, environment: {HOME: /var/home}", "HOME"),
        ("image: redis:8, healthcheck: {test: 'redis-cli ping >/srv/state'}", "/srv/state"),
        ("image: redis:8, healthcheck: {test: [CMD, touch, /alive]}", "/alive"),
        ("image: redis:8, post_start: [{command: touch /started}]", "/started"),
    ],
)  # fmt: skip
def test_a_path_of_a_command_or_a_variable_may_be_written(
    verdict_on: VerdictOn, body: str, named: str
) -> None:
    assert named in answer(verdict_on, body).why


@pytest.mark.parametrize(
    ("steps", "named"),
    [
        (f"COPY own {SITE}\n", "`access_log` writes to `/var/log/nginx/x.log`"),
        (f"COPY <<EOF {SITE}\naccess_log /logs/x;\nEOF\n", "/logs/x"),
        ("COPY conf.d /etc/nginx/conf.d\n", "is not read"),
        (f"COPY --from=build /own {SITE}\n", "is not read"),
        (f"RUN echo 'access_log /x;' >{SITE}\n", "what a step of the build does"),
        (f"RUN sed -i s/a/b/ {NGINX}\n", "what a step of the build does"),
        (f"RUN rm {SITE}\n", ""),
        ("COPY site /usr/share/nginx/html\n", ""),
        (f"COPY plain {SITE}\n", ""),
    ],
)
def test_a_copied_configuration_may_write_elsewhere(
    verdict_on: VerdictOn, steps: str, named: str
) -> None:
    files = {
        "Dockerfile": f"# syntax=docker/dockerfile:1\nFROM debian:13 AS build\nFROM nginx:1.29\n{steps}",
        "own": "access_log /var/log/nginx/x.log;\n",
        "plain": "server { listen 80; }\n",
        "conf.d/a.conf": "",
    }
    found = answer(verdict_on, "build: .", files)
    assert named in found.why
    assert bool(named) is bool(found.why)


def test_a_scratch_folder_with_files_of_the_image_is_kept(verdict_on: VerdictOn) -> None:
    files = {"Dockerfile": "FROM redis:8\nCOPY a /tmp/a\n", "a": ""}
    body = "build: ., command: redis-server --unixsocket /tmp/r.sock"
    assert "--unixsocket" in answer(verdict_on, body, files).why
