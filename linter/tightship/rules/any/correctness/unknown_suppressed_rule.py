"""The suppression names an unknown rule.

It accepts nothing: the finding still fails the run, or the typo appears only when a
finding occurs later. The rule ignores comments for other linters.

## How to fix

Name the rule as the finding does, in brackets: `# tightship: ignore[root-user]
reason`. A theme means all its rules, and the ids of other linters work, too.
`tightship rule` lists them.
"""

from tightship.rules import Bad, Edit, Finding, Findings, Fix, Good, RuleReference, Suppression, rule  # fmt: skip


@rule(
    on=Suppression,
    severity="warning",
    fix="keeps-behaviour",
    references=("Tightship, suppressing findings",),
    examples=(
        Bad("""
            services:
          -   # tightship: ignore[«root-usr»] it binds port 80 itself
          +   # tightship: ignore[root-user] it binds port 80 itself
              web:
                image: httpd:2.4
                user: root
        """),
        Good("""
            services:
              # tightship: ignore[root-user] it binds port 80 itself
              web:
                image: httpd:2.4
                user: root
        """),
        Good("""
            ==> Dockerfile <==
            # hadolint ignore=DL9999
            FROM alpine:3.22
        """).because("That comment is for another linter."),
    ),
)
def unknown_suppressed_rule(suppression: Suppression) -> Findings:
    """Point at each word that names no rule, or at a comment without any."""
    if not suppression.words:
        yield Finding(
            suppression.span,
            "this comment accepts nothing: name the rules in brackets, as in `ignore[root-user]`",
        )
    for word in suppression.words:
        if not word.rules:
            near = f"; did you mean `{word.guess}`?" if word.guess else ""
            message = f"unknown rule `{word.text}`{near}"
            yield Finding(word.span, message, fix=_correction(word))


def _correction(word: RuleReference) -> Fix | None:
    if word.guess is None:
        return None
    return Fix.keeps(f"Name `{word.guess}`", (Edit(word.span, word.guess),))
