"""The rule `tls-verification-disabled-in-environment`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.commands import unverifying_variables
from tightship.commands.certificate_verification import CERTIFICATE_VERIFICATION
from tightship.rules.compose.supply_chain.tls_verification_disabled_in_environment import (
    tls_verification_disabled_in_environment as rule,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("variable", "severity"),
    [
        ("NODE_TLS_REJECT_UNAUTHORIZED: '0'", "warning"),
        ("GIT_SSL_NO_VERIFY: 'false'", "warning"),
        ("PYTHONHTTPSVERIFY: 0", "warning"),
        ("NODE_TLS_REJECT_UNAUTHORIZED: '${X:-0}'", "warning"),
        ("VAULT_SKIP_VERIFY: true", "info"),
        ("DRONE_GITEA_SKIP_VERIFY: 1", "info"),
        ("OAUTH2_PROXY_SSL_INSECURE_SKIP_VERIFY: 'TRUE'", "info"),
    ],
)
def test_each_spelling(found: Found, variable: str, severity: str) -> None:
    [(grade, _)] = found(service(f"environment: {{{variable}}}"), rule)
    assert grade == severity


@pytest.mark.parametrize(
    "variable",
    [
        *("NODE_TLS_REJECT_UNAUTHORIZED: 1", "PYTHONHTTPSVERIFY: 1", "A: 0"),
        *("NODE_TLS_REJECT_UNAUTHORIZED: ", "NODE_TLS_REJECT_UNAUTHORIZED: '${X}'"),
        *("OCIS_INSECURE: false", "INSECURE: true", "APP_INSECURE: true"),
        # Plain HTTP, a login without TLS: no certificate is left unverified.
        *("MP_SMTP_AUTH_ALLOW_INSECURE: 1", "LEAFWIKI_ALLOW_INSECURE: true"),
        *("HERMES_DASHBOARD_INSECURE: 1", "ARGOCD_SERVER_INSECURE: true"),
    ],
)
def test_safe_and_undecided_values_are_silent(found: Found, variable: str) -> None:
    assert found(service(f"environment: {{{variable}}}"), rule) == []


def test_a_file_of_variables_counts(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {image: x, env_file: s.env}}\n",
        "s.env": "NODE_TLS_REJECT_UNAUTHORIZED=0\n",
    }
    [one] = judge(files, [rule])
    assert (one.span.source.name, one.span.text) == ("s.env", "0")


def test_each_known_variable_has_a_sign_of_the_rule() -> None:
    signs = [sign.partition(":")[2] for sign in rule.when]
    for name in (*CERTIFICATE_VERIFICATION.variables, *unverifying_variables._NAMES):
        assert any(sign in name for sign in signs), name
