"""What tests of rules about several files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.definition import Rule

HARDENED = """
x-hardened: &hardened
  read_only: true
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true", "seccomp=strict.json"]
  ulimits: {nofile: 1024, nproc: 100}
  logging: {options: {max-size: 10m}}
  deploy: {resources: {limits: {memory: 1g, cpus: "1", pids: 100}}}
services:
  web:
    <<: *hardened
    image: nginx
"""


def two(base: str, over: str) -> dict[str, str]:
    return {"compose.yaml": base, "compose.override.yaml": over}


def say(judge: Judge, files: str | dict[str, str], *rules: Rule) -> list[str]:
    return [one.finding.message for one in judge(files, rules)]
