"""What the brief text leaves out, in few lines: infos by kind, and hardening to be tried."""

from __future__ import annotations

from tightship.report.groups import MissingHardening, command_on
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.verdict import JudgedFinding, Verdict

_MOST_PROJECTS, _FEW_PROJECTS = 5, 2  # of more, these have a line
_MOST_KINDS = 6

# With the ends of a noun and a verb for one finding or several. Other rules have their names.
KINDS = {
    "base-image-past-end-of-life": "unsupported base{s}",
    "dangerous-capability": "added capability group{s}",
    "default-capabilities-kept": "with all default capabilities",
    "deprecated-maintainer": "MAINTAINER instruction{s}",
    "floating-base-image": "base{s} with a tag that moves",
    "heredoc-without-errexit": "heredoc{s} without `set -e`",
    "image-past-end-of-life": "unsupported image{s}",
    "image-runs-as-root": "image{s} run{v} as root",
    "inconsistent-casing": "keyword{s} in another case",
    "latest-base-image": "base{s} with the tag `latest`",
    "legacy-key-value": "ENV or LABEL line{s} without `=`",
    "literal-secret-in-environment": "password{s} in the file",
    "mutable-image-tag": "image{s} with a tag that moves",
    "privilege-escalation-allowed": "without no-new-privileges",
    "obsolete-version": "`version` key{s}",
    "relative-copy-destination": "relative copy target{s}",
    "secret-in-build-argument": "secret{s} in a build argument",
    "sensitive-host-path-writable": "writable host path{s}",
    "sensitive-port-published": "published internal port{s}",
    "shell-form-entrypoint": "entrypoint{s} in shell form",
    "sudo-in-image": "image{s} with `sudo`",
    "unlimited-resources": "without limits",
    "untagged-base-image": "base{s} without a tag",
    "unverified-download": "unverified download{s}",
    "whole-file-system-copied": "cop{ies} of a whole file system",
    "writable-root-filesystem": "writable root{s}",
}
"""What findings of a rule are, in few words."""


class Unshown:
    """Counts findings that are not shown; of hardening to be tried, each project has a line."""

    def __init__(self) -> None:
        self._kinds: dict[str, int] = {}
        self._lines: dict[str, int] = {}  # with the number of services
        self._others = self._services = 0  # projects without a line, and their services

    def add(self, findings: Iterable[JudgedFinding], verdict: Verdict, main: str) -> None:
        """Add findings of a project; ``main`` is the path of its main file as it is typed."""
        unknown: list[JudgedFinding] = []
        for one in findings:
            if one.lacks_hardening and one.finding.fix is None and not one.finding.advice:
                unknown.append(one)
            else:
                self._kinds[one.rule.name] = self._kinds.get(one.rule.name, 0) + 1
        if not unknown:
            return
        lacking = MissingHardening(unknown, verdict.noun)
        if len(self._lines) < _MOST_PROJECTS:
            whose = "its" if lacking.count == 1 else "their"
            line = f"{main}: {lacking.lack}; {whose} needs are not known yet"
            if verdict.noun == "service":  # others cannot be tried
                line += f": `tightship {command_on('try', main)}` finds them"
            self._lines[line] = lacking.count
        else:
            self._others += 1
            self._services += lacking.count

    def untried(self) -> Iterator[str]:
        """Yield a line for each project with services whose needs are unknown."""
        lines = [*self._lines]
        if not self._others:
            yield from lines
            return
        yield from lines[:_FEW_PROJECTS]
        folded = lines[_FEW_PROJECTS:]
        services = self._services + sum(self._lines[line] for line in folded)
        more = f"{services} services of {self._others + len(folded)} more projects"
        yield f"{more} lack hardening, too: their needs are not known yet (`-v`)"

    def kinds(self) -> str:
        """Return how many findings of which kind are not shown, the most frequent first."""
        rules = sorted(self._kinds, key=lambda name: -self._kinds[name])
        words = [_kind(name, self._kinds[name]) for name in rules[:_MOST_KINDS]]
        if more := sum(self._kinds[name] for name in rules[_MOST_KINDS:]):
            words.append(counted(more, "other info"))
        return f"Also: {', '.join(words)} (`-v`)." if words else ""


def _kind(rule: str, number: int) -> str:
    one = number == 1
    words = KINDS.get(rule)
    if words is None:
        return f"{rule} ({number})"
    ends = {"s": "", "v": "s", "ies": "y"} if one else {"s": "s", "v": "", "ies": "ies"}
    return f"{number} {words.format_map(ends)}"
