"""The rule `sudo-without-password`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image, places

from tightship.rules.dockerfile.users.sudo_without_password import sudo_without_password

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


FILE = "/etc/sudoers.d/app"


@pytest.mark.parametrize(
    "script",
    [
        f"echo 'app ALL=(ALL) NOPASSWD: ALL' > {FILE}",
        f"echo 'app ALL=(ALL) NOPASSWD:ALL' >> {FILE}",
        "echo '%sudo ALL=(ALL:ALL) NOPASSWD:ALL' >> /etc/sudoers",
        f'echo "$USER ALL=(root) NOPASSWD: ALL" | sudo tee -a {FILE}',
        f"echo 'app ALL = NOPASSWD: SETENV: ALL' > {FILE}",
        f"echo 'app ALL=(ALL) SETENV: NOPASSWD: ALL' > {FILE}",
        rf"printf 'Defaults x\napp ALL=(ALL) NOPASSWD:ALL\n' > {FILE}",
        rf"echo -e 'app\tALL=(ALL)\tNOPASSWD: ALL' > {FILE}",
        f"cat > {FILE} <<EOF\napp ALL=(ALL) NOPASSWD: ALL\nEOF",
        "sed -i 's/^%sudo.*/%sudo ALL=(ALL:ALL) NOPASSWD:ALL/' /etc/sudoers",
    ],
)
def test_sudo_for_everything_without_a_password(found: Found, script: str) -> None:
    [(grade, text)] = found(image(f"RUN {script}"), sudo_without_password)
    assert grade == "warning"
    assert text.startswith("NOPASSWD:")
    assert text.endswith("ALL")


@pytest.mark.parametrize(
    "script",
    [
        f"echo 'app ALL=(ALL) ALL' > {FILE}",
        f"echo 'app ALL=(ALL) NOPASSWD: /usr/bin/make' > {FILE}",
        f"echo 'app ALL=(ALL) NOPASSWD: ALLOWED' > {FILE}",
        f"echo '# app ALL=(ALL) NOPASSWD: ALL' > {FILE}",
        f"echo 'root ALL=(ALL) NOPASSWD: ALL' > {FILE}",
        f"echo 'app ALL=(ALL) PASSWD: ALL' > {FILE}",
        "echo 'app ALL=(ALL) NOPASSWD: ALL' > /tmp/readme",
        "echo 'app ALL=(ALL) NOPASSWD: ALL'",
        "grep NOPASSWD /etc/sudoers",
    ],
)
def test_narrower_permissions_are_silent(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), sudo_without_password) == []


@pytest.mark.parametrize(
    ("path", "line", "marked"),
    [
        ("/etc/doas.conf", "permit nopass :wheel", "nopass"),
        ("/etc/doas.d/app.conf", "permit persist nopass keepenv app as root", "nopass"),
        ("/etc/doas.conf", "permit nopass app cmd reboot", ""),
        ("/etc/doas.conf", "permit nopass app as www", ""),
        ("/etc/doas.conf", "permit persist app", ""),
        ("/etc/doas.conf", "permit nopass root", ""),
        ("/etc/doas.txt", "permit nopass app", ""),
    ],
)
def test_doas_needs_no_password(found: Found, path: str, line: str, marked: str) -> None:
    expected = [("warning", marked)] if marked else []
    assert found(image(f"RUN echo '{line}' > {path}"), sudo_without_password) == expected


@pytest.mark.parametrize(
    ("copy", "marked"),
    [
        ("COPY own.conf /etc/sudoers.d/x", "own.conf"),
        ("COPY d/own.conf /etc/sudoers.d/", "d/own.conf"),
        ("WORKDIR /etc\nADD own.conf sudoers", "own.conf"),
        ("COPY own.conf /srv/sudoers", ""),
        ("COPY --from=x own.conf /etc/sudoers", ""),
        ("COPY gone.conf /etc/sudoers", ""),
    ],
)
def test_a_file_of_the_context_is_read(judge: Judge, copy: str, marked: str) -> None:
    text = "app ALL=(ALL) NOPASSWD: ALL\n"
    files = {**image(copy), "own.conf": text, "d/own.conf": text}
    files["compose.yaml"] = "services: {a: {build: .}}\n"
    found = [one.finding for one in judge(files, [sudo_without_password])]
    assert [one.span.text for one in found] == ([marked] if marked else [])
    assert [one.because[0].span.text for one in found] == ["NOPASSWD: ALL"] * len(found)


def test_a_discarded_stage_is_silent(found: Found) -> None:
    line = f"RUN echo 'app ALL=(ALL) NOPASSWD: ALL' > {FILE}"
    text = f"FROM debian:13 AS a\n{line}\nFROM alpine:3.22\nCOPY --from=a /x /x\n"
    assert places(found, text, sudo_without_password) == []
    text = f"FROM debian:13 AS a\n{line}\nFROM a\n"
    assert len(places(found, text, sudo_without_password)) == 1


def test_the_message_names_the_user(judge: Judge) -> None:
    script = f"RUN echo '%wheel ALL=(ALL) NOPASSWD: ALL' > {FILE}"
    [one] = judge(image(script), [sudo_without_password])
    assert one.finding.message == ("`%wheel` can run every command as root, without a password")
