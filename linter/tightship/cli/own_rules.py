"""The rules of other packages: ``--rules-from`` of every command, their tests and a template."""

from __future__ import annotations

import os
import sys

from tightship import __version__
from tightship.cli.console import UsageError
from tightship.rules.definition import OWN, RULES_FROM
from tightship.rules.kit import VERSION
from tightship.rules.own import OwnRulesError, use_named_by_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


OPTION = "--rules-from"


def with_own_rules(arguments: Sequence[str]) -> list[str]:
    """Load the packages that a command line or the environment names; return the other words.

    Processes that this one starts read the environment, too.

    Raises:
        UsageError: if a package is not installed, or cannot be used.

    """
    rest, names = list[str](), [os.environ.get(RULES_FROM, "")]
    words = iter(arguments)
    for word in words:
        name, equals, given = word.partition("=")
        if word == "--":
            rest += (word, *words)
        elif name == OPTION:
            names.append(given if equals else next(words, ""))
            if not names[-1]:
                raise UsageError(f"{OPTION} takes the name of a package of rules")
        else:
            rest.append(word)
    os.environ[RULES_FROM] = ",".join(filter(None, names))
    try:
        use_named_by_environment()
    except OwnRulesError as error:
        raise UsageError(str(error)) from None
    return rest


def test(prefixes: Sequence[str]) -> int:
    """Test the rules of packages by their examples and promises; return the exit code.

    Raises:
        UsageError: if a package is not installed, or cannot be used.

    """
    from tightship.engine.rule_examples import problems

    with_own_rules([word for prefix in prefixes for word in (OPTION, prefix)])
    failed = 0
    tested = {one.strip() for word in prefixes for one in word.split(",")}
    for rule in (one for one in OWN if one.theme in tested):
        found = [*problems(rule)]
        failed += bool(found)
        sys.stdout.write(f"{'FAILED' if found else 'ok':7} {rule.name}\n")
        sys.stdout.writelines(f"        {one}\n" for one in found)
    return int(failed > 0)


def write_template(prefix: str) -> int:
    """Write a package with one rule into a new folder; return the exit code.

    Raises:
        UsageError: if the prefix cannot begin the name of a rule, or the folder exists.

    """
    from tightship.cli.output_file import write_file
    from tightship.rules.own import is_free

    if not is_free(prefix):
        raise UsageError(
            f"`{prefix}` cannot begin the names of rules: it is taken, or has other characters"
            " than small letters, digits and `-`"
        )
    folder = f"{prefix}-tightship-rules"
    if os.path.lexists(folder):
        raise UsageError(f"`{folder}` already exists")
    for path, text in template(prefix).items():
        os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
        write_file(f"{folder}/{path}", text)
    sys.stdout.write(
        f"Wrote {folder}, with one rule. Install it for the Python of Tightship, and try it:\n\n"
        f"  pip install --editable {folder}\n"
        f"  tightship rule --test {prefix}\n"
        f"  tightship check --rules-from {prefix}\n"
    )
    return 0


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
        Bad("""
            ==> compose.yaml <==
            services:
              web:
                image: «registry.example/web:1.3»
            ==> VERSION <==
            1.4
        """),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: registry.example/web:1.4
              db:
                image: postgres:17
            ==> VERSION <==
            1.4
        """).because("Images of others have versions of their own."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: registry.example/web:${{TAG}}
            ==> VERSION <==
            1.4
        """).because("Only a run decides the tag."),
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
