"""What a build makes with commands, and what of it a mount keeps or hides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.isolation.patches import TEMPORARY, items, patched

if TYPE_CHECKING:
    from tests.conftest import Judge

FROM = "FROM python:3.13\nWORKDIR /app\nCOPY a .\n"
LAST = 'USER app\nCMD ["python", "a"]\n'
USER = "RUN useradd -M app\n"


def mounts(judge: Judge, steps: str, body: str = "") -> tuple[list[str], list[str]] | None:
    """Return the tmpfs and the volumes of the fix."""
    added = patched(judge, f"{FROM}{steps}{LAST}", body)
    if added is None:
        return None
    volumes = re.findall(r"s-[\w-]+:(/[\w/]+)", added)
    return [one for one in items(added) if one not in volumes], volumes


@pytest.mark.parametrize(
    ("steps", "volumes"),
    [
        ("RUN mkdir /data && chown app /data\n", ["/data"]),
        ("RUN mkdir -p /data/a /data/b\nRUN chown -R app:app /data\n", ["/data"]),
        ("RUN install -d -o app -g app /data\n", ["/data"]),
        ("RUN install -d -m 700 -o app /data /cache\n", ["/data", "/cache"]),
        ("RUN mkdir data && mkdir /app/data && chown app /app/data\n", ["/app/data"]),
        ("RUN mkdir /data && rm -rf /data/x && chown app /data\nWORKDIR /data\n", ["/data"]),
        # Root's folder is no place to write to.
        ("RUN mkdir /data\n", []),
        ("RUN install -d /data\n", []),
    ],
)
def test_an_empty_folder_of_the_user_becomes_a_volume(
    judge: Judge, steps: str, volumes: list[str]
) -> None:
    assert mounts(judge, USER + steps) == (TEMPORARY, volumes)


@pytest.mark.parametrize(
    "steps",
    [
        # A volume would keep what the build puts there, and hide what a later one does.
        "COPY a /data/a\nRUN chown -R app /data\n",
        "RUN mkdir /data && chown app /data\nCOPY a /data/\n",
        "RUN mkdir /data && cp /etc/hosts /data/hosts && chown -R app /data\n",
        "RUN mkdir /data && echo a >/data/b && chown -R app /data\n",
        "RUN chown app /app\n",
        "RUN mkdir -p /app && chown app /app\n",
        # It may be there before.
        "RUN chown app /var/lib/a\n",
        "RUN install -d -m 1777 /data\n",
        "RUN install -d -o app data\n",
        "RUN install -o app a /data\n",
        # The context has such a folder.
        "RUN mkdir -p /app/x/b && chown app /app/x/b\nCOPY . /app/x/b\n",
    ],
)
def test_a_folder_with_content_stays_unknown(judge: Judge, steps: str) -> None:
    assert mounts(judge, USER + steps) is None


def test_what_the_context_has_may_be_in_a_folder(judge: Judge) -> None:
    made = "COPY . /srv\nRUN mkdir -p /srv/{} && chown app /srv/{}\n"
    assert mounts(judge, USER + made.format("data", "data")) == (TEMPORARY, ["/srv/data"])
    # It is a file of the project.
    assert mounts(judge, USER + made.format("a", "a")) is None


def test_a_folder_for_pids_is_made_again(judge: Judge) -> None:
    found = mounts(judge, f"{USER}RUN mkdir -p /srv/pids && chown app /srv/pids\n")
    assert found == ([*TEMPORARY, "/srv/pids:exec,mode=1777"], [])
    # A tmpfs would hide the folder in it.
    assert mounts(judge, f"{USER}RUN mkdir -p /srv/tmp/a && chown -R app /srv/tmp\n") is None


@pytest.mark.parametrize("body", ["    scale: 2\n", "    deploy: {replicas: 3}\n"])
def test_several_containers_share_no_new_volume(judge: Judge, body: str) -> None:
    assert mounts(judge, f"{USER}RUN mkdir /data && chown app /data\n", body) is None


def test_a_folder_in_run_is_made_again(judge: Judge) -> None:
    found = mounts(judge, f"{USER}RUN mkdir /var/run/a && chown app /var/run/a\n")
    assert found == ([*TEMPORARY, "/run/a:mode=1777"], [])


@pytest.mark.parametrize(
    ("steps", "known"),
    [
        ("RUN mkdir /tmp/metrics\n", False),
        ("RUN curl -o /tmp/model https://example.com/model\n", False),
        ("RUN echo a >/home/app/.conf\n", False),
        ("RUN curl -o /tmp/a https://example.com/a && rm /tmp/a\n", True),
        ("RUN curl -o /tmp/a/b https://example.com/a && rm -rf /tmp/*\n", True),
        ("RUN curl -o /tmp/a https://example.com/a && rm /tmp/b\n", False),
    ],
)
def test_a_tmpfs_hides_what_commands_leave(judge: Judge, steps: str, known: bool) -> None:
    found = mounts(judge, f"RUN useradd -m app\n{steps}")
    assert (found is not None) is known


@pytest.mark.parametrize(
    ("dockerfile", "paths"),
    [
        ("FROM eclipse-temurin:21\nUSER 10001\n", TEMPORARY),
        ("FROM almalinux:9\nRUN useradd app\nUSER app\n", [*TEMPORARY, "/home/app"]),
        ("FROM mcr.microsoft.com/dotnet/aspnet:9.0\nUSER $APP_UID\n", [*TEMPORARY, "/home/app"]),
        ("FROM mcr.microsoft.com/dotnet/aspnet:9.0\nUSER 1654\n", [*TEMPORARY, "/home/app"]),
        # Ubuntu has an account of this number.
        ("FROM eclipse-temurin:21\nUSER 1000\n", None),
        ("FROM mcr.microsoft.com/dotnet/aspnet:9.0\nARG APP_UID=0\nUSER $APP_UID\n", None),
        ("FROM python:3.13\nUSER $APP_UID\n", None),
    ],
)
def test_the_accounts_of_a_base_image_are_known(
    judge: Judge, dockerfile: str, paths: list[str] | None
) -> None:
    added = patched(judge, f'{dockerfile}CMD ["/a"]\n')
    found = None if added is None else [one.partition(":")[0] for one in items(added)]
    assert found == (None if paths is None else [one.partition(":")[0] for one in paths])
