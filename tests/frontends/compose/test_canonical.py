"""The canonical form of a configuration, and the origins of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tightship.frontends.compose.effective.value import go_duration
from tightship.frontends.compose.specification.service_keys import SERVICE

if TYPE_CHECKING:
    from tests.frontends.compose.conftest import Put


def service(put: Put, body: str) -> Any:
    """Return the only service of a project, as it is printed."""
    text = f"services: {{web: {{image: nginx, {body}}}}}\nvolumes: {{data: }}\n"
    configuration = put(text).configuration
    assert configuration is not None
    services: Any = configuration.printed().config["services"]
    return services["web"]


def origins(put: Put, files: str | dict[str, str]) -> Any:
    configuration = put(files).configuration
    assert configuration is not None
    return configuration.printed().origins


@pytest.mark.parametrize(
    ("written", "key", "printed"),
    [
        ("mem_limit: 64m", "mem_limit", "67108864"),
        ("mem_limit: 64", "mem_limit", "64"),
        ("memswap_limit: -1", "memswap_limit", "-1"),
        ("stop_grace_period: 90s", "stop_grace_period", "1m30s"),
        ("cpus: '0.50'", "cpus", 0.5),
        ("cpus: 2.0", "cpus", 2),
        ("pids_limit: '100'", "pids_limit", 100),
        ("privileged: 'yes'", "privileged", True),
        ("init: false", "init", False),
        ("command: sleep 5", "command", ["sleep", "5"]),
        ("command: []", "command", []),
        ("dns: 1.1.1.1", "dns", ["1.1.1.1"]),
        ("expose: [80]", "expose", ["80"]),
        ("group_add: [0]", "group_add", ["0"]),
        ("environment: [A=1, B]", "environment", {"A": "1", "B": None}),
        ("environment: {A: 010, B: 1.50}", "environment", {"A": "8", "B": "1.5"}),
        ("labels: [a, b=c]", "labels", {"a": "", "b": "c"}),
        ("extra_hosts: {b: 1.1.1.1, a: '[::1]'}", "extra_hosts", ["a=::1", "b=1.1.1.1"]),
        ("healthcheck: {test: a b}", "healthcheck", {"test": ["CMD-SHELL", "a b"]}),
        ("gpus: all", "gpus", [{"count": -1}]),
        ("ulimits: {nofile: 0}", "ulimits", {"nofile": {"soft": 0, "hard": 0}}),
        ("hostname: a$$b", "hostname", "a$$b"),
        ("hostname: 'a${UNSET}b'", "hostname", "ab"),
    ],
)
def test_each_setting_has_one_form(put: Put, written: str, key: str, printed: object) -> None:
    assert service(put, written)[key] == printed


@pytest.mark.parametrize(
    "written", ["read_only: false", "mem_limit: 0", "cap_add: []", "environment: {}", "user: ''"]
)
def test_false_and_empty_values_are_left_out(put: Put, written: str) -> None:
    assert service(put, written).keys() == {"image", "networks"}


def test_a_range_of_ports_becomes_its_ports(put: Put) -> None:
    ports = service(put, "ports: ['8000-8001:90-91', '9000-9001:80']")["ports"]
    assert [(port["published"], port["target"]) for port in ports] == [
        ("8000", 90),
        ("8001", 91),
        ("9000-9001", 80),
    ]


@pytest.mark.parametrize(
    "port", ["$${x}", "80:$${x}", "$${x}:80", "$${x}:80:80", "80:80/$${x}", "$$x:80"]
)
def test_a_port_that_only_looks_like_a_variable_is_rejected(port: str, put: Put) -> None:
    assembly = put(f"services: {{web: {{image: nginx, ports: ['{port}']}}}}")
    [fault] = assembly.faults
    assert "a port such as `8080:80`" in fault.message


def test_ports_of_a_range_can_be_the_same_as_others(put: Put) -> None:
    ports = service(put, "ports: ['8000-8002:90-92', '0.0.0.0:8001:91']")["ports"]
    assert [port.get("host_ip") for port in ports] == [None, "0.0.0.0", None]


def test_a_range_of_all_ports_costs_no_more_than_the_budget(put: Put) -> None:
    wide = ", ".join(f"'10.0.0.{n}:1-65535:1-65535'" for n in range(50))
    assembly = put(f"services: {{web: {{image: nginx, ports: [{wide}]}}}}")
    assert any("more than" in gap.reason for gap in assembly.loading.gaps)


def test_a_mount_in_short_form_has_its_long_form(put: Put) -> None:
    assert service(put, "volumes: ['./conf:/etc/app/../conf/:ro,z', 'data:/data']")["volumes"] == [
        {
            "type": "bind",
            "source": "/home/somebody/project/conf",
            "target": "/etc/conf",
            "read_only": True,
            "bind": {"selinux": "z", "create_host_path": True},
        },
        {"type": "volume", "source": "data", "target": "/data", "volume": {}},
    ]


def test_the_home_is_that_of_the_user(put: Put) -> None:
    [mount] = service(put, "volumes: ['~/.ssh:/ssh']")["volumes"]
    assert mount["source"] == "/home/somebody/.ssh"


@pytest.mark.parametrize(
    ("nanoseconds", "written"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1_500, "1.5µs"),
        (100_000_000, "100ms"),
        (1_500_000_000, "1.5s"),
        (60_000_000_000, "1m0s"),
        (3_600_000_000_000, "1h0m0s"),
        (-90_000_000_000, "-1m30s"),
    ],
)
def test_durations_are_written_as_go_does(nanoseconds: int, written: str) -> None:
    assert go_duration(nanoseconds) == written


def test_an_origin_is_the_place_in_the_file_that_decides(put: Put) -> None:
    files = {
        "compose.yaml": "services:\n  web:\n    image: nginx\n    user: '1000'\n",
        "compose.override.yaml": "services:\n  web:\n    user: root\n",
    }
    web = origins(put, files)["services"]["web"]
    assert web["image"] == {"file": "compose.yaml", "line": 3, "column": 12, "way": []}
    assert (web["user"]["file"], web["user"]["line"]) == ("compose.override.yaml", 3)
    [step] = web["user"]["way"]
    assert (step["kind"], step["file"], step["line"]) == ("override", "compose.yaml", 4)


def test_origins_have_the_shape_of_the_configuration(put: Put) -> None:
    files = {
        "compose.yaml": "services: {web: {extends: base, ports: ['80-82:80-82'], x-a: [1]},"
        " base: {build: ., links: [db], secrets: [s]}, db: {image: d, env_file: e}}\n"
        "secrets: {s: {file: f}}\nx-b: {c: {d: [1, {e: 2}]}}\n",
        "e": "A=1\nB=2\n",
    }
    configuration = put(files).configuration
    assert configuration is not None
    printed = configuration.printed()

    def shape(value: object) -> object:
        if isinstance(value, list):
            return [shape(item) for item in cast("list[object]", value)]
        if isinstance(value, dict) and "way" not in value:
            entries = cast("dict[str, object]", value)
            return {key: shape(item) for key, item in entries.items()}
        return None

    assert shape(printed.origins) == shape(printed.config)


def way(origin: Any) -> list[str]:
    return [step["kind"] for step in origin["way"]]


def test_provenance_lists_the_steps_of_a_value(put: Put) -> None:
    files = {
        ".env": "TAG=1\n",
        "compose.yaml": "x-a: &a {user: root}\n"
        "services:\n"
        "  web: {<<: *a, extends: base, image: 'nginx:${TAG}-${X:-y}${Z}', build: .}\n"
        "  base: {tty: true, links: [db], env_file: e}\n"
        "  db: {image: d}\n",
        "e": "\nE=1\n",
    }
    web = origins(put, files)["services"]["web"]
    assert way(web["user"]) == ["merge"]
    assert way(web["image"]) == ["variable", "default", "unset"]
    assert way(web["tty"]) == ["extends"]
    assert way(web["build"]["dockerfile"]) == ["default"]
    assert way(web["depends_on"]["db"]["restart"]) == ["implied", "extends"]
    assert (web["environment"]["E"]["file"], web["environment"]["E"]["line"]) == ("e", 2)


def test_the_json_form_has_what_json_cannot_leave_out(put: Put) -> None:
    configuration = put("services: {web: {image: n, deploy: {}, x-a: 1}}").configuration
    assert configuration is not None
    services: Any = configuration.printed().as_json["services"]
    assert services["web"] == {
        "command": None,
        "deploy": {"placement": {}, "resources": {}},
        "entrypoint": None,
        "image": "n",
        "networks": {"default": None},
    }


VALUES = st.recursive(
    st.sampled_from(("3", "1.5", ".inf", "abc", "", "''", "true", "${X}", "a:b:c:d", "-1", "'['")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(
            st.sampled_from(("target", "type", "source", "external", "file", "a")),
            inner,
            max_size=2,
        ).map(lambda items: "{" + ", ".join(f"{k}: {v}" for k, v in items.items()) + "}"),
    ),
    max_leaves=4,
)


@given(key=st.sampled_from(sorted(SERVICE.keys or {})), values=st.tuples(VALUES, VALUES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_of_a_setting_is_handled(put: Put, key: str, values: tuple[str, str]) -> None:
    files = {
        "compose.yaml": f"services: {{web: {{image: n, {key}: {values[0]}}}}}\n",
        "compose.override.yaml": f"services: {{web: {{{key}: {values[1]}}}}}\n",
    }
    assembly = put(files)
    assert isinstance(assembly.refused, bool)
    if assembly.configuration is not None:
        assert assembly.configuration.printed().as_json["name"] == "project"


def test_a_long_chain_of_extends_is_merged_in_one_pass(put: Put) -> None:
    chain = "".join(
        f"  s{n}: {{extends: s{n - 1}, image: i{n}, environment: {{A: {n}}}}}\n"
        for n in range(1, 60)
    )
    assembly = put(f"services:\n  s0: {{image: i0, environment: {{A: 0}}}}\n{chain}")
    assert not assembly.refused
    assert assembly.loading.bounds.budget > 50_000


def test_very_deep_values_are_cut_off(put: Put) -> None:
    assembly = put("services: {web: {image: n}}\nx-a: " + "[" * 100 + "]" * 100)
    assert assembly.configuration is not None
    assert any("deep" in gap.reason for gap in assembly.loading.gaps)


def test_a_raw_file_of_variables_is_not_interpreted(put: Put) -> None:
    files = {
        "compose.yaml": "services: {web: {image: n, env_file: [{path: e, format: raw}]}}",
        "e": "# no\nA='$B'\nB = \"c\" # d\n",
    }
    web = origins(put, files)["services"]["web"]
    assert web["environment"]["A"]["line"] == 2
    configuration = put(files).configuration
    assert configuration is not None
    environment = configuration.effective.get("services", "web", "environment")
    assert environment is not None
    assert {name: value.text for name, value in environment.entries.items()} == {
        "A": "'$B'",
        "B": ' "c" # d',
    }


@pytest.mark.parametrize(
    ("files", "value"),
    [
        ({"a": "A=file\nA\n", "b": "", ".env": "A=project\n"}, "project"),
        ({"a": "A=file\nA\n", "b": ""}, "file"),
        ({"a": "A\nA=file\n", "b": "", ".env": "A=project\n"}, "file"),
        ({"a": "A=file\n", "b": "A\n", ".env": "A=project\n"}, "file"),
    ],
)
def test_a_bare_name_has_the_value_of_a_file_above_or_of_the_project(
    put: Put, files: dict[str, str], value: str
) -> None:
    main = "services: {web: {image: n, env_file: [a, b]}}"
    configuration = put({"compose.yaml": main, **files}).configuration
    assert configuration is not None
    found = configuration.effective.get("services", "web", "environment", "A")
    assert found is not None
    assert found.text == value
