"""Changes that keep a violation of a policy in place, and try to hide it from the check."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    # Texts, bytes, and where a link leads, by path.
    Files = Mapping[str, "str | bytes | Link"]

POLICY = """\
[policy]
name = "corp"

[[rule]]
id = "corp/privileged"
for = "service"
require.privileged = false
message = "{name} is privileged"
[[rule.good]]
"compose.yaml" = "services: {a: {image: b}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b, privileged: true}}"

[[rule]]
id = "corp/namespaces"
for = "service"
require.namespaces.pid.like = ["own", "service:*"]
require.namespaces.network.like = ["own", "none", "service:*"]
message = "{name} has a namespace of the host"
[[rule.good]]
"compose.yaml" = "services: {a: {image: b}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b, pid: host}}"

[[rule]]
id = "corp/socket"
for = "service"
require.mounts.no.kind = "socket"
message = "{name} has the socket of the engine"
[[rule.good]]
"compose.yaml" = "services: {a: {image: b}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b, volumes: [/var/run/docker.sock:/x]}}"

[[rule]]
id = "corp/registry"
for = "image"
require.registry = "r.example"
message = "{reference} is not from r.example"
[[rule.good]]
"compose.yaml" = "services: {a: {image: r.example/b}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b}}"

[[exception]]
rule = "corp/privileged"
projects = ["apps/vpn"]
services = ["tunnel"]
reason = "it makes an interface"
approved-by = "security"
until = 9999-12-31
"""


FACT_POLICY = """\
[policy]
name = "corp"

[[rule]]
id = "corp/product"
for = "service"
when.file.purpose = "product"
require.capabilities.has-none = "SYS_TIME"
message = "{name} of a product sets the clock"
[[rule.good]]
"tests/compose.yaml" = "services: {a: {image: b, cap_add: [SYS_TIME]}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b, cap_add: [SYS_TIME]}}"

[[rule]]
id = "corp/whole"
for = "service"
when.file.loading = "alone"
require.capabilities.has-none = "SYS_MODULE"
message = "{name} of a project loads modules"
[[rule.good]]
"compose.yaml" = "services: {a: {image: b}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b, cap_add: [SYS_MODULE]}}"

[[rule]]
id = "corp/public"
for = "service"
when.labels."corp.public" = "yes"
require.init = true
message = "{name} is public, and has no init"
[[rule.good]]
"compose.yaml" = "services: {a: {image: b}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b, labels: {corp.public: 'yes'}}}"

[[rule]]
id = "corp/netcat"
for = "stage"
require.packages.no.name.like = ["netcat*", "nmap"]
message = "an image has a tool to look around"
[[rule.good]]
"Dockerfile" = "FROM r.example/a"
[[rule.bad]]
"Dockerfile" = "FROM r.example/a\\nRUN apk add nmap"

[[rule]]
id = "corp/login"
for = "service"
forbid.environment.LOGIN = "off"
message = "{name} lets everybody in"
[[rule.good]]
"compose.yaml" = "services: {a: {image: b, environment: {LOGIN: 'on'}}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: b, environment: {LOGIN: 'off'}}}"
"""
"""A policy that asks for what other files, and words in them, tell."""


class Link(str):
    """A path that a symbolic link leads to."""


def service(words: str, name: str = "web") -> str:
    """Return a Compose file with one service."""
    return f"services: {{{name}: {{image: r.example/a, {words}}}}}\n"


FINE = service("read_only: true", "fine")
BAD = service("privileged: true")
SOCKET = "/var/run/docker.sock:/var/run/docker.sock"
BUILT = "services: {web: {build: .}}\n"

VALUES: dict[str, Files] = {
    "a boolean in quotes": {"compose.yaml": service("privileged: 'true'")},
    "a boolean of YAML 1.1": {"compose.yaml": service("privileged: yes")},
    "a boolean in capitals": {"compose.yaml": service("privileged: TRUE")},
    "a boolean of one letter": {"compose.yaml": service("privileged: 'y'")},
    "a boolean with a tag": {"compose.yaml": service("privileged: !!bool 'true'")},
    "a text with a tag": {"compose.yaml": service("privileged: !!str true")},
    "a tag of its own": {"compose.yaml": service("privileged: !x true")},
    "a block text": {"compose.yaml": "services:\n  web:\n    privileged: |-\n      true\n"},
    "a folded text": {"compose.yaml": "services:\n  web:\n    privileged: >-\n      true\n"},
    "an escape": {"compose.yaml": service('privileged: "\\x74rue"')},
    "a key with an escape": {"compose.yaml": service('"privil\\u0065ged": true')},
    "a key in quotes": {"compose.yaml": service("'privileged': true")},
    "a complex key": {"compose.yaml": "services:\n  web:\n    ? privileged\n    : true\n"},
    "a key with a tag": {"compose.yaml": service("!!str privileged: true")},
    "a key with an anchor": {"compose.yaml": service("&x privileged: true")},
    "a key twice": {"compose.yaml": service("privileged: true, privileged: false")},
    "a service twice": {
        "compose.yaml": "services:\n  a: {privileged: true}\n  a: {privileged: false}\n"
    },
    "services twice": {"compose.yaml": BAD + FINE},
    "a variable": {"compose.yaml": service("privileged: $P")},
    "a default": {"compose.yaml": service("privileged: '${P:-false}'")},
    "another default": {"compose.yaml": service("privileged: '${P-false}'")},
    "an alternative": {"compose.yaml": service("privileged: '${P:+true}'")},
    "a nested default": {"compose.yaml": service("privileged: '${P:-${Q:-false}}'")},
    "an error of a variable": {"compose.yaml": service("privileged: '${P:?no}'")},
    ".env": {"compose.yaml": service("privileged: $P"), ".env": "P=false\n"},
    "a variable in a key": {"compose.yaml": service("pid: '${PID:-}'")},
    "a part of a value": {"compose.yaml": service("pid: 'h${X}ost'"), ".env": "X=\n"},
    "the name of an image": {"compose.yaml": "services: {web: {image: 'r.example${X:-/}a'}}\n"},
    "a registry like ours": {"compose.yaml": "services: {web: {image: r.example.evil/a}}\n"},
    "a registry with a port": {"compose.yaml": "services: {web: {image: 'r.example:5000/a'}}\n"},
    "a user in a reference": {"compose.yaml": "services: {web: {image: 'r.example@evil.org/a'}}\n"},
    "a registry in capitals": {"compose.yaml": "services: {web: {image: R.EXAMPLE/a}}\n"},
    "a text in bytes": {"compose.yaml": service("privileged: !!binary dHJ1ZQ==")},
    "a merged list": {
        "compose.yaml": "x: [&a {privileged: true}, &b {init: true}]\n"
        "services: {web: {<<: [*b, *a], image: r.example/a}}\n"
    },
    "a merge below the key": {
        "compose.yaml": "x: &x {privileged: true}\n"
        "services:\n  web:\n    image: r.example/a\n    privileged: !reset null\n    <<: *x\n"
    },
    "an alias of a value": {
        "compose.yaml": "x: &x true\nservices: {web: {image: r.example/a, privileged: *x}}\n"
    },
    "an alias of a service": {"compose.yaml": "x: &x {privileged: true}\nservices: {web: *x}\n"},
    "an alias of services": {"compose.yaml": "x: &x {web: {privileged: true}}\nservices: *x\n"},
    "an alias of a key": {
        "compose.yaml": "x: &x privileged\nservices: {web: {image: r.example/a, *x : true}}\n"
    },
    "a merge of services": {
        "compose.yaml": "x: &x {web: {privileged: true}}\nservices: {<<: *x}\n"
    },
    "a merge at the top": {
        "compose.yaml": "x-x: &x {services: {web: {privileged: true}}}\n<<: *x\n"
    },
}

MOUNTS: dict[str, Files] = {
    name: {"compose.yaml": text}
    for name, text in {
        "the socket by its other path": service("volumes: ['/run/docker.sock:/x']"),
        "the socket with dots": service("volumes: ['/var/../run/./docker.sock:/x']"),
        "the folder of the socket": service("volumes: ['/var/run:/x:ro']"),
        "the root": service("volumes: [{type: bind, source: //, target: /x}]"),
        "the socket of Podman": service("volumes: ['/run/podman/podman.sock:/x']"),
        "the socket of containerd": service("volumes: ['/run/containerd/containerd.sock:/x']"),
        "the socket of a user": service("volumes: ['$XDG_RUNTIME_DIR/docker.sock:/x']"),
        "the socket as a secret": service("secrets: [s]")
        + "secrets: {s: {file: /var/run/docker.sock}}\n",
        "the socket as a config": service("configs: [{source: s, target: /x}]")
        + "configs: {s: {file: /var/run/docker.sock}}\n",
        "the socket by options": service("volumes: ['data:/x']")
        + "volumes: {data: {driver_opts: {type: none, o: bind, device: /var/run/docker.sock}}}\n",
        "options with a variable": service("volumes: ['data:/x']")
        + "volumes: {data: {driver_opts: {type: none, o: bind, device: '${D:-/srv}'}}}\n",
        "the socket of another service": "services:\n  web: {image: r.example/a, volumes_from:"
        f" [b]}}\n  b: {{image: r.example/b, volumes: ['{SOCKET}']}}\n",
        "the socket of a container": service("volumes_from: ['container:proxy']"),
        "the API": service("use_api_socket: true"),
        "the API by a variable": service("use_api_socket: ${A:-false}"),
        "the socket of a hook": service(
            f"pre_start: [{{image: r.example/a, command: x, volumes: ['{SOCKET}']}}]"
        ),
        "a privileged hook": service("post_start: [{command: x, privileged: true}]"),
        "a sync that runs": service(
            "develop: {watch: [{path: ., action: sync+exec, target: /x, exec: {command: a,"
            " privileged: true}}]}"
        ),
    }.items()
}

LAYERS: dict[str, Files] = {
    "an override": {"compose.yaml": FINE, "compose.override.yaml": BAD},
    "an override of another suffix": {"compose.yaml": FINE, "compose.override.yml": BAD},
    "an override of the old name": {"docker-compose.yml": FINE, "docker-compose.override.yml": BAD},
    "an override that resets": {
        "compose.yaml": BAD,
        "compose.prod.yaml": "services: {web: {privileged: !reset null}}\n",
    },
    "COMPOSE_FILE": {"compose.yaml": FINE, ".env": "COMPOSE_FILE=a/b.yaml\n", "a/b.yaml": BAD},
    "COMPOSE_FILE with two files": {
        "compose.yaml": FINE,
        ".env": "COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=compose.yaml,conf/evil\n",
        "conf/evil": BAD,
    },
    "COMPOSE_PROFILES": {"compose.yaml": service("privileged: true, profiles: [never]")},
    "no replicas": {"compose.yaml": service("privileged: true, scale: 0")},
    "an include": {"compose.yaml": "include: [a/evil]\n" + FINE, "a/evil": BAD},
    "an include with variables": {
        "compose.yaml": "include: [{path: a.yaml, env_file: a.env, project_directory: b}]\n",
        "a.yaml": service("privileged: $P"),
        "a.env": "P=false\n",
    },
    "an include of two": {
        "compose.yaml": "include: [{path: [a.yaml, b.yaml]}]\n",
        "a.yaml": FINE,
        "b.yaml": BAD,
    },
    "an include by a variable": {
        "compose.yaml": "include: ['${F:-a.yaml}']\n",
        "a.yaml": FINE,
        "b.yml": "a",
    },
    "an include of a URL": {"compose.yaml": "include: ['https://evil.example/x.git']\n" + FINE},
    "an include of an artifact": {"compose.yaml": "include: ['oci://evil.example/x']\n" + FINE},
    "an include that is missing": {"compose.yaml": "include: [gone.yaml]\n" + FINE},
    "an include out of the root": {"compose.yaml": "include: [../../evil.yaml]\n" + FINE},
    "extends": {
        "compose.yaml": "services: {web: {extends: {file: b/x, service: y}}}\n",
        "b/x": service("privileged: true", "y"),
    },
    "extends of extends": {
        "compose.yaml": "services: {web: {extends: {file: b, service: y}}}\n",
        "b": "services: {y: {extends: {file: c, service: z}}}\n",
        "c": service("privileged: true", "z"),
    },
    "extends by a variable": {
        "compose.yaml": "services: {web: {extends: {file: '${F:-b}', service: y}}}\n",
        "b": service("init: true", "y"),
    },
    "extends that is missing": {
        "compose.yaml": "services: {web: {extends: {file: gone.yaml, service: y}}}\n"
    },
    "a service of a provider": {
        "compose.yaml": "services: {web: {provider: {type: evil, options: {privileged: true}}}}\n"
    },
    "many documents": {"compose.yaml": "---\n" + FINE + "---\n" + BAD},
    "an end of a document": {"compose.yaml": FINE + "...\n---\n" + BAD},
    "an extension that is used": {
        "compose.yaml": "x-web: &w\n  privileged: true\nservices:\n  web:\n    <<: *w\n"
    },
    "labels of a deploy": {"compose.yaml": service("deploy: {mode: global}, privileged: true")},
    "a job": {"compose.yaml": "jobs: {web: {image: r.example/a, privileged: true}}\n"},
}

NAMES: dict[str, Files] = {
    f"the name {name!r}": {"compose.yaml": FINE, name: BAD}
    for name in (
        *("Compose.YAML", "COMPOSE.YML", "docker-compose.yml", "docker-compose.prod.yml"),
        *("compose.yaml.tpl", "compose.yaml.j2", "compose.yaml.", "compose.yaml ", " compose.yaml"),
        *("compose.yaml.bak", "compose.yaml~", "compose.yaml.dist", "compose.prod.yaml.example"),
        *("compos\u0435.yaml", "compose.y\u200baml", "deep/compose.yaml", "a/b/c/d/e/compose.yml"),
        *("node_modules/x/compose.yaml", ".hidden/compose.yaml", "vendor/a/compose.yaml"),
        *("tests/fixtures/compose.yaml", "examples/compose.yaml", ".github/compose.yaml"),
        *("x" * 200 + ".compose.yaml", "docker-stack.yml", "podman-compose.yaml", "stack.yaml"),
        *("compose/web.yml", "deploy/web.yaml", "compose.json", "docker-compose.json", "web.yml"),
        *(".venv/compose.yaml", "target/compose.yaml", "dist/compose.yaml", "build/compose.yaml"),
        *("compose-prod.yaml", "compose_prod.yaml", "prod.compose.yml", "compose.\nyaml"),
    )
}

BYTES: dict[str, Files] = {
    "a byte order mark": {"compose.yaml": b"\xef\xbb\xbf" + BAD.encode()},
    "UTF-16": {"compose.yaml": BAD.encode("utf-16")},
    "UTF-16 without a mark": {"compose.yaml": BAD.encode("utf-16-le")},
    "UTF-32": {"compose.yaml": BAD.encode("utf-32")},
    "Latin 1": {"compose.yaml": b"# \xe9\n" + BAD.encode()},
    "NUL": {"compose.yaml": BAD.encode() + b"\0"},
    "ends of lines of Windows": {"compose.yaml": BAD.replace("\n", "\r\n").encode()},
    "ends of lines of old": {"compose.yaml": b"# a\r" + BAD.encode()},
    "another end of a line": {"compose.yaml": f"# a\u2028{BAD}#\u0085\n{BAD}"},
    "a tab": {"compose.yaml": "services:\n\tweb:\n\t\tprivileged: true\n"},
    "an error in YAML": {"compose.yaml": BAD + "x: [\n"},
    "no mapping": {"compose.yaml": "- services\n"},
    "an unknown key": {"compose.yaml": BAD + "evil: 1\n"},
    "a huge file": {"compose.yaml": "# " + "x" * 12_000_000 + "\n" + BAD},
    "a huge value": {"compose.yaml": service(f"x-a: '{'x' * 4_000_000}', privileged: true")},
    "deep nesting": {"compose.yaml": f"x-a: {'[' * 3000}{']' * 3000}\n" + BAD},
    "a bomb of aliases": {
        "compose.yaml": "x-0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"x-{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9))
        + BAD
    },
    "a loop of aliases": {"compose.yaml": "x: &x {y: *x}\n" + BAD},
    "many services": {
        "compose.yaml": "services:\n"
        + "".join(f"  s{i}: {{image: r.example/a}}\n" for i in range(5000))
        + "  z: {image: r.example/a, privileged: true}\n"
    },
    "many variables": {
        "compose.yaml": service(f"environment: ['{'$A' * 2000}'], privileged: '${{P:-false}}'"),
        ".env": f"A={'x' * 100_000}\n",
    },
    "a percent directive": {"compose.yaml": "%YAML 1.2\n---\n" + BAD},
    "an unknown directive": {"compose.yaml": "%TAG ! tag:x,2000:\n---\n" + BAD},
}

SETTINGS: dict[str, Files] = {
    "a comment": {"compose.yaml": "# tightship: ignore-file[corp/privileged] fine\n" + BAD},
    "a comment for all": {"compose.yaml": "# tightship: ignore-file fine\n" + BAD},
    "a setting": {
        "compose.yaml": BAD,
        "tightship.toml": "ignore = ['default', 'strict']\nfail-on = 'never'\n",
    },
    "an invalid setting": {"compose.yaml": BAD, "tightship.toml": "evil = 1\n"},
    "settings that are no TOML": {"compose.yaml": BAD, "tightship.toml": "[[["},
    "huge settings": {"compose.yaml": BAD, "tightship.toml": "#" + "x" * 12_000_000},
    "settings in Python's file": {
        "compose.yaml": BAD,
        "pyproject.toml": "[tool.tightship]\nexclude = ['*']\nfail-on = 'never'\n",
    },
    "settings below": {
        "compose.yaml": FINE,
        "a/compose.yaml": BAD,
        "a/tightship.toml": "exclude = ['*']\n",
    },
    "a severity": {
        "compose.yaml": BAD,
        "tightship.toml": "[severity]\n'privileged-container' = 'info'\n",
    },
    "an exclusion": {"compose.yaml": BAD, "tightship.toml": "exclude = ['*']\n"},
    "a template": {
        "compose.yaml": BAD,
        "tightship.toml": "[[roles]]\npaths = ['*']\nloading = 'template'\n",
    },
    "an overlay": {
        "compose.yaml": BAD,
        "tightship.toml": "[[roles]]\npaths = ['*']\nloading = 'overlay'\n",
    },
    "a part": {
        "compose.yaml": BAD,
        "tightship.toml": "[[roles]]\npaths = ['*']\nloading = 'part'\n",
    },
    "a purpose": {
        "compose.yaml": BAD,
        "tightship.toml": "[[roles]]\npaths = ['*']\npurpose = 'example'\n",
    },
    "a project that hardens": {
        "compose.yaml": BAD,
        "tame.yaml": "services: {web: {privileged: false}}\n",
        "tightship.toml": "[[project]]\nfiles = ['compose.yaml', 'tame.yaml']\n",
    },
    "a project of other files": {
        "compose.yaml": BAD,
        "tame.yaml": FINE,
        "tightship.toml": "[[project]]\nfiles = ['tame.yaml']\n",
    },
    "a project with variables": {
        "compose.yaml": service("privileged: '${P:-true}'"),
        "p.env": "P=false\n",
        "tightship.toml": "[[project]]\nfiles = ['compose.yaml']\nenv-files = ['p.env']\n",
    },
    "a part that is provided": {
        "compose.yaml": "services: {web: {extends: {file: gone.yaml, service: x}}}\n",
        "tightship.toml": "[provided]\nfiles = ['gone.yaml']\n",
    },
    "a host": {"compose.yaml": BAD, "tightship.toml": "[host]\nrootless = true\n"},
    "facts": {
        "compose.yaml": BAD,
        ".tightship-facts.json": "{}",
        "tightship.facts.toml": "[[service]]\nname = 'web'\n",
    },
    "a baseline": {
        "compose.yaml": BAD,
        "tightship-baseline.json": "{}",
        "tightship.toml": "baseline = 'tightship-baseline.json'\n",
    },
    "an ignore file": {"compose.yaml": BAD, ".gitignore": "*\n"},
    "an ignore file below": {"compose.yaml": FINE, "a/.gitignore": "*\n", "a/compose.yaml": BAD},
    "attributes": {"compose.yaml": BAD, ".gitattributes": "* export-ignore binary -text\n"},
    "other ignore files": {
        "compose.yaml": BAD,
        ".tightshipignore": "*\n",
        ".dockerignore": "*\n",
        ".ignore": "*\n",
    },
    "a Makefile": {
        "compose.yaml": BAD,
        "tame.yaml": "services: {web: {privileged: false}}\n",
        "Makefile": "up:\n\tdocker compose -f compose.yaml -f tame.yaml up\n",
    },
    "another main file": {
        "compose.yaml": BAD,
        "a.yaml": FINE,
        "Makefile": "up:\n\tdocker compose -f a.yaml up\n",
    },
    "a file that a Makefile names": {
        "compose.yaml": FINE,
        "conf/a.txt": BAD,
        "Makefile": "up:\n\tdocker compose -f conf/a.txt up\n",
    },
    "a dev container": {
        "compose.yaml": BAD,
        "tame.yaml": "services: {web: {privileged: false}}\n",
        ".devcontainer/devcontainer.json": '{"dockerComposeFile": ["../compose.yaml",'
        ' "../tame.yaml"], "service": "web"}\n',
    },
    "a workflow": {
        "compose.yaml": BAD,
        "tame.yaml": "services: {web: {privileged: false}}\n",
        ".github/workflows/x.yml": "on: push\njobs: {x: {runs-on: y, steps: [{run: docker"
        " compose -f compose.yaml -f tame.yaml up}]}}\n",
    },
    "a policy in the tree": {"compose.yaml": BAD, "policy.toml": POLICY, "corp.toml": POLICY},
    "a plug-in": {"compose.yaml": BAD, "tightship.py": "raise SystemExit(0)\n"},
    "modules of Python": {
        "compose.yaml": BAD,
        "yaml.py": "raise SystemExit(0)\n",
        "json.py": "raise SystemExit(0)\n",
        "typing.py": "raise SystemExit(0)\n",
    },
}

EXCEPTIONS: dict[str, Files] = {
    "the name of an excepted project": {
        "compose.yaml": "name: vpn\n" + service("privileged: true", "tunnel")
    },
    "the folder of an excepted project below another": {
        "x/apps/vpn/compose.yaml": service("privileged: true", "tunnel")
    },
    "a longer name": {"apps/vpn2/compose.yaml": service("privileged: true", "tunnel")},
    "a folder below": {"apps/vpn/x/compose.yaml": service("privileged: true", "tunnel")},
    "another service there": {"apps/vpn/compose.yaml": service("privileged: true", "Tunnel")},
    "a second service there": {
        "apps/vpn/compose.yaml": "services:\n  tunnel: {image: r.example/a, privileged: true}\n"
        "  web: {extends: tunnel}\n"
    },
    "a service in capitals": {"apps/VPN/compose.yaml": service("privileged: true", "tunnel")},
    "another rule there": {"apps/vpn/compose.yaml": service("pid: host", "tunnel")},
    "a project that only starts there": {
        "apps/vpn/compose.yaml": service("privileged: true", "web")
    },
    "an include of there": {
        "compose.yaml": "include: [apps/vpn/compose.yaml]\n" + FINE,
        "apps/vpn/compose.yaml": service("privileged: true", "tunnel"),
    },
    "extends of there": {
        "compose.yaml": "services: {tunnel: {extends: {file: apps/vpn/x.yaml, service: y}}}\n",
        "apps/vpn/x.yaml": service("privileged: true", "y"),
    },
}

_BUILT: dict[str, tuple[str, Files]] = {
    "a Dockerfile": (BUILT, {"Dockerfile": "FROM alpine\n"}),
    "an argument of Compose": (
        "services: {web: {build: {context: ., args: {B: alpine}}}}\n",
        {"Dockerfile": "ARG B=r.example/a\nFROM $B\n"},
    ),
    "an argument by a variable": (
        "services: {web: {build: {context: ., args: {B: '${B:-r.example/a}'}}}}\n",
        {"Dockerfile": "ARG B\nFROM $B\n"},
    ),
    "an argument of the environment": (
        "services: {web: {build: {context: ., args: [B]}}}\n",
        {"Dockerfile": "ARG B=r.example/a\nFROM $B\n"},
    ),
    "a context": (
        "services: {web: {build: {context: ., additional_contexts: ['b=docker-image://x']}}}\n",
        {"Dockerfile": "FROM b\n"},
    ),
    "a context that replaces": (
        "services: {web: {build: {context: ., additional_contexts: {r.example/a:"
        " 'docker-image://x'}}}}\n",
        {"Dockerfile": "FROM r.example/a\n"},
    ),
    "a text in Compose": ('services: {web: {build: {dockerfile_inline: "FROM alpine"}}}\n', {}),
    "another file": (
        "services: {web: {build: {context: ., dockerfile: conf/x}}}\n",
        {"Dockerfile": "FROM r.example/a\n", "conf/x": "FROM alpine\n"},
    ),
    "a file by a variable": (
        "services: {web: {build: {context: ., dockerfile: '${F:-Dockerfile}'}}}\n",
        {"Dockerfile": "FROM r.example/a\n"},
    ),
    "a file outside": (
        "services: {web: {build: {context: ., dockerfile: ../x}}}\n",
        {"Dockerfile": "FROM r.example/a\n"},
    ),
    "a context of a URL": ("services: {web: {build: 'https://evil.example/x.git'}}\n", {}),
    "a context of a variable": ("services: {web: {build: '${C:-.}'}}\n", {}),
    "a context that is missing": ("services: {web: {build: ./gone}}\n", {}),
    "a copy": (BUILT, {"Dockerfile": "FROM r.example/a\nCOPY --from=alpine /x /x\n"}),
    "a mount": (
        BUILT,
        {"Dockerfile": "FROM r.example/a\nRUN --mount=type=bind,from=alpine,target=/x true\n"},
    ),
    "a syntax": (BUILT, {"Dockerfile": "# syntax = evil/x\nFROM r.example/a\n"}),
    "a syntax by an argument": (
        "services: {web: {build: {context: ., args: {BUILDKIT_SYNTAX: evil/x}}}}\n",
        {"Dockerfile": "FROM r.example/a\n"},
    ),
    "a syntax behind slashes": (BUILT, {"Dockerfile": "//syntax=evil/x\nFROM r.example/a\n"}),
    "a syntax behind a shebang": (
        BUILT,
        {"Dockerfile": "#!/x\n# syntax=evil/x\nFROM r.example/a\n"},
    ),
    "a syntax in JSON": (BUILT, {"Dockerfile": '{"syntax": "evil/x"}\n'}),
    "a syntax behind a mark": (
        BUILT,
        {"Dockerfile": b"\xef\xbb\xbf# syntax=evil/x\nFROM r.example/a\n"},
    ),
    "a trigger": (
        "services: {web: {build: {context: ., target: b}}}\n",
        {"Dockerfile": "FROM r.example/a AS a\nONBUILD COPY --from=alpine /x /x\nFROM a AS b\n"},
    ),
    "a stage by its number": (
        "services: {web: {build: {context: ., target: '1'}}}\n",
        {"Dockerfile": "FROM r.example/a\nFROM alpine\nFROM r.example/a\n"},
    ),
    "a stage that is not built": (
        "services: {web: {build: {context: ., target: a}}}\n",
        {"Dockerfile": "FROM r.example/a AS a\nFROM alpine AS b\n"},
    ),
    "a name of a stage": (
        BUILT,
        {"Dockerfile": "FROM alpine AS base\nFROM base AS r.example\nFROM r.example\n"},
    ),
    "a stage below": (
        BUILT,
        {"Dockerfile": "FROM alpine AS x\nRUN true\nFROM r.example/a\nCOPY --from=x /a /a\n"},
    ),
    "an escape": (BUILT, {"Dockerfile": "# escape=`\nFROM `\nalpine\n"}),
    "lines that continue": (BUILT, {"Dockerfile": "FR\\\nOM alp\\\n# c\nine\n"}),
    "another case": (BUILT, {"Dockerfile": "from alpine\n"}),
    "a heredoc that begins a file": (
        BUILT,
        {"Dockerfile": "FROM r.example/a\nCOPY <<E /x\nFROM alpine\nE\nCOPY --from=alpine a b\n"},
    ),
    "an error": (BUILT, {"Dockerfile": "FROM alpine\nEVIL\n"}),
    "an ignore file of the build": (
        BUILT,
        {"Dockerfile": "FROM alpine\n", ".dockerignore": "Dockerfile\n"},
    ),
    "a cached image": (
        "services: {web: {build: {context: ., cache_from: [evil/x]}}}\n",
        {"Dockerfile": "FROM alpine\n"},
    ),
    "an image next to a build": (
        "services: {web: {build: ., image: evil/x, pull_policy: always}}\n",
        {"Dockerfile": "FROM r.example/a\n"},
    ),
}

BUILDS: dict[str, Files] = {
    name: {"compose.yaml": compose, **files} for name, (compose, files) in _BUILT.items()
}

ALONE: dict[str, Files] = {
    f"the Dockerfile {name!r}": {"compose.yaml": FINE, name: "FROM alpine\n"}
    for name in (
        *("Dockerfile", "web.Dockerfile", "Dockerfile.prod", "dockerfile", "Containerfile"),
        *("a/Dockerfile", "Dockerfile.j2", "Dockerfile.tpl", "DOCKERFILE", "x.dockerfile"),
        *("Dockerfile-web", "Dockerfile_web", "docker/web/Dockerfile.alpine", "Dockerfile.bak"),
        *("vendor/x/Dockerfile", "node_modules/x/Dockerfile", "Dockerfile ", "Dockerfile.in"),
    )
}

LINKS: dict[str, Files] = {
    "a link to a file": {"compose.yaml": Link("x/evil"), "x/evil": BAD},
    "a link to a folder": {"compose.yaml": FINE, "a": Link("x"), "x/compose.yml": BAD},
    "a link out of the tree": {"compose.yaml": Link("../evil.yaml")},
    "a folder out of the tree": {"compose.yaml": FINE, "app": Link("../app")},
    "a link to itself": {"compose.yaml": Link("compose.yaml")},
    "a loop of links": {"compose.yaml": BAD, "a": Link("b"), "b": Link("a"), "c/d": Link("..")},
    "a link to nothing": {"compose.yaml": Link("gone.yaml")},
    "an override by a link": {"compose.yaml": FINE, "compose.override.yaml": Link("e"), "e": BAD},
    "an include by a link": {
        "compose.yaml": "include: [a.yaml]\n" + FINE,
        "a.yaml": Link("e"),
        "e": BAD,
    },
    "an include out by a link": {
        "compose.yaml": "include: [a.yaml]\n" + FINE,
        "a.yaml": Link("../evil.yaml"),
    },
    "a Dockerfile by a link": {"compose.yaml": BUILT, "Dockerfile": Link("e"), "e": "FROM x\n"},
    "a Dockerfile out by a link": {"compose.yaml": BUILT, "Dockerfile": Link("../Dockerfile")},
    "settings by a link": {"compose.yaml": BAD, "tightship.toml": Link("../evil.toml")},
    "a context by a link": {
        "compose.yaml": "services: {web: {build: ./app}}\n",
        "app": Link("x"),
        "x/Dockerfile": "FROM alpine\n",
    },
}

CLOCK = service("cap_add: [SYS_TIME]")
MODULES = service("cap_add: [SYS_MODULE]")
OTHER = service("init: true", "other")
_GIVEN = "[[roles]]\npaths = ['*']\n"
ROLES: dict[str, Files] = {
    "a purpose in settings": {
        "compose.yaml": CLOCK, "tightship.toml": f"{_GIVEN}purpose = 'test'\n"
    },
    "a loading in settings": {
        "compose.yaml": MODULES, "tightship.toml": f"{_GIVEN}loading = 'overlay'\n"
    },
    "a part in settings": {
        "d/compose.yaml": MODULES, "tightship.toml": f"{_GIVEN}loading = 'part'\n"
    },
    "no Compose file in settings": {
        "compose.yaml": CLOCK, "tightship.toml": f"{_GIVEN}loading = 'other'\n"
    },
    "settings in pyproject.toml": {
        "compose.yaml": CLOCK, "pyproject.toml": "[[tool.tightship.roles]]\npaths = ['*']\npurpose = 'fixture'\n"
    },
    "a command of tests": {
        "app/x.yaml": CLOCK, "tests/base.yaml": OTHER,
        "tests/run.sh": "docker compose -f tests/base.yaml -f app/x.yaml up\n",
    },
    "a test that reads it": {"app/x.yaml": CLOCK, "app/test_x.py": "open('x.yaml')\n"},
    "a statement at the top": {"app/x.yaml": f"# This file is only for integration tests.\n{CLOCK}"},
    "programs of tests": {
        "compose.yaml": service("cap_add: [SYS_TIME], command: pytest, volumes: ['.:/src']")
    },
    "an overlay by a command": {
        "app/x.yaml": MODULES, "compose.yaml": OTHER,
        "Makefile": "up:\n\tdocker compose -f compose.yaml -f app/x.yaml up\n",
    },
    "an overlay by its name": {"x.yaml": OTHER, "x.override.yaml": MODULES},
    "a part by an include": {"compose.yaml": f"include: [app/x.yaml]\n{OTHER}", "app/x.yaml": MODULES},
    "a template by its name": {"compose.example": MODULES, "compose.yaml": OTHER},
    "a platform": {
        **{f"{one}/docker-compose.yml": "services: {web: {image: r.example/a, networks: [p]}}\n" for one in "abcdef"},
        **{f"{one}/umbrel-app.yml": "id: a\n" for one in "abcdefg"},
        "g/docker-compose.yml": service("cap_add: [SYS_MODULE], networks: [p]"),
    },
    "vendored code": {"vendor/x/compose.yaml": CLOCK, "vendor/modules.txt": "x\n"},
}  # fmt: skip
LABELS: dict[str, Files] = {
    "a file": {"compose.yaml": service("label_file: l"), "l": "corp.public=yes\n"},
    "a quote": {"compose.yaml": service("label_file: l"), "l": "corp.public='yes'\n"},
    "an export": {"compose.yaml": service("label_file: l"), "l": "export corp.public=yes\n"},
    "a colon": {"compose.yaml": service("label_file: l"), "l": "corp.public: yes\n"},
    "a variable": {"compose.yaml": service("label_file: l"), "l": "A=yes\ncorp.public=$A\n"},
    "a default": {"compose.yaml": service("label_file: l"), "l": "corp.public=${A:-yes}\n"},
    "a file above": {
        "compose.yaml": service("label_file: [a, b]"), "a": "corp.public=yes\n",
        "b": "corp.public=no\ncorp.public\n",
    },
    "a byte order mark": {"compose.yaml": service("label_file: l"), "l": "\ufeffcorp.public=yes\n"},
    "a path by a variable": {
        "compose.yaml": service("label_file: '${L:-no}'"), "no": "corp.public=no\n"
    },
    "many labels": {
        "compose.yaml": service("label_file: l"),
        "l": "".join(f"a{i}=1\n" for i in range(2_000)) + "corp.public=yes\n",
    },
    "an overlay": {
        "compose.yaml": service("label_file: l"), "l": "corp.public=yes\n",
        "compose.override.yaml": "services: {web: {labels: {corp.other: 'no'}}}\n",
    },
}  # fmt: skip
VARIABLES: dict[str, Files] = {
    "a file": {"compose.yaml": service("env_file: e"), "e": "LOGIN=off\n"},
    "a variable of the file": {"compose.yaml": service("env_file: e"), "e": "A=off\nLOGIN=$A\n"},
    "a variable from outside": {
        "compose.yaml": service("env_file: e"), "e": "A=on\nLOGIN=$A\n", ".env": "A=off\n"
    },
    "a variable that any environment has": {
        "compose.yaml": service("env_file: e"), "e": "A=on\nLOGIN=$A\n"
    },
    "a default": {"compose.yaml": service("env_file: e"), "e": "LOGIN=${A:-on}\n"},
    "an alternative": {"compose.yaml": service("env_file: e"), "e": "LOGIN=${A:+off}\n"},
    "a bare name": {"compose.yaml": service("env_file: e"), "e": "LOGIN=on\nLOGIN\n"},
    "a raw file": {
        "compose.yaml": service("env_file: [{path: e, format: raw}]"), "e": "LOGIN=off\n"
    },
    "a file of an included project": {
        "compose.yaml": f"include: [{{path: a/x.yaml, env_file: a/v}}]\n{OTHER}",
        "a/x.yaml": service("env_file: e"), "a/e": "LOGIN=${A:-on}\n", "a/v": "A=off\n",
    },
}  # fmt: skip
_RUN = "FROM r.example/a\n"
PACKAGES: dict[str, Files] = {
    name: {"compose.yaml": BUILT, "Dockerfile": text}
    for name, text in {
        "a version": f"{_RUN}RUN apt-get install -y nmap=7\n",
        "a repository": f"{_RUN}RUN apk add nmap@edge\n",
        "an architecture": f"{_RUN}RUN apt-get install nmap:amd64\n",
        "a variable": f"{_RUN}ARG X=nmap\nRUN apk add $X\n",
        "a variable of ENV": f"{_RUN}ENV X=n\nRUN apk add ${{X}}map\n",
        "an unknown variable": f"{_RUN}RUN apk add $(cat list)\n",
        "a shell in a shell": f"{_RUN}RUN sh -c 'apk add nmap'\n",
        "a list of words": f'{_RUN}RUN ["apk", "add", "nmap"]\n',
        "a line end": f"{_RUN}RUN apk \\\n  add \\\n  nmap\n",
        "a heredoc": f"{_RUN}RUN <<X\napk add nmap\nX\n",
        "another stage": (
            f"FROM r.example/a AS b\nRUN apk add nmap\n{_RUN}COPY --from=b /usr /usr\n"
        ),
        "a stage below": "FROM r.example/a AS b\nRUN apk add nmap\nFROM b\n",
        "a program by a variable": f"{_RUN}ARG P=apk\nRUN $P add nmap\n",
        "a trigger": "FROM r.example/a AS b\nONBUILD RUN apk add nmap\nFROM b\n",
        "another shell": f'{_RUN}SHELL ["/bin/bash", "-c"]\nRUN apk add nmap\n',
        "quotes": f"{_RUN}RUN apk add n'ma'p\n",
    }.items()
}

ATTACKS: dict[str, Files] = {
    f"{kind}: {name}": files
    for kind, table in {
        "value": VALUES,
        "mount": MOUNTS,
        "layer": LAYERS,
        "name": NAMES,
        "bytes": BYTES,
        "setting": SETTINGS,
        "exception": EXCEPTIONS,
        "build": BUILDS,
        "alone": ALONE,
        "link": LINKS,
        "role": ROLES,
        "label": LABELS,
        "package": PACKAGES,
        "variable": VARIABLES,
    }.items()
    for name, files in table.items()
}
FACT_KINDS = ("role", "label", "package", "variable")
