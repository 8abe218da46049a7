"""The check against what Compose itself says: recorded runs, and runs made now.

Docker Compose stops at its first complaint, so each case is a file of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship.frontends.compose.specification.validate import validate
from tightship.syntax.yaml.read import read
from tightship.text import Source

ORACLE = Path(__file__).parents[2] / "oracles" / "compose-config.json"
RECORDS = {record["name"]: record for record in json.loads(ORACLE.read_text(encoding="utf-8"))}

# Refused for how files are joined, which no file shows on its own, and for keys that
# are younger than the Compose that was recorded.
JOINED = {
    "01-security_opt-append",
    "12-dup-device_cgroup_rules",
    "12-dup-external_links",
    "12-dup-group_add",
    "12-dup-security_opt",
    "12-dup-volumes_from",
    "58-extends-dup-secopt",
}
YOUNGER = {"34-use_api_socket"}


def refused(text: str, *, partial: bool = False) -> bool:
    documents = read(Source("compose.yaml", text)).documents
    return any(
        found
        for number, root in enumerate(documents)
        for found in validate(root, partial=partial or number > 0)
        if not found.ignored
    )


def is_override(record: dict[str, Any], name: str) -> bool:
    named = [arg for arg in record["args"] if arg.endswith(".yml")]
    return "override" in name or name in named[1:]


def refused_files(record: dict[str, Any]) -> list[str]:
    return [
        name
        for name, text in record["files"].items()
        if name.endswith((".yaml", ".yml")) and refused(text, partial=is_override(record, name))
    ]


@pytest.mark.parametrize("name", [n for n, r in RECORDS.items() if r["rc"] == 0])
def test_projects_accepted_by_compose_have_no_violation(name: str) -> None:
    assert refused_files(RECORDS[name]) == []


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, record in RECORDS.items()
        if record["rc"] != 0
        and any(word in record["stderr"] for word in ("validating", "unmarshal"))
        and name not in JOINED | YOUNGER
    ],
)
def test_projects_rejected_by_the_schema_have_a_violation(name: str) -> None:
    assert refused_files(RECORDS[name]) != []


VALUES = {"number": "3", "text": "abc", "null": "", "list": "[3]", "mapping": "{zz: 1}"}

# Younger than 2.26, which refuses these keys whatever they hold.
YOUNG_KEYS = {"models", "pre_start", "provider", "pull_refresh_after", "umask", "use_api_socket"}

DISAGREEMENTS = {
    # These name what a file of one service does not have.
    ("configs", "text"),
    ("depends_on", "list"),
    ("env_file", "text"),
    ("extends", "text"),
    ("label_file", "text"),
    ("secrets", "text"),
    # It crashes at a null that its schema allows.
    ("pid", "null"),
}


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory, docker_compose: str) -> Any:
    """Tell of each text whether Compose refuses it."""
    folder = tmp_path_factory.mktemp("compose")
    (folder / "file").write_text("")

    def refuses(text: str) -> bool:
        done = subprocess.run(
            [docker_compose, "-p", "x", "-f", "-", "config", "-q"],
            input=text,
            capture_output=True,
            text=True,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
            check=False,
        )
        return done.returncode != 0

    def ask(texts: list[str]) -> list[bool]:
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(refuses, texts))

    return ask


REST = """
  b: {image: x}
networks: {n: {}}
volumes: {v: {}}
configs: {c: {file: ./file}}
secrets: {c: {file: ./file}}
"""


def project(body: str) -> str:
    image = "" if body.startswith("image") else "image: x, "
    return f"services:\n  a: {{{image}{body} }}{REST}"


def test_every_key_of_a_service_is_as_strict_as_compose(compose: Any) -> None:
    cases = [(key, kind) for key in SERVICE.keys or {} if key not in YOUNG_KEYS for kind in VALUES]
    texts = [project(f"{key}: {VALUES[kind]}") for key, kind in cases]
    differing = {
        case
        for case, text, theirs in zip(cases, texts, compose(texts), strict=True)
        if theirs != refused(text)
    }
    assert differing <= DISAGREEMENTS


BODIES = [
    "privileged: YES",
    "privileged: 'No'",
    "privileged: '1'",
    "attach: 'on'",
    "attach: t",
    "build: {context: ., no_cache: 'yes'}",
    "build: {context: ., pull: 1}",
    "build: {context: ., args: [1]}",
    "build: {context: ., args: {a: 1, b: }}",
    "build: {context: ., additional_contexts: [a]}",
    "build: {context: ., additional_contexts: [a=b]}",
    "build: {context: ., ssh: [default]}",
    "build: {context: ., ssh: [x]}",
    "build: {context: ., ssh: [a=b, a=b]}",
    "build: {context: ., shm_size: 1.5}",
    "build: {context: ., shm_size: 1g}",
    "build: {dockerfil: x}",
    "build: {context: ., secrets: [c, {source: c, mode: 0440}]}",
    "build: {context: ., ulimits: {nofile: [1]}}",
    "cpus: 1e3",
    "cpus: '0x1F'",
    "cpu_count: 1.5",
    "cpu_count: 2.0",
    "cpu_count: -1",
    "cpu_percent: 101",
    "cpu_shares: 1.5",
    "cpu_shares: '1.5'",
    "oom_score_adj: -1001",
    "oom_score_adj: '1001'",
    "oom_score_adj: '-5'",
    "pids_limit: '+5'",
    "mem_limit: 1.5 GiB",
    "mem_limit: '-1'",
    "memswap_limit: -1",
    "mem_reservation: 1.5",
    "mem_swappiness: 60",
    "shm_size: 64 mb",
    "shm_size: 5x",
    "deploy: {resources: {limits: {memory: 64}}}",
    "deploy: {resources: {limits: {memory: 64M, cpus: '0.5', pids: '5'}}}",
    "deploy: {resources: {limits: {cpus: abc}}}",
    "deploy: {resources: {reservations: {devices: [{driver: nvidia}]}}}",
    "deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: all}]}}}",
    "deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: x}]}}}",
    "deploy: {replicas: '2'}",
    "deploy: {replicas: two}",
    "deploy: {update_config: {order: start}}",
    "deploy: {update_config: {order: start-first, delay: 5s, parallelism: -1}}",
    "deploy: {restart_policy: {window: 5}}",
    "deploy: {labels: [a=b], placement: {preferences: [{spread: a}]}}",
    "healthcheck: {interval: 30}",
    "healthcheck: {interval: 1h30m, timeout: 1d}",
    "healthcheck: {test: [CMD, a], retries: 3, start_interval: 5s}",
    "healthcheck: {test: [a]}",
    "healthcheck: {test: ''}",
    "healthcheck: {disable: 'true'}",
    "healthcheck: {retries: x}",
    "healthcheck: {test: }",
    "ulimits: {nofile: '1024', nproc: {soft: 1, hard: '2'}}",
    "ulimits: {nofile: {soft: 1}}",
    "ulimits: {nofile: many}",
    "ulimits: {nofile: 1.5}",
    "depends_on: {b: {}}",
    "depends_on: {b: }",
    "depends_on: {b: {condition: service_healthy, restart: 'yes'}}",
    "depends_on: {b: {condition: service_healthy, required: 'true'}}",
    "depends_on: {b: {condition: healthy}}",
    "depends_on: [b, b]",
    "networks: [n]",
    "networks: [n, n]",
    "networks: {n: }",
    "networks: {n: {aliases: [a, a], priority: 5}}",
    "networks: {n: {priority: '5'}}",
    "networks: {n: {driver_opts: {a: true}}}",
    "networks: {n: {alias: [a]}}",
    "ports: ['80', 81, '127.0.0.1:82:82/udp', '83-84:83-84']",
    "ports: ['99999:80']",
    "ports: [70000]",
    "ports: ['1:2:3']",
    "ports: [{target: '80', published: '8000-8001', mode: host, name: a}]",
    "ports: [{published: '80'}]",
    "ports: [{target: a}]",
    "ports: [true]",
    "volumes: ['/a:/b:ro', '/c', 'v:/d']",
    "volumes: ['/a:/b:ro:x']",
    "volumes: [':/a']",
    "volumes: ['']",
    "volumes: [{type: bind, source: /a, target: /b, bind: {selinux: z}}]",
    "volumes: [{type: bind, source: /a, target: /b, bind: {selinux: x}}]",
    "volumes: [{type: bind, source: /a, target: /b, bind: {recursive: no}}]",
    "volumes: [{type: bind, source: /a, target: /b, read_only: 'yes'}]",
    "volumes: [{type: bind, source: /a, target: /b, readonly: true}]",
    "volumes: [{type: tmpfs, target: /b, tmpfs: {size: 1m, mode: 0700}}]",
    "volumes: [{type: tmpfs, target: /b, tmpfs: {size: -1}}]",
    "volumes: [{source: /a, target: /b}]",
    "volumes: [{type: bind, source: /a}]",
    "volumes: [/a, /a]",
    "devices: ['/dev/a:/dev/b:r']",
    "devices: ['a:b:c:d']",
    "devices: [{target: /dev/a}]",
    "device_cgroup_rules: ['c 1:1 r', 'c 1:1 r']",
    "security_opt: [a=b, a=b]",
    "cap_add: [a, a]",
    "group_add: [1, '1']",
    "group_add: [1, 1]",
    "group_add: [1.5]",
    "expose: [80, '81', 82-83]",
    "expose: [true]",
    "extra_hosts: {a: 1.1.1.1, b: [1.1.1.1, 2.2.2.2]}",
    "extra_hosts: ['a:1.1.1.1', 'b=2.2.2.2']",
    "extra_hosts: [a]",
    "extra_hosts: {a: 5}",
    "environment: [A, B=c, B=c]",
    "environment: {A: [b]}",
    "environment: {1: b}",
    "environment: {yes: b}",
    "labels: {a: true, b: 1, c: }",
    "sysctls: {net.core.somaxconn: 1024}",
    "storage_opt: {size: true}",
    "logging: {driver: json-file, options: {max-size: 10m, max-file: 3, x: }}",
    "logging: {options: {a: true}}",
    "configs: [c, {source: c, target: /x, mode: 0400, uid: '0'}]",
    "secrets: [{source: c, uid: 0}]",
    "secrets: [{source: c, foo: 1}]",
    "env_file: [file, {path: file, required: 'false'}]",
    "env_file: {path: file}",
    "env_file: [{format: raw}]",
    "post_start: [{command: a, privileged: 'yes'}]",
    "post_start: [{comand: a}]",
    "develop: {watch: [{path: ., action: sync+exec, target: /b, exec: {command: a}}]}",
    "develop: {watch: [{path: ., action: copy}]}",
    "develop: {watch: [{path: .}]}",
    "blkio_config: {weight: 5, device_read_bps: [{path: /a, rate: 1mb}]}",
    "blkio_config: {device_read_bps: [{path: /a, rate: fast}]}",
    "credential_spec: {file: a, fle: b}",
    "gpus: all",
    "gpus: some",
    "gpus: [{driver: a, count: 1}]",
    "cgroup: private",
    "cgroup: none",
    "pull_policy: if_not_present",
    "pull_policy: sometimes",
    "image: 2024-01-01",
    "logging: {options: {a: 2024-01-01}}",
    "networks: {default: {driver_opts: {a: 2024-01-01}}}",
    "storage_opt: {a: 2024-01-01}",
    "labels: {a: 2024-01-01}",
    "x-a: {b: [1]}",
    "<<: {user: 0}",
    "<<: [{user: 0}, {user: a}], user: b",
    "<<: 5",
    "<<: {init: true}, <<: {tty: true}",
    "user: a, 'user': b",
    "user: !reset 0",
    "user: !!str 0",
    "user: !mine 0",
    "user: ! 0",
    "nonsense: !reset 0",
    "nonsense: !override 0",
]


def test_nested_keys_of_a_service_are_as_strict_as_compose(compose: Any) -> None:
    texts = [project(body) for body in BODIES]
    differing = [
        body
        for body, text, theirs in zip(BODIES, texts, compose(texts), strict=True)
        if theirs != refused(text)
    ]
    assert differing == []


TOPS = [
    "version: 3",
    "version: '3'",
    "name: 5",
    "networks: ",
    "networks: {n: }",
    "networks: {n: {internal: 'yes', labels: {a: 1}}}",
    "networks: {n: {internal: 1}}",
    "networks: {n: {external: {name: a}}}",
    "networks: {n: {external: {nam: a}}}",
    "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/8, aux_addresses: {a: b}}]}}}",
    "networks: {n: {ipam: {config: {subnet: 10.0.0.0/8}}}}",
    "networks: {n: {driver_opts: {a: 1, b: x}}}",
    "volumes: {v: , w: {driver: local, external: false}}",
    "volumes: {v: {external: maybe}}",
    "volumes: {a b: {}}",
    "volumes: [v]",
    "configs: {c: {content: 5}}",
    "configs: {c: {content: a, labels: [a=b, a=b]}}",
    "configs: {c: }",
    "secrets: {c: {environment: A, driver_opts: {a: 1}}}",
    "secrets: {c: {fil: a}}",
    "include: ",
    "include: []",
    "include: {}",
    "sevices: {}",
    "x-a: {1: b}",
    "x-a: {a: 1, 'a': 2}",
    "x-a: {? [a] : b}",
    "x-a: &a image\nx-b: {*a : c}",
    "x-a: {<<: a}",
    "1: a",
    "null: a",
]


def test_top_level_keys_are_as_strict_as_compose(compose: Any) -> None:
    texts = [f"services: {{b: {{image: x}}}}\n{top}\n" for top in TOPS]
    texts += ["services: \n", "services: []\n", "services: {a: }\n", "[]\n", "text\n"]
    differing = [
        text for text, theirs in zip(texts, compose(texts), strict=True) if theirs != refused(text)
    ]
    assert differing == []
