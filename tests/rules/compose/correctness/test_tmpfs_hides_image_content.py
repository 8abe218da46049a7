"""The rule `tmpfs-hides-image-content`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.read_only_without_writable_path import (
    read_only_without_writable_path,
)
from tightship.rules.compose.correctness.tmpfs_hides_image_content import tmpfs_hides_image_content

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


def service(image: str, body: str) -> str:
    return f"services:\n  s: {{image: '{image}', {body}}}\n"


def marks(found: Found, image: str, body: str) -> list[str]:
    marked = found(service(image, body), tmpfs_hides_image_content)
    assert {severity for severity, _ in marked} <= {"warning"}
    return [text for _, text in marked]


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("tmpfs: [/run]", ["/run"]),
        ("tmpfs: /run", ["/run"]),
        ("tmpfs: ['/var/run']", ["'/var/run'"]),
        ("tmpfs: ['/run/:size=64m,exec']", ["'/run/:size=64m,exec'"]),
        # Its entrypoint is root's, which makes no folder, whoever may write there.
        ("tmpfs: ['/run:mode=1777']", ["'/run:mode=1777'"]),
        ("volumes: [{type: tmpfs, target: /run}]", ["{type: tmpfs, target: /run}"]),
        ("tmpfs: ['/run:${OPTIONS}']", []),
        ("tmpfs: ['${PLACE}']", []),
        ("volumes: [{type: tmpfs, target: '${PLACE}'}]", []),
        # The folder itself is enough.
        ("tmpfs: [/run/mysqld]", []),
        ("tmpfs: [/run/mysqld/more]", []),
        ("tmpfs: [/run/mysql]", []),
        ("tmpfs: [/tmp, /run/secrets]", []),
        # A new volume gets what the image has.
        ("volumes: ['run:/run']", []),
    ],
)
def test_a_tmpfs_above_a_folder_hides_it(found: Found, body: str, marked: list[str]) -> None:
    assert marks(found, "mariadb:11.8", body) == marked


@pytest.mark.parametrize(
    ("more", "hides"),
    [
        ("volumes: ['sockets:/run/mysqld']", False),
        ("volumes: ['./sockets:/var/run/mysqld']", False),
        # Docker makes the folder for what is mounted in it.
        ("volumes: ['./key:/run/mysqld/key']", False),
        ("volumes: ['sockets:${PLACE}']", False),
        ("volumes: ['sockets:/run/${PLACE}']", False),
        ("volumes_from: [other]", False),
        ("volumes: ['data:/var/lib/mysql']", True),
        ("volumes: ['other:/run/other']", True),
        ("secrets: [password]", True),
        # Another command, or another place for the socket.
        ("command: [bash]", False),
        ("entrypoint: [/start]", False),
        ("command: ['--socket=/tmp/my.sock']", False),
        ("command: ['${FLAGS}']", False),
        ("volumes: ['./my.cnf:/etc/mysql/conf.d/my.cnf:ro']", False),
        ("command: ['--max-connections=9']", True),
        ("user: '999:999'", True),
    ],
)
def test_other_mounts_and_commands_decide(found: Found, more: str, hides: bool) -> None:
    marked = marks(found, "mariadb:11.8", f"tmpfs: [/run], {more}")
    assert marked == (["/run"] if hides else [])


def test_two_tmpfs_that_restore_the_folder_are_silent(found: Found) -> None:
    assert marks(found, "mariadb:11.8", "tmpfs: [/run, '/run/mysqld:mode=1777']") == []


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("tmpfs: [/var/cache]", ["/var/cache"]),
        ("tmpfs: [/var/cache/nginx, /run, /var/log/nginx]", []),
        ("tmpfs: [/etc/nginx]", ["/etc/nginx"]),
        ("tmpfs: [/etc/nginx], command: [nginx, -c, /my.conf]", []),
        ("tmpfs: [/etc/nginx], volumes: ['./n.conf:/etc/nginx/nginx.conf']", []),
        ("tmpfs: [/etc/nginx], volumes: ['./sites:/etc/nginx/conf.d']", ["/etc/nginx"]),
        ("tmpfs: [/etc/nginx/conf.d]", ["/etc/nginx/conf.d"]),
        ("tmpfs: [/etc/nginx/conf.d], volumes: ['./a:/etc/nginx/templates']", []),
        ("tmpfs: [/etc/nginx/conf.d], volumes: ['./a.sh:/docker-entrypoint.d/a.sh']", []),
        ("tmpfs: [/etc/nginx/conf.d], volumes: ['./a:/etc/nginx/conf.d/a.conf']", ["/etc/nginx/conf.d"]),
        ("tmpfs: [/usr/share/nginx/html]", ["/usr/share/nginx/html"]),
        ("tmpfs: [/usr/share/nginx/html], volumes: ['./a:/etc/nginx/conf.d']", []),
        ("tmpfs: [/var/log], volumes: ['./n.conf:/etc/nginx/nginx.conf']", []),
    ],
)  # fmt: skip
def test_a_custom_configuration_can_have_other_needs(
    found: Found, body: str, marked: list[str]
) -> None:
    assert marks(found, "nginx:1.29", body) == marked


@pytest.mark.parametrize(
    ("image", "body", "hides"),
    [
        ("postgres:18", "", False),
        ("postgres:18", "user: '999:999'", True),
        ("postgres:18", "user: '${WHO}'", False),
        ("postgres:18", "user: '999', command: [-c, unix_socket_directories=/tmp]", False),
        ("mysql:9", "", False),
        ("php:8.4-apache", "", False),
        ("example/mariadb:11", "", False),
    ],
)  # fmt: skip
def test_a_folder_created_by_the_entrypoint_is_silent(
    found: Found, image: str, body: str, hides: bool
) -> None:
    marked = marks(found, image, f"tmpfs: [/run], {body}")
    assert marked == (["/run"] if hides else [])


def test_an_entrypoint_creates_folders_where_its_user_can_write(found: Found) -> None:
    for tmpfs in ("'/run:mode=1777'", "'/run:uid=999'"):
        body = f"user: '999:999', tmpfs: [{tmpfs}]"
        assert marks(found, "postgres:18", body) == []
    body = "user: '999', volumes: [{type: tmpfs, target: /run, tmpfs: {mode: 0777}}]"
    assert marks(found, "postgres:18", body) == []


def test_a_built_image_can_keep_the_folder_elsewhere(found: Found) -> None:
    files = {
        "compose.yaml": "services: {s: {build: ., tmpfs: [/run]}}\n",
        "Dockerfile": "FROM mariadb:11.8\nCOPY my.cnf /etc/mysql/conf.d/\n",
    }
    assert found(files, tmpfs_hides_image_content) == []


def test_the_message_names_all_that_is_hidden_and_the_first_reason(judge: Judge) -> None:
    text = service("nginx:1.29", "tmpfs: [/var]")
    [one] = judge(text, [tmpfs_hides_image_content])
    assert one.finding.message == (
        "the `tmpfs` hides `/var/log/nginx`, `/var/cache/nginx` of the image of service"
        " `s`: nginx opens its logs there before it starts"
    )


@pytest.mark.parametrize(
    ("image", "before", "after"),
    [
        ("mariadb:11", "tmpfs: /run", "tmpfs: /run/mysqld:mode=1777"),
        ("mariadb:11", "tmpfs: [/run, /x]", "tmpfs: [/run/mysqld:mode=1777, /x]"),
        ("nginx", "tmpfs: [/run, /var/log]", "tmpfs: [/run]"),
        ("nginx", "read_only: true, tmpfs: [/run, /var/cache]", "read_only: true, tmpfs: [/run, /var/cache/nginx]"),
        ("mariadb:11", "volumes: [{type: tmpfs, target: /run}, 'a:/a']", "volumes: ['a:/a']"),
        ("tomcat:11", "read_only: false, tmpfs: [/x, /usr/local/tomcat/conf]", "read_only: false, tmpfs: [/x]"),
    ],
)  # fmt: skip
def test_the_fix_leaves_a_tmpfs_where_the_image_writes(
    fixed: Fixed, judge: Judge, image: str, before: str, after: str
) -> None:
    left = fixed(service(image, before), tmpfs_hides_image_content)
    assert after in left
    assert "/run/mysqld" in left or not image.startswith("mariadb")
    rules = [tmpfs_hides_image_content, read_only_without_writable_path]
    assert judge(left, rules) == []


@pytest.mark.parametrize(
    "body",
    [
        # What Tomcat writes is not known.
        "image: 'tomcat:11', read_only: true, tmpfs: [/usr/local/tomcat/conf]",
        # The settings have to stay in a volume.
        "image: 'cassandra:5', read_only: true, tmpfs: [/etc/cassandra]",
    ],
)
def test_no_fix_where_the_writable_paths_are_unknown(judge: Judge, body: str) -> None:
    [one] = judge(f"services: {{s: {{{body}}}}}\n", [tmpfs_hides_image_content])
    assert one.finding.fix is None


def test_no_fix_of_what_services_share(judge: Judge) -> None:
    text = (
        "services:\n  a: &a\n    image: mariadb:11\n    tmpfs: [/run]\n"
        "  b:\n    <<: *a\n    image: example/other\n"
    )
    [one] = judge(text, [tmpfs_hides_image_content])
    assert one.finding.fix is None
