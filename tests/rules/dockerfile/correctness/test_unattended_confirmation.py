"""The rule `unattended-confirmation`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, image

from tightship.rules.dockerfile.correctness.unattended_confirmation import unattended_confirmation

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "apt-get «install» curl",
        "apt «install» curl",
        "apt-get -o Acquire::Retries=3 «install» curl",
        "apt-get -q «install» curl",
        "apt-get «build-dep» curl",
        "apt-get «dist-upgrade»",
        "dpkg -i /a.deb || apt-get -f «install»",
        "tools='a b'; apt-get «install» $tools",
        "apt-get «remove» curl",
        "sudo apt-get «install» curl",
        'sh -c "apt-get «install» curl"',
        "apt-get update && apt-get «install» curl | tee log",
        "yum «install» curl",
        "yum «update»",
        "dnf --setopt tsflags=nodocs «install» curl",
        "tdnf «install» curl",
        "zypper «in» curl",
        "zypper «dup»",
        "dnf «in» curl",
        "dnf «rei» curl",
        "dnf «up»",
        "dnf module «install» nodejs:20",
        "pacman «-S» curl",
        "pacman «-Syu»",
        "pip «uninstall» a",
        "<<EOF\napt-get «install» curl\nEOF",
        "if true; then apt-get «install» curl; fi",
        "if ! apt-get «install» curl; then exit 1; fi",
        "{ apt-get update; apt-get «install» curl; }",
        "for x in curl jq; do apt-get «install» $x; done",
        'get() { apt-get «install» "$@"; }; get curl',
        "dnf module «enable» nodejs:20",
        "dnf «swap» coreutils-single coreutils",
        "dnf copr «enable» a/b",
    ],
)
def test_a_command_that_asks_is_found(judge: Judge, script: str) -> None:
    plain = script.replace("«", "").replace("»", "")
    [one] = judge(image(f"RUN {plain}"), [unattended_confirmation])
    assert one.span.text == script[script.index("«") + 1 : script.index("»")]


@pytest.mark.parametrize(
    "script",
    [
        "apt-get -y install curl",
        "apt-get install curl -y",
        "apt-get install -qy curl",
        "apt-get install -qq curl",
        "apt-get install -q -q curl",
        "apt-get install -q=2 curl",
        "apt-get install --yes curl",
        "apt-get install --assume-yes curl",
        "apt-get install --dry-run curl",
        "apt-get install",
        "apt-get $OPTIONS install curl",
        "apt-get install $OPTIONS curl",
        "apt-get update",
        "apt-get clean",
        "apt-cache policy curl",
        "yes | apt-get install curl",
        "echo y | sudo apt-get install curl",
        "apt-get install curl < answers",
        "apt-get install curl <<< y",
        "yes | (apt-get install a; apt-get install b)",
        'yes | sh -c "apt-get install a"',
        "for x in a b; do apt-get install $x; done < answers",
        'get() { apt-get install "$@"; }; yes | get curl',
        'get() { apt-get install "$@"; }; get -y curl',
        "dnf -y module enable nodejs:20",
        "dnf copr remove a/b",
        "yum -y install curl",
        "yum install --assumeyes curl",
        "yum makecache",
        "microdnf install curl",
        "dnf --downloadonly install curl",
        "zypper -n install curl",
        "zypper --non-interactive install curl",
        "zypper install -y curl",
        "zypper refresh",
        "pacman -S --noconfirm curl",
        "pacman -Sy",
        "pacman -Q",
        "pip uninstall -y a",
        "apk add curl",
        "echo apt-get install curl",
        "echo assumeyes=1 >> /etc/yum.conf && yum install curl",
        "apt-get -o APT::Get::Assume-Yes=true install curl",
    ],
)
def test_commands_that_answer_or_may_answer_are_silent(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), unattended_confirmation) == []


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("a.conf", "/etc/apt/apt.conf.d/"),
        ("a.conf", "/etc/"),
        ("a.conf", "$WHERE"),
        ("rootfs", "/"),
        ("files/*.d", "/"),
        ("start.sh .", "/"),
        ("--from=a:1 /etc", "/etc"),
    ],
)
def test_a_copied_configuration_may_answer(found: Found, source: str, path: str) -> None:
    body = f"ARG WHERE\nCOPY {source} {path}\nRUN apt-get install curl"
    assert found(image(body), unattended_confirmation) == []
    for body in (
        "COPY a.conf /etc/nginx/\nRUN apt-get install curl",
        "COPY start.sh packages.txt /\nRUN apt-get install curl",
        f"ARG WHERE\nRUN apt-get install curl\nCOPY {source} {path}",
    ):
        assert found(image(body), unattended_confirmation) == [("warning", "install")]


def test_the_fix_adds_the_flag_after_the_subcommand(judge: Judge) -> None:
    text = "FROM debian:13\nRUN apt-get update && \\\n  apt-get install \\\n  curl\n"
    assert after_fixes(judge, text, unattended_confirmation) == (
        "FROM debian:13\nRUN apt-get update && \\\n  apt-get install -y \\\n  curl\n"
    )


@pytest.mark.parametrize(
    ("command", "severity", "says"),
    [
        ("apt-get install locales", "warning", "asks for confirmation if it has to install"),
        ("apt-get autoremove", "info", "asks for confirmation if it removes anything"),
        ("apt-get remove curl", "warning", "asks for confirmation, which"),
        ("dnf install nginx", "warning", "asks for confirmation, which"),
        ("dnf autoremove", "warning", "asks for confirmation, which"),
    ],
)
def test_apt_asks_only_for_what_it_was_not_told(
    command: str, severity: str, says: str, judge: Judge
) -> None:
    [one] = judge({"Dockerfile": f"FROM debian:13\nRUN {command}\n"}, [unattended_confirmation])
    assert one.severity.word == severity
    assert says in one.finding.message


def test_a_json_array_has_no_fix(judge: Judge) -> None:
    text = 'FROM debian:13\nRUN ["yum", "install", "curl"]\n'
    [one] = judge({"Dockerfile": text}, [unattended_confirmation])
    assert one.finding.fix is None
    assert one.finding.message == ("`yum install` asks for confirmation, which stops the build")
