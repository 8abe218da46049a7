"""Who an image's processes run as, by its Dockerfile."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.variable import Variable
from tightship.images.index import FILES
from tightship.images.lookup import find, load
from tightship.isolation import base_image
from tightship.isolation.accounts import could_create
from tightship.isolation.user import ImageUser, image_user, steps_down
from tightship.syntax.dockerfile.read import read
from tightship.text import Source
from tightship.values import image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.images.facts import StepDown


def build(text: str, **passed: str | None) -> Build:
    given = {name: Variable(name, text, "given") for name, text in passed.items()}
    return Build(read(Source("Dockerfile", dedent(text).lstrip("\n"))), given)


def user_of(text: str, **passed: str | None) -> ImageUser:
    return image_user(build(text, **passed).stages[-1])


@pytest.mark.parametrize(
    "written",
    [
        "root",
        "0",
        "00",
        "+0",
        "root:x",
        "0:1000",
        '"root"',
        "'0'",
        "ro\\ot",
        "${U:-root}",
        "${UNSET}",
        "${UNSET:-}root",
        ":1000",
        '""',
        "root:${GROUP}",
        "ContainerAdministrator",
        "containeradministrator",
    ],
)
def test_root_in_every_spelling(written: str) -> None:
    made = user_of(f"FROM scratch\nUSER app\nUSER {written}\n")
    assert made.is_root is True
    assert made.span.text == written


@pytest.mark.parametrize(
    "written", ["app", "1000", "1000:0", "app:root", "Root", "rooty", "10", "${U:-app}", "0x0"]
)
def test_other_users_are_surely_not_root(written: str) -> None:
    made = user_of(f"FROM scratch\nUSER root\nUSER {written}\n")
    assert made.is_root is False
    assert made.span.text == written


@pytest.mark.parametrize("written", ["${U}", "$U:0", "a${U}", '"root', "${U:bad}"])
def test_undecided_users_are_neither(written: str) -> None:
    assert user_of(f"FROM debian\nARG U\nUSER {written}\n").is_root is None


def test_a_default_counts_unless_another_value_is_passed() -> None:
    text = "FROM debian\nARG U=root\nUSER $U\n"
    assert user_of(text).is_root is True
    assert user_of(text, U="app").is_root is False
    assert user_of(text, U=None).is_root is True  # as long as its variable is unset
    assert user_of(text.replace("root", "app"), U=None).is_root is None


def test_a_global_argument_counts_only_if_declared_in_the_stage() -> None:
    without = user_of("ARG U=app\nFROM scratch\nUSER $U\n")
    assert without.is_root is True, "the text is empty, and that is root"
    assert user_of("ARG U=app\nFROM scratch\nARG U\nUSER $U\n").is_root is False


def test_the_user_of_a_base_stage_is_inherited() -> None:
    made = user_of("FROM debian AS a\nUSER root\nFROM a AS b\nFROM B\nRUN true\n")
    assert made.is_root is True
    assert made.value is not None
    assert made.value.text == "root"


def test_the_user_of_a_stage_that_is_only_copied_from_is_not() -> None:
    text = "FROM debian AS a\nUSER app\nFROM debian\nCOPY --from=a /x /x\n"
    assert user_of(text).is_root is True
    assert user_of(text).value is None


def test_triggers_count_for_the_next_stage_only() -> None:
    text = "FROM debian AS a\nUSER app\nONBUILD USER root\n"
    assert user_of(text).is_root is False
    assert user_of(text + "FROM a AS b\n").is_root is True
    assert user_of(text + "FROM a AS b\nUSER app\nFROM b\n").is_root is False
    assert user_of(text + "FROM a AS b\nFROM b\n").is_root is True


def test_triggers_see_the_variables_of_the_next_stage() -> None:
    text = "FROM debian AS a\nARG U=root\nONBUILD USER $U\nFROM a\n"
    assert user_of(text).is_root is None


@pytest.mark.parametrize(
    "step",
    [
        "useradd -o -u 0 app",
        "adduser -D -u0 app",
        "usermod -ou 0 app",
        "echo app:x:0:0 >> /etc/passwd",
        "printf 'a:x:5:5::/:\\napp:x:0:0::/:/bin/sh\\n' >>/etc/passwd",
        "echo app:x:0:0::/: | tee -a /etc/passwd",
        "sh -c 'useradd --non-unique --uid=0 app'",
    ],
)
def test_a_name_that_is_given_the_id_of_root_is_root(step: str) -> None:
    assert user_of(f"FROM debian\nRUN {step}\nUSER app:app\n").is_root is True
    other = step.replace("0", "10")
    assert user_of(f"FROM debian\nRUN {other}\nUSER app\n").is_root is False
    assert user_of(f"FROM debian\nRUN {step}\nUSER web\n").is_root is False


def test_toor_and_a_file_of_accounts_in_the_dockerfile_are_root() -> None:
    assert user_of("FROM debian\nRUN useradd -ou0 -g0 toor\nUSER toor\n").is_root is True
    assert user_of("FROM debian\nUSER toor\n").is_root is None
    text = "FROM debian\nCOPY <<E /etc/passwd\napp:x:0:0::/:\nweb:x:10:0::/:\nE\nUSER {}\n"
    assert user_of(text.format("app")).is_root is True
    assert user_of(text.format("web")).is_root is False


@pytest.mark.parametrize(
    ("argument", "user", "is_root"),
    [
        ("ARG U\n", "${U:-root}", True),
        ("ARG U\n", "${U:-0}:${U:-0}", True),
        ("ARG U\n", "0${U}", True),
        ("ARG U\n", "${U:-1000}", None),
        ("ARG U\n", "${U}", None),
        ("ARG U=1000\n", "${U:-root}", False),
        ("", "${U:-${V}}", None),
    ],
)
def test_a_user_is_judged_without_the_arguments_that_have_no_value(
    argument: str, user: str, is_root: bool | None
) -> None:
    assert user_of(f"FROM debian\n{argument}USER {user}\n").is_root is is_root


def test_scratch_has_no_user_and_runs_as_root() -> None:
    made = user_of("FROM scratch\n")
    assert (made.is_root, made.span.text) == (True, "scratch")


@pytest.mark.parametrize(
    "base",
    [
        "python",
        "python:3.14-slim",
        "docker.io/library/python:3",
        "index.docker.io/python@sha256:0",
        "nginx:${TAG}",
    ],
)
def test_official_images_are_known_to_be_roots(base: str) -> None:
    made = user_of(f"ARG TAG\nFROM {base} AS a\nFROM a\n")
    assert made.is_root is True
    assert made.span.text == base


@pytest.mark.parametrize(
    "base",
    [
        "example.com/python",
        "nginxinc/nginx-unprivileged",
        "bitnami/python",
        "python:3-nonroot",
        "gcr.io/distroless/static:nonroot",
        "postgres:18",
        "haproxy",
        "${BASE}",
        "python${SUFFIX}",
        "${REGISTRY}python",
        "node/python",
    ],
)
def test_other_images_have_an_unknown_user(base: str) -> None:
    text = f"ARG BASE\nARG SUFFIX\nARG REGISTRY\nFROM {base}\nRUN true\n"
    assert user_of(text).is_root is None


@pytest.mark.parametrize(
    ("base", "is_root"),
    [
        ("wordpress", True),
        ("influxdb:1.8", True),
        # Its entrypoint starts as root, and the server is another user.
        ("influxdb:2.7", None),
        ("haproxy:2.2", True),
        ("haproxy:3.2", None),
        ("haproxy:${TAG}", None),
        ("haproxy@sha256:0", None),
        ("gradle:9", True),
        ("gradle:5", None),
    ],
)
def test_the_facts_about_an_image_decide_its_user(base: str, is_root: bool | None) -> None:
    assert user_of(f"ARG TAG\nFROM {base}\n").is_root is is_root


@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("haproxy:3.2", True),
        ("haproxy:${TAG}", True),
        ("haproxy:2.2", False),
        ("elasticsearch:9.1", True),
        ("elasticsearch:7.17", False),
        ("gradle:9", False),
        ("gradle:5", True),
        ("kibana", True),
        ("example.com/kibana", False),
        ("example.com/web", False),
        ("example.com/web:nonroot", True),
        ("debian", False),
    ],
)
def test_an_image_may_have_a_user_of_its_own(name: str, likely: bool) -> None:
    assert base_image.likely_sets_user(image.parse(name)) is likely


def test_a_name_in_a_list_is_no_fact_about_an_image() -> None:
    for name in base_image._STEPS_DOWN:
        found = find(image.parse(name))
        assert found is None or found.steps_down is None
    for name in base_image._SETS_USER - {"gradle"}:
        assert find(image.parse(name)) is None
    for name in base_image._FEW_USERS:
        assert base_image.runs_as_root(image.parse(f"{name}:1"))
    known = {f.by for f in _step_downs()}
    assert known >= base_image.WORKERS_ONLY


def _step_downs() -> Iterator[StepDown]:
    for name in FILES:
        yield from load(name).steps_down or ()


@pytest.mark.parametrize(
    "step",
    [
        'ENTRYPOINT ["gosu", "app", "/srv/app"]',
        'ENTRYPOINT ["tini", "--", "su-exec", "app:app", "/srv/app"]',
        "ENTRYPOINT exec gosu app /srv/app",
        'ENTRYPOINT ["setpriv", "--regid", "9", "--reuid=9", "--init-groups", "a"]',
        'ENTRYPOINT ["sh", "-c", "chown app /data && exec gosu app /srv/app"]',
        'CMD ["su", "-", "app", "-c", "/srv/app"]',
        'CMD ["runuser", "-u", "app", "--", "/srv/app"]',
        'CMD ["chpst", "-u", "app", "/srv/app"]',
    ],
)
def test_a_step_down_is_found(step: str) -> None:
    assert steps_down(build(f"FROM debian\n{step}\n").stages[-1])


@pytest.mark.parametrize(
    "step",
    [
        'ENTRYPOINT ["/docker-entrypoint.sh"]',
        'ENTRYPOINT ["gosu", "root", "/srv/app"]',
        'ENTRYPOINT ["gosu", "0", "/srv/app"]',
        'ENTRYPOINT ["gosu"]',
        "ENTRYPOINT gosu $APP_USER /srv/app",
        'CMD ["/srv/app", "gosu", "app"]',
        'CMD ["setpriv", "--no-new-privs", "/srv/app"]',
        'CMD ["su", "-c", "/srv/app"]',
        "RUN gosu app true",
        'ONBUILD ENTRYPOINT ["gosu", "app", "/srv/app"]',
    ],
)
def test_a_script_that_stays_root_is_no_step_down(step: str) -> None:
    assert not steps_down(build(f"FROM debian\n{step}\n").stages[-1])


def test_the_entrypoint_of_a_base_steps_down_until_replaced() -> None:
    assert steps_down(build("FROM postgres:18\nUSER root\n").stages[-1])
    assert steps_down(build("FROM lscr.io/linuxserver/sonarr\n").stages[-1])
    assert steps_down(build("FROM elasticsearch:7.17\n").stages[-1])
    assert not steps_down(build("FROM elasticsearch:9.1\n").stages[-1])
    assert steps_down(build('FROM redis\nCMD ["redis-server"]\n').stages[-1])
    assert steps_down(build('FROM redis\nCMD ["--port", "7000"]\n').stages[-1])
    assert not steps_down(build('FROM redis\nCMD ["sleep", "9"]\n').stages[-1])
    assert not steps_down(build("FROM redis\nCMD redis-server\n").stages[-1])
    assert not steps_down(build('FROM redis\nENTRYPOINT ["/run.sh"]\n').stages[-1])
    assert not steps_down(build("FROM example.com/redis\n").stages[-1])
    # Only the workers are other users.
    assert not steps_down(build("FROM nginx\n").stages[-1])
    assert not steps_down(build("FROM php:8-fpm\n").stages[-1])


@pytest.mark.parametrize(
    "steps",
    [
        "RUN useradd app",
        "RUN adduser -D -h /srv app staff",
        "RUN useradd $NAME",
        "RUN sh -c 'adduser app'",
        "RUN if true; then useradd -m app; fi",
        "RUN echo 'app:x:9:9::/:' >> /etc/passwd",
        "RUN apt-get update && apt-get install -y tor",
        "RUN apk add --no-cache tor",
        "RUN ./setup.sh",
        "RUN . ./setup.sh",
        "RUN sh setup.sh",
        "RUN curl https://example.com/setup.sh | sh",
        "RUN $SETUP",
        "RUN env $SETUP",
        "RUN <<EOF python3\nprint()\nEOF",
        'SHELL ["powershell"]\nRUN New-LocalUser app',
        "COPY --from=build /etc/passwd /etc/passwd",
        "COPY passwd group /etc/",
        "COPY rootfs /",
        "COPY rootfs //",
        "COPY rootfs .",
        "WORKDIR /\nCOPY rootfs .",
        "WORKDIR /etc\nCOPY rootfs ./",
        "WORKDIR $DIR\nCOPY rootfs .",
        "COPY rootfs $DIR",
        "ADD rootfs.tar /",
    ],
)
def test_steps_that_may_create_a_user(steps: str) -> None:
    made = build(f"FROM debian AS a\n{steps}\nFROM a\nUSER app\n")
    assert could_create(made.stages[-1], "app")


@pytest.mark.parametrize(
    "steps",
    [
        "RUN useradd web",
        "RUN addgroup app",
        "RUN sh -c 'mkdir /srv/x && chown 9 /srv/x'",
        "RUN apt-get update && rm -rf /var/lib/apt/lists/*",
        "RUN --mount=type=cache,target=/root/.cache pip install -r requirements.txt",
        'RUN ["npm", "ci"]',
        "COPY . /srv/app",
        "WORKDIR /srv\nCOPY . .",
        "COPY app.conf /etc/app/",
        "ONBUILD RUN useradd app",
    ],
)
def test_steps_that_create_no_such_user(steps: str) -> None:
    made = build(f"FROM debian AS a\n{steps}\nFROM a\nUSER app\n")
    assert not could_create(made.stages[-1], "app")


@given(st.text(max_size=30))
def test_any_text_has_a_verdict(text: str) -> None:
    made = build(f"FROM debian\nRUN {text}\nUSER {text}\nENTRYPOINT {text}\n")
    for stage in made.stages:
        assert image_user(stage).is_root in (True, False, None)
        assert steps_down(stage) in (True, False)
        assert could_create(stage, "app") in (True, False)
