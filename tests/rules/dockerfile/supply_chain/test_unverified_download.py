"""The rule `unverified-download`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.supply_chain.unverified_download import (
    unverified_download,
)

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
        "dnf install -y https://x.org/a.rpm",
        "rpm -Uvh https://x.org/a.rpm",
    ],
)
def test_a_download_that_is_used(found: Found, script: str) -> None:
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
def test_what_is_checked_or_not_used(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), unverified_download) == []


def test_plain_http_is_worse(judge: Judge) -> None:
    script = "RUN wget http://x.org/a.tgz && tar xf a.tgz"
    [one] = judge(image(script), [unverified_download])
    assert one.severity.word == "warning"
    assert one.finding.message == (
        "the file from `x.org` (plain HTTP) is unpacked without a check"
    )
    assert [place.span.text for place in one.finding.because] == ["tar"]


def test_what_is_executed_is_left_to_the_other_rule(found: Found) -> None:
    script = "RUN curl -o a https://x.org/a && chmod +x a && ./a"
    assert found(image(script), unverified_download) == []


def test_each_file_is_reported_once(found: Found) -> None:
    script = f"RUN {GET} && tar xf a.tgz && tar xf a.tgz && chmod +x a.tgz"
    assert len(found(image(script), unverified_download)) == 1


def test_a_trigger_is_left_alone(found: Found) -> None:
    assert found(image(f"ONBUILD RUN {GET} && tar xf a.tgz"), unverified_download) == []
