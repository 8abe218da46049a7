"""What the files tell about the start of a well-known image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.capabilities.default_capabilities_kept import default_capabilities_kept

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.isolation.conftest import ContainersOf

    from tightship.images.needs import Needs


def nginx(containers_of: ContainersOf, volumes: str) -> Needs:
    body = f"services: {{s: {{image: nginx, volumes: [{volumes}]}}}}\n"
    needs = containers_of(body)["s"].image_needs
    assert needs is not None
    return needs


@pytest.mark.parametrize(
    ("volumes", "asked"),
    [
        ("", False),
        ("data:/data", False),
        ("/etc/letsencrypt:/etc/letsencrypt:ro", False),
        ("./keys:/keys:ro", True),
        ("{type: bind, source: ./keys, target: /keys}", True),
        # A variable may name a folder of the host.
        ('"${KEYS}:/keys"', True),
    ],
)
def test_root_reads_files_of_other_users_on_the_host(
    containers_of: ContainersOf, volumes: str, asked: bool
) -> None:
    capabilities = nginx(containers_of, volumes).capabilities or ()
    assert ("DAC_OVERRIDE" in [one.name for one in capabilities]) is asked


@pytest.mark.parametrize(
    ("volumes", "works"),
    [
        ("", True),
        ("./site:/usr/share/nginx/html", True),
        ("./templates:/etc/nginx/templates/", False),
        ('"./templates:${TARGET}"', None),
    ],
)
def test_templates_do_not_go_with_a_read_only_root(
    containers_of: ContainersOf, volumes: str, works: bool | None
) -> None:
    read_only = nginx(containers_of, volumes).read_only
    assert (read_only.works if read_only else None) is works


@pytest.mark.parametrize(
    ("body", "works"),
    [
        ("", False),
        ("tmpfs: [/run, '/var/cache/nginx:uid=101']", True),
        ("tmpfs: '/var/cache/nginx:${OPTIONS}'", True),
        ("tmpfs: ['${FOLDER}:mode=1777']", None),
        ("tmpfs: [/run]", False),
        ("volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro']", True),
        ("command: [nginx, -c, /my.conf]", True),
    ],
)
def test_another_user_needs_other_places_to_write_to(
    containers_of: ContainersOf, body: str, works: bool | None
) -> None:
    text = f"services: {{s: {{image: nginx, user: '101', {body}}}}}\n"
    needs = containers_of(text)["s"].image_needs
    assert needs is not None
    found = needs.other_user
    assert (found.works if found else None) is works


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ("o: {image: x, volumes: ['logs:/logs']}", True),
        ("o: {image: x, volumes: ['others:/logs']}", False),
    ],
)
def test_root_writes_to_a_volume_of_other_users(
    containers_of: ContainersOf, more: str, asked: bool
) -> None:
    text = f"services: {{s: {{image: nginx, volumes: ['logs:/logs']}}, {more}}}\n"
    needs = containers_of(text)["s"].image_needs
    assert needs is not None
    capabilities = needs.capabilities or ()
    assert ("DAC_OVERRIDE" in [one.name for one in capabilities]) is asked


@pytest.mark.parametrize(
    ("image", "path", "text", "asked"),
    [
        ("nginx", "/etc/nginx/nginx.conf", "proxy_bind $remote_addr transparent;", True),
        ("nginx", "/etc/nginx/nginx.conf", "proxy_bind 10.0.0.1;", False),
        ("haproxy", "/usr/local/etc/haproxy/a.cfg", "source 0.0.0.0 usesrc clientip", True),
    ],
)  # fmt: skip
def test_a_configuration_may_need_a_capability(
    judge: Judge, image: str, path: str, text: str, asked: bool
) -> None:
    compose = f"services: {{s: {{image: {image}, volumes: ['./own:{path}']}}}}\n"
    files = {"compose.yaml": compose, "own": text}
    [one] = judge(files, [default_capabilities_kept])
    fix = one.finding.fix
    assert fix is not None
    assert any("NET_RAW" in edit.text for edit in fix.edits) is asked


def test_a_health_check_of_root_connects_to_a_socket(judge: Judge) -> None:
    text = "services: {s: {image: redis:8, command: redis-server --unixsocket /tmp/r}}\n"
    [one] = judge(text, [default_capabilities_kept])
    assert one.finding.fix is not None
    assert any("DAC_OVERRIDE" in edit.text for edit in one.finding.fix.edits)
