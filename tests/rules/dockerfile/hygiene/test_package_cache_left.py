"""The rule `package-cache-left`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, image, places

from tightship.rules.dockerfile.hygiene.package_cache_left import package_cache_left

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "apt-get «update» && apt-get install -y a",
        "apk «add» a",
        "apk update && apk «add» a",
        "yum «install» -y a",
        "dnf «install» -y a",
        "microdnf «install» -y a",
        "zypper «in» -y a",
        "pip «install» a",
        "python3 -m pip «install» a",
        "yarn «install» --frozen-lockfile",
        "--mount=type=cache,target=/x pip «install» a",
        "yum clean all && yum «install» -y x-1",
        "dnf «install» -y httpd-2 && make clean",
        "dnf «in» -y httpd",
        "dnf «up» -y",
        "dnf «rei» -y httpd",
        "dnf module «install» -y nodejs:20",
        "apt-get «update» # /var/lib/apt",
        "apk add --no-cache py3-pip=1 && pip «install» flask==1",
        "yarn «add» a",
        "npm «ci»",
        "pacman «-Sy» --noconfirm a",
        "composer «install»",
        "--mount=type=cache,target=/var/cache/apt apt-get «update» && apt-get install -y a",
        "--mount=type=cache,target=/var/lib/apt rm -f /etc/apt/apt.conf.d/docker-clean;"
        " apt-get update && apt-get «install» -y a",
        "rm /etc/apt/apt.conf.d/docker-clean; apt-get update; apt-get «install» -y a;"
        " rm -r /var/lib/apt/lists",
        "--mount=type=cache,target=/var/cache/dnf apk «add» a",
    ],
)
def test_remaining_caches(found: Found, script: str) -> None:
    plain = script.replace("«", "").replace("»", "")
    marked = script[script.index("«") + 1 : script.index("»")]
    assert found(image(f"RUN {plain}"), package_cache_left) == [("info", marked)]


@pytest.mark.parametrize(
    "steps",
    [
        "RUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/*",
        "RUN --mount=type=cache,target=/var/lib/apt apt-get update",
        "RUN apt-get install -y a",
        "RUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update; apt-get install -y a",
        "RUN echo x > /etc/apt/apt.conf.d/docker-clean; apt-get install -y a",
        "RUN rm /etc/apt/apt.conf.d/docker-clean; apt-get install -y a; apt-get clean",
        "RUN --mount=type=cache,target=/var/cache/apt rm /etc/apt/apt.conf.d/docker-clean;"
        " apt-get install -y a",
        "RUN --mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt"
        " apt-get update && apt-get install -y a",
        "ARG C\nRUN --mount=type=cache,target=$C pip install a",
        "RUN --mount=type=tmpfs,target=/var/cache dnf install -y a",
        "RUN go install e.com/a@v1 && uv pip install a && conda install a",
        "RUN apk add --no-cache a",
        "RUN apk add a && rm -rf /var/cache/apk/*",
        "RUN dnf install -y a && dnf clean all",
        "RUN yum install -y a && rm -rf /var/cache/yum",
        "RUN --mount=type=cache,target=/var/cache/dnf dnf install -y a",
        "RUN zypper in -y a && zypper cc",
        "RUN pip install --no-cache-dir a",
        "RUN pip --no-cache-dir install a",
        "RUN PIP_NO_CACHE_DIR=1 pip install a",
        "ENV PIP_NO_CACHE_DIR=1\nRUN pip install a",
        # pip switches the cache off by any valid value (_internal/cli/cmdoptions.py).
        "ENV PIP_NO_CACHE_DIR=0\nRUN pip install a",
        "RUN --mount=type=cache,target=/root/.cache pip install a",
        "RUN yarn install && yarn cache clean",
        "RUN yarn build",
        "RUN yarn --version",
    ],
)
def test_commands_that_leave_no_cache(found: Found, steps: str) -> None:
    assert found(image(steps), package_cache_left) == []


def test_a_discarded_stage_is_silent(found: Found) -> None:
    text = "FROM a:1 AS b\nRUN pip install a\nFROM c:1\nCOPY --from=b /x /x\n"
    assert places(found, text, package_cache_left) == []


def test_a_setting_of_a_base_stage_holds(found: Found) -> None:
    text = (
        "FROM a:1 AS b\nRUN rm /etc/apt/apt.conf.d/docker-clean\nFROM b\nRUN apt-get install -y a\n"
    )
    assert places(found, text, package_cache_left) == [("info", "install")]


def test_one_finding_for_each_kind(found: Found) -> None:
    steps = "RUN pip install a && pip install b && apk add c"
    assert [text for _, text in found(image(steps), package_cache_left)] == ["install", "add"]


def test_the_fix_adds_a_flag_if_one_exists(judge: Judge) -> None:
    text = after_fixes(judge, image("RUN apk add a"), package_cache_left)
    assert text == image("RUN apk add --no-cache a")["Dockerfile"]
    text = image('RUN ["apk", "add", "a"]')["Dockerfile"]
    assert after_fixes(judge, text, package_cache_left) == text


@pytest.mark.parametrize(
    ("script", "ids"),
    [
        ("apt-get update", {"DL3009", "kics:df746b39"}),
        ("yum install -y a", {"DL3032", "trivy:DS-0015"}),
        ("microdnf install a", {"DL3040", "trivy:DS-0027"}),
        ("pip3 install a", {"DL3042", "kics:f2f903fb"}),
        ("npm ci", set[str]()),
    ],
)
def test_the_ids_of_other_linters_for_one_program(judge: Judge, script: str, ids: set[str]) -> None:
    [one] = judge(image(f"RUN {script}"), [package_cache_left])
    known = {*(one.finding.known_as or ())}
    assert ids <= known
    assert {name for name in known if name.startswith("DL")} <= ids
