"""The rule `image-runs-as-root`, beyond its examples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.users import conftest

from tightship.rules.dockerfile.users.image_runs_as_root import image_runs_as_root

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def exposed(text: str) -> str:
    """Return a Dockerfile of which each image has a port, so that its account matters."""
    return re.sub(r"(?m)^FROM .+", r"\g<0>\nEXPOSE 8080", text)


def dockerfile(text: str) -> dict[str, str]:
    return conftest.dockerfile(exposed(text))


def built(services: str, text: str) -> dict[str, str]:
    return conftest.built(services, exposed(text))


@pytest.mark.parametrize(
    ("service", "severity"),
    [
        ("", "info"),
        ("read_only: true", "info"),
        ("privileged: true", "warning"),
        ("cap_add: [NET_ADMIN]", "warning"),
        ("volumes: ['./a:/a']", "warning"),
        ("volumes: ['/a']", "warning"),
        ("devices: [/dev/fuse]", "warning"),
        ("ports: ['80:80']", "warning"),
        ("network_mode: host", "warning"),
        ("pid: host", "warning"),
    ],
)
def test_what_else_the_service_has_makes_it_matter(
    service: str, severity: str, found: Found
) -> None:
    files = conftest.built(f"  web: {{build: ., {service}}}\n", "FROM debian:13\nUSER root\n")
    assert found(files, image_runs_as_root) == [(severity, "root")]


def test_the_last_user_of_the_file_is_not_that_of_the_image(found: Found) -> None:
    text = "FROM debian AS a\nUSER root\nFROM a AS web\nFROM debian AS b\nUSER app\n"
    files = built("  web: {build: {context: ., target: web}}\n", text)
    assert found(files, image_runs_as_root) == [("warning", "root")]
    assert found(dockerfile(text), image_runs_as_root) == []


def test_a_user_of_a_base_stage_is_explained(judge: Judge) -> None:
    text = "FROM debian AS a\nARG U=0\nUSER ${U}\nFROM a AS web\n"
    [one] = judge(dockerfile(text), [image_runs_as_root])
    assert one.span.text == "${U}"
    assert one.finding.message == ("the image of stage `web` runs as root (default of `ARG U`)")
    [related] = one.finding.because
    assert related.span.text == "web"


@pytest.mark.parametrize(
    "text",
    [
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n",
        "FROM mcr.microsoft.com/windows:ltsc2019\n",
        "FROM mcr.microsoft.com/dotnet/sdk:9.0-windowsservercore-ltsc2022\n",
        "FROM golang:1.25-nanoserver\n",
        "FROM --platform=windows/amd64 golang:1.25\n",
        'FROM golang:1.25 AS a\nFROM a\nSHELL ["powershell.exe"]\n',
    ],
)
def test_windows_has_no_root(text: str, found: Found) -> None:
    assert found(dockerfile(text), image_runs_as_root) == []
    named = dockerfile(text + "USER ContainerAdministrator\n")
    assert found(named, image_runs_as_root) == [("warning", "ContainerAdministrator")]


@pytest.mark.parametrize(
    ("copy", "start", "script", "severities"),
    [
        ("docker-entrypoint.sh /bin/", "docker-entrypoint.sh", "exec gosu app x", []),
        (". .", "./run.sh", "exec su-exec app:app node .", []),
        (". .", "/srv/run.sh", "exec runuser -u app -- node .", []),
        (". .", "./run.sh", 'exec gosu "$WHO" node .', ["info"]),
        (". .", "./run.sh", "exec gosu root node .", ["warning"]),
        (". .", "./run.sh", "exec node .", ["warning"]),
        (". .", "./run.sh", "echo gosu app", ["warning"]),
    ],
)
def test_a_script_of_the_project_may_switch_the_user(
    found: Found, copy: str, start: str, script: str, severities: list[str]
) -> None:
    text = f'FROM debian:13\nEXPOSE 80\nWORKDIR /srv\nCOPY {copy}\nENTRYPOINT ["{start}"]\n'
    name = start.rpartition("/")[2]
    files = {"Dockerfile": text, name: f"#!/bin/sh\n{script}\n"}
    assert [level for level, _ in found(files, image_runs_as_root)] == severities


@pytest.mark.parametrize(
    ("script", "severities"),
    [
        ('su app -c "createdb app"\nexec myserver', ["warning"]),
        ('su app -c "createdb app"\nmyserver', ["warning"]),
        ("gosu app setup && exec myserver", ["warning"]),
        ("exec gosu app myserver", []),
        ("chown app /data\nsu app -c myserver", []),
        ("migrate\ngosu app myserver\necho done", []),
        ("gosu app myserver &\nwait", []),
        ("if [ $A ]; then exec gosu app x; fi\nexec x", ["info"]),
        ("if [ $A ]; then exec gosu app x; else exec su-exec app y; fi", []),
        ("case $A in a) exec gosu app x;; *) exec x;; esac", ["info"]),
        ('if [ "$(id -u)" = 0 ]; then exec gosu app "$0" "$@"; fi\nexec "$@"', []),
        ('if [[ $EUID -ne 0 ]]; then exec "$@"; fi\nexec gosu app "$@"', []),
        ('if [ $(id -u) != 0 ]; then exec gosu app "$@"; fi\nexec "$@"', ["warning"]),
        ('if [ "$1" = serve -a "$(id -u)" = 0 ]; then\nexec gosu app "$@"\nfi\nexec "$@"', []),
        ('if [ "$1" = other ]; then exec gosu app "$@"; fi\nexec "$@"', ["warning"]),
        ('set -- gosu app "$@"\nexec "$@"', []),
        ('if [ $A ]; then set -- gosu app "$@"; fi\nexec "$@"', ["info"]),
        ('start() { exec gosu app "$@"; }\nstart "$@"', []),
        ('start() { exec "$@"; }\nstart gosu', ["warning"]),
        ('sh -c "exec gosu app x"', []),
        ('sh -c "gosu app x; y"', ["warning"]),
        ("exec tini -- gosu app x", []),
        ('exec tini -- "$@"', ["warning"]),
        ("exec setpriv --reuid=app --clear-groups x", []),
        ("set -e\ngosu app setup\nexec supervisord -n", ["warning"]),
        ("sh ./inner.sh", []),
        (". ./inner.sh\nexec x", []),
        ("./inner.sh\nexec x", ["warning"]),
    ],
)
def test_only_the_program_that_stays_decides(
    found: Found, script: str, severities: list[str]
) -> None:
    files = {
        "Dockerfile": "FROM debian:13\nEXPOSE 80\nWORKDIR /srv\nCOPY . .\n"
        'ENTRYPOINT ["./run.sh"]\nCMD ["serve"]\n',
        "run.sh": f"#!/bin/bash\n{script}\n",
        "inner.sh": "#!/bin/sh\nexec gosu app y\n",
    }
    assert [level for level, _ in found(files, image_runs_as_root)] == severities


@pytest.mark.parametrize(
    ("command", "severities"),
    [
        ('su app -c "createdb app" && exec myserver', ["warning"]),
        ("chown app /data && exec gosu app myserver", []),
        ('["gosu", "app", "myserver"]', []),
        ('["sh", "-c", "gosu app setup; exec myserver"]', ["warning"]),
    ],
)
def test_only_the_program_that_stays_decides_in_a_command(
    found: Found, command: str, severities: list[str]
) -> None:
    for name in ("CMD", "ENTRYPOINT"):
        files = dockerfile(f"FROM debian:13\n{name} {command}\n")
        assert [level for level, _ in found(files, image_runs_as_root)] == severities


def test_a_script_with_an_unusual_name_is_known_by_its_first_line(found: Found) -> None:
    text = 'FROM debian:13\nEXPOSE 80\nCOPY start /bin/start\nENTRYPOINT ["start"]\n'
    script = "#!/usr/bin/env bash\nexec gosu app node .\n"
    files = {"Dockerfile": text, "start": script}
    assert found(files, image_runs_as_root) == []
    files["start"] = script.replace("#!/usr/bin/env bash", "#!/usr/bin/env python3")
    assert found(files, image_runs_as_root) == [("warning", "debian:13")]


def test_a_script_that_cannot_be_read_leaves_it_open(judge: Judge) -> None:
    text = 'FROM debian:13\nCOPY run.sh /\nCMD ["/run.sh"]\n'
    [one] = judge({"Dockerfile": text}, [image_runs_as_root])
    assert one.severity.word == "info"
    assert one.finding.message == (
        "the image runs as root, unless its entrypoint switches to another user"
    )
    text = 'FROM debian:13\nEXPOSE 80\nRUN ./install\nCMD ["/opt/x/bin/start.sh"]\n'
    [one] = judge({"Dockerfile": text}, [image_runs_as_root])
    assert one.severity.word == "warning"


def test_each_stage_that_is_built_is_judged(found: Found) -> None:
    files = built(
        "  a: {build: {context: ., target: a}}\n  b: {build: .}\n",
        "FROM debian AS a\nFROM debian AS b\nUSER 0\nFROM debian AS c\nUSER app\n",
    )
    assert found(files, image_runs_as_root) == [("warning", "a")]


def test_an_argument_that_the_service_passes_decides(judge: Judge) -> None:
    text = "FROM debian\nARG U=app\nUSER $U\n"
    assert judge(dockerfile(text), [image_runs_as_root]) == []
    files = built("  web: {build: {context: ., args: {U: root}}}\n", text)
    [one] = judge(files, [image_runs_as_root])
    assert one.span.text == "$U"
    assert one.finding.message.endswith(" (`U` from a build argument)")


def test_services_that_name_another_user_are_not_among_the_places(judge: Judge) -> None:
    services = (
        "  a: {build: ., user: '1000'}\n  b: {build: .}\n"
        "  c: {build: ., user: root}\n  d: {build: ., user: '${U}'}\n"
        "  e: {build: ., user: ''}\n"
    )
    [one] = judge(built(services, "FROM python\n"), [image_runs_as_root])
    assert [related.message for related in one.finding.because] == [
        f"service `{name}` runs it" for name in "bcde"
    ]


@pytest.mark.parametrize("user", ["'1000'", "app", "'1000:0'", "'${U:-app}'"])
def test_an_image_without_a_service_as_root_is_silent(found: Found, user: str) -> None:
    files = built(f"  web: {{build: ., user: {user}}}\n", "FROM python\nUSER root\n")
    assert found(files, image_runs_as_root) == []


@pytest.mark.parametrize(
    "base", ["haproxy:3", "gcr.io/distroless/static:nonroot", "nginxinc/nginx-unprivileged"]
)
def test_a_base_with_its_own_user_is_silent(found: Found, base: str) -> None:
    assert found(dockerfile(f"FROM {base}\n"), image_runs_as_root) == []
    text = f"FROM {base}\nUSER root\n"
    assert found(dockerfile(text), image_runs_as_root) == [("warning", "root")]


def test_a_base_is_named_once(judge: Judge) -> None:
    [one] = judge(dockerfile("FROM python:3\n"), [image_runs_as_root])
    assert one.finding.message == (
        "the image runs as root: no `USER` here, and `python:3` sets none"
    )
    text = "FROM example.com/x:3 AS a\nFROM a AS b\n"
    [one] = judge(dockerfile(text), [image_runs_as_root])
    assert one.finding.message == (
        "the image of stage `b` runs as root, unless `example.com/x:3` sets another user"
    )


@pytest.mark.parametrize("text", ["", "FROM\n", "FROM debian\nUSER\nUSER app\n"])
def test_half_typed_files_give_nothing(found: Found, text: str) -> None:
    assert found(dockerfile(text), image_runs_as_root) == []


@pytest.mark.parametrize(
    ("image", "severities"),
    [
        ("mcr.microsoft.com/dotnet/aspnet:8.0", ["warning"]),
        ("mcr.microsoft.com/dotnet/runtime:9.0-alpine", ["warning"]),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled", []),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-azurelinux3.0-distroless", []),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022", []),
        ("mcr.microsoft.com/dotnet/framework/aspnet:4.8", []),
        ("nvidia/cuda:12.4.1-runtime-ubuntu22.04", ["warning"]),
    ],
)
def test_base_images_of_vendors_start_as_root_unless_they_are_small(
    found: Found, image: str, severities: list[str]
) -> None:
    levels = [level for level, _ in found(dockerfile(f"FROM {image}\n"), image_runs_as_root)]
    assert levels == severities


@pytest.mark.parametrize(
    ("text", "meant", "other"),
    [
        ("FROM debian:13\nUSER 0\n", "DL3002", "semgrep:missing-user"),
        ("FROM debian:13 AS a\nUSER root\nFROM a\n", "kics:67fd0c4a", "kics:fd54f200"),
        ("FROM debian:13\n", "checkov:CKV_DOCKER_3", "DL3002"),
        ("FROM example.org/a\n", "kics:fd54f200", "checkov:CKV_DOCKER_8"),
    ],
)
def test_an_id_means_a_root_user_or_no_user(
    judge: Judge, text: str, meant: str, other: str
) -> None:
    [one] = judge(dockerfile(text), [image_runs_as_root])
    known = one.finding.known_as or ()
    assert meant in known
    assert "trivy:DS-0002" in known
    assert other not in known


@pytest.mark.parametrize(
    ("args", "lines", "severity"),
    [
        ("[U]", "ARG U\nUSER $U", "info"),
        ("[U]", "ARG U=root\nUSER $U", "warning"),
        ("[U]", "ARG U=app\nUSER $U", ""),
        ("[U]", "ARG U\nUSER ${U:-app}", ""),
        ("[U]", "ARG U\nUSER ${U:-root}", "warning"),
        ("{U: }", "ARG U=root\nUSER $U", "warning"),
        ("{U: '${X}'}", "ARG U=app\nUSER $U", "info"),
        ("['U=${X}']", "ARG U=app\nUSER $U", "info"),
        ("{U: '${X}root'}", "ARG U=app\nUSER $U", "warning"),
        ("{U: '${X:?}'}", "ARG U=app\nUSER $U", ""),
        ("[U]", "ARG U\nUSER 10$U", ""),
    ],
)
@pytest.mark.parametrize("is_global", [False, True])
def test_an_argument_that_the_environment_of_compose_decides(
    args: str, lines: str, severity: str, found: Found, *, is_global: bool
) -> None:
    declaration, _, user = lines.partition("\n")
    text = f"FROM alpine:3.22\n{lines}\n"
    if is_global:
        text = f"{declaration}\nFROM alpine:3.22\nARG U\n{user}\n"
    files = built(f"  web: {{build: {{context: ., args: {args}}}}}\n", text)
    marked = user.removeprefix("USER ")
    expected = [(severity, marked)] if severity else []
    assert found(files, image_runs_as_root) == expected
