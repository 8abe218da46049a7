"""What the screening calls plain, the full check never refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from tightship.frontends.compose.effective.configuration import Configuration
from tightship.frontends.compose.fast_path import is_plain
from tightship.frontends.compose.loading.load import Loading
from tightship.model.reading import Variables
from tightship.model.value import ScalarValue
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.frontends.compose.loading.fault import Fault

ORACLE = Path(__file__).parents[2] / "oracles" / "compose-config.json"
RECORDS: list[dict[str, Any]] = json.loads(ORACLE.read_text(encoding="utf-8"))
# Faults in a single value: they do not come from what a project is as a whole.
ELSEWHERE = {"env-file", "template", "required", "clash"}


class Texts:
    """A disk that holds texts."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def read(self, path: str) -> Source:
        return Source(path, self.texts.get(path, ""))


def judged(texts: dict[str, str]) -> tuple[bool, list[str]]:
    """Return whether a project is plain, and what the full check says of it."""
    disk, variables = Texts(texts), Variables()
    loading = Loading(disk)
    root = loading.files(list(texts)[:1], loading.reading(variables, ""))
    if root is None:
        return True, []
    full = Configuration(root, name="p", directory="/p", variables=variables, disk=disk)
    faults = [fault for fault in full.faults if fault.kind not in ELSEWHERE]
    return is_plain(root), [fault.message for fault in faults if _counts(fault)]


def _counts(fault: Fault) -> bool:
    """Tell whether a fault is the screening's: what is written is judged elsewhere."""
    value = fault.value
    return fault.kind != "cast" or (
        isinstance(value, ScalarValue) and value.templated and value.decided
    )


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["name"])
def test_the_fast_path_takes_no_recorded_rejection(record: dict[str, Any]) -> None:
    files = {p: t for p, t in record["files"].items() if p.endswith(("yml", "yaml"))}
    for path in files:
        plain, faults = judged({path: files[path], **files})
        assert not (plain and faults)


def test_an_ordinary_project_is_plain() -> None:
    text = """
    services:
      web:
        image: nginx
        depends_on: {db: {condition: service_started}}
        networks: [front, default]
        volumes: ["./a:/a", "data:/data", "/cache"]
        secrets: [password]
      db: {build: ., links: [cache], volumes: [{type: volume, source: data, target: /d}]}
      cache: {image: redis}
    networks: {front: }
    volumes: {data: }
    secrets: {password: {file: ./p}}
    """
    assert judged({"compose.yaml": text}) == (True, [])


def test_a_default_that_does_not_fit_is_not_plain() -> None:
    text = "services: {web: {image: nginx, tty: '${X:-si}'}}"
    assert judged({"compose.yaml": text})[0] is False
    assert judged({"compose.yaml": text.replace("si", "on")})[0] is True
    assert judged({"compose.yaml": text.replace(":-si", "")})[0] is True


NAMES = st.sampled_from(["a", "b", "c", "x"])
SERVICE = st.fixed_dictionaries(
    {},
    optional={
        "image": st.sampled_from(["i", "", None]),
        "build": st.sampled_from([".", {"context": ".", "dockerfile_inline": "F"}]),
        "depends_on": st.lists(NAMES, max_size=2, unique=True),
        "links": st.lists(NAMES, max_size=1),
        "volumes_from": st.lists(NAMES, max_size=1),
        "network_mode": st.sampled_from(["host", "service:a", "service:x"]),
        "pid": st.sampled_from(["host", "service:b"]),
        "networks": st.lists(NAMES, max_size=2, unique=True),
        "volumes": st.lists(
            st.sampled_from(
                ["${X:-/b}:/b", "${X:-a:/a:ro:x}", "a:/a", "x:/x", "./h:/h", "/v", "dd/e:/q"]
            ),
            max_size=2,
            unique=True,
        ),
        "secrets": st.lists(NAMES, max_size=1),
        "configs": st.lists(st.fixed_dictionaries({"source": NAMES}), max_size=1),
        "container_name": st.just("n"),
        "scale": st.sampled_from([1, 2]),
        "mem_limit": st.sampled_from(["1m", "2m"]),
        "deploy": st.sampled_from([{"replicas": 2}, {"resources": {"limits": {"memory": "1m"}}}]),
        "read_only": st.sampled_from(["${X:-si}", "${X:-on}", "${X}", True]),
        "command": st.sampled_from(["${X:-'a}", "'${X:-a}'"]),
        "healthcheck": st.sampled_from(["1", "${X:-1}", "${X:-1m}"]).map(
            lambda retries: {"retries": retries}
        ),
        "ports": st.lists(
            st.sampled_from(["${X:-80}:80", "${X:-x}:80", "${X}", "${X:-1}-2:1-3"]), max_size=1
        ),
        "tmpfs": st.sampled_from(["${X:-a}", ["${X:-}"]]),
        "devices": st.lists(st.sampled_from(["${X:-a:b:c}", "${X:-a:b:c:d}"]), max_size=1),
        "extra_hosts": st.lists(st.sampled_from(["${X:-a=b}", "${X:-a}"]), max_size=1),
        "cpus": st.sampled_from([1, "${X:-1}", "${X:-x}"]),
        "profiles": st.lists(st.sampled_from(["p", "q"]), max_size=1),
    },
)
PROJECT = st.fixed_dictionaries(
    {"services": st.dictionaries(st.sampled_from("abc"), SERVICE, max_size=3)},
    optional={
        "networks": st.dictionaries(NAMES, st.none(), max_size=2),
        "volumes": st.dictionaries(
            NAMES, st.sampled_from([None, {"external": True, "driver": "d"}]), max_size=2
        ),
        "secrets": st.dictionaries(
            NAMES,
            st.sampled_from([{"file": "f"}, {"file": "f", "environment": "E"}, {}]),
            max_size=2,
        ),
        "configs": st.dictionaries(
            NAMES, st.sampled_from([{"content": "c"}, {"external": True}]), max_size=2
        ),
    },
)


@given(PROJECT)
def test_the_fast_path_takes_no_generated_rejection(project: dict[str, object]) -> None:
    plain, faults = judged({"compose.yaml": json.dumps(project)})
    assert not (plain and faults), faults
