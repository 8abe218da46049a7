"""Where no variable decides, nothing is said that some value of a variable breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings, strategies as st
from tests.project_facts.views import broken_promises, loaded, plain, service, things

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a variable may stand for; quotes and braces would be another file.
WORDS = (
    *("", "x", "1", "0", "true", "false", "host", "none", "all", "ALL", "root", "0:0", "-1"),
    *("/a", "/a:/b", "/etc:/t", "./d", "../x", "~", "/var/run/docker.sock", "vol", "vol:/t", "ro"),
    *("80", "8080:80", "80-82:80-82", "127.0.0.1", "::", "udp", "o", "service:o", "container:c"),
    *("SYS_ADMIN", "unconfined", "no-new-privileges:true", "seccomp=unconfined", "rwm", "/dev/sda"),
    *("bind", "volume", "tmpfs", "512m", "30s", "NONE", "always", "n", "a.env", "A=2", "gpu"),
    *("Dockerfile.b", "one", "two", "a/inc.yaml", "k", "c", "macvlan", "nat-unprotected"),
)
# Values of keys of a service: `@` is a variable, or a word.
KEYS = {
    "privileged": ["@"], "read_only": ["@"], "user": ["@", "1:@"], "cap_drop": ["[@]"],
    "cap_add": ["[SYS_ADMIN, @]"], "security_opt": ["[@]", "['seccomp:@']", "[@, 'apparmor=@']"],
    "pid": ["@", "service:@"], "ipc": ["@"], "network_mode": ["@", "service:@"], "cgroup": ["@"],
    "volumes": [
        "[@]", "['@:/t']", "['vol:/t', '/a:@', '@']", "['/srv/@:/t']", "['./@/../q:/t']", "['/a:@']", "['/a:/t@']",
        "['/a:/t', '/b:@']", "['vol:/t', '@:/u']", "[{type: @, source: /a, target: /t}]",
        "[{type: bind, source: @, target: /t, read_only: @}]",
    ],
    "volumes_from": ["[@]", "['o:@']", "[o]"], "tmpfs": ["@", "['/t:@']"],
    "configs": ["[@]", "[c]"], "secrets": ["[@]", "[{source: k, target: @}]"],
    "use_api_socket": ["@"], "devices": ["[@]", "['/dev/x:@']", "['@:/dev/x']"],
    "gpus": ["@"], "runtime": ["@"], "device_cgroup_rules": ["[@]"],
    "ports": [
        "[@]", "['@:80']", "['80:@']", "['90-91:90-91', @]", "['8000-8010:80']",
        "[{target: 80, published: @, host_ip: @}]",
    ],
    "networks": ["[n, @]", "{n: {aliases: [@]}}"], "environment": ["[A=1, @]", "{A: }", "[A]"],
    "env_file": ["[a.env, @]", "[{path: @, required: false}]"], "labels": ["['a=@']", "[@]"],
    "label_file": ["@", "[l.env, @]"], "command": ["@", "[a, @]"], "restart": ["@", "'on-failure:@'"],
    "healthcheck": ["{test: @}", "{disable: @}", "{test: [CMD, x], interval: @, retries: @}"],
    "logging": ["{driver: @, options: {max-size: @}}"], "mem_limit": ["@"], "cpus": ["@"],
    "deploy": [
        "{replicas: @, resources: {limits: {memory: @, cpus: @, pids: @}}}",
        "{resources: {reservations: {devices: [{capabilities: [@]}]}}}",
    ],
    "build": [
        "@", "{context: ., dockerfile: @}", "{context: ., target: @, args: {B: @}}",
        "{context: ., dockerfile_inline: 'FROM @'}", "{context: ., args: [U]}",
        "{context: ., additional_contexts: {one: @}}",
    ],
    "extends": ["@", "{service: o, file: @}", "o"], "profiles": ["[@]"], "sysctls": ["[a=@]"],
    "provider": ["{type: @}"], "x-a": ["@", "{a: @}"],
    "pre_start": ["[{image: a, command: b, privileged: @, volumes: ['@:/t']}]"],
}  # fmt: skip
SECTIONS = {
    "volumes": [
        "{vol: }", "{vol: {driver_opts: {type: none, o: bind, device: @}}}", "{vol: {external: @}}",
        "{vol: {driver_opts: {type: @, o: @, device: /a}}}", "{vol: {driver: @}}",
    ],
    "networks": [
        "{n: }", "{n: {internal: @, driver: @}}", "{n: {external: @}, default: {external: @}}",
        "{n: {driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: @}}}",
        "{n: {driver: macvlan, driver_opts: {parent: @}}}",
    ],
    "configs": ["{c: {content: a}}", "{c: {file: @}}"],
    "secrets": ["{k: {environment: K}}", "{k: {file: @}}"],
}  # fmt: skip
OTHERS = {
    "Dockerfile": (
        "ARG B=alpine:3\nARG U=app\nFROM ${B} AS one\nARG U=app\nARG V\nENV E=$U F=1\n"
        "LABEL l=${V:-a}\nRUN curl -o x https://e.org/$U\nRUN apk add p=$U $V q a$U\nHEALTHCHECK --interval=${V:-5s} CMD x\n"
        'FROM one AS two\nCOPY --from=nginx:1 /a /a\nUSER ${U}\nENTRYPOINT ["$U"]\n'
    ),
    "Dockerfile.b": "FROM scratch\nUSER 5\n",
    "l.env": "a=${X:-q}\nb=$Y\nc=1\n",
    "a.env": "A=${X:-q}\nC=1\nD=$Y\nX=2\nE=$X\n",
    "a/inc.yaml": "services: {o: {image: 'i:1', privileged: '${Y:-false}', volumes: ['./q:/a']}}",
}
NAMES = "XYZ"
ENVIRONMENTS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(WORDS))


@st.composite
def variables(draw: st.DrawFn) -> str:
    name, word = draw(st.sampled_from(NAMES)), draw(st.sampled_from(WORDS))
    forms = [f"${{{name}{sign}{word}}}" for sign in (":-", "-", ":+", "+")]
    return draw(st.sampled_from([*forms, f"${name}", f"${{{name}:-${{Y:-{word}}}}}", word]))


@st.composite
def filled(draw: st.DrawFn, shapes: list[str]) -> str:
    """Return one of some values, with variables in place of each `@`."""
    before, *parts = draw(st.sampled_from(shapes)).split("@")
    for after in parts:
        is_quoted = before.count("'") % 2 == 1
        word = draw(variables())
        before += (word if is_quoted else f'"{word}"') + after
    return before


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    """Return the files of a project with variables in it."""
    chosen = st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=3, unique=True)
    services = {name: draw(chosen) if name == "s" or draw(st.booleans()) else [] for name in "so"}
    lines = ["services:"]
    for name, keys in services.items():
        own = [f"{key}: {draw(filled(KEYS[key]))}" for key in keys]
        lines.append(f"  {name}: {{{', '.join(['image: nginx:1', *own])}}}")
    lines += [f"{name}: {draw(filled(shapes))}" for name, shapes in SECTIONS.items()]
    files = {**OTHERS, "compose.yaml": "\n".join(lines)}
    if draw(st.booleans()):
        files[".env"] = f"X={draw(st.sampled_from(WORDS))}\nY=${{Z:-x}}\n"
    return files


@settings(max_examples=300, deadline=None)
@given(projects(), st.lists(ENVIRONMENTS, min_size=1, max_size=3))
def test_no_value_of_a_variable_breaks_what_the_unsettled_view_says(
    texts: dict[str, str], environments: list[Mapping[str, str]]
) -> None:
    promised = loaded(texts).unsettled
    for environment in environments:
        come = loaded(texts, environment)
        if not come.refusals:  # Compose runs nothing else
            assert [*broken_promises(promised, come)] == []


def test_a_default_settles_nothing() -> None:
    texts = {"compose.yaml": "services: {s: {image: 'x:${T:-1}', privileged: '${P:-false}'}}"}
    project = loaded(texts)
    assert plain(service(project).get("privileged")) is False
    assert plain(service(project.unsettled).get("privileged")) is ...


def test_without_a_variable_there_is_one_view() -> None:
    project = loaded({"compose.yaml": "services: {s: {image: x}}"})
    assert project.unsettled is project


def test_what_a_variable_brings_is_there_and_unknown() -> None:
    texts = {
        "compose.yaml": "services: {s: {image: x}}\ninclude: ['${F:-other.yaml}']\n",
        "other.yaml": "services: {evil: {image: y, privileged: true}}\n",
    }
    unsettled = loaded(texts).unsettled
    for group in ("service", "image", "stage"):
        assert [one.known for one in things(unsettled, group)][-1:] == [False]
