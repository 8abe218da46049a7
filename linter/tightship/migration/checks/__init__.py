"""What other linters look for, in our words: the tables of `docs/migrating.md`.

A table has a line for each check: its id in the form of our aliases, what it is about, and
the reason why no rule has this id. Where a rule has the id as an alias, that counts, and
there is no need for a reason.
"""

from __future__ import annotations

REASONS = {
    "": "no rule yet",
    "style": "a matter of style",
    "size": "about the size of images and the speed of builds",
    "pins": "package versions are not asked for: repositories drop old ones",
    "label": "about labels, which have no effect on isolation",
    "tool": "about the choice and the output of tools",
    "registry": "only a registry can tell",
    "comment": "about comments",
    "app": "about one language or framework",
    "windows": "about Windows containers",
    "parts": "about how instructions are divided",
    "operation": "about operation, not isolation",
    "shared": "two services may share a volume for valid reasons",
    "network": "Compose gives each project its own network",
    "owner": "an owner is no weakness: without it, files belong to root",
    "none": "withdrawn by its linter",
}


class PeerCheck:
    """A check of another linter: its id, what it is about, why no rule has this id."""

    def __init__(self, line: str) -> None:
        """Read a line of a table, such as ``DL3003 | cd in RUN | style``."""
        self.id, self.about, reason = (one.strip() for one in line.split("|"))
        self.reason = REASONS[reason]


def checks(table: str) -> list[PeerCheck]:
    """Return the checks in a table."""
    return [PeerCheck(line) for line in table.strip().splitlines()]


def every_check() -> dict[str, list[PeerCheck]]:
    """Return the checks of every linter that there is a table for, by its name."""
    from tightship.migration.checks import dockerfiles, scanners
    from tightship.migration.checks.compose import COMPOSE_LINT, DCLINT
    from tightship.migration.checks.tally import TALLY

    tables = {
        "hadolint": dockerfiles.HADOLINT,
        "BuildKit": dockerfiles.BUILDKIT,
        "tally": TALLY,
        "compose-lint": COMPOSE_LINT,
        "dclint": DCLINT,
        "KICS": scanners.KICS,
        "Trivy": scanners.TRIVY,
        "Checkov": scanners.CHECKOV,
        "Semgrep": scanners.SEMGREP,
    }
    return {linter: checks(table) for linter, table in tables.items()}
