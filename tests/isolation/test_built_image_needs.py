"""What an image that the project builds needs, from its Dockerfile and its scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.isolation.patches import COPIED, STEPS_DOWN, TEMPORARY, fix, items, patched, title

from tightship.rules.compose.capabilities.default_capabilities_kept import default_capabilities_kept
from tightship.rules.compose.correctness.read_only_without_writable_path import (
    read_only_without_writable_path,
)
from tightship.rules.compose.correctness.tmpfs_without_exec import tmpfs_without_exec
from tightship.rules.compose.filesystem.tmpfs_weakened import tmpfs_weakened
from tightship.rules.compose.mandatory_access.privilege_escalation_allowed import (
    privilege_escalation_allowed,
)
from tightship.rules.compose.resources.unlimited_resources import unlimited_resources

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        # A first process that is not root has no capability to lose.
        ('FROM node:24\nUSER node\nCMD ["node", "a.js"]\n', "Drop all capabilities"),
        ('FROM scratch\nUSER 1000\nCMD ["/app"]\n', "Drop all capabilities"),
        ("FROM node:24\nUSER node\nCMD node a.js\n", "Drop all capabilities"),
        # It is root, or may be, and writes nobody knows where.
        ('FROM node:24\nCMD ["node", "a.js"]\n', None),
        ('FROM node:24\nARG WHO\nUSER $WHO\nCMD ["node", "a.js"]\n', None),
        # What the base brings is not known.
        ('FROM example/base:1\nUSER 1000\nCMD ["/app"]\n', None),
        # A program may have a capability of its own.
        ('FROM node:24\nRUN setcap cap_net_raw+ep /a\nUSER 1\nCMD ["/a"]\n', None),
        ('FROM node:24\nUSER node\nCMD ["sudo", "/a"]\n', None),
        # The entrypoint and the program are those of the base image.
        ("FROM nginx:1.29\nCOPY . /srv\n", "Drop all capabilities but"),
        ('FROM nginx:1.29\nCMD ["nginx", "-g", "daemon off;"]\n', "Drop all capabilities but"),
        ('FROM nginx:1.29\nCMD ["bash"]\n', None),
        # Its entrypoint may be another one now.
        ("FROM nginx:1.29\nRUN tar -xzf a.tgz -C /\n", None),
        ("FROM nginx:1.29\nRUN tar -xzf a.tgz --directory=/\n", None),
        ("FROM nginx:1.29\nRUN sed -i 1d docker-entrypoint.sh\n", None),
        ("FROM nginx:1.29\nRUN cd / && ls / && tar -xzf a.tgz\n", "Drop all"),
        ("FROM nginx:1.29\nCMD nginx\n", None),
    ],
)
def test_a_dockerfile_shows_the_needed_capabilities(
    judge: Judge, dockerfile: str, expected: str | None
) -> None:
    found = title(judge, dockerfile)
    assert found is None if expected is None else (found or "").startswith(expected)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ('exec gosu app "$@"\n', "Drop all capabilities but the 5 it needs"),
        (
            'if [ "$(id -u)" = 0 ]; then exec su-exec app "$@"; fi\n',
            "Drop all capabilities but the 5 it needs",
        ),
        # Root goes on, or another program does nobody knows what.
        ('exec "$@"\n', None),
        ('exec gosu root "$@"\n', None),
        ('python manage.py migrate\nexec gosu app "$@"\n', None),
        ('exec gosu app "$@"\nif then\n', None),
    ],
)
def test_a_script_that_steps_down_shows_the_needed_capabilities(
    judge: Judge, last: str, expected: str | None
) -> None:
    assert title(judge, f"FROM debian:13\n{COPIED}", STEPS_DOWN + last) == expected


def test_a_missing_script_shows_nothing(judge: Judge) -> None:
    dockerfile = 'FROM debian:13\nENTRYPOINT ["/entrypoint.sh"]\n'
    assert title(judge, dockerfile) is None


@pytest.mark.parametrize("body", ["command: bash", "entrypoint: [/a]"])
def test_another_command_of_a_server_shows_nothing(judge: Judge, body: str) -> None:
    assert title(judge, "FROM nginx:1.29\n", body=body) is None


@pytest.mark.parametrize(
    ("script", "offered"),
    [('exec gosu app "$@"\n', True), ('sudo -E chown app /x\nexec "$@"\n', False)],
)
def test_a_setuid_program_needs_new_privileges(judge: Judge, script: str, offered: bool) -> None:
    found = title(
        judge, f"FROM debian:13\n{COPIED}", STEPS_DOWN + script, rule=privilege_escalation_allowed
    )
    assert (found is not None) is offered


def test_the_user_of_the_service_counts(judge: Judge) -> None:
    dockerfile = 'FROM node:24\nCMD ["node", "a.js"]\n'
    assert title(judge, dockerfile, body="user: '1000'") == "Drop all capabilities"
    assert title(judge, dockerfile, body="user: '${WHO}'") is None


def test_a_script_outside_the_build_context_is_not_read(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {build: .}}\n",
        "Dockerfile": f"FROM debian:13\n{COPIED}",
        "run.sh": STEPS_DOWN + 'exec gosu app "$@"\n',
        ".dockerignore": "run.sh\n",
    }
    [one] = judge(files, [default_capabilities_kept])
    assert one.finding.fix is None


APP = 'WORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n{}\nCMD ["python", "a.py"]\n'


@pytest.mark.parametrize(
    ("dockerfile", "paths"),
    [
        (
            "FROM python:3.13-slim\n" + APP.format("RUN useradd -m app\nUSER app"),
            [*TEMPORARY, "/home/app:exec,mode=1777"],
        ),
        ("FROM python:3.13-alpine\n" + APP.format("RUN adduser -D -H app\nUSER app"), TEMPORARY),
        # As Docker's own template writes it.
        (
            "FROM python:3.13-slim\nARG UID=10001\nWORKDIR /app\n"
            'RUN adduser --disabled-password --gecos "" --home "/nonexistent"'
            ' --shell "/sbin/nologin" --no-create-home --uid "${UID}" app\n'
            "USER app\nCOPY . .\nCMD python a.py\n",
            TEMPORARY,
        ),
        ("FROM python:3.13\n" + APP.format("USER 1000:1000"), TEMPORARY),
        ("FROM python:3.13\n" + APP.format("USER nobody"), TEMPORARY),
        (
            'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "."]\n',
            [*TEMPORARY, "/home/node:exec,mode=1777"],
        ),
        # Files of another stage, in which all is root's.
        (
            "FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n"
            'FROM alpine:3.22\nCOPY --from=build /app /app\nUSER 65532\nCMD ["/app"]\n',
            TEMPORARY,
        ),
        # In an empty file system another user writes nowhere.
        (
            "FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n"
            'FROM scratch\nCOPY --from=build /app /app\nUSER 65532\nCMD ["/app"]\n',
            [],
        ),
        # What a VOLUME covers may belong to anybody, and stays writable.
        (
            "FROM python:3.13\nRUN mkdir /data && chown 1000 /data\nVOLUME /data\n"
            + APP.format("USER 1000"),
            TEMPORARY,
        ),
    ],
)
def test_a_user_writes_where_the_image_lets_it(
    judge: Judge, dockerfile: str, paths: list[str]
) -> None:
    added = patched(judge, dockerfile)
    assert added is not None
    assert "read_only: true" in added
    assert items(added) == paths


@pytest.mark.parametrize(
    "dockerfile",
    [
        # Root may write everywhere.
        "FROM python:3.13\n" + APP.format(""),
        "FROM python:3.13\n" + APP.format("ARG WHO\nUSER $WHO"),
        'FROM scratch\nCOPY app /\nCMD ["/app"]\n',
        # More than its home belongs to the user.
        "FROM python:3.13\n" + APP.format("RUN chown -R 1000 /app\nUSER 1000"),
        "FROM python:3.13\n" + APP.format("USER 1000\nRUN pip install a"),
        "FROM python:3.13\n" + APP.format("COPY --chown=1000 b /b\nUSER 1000"),
        "FROM python:3.13\n" + APP.format("USER 1000\nWORKDIR /work"),
        "FROM python:3.13\n" + APP.format("RUN chmod 777 /app\nUSER 1000"),
        # A number without an account has the group of root.
        "FROM python:3.13\n" + APP.format("RUN chmod -R g+w /app\nUSER 1000"),
        "FROM python:3.13\n" + APP.format("RUN chmod 775 /app\nUSER 1000"),
        "FROM python:3.13\n" + APP.format("RUN mkdir -m 777 /b\nUSER 1000"),
        "FROM python:3.13\n" + APP.format("ADD a.tar.gz /\nUSER 1000"),
        "FROM python:3.13\n" + APP.format("RUN ./setup\nUSER 1000"),
        "FROM python:3.13\n" + APP.format("COPY --from=example/a /a /a\nUSER 1000"),
        # It may be the user of a package, or have a home somewhere else.
        "FROM python:3.13\n" + APP.format("USER 101"),
        "FROM python:3.13\n" + APP.format("USER app"),
        "FROM python:3.13\n" + APP.format("RUN useradd -d $H app\nUSER app"),
        "FROM python:3.13\n" + APP.format("RUN useradd app\nUSER 1000"),
        "FROM ubuntu:24.04\n" + APP.format("USER 1000"),
        # A tmpfs would hide the program.
        'FROM node:24\nWORKDIR /home/node/app\nCOPY . .\nUSER node\nCMD ["node", "."]\n',
        'FROM node:24\nCOPY . /tmp/app\nUSER node\nCMD ["node", "."]\n',
        # Not known to leave all to root.
        "FROM golang:1.25\n" + APP.format("USER 1000"),
        "FROM example/base\n" + APP.format("USER 1000"),
        # In the stage that it is copied from, it belongs to somebody.
        "FROM node:24 AS build\nCOPY --chown=node . /app\n"
        'FROM node:24\nCOPY --from=build /app /app\nUSER node\nCMD ["node", "/app"]\n',
        "FROM example/base AS build\nRUN mkdir /app\n"
        'FROM node:24\nCOPY --from=build /app /app\nUSER node\nCMD ["node", "/app"]\n',
    ],
)
def test_files_of_a_user_with_unknown_files_are_unknown(judge: Judge, dockerfile: str) -> None:
    assert patched(judge, dockerfile) is None


def test_the_user_of_the_service_writes_there_as_well(judge: Judge) -> None:
    dockerfile = "FROM python:3.13\n" + APP.format("")
    added = patched(judge, dockerfile, "    user: '1000:1000'\n")
    assert items(added or "") == TEMPORARY
    assert patched(judge, dockerfile, "    user: '${WHO}'\n") is None


def test_mounted_files_may_belong_to_the_user(judge: Judge) -> None:
    dockerfile = "FROM python:3.13\n" + APP.format("RUN chown 1000 /app/x\nUSER 1000")
    mounted = "    volumes: ['./x:/app/x']\n"
    assert items(patched(judge, dockerfile, mounted) or "") == TEMPORARY
    other = "    volumes: ['./x:/app/y']\n"
    assert patched(judge, dockerfile, other) is None


@pytest.mark.parametrize(
    ("steps", "known"),
    [
        ("COPY site.conf /etc/nginx/conf.d/default.conf\n", True),
        ("RUN rm /etc/nginx/conf.d/default.conf\nCOPY dist /usr/share/nginx/html\n", True),
        ("WORKDIR /usr/share/nginx/html\nCOPY . .\n", True),
        ('ENTRYPOINT ["nginx", "-g", "daemon off;"]\n', True),
        ('ENTRYPOINT ["/usr/sbin/nginx"]\nCMD ["-g", "daemon off;"]\n', True),
        # The entrypoint writes the site from its template.
        ("COPY site.conf.template /etc/nginx/templates/\n", False),
        ("COPY nginx/ /etc/nginx/\n", False),
        ("RUN cp /a /etc/nginx/templates/a.template\n", False),
        # What the entrypoint does is another thing.
        ("COPY env.sh /docker-entrypoint.d/\n", False),
        ("COPY docker-entrypoint.sh /\n", False),
        ("RUN sed -i s/a/b/ /docker-entrypoint.sh\n", False),
        ("COPY root/ /\n", False),
        ("ARG TO\nCOPY a $TO\n", False),
        ('ENTRYPOINT ["/start"]\n', False),
        ("ENTRYPOINT nginx\n", False),
    ],
)  # fmt: skip
def test_additions_of_a_dockerfile_to_a_server_decide(
    judge: Judge, steps: str, known: bool
) -> None:
    added = patched(judge, f"FROM nginx:1.29\n{steps}")
    assert (added is not None) is known
    if added is not None:
        assert items(added) == ["/var/cache/nginx", "/run"]


def test_another_entrypoint_of_a_server_that_steps_down_is_unknown(judge: Judge) -> None:
    dockerfile = 'FROM postgres:18\nENTRYPOINT ["postgres"]\n'
    assert patched(judge, dockerfile) is None
    assert patched(judge, "FROM postgres:18\nCOPY a.sql /docker-entrypoint-initdb.d/\n")


def test_writable_paths_are_not_proof_of_writing(judge: Judge) -> None:
    dockerfile = "FROM python:3.13\n" + APP.format("USER 1000")
    for body in ("read_only: true", "read_only: true, tmpfs: [/tmp, /var/tmp]"):
        files = {
            "compose.yaml": f"services: {{s: {{build: ., {body}}}}}\n",
            "Dockerfile": dockerfile,
        }
        rules = [read_only_without_writable_path, tmpfs_without_exec]
        assert judge(files, rules) == []


def test_the_patch_leaves_nothing_to_weaken(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {build: ., tmpfs: ['/tmp:exec', '/x:exec']}}\n",
        "Dockerfile": "FROM python:3.13\n" + APP.format("USER 1000"),
    }
    [one] = judge(files, [tmpfs_weakened])
    assert "`/x`" in one.finding.message


@pytest.mark.parametrize(
    ("exposed", "mode", "needed"),
    [
        ("80", "host", True),
        ("8080 443/tcp", "host", True),
        ("8080", "host", False),
        ("80", "bridge", False),
    ],
)
def test_a_low_port_in_the_host_network_needs_a_capability(
    judge: Judge, exposed: str, mode: str, needed: bool
) -> None:
    dockerfile = f"FROM debian:13\nEXPOSE {exposed}\n{COPIED}"
    script = STEPS_DOWN + 'exec gosu app "$@"\n'
    made = fix(judge, dockerfile, script, f"network_mode: {mode}")
    assert made is not None
    written = "".join(edit.text for edit in made.edits)
    assert ("NET_BIND_SERVICE" in written) is needed


def test_stages_that_copy_from_each_other_are_followed_to_a_limit(judge: Judge) -> None:
    stages = "FROM alpine AS s0\nCOPY . /a\n" + "".join(
        f"FROM alpine AS s{n}\nCOPY --from=s{n - 1} /a /a\n" for n in range(1, 2000)
    )
    last = 'COPY --from=s1999 /a /a\nUSER 1000\nCMD ["/a"]\n'
    assert patched(judge, f"{stages}FROM alpine\n{last}") is None


@pytest.mark.parametrize(
    ("workdirs", "known"),
    [
        ("WORKDIR /etc/nginx\nWORKDIR conf.d\n", True),
        ("WORKDIR /etc/nginx\nWORKDIR templates\n", False),
        ("WORKDIR etc\nWORKDIR nginx/templates\n", False),
        ("WORKDIR $WHERE\n", False),
        ("WORKDIR a\n" * 5000, False),
    ],
)
def test_a_relative_folder_is_one_of_the_working_directory(
    judge: Judge, workdirs: str, known: bool
) -> None:
    added = patched(judge, f"FROM nginx:1.29\n{workdirs}COPY a b ./\n")
    assert (added is not None) is known


JAVA = "FROM eclipse-temurin:21\n{}USER 10001\n{}\n"


@pytest.mark.parametrize(
    ("environment", "command", "body", "limit"),
    [
        ("", 'CMD ["java", "-Xmx128m", "-jar", "/a"]', "", "512m"),
        ("", 'CMD ["java", "-jar", "/a"]', "command: java -Xmx300m -jar /a", "1g"),
        ("ENV JAVA_TOOL_OPTIONS=-Xmx256m\n", 'CMD ["java", "-jar", "/a"]', "", "1g"),
        # The last one wins, so that the largest is what it may take.
        ("ENV _JAVA_OPTIONS=-Xmx2g\n", 'CMD ["java", "-Xmx64m", "-jar", "/a"]', "", "8g"),
        ("", 'CMD ["java", "-jar", "/a"]', "environment: {_JAVA_OPTIONS: '${A}'}", None),
        # No virtual machine reads this variable, and other memory is bounded by itself.
        ("ENV JAVA_OPTS=-Xmx256m\n", 'CMD ["java", "-jar", "/a"]', "", None),
        ("", 'CMD ["java", "-Xmx256m", "-XX:MaxDirectMemorySize=4g", "-jar", "/a"]', "", None),
        ("", "CMD java -Xmx256m -jar /a & java -Xmx256m -jar /b", "", None),
        ("", 'CMD ["java", "-jar", "/a"]', "", None),
    ],
)
def test_the_heap_of_a_java_program_bounds_its_memory(
    judge: Judge, environment: str, command: str, body: str, limit: str | None
) -> None:
    dockerfile = JAVA.format(environment, command)
    made = fix(judge, dockerfile, body=body, rule=unlimited_resources)
    written = " ".join(edit.text for edit in made.edits) if made else None
    assert written is None if limit is None else f"mem_limit: {limit}" in (written or "")


def test_an_image_without_a_command_holds_no_program_that_gains_privileges(judge: Judge) -> None:
    for dockerfile, known in (("FROM alpine:3.22\n", True), ("FROM example/a\n", False)):
        found = title(judge, dockerfile, rule=privilege_escalation_allowed)
        assert (found is not None) is known
