"""Secrets that anyone guesses, and those that nobody does."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, strategies as st

from tightship.values.default_secret import is_default_secret

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


def test_random_keys_are_none() -> None:
    random = Random(1)
    keys = [random.randbytes(random.randrange(8, 24)).hex() for _ in range(2_000)]
    assert [one for one in keys if is_default_secret(one)] == []


@given(
    st.lists(st.sampled_from(_DEFAULTS.split()), min_size=1, max_size=3), st.sampled_from("-_. ")
)
def test_defaults_joined_are_one_unless_they_are_long(words: list[str], between: str) -> None:
    text = between.join(words)
    assert is_default_secret(text) is (len(text) <= 60)
