"""The rule `unset-variable`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.unset_variable import unset_variable

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

# As docker-compose 2.26.1 warns of it, but for names in defaults that are not taken.
COMPOSE = """\
name: ${PN}
x-a: &a {image: "${XA}"}
include: [inc.yaml]
services:
  web:
    <<: *a
    environment:
      - A=${B1:-$B2}
      - C=${B3-${B4}}
      - D=${SET:-$B5}
      - E=${EMPTY:-$B6}
      - F=${EMPTY-$B7}
      - G=${SET:+$B8}
      - H=${U:+$B9}
      - I=$$B10 $B11.x
      - "${KEY}=1"
    labels: {"${LK}": x}
    command: sh -c "echo ${B13} $1 $(x)"
    ports: !reset ["${B14}"]
  ext: {extends: {file: base.yaml, service: b}}
configs: {c: {content: "${B15}"}}
volumes: {v: {labels: ["${B16}"]}}
"""
FILES = {
    "compose.yaml": COMPOSE,
    "compose.override.yaml": "services: {web: {image: '${OV}'}}\n",
    "inc.yaml": "services: {i: {image: '${IN}'}}\n",
    "base.yaml": "services: {b: {image: '${EXB}'}, unused: {image: '${EXU}'}}\n",
    ".env": "SET=1\nEMPTY=\n",
}
NAMES = "PN XA B2 B4 B6 B8 B11 KEY B13 EXB EXU B15 B16 OV IN"


def test_findings_in_all_files_agree_with_the_warnings_of_compose(judge: Judge) -> None:
    [one] = judge(FILES, [unset_variable])
    shown = [part.split("`")[0] for part in one.finding.message.split("`")[1::2]]
    assert set(shown) < set(NAMES.split())
    assert len(shown) == 10
    assert "and 5 more have no value in the files" in one.finding.message
    assert len(one.finding.because) == 9


def test_a_project_has_one_info_at_the_first_use(judge: Judge) -> None:
    text = "services:\n  a: {image: 'x:${TAG}', user: $WHO}\n  b: {image: 'x:${TAG}'}\n"
    [one] = judge(text, [unset_variable])
    assert (one.severity.word, one.span.text) == ("info", "'x:${TAG}'")
    assert one.finding.message == (
        "`TAG` and `WHO` have no value in the files: unless your environment sets them,"
        " Compose puts an empty text there"
    )
    [other] = one.finding.because
    assert (other.span.text, other.message) == ("$WHO", "`WHO` is first used here")


@pytest.mark.parametrize(
    "text",
    [
        "services: {a: {image: 'x:${TAG:-1}'}}\n",
        "services: {a: {image: 'x:${TAG-}'}}\n",
        "services: {a: {image: 'x:${TAG:?set it}', user: '${TAG}'}}\n",
        "services: {a: {image: 'x:1', user: '${A:+1}'}}\n",
        "services: {a: {image: 'x:1', command: 'echo $$A ${B:-$${C}}'}}\n",
        "services: {a: {image: 'x:1', environment: [A, B]}}\n",
        "services: {a: {image: 'x:1', volumes: ['$HOME/x:/x', '${PWD}:/y']}}\n",
        "services: {a: {image: 'x:1', command: 'echo $1 $(id) 5$'}}\n",
        "services: {a: {image: 'x:${BAD/x}'}}\n",
        "# ${COMMENT}\nservices: {a: {image: 'x:1'}}\n",
    ],
)
def test_variables_with_a_value_default_or_error_are_silent(found: Found, text: str) -> None:
    assert found(text, unset_variable) == []


def test_variable_files_set_the_variable(found: Found) -> None:
    text = "services: {a: {image: 'x:${TAG}'}}\n"
    assert found({"compose.yaml": text, ".env": "TAG=\n"}, unset_variable) == []
    assert found({"compose.yaml": text, ".env": "OTHER=1\n"}, unset_variable)
