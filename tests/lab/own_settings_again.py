"""More projects whose own settings ask for more than their images do."""

from __future__ import annotations

from tests.lab.own_settings import (
    AS_ROOT,
    HTTPD,
    SERVES,
    SITE,
    built,
    inside,
    mounted,
    page,
    service,
)
from tests.lab.shown import Shown
from tests.lab.shown_trial import Probe
from tests.lab.stand_ins import root_image


def more_cases() -> list[Shown]:
    """Return projects that were made later, to break the patches again."""
    site = "/etc/nginx/conf.d/default.conf"
    large = (
        "proxy_pass http://127.0.0.1:8080; }\n}\n"
        "server { listen 8080; root /usr/share/nginx/html; location /x {"
    )
    return [
        mounted(
            "haproxy: socket",
            "haproxy:3.0",
            "/usr/local/etc/haproxy/haproxy.cfg",
            "global\n    stats socket /tmp/admin.sock mode 660 level admin\n"
            "    user haproxy\n    group haproxy\n"
            "defaults\n    mode http\n    timeout client 5s\n    timeout server 5s\n"
            "    timeout connect 5s\nfrontend page\n    bind :80\n"
            '    http-request return status 200 content-type text/plain string "works"\n',
        ),
        mounted(
            "mosquitto: log",
            "eclipse-mosquitto:2",
            "/mosquitto/config/mosquitto.conf",
            "listener 1883\nallow_anonymous true\nlog_dest file /tmp/m.log\n",
            s=inside("test -s /tmp/m.log"),
        ),
        built(
            "nginx: large answers to slow clients",
            {
                "Dockerfile": "FROM nginx:1.26\n"
                "RUN head -c 600000000 /dev/zero >/usr/share/nginx/html/large\n"
                f"COPY own.conf {site}\n",
                "own.conf": "server {\n    listen 80;\n    location / { " + large + " }\n}\n",
            },
            Probe(
                "curl -fsS http://$server/ | grep -q works\n"
                "curl -s --limit-rate 1M --max-time 15 -o /dev/null http://$server/large"
                " || test $? = 28",
                root_image("web"),
            ),
            "nginx:1.26",
        ),
        mounted(
            "nginx: transparent proxy",
            "nginx:1.26",
            site,
            SITE % ("proxy_bind $remote_addr transparent;", ""),
        ),
        Shown(
            "redis: log",
            {
                "compose.yaml": service(
                    "image: redis:8.0, command: redis-server /own/redis.conf,"
                    " volumes: ['./own:/own:ro']"
                ),
                "own/redis.conf": "logfile /tmp/redis.log\n",
            },
            probes={"s": inside("redis-cli ping")},
            base_images=("redis:8.0",),
        ),
        Shown(
            "redis: working directory",
            {"compose.yaml": service("image: redis:8.0, working_dir: /tmp")},
            probes={"s": inside("redis-cli save | grep OK")},
            base_images=("redis:8.0",),
        ),
        Shown(
            "redis: health check",
            {
                "compose.yaml": service(
                    "image: redis:8.0, healthcheck: {interval: 1s,"
                    " test: 'redis-cli ping >/var/log/alive'}"
                )
            },
            probes={"s": inside("test -s /var/log/alive")},
            base_images=("redis:8.0",),
        ),
        Shown(
            "postgres: another folder for its data",
            {
                "compose.yaml": service(
                    "image: postgres:17, environment: {POSTGRES_PASSWORD: example,"
                    " PGDATA: /var/lib/postgresql/other}"
                )
            },
        ),
        mounted(
            "httpd: pid file",
            "httpd:2.4",
            "/usr/local/apache2/conf/httpd.conf",
            HTTPD.replace("logs/httpd.pid", "/tmp/httpd.pid") % "ErrorLog /proc/self/fd/2",
        ),
        mounted(
            "caddy: certificates",
            "caddy:2.6",
            "/etc/caddy/Caddyfile",
            "{\n    skip_install_trust\n    storage file_system /srv/certificates\n}\n"
            "https://localhost {\n    tls internal\n    respond works\n}\n"
            ":80 {\n    respond works\n}\n",
            s=inside("curl -fsSk https://localhost/ | grep -q works"),
        ),
        mounted(
            "caddy: socket",
            "caddy:2.6",
            "/etc/caddy/Caddyfile",
            "{\n    admin unix//tmp/caddy.sock\n}\n:80 {\n    respond works\n}\n",
            s=inside("test -S /tmp/caddy.sock"),
        ),
        Shown(
            "a user without rights, and another command",
            {
                "compose.yaml": service(
                    "build: ., command: sh -c 'date >/tmp/now && exec python3 -m http.server"
                    " 8000 --directory /tmp'"
                ),
                "Dockerfile": 'FROM python:3.13\nUSER 1000:1000\nCMD ["python3"]\n',
            },
            probes={"s": page(8000)},
            base_images=("python:3.13",),
        ),
        Shown(
            "a base image with a command",
            {
                "compose.yaml": service(
                    "image: python:3.13, user: '1000:1000', working_dir: /tmp,"
                    " command: python3 -m http.server 8000"
                )
            },
            probes={"s": page(8000)},
            base_images=("python:3.13",),
        ),
        built(
            "root that goes on as another user",
            {
                "Dockerfile": "FROM python:3.13\nRUN useradd -m app\n"
                "COPY --chmod=755 *.sh /srv/\nWORKDIR /srv\n"
                'ENTRYPOINT ["/srv/run.sh"]\nCMD ["python3", "-m", "http.server", "8000"]\n',
                "run.sh": '#!/bin/sh -e\n. ./own.sh\nexec gosu app "$@"\n',
                "own.sh": "mkdir -p /data\nchown app /data\n",
            },
            page(8000),
            "python:3.13",
        ),
        Shown(
            "nginx: a log in a volume of another user",
            {
                "compose.yaml": "services:\n"
                "  s:\n    image: nginx:1.26\n    depends_on: [o]\n"
                f"    volumes: ['logs:/logs', './own:{site}:ro']\n"
                "  o:\n    image: python:3.13\n    volumes: ['logs:/logs']\n"
                "    command: sh -c 'chown 1000 /logs; exec sleep infinity'\n"
                "volumes: {logs: {}}\n",
                "own": SITE % ("", "access_log /logs/x.log;"),
            },
            probes={"s": page(), "o": inside("test $(stat -c %u /logs) = 1000")},
            base_images=("nginx:1.26", "python:3.13"),
        ),
        built(
            "a setuid program of another stage",
            {
                "Dockerfile": "FROM python:3.13 AS tools\n"
                "RUN cp /usr/bin/setpriv /usr/local/bin/as && chmod 4755 /usr/local/bin/as\n"
                "FROM python:3.13\nCOPY --from=tools /usr/local/bin/as /usr/local/bin/as\n"
                "COPY --chmod=755 run.sh /srv/\nUSER 1000:1000\n"
                'CMD ["/srv/run.sh"]\n',
                "run.sh": f"#!/bin/sh -e\n{AS_ROOT.replace('sudo', 'as')}{SERVES}",
            },
            page(8000),
            "python:3.13",
        ),
    ]
