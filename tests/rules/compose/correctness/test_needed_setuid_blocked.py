"""The rule `needed-setuid-blocked`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.needed_setuid_blocked import needed_setuid_blocked

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

ON = "no-new-privileges:true"


def metrics(body: str, image: str = "netdata/netdata:v2.7") -> str:
    return f"services:\n  metrics: {{image: '{image}', {body}}}\n"


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        (f"security_opt: ['{ON}']", f"'{ON}'"),
        ("security_opt: [no-new-privileges]", "no-new-privileges"),
        ("security_opt: ['no-new-privileges=true']", "'no-new-privileges=true'"),
        # Privileged mode does not bring the setuid bit back.
        (f"security_opt: ['{ON}'], privileged: true", f"'{ON}'"),
        ("security_opt: ['no-new-privileges:false']", ""),
        (f"security_opt: ['{ON}', 'no-new-privileges:false']", ""),
        ("security_opt: ['no-new-privileges:${NNP}']", ""),
        ("security_opt: ['seccomp=web.json']", ""),
        ("init: true", ""),
        # What runs then is not what the facts are about.
        (f"security_opt: ['{ON}'], entrypoint: [/start]", ""),
    ],
)
def test_only_the_option_in_effect_is_found(found: Found, body: str, marked: str) -> None:
    severity = [("warning", marked)] if marked else []
    assert found(metrics(body), needed_setuid_blocked) == severity


@pytest.mark.parametrize(
    ("image", "count"),
    [
        ("netdata/netdata", 1),
        ("docker.io/netdata/netdata:stable", 1),
        ("pihole/pihole:2025.04.0", 1),
        ("nginx:1.29", 0),
        # It calls sudo for postfix, which only sends mail.
        ("dpage/pgadmin4:9", 0),
        ("example/netdata", 0),
        ("${IMAGE}", 0),
    ],
)
def test_the_image_decides(found: Found, image: str, count: int) -> None:
    text = metrics(f"security_opt: ['{ON}']", image)
    assert len(found(text, needed_setuid_blocked)) == count


def test_the_message_gives_the_reason(judge: Judge) -> None:
    [one] = judge(metrics(f"security_opt: ['{ON}']"), [needed_setuid_blocked])
    assert one.finding.message == (
        "`no-new-privileges` breaks service `metrics`: its plug-ins are setuid programs"
        " and have file capabilities"
    )


@pytest.mark.parametrize(
    ("variables", "count"),
    [
        ("SUDO_PASSWORD: '${PASSWORD:-abc}'", 1),
        ("SUDO_PASSWORD: ''", 0),
        ("SUDO_PASSWORD: '${PASSWORD}'", 0),
        ("PASSWORD: abc", 0),
    ],
)
def test_a_variable_may_ask_for_sudo(found: Found, variables: str, count: int) -> None:
    body = f"security_opt: ['{ON}'], environment: {{{variables}}}"
    text = metrics(body, "lscr.io/linuxserver/code-server")
    assert len(found(text, needed_setuid_blocked)) == count


def test_the_option_in_an_override_is_marked(judge: Judge) -> None:
    files = {
        "compose.yaml": metrics("init: true"),
        "compose.override.yaml": f"services: {{metrics: {{security_opt: ['{ON}']}}}}\n",
    }
    [one] = judge(files, [needed_setuid_blocked])
    assert one.span.source.name == "compose.override.yaml"
