"""The rules about an image's users, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.users.root_user import root_user
from tightship.rules.dockerfile.users.image_runs_as_root import image_runs_as_root
from tightship.rules.dockerfile.users.sudo_in_image import sudo_in_image
from tightship.rules.dockerfile.users.unknown_user_name import unknown_user_name

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def dockerfile(text: str) -> dict[str, str]:
    return {"Dockerfile": text}


def built(services: str, text: str) -> dict[str, str]:
    return {"compose.yaml": f"services:\n{services}", "Dockerfile": text}


# -- image-runs-as-root


def test_the_last_user_of_the_file_is_not_that_of_the_image(found: Found) -> None:
    text = "FROM debian AS a\nUSER root\nFROM a AS web\nFROM debian AS b\nUSER app\n"
    files = built("  web: {build: {context: ., target: web}}\n", text)
    assert found(files, image_runs_as_root) == [("warning", "root")]
    assert found(dockerfile(text), image_runs_as_root) == []


def test_a_user_of_a_base_stage_is_explained(judge: Judge) -> None:
    text = "FROM debian AS a\nARG U=0\nUSER ${U}\nFROM a AS web\n"
    [one] = judge(dockerfile(text), [image_runs_as_root])
    assert one.span.text == "${U}"
    assert one.finding.message == (
        "stage `web` makes an image that runs as root, with the default of `ARG U`"
    )
    [related] = one.finding.because
    assert related.span.text == "web"


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
    assert one.finding.message.endswith(", with `U` as the service passes it")


def test_services_that_name_another_user_are_not_among_the_places(
    judge: Judge,
) -> None:
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
def test_an_image_that_nobody_runs_as_root_is_left_alone(
    found: Found, user: str
) -> None:
    files = built(f"  web: {{build: ., user: {user}}}\n", "FROM python\nUSER root\n")
    assert found(files, image_runs_as_root) == []


@pytest.mark.parametrize(
    "base",
    ["haproxy:3", "gcr.io/distroless/static:nonroot", "nginxinc/nginx-unprivileged"],
)
def test_a_base_that_has_its_own_user_is_believed(found: Found, base: str) -> None:
    assert found(dockerfile(f"FROM {base}\n"), image_runs_as_root) == []
    text = f"FROM {base}\nUSER root\n"
    assert found(dockerfile(text), image_runs_as_root) == [("warning", "root")]


def test_a_base_is_named_once(judge: Judge) -> None:
    [one] = judge(dockerfile("FROM python:3\n"), [image_runs_as_root])
    assert one.finding.message == (
        "the stage from `python:3` makes an image that runs as root: neither it nor"
        " that image sets a USER"
    )
    text = "FROM example.com/x:3 AS a\nFROM a AS b\n"
    [one] = judge(dockerfile(text), [image_runs_as_root])
    assert one.finding.message == (
        "stage `b` makes an image that runs as root, unless `example.com/x:3` sets"
        " another user"
    )


@pytest.mark.parametrize("text", ["", "FROM\n", "FROM debian\nUSER\nUSER app\n"])
def test_half_typed_files_give_nothing(found: Found, text: str) -> None:
    assert found(dockerfile(text), image_runs_as_root) == []


# -- unknown-user-name


@pytest.mark.parametrize(
    "user", ["nobody", "root", "daemon", "www-data", "_apt", "0", "1000:app", ":app"]
)
def test_users_that_debian_has(found: Found, user: str) -> None:
    assert found(dockerfile(f"FROM debian\nUSER {user}\n"), unknown_user_name) == []


@pytest.mark.parametrize(
    ("base", "user"),
    [("nginx", "nginx"), ("node:24-alpine", "node"), ("ubuntu", "ubuntu")],
)
def test_users_that_an_image_brings(found: Found, base: str, user: str) -> None:
    assert found(dockerfile(f"FROM {base}\nUSER {user}\n"), unknown_user_name) == []
    other = dockerfile(f"FROM scratch\nUSER {user}\n")
    assert found(other, unknown_user_name) == [("info", user)]


def test_a_name_is_looked_for_in_base_stages(found: Found) -> None:
    text = "FROM python AS a\nRUN useradd app\nFROM a\nUSER app\n"
    assert found(dockerfile(text), unknown_user_name) == []
    text = "FROM python AS a\nRUN useradd app\nFROM python\nUSER app\n"
    assert found(dockerfile(text), unknown_user_name) == [("info", "app")]


def test_a_name_that_an_argument_gives_is_explained(judge: Judge) -> None:
    text = "FROM python\nARG U=app\nUSER $U:$U\n"
    [one] = judge(dockerfile(text), [unknown_user_name])
    assert one.finding.message == (
        "user `app` is unknown to the image: no step creates it, and `python` does not"
        " have it, with the default of `ARG U`"
    )


@pytest.mark.parametrize("user", ["${U}", '"app', "$U:app"])
def test_names_that_only_a_build_can_tell(found: Found, user: str) -> None:
    text = f"FROM scratch\nARG U\nUSER {user}\n"
    assert found(dockerfile(text), unknown_user_name) == []


def test_a_name_that_is_held_back_is_for_another_image(found: Found) -> None:
    text = "FROM scratch\nONBUILD USER app\n"
    assert found(dockerfile(text), unknown_user_name) == []


# -- sudo-in-image


@pytest.mark.parametrize(
    "step",
    [
        "RUN sudo ls",
        "RUN /usr/bin/sudo ls",
        "RUN cd /srv; ls && sudo ls",
        "RUN yes | sudo tee /x",
        'RUN ["sudo", "ls"]',
        'RUN bash -c "sudo ls"',
        "RUN env X=1 sudo ls",
        "RUN DEBUG=1 sudo -E ls",
        "RUN echo $(sudo ls)",
        "RUN if true; then sudo ls; fi",
        "RUN <<EOF\nsudo ls\nEOF",
        "RUN ls \\\n  && sudo ls",
        "ONBUILD RUN sudo ls",
        "CMD sudo ls",
        'ENTRYPOINT ["tini", "--", "sudo", "ls"]',
        "HEALTHCHECK CMD sudo ls",
        "RUN exec sudo -u app ls",
    ],
)
def test_sudo_however_it_is_run(found: Found, step: str) -> None:
    [(grade, text)] = found(dockerfile(f"FROM debian\n{step}\n"), sudo_in_image)
    assert grade == "warning"
    assert text.rpartition("/")[2].strip('"') == "sudo"


@pytest.mark.parametrize(
    "step",
    [
        "RUN apt-get install -y sudo",
        "RUN echo sudo ls",
        "RUN which sudo; command -v sudo",
        "RUN rm /usr/bin/sudo",
        "RUN usermod -aG sudo app",
        "RUN echo 'app ALL=(ALL) ALL' > /etc/sudoers.d/app",
        'RUN ["echo", "sudo"]',
        "RUN pseudo ls; sudoku",
        "RUN # sudo ls",
        "ENV X=sudo",
        'LABEL run="sudo ls"',
        'SHELL ["powershell"]\nRUN sudo ls',
    ],
)
def test_sudo_that_is_not_run(found: Found, step: str) -> None:
    assert found(dockerfile(f"FROM debian\n{step}\n"), sudo_in_image) == []


def test_one_finding_tells_of_every_sudo_of_an_instruction(judge: Judge) -> None:
    text = "FROM debian\nRUN sudo a && sudo -u b sudo c\nRUN sudo d\n"
    first, second = judge(dockerfile(text), [sudo_in_image])
    assert first.finding.message == "RUN runs a command by `sudo`"
    assert [related.span.text for related in first.finding.because] == ["sudo"]
    assert second.finding.because == ()


# -- root-user, over an image that is built


@pytest.mark.parametrize(
    ("steps", "grade"),
    [
        ("USER app", "warning"),
        ("USER 1000:0", "warning"),
        ("ARG U=app\nUSER $U", "warning"),
        ("USER app\nFROM a", "warning"),
        ("USER root", "info"),
        ("RUN true", "info"),
        ("ARG U\nUSER $U", "info"),
        ("RUN useradd -ou 0 app\nUSER app", "info"),
    ],
)
def test_root_over_the_user_of_an_image(found: Found, steps: str, grade: str) -> None:
    files = built("  web: {build: ., user: '0'}\n", f"FROM debian AS a\n{steps}\n")
    assert found(files, root_user) == [(grade, "'0'")]


def test_the_user_that_is_undone_is_shown(judge: Judge) -> None:
    files = built("  web: {build: ., user: root}\n", "FROM debian\nUSER app\n")
    [one] = judge(files, [root_user])
    assert (
        one.finding.message == "service `web` runs as root, although its image does not"
    )
    [related] = one.finding.because
    assert (related.span.text, related.span.source.name) == ("app", "Dockerfile")


def test_a_dockerfile_that_is_not_there_leaves_an_info(found: Found) -> None:
    text = "services:\n  web: {build: ., user: root}\n"
    assert found({"compose.yaml": text}, root_user) == [("info", "root")]
