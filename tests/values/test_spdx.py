"""SPDX licence expressions, with the reader of Python's packages as an oracle."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from tightship.values.spdx import spdx_problem

WORDS = [
    *("MIT", "mit", "Apache-2.0", "GPL-2.0+", "GPL-2.0-only", "LicenseRef-x", "not-spdx"),
    *("AND", "or", "WITH", "Classpath-exception-2.0", "(", ")"),
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9))
def test_expressions_are_read_as_by_packages_of_python(words: list[str]) -> None:
    text = " ".join(words)
    try:
        accepted = bool(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        accepted = False
    assert (spdx_problem(text) is None) == accepted


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Apache-2", "list 3.27 has no licence `Apache-2`; did you mean `Apache-2.0`?"),
        ("not-spdx", "list 3.27 has no licence `not-spdx`"),
        ("MIT WITH Classpath", "list 3.27 has no exception `Classpath`"),
        ("MIT Apache-2.0", "`Apache-2.0` is in the place of `AND`, `OR` or `WITH`"),
        ("MIT AND", "a licence is missing"),
        ("MIT WITH", "an exception is missing"),
        ("(MIT", "its parentheses do not match"),
        ("MIT)", "its parentheses do not match"),
    ],
)
def test_the_problem_says_what_to_write(text: str, problem: str) -> None:
    assert spdx_problem(text) == problem


def test_references_of_a_document_and_additions_are_names() -> None:
    assert spdx_problem("DocumentRef-a:LicenseRef-b WITH AdditionRef-c") is None
