"""What the fixes of a service that the project builds are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tightship.rules.compose.capabilities.default_capabilities_kept import default_capabilities_kept
from tightship.rules.compose.filesystem.writable_root_filesystem import writable_root_filesystem

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.findings import Fix
    from tightship.rules.definition import Rule

TEMPORARY = ["/tmp:exec", "/var/tmp:exec"]
STEPS_DOWN = "#!/bin/sh\nset -e\nmkdir -p /data\nchown -R app /data\n"
COPIED = "COPY run.sh /usr/local/bin/\nENTRYPOINT [run.sh]\n".replace("[", '["').replace("]", '"]')


def fix(
    judge: Judge,
    dockerfile: str,
    script: str = "",
    body: str = "",
    rule: Rule = default_capabilities_kept,
) -> Fix | None:
    """Return the fix of the one finding."""
    files = {
        "compose.yaml": f"services: {{s: {{build: ., {body}}}}}\n",
        "Dockerfile": dockerfile,
        "run.sh": script,
    }
    [one] = judge(files, [rule])
    return one.finding.fix


def title(
    judge: Judge,
    dockerfile: str,
    script: str = "",
    body: str = "",
    rule: Rule = default_capabilities_kept,
) -> str | None:
    """Return the title of the fix of the one finding."""
    made = fix(judge, dockerfile, script, body, rule)
    return made.title if made else None


def patched(judge: Judge, dockerfile: str, body: str = "") -> str | None:
    """Return what the fix of a writable root file system adds, or ``None``."""
    files = {
        "compose.yaml": f"services:\n  s:\n    build: .\n{body}",
        "Dockerfile": dockerfile,
        "run.sh": 'exec "$@"\n',
        **dict.fromkeys(("site.conf", "a", "b"), "server { listen 80; }\n"),
    }
    [one] = judge(files, [writable_root_filesystem])
    if one.finding.fix is None:
        return None
    return " ".join(edit.text for edit in one.finding.fix.edits)


def items(added: str) -> list[str]:
    """Return the items of ``tmpfs``."""
    return re.findall(r"/[^\s,\]]+(?:,mode=\d+)?", added)
