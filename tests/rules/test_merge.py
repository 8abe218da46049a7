"""What is lost, missed and refused when files are put together: the finer points."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.compose.loading.fault import Fault
from tightship.rules.compose.correctness.contradicting_settings import (
    contradicting_settings,
)
from tightship.rules.compose.correctness.dependency_cycle import dependency_cycle
from tightship.rules.compose.correctness.duplicate_item_across_files import (
    duplicate_item_across_files as duplicate,
)
from tightship.rules.compose.correctness.hardening_lost_in_merge import (
    hardening_lost_in_merge as lost_in_merge,
)
from tightship.rules.compose.correctness.hardening_lost_in_override import (
    hardening_lost_in_override as lost_in_override,
)
from tightship.rules.compose.correctness.incomplete_definition import (
    incomplete_definition,
)
from tightship.rules.compose.correctness.invalid_variable import invalid_variable
from tightship.rules.compose.correctness.override_misses_extending_service import (
    override_misses_extending_service as misses,
)
from tightship.rules.compose.correctness.override_removes_nothing import (
    override_removes_nothing as removes_nothing,
)
from tightship.rules.compose.correctness.security_setting_from_environment import (
    security_setting_from_environment as from_environment,
)
from tightship.rules.compose.correctness.undefined_reference import undefined_reference
from tightship.rules.kit import Bad, Good
from tightship.rules.page import marked
from tightship.text import Source, Span

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Judge

    from tightship.compose.loading.fault import Kind
    from tightship.rules.kit import Rule

RULES = rules_of("compose", "correctness")

MERGE = (lost_in_merge, lost_in_override, misses, removes_nothing, duplicate)


def two(base: str, over: str) -> dict[str, str]:
    return {"compose.yaml": base, "compose.override.yaml": over}


def say(judge: Judge, files: str | dict[str, str], *rules: Rule) -> list[str]:
    return [one.finding.message for one in judge(files, rules)]


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


@pytest.mark.parametrize(
    ("written", "lost"),
    [
        ("read_only: false", "`read_only: true`"),
        ("cap_drop: [NET_RAW]", "`cap_drop: ALL`"),
        ("security_opt: ['seccomp:mine.json']", "`no-new-privileges:true`"),
        (
            "security_opt: ['apparmor=web']",
            "`no-new-privileges:true`, `seccomp=strict.json`",
        ),
        ("ulimits: {nofile: 99, nproc: -1}", "`ulimits.nproc`"),
        ("logging: {driver: json-file}", "`max-size: 10m` of the log"),
        (
            "deploy: {resources: {limits: {memory: 2g}}}",
            "the CPU limit of `1`, the process limit of `100`",
        ),
        (
            "deploy: {replicas: 2}",
            "the memory limit of `1g`, the CPU limit of `1`,"
            " the process limit of `100`",
        ),
    ],
)
def test_what_a_redefined_key_loses(judge: Judge, written: str, lost: str) -> None:
    [message] = say(judge, HARDENED + f"    {written}\n", lost_in_merge)
    assert message.startswith(f"service `web` loses {lost} from `*hardened`: ")


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


def test_what_a_later_file_gives_back_is_not_lost(judge: Judge) -> None:
    base = HARDENED + "    security_opt: ['seccomp=strict.json']\n"
    over = "services: {web: {security_opt: ['no-new-privileges:true']}}\n"
    assert say(judge, base, lost_in_merge) != []
    assert say(judge, two(base, over), lost_in_merge) == []


def test_a_loss_in_the_base_is_told_when_a_later_file_adds_to_the_key(
    judge: Judge,
) -> None:
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


def test_an_item_is_not_listed_again_where_an_heir_has_it(judge: Judge) -> None:
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


@pytest.mark.parametrize(
    ("base", "over", "place"),
    [
        ("privileged: false", "privileged: true", "true"),
        ("user: '1000'", "user: '0:0'", "'0:0'"),
        ("pid: private", "pid: host", "host"),
        ("network_mode: none", "network_mode: host", "host"),
        ("mem_limit: 1g", "mem_limit: 0", "0"),
        ("pids_limit: 9", "pids_limit: -1", "-1"),
        ("ulimits: {nproc: 9}", "ulimits: {nproc: -1}", "-1"),
        ("oom_kill_disable: false", "oom_kill_disable: true", "true"),
        ("logging: {driver: local}", "logging: {driver: none}", "logging"),
        ("cap_drop: [ALL]", "cap_drop: !override [NET_RAW]", "cap_drop"),
        ("cap_drop: [ALL]", "cap_drop: !reset []", "cap_drop"),
        ("read_only: true", "read_only: !reset null", "read_only"),
        (
            "deploy: {resources: {limits: {pids: 9}}}",
            "deploy: {resources: {limits: !reset null}}",
            "limits",
        ),
        ("security_opt: [label=type:a_t]", "security_opt: [label:disable]", "label:d"),
        ("volumes: ['/etc:/e:ro']", "volumes: ['/etc:/e/']", "'/etc:/e/'"),
        (
            "security_opt: [seccomp=a.json]",
            "security_opt: [seccomp=b.json, seccomp=unconfined]",
            "seccomp=unconfined",
        ),
    ],
)
def test_what_a_file_on_top_loses(
    judge: Judge, base: str, over: str, place: str
) -> None:
    files = two(
        f"services:\n  web:\n    image: nginx\n    {base}\n",
        f"services:\n  web:\n    {over}\n",
    )
    [found] = judge(files, [lost_in_override])
    assert found.span.source.name == "compose.override.yaml"
    assert found.span.text.startswith(place)
    assert found.finding.because[0].span.source.name == "compose.yaml"


@pytest.mark.parametrize(
    ("base", "over"),
    [
        ("privileged: false", "privileged: !reset null"),
        ("privileged: false", "privileged: ${PRIVILEGED}"),
        ("user: '1000'", "user: '2000'"),
        ("pid: private", "pid: 'service:web'"),
        ("mem_limit: 1g", "mem_limit: 8g"),
        ("cap_drop: [NET_RAW]", "cap_drop: !override [ALL]"),
        ("volumes: ['./a:/e:ro']", "volumes: ['./a:/e']"),
        ("ports: ['80:80']", "ports: !reset []"),
        ("cap_drop: [ALL]", "cap_drop:"),
    ],
)
def test_what_weakens_nothing_is_no_loss(judge: Judge, base: str, over: str) -> None:
    files = two(
        f"services:\n  web:\n    image: nginx\n    {base}\n",
        f"services:\n  web:\n    {over}\n",
    )
    assert say(judge, files, lost_in_override) == []


def test_a_loss_through_an_override_of_an_anchor_is_the_files(judge: Judge) -> None:
    files = two(HARDENED, "services: {web: {read_only: false}}\n")
    [message] = say(judge, files, lost_in_merge, lost_in_override)
    assert message == (
        "service `web` loses `read_only: true` from `compose.yaml`: it is `false` here"
    )


def test_a_weaker_service_than_the_one_it_extends_is_told(judge: Judge) -> None:
    files = {
        "compose.yaml": """
        services:
          web:
            extends: {file: common.yaml, service: base}
            user: root
        """,
        "common.yaml": "services: {base: {image: nginx, user: '1000'}}\n",
    }
    [message] = say(judge, files, lost_in_override)
    assert message.endswith("`user: 1000` from service `base`: it is `root` here")


def test_one_cause_is_one_finding(judge: Judge) -> None:
    files = two(
        "services: {web: {image: nginx, read_only: true}}\n",
        "services: {web: {read_only: false}}\n",
    )
    [found] = [one for one in judge(files) if one.span.text == "false"]
    assert found.rule is lost_in_override
    assert [one.rule.name for one in found.absorbed] == ["writable-root-filesystem"]


def test_hardening_in_a_file_below_misses_the_heirs_as_well(judge: Judge) -> None:
    files = two(
        "services: {base: {read_only: true}}\n",
        "services: {base: {image: nginx}, web: {extends: base}}\n",
    )
    [found] = judge(files, [misses])
    assert found.span.source.name == "compose.yaml"
    assert "`compose.override.yaml`" in found.finding.message


def test_a_longer_chain_misses_it_too(judge: Judge) -> None:
    files = two(
        """
        services:
          base: {image: nginx, pid: host}
          mid: {extends: base}
          web: {extends: mid}
        """,
        "services: {base: {pid: !reset null}}\n",
    )
    [message] = say(judge, files, misses)
    assert message.startswith("`mid`, `web` extend `base` as it is in `compose.yaml`")


@pytest.mark.parametrize(
    "web",
    [
        "{extends: base, read_only: false}",  # it says so itself
        "{extends: base, read_only: '${READ_ONLY}'}",
        "{image: nginx}",
        "{extends: {file: other.yaml, service: base}}",
    ],
)
def test_what_could_not_arrive_anyway_is_not_missed(judge: Judge, web: str) -> None:
    files = two(
        f"services: {{base: {{image: nginx}}, web: {web}}}\n",
        "services: {base: {read_only: true}}\n",
    )
    files["other.yaml"] = "services: {base: {image: nginx}}\n"
    assert say(judge, files, misses) == []


@pytest.mark.parametrize("key", ["cap_drop", "security_opt"])
def test_no_fix_takes_hardening_away(judge: Judge, key: str) -> None:
    files = two(
        f"services: {{web: {{image: nginx, {key}: [a]}}}}\n",
        f"services: {{web: {{{key}: []}}}}\n",
    )
    [found] = judge(files, [removes_nothing])
    assert found.finding.fix is None


def test_an_empty_service_is_nothing_to_remove(judge: Judge) -> None:
    files = two("services: {web: {image: nginx}}\n", "services: {web: }\n")
    assert say(judge, files, removes_nothing) == []


def test_an_item_twice_in_one_list_is_not_a_matter_of_files(judge: Judge) -> None:
    files = two(
        "services: {web: {image: nginx, security_opt: [a=b, a=b]}}\n",
        "services: {web: {security_opt: [c=d]}}\n",
    )
    assert say(judge, files, duplicate) == []


def test_the_later_file_of_three_has_the_duplicate(judge: Judge) -> None:
    text = "services: {web: {image: nginx, group_add: ['%s']}}\n"
    files = two(
        text % "1",
        f"{text % '2'}---\n{text % '1'}",
    )
    [found] = judge(files, [duplicate])
    assert found.span.start > len(files["compose.override.yaml"]) // 2


@pytest.mark.parametrize(
    "written",
    [
        "user: '0:${GROUP}'",
        "volumes: ['./${NAME}:/a']",
        "volumes: ['$HOME/a:/a', '${PWD}:/b']",
        "privileged: ${P-false}",
        "cap_add: ['${CAPABILITY:-NET_ADMIN}']",
    ],
)
def test_what_is_decided_enough_is_not_told(judge: Judge, written: str) -> None:
    text = f"services:\n  web:\n    image: nginx\n    {written}\n"
    assert say(judge, text, from_environment) == []


def test_variables_of_a_setting_are_named(judge: Judge) -> None:
    text = "services: {web: {image: nginx, user: '${UID_OF_WEB}${MORE:?}'}}\n"
    assert say(judge, text, from_environment) == [
        "`UID_OF_WEB` and `MORE` decide as whom `web` runs,"
        " and no value of them is known here"
    ]


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("undefined", undefined_reference),
        ("disabled", undefined_reference),
        ("exclusive", contradicting_settings),
        ("cycle", dependency_cycle),
        ("template", invalid_variable),
        ("incomplete", incomplete_definition),
    ],
)
def test_each_kind_of_fault_has_its_rule(kind: Kind, rule: Rule) -> None:
    place = Span(Source("compose.yaml", "a"), 0, 1)
    fault = Fault(kind, place, "so it is")
    about_faults = [one for one in RULES if Fault in one.on]
    found = [one.name for one in about_faults if list(one.check(fault))]
    assert found == [rule.name]


def test_a_list_under_a_single_value_is_a_wrong_type(judge: Judge) -> None:
    files = two(
        "services: {web: {image: nginx, cap_add: [BPF]}}\n",
        "services: {web: {cap_add: PERFMON}}\n",
    )
    found = [one.rule.name for one in judge(files, RULES)]
    assert found == ["wrong-type"]


def test_a_value_that_must_be_given_is_no_invalid_variable(judge: Judge) -> None:
    text = "services: {web: {image: nginx, user: '${WEB_UID:?}'}}\n"
    assert say(judge, text, invalid_variable) == []


@pytest.mark.parametrize(
    "web",
    [
        "{image: '${IMAGE}'}",
        "{image: nginx, networks: ['${NETWORK}']}",
        "{image: nginx, volumes: ['${VOLUME}data:/a']}",
        "{image: nginx, volumes: ['${VOLUME}:/a']}",
        "{image: nginx, depends_on: ['${OTHER}']}",
        "{image: nginx, secrets: ['${SECRET}']}",
        "{image: nginx, mem_limit: '${M}', deploy: {resources: {limits: {cpus: '1'}}}}",
        "{image: nginx, cpus: 2, deploy: {resources: {limits: {cpus: '${CPUS}'}}}}",
        "{image: nginx, container_name: web, scale: '${SCALE}'}",
        "{image: nginx, env_file: [missing.env]}",
    ],
)
def test_what_a_variable_leaves_open_is_not_refused(judge: Judge, web: str) -> None:
    about_faults = [one for one in RULES if Fault in one.on]
    assert say(judge, f"services: {{web: {web}}}\n", *about_faults) == []


def examples() -> list[object]:
    return [
        pytest.param(files, id=f"{rule.name}-{index}-{what}")
        for rule in (
            duplicate,
            removes_nothing,
            lost_in_merge,
            lost_in_override,
            misses,
        )
        for index, example in enumerate(rule.examples)
        for what, files in (
            ("written", example.files if isinstance(example, Good) else None),
            ("fixed", example.fixed if isinstance(example, Bad) else None),
        )
        if files is not None
    ]


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="no docker-compose")
@pytest.mark.parametrize("files", examples())
def test_compose_accepts_what_is_good_and_what_is_fixed(
    files: str | dict[str, str], tmp_path: Path
) -> None:
    printed = configuration(files, tmp_path)
    assert printed.returncode == 0, printed.stderr


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="no docker-compose")
def test_a_fixed_reset_removes_what_the_empty_value_did_not(tmp_path: Path) -> None:
    example = removes_nothing.examples[0]
    assert isinstance(example, Bad)
    assert example.fixed is not None
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before = configuration(example.files, tmp_path / "a").stdout
    after = configuration(example.fixed, tmp_path / "b").stdout
    assert "SYS_ADMIN" in before
    assert "privileged: true" in before
    assert "SYS_ADMIN" not in after
    assert "privileged" not in after


def configuration(
    files: str | dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    texts = {"compose.yaml": files} if isinstance(files, str) else files
    for name, text in texts.items():
        (folder / name).write_text(marked(text)[0], encoding="utf-8")
    command = ["docker-compose", "config"]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "READ_ONLY": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
