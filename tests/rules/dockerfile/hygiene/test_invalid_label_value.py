"""The rule `invalid-label-value`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.invalid_label_value import invalid_label_value

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def label(value: str, form: str) -> dict[str, str]:
    """Return a Dockerfile with a label, and a configuration of its form."""
    config = f'[rules.invalid-label-value]\ntypes = {{ "a.*" = "{form}" }}\n'
    return {**image(f'LABEL a.b="{value}" other="{value}"'), "tightship.toml": config}


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("text", ""),
        ("url", "example.com/a"),
        ("url", "https://"),
        ("semver", "1.2"),
        ("semver", "01.2.3"),
        ("semver", "v1.2.3"),
        ("semver", "1.2.3-a..b"),
        ("hash", "main"),
        ("hash", "abc"),
        ("rfc3339", "2026-11-24"),
        ("rfc3339", "2026-13-24T10:00:00Z"),
        ("rfc3339", "2026-11-24T10:00:00"),
        ("rfc3339", "2026-11-31T10:00:00Z"),
        ("rfc3339", "2026-02-30T10:00:00Z"),
        ("spdx", "GPL v3"),
        ("spdx", "MIT or BSD"),
        ("spdx", "not-spdx"),
        ("email", "jane"),
        ("email", "jane@.org"),
        ("email", "jane@example-.org"),
        ("email", "jane@my_host.org"),
    ],
)
def test_an_invalid_value(found: Found, form: str, value: str) -> None:
    there = found(label(value, form), invalid_label_value)
    assert there == [("info", f'"{value}"')]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("text", "x"),
        ("url", "https://example.com/a?b#c"),
        ("semver", "1.2.3-rc.1+5"),
        ("semver", "1.2.3--a-b.1+build-5.x"),
        ("hash", "0123456"),
        ("rfc3339", "2026-11-24T10:00:00Z"),
        ("rfc3339", "2026-11-24T10:00:00.5+01:00"),
        ("rfc3339", "2028-02-29T10:00:00Z"),
        ("rfc3339", "2026-10-31T10:00:00Z"),
        ("spdx", "MIT"),
        ("spdx", "(MIT OR Apache-2.0) AND LicenseRef-x"),
        ("spdx", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("email", "jane@example.com"),
        ("email", "jane.doe+x@mail.my-example.co.uk"),
        ("email", "jane@[192.0.2.1]"),
        ("email", "Jane Doe <jane@example.com>"),
    ],
)
def test_a_valid_value(found: Found, form: str, value: str) -> None:
    assert found(label(value, form), invalid_label_value) == []


def test_the_message_names_form_and_default(judge: Judge) -> None:
    steps = image("ARG URL=x\nLABEL org.opencontainers.image.url=$URL")
    [one] = judge(steps, [invalid_label_value])
    assert one.finding.message.startswith(
        "the value of the label `org.opencontainers.image.url` is not a URL"
    )
    assert "URL" in one.finding.message.partition("not a URL")[2]
