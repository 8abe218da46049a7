"""``tightship rule``: list the rules, or print their pages."""

from __future__ import annotations

from tightship.cli.arguments import Parser
from tightship.cli.console import Output, UsageError
from tightship.engine.settings.selection import guess, named, of_theme_or_set, plain
from tightship.report.terminal import Paint, styled_markdown
from tightship.rules.definition import known_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.rules.definition import Rule, RuleEntry

_ABOUT = """\
Explains a rule: the problem, why it matters, and how to fix it.
A theme or a set lists its rules. Without a name, every rule is listed.
"""

_EPILOG = """\
examples:
  tightship rule
  tightship rule writable-root-filesystem
  tightship rule capabilities                the rules of a theme
  tightship rule CL-0007                     the id of another linter
  tightship rule hadolint:DL3007 AVD-DS-0002 CKV_DOCKER_3
  tightship rule --new corp                  a package of own rules
  tightship rule --test corp                 its examples, and what its pages lack

exit codes:
  0  printed, or written; with --test, all examples are true
  1  with --test, some are not, or a page lacks something
  2  invalid arguments
"""


def run(arguments: list[str]) -> int:
    """Print the pages of the named rules, or the list of all; return the exit code."""
    given, output = parser().read(arguments, "names"), Output()
    if "test" in given or "new" in given:
        from tightship.cli import own_rules

        if "new" in given:
            if given["names"]:
                raise UsageError("--new takes one name: a package has one prefix")
            return own_rules.write_template(given["new"])
        return own_rules.test(given["test"])
    names: list[str] = given["names"]
    explained, listed = _found(names) if names else ({}, dict.fromkeys(known_rules()))
    pages = [entry.load() for entry in explained]
    rules = [entry.load() for entry in listed if entry not in explained]
    if given.get("output_format") == "json":
        text = _json(pages, rules)
    else:
        from tightship.rules.page import page

        paint = Paint(on=output.is_colored(given.get("color", "auto")))
        text = "\n".join(styled_markdown(page(rule), paint) for rule in pages)
        if listed:
            text += ("\n" if text else "") + _list(rules, paint)
    output.close(text)
    return 0


def _found(names: Sequence[str]) -> tuple[dict[RuleEntry, None], dict[RuleEntry, None]]:
    """Return the rules that are named, and those of the named themes and sets."""
    explained: dict[RuleEntry, None] = {}
    listed: dict[RuleEntry, None] = {}
    for name in names:
        found = named(name, known_rules())
        # A name that a part of the rule had, too, is its own first of all.
        found = [one for one in found if one.name == plain(name)] or found
        explained |= dict.fromkeys(found)
        if found:
            continue
        found = of_theme_or_set(name, known_rules())
        listed |= dict.fromkeys(found)
        if not found:
            near = guess(name, known_rules())
            hint = f"did you mean `{near}`?" if near else "`tightship rule` lists them"
            raise UsageError(f"unknown rule, theme or set `{name}`; {hint}")
    return explained, listed


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


def _json(explained: Sequence[Rule], listed: Sequence[Rule]) -> str:
    """Return the data of rules; only those that are explained have their pages."""
    from tightship.report.json import SCHEMA, encoder
    from tightship.rules.catalogues import BUILT_IN, numbers_in
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
                "fix": rule.fix.applicability if rule.fix else None,
                "effect": rule.fix.value if rule.fix else None,
                **{name: [*numbers_in(name, rule.name)] for name in BUILT_IN},
                "cwe": list(rule.cwe),
                "references": list(rule.references),
                "aliases": list(rule.aliases),
                "absorbs": [*rule.absorbs, *rule.absorbs_here],
                **({"page": page(rule)} if rule in explained else {}),
            }
        )
        for rule in (*explained, *listed)
    )
    return f'{{"schema": {SCHEMA}, "rules": [\n{found}\n]}}\n'


def parser() -> Parser:
    """Return the parser of the command line."""
    made = Parser("rule", "[NAME ...] [options]", _ABOUT, _EPILOG)
    made.add_argument(
        "names", nargs="*", metavar="NAME", help="rules, their ids in other linters, themes or sets"
    )
    group = made.add_argument_group("own rules", "See own-rules.md.")
    which = group.add_mutually_exclusive_group()
    which.add_argument("--new", metavar="PREFIX", help="write a package of rules into a new folder")
    which.add_argument(
        "--test",
        action="append",
        metavar="PREFIX",
        help="test the rules of an installed package by their examples",
    )
    made.add_rules_from()
    made.add_text_or_json("text (Markdown)")
    made.add_color()
    return made
