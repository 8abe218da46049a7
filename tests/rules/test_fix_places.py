"""Where fixes write: at anchors, extended services, overrides and included files."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.compose.capabilities.dangerous_capability import dangerous_capability
from tightship.rules.compose.capabilities.default_capabilities_kept import default_capabilities_kept
from tightship.rules.compose.capabilities.privileged_container import privileged_container
from tightship.rules.compose.filesystem.writable_root_filesystem import writable_root_filesystem
from tightship.rules.compose.mandatory_access.privilege_escalation_allowed import (
    privilege_escalation_allowed,
)
from tightship.rules.compose.resources.unlimited_resources import unlimited_resources

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, FixedFiles

    from tightship.rules.definition import Rule

pytestmark = pytest.mark.usefixtures("known_image")

NAMESPACES = rules_of("compose", "namespaces")

BASE, OVER = "compose.yaml", "compose.override.yaml"


def two(base: str, over: str) -> dict[str, str]:
    return {BASE: f"services: {{s: {{image: x{base}}}}}\n", OVER: f"services: {{s: {{{over}}}}}\n"}


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        # What is added holds whatever is laid over it.
        (
            privilege_escalation_allowed,
            (", security_opt: [a=b]", "security_opt: [c=d]"),
            (", security_opt: [a=b, no-new-privileges:true]", "security_opt: [c=d]"),
        ),
        (
            default_capabilities_kept,
            ("", "cap_drop: [MKNOD]"),
            (", cap_drop: [ALL]", "cap_drop: [MKNOD]"),
        ),
        # But not where a tag cuts it off.
        (
            default_capabilities_kept,
            (", cap_drop: [MKNOD]", "cap_drop: !override [KILL]"),
            (", cap_drop: [MKNOD]", "cap_drop: !override [KILL, ALL]"),
        ),
        (
            default_capabilities_kept,
            ("", "<<: {cap_drop: !override [KILL]}"),
            ("", "<<: {cap_drop: !override [KILL]}, cap_drop: [KILL, ALL]"),
        ),
        (
            unlimited_resources,
            (", pids_limit: -1", "mem_limit: 0"),
            (", pids_limit: 2048", "mem_limit: 512m"),
        ),
        # What is taken out is taken out where it is written.
        (
            dangerous_capability,
            (", cap_add: [SYS_PTRACE]", "cap_add: [CHOWN]"),
            ("", "cap_add: [CHOWN]"),
        ),
        (
            dangerous_capability,
            (", cap_add: [CHOWN]", "cap_add: [SYS_PTRACE]"),
            (", cap_add: [CHOWN]", ""),
        ),
        (
            dangerous_capability,
            (", cap_add: [BPF]", "cap_add: !override [SYS_PTRACE]"),
            (", cap_add: [BPF]", "cap_add: !override []"),
        ),
        (privileged_container, ("", "privileged: true"), ("", "")),
        (
            privileged_container,
            (", privileged: true", "privileged: true"),
            (", privileged: true", "privileged: false"),
        ),
    ],
)
def test_a_fix_is_made_in_the_deciding_file(
    fixed_files: FixedFiles, rule: Rule, before: tuple[str, str], after: tuple[str, str]
) -> None:
    assert fixed_files(two(*before), rule) == two(*after)


@pytest.mark.parametrize("over", ["mem_limit: !reset 0", "<<: {mem_limit: !reset 0}"])
def test_a_reset_setting_is_not_added_below(judge: Judge, over: str) -> None:
    found = judge(two(", pids_limit: 9", over), [unlimited_resources])
    assert [one.finding.fix for one in found] == [None]


def test_an_included_file_is_fixed_where_it_is_written(fixed_files: FixedFiles) -> None:
    main = "include: [sub/compose.yaml]\nservices: {a: {image: x, cap_add: [CHOWN]}}\n"
    text = "services:\n  b:\n    image: x\n    cap_add:\n      - BPF\n    tty: true\n"
    files = {BASE: main, "sub/compose.yaml": text}
    left = fixed_files(files, dangerous_capability)["sub/compose.yaml"]
    assert left == "services:\n  b:\n    image: x\n    tty: true\n"


EXTENDED = """\
services:
  side: {extends: base, security_opt: [a=b]}
  base: {image: x}
"""


@pytest.mark.parametrize(
    ("rule", "added"),
    [
        (privilege_escalation_allowed, "security_opt: [no-new-privileges:true]"),
        (default_capabilities_kept, "cap_drop: [ALL]"),
        (unlimited_resources, "mem_limit: 512m, pids_limit: 2048"),
        (writable_root_filesystem, "read_only: true, tmpfs: [/tmp, /run]"),
    ],
)
def test_missing_settings_are_added_to_an_extended_service_once(
    fixed: Fixed, judge: Judge, rule: Rule, added: str
) -> None:
    left = fixed(EXTENDED, rule)
    assert left == EXTENDED.replace("{image: x}", f"{{image: x, {added}}}")
    assert judge(left, [rule]) == []


def test_a_service_of_another_file_is_left_as_it_is(fixed_files: FixedFiles) -> None:
    base = "services: {base: {image: x, privileged: true}}\n"
    main = "services:\n  s: {extends: {file: base.yaml, service: base}}\n"
    files = {BASE: main, "base.yaml": base}
    left = fixed_files(files, privileged_container)
    assert left["base.yaml"] == base
    assert left[BASE] == main.replace("}}", "}, privileged: false}")


def test_an_alias_is_expanded_before_an_addition(fixed: Fixed) -> None:
    text = "x: &o [a=b, c=d]\nservices:\n  s: {image: x, security_opt: *o}\n"
    left = fixed(text, privilege_escalation_allowed)
    assert left == text.replace("*o", "[a=b, c=d, no-new-privileges:true]")


def test_items_other_than_text_are_not_expanded(judge: Judge) -> None:
    text = "x: &o {cap_drop: [{a: b}]}\nservices:\n  s: {<<: *o, image: x}\n"
    found = judge(text, [default_capabilities_kept])
    assert [one.finding.fix for one in found] in ([], [None])


@pytest.mark.parametrize("gap", ["", "\n", "      # of the next one\n"])
@pytest.mark.parametrize("rest", ["", "    tty: true\n"])
def test_an_empty_list_is_removed(fixed: Fixed, gap: str, rest: str) -> None:
    text = f"services:\n  s:\n    image: x\n    cap_add:\n      - BPF\n{gap}"
    text += f"      - SYS_PTRACE\n      - PERFMON\n{rest}"
    left = fixed(text, dangerous_capability)
    assert left == f"services:\n  s:\n    image: x\n{rest}"


def root(body: str, more: str = "") -> str:
    return f"services:\n  s: {{image: x{body}}}\n{more}"


@pytest.mark.parametrize(
    ("body", "mounted"),
    [
        ("", "/tmp, /run"),
        (", volumes: ['vol:/tmp']", "/run"),
        (", volumes: ['./a:/tmp/a', './b:/run/b']", "/tmp, /run"),
        (", volumes: ['./a:/var/run']", "/tmp"),
        (", volumes: ['./a:/var']", "/tmp, /run"),
        (", volumes: ['${A}:/data', './b:/data/${B}']", "/tmp, /run"),
        (", volumes: ['./b:${B}']", ""),
        (", volumes: ['./b:/t${B}']", "/run"),
        (", volumes: [{type: volume, target: /x/../run/}]", "/tmp"),
        (", volumes: [{type: tmpfs, target: '${T}'}]", ""),
        (", volumes_from: [t]", ""),
        (", configs: [{source: c, target: /run}, d]", "/tmp"),
        (", configs: [tmp]", "/run"),
        (", secrets: [k]", "/tmp, /run"),
    ],
)
def test_a_tmpfs_is_added_where_nothing_is_mounted(fixed: Fixed, body: str, mounted: str) -> None:
    tmpfs = f", tmpfs: [{mounted}]" if mounted else ""
    left = fixed(root(body), writable_root_filesystem)
    assert left == root(f"{body}, read_only: true{tmpfs}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[/cache]", "[/cache, /tmp, /run]"),
        ('["/tmp:size=64m"]', '["/tmp:size=64m", "/run"]'),
        ("[/tmp, /run]", "[/tmp, /run]"),
        ("[]", "[/tmp, /run]"),
        ("/cache", "[/cache, /tmp, /run]"),
        ("'${T}'", "'${T}'"),
        ("['${T}']", "['${T}']"),
    ],
)
def test_an_existing_tmpfs_is_kept(fixed: Fixed, before: str, after: str) -> None:
    left = fixed(root(f", tmpfs: {before}"), writable_root_filesystem)
    assert left == root(f", tmpfs: {after}, read_only: true")


@pytest.mark.parametrize("tmpfs", ["'/cache'", "&t /cache"])
def test_a_text_with_a_special_meaning_gets_no_neighbours(fixed: Fixed, tmpfs: str) -> None:
    text = root(f", tmpfs: {tmpfs}")
    assert fixed(text, writable_root_filesystem) == text


@pytest.mark.parametrize("how", ["extends: s", "<<: *s"])
def test_a_tmpfs_does_not_meet_the_mount_of_a_service_that_shares_it(
    judge: Judge, how: str
) -> None:
    text = dedent(f"""\
        services:
          s: &s
            image: x
          t:
            {how}
            volumes: ["vol:/tmp"]
        """)
    found = judge(text, [writable_root_filesystem])
    assert found[0].finding.fix is None


@pytest.mark.parametrize("key", ["environment: K", "content: k"])
def test_copied_configs_need_a_writable_root(judge: Judge, key: str) -> None:
    text = root(", configs: [c]", f"configs: {{c: {{{key}}}}}\n")
    [one] = judge(text, [writable_root_filesystem])
    assert one.finding.fix is None


@pytest.mark.parametrize(
    ("body", "memory"),
    [
        ("mem_reservation: 256m", "512m"),
        ("mem_reservation: 2g", "2g"),
        ("memswap_limit: 300m", "300m"),
        ("memswap_limit: -1", "512m"),
        ("deploy: {resources: {reservations: {memory: 1g}}}", "1g"),
    ],
)
def test_a_limit_is_no_lower_than_what_is_reserved(fixed: Fixed, body: str, memory: str) -> None:
    left = fixed(root(f", {body}"), unlimited_resources)
    assert left == root(f", {body}, mem_limit: {memory}, pids_limit: 2048")


@pytest.mark.parametrize("body", ["mem_reservation: '${M}'", "shm_size: '${M}'"])
def test_no_limit_is_set_that_the_daemon_may_reject(judge: Judge, body: str) -> None:
    [one] = judge(root(f", {body}"), [unlimited_resources])
    assert one.finding.fix is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "`cap_add`"),
        (", devices: [/dev/net/tun]", "`NET_ADMIN` for `/dev/net/tun`"),
        (", volumes: ['/dev/video0:/dev/video0']", "the device `/dev/video0`"),
        (", volumes: ['/dev:/dev']", "those devices of `/dev` that it uses"),
        (", volumes: ['/lib/modules:/m']", "`SYS_MODULE` for `/lib/modules`"),
        (", pid: host", "`SYS_PTRACE` for `pid: host`"),
    ],
)
def test_the_help_names_capabilities_in_place_of_privileged(
    judge: Judge, body: str, told: str
) -> None:
    [one] = judge(root(f", privileged: true{body}"), [privileged_container])
    assert one.finding.fix is not None
    assert one.finding.fix.may_break.endswith(told)


@pytest.mark.parametrize(
    ("key", "own"),
    [
        ("pid", '""'),
        ("uts", '""'),
        ("userns_mode", '""'),
        ("ipc", "private"),
        ("cgroup", "private"),
    ],
)
@pytest.mark.parametrize("over", [False, True])
def test_a_fix_restores_the_own_namespace(
    fixed_files: FixedFiles, key: str, own: str, over: bool
) -> None:
    name = f"host-{key.replace('userns_mode', 'user')}-namespace"
    [rule] = (one for one in NAMESPACES if one.name == name)
    if over:
        before = two(f", {key}: host", f"{key}: host")
        after = two(f", {key}: host", f"{key}: {own}")
    else:
        text = f"x: &x {{{key}: host}}\nservices: {{s: {{<<: *x, image: x}}}}\n"
        before = {BASE: text}
        after = {BASE: text.replace("image: x", f"image: x, {key}: {own}")}
    assert fixed_files(before, rule) == after
