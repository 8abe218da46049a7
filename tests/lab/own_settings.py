"""Projects whose own settings make a service write, gain or hold more than its image does.

Each was made to break a patch that is right for the image as published: with a log, a
socket or a cache somewhere else, a script that calls sudo, or a memory that grows. Tightship
has to bring what the project needs, or to leave the setting as it is.

``python -m tests.lab.own_settings`` runs them; ``--with PYTHON`` takes the fixes of
another Tightship, to compare.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.lab.fixes import fixed_files
from tests.lab.one_by_one import add_only, print_each
from tests.lab.shown import Shown, problem
from tests.lab.shown_trial import Probe
from tests.lab.stand_ins import root_image
from tests.lab.transcripts import make_images

if TYPE_CHECKING:
    from tests.lab.engine import Engine

_NGINX = """\
user nginx;
worker_processes 1;
events {}
http {
    include /etc/nginx/mime.types;
    access_log %s;
    client_body_temp_path /var/cache/nginx/client_temp;
    proxy_temp_path /var/cache/nginx/proxy_temp;
    fastcgi_temp_path /var/cache/nginx/fastcgi_temp;
    uwsgi_temp_path /var/cache/nginx/uwsgi_temp;
    scgi_temp_path /var/cache/nginx/scgi_temp;
    include /etc/nginx/conf.d/*.conf;
}
"""
SITE = """\
%s
server {
    listen 80;
    %s
    location / { root /usr/share/nginx/html; }
}
"""
HTTPD = """\
ServerRoot /usr/local/apache2
ServerName web
DefaultRuntimeDir logs
PidFile logs/httpd.pid
Listen 80
User www-data
Group www-data
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
DocumentRoot /usr/local/apache2/htdocs
%s
"""
# Debian's setpriv, with the setuid bit, is what sudo is to the scripts below.
_SUDO = """\
FROM python:3.13
RUN useradd -m app && cp /usr/bin/setpriv /usr/local/bin/sudo && chmod u+s /usr/local/bin/sudo
COPY --chmod=755 *.sh /srv/
WORKDIR /srv
USER app
ENTRYPOINT ["/srv/run.sh"]
"""
AS_ROOT = "sudo --reuid=0 --regid=0 --clear-groups sh -c 'echo 1 >/run/crond.pid'\n"
SERVES = "exec python3 -m http.server 8000 --directory /usr/share\n"
_PING = """\
FROM python:3.13
RUN cp /usr/bin/python3 /usr/local/bin/ping && setcap cap_net_raw+ep /usr/local/bin/ping
RUN useradd -m app
COPY app.py /srv/app.py
USER app
CMD ["python3", "/srv/app.py"]
"""
_PINGS = """\
import http.server, subprocess
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        open_socket = "import socket; socket.socket(2, 3, 1)"
        done = subprocess.run(["/usr/local/bin/ping", "-c", open_socket])
        self.send_response(500 if done.returncode else 200)
        self.end_headers()
http.server.ThreadingHTTPServer(("", 8000), Page).serve_forever()
"""
_LOAD_OF_MOSQUITTO = """\
for i in $(seq 100); do
    head -c 4000000 /dev/zero | mosquitto_pub -h "$server" -r -t "kept/$i" -s
done
mosquitto_sub -h "$server" -t kept/100 -C 1 -W 5 >/dev/null
"""


def service(keys: str, more: str = "") -> str:
    """Return a Compose file with one service of these keys."""
    return f"services:\n  s: {{{keys}}}\n{more}"


def page(port: int = 80) -> Probe:
    """Return the probe that gets a page."""
    return Probe(f'curl -fsS "http://$server:{port}/" >/dev/null', root_image("web"))


def mounted(name: str, image: str, path: str, text: str, **more: Probe) -> Shown:
    """Return a project that mounts a configuration of its own."""
    compose = service(f"image: {image}, volumes: ['./own:{path}:ro']")
    files = {"compose.yaml": compose, "own": text}
    return Shown(name, files, probes=more, base_images=(image,))


def _commanded(name: str, image: str, command: str, **more: Probe) -> Shown:
    compose = service(f"image: {image}, command: {command}")
    files = {"compose.yaml": compose}
    return Shown(name, files, probes=more, base_images=(image,))


def built(name: str, files: dict[str, str], probe: Probe, base: str) -> Shown:
    """Return a project that builds its image."""
    compose = service("build: .")
    return Shown(name, {"compose.yaml": compose, **files}, probes={"s": probe}, base_images=(base,))


def inside(script: str) -> Probe:
    """Return the probe that runs a script in the container until it succeeds."""
    return Probe(f"for i in $(seq 40); do {script} && exit; sleep 0.5; done; exit 1")


def every_case() -> list[Shown]:
    """Return the projects: those that broke a patch, then others of their kinds."""
    site = "/etc/nginx/conf.d/default.conf"
    conf = "/etc/nginx/nginx.conf"
    return [
        mounted("nginx: log", "nginx:1.26", conf, _NGINX % "/var/log/nginx/x.log"),
        mounted(
            "nginx: cache",
            "nginx:1.26",
            site,
            SITE % ("proxy_cache_path /tmp/cache keys_zone=c:1m;", ""),
        ),
        mounted(
            "httpd: log",
            "httpd:2.4",
            "/usr/local/apache2/conf/httpd.conf",
            HTTPD % "ErrorLog /var/log/x",
        ),
        mounted(
            "caddy: log",
            "caddy:2.6",
            "/etc/caddy/Caddyfile",
            ":80 {\n    log {\n        output file /var/log/caddy/x.log\n    }\n"
            "    respond works\n}\n",
            s=inside("curl -fsS http://127.0.0.1/ && test -s /var/log/caddy/x.log"),
        ),
        built(
            "nginx: copied log",
            {
                "Dockerfile": f"FROM nginx:1.26\nCOPY own.conf {site}\n",
                "own.conf": SITE % ("", "access_log /var/log/nginx/x.log;"),
            },
            page(),
            "nginx:1.26",
        ),
        _commanded(
            "redis: socket",
            "redis:8.0",
            "redis-server --unixsocket /tmp/r.sock",
            s=inside("redis-cli -s /tmp/r.sock ping"),
        ),
        _commanded(
            "memcached: socket",
            "memcached:1.6",
            "memcached -s /tmp/m.sock",
            s=inside("printf 'version\\r\\nquit\\r\\n' | nc -U /tmp/m.sock"),
        ),
        Shown(
            "mariadb: tmpdir",
            {
                "compose.yaml": service(
                    "image: mariadb:11.8, command: mariadbd --tmpdir=/var/tmp,"
                    " environment: {MARIADB_ROOT_PASSWORD: example}"
                )
            },
        ),
        Shown(
            "postgres: log",
            {
                "compose.yaml": service(
                    "image: postgres:17, command: postgres -c listen_addresses=* -c logging_collector=on"
                    " -c log_directory=/var/lib/postgresql/log,"
                    " environment: {POSTGRES_PASSWORD: example}"
                )
            },
        ),
        built(
            "sudo in the entrypoint",
            {"Dockerfile": _SUDO, "run.sh": f"#!/bin/sh -e\n{AS_ROOT}{SERVES}"},
            page(8000),
            "python:3.13",
        ),
        built(
            "sudo in a script of the entrypoint",
            {
                "Dockerfile": _SUDO,
                "run.sh": f"#!/bin/sh -e\n./setup.sh\n{SERVES}",
                "setup.sh": f"#!/bin/sh -e\n{AS_ROOT}",
            },
            page(8000),
            "python:3.13",
        ),
        built(
            "a program with file capabilities",
            {"Dockerfile": _PING, "app.py": _PINGS},
            page(8000),
            "python:3.13",
        ),
        mounted(
            "mosquitto: retained messages",
            "eclipse-mosquitto:2",
            "/mosquitto/config/mosquitto.conf",
            "listener 1883\nallow_anonymous true\n",
            s=Probe(_LOAD_OF_MOSQUITTO, root_image("services")),
        ),
    ]


def main() -> int:
    """Run the projects whose name has a word, or all, and print what works."""
    parser = argparse.ArgumentParser(prog="tests.lab.own_settings")
    add_only(parser)
    parser.add_argument("--with", dest="python", default=sys.executable, metavar="PYTHON")
    options = parser.parse_args()
    from tests.lab.own_settings_again import more_cases

    def failure(running: Engine, one: Shown) -> str:
        return problem(running, replace(one, hardened=fixed_files(one.files, options.python)))

    return print_each(options.only, [*every_case(), *more_cases()], make_images, failure)


if __name__ == "__main__":
    sys.exit(main())
