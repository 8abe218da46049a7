"""Services that a project builds itself: each has to survive its own hardening.

They are of the kinds that people build: a supervisor with two daemons, cron, an entrypoint
that steps down, a supervisor of s6, a Java program with a heap, servers and workers of
Python, PHP with a module, a program alone in its image, a job that ends.

``python -m tests.lab.built_services`` runs them.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml
from tests.lab.fixes import fixed_files
from tests.lab.one_by_one import add_only, print_each
from tests.lab.own_settings import inside, page
from tests.lab.shown import Shown, missing_root, problem
from tests.lab.shown_trial import Probe
from tests.lab.stand_ins import import_root, is_cached, root_image
from tests.lab.transcripts import IMAGES, make_images

if TYPE_CHECKING:
    from tests.lab.engine import Engine

_NO_PRIVILEGES, _CAPABILITIES = "security_opt", "cap_drop"
_READ_ONLY, _LIMITS = "read_only", "mem_limit"
_ALL_BUT_LIMITS = (_NO_PRIVILEGES, _CAPABILITIES, _READ_ONLY)
# A build has no network: what a Dockerfile installs is there before.
_INSTALLED = "RUN ln -sf /bin/true /usr/bin/apt-get\n"
_BASES = {"debian:13": ("apps", _INSTALLED), "eclipse-temurin:21": ("java", "")}
_INSTALL = "RUN apt-get update && apt-get install -y --no-install-recommends"

_APP = """\
def app(environ, start):
    start("200 OK", [])
    return [b"works"]
"""
_SUPERVISORD = """\
[supervisord]
nodaemon=true
user=root
logfile=/dev/null
logfile_maxbytes=0
pidfile=/run/supervisord.pid

[program:web]
command=gunicorn --bind 0.0.0.0:8000 app:app
directory=/srv
user=app

[program:store]
command=redis-server --port 6379 --save ""
directory=/tmp
user=redis
"""
_TASKS = """\
from celery import Celery

app = Celery("tasks", broker="redis://store", backend="redis://store")


@app.task
def add(one, other):
    return one + other
"""
_ADDS = "from tasks import add; assert add.delay(2, 3).get(timeout=5) == 5"
_STEPS_DOWN = """\
#!/bin/sh
set -e
. /usr/local/lib/wait.sh
wait_for() { sleep 0.1; }
wait_for store
export TOKEN=$(cat /srv/token)
echo "token $TOKEN" >/srv/app/log
sed -i s/token/secret/ /srv/app/log
find /data ! -user app -exec chown app:app {} +
exec gosu app "$@"
"""
_COUNTS = """\
import pathlib

seen = pathlib.Path("/data/seen")


def app(environ, start):
    seen.write_text(str(int(seen.read_text()) + 1 if seen.exists() else 1))
    start("200 OK", [])
    return [b"works"]
"""


@dataclass(frozen=True)
class BuiltService:
    """A project with the built service `s`.

    ``keys`` are the settings that Tightship has to bring: the files decide them. It must
    not bring those in ``left``: the files leave open what the service needs.
    """

    shown: Shown
    keys: tuple[str, ...]
    left: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the project."""
        return self.shown.name


def _service(
    name: str, base: str, files: dict[str, str], probe: Probe, *keys: str, body: str = ""
) -> BuiltService:
    compose = {"compose.yaml": f"services:\n  s:\n    build: .\n{body}"}
    known = () if base in _BASES or not base else (base,)
    shown = Shown(name, {**compose, **files}, probes={"s": probe}, base_images=known)
    left = {_NO_PRIVILEGES, _CAPABILITIES, _READ_ONLY, _LIMITS}.difference(keys)
    return BuiltService(shown, keys, tuple(sorted(left)))


def built_services() -> list[BuiltService]:
    """Return the projects."""
    return [
        _service(
            "supervisord",
            "debian:13",
            {
                "Dockerfile": f"FROM debian:13\n{_INSTALL} supervisor gunicorn redis-server\n"
                "RUN useradd -m app\nCOPY app.py /srv/\nCOPY supervisord.conf /etc/\n"
                'CMD ["supervisord", "-c", "/etc/supervisord.conf"]\n',
                "supervisord.conf": _SUPERVISORD,
                "app.py": _APP,
            },
            inside("curl -fsS http://127.0.0.1:8000/ && redis-cli incr seen"),
            _NO_PRIVILEGES,
        ),
        _service(
            "cron",
            "debian:13",
            {
                "Dockerfile": f"FROM debian:13\n{_INSTALL} cron\n"
                "COPY jobs /etc/cron.d/jobs\nRUN chmod 644 /etc/cron.d/jobs\n"
                'CMD ["cron", "-f"]\n',
                "jobs": "* * * * * nobody touch /tmp/done\n",
            },
            inside("pgrep cron"),
        ),
        _service(
            "gosu",
            "python:3.13",
            {
                "Dockerfile": "FROM python:3.13\nRUN useradd -m app && install -d -o app /srv/app\n"
                "COPY --chown=app --chmod=600 token /srv/token\nCOPY app.py /srv/\n"
                "COPY --chmod=755 entrypoint.sh /\nCOPY wait.sh /usr/local/lib/\nWORKDIR /srv\n"
                'VOLUME /data\nENTRYPOINT ["/entrypoint.sh"]\n'
                'CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n',
                "entrypoint.sh": _STEPS_DOWN,
                "token": "example",
                "wait.sh": "echo ready\n",
                "app.py": _COUNTS,
            },
            page(8000),
            _NO_PRIVILEGES,
            _CAPABILITIES,
            body="    init: true\n    volumes: ['data:/data']\nvolumes: {data: }\n",
        ),
        _service(
            "own folder",
            "python:3.13",
            {
                "Dockerfile": "FROM python:3.13\nWORKDIR /srv\nCOPY app.py .\n"
                "RUN useradd -m app && mkdir -p /data/old /run/app && chown -R app /data /run/app\n"
                "USER app\n"
                'CMD ["gunicorn", "-p", "/run/app/pid", "-b", "0.0.0.0:8000", "app:app"]\n',
                "app.py": _COUNTS,
            },
            page(8000),
            *_ALL_BUT_LIMITS,
        ),
        _service(
            "s6",
            "debian:13",
            {
                "Dockerfile": f"FROM debian:13\n{_INSTALL} s6 gunicorn\n"
                "RUN useradd -m app\nCOPY app.py /srv/\n"
                "COPY --chmod=755 web.sh /srv/services/web/run\n"
                'CMD ["s6-svscan", "/srv/services"]\n',
                "web.sh": "#!/bin/sh\ncd /srv\n"
                "exec s6-setuidgid app gunicorn --bind 0.0.0.0:8000 app:app\n",
                "app.py": _APP,
            },
            page(8000),
            _NO_PRIVILEGES,
        ),
        _service(
            "java",
            "eclipse-temurin:21",
            {
                "Dockerfile": "FROM eclipse-temurin:21\nCOPY page /srv/page\nUSER 10001\n"
                'ENTRYPOINT ["java", "-Xmx128m", "-m", "jdk.httpserver",'
                ' "-b", "0.0.0.0", "-p", "8000", "-d", "/srv"]\n',
                "page": "works",
            },
            page(8000),
            *_ALL_BUT_LIMITS,
            _LIMITS,
        ),
        _service(
            "gunicorn",
            "python:3.13",
            {
                "Dockerfile": "FROM python:3.13\nWORKDIR /srv\nCOPY app.py .\n"
                "RUN useradd -m app\nUSER app\n"
                'CMD ["python", "app.py"]\n',
                "app.py": _APP,
            },
            page(8000),
            *_ALL_BUT_LIMITS,
            body="    command: gunicorn --workers 3 --bind 0.0.0.0:8000 app:app\n",
        ),
        _service(
            "celery",
            "debian:13",
            {
                "Dockerfile": f"FROM debian:13\n{_INSTALL} celery python3-redis\n"
                "RUN useradd -m app\nWORKDIR /srv\nCOPY tasks.py .\nUSER app\n"
                'CMD ["celery", "-A", "tasks", "worker"]\n',
                "tasks.py": _TASKS,
            },
            inside(f"python3 -c '{_ADDS}'"),
            *_ALL_BUT_LIMITS,
            body="    command: celery -A tasks worker --concurrency 2 --loglevel info\n"
            "    depends_on: [store]\n"
            "  store: {image: 'redis:8.0'}\n",
        ),
        _service(
            "php with a module",
            "php:8.4-apache",
            {
                "Dockerfile": "FROM php:8.4-apache\nRUN a2enmod rewrite\n"
                "COPY index.php /var/www/html/\n",
                "index.php": "<?php file_put_contents(sys_get_temp_dir() . '/seen', 'x');"
                " echo 'works';\n",
            },
            page(),
            _NO_PRIVILEGES,
            _CAPABILITIES,
        ),
        _service(
            "alone in its image",
            "",
            {
                "Dockerfile": f"FROM {IMAGES['busybox']} AS build\n"
                "FROM scratch\nCOPY --from=build /bin/busybox /busybox\nCOPY page /srv/index.html\n"
                "USER 65532:65532\nEXPOSE 8000\n"
                'ENTRYPOINT ["/busybox", "httpd", "-f", "-p", "8000", "-h", "/srv"]\n',
                "page": "works",
            },
            page(8000),
            *_ALL_BUT_LIMITS,
        ),
        _job(),
    ]


def _job() -> BuiltService:
    """Return a job that has to end well before the page that shows its result is served."""
    serves = (
        "  page:\n    image: python:3.13\n    user: '1000'\n    working_dir: /out\n"
        "    command: python3 -m http.server 80\n    volumes: ['out:/out:ro,nocopy']\n"
        "    depends_on: {s: {condition: service_completed_successfully}}\nvolumes: {out: }\n"
    )
    files = {
        "compose.yaml": f"services:\n  s:\n    build: .\n    volumes: ['out:/out']\n{serves}",
        "Dockerfile": "FROM python:3.13\nRUN useradd -m app && mkdir /out && chown app /out\n"
        'COPY job.py /srv/\nUSER app\nCMD ["python3", "/srv/job.py"]\n',
        "job.py": "import tempfile\nfile = tempfile.NamedTemporaryFile()\n"
        'open("/out/done", "w").write("works")\n',
    }
    probe = Probe("curl -fsS http://page/done | grep -q works", root_image("web"))
    shown = Shown("job", files, probes={"page": probe}, base_images=("python:3.13",))
    return BuiltService(shown, _ALL_BUT_LIMITS, (_LIMITS,))


def make_bases(running: Engine) -> None:
    """Make the base images that only these services have."""
    make_images(running)
    import_root(running, "web")  # the probes of pages
    for name, (root, steps) in _BASES.items():
        import_root(running, root)
        dockerfile = f"FROM {root_image(root)}\n{steps}".encode()
        running.docker("build", "-q", "-t", name, "-", stdin=dockerfile)


def missing_file_system(service: BuiltService) -> str:
    """Return a root file system that is not in the cache, or nothing."""
    roots = ("web", *(root for root, _ in _BASES.values()))
    return missing_root(service.shown) or next((r for r in roots if not is_cached(r)), "")


def wrong_settings(service: BuiltService, made: dict[str, str]) -> str:
    """Return which settings are missing in the hardened files, and which are too many."""
    settings: dict[str, Any] = yaml.safe_load(made["compose.yaml"])["services"]["s"]
    missing = [key for key in service.keys if key not in settings]
    surplus = [key for key in service.left if key in settings]
    return "; ".join(
        f"{what}: {', '.join(keys)}"
        for what, keys in (("lacks", missing), ("has", surplus))
        if keys
    )


def failure(running: Engine, service: BuiltService) -> str:
    """Harden a service and run it, and return what is wrong, or nothing."""
    made = fixed_files(service.shown.files)
    hardened = replace(service.shown, hardened=made)
    return wrong_settings(service, made) or problem(running, hardened)


def main() -> int:
    """Run the services whose name has a word, or all, and print what works."""
    parser = argparse.ArgumentParser(prog="tests.lab.built_services")
    add_only(parser)
    return print_each(parser.parse_args().only, built_services(), make_bases, failure)


if __name__ == "__main__":
    sys.exit(main())
