"""The options that apply fixes, or show them."""

from __future__ import annotations

from tightship.cli.console import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.cli.arguments import Given, Parser
    from tightship.engine.fix.run import Fixing


class FixOptions:
    """Whether fixes are applied or shown as a diff, and which; ``only`` names rules."""

    def __init__(self, given: Given) -> None:
        self.fix: bool = given.get("fix", False)
        self.unsafe: bool = given.get("unsafe_fixes", False)
        self.only: list[str] = given.get("fix_only", [])
        self.diff: bool = given.get("diff", False)
        self.infos: bool = given.get("verbose", False)

    @staticmethod
    def add_to(parser: Parser) -> None:
        """Add the options to a parser."""
        add = parser.add_argument_group("fixes").add_argument
        add(
            "--fix",
            action="store_true",
            help="apply the safe fixes, which do not change the running containers",
        )
        add(
            "--unsafe-fixes",
            action="store_true",
            help="with --fix or --diff, also apply fixes that harden and may break"
            " something;"
            " for infos, add -v",
        )
        add(
            "--fix-only",
            action="append",
            metavar="WORDS",
            help="with --fix or --diff, only the fixes of these rules",
        )
        add(
            "--diff",
            action="store_true",
            help="print the changes of the fixes as a unified diff, and write nothing",
        )

    def fixing(self, *, is_stdin: bool) -> Fixing | None:
        """Return the fixing that a run is to do, if any.

        Raises:
            UsageError: if the options contradict one another, or name no fix.

        """
        if not self.fix and not self.diff:
            if self.unsafe or self.only:
                raise UsageError(
                    "--unsafe-fixes and --fix-only select fixes: add --fix"
                    " to apply them, or --diff to see them"
                )
            return None
        if is_stdin and not self.diff:
            raise UsageError("standard input cannot be fixed in place; --diff shows how")
        from tightship.engine.fix.fixes import FixSelection
        from tightship.engine.fix.run import Fixing

        wanted = FixSelection(unsafe=self.unsafe, names=_fixable(self.only), infos=self.infos)
        return Fixing(wanted, write=not self.diff)


def _fixable(words: list[str]) -> frozenset[str]:
    """Return the names of the rules that words select; all of them offer fixes.

    Raises:
        UsageError: if a word selects no rule, or no rule with a fix.

    """
    if not words:
        return frozenset()
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
            raise UsageError(f"unknown rule `{word}`; {hint}")
        fixed = {rule.name for rule in rules if rule.load().fix is not None}
        if not fixed:
            raise UsageError(f"`{word}` offers no fix: the right text is not certain")
        found |= fixed
    return frozenset(found)
