"""The rules of other packages: ``--rules-from`` of every command, their tests and a template."""

from __future__ import annotations

import os
import sys

from tightship.cli.console import UsageError
from tightship.rules.definition import OWN, RULES_FROM
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
    from tightship.cli.rule_template import template
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
