"""The options with which ``check`` applies fixes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Parser


def add_fixes(parser: Parser) -> None:
    """Add the options to a parser."""
    group = parser.add_argument_group("fixes")
    add = group.add_argument
    add(
        "--fix",
        action="store_true",
        help="apply the safe fixes: those that leave the running containers as they are",
    )
    add(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff, those that harden, and so may break something, too",
    )
    add(
        "--fix-only",
        action="append",
        default=[],
        metavar="WORDS",
        help="with --fix or --diff, the fixes of these rules only",
    )
    add(
        "--diff",
        action="store_true",
        help="print what the fixes would change as a unified diff, and write nothing",
    )


def fixable(words: list[str]) -> frozenset[str]:
    """Return the names of the rules that words stand for, all of which offer fixes.

    Raises:
        UsageError: if a word stands for no rule, or for none that offers a fix.

    """
    if not words:
        return frozenset()
    from tightship.cli.console import UsageError
    from tightship.engine.settings.selection import guess, named, plain
    from tightship.rules.index import INDEX

    found = set[str]()
    for word in (part.strip() for text in words for part in text.split(",")):
        if not word:
            continue
        rules = named(word, INDEX)
        rules = rules or [rule for rule in INDEX if plain(rule.theme) == plain(word)]
        if not rules:
            near = guess(word, INDEX)
            hint = f"did you mean `{near}`?" if near else "`tightship rule` lists them"
            raise UsageError(f"no rule is called `{word}`; {hint}")
        fixed = {rule.name for rule in rules if rule.load().fix is not None}
        if not fixed:
            raise UsageError(f"`{word}` offers no fix: the right text is not certain")
        found |= fixed
    return frozenset(found)
