"""The index of rules, made from the rules themselves.

Rules keep their order; new ones come last in their theme.
"""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import tightship.rules
from tightship.rules import index
from tightship.rules.definition import Rule, RuleEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

RULES = Path(tightship.rules.__file__).parent
HEAD = '''\
"""Every rule, for selection without imports; made by `make generate`."""

from __future__ import annotations

from tightship.rules.definition import RuleEntry

# fmt: off
# Where the names are that a rule file imports from `tightship.rules`.
NAMES = {
'''


def files() -> dict[Path, str]:
    """Return the index."""
    return {Path(index.__file__): _text()}


def _text() -> str:
    # The module that `collections.abc` hands on, without what its package imports.
    names = {name: place.replace("collections.abc", "_collections_abc") for name, place in _names()}
    # Rules that use a new name can be imported from here on.
    index.NAMES.update(names)
    places = fill(
        " ".join(f'"{name}":\0"{place}",' for name, place in names.items()),
        200,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    ).replace("\0", " ")
    rows = "".join(f"    {_row(_rule_in(module))},\n" for module in _modules())
    return f"{HEAD}{places}\n}}\nINDEX = (\n{rows})\n"


def _names() -> Iterator[tuple[str, str]]:
    """Yield the names that type checkers see in the package, and where each comes from."""
    tree = ast.parse((RULES / "__init__.py").read_text("utf-8"))
    block = next(one for one in tree.body if isinstance(one, ast.If))
    for statement in block.body:
        if isinstance(statement, ast.Import):
            yield from ((one.name, f"{one.name}:") for one in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module != "typing":
            for one in statement.names:
                path = f"{statement.module}.{one.name}"
                is_module = (RULES.parents[1] / f"{path.replace('.', '/')}.py").exists()
                name = one.asname or one.name
                own = "" if name == one.name else f":{one.name}"
                yield name, f"{path}:" if is_module else f"{statement.module}{own}"


def _modules() -> list[str]:
    """Return the modules of all rules, below `tightship.rules`, in their order."""
    found = sorted(
        ".".join(path.relative_to(RULES).with_suffix("").parts)
        for path in RULES.glob("*/*/*.py")
        if path.stem != "__init__"
    )
    known = list(dict.fromkeys(entry.module for entry in index.INDEX))
    made = [module for module in known if module in found]
    for module in found:
        if module not in known:
            theme = module.rpartition(".")[0]
            same = [n for n, one in enumerate(made) if one.startswith(f"{theme}.")]
            made.insert(max(same, default=len(made)) + 1, module)
    return made


def _rule_in(module: str) -> Rule:
    """Return the rule of a module."""
    path = f"tightship.rules.{module}"
    found: Rule = getattr(__import__(path, fromlist=["*"]), module.rpartition(".")[2])
    return found


def _row(rule: RuleEntry) -> str:
    """Return the entry of a rule as Python; what is as by default is left out."""
    usual = RuleEntry(rule.module, rule.subjects)
    names = ("strict", "aliases", "tags", "has_options", "needs", "keys", "when", "measure")
    others = (
        f", {name}={_literal(getattr(rule, name))}"
        for name in names
        if getattr(rule, name) != getattr(usual, name)
    )
    subjects = _literal(rule.subjects)
    return f"RuleEntry({_literal(rule.module)}, {subjects}{''.join(others)})"


def _literal(value: object) -> str:
    return repr(value).replace("'", '"')
