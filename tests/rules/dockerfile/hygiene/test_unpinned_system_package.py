"""The rule `unpinned-system-package`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.unpinned_system_package import unpinned_system_package

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "apt-get install -y «curl»",
        "apt-get install -y a=1 «curl» b=2",
        "apt-get -t trixie install «curl»",
        "apk add «curl»",
        "apk --no-cache add -t .build «curl»",
        "yum install -y «curl»",
        "dnf install -y «java-devel»",
        "microdnf install «curl»",
        "zypper in -y «curl»",
        "zypper -D /repos in -y «curl»",
        "dnf in -y «curl»",
        "dnf rei -y «curl»",
        "dnf module install -y «nodejs»",
        "yum install -y «java-11-openjdk»",
        "apk add «curl@edge»",
        "aptitude install -y «curl»",
        "bash -lc 'apt-get install -y «curl»'",
    ],
)
def test_a_package_without_a_version(found: Found, script: str) -> None:
    plain = script.replace("«", "").replace("»", "")
    marked = script[script.index("«") + 1 : script.index("»")]
    assert found(image(f"RUN {plain}"), unpinned_system_package) == [("info", marked)]


@pytest.mark.parametrize(
    "script",
    [
        "apt-get install -y curl=8.1",
        "apt-get install -y curl=${V}",
        "apt-get install -y $PACKAGES",
        "apt-get install -y curl/stable",
        "apt-get install -y ./curl.deb",
        "apt-get install -y curl-",
        "apt-get remove curl",
        "apt-get build-dep curl",
        "apt-get install --dry-run curl",
        "apk add curl=8.1-r0",
        "apk add 'curl>8' 'jq~1.7'",
        "apk del curl",
        "dnf module install -y nodejs:20",
        "dnf groupinstall -y a",
        "pacman -Sy --noconfirm curl",
        "yum install -y curl-8.1",
        "dnf install -y https://x.org/a.rpm ./b.rpm @development",
        "zypper in -y curl=8.1 'jq>1'",
        "echo apt-get install curl",
    ],
)
def test_packages_with_a_possible_version(found: Found, script: str) -> None:
    assert found(image(f"RUN {script}"), unpinned_system_package) == []


def test_one_finding_counts_the_others(judge: Judge) -> None:
    step = image("RUN apt-get install -y a b c=1 d")
    [one] = judge(step, [unpinned_system_package])
    assert one.finding.message == ("`a` and 2 more are installed without a fixed version")
