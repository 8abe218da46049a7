"""``tightship rule``: list the rules, or print their pages."""

from __future__ import annotations

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.engine.settings.selection import guess, named
from tightship.report.terminal import Paint, styled_markdown
from tightship.rules.index import INDEX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.rules.kit import Rule, RuleEntry

_ABOUT = """\
Explains a rule: the problem, why it matters, and how to fix it.
Without a name it lists every rule.
"""

_EPILOG = """\
examples:
  tightship rule
  tightship rule writable-root-filesystem
  tightship rule CL-0007                     the id of another linter
"""


def run(arguments: list[str]) -> int:
    """Print the pages of the named rules, or the list of all; return the exit code."""
    given, output = _parser().read(arguments, "names"), Output()
    names: list[str] = given["names"]
    found = dict.fromkeys(entry for name in names for entry in _find(name))
    rules = [entry.load() for entry in (found if names else INDEX)]
    if given.get("output_format") == "json":
        text = _json(rules, pages=bool(names))
    else:
        paint = Paint(on=output.is_colored(given.get("color", "auto")))
        text = _pages(rules, paint) if names else _list(rules, paint)
    output.write(text)
    output.close()
    return 0


def _find(name: str) -> list[RuleEntry]:
    found = named(name, INDEX)
    if not found:
        near = guess(name, INDEX)
        hint = f"did you mean `{near}`?" if near else "`tightship rule` lists them"
        raise UsageError(f"unknown rule `{name}`; {hint}")
    return found


def _list(rules: Sequence[Rule], paint: Paint) -> str:
    """Return a line for each rule, grouped by theme."""
    lines: list[str] = []
    width = max((len(rule.name) for rule in rules), default=0)
    for theme in dict.fromkeys(rule.theme for rule in rules):
        lines += (
            paint("bold", theme),
            *(
                f"  {rule.name:{width}}  {paint(rule.severity.word, _severity(rule))}"
                f"  {rule.summary}"
                for rule in rules
                if rule.theme == theme
            ),
        )
        lines.append("")
    lines.append("`tightship rule NAME` explains one.")
    return "".join(f"{line}\n" for line in lines)


def _severity(rule: Rule) -> str:
    where = f", {rule.set}" if rule.set != "default" else ""
    return f"{rule.severity.word}{where}".ljust(15)


def _pages(rules: Sequence[Rule], paint: Paint) -> str:
    from tightship.rules.page import page

    return "\n".join(styled_markdown(page(rule), paint) for rule in rules)


def _json(rules: Sequence[Rule], *, pages: bool) -> str:
    from tightship.report.json import SCHEMA, encoder
    from tightship.rules.page import page

    encode = encoder()
    found = ",\n".join(
        encode(
            {
                "name": rule.name,
                "summary": rule.summary,
                "language": rule.language,
                "theme": rule.theme,
                "severity": rule.severity.word,
                "grades": rule.severity_note,
                "set": rule.set,
                "fix": rule.fix.value if rule.fix else None,
                "cis": list(rule.cis),
                "owasp": list(rule.owasp),
                "cwe": list(rule.cwe),
                "references": list(rule.references),
                "aliases": list(rule.aliases),
                "absorbs": [*rule.absorbs, *rule.absorbs_here],
                **({"page": page(rule)} if pages else {}),
            }
        )
        for rule in rules
    )
    return f'{{"schema": {SCHEMA}, "rules": [\n{found}\n]}}\n'


def _parser() -> Parser:
    parser = Parser("rule", "[NAME ...] [options]", _ABOUT, _EPILOG)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="rules, or their ids in other linters"
    )
    parser.add_text_or_json("text (Markdown)")
    parser.add_color()
    return parser
