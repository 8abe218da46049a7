"""The rules about an image's file system, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.dockerfile.filesystem.docker_socket_volume import (
    docker_socket_volume,
)
from tightship.rules.dockerfile.filesystem.setuid_file_created import (
    setuid_file_created,
)
from tightship.rules.dockerfile.filesystem.world_writable_path import (
    world_writable_path,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = rules_of("dockerfile", "filesystem")


def image(body: str) -> dict[str, str]:
    return {"Dockerfile": f"FROM debian:13\n{body}\n"}


@pytest.mark.parametrize(
    "body",
    [
        "RUN chmod «777» /app",
        "RUN chmod -R «a+w» /app",
        "RUN chmod «0777» -R /app",
        "RUN chmod -Rv «go+rwX» -- /app",
        "RUN /bin/chmod --recursive «666» /app",
        "RUN sudo -n env X=1 chmod «o=rwx» /app",
        'RUN ["chmod", "«777»", "/app"]',
        "RUN bash -c 'chmod «777» /app'",
        "RUN <<EOF\nset -e\nchmod «777» /app\nEOF",
        "ONBUILD RUN chmod «777» /app",
        "RUN find /app -type f -exec chmod «666» {} \\; -o -type d -exec chmod 755 {} +",
        "RUN ls /app | xargs -n 1 chmod «777»",
        "RUN mkdir -pm «777» /app && mkdir --mode=«0777» /b",
        "RUN install -dm«777» /app && install -m «666» a b /c",
        'RUN chmod «777» "$APP_HOME" && rm -rf /app',
        "RUN chmod «777» /a /b && rm /a",
        "RUN if true; then chmod «777» /app; fi",
        "RUN umask «0»; touch /app/x",
        "RUN umask «u=rwx,g=rwx,o=rwx» && touch /app/x",
        "COPY --chmod=«777» a /app/",
        "ADD --chmod=«a+w» https://example.com/x /app/",
        "ARG MODE=0666\nCOPY --link --chmod=«$MODE» a /app/",
    ],
)
def test_everybody_may_write(body: str, found: Found) -> None:
    plain = body.replace("«", "").replace("»", "")
    marked = [part.partition("»")[0] for part in body.split("«")[1:]]
    assert found(image(plain), world_writable_path) == [("warning", m) for m in marked]


@pytest.mark.parametrize(
    "body",
    [
        "RUN chmod 1777 /tmp && chmod a+rwx,o+t /var/tmp",
        "RUN chmod 755 /777 && chmod +x 777 && chmod a+rX /app",
        "RUN chmod -x 777",
        "RUN chmod --reference=/a 777",
        "RUN chmod $MODE /app && chmod 7$X /app && chmod",
        "RUN echo chmod 777 /app && : 'chmod 777 /app'",
        "RUN chmod 777 /tmp/a.sh && /tmp/a.sh && rm -f /tmp/a.sh",
        "RUN install -o 777 -g 777 a /b && mkdir 777 && install -m a b",
        "RUN umask 022 && touch /x && umask && umask 0007",
        "RUN umask 000",
        "CMD chmod 777 /app",
        "COPY --chmod=755 a /app/",
        "COPY --chown=777:777 a /app/",
        "ARG MODE\nCOPY --chmod=$MODE a /app/",
        'SHELL ["pwsh", "-c"]\nRUN chmod 777 /app',
        "# RUN chmod 777 /app",
    ],
)
def test_not_everybody_surely_may_write(body: str, found: Found) -> None:
    assert found(image(body), world_writable_path) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("RUN chmod 777 /a", "`chmod 777` lets every user write to `/a`"),
        (
            "RUN chmod -R 777 /a/ /b //c",
            "`chmod 777` lets every user write to all below `/a` and 2 more",
        ),
        (
            "ARG M=666\nCOPY --chmod=$M a /b",
            "`COPY --chmod=666` lets every user write to `/b`, with the default of"
            " `ARG M`",
        ),
        ("RUN chmod 777 $X", "`chmod 777` lets every user write to what it is given"),
    ],
)
def test_messages_say_what_can_be_written_to(
    body: str, message: str, judge: Judge
) -> None:
    [one] = judge(image(body), [world_writable_path])
    assert one.finding.message == message


@pytest.mark.parametrize(
    ("body", "marks"),
    [
        ("RUN chmod u+s /opt/x", ["u+s"]),
        ("RUN chmod -R ug+s /opt/x", ["ug+s"]),
        ("RUN chmod 04755 /opt/x && chmod 755 /opt/y", ["04755"]),
        ("RUN chmod g+s /usr/bin/x /usr/local/sbin/y", ["g+s"]),
        ("RUN install -o root -m 2755 a /opt/b", ["2755"]),
        ("COPY --chmod=6755 a /opt/b", ["6755"]),
        ("RUN setcap -q 'cap_net_raw=+ep' /x cap_chown=eip /y", None),
        ("RUN setcap cap_net_bind_service=+ep /usr/bin/node", None),
    ],
)
def test_rights_beyond_those_of_the_user(
    body: str, marks: list[str] | None, found: Found
) -> None:
    wanted = marks or [word for word in body.split() if "cap_" in word]
    assert found(image(body), setuid_file_created) == [("info", m) for m in wanted]


@pytest.mark.parametrize(
    "body",
    [
        "RUN chmod 2775 /srv/x && chmod g+s /srv && chmod -R 2755 /usr/bin",
        "RUN mkdir -m 6775 /srv/x && install -d -m 4755 /srv/y",
        "RUN chmod u-s,g-s /usr/bin/su && chmod a-s /bin/ping && chmod u=rwx /x",
        "RUN setcap -r /usr/bin/ping && setcap -v cap_net_raw+ep /x && setcap = /y",
        "COPY --chmod=2755 a /srv/",
        "RUN chmod +t /srv && chmod o+s /x && chmod 1755 /y",
        "RUN chmod 4755 /tmp/x && /tmp/x && rm /tmp/x",
    ],
)
def test_no_rights_beyond_those_of_the_user(body: str, found: Found) -> None:
    assert found(image(body), setuid_file_created) == []


@pytest.mark.parametrize(
    "path",
    [
        "/var/run/docker.sock",
        "/run/docker.sock",
        "//run/./docker.sock",
        "/host/docker.sock",
        "/run/podman",
        "/run/user/1000/docker.sock",
        "/run/containerd/containerd.sock",
        "/var/run/crio/crio.sock",
    ],
)
def test_a_socket_as_a_volume(path: str, found: Found) -> None:
    assert found(image(f"VOLUME {path}"), docker_socket_volume) == [("warning", path)]


@pytest.mark.parametrize(
    "path",
    [
        "/run",
        "/var/run",
        "/run/dbus",
        "/run/systemd",
        "/var/run/postgresql",
        "/var/lib/docker",
        "/",
        "docker.sock",
        "/data/app.sock",
        "$SOCKET",
        "/etc/docker.sock.d",
    ],
)
def test_a_volume_without_a_socket(path: str, found: Found) -> None:
    assert found(image(f"VOLUME {path}"), docker_socket_volume) == []


def test_hostile_files_are_judged_in_time(judge: Judge) -> None:
    lines = [
        "RUN chmod 777" + " /a" * 20_000,
        "RUN find /" + " -exec chmod 777" * 5_000,
        "RUN " + " && ".join(["chmod 777 /x", "rm /y"] * 2_000),
        "RUN chmod " + "u+s," * 20_000 + " /x",
        "VOLUME" + " /a/b/docker.sock" * 2_000,
    ]
    assert len(judge(image("\n".join(lines)), RULES)) > 4_000
