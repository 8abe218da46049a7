"""No script stops the rules about switches, or makes them slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from tests.bounded import within

from tightship.rules.dockerfile.supply_chain.package_signature_unchecked import (
    package_signature_unchecked,
)
from tightship.rules.dockerfile.supply_chain.tls_verification_disabled import (
    tls_verification_disabled,
)

if TYPE_CHECKING:
    from tests.conftest import Judge

HOSTILE = [
    "echo " + "deb [" * 40_000 + " > /etc/apt/sources.list",
    "echo '" + "deb [" * 40_000 + "' > /etc/apt/sources.list",
    "add-apt-repository '" + "deb [trusted=yes" * 20_000 + "'",
    "sed -i 's/" + "s/" * 60_000 + "' /etc/yum.conf",
    "sed -i '" + "s/a" * 60_000 + "' /etc/yum.conf",
    "printf '" + "gpgcheck " * 20_000 + "' > /etc/yum.conf",
    "printf '" + "baseurl=" * 20_000 + "' > /etc/yum.conf",
    "printf 'SigLevel = " + "a " * 60_000 + "' > /etc/pacman.conf",
    "echo x " + "| tee /etc/yum.conf " * 10_000,
    "git config " + "http.a" * 30_000 + " false",
    "curl -k " + "https://a.b " * 20_000,
    "env " + "A=1 " * 40_000 + "true",
]


@pytest.mark.exhaustive
@pytest.mark.parametrize("script", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_script_is_judged_in_time(judge: Judge, script: str) -> None:
    text = f"FROM a\nRUN {script}\n"
    rules = [package_signature_unchecked, tls_verification_disabled]
    with within(5):
        judge({"Dockerfile": text}, rules)


PIECES = [
    "apt-get", "rpm", "dnf", "sed", "-i", "-e", "--setopt", "gpgcheck=0", "--force-yes",
    "echo", "printf", "deb", "[trusted=yes]", ">", "/etc/yum.conf", "|", "tee", "git",
    "-c", "http.sslVerify=false", "config", "'", '"', "$(", ")", "\\", "export", "env",
    "GIT_SSL_NO_VERIFY=1", "curl", "-k", "python", "-m", "pip", "--trusted-host", "\n",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(PIECES), max_size=14))
def test_unusual_scripts_do_not_stop_the_rule(judge: Judge, words: list[str]) -> None:
    text = f"FROM a\nRUN {' '.join(words)}\n"
    rules = [package_signature_unchecked, tls_verification_disabled]
    for one in judge({"Dockerfile": text}, rules):
        assert one.span.text
