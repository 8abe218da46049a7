"""What Compose refuses in a project as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.frontends.compose.conftest import Put

REST = """
  db: {image: d}
networks: {front: }
volumes: {data: }
configs: {conf: {file: ./conf}}
secrets: {key: {file: ./key}}
"""


def project(body: str) -> str:
    return f"services:\n  web: {{image: nginx, {body}}}{REST}"


def refused(put: Put, text: str) -> list[tuple[str, str]]:
    """Return kind and place of what is refused."""
    return [(f.kind, f.span.text) for f in put(text).faults if f.refused]


@pytest.mark.parametrize(
    ("body", "kind", "place"),
    [
        ("networks: [back]", "undefined", "back"),
        ("networks: {back: {aliases: [a]}}", "undefined", "back"),
        ("volumes: ['cache:/c']", "undefined", "'cache:/c'"),
        ("volumes: [{type: volume, source: cache, target: /c}]", "undefined", "cache"),
        ("models: [llm]", "undefined", "llm"),
        ("models: {llm: {endpoint_var: A}}", "undefined", "llm"),
        ("configs: [other]", "undefined", "other"),
        ("secrets: [{source: other}]", "undefined", "other"),
        ("build: {secrets: [other]}", "undefined", "other"),
        ("build: {additional_contexts: {a: service:x}}", "undefined", "service:x"),
        ("build: {additional_contexts: {a: service:db}}", "undefined", "service:db"),
        ("depends_on: [cache]", "undefined", "cache"),
        ("depends_on: {cache: {condition: service_started}}", "undefined", "cache"),
        ("links: ['cache:c']", "undefined", "'cache:c'"),
        ("volumes_from: ['cache:ro']", "undefined", "'cache:ro'"),
        ("network_mode: 'service:vpn'", "undefined", "'service:vpn'"),
        ("pid: 'service:vpn'", "undefined", "'service:vpn'"),
        ("depends_on: [web]", "cycle", "web"),
        ("network_mode: host, networks: [front]", "exclusive", "host"),
        ("mem_limit: 1g, deploy: {resources: {limits: {memory: 2g}}}", "exclusive", "1g"),
        ("mem_limit: 1g, deploy: {resources: {limits: {pids: 2}}}", "exclusive", "1g"),
        ("pids_limit: 5, deploy: {resources: {limits: {cpus: 1}}}", "exclusive", "5"),
        ("cpus: 1, deploy: {resources: {limits: {memory: 1g}}}", "exclusive", "1"),
        (
            "mem_reservation: 1g, deploy: {resources: {reservations: {memory: 2g}}}",
            "exclusive",
            "1g",
        ),
        ("container_name: one, deploy: {replicas: 2}", "exclusive", "one"),
        ("container_name: one, scale: 2", "exclusive", "one"),
        ("scale: 2, deploy: {replicas: 3}", "exclusive", "2"),
        ("build: {dockerfile: a, dockerfile_inline: FROM a}", "exclusive", "FROM a"),
        ("platform: a/b, build: {platforms: [a/c]}", "exclusive", "a/b"),
        ("gpus: [{count: 1, device_ids: ['0']}]", "exclusive", "1"),
        ("volumes: [{type: bind, target: /c}]", "incomplete", "{type: bind, target: /c}"),
        ("devices: [{source: /dev/a}]", "incomplete", "{source: /dev/a}"),
        ("develop: {watch: [{path: a, action: sync}]}", "incomplete", "{path: a, action: sync}"),
        ("develop: {watch: [{path: '', action: rebuild}]}", "incomplete", "''"),
        ("env_file: nothing", "env-file", "nothing"),
        ("label_file: nothing", "env-file", "nothing"),
        ("mem_limit: '${X:-much}'", "cast", "'${X:-much}'"),
        ("privileged: '${X:-maybe}'", "cast", "'${X:-maybe}'"),
        ("hostname: 'a${B/c}'", "template", "${B/c}'"),
        ("hostname: '${X:?}'", "required", "'${X:?}'"),
        ("command: 'a \"b'", "cast", "'a \"b'"),
    ],
)
def test_a_contradiction_is_found_at_its_place(put: Put, body: str, kind: str, place: str) -> None:
    assert refused(put, project(body)) == [(kind, place)]


@pytest.mark.parametrize(
    "body",
    [
        "networks: [front, default]",
        "volumes: ['data:/d', ./data:/e, /f, {type: tmpfs, target: /t}]",
        "configs: [conf]",
        "secrets: [key, {source: key, target: k}]",
        "depends_on: [db]",
        "depends_on: {db: {condition: service_healthy}}",
        "links: ['db:x', db]",
        "volumes_from: [db, 'container:elsewhere']",
        "network_mode: 'service:db'",
        "network_mode: host, networks: {}",
        "network_mode: '', networks: [front]",
        "mem_limit: 1g, deploy: {resources: {limits: {memory: 1024m}}}",
        "mem_limit: 1g, deploy: {resources: {reservations: {memory: 2g}}}",
        "mem_limit: 1g, deploy: {replicas: 2}",
        "pids_limit: 0, deploy: {resources: {limits: {cpus: 1}}}",
        "container_name: one, deploy: {replicas: 1}",
        "scale: 2, deploy: {replicas: 2}",
        "env_file: [{path: nothing, required: false}]",
        "external_links: [elsewhere]",
        "develop: {watch: [{path: a, action: rebuild}]}",
        "hostname: 'a$$b${X:-c}'",
        "gpus: [{device_ids: ['0']}]",
    ],
)
def test_projects_that_compose_accepts_are_not_rejected(put: Put, body: str) -> None:
    assert refused(put, project(body)) == []


def test_a_service_needs_an_image_or_a_build(put: Put) -> None:
    assert refused(put, "services: {web: {tty: true}}") == [("incomplete", "web")]
    assert refused(put, "services: {web: {image: ''}}") == [("incomplete", "web")]


@pytest.mark.parametrize(
    ("top", "kind", "place"),
    [
        ("secrets: {a: {file: f, environment: E}}", "exclusive", "E"),
        ("configs: {a: {file: f, content: c}}", "exclusive", "c"),
        ("secrets: {a: {name: n}}", "incomplete", "{name: n}"),
        ("configs: {a: {labels: {a: b}}}", "incomplete", "{labels: {a: b}}"),
        ("volumes: {a: {external: true, driver: d}}", "exclusive", "d"),
    ],
)
def test_contradictory_resources_are_found(put: Put, top: str, kind: str, place: str) -> None:
    assert refused(put, f"services: {{web: {{image: n}}}}\n{top}") == [(kind, place)]


@pytest.mark.parametrize(
    "top",
    [
        "secrets: {a: {external: true}, b: {environment: E}}",
        "configs: {a: {content: c}, b: {external: true, name: x}}",
        "volumes: {a: {external: true, name: x, x-a: 1}}",
    ],
)
def test_complete_resources_are_accepted(put: Put, top: str) -> None:
    assert refused(put, f"services: {{web: {{image: n}}}}\n{top}") == []


def test_a_config_may_get_its_content_from_a_variable(put: Put) -> None:
    files = {
        "compose.yaml": "services: {web: {image: n, configs: [c]}}\n"
        "configs: {c: {environment: E}}\n",
        ".env": "E=content\n",
    }
    assembly = put(files)
    assert not assembly.refused
    assert assembly.configuration is not None
    content = assembly.configuration.effective.get("configs", "c", "content")
    assert content is not None
    assert content.text == "content"


def test_the_other_side_of_a_contradiction_is_a_related_place(put: Put) -> None:
    files = {
        "compose.yaml": "services:\n  web: {image: n, networks: [front]}\nnetworks: {front: }\n",
        "compose.override.yaml": "services:\n  web: {network_mode: host}\n",
    }
    [fault] = put(files).faults
    assert fault.span.source.name == "compose.override.yaml"
    [related] = fault.because
    assert related.span.source.name == "compose.yaml"
    assert related.span.text == "[front]"


def test_a_cycle_is_reported_once_with_its_steps(put: Put) -> None:
    text = """
    services:
      a: {image: i, depends_on: [b]}
      b: {image: i, links: [c]}
      c: {image: i, network_mode: "service:a"}
      d: {image: i, depends_on: [a]}
    """
    [fault] = put(text).faults
    assert fault.kind == "cycle"
    assert fault.message.endswith("`a` → `b` → `c` → `a`")
    assert [related.message for related in fault.because] == ["`a` needs `b`", "`b` needs `c`"]


def test_a_very_long_cycle_is_shortened(put: Put) -> None:
    services = "".join(
        f"  s{n}: {{image: i, depends_on: [s{(n + 1) % 3000}]}}\n" for n in range(3000)
    )
    [fault] = put(f"services:\n{services}").faults
    assert fault.kind == "cycle"
    assert len(fault.message) < 200


def test_the_number_of_reported_cycles_is_limited(put: Put) -> None:
    names = [f"s{n}" for n in range(120)]
    services = "".join(
        f"  {name}: {{image: i, depends_on: [{', '.join(names)}]}}\n" for name in names
    )
    assert 0 < len(put(f"services:\n{services}").faults) <= 100


@pytest.mark.parametrize(
    "body",
    [
        "image: '${IMAGE}'",
        "image: n, networks: ['${NETWORK}']",
        "image: n, depends_on: ['${SERVICE}']",
        "image: n, depends_on: ['db-${SERVICE}']",
        "image: n, volumes: ['${VOLUME}:/data']",
        "image: n, mem_limit: '${MEMORY}'",
        "image: n, env_file: '${FILE}.env'",
        "image: n, network_mode: 'service:${SERVICE}'",
    ],
)
def test_a_rejection_by_a_variable_is_provisional(put: Put, body: str) -> None:
    faults = put(f"services:\n  web: {{{body}}}{REST}").faults
    assert faults
    assert not any(fault.decided for fault in faults)


def test_a_rejection_by_merged_files_is_provisional(put: Put) -> None:
    files = {
        "compose.yaml": "services: {web: {image: n, depends_on: ['${A}']}, db: {image: d}}",
        "compose.override.yaml": "services: {web: {depends_on: [db]}}",
    }
    [fault] = put(files).faults
    assert not fault.decided
