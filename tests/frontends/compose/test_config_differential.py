"""The effective configuration, compared with what docker-compose prints here and now."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from ruamel.yaml import YAML

from tightship.engine.disk.files import Files
from tightship.frontends.compose.effective.assembly import Assembly
from tightship.frontends.compose.loading.invocation import Options, invocation

ROOT = Path(__file__).parents[3]
CORPUS = (ROOT.parent / "shared" / "corpus").resolve()
CASES = ROOT / "tests" / "projects" / "effective"
HOME = "/home/somebody"


class Theirs(NamedTuple):
    refused: bool
    config: Any
    errors: str


@pytest.fixture(scope="module")
def compose(docker_compose: str) -> Any:
    """Run `docker-compose config` in a folder."""

    def run(folder: Path, arguments: list[str], *form: str) -> Theirs:
        done = subprocess.run(
            [docker_compose, *arguments, "config", *form],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": HOME},
            capture_output=True,
            text=True,
            check=False,
        )
        yaml: Any = YAML(typ="safe", pure=True)
        config = yaml.load(done.stdout) if done.returncode == 0 else None
        return Theirs(done.returncode != 0, config, done.stderr)

    return run


def options(arguments: list[str]) -> Options:
    found: dict[str, list[str]] = {}
    for name, value in zip(arguments[::2], arguments[1::2], strict=True):
        found.setdefault(name, []).append(value)
    return Options(
        files=found.get("-f", ()),
        env_files=found.get("--env-file", ()),
        profiles=found.get("--profile", ()),
    )


def assemble(folder: Path, arguments: list[str]) -> Assembly:
    files = Files(str(folder))
    call = invocation(
        str(folder), options(arguments), exists=os.path.isfile, read=files.read, ceiling=str(folder)
    )
    return Assembly(call, files, top=files.root, home=HOME)


def agree(compose: Any, folder: Path, arguments: list[str]) -> None:
    theirs = compose(folder, arguments)
    ours = assemble(folder, arguments)
    reasons = [fault.message for fault in ours.faults if fault.refused]
    reasons += [gap.reason for gap in ours.loading.gaps]
    assert ours.refused == theirs.refused, reasons or theirs.errors
    if not theirs.refused:
        assert ours.configuration is not None
        assert ours.configuration.printed().config == theirs.config


@pytest.mark.parametrize(
    "folder",
    sorted({path.parent for path in CORPUS.glob("**/compose.y*ml")}),
    ids=lambda folder: folder.name,
)
def test_real_projects_have_the_same_configuration(compose: Any, folder: Path) -> None:
    agree(compose, folder, [])


def invocations() -> list[Any]:
    """Return each case with the command lines of its `invocations` file."""
    found: list[Any] = []
    for file in sorted(CASES.glob("*/invocations")):
        for line in file.read_text(encoding="utf-8").splitlines():
            name = f"{file.parent.name}: {line or 'default'}"
            found.append(pytest.param(file.parent, line.split(), id=name))
    return found


@pytest.mark.parametrize(("folder", "arguments"), invocations())
def test_projects_of_several_files_have_the_same_configuration(
    compose: Any, folder: Path, arguments: list[str]
) -> None:
    agree(compose, folder, arguments)


@pytest.mark.parametrize(("folder", "arguments"), invocations())
def test_the_json_has_the_same_configuration(
    compose: Any, folder: Path, arguments: list[str]
) -> None:
    theirs = compose(folder, arguments, "--format", "json")
    if theirs.refused:
        assert "MarshalJSON" in theirs.errors
        pytest.skip("docker-compose cannot print an SSH key as JSON")
    ours = assemble(folder, arguments).configuration
    assert ours is not None
    assert ours.printed().as_json == theirs.config


# Values that one setting may have in several places, as YAML.
POOL: dict[str, tuple[str, ...]] = {
    "cap_add": ("[NET_ADMIN]", "[SYS_TIME, NET_ADMIN]", "[]", "", "!reset []"),
    "cap_drop": ("[ALL]", "[NET_RAW]", "!override [MKNOD]"),
    "command": ("a b", "[c]", "", "!reset null"),
    "depends_on": ("[other]", "{other: {condition: service_healthy}}"),
    "deploy": (
        "{resources: {limits: {memory: 64m}}}",
        "{resources: {limits: {pids: 10}}, replicas: 2}",
        "!override {labels: [a=b]}",
        "{resources: {limits: !reset null}}",
    ),
    "devices": ("[/dev/fuse]", "[/dev/null:/dev/fuse:r]"),
    "dns": ("1.1.1.1", "[1.1.1.1, 8.8.8.8]"),
    "environment": ("{A: 1, B: }", "[A=2, C]", "{A: , D: yes}", "{A: !reset null}"),
    "expose": ("[80]", "['80', 81]"),
    "extra_hosts": ("['h:1.1.1.1']", "{h: 2.2.2.2, i: '::1'}"),
    "group_add": ("[1]", "['2']"),
    "healthcheck": ("{test: a, interval: 5s}", "{test: [CMD, b]}", "{disable: true}"),
    "labels": ("[a=1, b=2]", "{a: 3, c: }"),
    "logging": ("{driver: syslog}", "{options: {max-size: 1m}}", "{driver: none}"),
    "mem_limit": ("64m", "1.5g", "", "!reset 0"),
    "networks": ("[front]", "{front: {aliases: [x]}, back: }", "[default]"),
    "ports": (
        "['8080:80']",
        "['127.0.0.1:8080:80', '0.0.0.0:8080:80/tcp']",
        "[{target: 80, published: '8080'}, 90-91]",
        "!override ['9:9']",
    ),
    "privileged": ("true", "false", "'yes'", "", "!reset null"),
    "secrets": ("[key]", "[{source: key, target: /run/secrets/key, mode: 0400}]"),
    "security_opt": ("['no-new-privileges:true']", "[apparmor=unconfined]"),
    "sysctls": ("{a.b: 1}", "[a.b=2, c.d=3]"),
    "tmpfs": ("/run", "['/run:size=1m', /tmp]"),
    "ulimits": ("{nofile: 5}", "{nofile: {soft: 1, hard: 2}, nproc: 7}"),
    "volumes": (
        "['./data:/data', 'vol:/var/']",
        "['vol:/data:ro']",
        "[{type: bind, source: ./other, target: /data}]",
        "!reset []",
    ),
}
REST = """
  other: {image: o}
networks: {front: , back: {internal: true}}
volumes: {vol: }
secrets: {key: {file: ./key}}
"""
PLACES = ("anchor", "same", "elsewhere", "base", "override")
# One value for some settings at some places: the anchor, the extended service in the
# same file or in another, the service itself, and the override.
SPLITS = st.dictionaries(
    st.sampled_from(sorted(POOL)),
    st.dictionaries(st.sampled_from(PLACES), st.integers(0, 4), min_size=1, max_size=3),
    min_size=1,
    max_size=5,
)


def written(split: dict[str, dict[str, int]], place: str) -> str:
    lines = [
        f"    {key}: {POOL[key][places[place] % len(POOL[key])]}"
        for key, places in split.items()
        if place in places
    ]
    return "\n".join(lines)


def write(folder: Path, split: dict[str, dict[str, int]]) -> None:
    anchor = written(split, "anchor")
    (folder / "elsewhere").mkdir(exist_ok=True)
    (folder / "elsewhere" / "common.yaml").write_text(
        f"services:\n  far:\n    image: far\n{written(split, 'elsewhere')}\n"
    )
    (folder / "compose.yaml").write_text(
        f"x-shared: &shared\n    init: true\n{anchor}\n"
        "services:\n"
        "  near:\n"
        "    extends: {file: elsewhere/common.yaml, service: far}\n"
        f"{written(split, 'same')}\n"
        "  web:\n    <<: *shared\n    extends: near\n"
        f"{written(split, 'base')}{REST}"
    )
    (folder / "compose.override.yaml").write_text(
        f"services:\n  web:\n    tty: true\n{written(split, 'override')}\n"
    )


@given(split=SPLITS)
@settings(
    max_examples=settings().max_examples // 20,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_split_service_has_the_same_configuration(
    compose: Any, tmp_path: Path, split: dict[str, dict[str, int]]
) -> None:
    write(tmp_path, split)
    agree(compose, tmp_path, [])
