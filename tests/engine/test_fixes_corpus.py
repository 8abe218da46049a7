"""All fixes, on real projects and made ones: Compose takes what they leave.

It sees what was meant, and nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from ruamel.yaml import YAML
from tests.checking import check

from tightship.engine.check import Filters
from tightship.engine.fix.fixes import FixSelection
from tightship.engine.fix.proof import check_yaml
from tightship.engine.fix.run import Fixing
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.engine.verdict import JudgedFinding

ROOT = Path(__file__).parents[2]
CORPUS = (ROOT.parent / "shared" / "corpus").resolve()
CASES = ROOT / "tests" / "projects"
PROJECTS = sorted(
    {
        path.parent
        for top in (CORPUS, CASES)
        for path in top.glob("**/compose.y*ml")
        if "expected" not in path.parts
    }
)

# What the fix of each rule may change of a service, by what Compose makes of it.
KEYS = {
    "apparmor-unconfined": {"security_opt"},
    "capability-drop-defeated": {"cap_add", "cap_drop"},
    "dangerous-capability": {"cap_add"},
    "default-capabilities-kept": {"cap_add", "cap_drop"},
    "hardening-lost-in-merge": {"security_opt", "cap_drop", "deploy", "logging"},
    "host-cgroup-namespace": {"cgroup"},
    "host-clock-control": {"cap_add", "devices", "volumes"},
    "host-ipc-namespace": {"ipc"},
    "host-log-access": {"cap_add", "devices", "volumes"},
    "host-network-namespace": {"network_mode", "networks"},
    "host-pid-namespace": {"pid"},
    "host-root-mounted": {"volumes"},
    "host-takeover-capability": {"cap_add"},
    "host-uts-namespace": {"uts"},
    "host-user-namespace": {"userns_mode"},
    "kernel-interface-mounted": {"volumes"},
    "kernel-modules-exposed": {"cap_add", "volumes"},
    "logging-disabled": {"logging"},
    "memory-limit-below-heap": {"mem_limit", "deploy"},
    "needed-capability-dropped": {"cap_add"},
    "oom-score-shielded": {"oom_score_adj"},
    "port-on-all-interfaces": {"ports"},
    "privilege-escalation-allowed": {"security_opt"},
    "privileged-container": {"privileged"},
    "privileged-hook": {"post_start", "pre_stop"},
    "read-only-without-writable-path": {"tmpfs", "volumes"},
    "root-user": {"user"},
    "seccomp-unconfined": {"security_opt"},
    "sensitive-host-path-writable": {"volumes"},
    "sensitive-port-published": {"ports"},
    "tmpfs-without-exec": {"tmpfs"},
    "unauthenticated-service": {"ports"},
    "unlimited-log": {"logging"},
    "unlimited-open-files": {"ulimits"},
    "unlimited-resources": {"mem_limit", "pids_limit", "deploy"},
    "writable-root-filesystem": {"read_only", "tmpfs", "volumes"},
}
# Where one of these is in a project, a fix of one service may be one of another, too.
SHARED = (b"<<", b"extends", b"*")


def case(path: Path) -> object:
    """Return a project as a parameter; those of the corpus are exhaustive."""
    marks = [pytest.mark.exhaustive] if path.is_relative_to(CORPUS) else []
    return pytest.param(path, id=path.name, marks=marks)


@pytest.fixture(params=map(case, PROJECTS))
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a project, which tests may change."""
    original: Path = request.param
    folder = tmp_path / "copy" / original.name
    shutil.copytree(original, folder, symlinks=True)
    return folder


def fixed(project: Path, *names: str, write: bool = True) -> Fixing:
    fixing = Fixing(FixSelection(all_effects=True, names=names), write=write)
    for _ in check([str(project)], ["strict"], filters=Filters(fixing)):
        pass
    return fixing


def test_every_fix_is_proved_alone_and_together(project: Path) -> None:
    together = fixed(project, write=False)
    for names in ((), *{(one.rule.name,) for one in together.resolved}):
        fixing = fixed(project, *names, write=False) if names else together
        assert [(one.judged.rule.name, one.reason) for one in fixing.unresolved] == []


def test_a_second_run_changes_nothing(project: Path) -> None:
    fixed(project)
    before = texts(project)
    again = fixed(project)
    assert again.resolved == []
    assert texts(project) == before


def test_text_changes_only_at_edits(project: Path) -> None:
    """What differs, line by line, is at a key that YAML says has changed, or new."""
    before = texts(project)
    fixing = fixed(project)
    changed = {Path(change.path) for change in fixing.changes}
    for path, text in texts(project).items():
        if path not in changed:
            assert text == before[path]
    for change in fixing.changes:
        if b"\r\n" not in before[Path(change.path)]:
            assert "\r" not in change.text
        made = list(edits(change.source, change.text))
        assert all(tells(edit.span.text) for edit in made)
        if "Dockerfile" not in Path(change.path).name:
            check_yaml(change.source, change.text, made)


def tells(lines: str) -> bool:
    """Tell whether there are no lines, or not only comments and blank ones."""
    written = [line.strip() for line in lines.splitlines()]
    return not any(written) or any(line and line[0] != "#" for line in written)


def edits(source: Source, text: str) -> Iterator[Edit]:
    """Yield the places where a text differs from a source, line by line."""
    old, new = (each.splitlines(keepends=True) for each in (source.text, text))
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            # What is put below a line belongs to what that line ends.
            start = max(starts[a] - 1, 0) if a == b else starts[a]
            end = source.text[start : starts[a]]
            yield Edit(Span(source, start, starts[b]), end + "".join(new[c:d]))


def texts(folder: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


@pytest.fixture(scope="module")
def config(docker_compose: str) -> Callable[[Path], Any]:
    """Return what `docker-compose config` makes of a folder, or none if it refuses."""

    def run(folder: Path) -> Any:
        done = subprocess.run(
            [docker_compose, "-p", "x", "--profile", "*", "config"],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": "/home/somebody"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        yaml: Any = YAML(typ="safe", pure=True)
        return yaml.load(done.stdout) if done.returncode == 0 else None

    return run


def test_compose_sees_only_the_intended_change(
    config: Callable[[Path], Any], project: Path
) -> None:
    before = config(project)
    fixing = fixed(project)
    after = config(project)
    if before is None:
        pytest.skip("docker-compose refuses the project as it is")
    assert after is not None
    shared = any(mark in text for text in texts(project).values() for mark in SHARED)
    for service, key in changes(before, after):
        assert any(
            key in keys(one) and (shared or one.subject.name == service) for one in fixing.resolved
        ), (service, key)
    for section in {*before, *after} - {"services", "networks", "volumes"}:
        assert before.get(section) == after.get(section)
    # Data of an image that is known to write them get a volume of their own.
    old, new = (each.get("volumes", {}) for each in (before, after))
    assert old.items() <= new.items()
    assert new.keys() - old.keys() <= set(mounted(after)) - set(mounted(before))


def mounted(made: Any) -> Iterator[str]:
    """Yield the names of the volumes that services mount."""
    for service in made["services"].values():
        for volume in service.get("volumes", ()):
            if volume["type"] == "volume" and "source" in volume:
                yield volume["source"]


def keys(one: JudgedFinding) -> set[str]:
    # A Dockerfile may be written in the Compose file.
    inline = {"build"} if one.rule.language == "dockerfile" else set[str]()
    return KEYS.get(one.rule.name, inline)


def changes(before: Any, after: Any) -> set[tuple[str, str]]:
    """Return the settings that differ, each with its service or section."""
    assert before["services"].keys() == after["services"].keys()
    return {
        (service, key)
        for service, old in before["services"].items()
        for key in {**old, **after["services"][service]}
        if old.get(key) != after["services"][service].get(key)
    }


# What weakens a service, or hardens it, as values that may stand in several places.
WEAK = {
    "cap_add": ("[SYS_ADMIN]", "[BPF, SYS_PTRACE]", "[]"),
    "cap_drop": ("[ALL]", "[NET_RAW]", "!override [MKNOD]"),
    "deploy": ("{resources: {limits: {memory: 64m}}}", "{replicas: 2}"),
    "devices": ("[/dev/fuse]", "['/dev/rtc0', '/dev/sda:r']"),
    "group_add": ("[docker, root]", "[1000]"),
    "ipc": ("host", "!reset null"),
    "logging": ("{driver: none}", "{driver: json-file}"),
    "mem_limit": ("64m", "0", "!reset 0"),
    "oom_score_adj": ("-900", "0"),
    "pids_limit": ("-1", "100"),
    "ports": ("['8080:80']", "[{target: 80, published: '8080'}, 90-91]"),
    "privileged": ("true", "false", "!reset null"),
    "read_only": ("true", "false"),
    "security_opt": ("[seccomp=unconfined]", "['no-new-privileges:false', a=b]"),
    "tmpfs": ("/run", "['/x:exec', /tmp]"),
    "user": ("root", "'1000'"),
    "volumes": ("['/etc:/e:shared']", "['/proc:/p', './t:/tmp']"),
}
PLACES = ("anchor", "near", "far", "web", "override")
SPLITS = st.dictionaries(
    st.sampled_from(sorted(WEAK)),
    st.dictionaries(st.sampled_from(PLACES), st.integers(0, 2), min_size=1, max_size=3),
    min_size=1,
    max_size=6,
)


def made(split: dict[str, dict[str, int]]) -> dict[str, str]:
    """Return the files of a project whose settings are spread over five places."""

    def at(place: str) -> str:
        return "".join(
            f"    {key}: {WEAK[key][where[place] % len(WEAK[key])]}\n"
            for key, where in split.items()
            if place in where
        )

    return {
        "compose.yaml": f"x-shared: &shared\n    init: true\n{at('anchor')}"
        "services:\n"
        f"  web:\n    <<: *shared\n    extends: near\n{at('web')}"
        "  near:\n    extends: {file: far/compose.yaml, service: far}\n"
        f"{at('near')}",
        "compose.override.yaml": f"services:\n  web:\n    tty: true\n{at('override')}",
        "far/compose.yaml": f"services:\n  far:\n    image: far\n{at('far')}",
    }


@given(split=SPLITS)
@settings(
    max_examples=settings().max_examples // 20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_fixes_do_not_break_a_service_split_over_files(
    config: Callable[[Path], Any], tmp_path: Path, split: dict[str, dict[str, int]]
) -> None:
    for name, text in made(split).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    before = config(tmp_path)
    fixed(tmp_path)
    assert before is None or config(tmp_path) is not None
