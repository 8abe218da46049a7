"""Make the index of rules from the rules themselves.

    python -m tests.rule_index

Rules keep their order; new ones come last in their theme.
"""

from __future__ import annotations

from pathlib import Path

import tightship.rules
from tightship.rules import index
from tightship.rules.kit import Rule, RuleEntry

RULES = Path(tightship.rules.__file__).parent
HEAD = '''\
"""Every rule, for selection without imports; made by `python -m tests.rule_index`."""

from __future__ import annotations

from tightship.rules.kit import RuleEntry

# fmt: off
INDEX = (
'''


def text() -> str:
    """Return the text of the index."""
    rules = (rule for module in modules() for rule in rules_in(module))
    rows = "".join(f"    {row(rule)},\n" for rule in rules)
    return f"{HEAD}{rows})\n"


def modules() -> list[str]:
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


def rules_in(module: str) -> tuple[Rule, ...]:
    """Return the rule of a module, or the members of its family."""
    path = f"tightship.rules.{module}"
    found = getattr(__import__(path, fromlist=["*"]), module.rpartition(".")[2])
    return (found,) if isinstance(found, Rule) else found


def row(rule: RuleEntry) -> str:
    """Return the entry of a rule as Python; what is as by default is left out."""
    usual = RuleEntry(rule.module, rule.subjects)
    names = ("name", "strict", "aliases", "tags", "has_options", "needs", "keys")
    others = (
        f", {name}={_literal(getattr(rule, name))}"
        for name in names
        if getattr(rule, name) != getattr(usual, name)
    )
    subjects = _literal(rule.subjects)
    return f"RuleEntry({_literal(rule.module)}, {subjects}{''.join(others)})"


def _literal(value: object) -> str:
    return repr(value).replace("'", '"')


def write() -> None:
    """Write the index."""
    Path(index.__file__).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write()
