"""What a premise looks at in the outcome of a project: see tests/lab/premises.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.lab.run import Outcome


def look(outcome: Outcome, see: str) -> str:
    """Return what a premise looks at in the outcome of a project."""
    if see == "logs":
        return outcome.logs.partition("Error response")[0].strip()
    if see == "ports":
        return " ".join(outcome.ports["s"])
    if see == "environment":
        return "\n".join(outcome.inspected["s"]["Config"]["Env"] or ())
    probe = outcome.probes["s"]
    what, _, which = see.partition(":")
    if what == "file":
        content = probe["files"].get(which)
        return content.strip() if isinstance(content, str) else str(content)
    if what == "nnp":
        status = str(probe["files"]["/proc/self/status"])
        return "1" if "NoNewPrivs:\t1" in status else "0"
    if what == "cgroups":
        lines = probe["files"]["/proc/self/cgroup"].splitlines()
        own = all(line.rpartition(":")[2] == "/" for line in lines)
        return "its own" if own else "the host's"
    if what == "propagation":
        for line in probe["files"]["/proc/self/mountinfo"].splitlines():
            before = line.partition(" - ")[0].split()
            if before[4] == which:
                tags = [word.partition(":")[0] for word in before[6:]]
                return "shared" if "shared" in tags else "private"
        return "no mount"
    return str(probe[what].get(which, "") if which else probe[what])
