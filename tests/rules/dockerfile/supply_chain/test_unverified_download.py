"""The rule `unverified-download`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.supply_chain.unverified_download import unverified_download

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


GET = "curl -fsSLo a.tgz https://x.org/a.tgz"


@pytest.mark.parametrize(
    "script",
    [
        f"{GET} && tar xzf a.tgz",
        f"{GET} && tar -C /opt -xf a.tgz",
        f"{GET} && tar --extract --file=a.tgz",
        f"cd /tmp && {GET} && tar xf /tmp/a.tgz",
        f"{GET} && mv a.tgz b.tgz && tar xf b.tgz",
        f"{GET} && gunzip a.tgz",
        f"{GET} && gzip -d a.tgz",
        f"{GET} && chmod +x a.tgz",
        f"{GET} && chmod 0755 a.tgz",
        f"{GET} && install -m 755 a.tgz /usr/bin/a",
        f"{GET} && install a.tgz /usr/bin/a",
        f"{GET} && unzip a.tgz -d /opt",
        f"{GET} && apt-get install -y ./a.tgz",
        f"{GET}\nRUN tar xzf a.tgz",
        f"{GET}\nENV A=1\nRUN dpkg -i a.tgz",
        "wget https://x.org/a.deb && dpkg -i *.deb",
        "curl https://x.org/a.tgz > a.tgz && tar xf a.tgz",
        "curl https://x.org/a.tgz | tar xz",
        "curl https://x.org/a.tgz | sudo tar -xzf - -C /opt",
        "curl https://x.org/a.zip | bsdtar -xf-",
        "curl -o ~/x https://x.org/x && chmod +x /root/x",
        "curl -o $HOME/x https://x.org/x && chmod +x ~/x",
        "curl -o /opt/a/x https://x.org/x && chmod -R 777 /opt",
        "curl -o /opt/a/x https://x.org/x && chmod +x /opt/a/*",
        "cd /opt/a && curl -O https://x.org/x && chmod +x /opt/a/*",
        "dnf install -y https://x.org/a.rpm",
        "rpm -Uvh https://x.org/a.rpm",
    ],
)
def test_used_downloads(found: Found, script: str) -> None:
    [(grade, text)] = found(image(f"RUN {script}"), unverified_download)
    assert (grade, text[:14]) == ("info", "https://x.org/")


@pytest.mark.parametrize(
    "script",
    [
        GET,
        f"{GET} && tar tzf a.tgz",
        f"{GET} && tar czf b.tgz a.tgz",
        f"{GET} && echo 0 a.tgz | sha256sum -c && tar xf a.tgz",
        f"{GET} && gpg --verify a.tgz.asc a.tgz && tar xf a.tgz",
        f"{GET}\nRUN sha256sum -c sums\nRUN tar xf a.tgz",
        f'{GET} && [ "$(sha256sum a.tgz)" = x ] && tar xf a.tgz',
        f"{GET} && chmod 644 a.tgz",
        "curl -o /etc/postgrey/x https://x.org/x && chmod +x /usr/local/bin/*",
        "curl -o /opt/a/x https://x.org/x && chmod +x /opt/*/y",
        "curl -o /opt/x.json https://x.org/x && chmod -R 755 /opt",
        "curl -o /optional/x https://x.org/x && chmod -R 755 /opt",
        "curl -o /opt/x https://x.org/x && chmod -R 644 /opt",
        f"{GET} && chmod -x a.tgz",
        f"{GET} && dpkg -c a.tgz",
        f"{GET} && rpm -q a.tgz",
        f"{GET} && tar xf other.tgz",
        f"{GET} && install -d /opt",
        f"{GET} && cp a.tgz b.tgz",
        f"{GET}\nFROM debian:13\nRUN tar xf a.tgz",
        "curl http://localhost/a.tgz | tar xz",
        "curl https://x.org/a.asc | gpg --dearmor > k.gpg",
        "curl https://x.org/a.json | jq .",
        "apt-get install -y https-helper",
        "dnf install -y nginx",
        "rpm --import https://x.org/key",
        "echo tar xf a.tgz",
    ],
)
def test_verified_and_unused_downloads(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), unverified_download) == []


CHECK = "echo 0  a.tgz | sha256sum -c -"
GPG = "gpg --verify a.tgz.asc a.tgz"
COMPARED = '[ "$(sha256sum a.tgz | cut -c1-64)"'


@pytest.mark.parametrize(
    "script",
    [
        f"RUN <<EOF\n{GET}\n{CHECK}\ntar xzf a.tgz\nEOF",
        f"RUN <<EOF\n#!/bin/bash\n{GET}\n{CHECK}\ntar xzf a.tgz\nEOF",
        f"RUN bash <<EOF\n{GET}\n{CHECK}\ntar xzf a.tgz\nEOF",
        f"RUN {GET}; {CHECK}; tar xzf a.tgz",
        f"RUN {GET} && {CHECK} || true && tar xzf a.tgz",
        f"RUN {GET} && ({CHECK} || true) && tar xzf a.tgz",
        f"RUN set -e; {GET}; {CHECK} | tee log; tar xzf a.tgz",
        f"RUN set -e; {GET}; if {CHECK}; then echo good; fi; tar xzf a.tgz",
        f"RUN set -e; {GET}; if ! {CHECK}; then echo bad; fi; tar xzf a.tgz",
        f"RUN set -e; {GET}; ! {CHECK}; tar xzf a.tgz",
        f"RUN set -e; {GET}; {CHECK} && echo good; tar xzf a.tgz",
        f"RUN set -e; {GET}; set +e; {CHECK}; tar xzf a.tgz",
        f"RUN set -e; {GET}; {CHECK} & tar xzf a.tgz",
        f"RUN set -e; {GET}; f() {{ {CHECK}; true; }}; f || exit 1; tar xzf a.tgz",
        f"RUN set -e; {GET}; sh -c '{CHECK}; true'; tar xzf a.tgz",
        f"RUN {GET} && {{ {CHECK}; echo; }} && tar xzf a.tgz",
        f"RUN {GET} && {CHECK} || echo bad\nRUN tar xzf a.tgz",
        f"RUN {GET}\nRUN {CHECK}; ls\nRUN tar xzf a.tgz",
        f'RUN {GET}\nRUN ["sh", "-c", "{GPG}; ls"]\nRUN tar xzf a.tgz',
        f"RUN {GET}; {GPG}; tar xzf a.tgz",
        f"RUN {GET}; {COMPARED} = x ]; tar xzf a.tgz",
        f"RUN {GET} && {COMPARED} != x ] && tar xzf a.tgz",
        f"RUN {GET} && if {COMPARED} != x ]; then echo bad; fi && tar xzf a.tgz",
        f'RUN {GET} && echo "$(sha256sum a.tgz)" && tar xzf a.tgz',
        f"RUN {GET} && sha256sum a.tgz | tee sums && tar xzf a.tgz",
        f'RUN {GET}; s=$(sha256sum a.tgz); [ "$s" = x ]; tar xzf a.tgz',
    ],
)
def test_a_check_whose_failure_ends_nothing_verifies_nothing(found: Found, script: str) -> None:
    [(_, text)] = found(image(script), unverified_download)
    assert text == "https://x.org/a.tgz"


@pytest.mark.parametrize(
    "script",
    [
        f"RUN <<EOF\nset -e\n{GET}\n{CHECK}\ntar xzf a.tgz\nEOF",
        f"RUN <<EOF\n#!/bin/bash -e\n{GET}\n{CHECK}\ntar xzf a.tgz\nEOF",
        f"RUN <<EOF\n#!/usr/bin/env -S bash -e\n{GET}\n{CHECK}\ntar xf a.tgz\nEOF",
        f"RUN bash -e <<EOF\n{GET}\n{CHECK}\ntar xzf a.tgz\nEOF",
        f'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]\nRUN {GET}; {CHECK}; tar xf a.tgz',
        f"RUN set -eux; {GET}; {CHECK}; tar xzf a.tgz",
        f"RUN set -o errexit; {GET}; {CHECK}; tar xzf a.tgz",
        f"RUN set -eo pipefail; {GET}; {CHECK} | tee log; tar xzf a.tgz",
        f"RUN {GET}; {CHECK} || exit 1; tar xzf a.tgz",
        f"RUN {GET}; {CHECK} || {{ echo bad; exit 1; }}; tar xzf a.tgz",
        f"RUN {GET}; if ! {CHECK}; then exit 1; fi; tar xzf a.tgz",
        f"RUN {GET}; if {CHECK}; then tar xzf a.tgz; fi",
        f"RUN {GET}; {CHECK}; if [ $? -ne 0 ]; then exit 1; fi; tar xzf a.tgz",
        f'RUN {GET}; {CHECK}; r=$?; if [ "$r" != 0 ]; then exit 1; fi; tar xzf a.tgz',
        f"RUN {GET} && {CHECK}; ls",
        f'RUN ["bash", "-ec", "{GET}; {GPG}; tar xzf a.tgz"]',
        f"RUN bash -ec '{GET}; {CHECK}; tar xzf a.tgz'",
        f"RUN set -e; {GET}; f() {{ {CHECK}; }}; f; tar xzf a.tgz",
        f"RUN set -e; f() {{ sha256sum -c $1; }}; {GET}; f sums; tar xzf a.tgz",
        f"RUN set -e; {GET}; sh -c '{CHECK}'; tar xzf a.tgz",
        f"RUN {GET} && until {CHECK}; do {GET}; done && tar xzf a.tgz",
        f"RUN {GET} && ({CHECK} || shasum -a 256 -c a.tgz.sum) && tar xzf a.tgz",
        f'RUN set -e; {GET}; if [ -n "$SUM" ]; then {CHECK}; fi; tar xzf a.tgz',
        f"RUN {GET} && sha256sum -c sums 2>&1 | grep -q OK && tar xzf a.tgz",
        f"RUN {GET} && sha256sum a.tgz | grep -q 0123 && tar xzf a.tgz",
        f"RUN {GET}; {COMPARED} = x ] || exit 1; tar xzf a.tgz",
        f"RUN {GET}; if {COMPARED} != x ]; then exit 1; fi; tar xzf a.tgz",
        f'RUN {GET}; s=$(sha256sum a.tgz); [ "$s" = x ] || exit 1; tar xzf a.tgz',
        f'RUN {GET}; [[ "$(sha256sum a.tgz)" == x* ]] || exit 1; tar xzf a.tgz',
        f"RUN {GET}; . ./options; {CHECK}; tar xzf a.tgz",
        f"RUN {GET}\nRUN {CHECK}\nRUN tar xzf a.tgz",
    ],
)
def test_a_check_whose_failure_ends_the_step_verifies(found: Found, script: str) -> None:
    assert found(image(script), unverified_download) == []


def test_every_branch_counts(found: Found) -> None:
    other = "curl -fsSLo a.tgz https://y.org/a.tgz"
    script = f"RUN set -e; if [ $A ]; then {GET}; {CHECK}; else {other}; fi; tar xf a.tgz"
    assert found(image(script), unverified_download) == [("info", "https://y.org/a.tgz")]
    script = f"RUN set -e; if [ $A ]; then {other}; else {GET}; {CHECK}; fi; tar xf a.tgz"
    assert found(image(script), unverified_download) == [("info", "https://y.org/a.tgz")]
    script = f"RUN set -e; if [ $A ]; then {other}; else {GET}; fi; {CHECK}; tar xf a.tgz"
    assert found(image(script), unverified_download) == []
    script = (
        f"RUN set -e; case $A in x) {GET};; *) {other};; esac;"
        f" case $A in x) {CHECK};; *) {CHECK};; esac; tar xf a.tgz"
    )
    assert found(image(script), unverified_download) == []


def test_a_check_in_a_loop_has_to_pass_for_each_file(found: Found) -> None:
    get = "curl -fsSLO https://x.org/a.tgz"
    loop = "for i in a b; do sha256sum -c $i.sum; done"
    script = f"RUN {get}; {loop} && tar xf a.tgz"
    assert len(found(image(script), unverified_download)) == 1
    script = f"RUN set -e; {get}; {loop}; tar xf a.tgz"
    assert found(image(script), unverified_download) == []


def test_plain_http_is_worse(judge: Judge) -> None:
    script = "RUN wget http://x.org/a.tgz && tar xf a.tgz"
    [one] = judge(image(script), [unverified_download])
    assert one.severity.word == "warning"
    assert one.finding.message == ("the file from `x.org` (plain HTTP) is unpacked without a check")
    assert [place.span.text for place in one.finding.because] == ["tar"]


def test_executed_downloads_are_left_to_the_other_rule(found: Found) -> None:
    script = "RUN curl -o a https://x.org/a && chmod +x a && ./a"
    assert found(image(script), unverified_download) == []


def test_each_file_is_reported_once(found: Found) -> None:
    script = f"RUN {GET} && tar xf a.tgz && tar xf a.tgz && chmod +x a.tgz"
    assert len(found(image(script), unverified_download)) == 1


def test_triggers_are_steps_of_one_build(found: Found) -> None:
    apart = found(image(f"RUN {GET}\nONBUILD RUN tar xf a.tgz"), unverified_download)
    together = found(image(f"ONBUILD RUN {GET}\nONBUILD RUN tar xf a.tgz"), unverified_download)
    assert len(apart) == 0
    assert len(together) == 1
