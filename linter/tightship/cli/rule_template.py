"""The files of a new package of rules, for ``tightship rule --new``."""

from __future__ import annotations

from tightship import __version__
from tightship.rules.kit import VERSION

_PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{prefix}-tightship-rules"
version = "0.1.0"
description = "Rules of our own for Tightship"
requires-python = ">=3.11"
dependencies = ["tightship>={version}"]

# The name is the prefix of the rules, and what --rules-from takes.
[project.entry-points."tightship.rules"]
{prefix} = "{module}:PACKAGE"

[tool.hatch.build.targets.wheel]
packages = ["src/{module}"]
"""

_PACKAGE = '''\
"""Rules of our own for Tightship."""

from {module}.tag_differs_from_version import tag_differs_from_version
from tightship.rules.kit import RulePackage

PACKAGE = RulePackage(version={kit}, rules=(tag_differs_from_version,))
'''

_RULE = '''\
"""The tag of an image differs from the version in the file `VERSION`.

Our releases are built from `VERSION`. A service with another tag runs code that nobody
reviewed for this release.

## How to fix

Write the version of `VERSION` as the tag, or change both in one commit.
"""

from tightship.rules.kit import (
    Bad,
    Container,
    Finding,
    Findings,
    Good,
    Related,
    Source,
    Span,
    parse_image,
    read,
    rule,
)

OURS = "registry.example/"


@rule(
    on=Container,
    keys=("image",),
    severity="error",
    references=("Handbook of the platform, releases",),
    examples=(
        Bad(
            {{
                "compose.yaml": """
                    services:
                      web:
                        image: «registry.example/web:1.3»
                """,
                "VERSION": "1.4\\n",
            }}
        ),
        Good(
            {{
                "compose.yaml": """
                    services:
                      web:
                        image: registry.example/web:1.4
                      db:
                        image: postgres:17
                """,
                "VERSION": "1.4\\n",
            }}
        ).because("Images of others have versions of their own."),
        Good(
            {{
                "compose.yaml": """
                    services:
                      web:
                        image: registry.example/web:${{TAG}}
                """,
                "VERSION": "1.4\\n",
            }}
        ).because("Only a run decides the tag."),
    ),
)
def tag_differs_from_version(container: Container) -> Findings:
    """Point at the image of a service with another tag."""
    image = container.text("image")
    version = read(container, "VERSION")
    if image.value is None or not image.value.startswith(OURS) or not isinstance(version, Source):
        return
    wanted = version.text.strip()
    if parse_image(image.value).tag != wanted:
        place = Related(Span(version, 0, len(wanted)), "the version of this release")
        message = f"{{container.title}} runs `{{image.value}}`, and `VERSION` says `{{wanted}}`"
        yield Finding(image.span, message, because=(place,))
'''

_TESTS = '''\
"""The rules as users of Tightship see them: `python -m unittest discover tests`."""

import unittest

import tightship

OPTIONS = tightship.Options(rules_from=["{prefix}"], select=["{prefix}"])


class TagDiffersFromVersion(unittest.TestCase):
    def found(self, image: str) -> list[str]:
        texts = {{
            "compose.yaml": f"services:\\n  web:\\n    image: {{image}}\\n",
            "VERSION": "1.4\\n",
        }}
        result = tightship.check_texts(texts, options=OPTIONS)
        self.assertEqual(result.gaps, 0)
        return [finding.rule for finding in result.findings]

    def test_a_digest_without_a_tag_is_another_version(self) -> None:
        name = "{prefix}/tag-differs-from-version"
        self.assertEqual(self.found("registry.example/web@sha256:" + "0" * 64), [name])

    def test_the_version_is_silent(self) -> None:
        self.assertEqual(self.found("registry.example/web:1.4"), [])


if __name__ == "__main__":
    unittest.main()
'''


def template(prefix: str) -> dict[str, str]:
    """Return the files of a package whose rules have a prefix, by path."""
    module = f"{prefix.replace('-', '_')}_tightship_rules"
    texts = {
        "pyproject.toml": _PROJECT,
        f"src/{module}/__init__.py": _PACKAGE,
        f"src/{module}/py.typed": "",
        f"src/{module}/tag_differs_from_version.py": _RULE,
        "tests/test_rules.py": _TESTS,
    }
    words = {"prefix": prefix, "module": module, "version": __version__, "kit": VERSION}
    return {path: text.format(**words) for path, text in texts.items()}
