"""Which variables of a build hold a secret."""

from __future__ import annotations

import pytest

from tightship.values.build_secret import holds_secret, is_listed, names_secret, secret_part


@pytest.mark.parametrize(
    "name", ["APIKEY", "git_key", "SUPER_Secret", "DB_PASSWD", "AUTH_METHOD", "KEY", "MY_PWORD_X"]
)
def test_the_list_of_buildkit(name: str) -> None:
    assert is_listed(name)


@pytest.mark.parametrize(
    "name", ["MONKEY", "KEYBOARD", "PUBLIC_KEY", "TOKEN_VERSION", "SECRET_FILE", "PASS"]
)
def test_names_that_buildkit_does_not_list(name: str) -> None:
    assert not is_listed(name)


@pytest.mark.parametrize(
    "name",
    [
        "NPM_TOKEN",
        "SSH_PRIVATE_KEY",
        "DB_PASS",
        "PGPASSWORD",
        "LICENSE_KEY",
        "NPM_AUTH",
        "GIT_PWORD",
        "AWS_SECRET_ACCESS_KEY",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "GPG_KEY",
        "NGINX_GPGKEY",
        "CACHE_KEY",
        "AUTH_METHOD",
        "ENABLE_AUTH",
        "TOKEN_TTL",
        "PUBLIC_KEY",
        "PASSWORD_FILE",
        "KEYSERVER",
        "SITE_KEY",
    ],
)
def test_names_of_something_else(name: str) -> None:
    assert not names_secret(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GPG_KEY", "E3FF2839C048B25C084DEBE9B26995E310250568"),
        ("GPG_KEYS", "e3ff2839c048b25c084debe9b26995e310250568"),
        ("SIGNING_KEY", "0x0A9AF2115F4687BD29803A206B73A36E6026DFCA 0xB26995E310250568"),
        ("LICENSE_KEY", "none"),
        ("API_AUTH", "oidc"),
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "/run/secrets/db"),
        ("API_TOKEN", "your-token-here"),
        ("TOKEN", "${OTHER}"),
    ],
)
def test_values_that_are_not_secrets(name: str, value: str) -> None:
    assert not holds_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "12345678"),
        ("DB_PASSWORD", "changeme"),
        ("LICENSE_KEY", "lgNvGyhnUKpa5PJi"),
        ("NPM_AUTH", "0123456789abcdef0123456789abcdef"),
    ],
)
def test_values_that_are_secrets(name: str, value: str) -> None:
    assert secret_part(name, value) == value


def test_the_password_of_a_url_is_the_secret() -> None:
    assert secret_part("DATABASE_URL", "postgres://app:hunter2@db/app") == "hunter2"


def test_a_hostile_value_takes_little_time() -> None:
    for value in ("12345678" * 500 + "g", "A" * 100_000, "0x" * 2_000):
        assert secret_part("X_KEY", value) is None
