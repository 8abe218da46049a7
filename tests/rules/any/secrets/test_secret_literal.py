"""The rule `secret-literal`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import service
from tests.rules.compose.secrets.conftest import RULES, TOKEN

from tightship.rules.any.secrets.secret_literal import secret_literal

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_an_unused_value_is_no_setting_but_can_be_a_token(judge: Judge) -> None:
    text = f"x-env: {{DB_PASSWORD: hunter2, A: {TOKEN}}}\nservices: {{s: {{image: x}}}}\n"
    [one] = judge(text, RULES)
    assert (one.rule.name, one.span.text) == ("secret-literal", TOKEN)


def test_a_token_under_a_telling_name_is_one_finding(judge: Judge) -> None:
    for body in (
        f"environment: {{API_TOKEN: {TOKEN}}}",
        f"environment: [API_TOKEN={TOKEN}]",
        f"environment: {{API_TOKEN: 'Bearer {TOKEN}'}}",
        f"environment: {{API_TOKEN: '${{T:-{TOKEN}}}'}}",
        f"command: x --token {TOKEN}",
    ):
        [one] = judge(service(body), RULES)
        assert (one.rule.name, one.span.text) == ("secret-literal", TOKEN)
        absorbed = [other.rule.name for other in one.absorbed]
        assert absorbed == ["literal-secret-in-environment"]


def test_a_token_is_found_wherever_it_is_written(found: Found) -> None:
    text = f"""
# old: {TOKEN}
x-notes: &n |
  use {TOKEN}
  and {TOKEN}
services:
  s:
    image: x
    labels: {{{TOKEN}: *n}}
    volumes: ["./a:/{TOKEN}"]  # {TOKEN}
"""
    places = [place.strip().partition("\n")[0] for _, place in found(text, secret_literal)]
    assert places == [TOKEN, "|", TOKEN, TOKEN, TOKEN]


def test_a_token_in_a_later_document_or_file_is_found_once(judge: Judge) -> None:
    files = {
        "compose.yaml": f"services: {{s: {{image: x}}}}\n---\n# {TOKEN}\nx-a: {TOKEN}\n",
        "compose.override.yaml": f"x-b: {TOKEN}\n",
    }
    found = judge(files, [secret_literal])
    names = [one.span.source.name for one in found]
    assert sorted(names) == ["compose.override.yaml", "compose.yaml", "compose.yaml"]
