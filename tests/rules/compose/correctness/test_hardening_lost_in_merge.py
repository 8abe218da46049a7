"""The rule `hardening-lost-in-merge`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.correctness.conftest import HARDENED, say, two

from tightship.rules.compose.correctness.duplicate_item_across_files import (
    duplicate_item_across_files as duplicate,
)
from tightship.rules.compose.correctness.hardening_lost_in_merge import (
    hardening_lost_in_merge as lost_in_merge,
)
from tightship.rules.compose.correctness.hardening_lost_in_override import (
    hardening_lost_in_override as lost_in_override,
)
from tightship.rules.compose.correctness.override_misses_extending_service import (
    override_misses_extending_service as misses,
)
from tightship.rules.compose.correctness.override_removes_nothing import (
    override_removes_nothing as removes_nothing,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("written", "lost"),
    [
        ("read_only: false", "`read_only: true`"),
        ("cap_drop: [NET_RAW]", "`cap_drop: ALL`"),
        ("security_opt: ['seccomp:mine.json']", "`no-new-privileges:true`"),
        ("security_opt: ['apparmor=web']", "`no-new-privileges:true`, `seccomp=strict.json`"),
        ("ulimits: {nofile: 99, nproc: -1}", "`ulimits.nproc`"),
        ("logging: {driver: json-file}", "`max-size: 10m` of the log"),
        (
            "deploy: {resources: {limits: {memory: 2g}}}",
            "the CPU limit of `1`, the process limit of `100`",
        ),
        (
            "deploy: {replicas: 2}",
            "the memory limit of `1g`, the CPU limit of `1`, the process limit of `100`",
        ),
    ],
)
def test_hardening_lost_by_a_redefined_key(judge: Judge, written: str, lost: str) -> None:
    [message] = say(judge, HARDENED + f"    {written}\n", lost_in_merge)
    assert message.startswith(f"service `web` loses {lost} from `*hardened`: ")


MERGE = (lost_in_merge, lost_in_override, misses, removes_nothing, duplicate)


@pytest.mark.parametrize(
    "written",
    [
        "read_only: yes",
        "cap_drop: [all]",
        "security_opt: ['no-new-privileges=true', 'seccomp=other.json']",
        "security_opt: ['${OPTIONS}', 'seccomp=other.json']",
        "ulimits: {nofile: 1, nproc: '${PROCESSES}'}",
        "logging: {driver: local}",
        "deploy: {resources: {limits: {memory: 9g, cpus: '9', pids: 9}}}",
        "environment: {A: b}",
    ],
)
def test_a_redefined_key_that_keeps_it_is_no_loss(judge: Judge, written: str) -> None:
    assert say(judge, HARDENED + f"    {written}\n", *MERGE) == []


def test_hardening_restored_by_a_later_file_is_not_lost(judge: Judge) -> None:
    base = HARDENED + "    security_opt: ['seccomp=strict.json']\n"
    over = "services: {web: {security_opt: ['no-new-privileges:true']}}\n"
    assert say(judge, base, lost_in_merge) != []
    assert say(judge, two(base, over), lost_in_merge) == []


def test_a_loss_in_the_base_is_found_below_a_later_file(judge: Judge) -> None:
    base = HARDENED + "    deploy: {resources: {limits: {memory: 2g, pids: 9}}}\n"
    over = "services: {web: {deploy: {replicas: 2}}}\n"
    [found] = judge(two(base, over), [lost_in_merge])
    assert "the CPU limit" in found.finding.message
    assert (found.span.source.name, found.span.text) == ("compose.yaml", "deploy")


def test_the_first_of_several_anchors_wins(judge: Judge) -> None:
    [found] = judge(
        """
        x-a: &a {security_opt: ["seccomp=a.json"]}
        x-b: &b {security_opt: ["no-new-privileges:true"], read_only: true}
        services:
          web: {<<: [*a, *b], image: nginx}
        """,
        [lost_in_merge],
    )
    assert "`no-new-privileges:true` from `*b`" in found.finding.message
    assert found.span.text == "<<"


def test_a_loss_in_an_anchor_is_one_finding_for_all_services(judge: Judge) -> None:
    [found] = judge(
        """
        x-hard: &hard {cap_drop: [ALL]}
        x-mid: &mid {<<: *hard, cap_drop: [NET_RAW]}
        services:
          web: {<<: *mid, image: nginx}
          api: {<<: *mid, image: nginx}
        """,
        [lost_in_merge],
    )
    assert found.finding.fix is None, "the list is not the service's own"
    assert found.finding.because[-1].message == "service `api` gets it too"


def test_an_inherited_item_is_not_listed_again(judge: Judge) -> None:
    [found] = judge(
        """
        x-hard: &hard {security_opt: ["no-new-privileges:true"]}
        services:
          web: {<<: *hard, image: nginx, security_opt: ["seccomp=a.json"]}
          api: {extends: web, security_opt: ["no-new-privileges:true"]}
        """,
        [lost_in_merge],
    )
    assert found.finding.fix is None
