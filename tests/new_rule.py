"""Make a new rule: its file, with what every rule needs, and its tests.

    .venv/bin/python tests/new_rule.py compose namespaces host-time-namespace
    .venv/bin/python tests/new_rule.py dockerfile supply_chain unverified-clone

What it writes passes the contract tests but for what only its author can say: the
examples, which do not hold until the rule finds what they mark.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

TEMPLATE = '''\
"""One sentence: what is wrong, in the reader's words.

Why it matters: what an attacker does with it, and which mechanism of isolation it
takes away. Give the source of what you claim.

## How to fix

What to write instead, and what to look out for.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, rule


@rule(
    on=Container,
    severity="warning",
    references=("Compose Specification, services, …",),
    examples=(
        Bad("""
            services:
              «web»:
                image: nginx
        """),
        Good("""
            services:
              web:
                image: nginx
                init: true
        """),
    ),
)
def {function}(container: Container) -> Findings:
    """Point at …, or at the service that …."""
    init = container.flag("init")
    if init.could_be(True):
        return
    yield Finding(init.span, f"{{container.title}} …")
'''


DOCKERFILE_TEMPLATE = '''\
"""One sentence: what is wrong, in the reader's words.

Why it matters: what an attacker does with it, and which mechanism of isolation it
takes away. Give the source of what you claim.

## How to fix

What to write instead, and what to look out for.
"""

from tightship.rules import Bad, Finding, Findings, Good, Run, rule


@rule(
    on=Run,
    severity="warning",
    references=("Dockerfile reference, RUN",),
    examples=(
        Bad("""
            FROM alpine:3.22
            RUN apk add --no-cache curl && «telnetd»
        """),
        Good("""
            FROM alpine:3.22
            RUN apk add --no-cache curl
        """),
    ),
)
def {function}(run: Run) -> Findings:
    """Point at each command that …."""
    for call in run.calls:
        if call.program is not None and call.program.name == "telnetd":
            yield Finding(call.program.word.span, "this step …")
'''


TESTS = '''\
"""The rule `{name}`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

{imported}
if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize("{argument}", {silent})
def test_safe_and_undecided_values_are_silent(found: Found, {argument}: str) -> None:
    files = {files}
    assert found(files, {function}) == []
'''
SILENT = {
    "compose": {
        "argument": "body",
        "silent": '["init: yes", "init: \'${INIT}\'"]',
        "files": 'f"services:\\n  s: {{image: x, {body}}}\\n"',
    },
    "dockerfile": {
        "argument": "step",
        "silent": '["RUN true", "RUN $COMMAND"]',
        "files": '{"Dockerfile": f"FROM alpine:3.22\\n{step}\\n"}',
    },
}


def main(language: str, theme: str, name: str) -> int:
    """Write the rule and its tests, and say what is left to do."""
    if not re.fullmatch(r"[a-z]+(-[a-z]+)+", name):
        print(f"{name}: a rule is named after the bad pattern, in kebab-case")
        return 2
    folder = ROOT / "linter" / "tightship" / "rules" / language / theme
    if not (folder / "__init__.py").exists():
        known = sorted(p.parent.name for p in folder.parent.glob("*/__init__.py"))
        print(f"{language}/{theme}: no such theme; there are {', '.join(known)}")
        return 2
    function = name.replace("-", "_")
    file = folder / f"{function}.py"
    if file.exists():
        print(f"{file.relative_to(ROOT)}: is there already")
        return 2
    template = DOCKERFILE_TEMPLATE if language == "dockerfile" else TEMPLATE
    file.write_text(template.format(function=function), encoding="utf-8")
    imported = _import(language, theme, function)
    tests = ROOT / "tests" / "rules" / language / theme / f"test_{function}.py"
    tests.parent.mkdir(parents=True, exist_ok=True)
    silent = SILENT["dockerfile" if language == "dockerfile" else "compose"]
    text = TESTS.format(name=name, imported=imported, function=function, **silent)
    tests.write_text(text, encoding="utf-8")
    print(f"{file.relative_to(ROOT)}: write the page, the examples and the rule")
    print(f"{tests.relative_to(ROOT)}: write the edge cases")
    print("then: make generate, and read the diff")
    return 0


def _import(language: str, theme: str, function: str) -> str:
    """Return the statement that imports the rule, as ruff formats it."""
    module = f"tightship.rules.{language}.{theme}.{function}"
    line = f"from {module} import {function}\n"
    return line if len(line) <= 89 else f"from {module} import (\n    {function},\n)\n"


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print((__doc__ or "").strip())
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
