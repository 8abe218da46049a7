"""Secrets that anyone guesses, and those that nobody does."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.values.default_secret import is_default_secret

# What Compose files of public repositories have.
_DEFAULTS = """
    postgres password root admin example changeme change-me ChangeMe123 CHANGE_ME! dummy secret
    mysecretpassword my-secret-pw _admin_password_ REPLACE-ME your_password_here CAFEBABE 12345678
    P@ssw0rd Pa$$w0rd P@ssw0rd123! s3cr3t minioadmin rabbitmqpassword insecure-dev-key rootpassword
    not-a-real-secret YOUR_API_KEY 0000 guest somewordpress django_password pgadmin4 test1234 qwerty
"""
_SECRETS = """
    hunter2 tr0ub4dor db-78n9n Yukon900 Kx9fQ2 a7b9c 9f86d081884c7d65 correcthorse
    xK8vPq2mZr4 c0ffee13ab77 django-insecure-j8k2 5e884898da28047151d0e56f8dc62927
"""


@pytest.mark.parametrize("text", _DEFAULTS.split())
def test_words_that_mean_nothing_are_a_default(text: str) -> None:
    assert is_default_secret(text)


@pytest.mark.parametrize("text", _SECRETS.split())
def test_anything_else_is_not(text: str) -> None:
    assert not is_default_secret(text)


def test_what_stands_beside_it_is_guessed() -> None:
    assert not is_default_secret("acme2024")
    assert is_default_secret("acme2024", ["ACME_PASSWORD"])
    assert is_default_secret("fleetpass", ["DB_PASSWORD", "fleet"])


@given(st.binary(min_size=8, max_size=32))
def test_random_keys_are_none(data: bytes) -> None:
    # Plain digits, and few letters, are guessed in some of them.
    if len({*data}) > 6 and not data.hex().isdecimal():
        assert not is_default_secret(data.hex())


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    assert is_default_secret(text) in (True, False)
