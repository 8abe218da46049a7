"""Profiles and grades: what they count, and that hardening never lowers a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.engine.disk.files import Files
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import named
from tightship.engine.plan.job import project_files
from tightship.frontends.compose.loading.invocation import Options
from tightship.isolation.profile import GRADES, Profile, grade_of, is_below
from tightship.isolation.weakness import HOST, WEAKNESSES
from tightship.rules import every_rule
from tightship.rules.example import Bad, marked

if TYPE_CHECKING:
    from tightship.isolation.weakness import Weakness
    from tightship.rules.definition import Rule


def profiles(texts: dict[str, str]) -> dict[str, Profile]:
    main = f"/nowhere/{next(iter(texts))}"
    disk = Files("/nowhere", {f"/nowhere/{name}": text for name, text in texts.items()})
    loaded = load_project(disk, project_files(disk, named(main), Options()))
    return {one.name: Profile(one) for one in loaded.containers}


def profile(body: str) -> Profile:
    [one] = profiles({"compose.yaml": f"services: {{s: {{{body}}}}}\n"}).values()
    return one


@pytest.mark.parametrize(
    ("body", "grade"),
    [
        ("image: 'nginx:1.29'", "D"),
        ("image: 'example/app:1'", "D"),
        ("image: 'example/app:1', user: '1000'", "D"),
        ("image: 'nginx:1.29', read_only: true, cap_drop: [ALL]", "C"),
        (
            "image: a, user: '1', read_only: true, cap_drop: [ALL], mem_limit: 1g,"
            " pids_limit: 9, security_opt: ['no-new-privileges:true']",
            "A",
        ),
        (
            "image: a, read_only: true, cap_drop: [ALL], mem_limit: 1g, cpus: 1,"
            " pids_limit: 9, security_opt: ['no-new-privileges:true']",
            "A-B",
        ),
        ("image: 'nginx:1.29', network_mode: host", "E"),
        ("image: a, privileged: true, user: '1', read_only: true", "F"),
        ("image: a, cap_add: [SYS_ADMIN], cap_drop: [ALL]", "F"),
        ("image: a, volumes: ['/run/docker.sock:/run/docker.sock:ro']", "F"),
        ("image: a, pid: host, cap_add: [SYS_PTRACE]", "F"),
        ("image: a, device_cgroup_rules: ['b *:* rwm']", "F"),
        ("image: a, device_cgroup_rules: ['b *:* rwm'], cap_drop: [MKNOD]", "D-E"),
        ("image: a, privileged: '${X}'", "D-F"),
        ("image: a, privileged: '${X}', cap_add: [NET_ADMIN]", "D-F"),
    ],
)
def test_a_grade_is_the_sum_of_weaknesses(body: str, grade: str) -> None:
    assert profile(body).grade == grade


def test_unknown_values_count_in_the_worst_case_only() -> None:
    unknown = profile("image: 'example/app:1'")
    assert [row.mark for row in unknown.rows if row.mechanism == "user"] == ["unknown"]
    assert "root" not in [one.name for one in unknown.weaknesses]
    root = profile("image: 'example/app:1', user: root")
    other = profile("image: 'example/app:1', user: '1'")
    assert (unknown.best, unknown.worst) == (other.best, root.worst)


@pytest.mark.parametrize(
    ("setting", "is_any"),
    [
        ("volumes: ['${DATA}:/data']", True),
        ("volumes: [{type: bind, source: '${DATA}', target: /data}]", True),
        ("volumes_from: ['container:other']", True),
        ("volumes_from: ['${OTHER}']", True),
        ("devices: ['${DISK}:/dev/x']", True),
        # These stay in the project, below a folder, or have a known meaning.
        ("volumes: ['./${DATA}:/data']", False),
        ("volumes: ['${DATA}/images:/data']", False),
        ("volumes: ['${DATA:-data}:/data']", False),
        ("volumes: ['${PWD}:/data']", False),
        ("devices: ['/dev/${TTY}']", False),
    ],
)
def test_an_undecided_path_can_be_any_path(setting: str, is_any: bool) -> None:
    found = profile(f"image: 'nginx:1.29', {setting}")
    assert found.best != "F"
    assert (found.worst == "F") is is_any


def test_a_volume_with_an_undecided_device_can_be_any_path() -> None:
    text = (
        "services: {s: {image: 'nginx:1.29', volumes: ['data:/data']}}\n"
        "volumes: {data: {driver_opts: {type: none, o: bind, device: '${DEVICE}'}}}\n"
    )
    [found] = profiles({"compose.yaml": text}).values()
    assert (found.best, found.worst) == ("E", "F")


def test_each_weak_row_has_a_weakness_and_no_strong_one_has() -> None:
    for texts in _texts_of_examples():
        for one in profiles(texts).values():
            for row in one.rows:
                assert bool(row.weaknesses or row.possible) <= (row.mark != "strong")
                assert row.mark != "weak" or row.weaknesses, (row.mechanism, texts)
                assert not row.possible or row.mark != "strong"


HARDENING = {
    "read_only": "true",
    "user": "'1000'",
    "cap_drop": "[ALL]",
    "security_opt": "['no-new-privileges:true']",
    "mem_limit": "64m",
    "cpus": "1",
    "pids_limit": "9",
    "privileged": "false",
    "ipc": "private",
    "cgroup": "private",
}
WEAKENING = (
    "privileged: true",
    "privileged: '${P}'",
    "pid: host",
    "network_mode: host",
    "uts: host",
    "userns_mode: host",
    "cap_add: [NET_ADMIN]",
    "cap_add: [SYS_ADMIN, SYS_PTRACE]",
    "cap_add: ['${C}']",
    "devices: [/dev/sda, /dev/dri]",
    "device_cgroup_rules: ['b *:* rwm']",
    "volumes: [/:/host, /etc:/e:ro, /run/docker.sock:/s, ./d:/d]",
    "volumes: ['${V}:/v']",
    "group_add: [docker]",
    "post_start: [{command: a, privileged: true}]",
)


@given(
    st.sampled_from(["image: a", "image: 'nginx:1'", "image: 'redis:7'"]),
    st.sets(st.sampled_from(WEAKENING)),
    st.lists(st.sampled_from(sorted(HARDENING)), unique=True),
)
def test_more_hardening_never_lowers_a_grade(image: str, weak: set[str], keys: list[str]) -> None:
    chosen = {one.partition(":")[0]: one for one in weak}
    last = None
    for count in range(len(keys) + 1):
        settings = {**chosen} | {key: f"{key}: {HARDENING[key]}" for key in keys[:count]}
        now = profile(", ".join((image, *settings.values())))
        if last is not None:
            assert not is_below(now.best, last.best), (settings, now.weaknesses)
            assert not is_below(now.worst, last.worst), (settings, now.weaknesses)
        last = now


@given(st.sets(st.sampled_from(WEAKNESSES)), st.sampled_from(WEAKNESSES))
def test_another_weakness_is_never_better(some: set[Weakness], one: Weakness) -> None:
    before = grade_of(some)
    after = grade_of({*some, one})
    assert not is_below(before, after)
    assert any(w.points >= HOST for w in {*some, one}) == (after == "F")


def _examples() -> list[tuple[Rule, Bad]]:
    return [
        (rule, example)
        for rule in every_rule()
        if rule.language == "compose"
        for example in rule.examples
        if isinstance(example, Bad)
    ]


def _texts(files: str | dict[str, str]) -> dict[str, str]:
    texts = files if isinstance(files, dict) else {"compose.yaml": files}
    return {name: marked(text)[0] for name, text in texts.items()}


def _texts_of_examples() -> list[dict[str, str]]:
    return [_texts(example.files) for _, example in _examples()]


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        pytest.param(rule, example, id=f"{rule.name}-{number}")
        for number, (rule, example) in enumerate(_examples())
        if example.fixed is not None
    ],
)
def test_no_bad_example_is_better_than_the_fixed_one(rule: Rule, example: Bad) -> None:
    assert example.fixed is not None
    before, after = profiles(_texts(example.files)), profiles(_texts(example.fixed))
    for name in before.keys() & after.keys():
        assert not is_below(after[name].best, before[name].best), rule.name


def test_there_is_a_grade_for_every_sum() -> None:
    assert {grade_of([one]) for one in WEAKNESSES} <= {*GRADES}
    assert grade_of([]) == "A"
    assert grade_of(WEAKNESSES) == "F"
