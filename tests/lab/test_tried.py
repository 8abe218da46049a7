"""A trial finds what services need that no table knows, and keeps what nothing exercised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.lab.transcripts import IMAGES
from tests.lab.tried import tried, written

if TYPE_CHECKING:
    from tests.lab.engine import Engine

STEPS_DOWN = r"""
FROM lab/busybox:1
RUN mkdir -p /var/cache/shop /www /etc /run && echo works >/www/index.html \
    && printf 'root:x:0:0::/:/bin/sh\nwww:x:33:33::/:/bin/sh\n' >/etc/passwd \
    && printf 'root:x:0:\nwww:x:33:\n' >/etc/group
EXPOSE 80
CMD ["sh", "-ec", "mkdir -p /var/cache/shop/a; chown 33 /var/cache/shop/a; echo 1 >/run/shop.pid; \
    exec httpd -f -p 80 -h /www -u 33:33"]
"""
WAITS = r"""
FROM lab/busybox:1
RUN mkdir -p /var/spool/cron/crontabs
CMD ["crond", "-f"]
"""
CALLS = r"""
FROM lab/busybox:1
RUN cp /bin/busybox /usr/bin/ping 2>/dev/null || (mkdir -p /usr/bin && cp /bin/busybox /usr/bin/ping); \
    chmod 4755 /usr/bin/ping
EXPOSE 8080
USER 1000
CMD ["httpd", "-f", "-p", "8080"]
"""
TAKES_FILES = r"""
FROM lab/busybox:1
RUN mkdir -p /app/uploads && echo works >/app/index.html
WORKDIR /app
EXPOSE 80
CMD ["httpd", "-f", "-p", "80"]
"""
ENDS = 'FROM lab/busybox:1\nCMD ["sh", "-c", "echo done >/tmp/result"]\n'
FAILS = 'FROM lab/busybox:1\nCMD ["sh", "-c", "echo no database; exit 3"]\n'
SERVICES = {
    "web": STEPS_DOWN,
    "jobs": WAITS,
    "monitor": CALLS,
    "files": TAKES_FILES,
    "migrate": ENDS,
    "broken": FAILS,
}
PROBE = "[ -n $PORT_WEB_80 ]"


@pytest.fixture(scope="module")
def found(running: Engine) -> dict[str, dict[str, Any]]:
    if not running.own:
        pytest.skip("a trial is in the network of an engine of the lab's own")
    assert IMAGES["busybox"] == "lab/busybox:1"
    text = "services:\n"
    for name, dockerfile in SERVICES.items():
        image = f"registry.example/shop/{name}:1"
        running.docker("build", "-q", "-t", image, "-", stdin=dockerfile.encode())
        text += f"  {name}:\n    image: {image}\n"
    text = text.replace(
        "    image: registry.example/shop/web:1\n",
        "    image: registry.example/shop/web:1\n    ports: ['80']\n",
    )
    file = written(running, "shop", text)
    return {one["service"]: one for one in tried(running, [file], PROBE)}


def test_root_that_steps_down_keeps_what_it_uses_and_no_more(
    found: dict[str, dict[str, Any]],
) -> None:
    keys = found["web"]["hardening"]
    assert keys["cap_add"] == ["CHOWN", "SETGID", "SETUID"]
    assert keys["read_only"]
    assert {"/run", "/tmp", "/var/cache/shop"} <= {one.partition(":")[0] for one in keys["tmpfs"]}
    assert keys["security_opt"] == ["no-new-privileges:true"]
    assert any("HTTP 200" in one for one in found["web"]["exercised"])
    assert f"`{PROBE}`" in found["web"]["exercised"]
    assert f"`{PROBE}`" not in found["jobs"]["exercised"]


def test_cron_keeps_what_its_jobs_use(found: dict[str, dict[str, Any]]) -> None:
    assert found["jobs"]["hardening"]["cap_add"] == ["SETGID", "SETUID"]
    assert len(found["jobs"]["kept"]) == 3  # and its spool folder


def test_ping_of_a_user_keeps_its_privilege(found: dict[str, dict[str, Any]]) -> None:
    keys = found["monitor"]["hardening"]
    assert keys["cap_add"] == ["NET_RAW"]
    assert "security_opt" not in keys
    assert "ping" in found["monitor"]["left"]["setuid programs"]


def test_a_folder_for_uploads_stays_writable(found: dict[str, dict[str, Any]]) -> None:
    keys = found["files"]["hardening"]
    assert keys["cap_add"] == []
    assert [one["target"] for one in keys["volumes"]] == ["/app/uploads"]
    assert "/app/uploads" in found["files"]["kept"][0]


def test_each_service_has_the_word_of_its_exercise(found: dict[str, dict[str, Any]]) -> None:
    words = {name: {*one["words"].values()} for name, one in found.items()}
    # The probe asks nothing, and what runs to its end has done its work.
    assert words == {
        "web": {"answers"},
        "jobs": {"starts"},
        "monitor": {"answers"},
        "files": {"answers"},
        "migrate": {"used"},
        "broken": set(),
    }


def test_a_job_ends_as_before(found: dict[str, dict[str, Any]]) -> None:
    assert found["migrate"]["hardening"]["read_only"]
    assert found["migrate"]["why"] == ""


def test_what_does_not_work_plain_is_not_judged(found: dict[str, dict[str, Any]]) -> None:
    assert found["broken"]["hardening"] == {}
    assert "no database" in found["broken"]["why"]


def test_three_starts_are_enough_for_all(found: dict[str, dict[str, Any]]) -> None:
    assert {one["starts"] for one in found.values()} == {3}
