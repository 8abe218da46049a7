"""Shapes of projects that a hostile author may choose, by their number of parts."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_RICH = """\
  s{i}:
    image: a:1
    command: [a, "--password=${{P{i}:-x}}"]
    environment: {{A: b, DB_PASSWORD: hunter2secret{i}, URL: "http://u:pass{i}@h"}}
    ports: ["{port}:80"]
    volumes: ["./a{i}:/b", "v:/c"]
    cap_add: [NET_ADMIN]
    healthcheck: {{test: [CMD, a]}}
    networks: [n]
    depends_on: [s0]
"""


def every(n: int, text: str) -> str:
    """Return a text n times over; ``{i}`` is the number, ``{port}`` one of a port."""
    return "".join(text.format(i=i, port=1_000 + i) for i in range(n))


def services(n: int, text: str, rest: str = "") -> dict[str, str]:
    """Return a Compose file of n services, each one a text with its number."""
    return {"compose.yaml": "services:\n" + every(n, text) + rest}


def service(key: str, n: int, text: str) -> dict[str, str]:
    """Return a Compose file of a service with n lines below a key."""
    return {"compose.yaml": f"services:\n  s:\n    image: a:1\n    {key}\n{every(n, text)}"}


def ports(n: int, text: str) -> dict[str, str]:
    """Return a Compose file of a service with n ports."""
    head = "services:\n  s:\n    image: a:1\n    ports:\n"
    return {"compose.yaml": head + every(n, f"    - {text}\n")}


def built(n: int, own: str) -> dict[str, str]:
    """Return a Compose file of n services with n build arguments, and one of its own."""
    given = every(n, "A{i}: b, ").rstrip(", ")
    line = f"  s{{i}}: {{{{build: {{{{context: ., args: {{{{{given}{own}}}}}}}}}}}}}\n"
    return {
        **services(n, line),
        "Dockerfile": "FROM a:1\nARG B\n" + every(n, "ARG A{i}\nRUN b $A{i}\n"),
    }


def _side(n: int) -> int:
    """Return the services of a file that grows with n as it has as many arguments."""
    return isqrt(25 * n)


PROJECTS: dict[str, Callable[[int], dict[str, str]]] = {
    "services in a line": lambda n: {
        "compose.yaml": "services: {" + every(n, "s{i}: {{image: a}}, ") + "}\n"
    },
    "rich services": lambda n: services(n, _RICH, "volumes: {v: {}}\nnetworks: {n: {}}\n"),
    "services with replicas": lambda n: services(
        n, "  s{i}: {{image: a:1, ports: ['{port}:80'], deploy: {{replicas: 2}}}}\n"
    ),
    "services that share a value": lambda n: {
        "compose.yaml": "x-a: &a {privileged: true, deploy: {replicas: 2}}\nservices:\n"
        + every(n, "  s{i}: {{<<: *a, image: a:1, ports: ['80:80']}}\n")
    },
    "documents": lambda n: {"compose.yaml": every(n, "---\nservices:\n  s{i}: {{image: a}}\n")},
    "documents of a service": lambda n: {
        "compose.yaml": every(n, "---\nservices:\n  s: {{image: 'a:{i}'}}\n")
    },
    "inline Dockerfiles": lambda n: services(
        n, '  s{i}: {{build: {{dockerfile_inline: "FROM a\\nRUN b"}}}}\n'
    ),
    "builds of one Dockerfile": lambda n: {
        **services(n, "  s{i}: {{build: {{context: ., args: {{A: '{i}'}}}}}}\n"),
        "Dockerfile": "FROM a:1\nARG A\nRUN b $A\nUSER c\n",
    },
    "builds of one Dockerfile with findings": lambda n: {
        **services(n, "  s{i}: {{build: {{context: ., args: {{A: '{i}'}}}}}}\n"),
        "Dockerfile": "ARG A\nFROM a:$A\nRUN curl http://b/$A | sh\n",
    },
    "targets of one Dockerfile": lambda n: {
        **services(n, "  s{i}: {{build: {{context: ., target: t{i}}}}}\n"),
        "Dockerfile": "FROM a:1 AS t0\n"
        + "".join(f"FROM t{i} AS t{i + 1}\nRUN chmod 777 /b\n" for i in range(n)),
    },
    "full port ranges": lambda n: ports(n, '"1-65535:1-65535"'),
    "full port ranges of addresses": lambda n: ports(n, '"[::{i}]:1-65535:1-65535"'),
    "full port ranges of services": lambda n: services(
        n, "  s{i}: {{image: a:1, ports: ['1-65535:1-65535'], profiles: [p{i}]}}\n"
    ),
    "one long variable": lambda n: {
        **services(n, "  s{i}: {{image: a:1, environment: {{B: b$A}}}}\n"),
        ".env": "A=" + "a" * 60_000 + "\n",
    },
    "ignored copies": lambda n: {
        "compose.yaml": "services: {s: {build: .}}\n",
        "Dockerfile": "FROM a:1\n" + every(n, "COPY a{i} /b\n"),
        ".dockerignore": every(n, "x{i}/*\n"),
    },
    "copies and patterns with wildcards": lambda n: {
        "compose.yaml": "services: {s: {build: .}}\n",
        "Dockerfile": "FROM a:1\n" + every(n, "COPY a{i} /b\n"),
        ".dockerignore": every(n, "*x{i}*\n"),
    },
    "services with the same build arguments": lambda n: built(_side(n), ""),
    "services with their own build arguments": lambda n: built(_side(n), ", B: c{i}"),
    "services with build arguments that no ARG takes": lambda n: {
        **services(n, "  s{i}: {{build: {{context: ., args: {{B: c{i}}}}}}}\n"),
        "Dockerfile": "FROM a:1\n" + every(n, "ARG A{i}\nRUN b $A{i}\n"),
    },
    "variables": lambda n: {
        **services(n, "  s{i}: {{image: 'a:${{A{i}}}', user: '${{A{i}:-0}}'}}\n"),
        ".env": every(n, "A{i}=$A{i}b\n"),
    },
    "nested defaults": lambda n: {
        "compose.yaml": "services: {s: {image: '" + "${A:-" * n + "}" * n + "'}}\n"
    },
    "merges": lambda n: {
        "compose.yaml": "x-0: &a0 {image: a}\n"
        + "".join(f"x-{i}: &a{i} {{<<: *a{i - 1}, k{i}: b}}\n" for i in range(1, n))
        + "services: {s: {image: a}}\n"
    },
    "uses of an anchor": lambda n: {
        "compose.yaml": "x-a: &a {environment: {A: b}}\nservices:\n"
        + every(n, "  s{i}: {{<<: [*a, *a], image: a}}\n")
    },
    "extended services": lambda n: services(
        n, "  s{i}: {{image: a, extends: {{service: base}}}}\n", "  base: {image: b}\n"
    ),
    "dependencies": lambda n: services(n, "  s{i}: {{image: a, depends_on: [s0, 's{port}']}}\n"),
    "networks": lambda n: services(
        n,
        "  s{i}: {{image: a, networks: [n{i}, n0]}}\n",
        "networks:\n" + every(n, "  n{i}: {{internal: true}}\n"),
    ),
    "one network": lambda n: services(
        n, "  s{i}: {{image: 'redis:7', networks: [n], ports: ['{port}:6379']}}\n"
    ),
    "environment": lambda n: service("environment:", n, "      K{i}_PASSWORD: x{i}\n"),
    "environment as a list": lambda n: service("environment:", n, "    - K{i}=hunter2secret{i}\n"),
    "labels": lambda n: service("labels:", n, "    - a{i}=b\n"),
    "volumes": lambda n: service("volumes:", n, "    - /etc/a{i}:/b{i}\n"),
    "one target": lambda n: service("volumes:", n, "    - /etc/a{i}:/b\n"),
    "devices": lambda n: service("devices:", n, "    - /dev/sd{i}:/dev/a\n"),
    "capabilities": lambda n: service("cap_add:", n, "    - CAP_{i}\n"),
    "temporary folders": lambda n: service("tmpfs:", n, "    - /a{i}:exec\n"),
    "groups": lambda n: service("group_add:", n, "    - '{i}'\n"),
    "hosts": lambda n: service("extra_hosts:", n, "    - a{i}:1.2.3.4\n"),
    "words of a command": lambda n: service("command:", n, "    - --token=x{i}\n"),
    "health checks": lambda n: services(
        n, "  s{i}: {{image: a, healthcheck: {{test: 'curl a || exit 1'}}}}\n"
    ),
    "hooks": lambda n: service("post_start:", n, "    - {{command: a{i}}}\n"),
    "secrets": lambda n: services(
        n,
        "  s{i}: {{image: a, secrets: [x{i}]}}\n",
        "secrets:\n" + every(n, "  x{i}: {{file: ./x{i}}}\n"),
    ),
    "configs": lambda n: services(
        n,
        "  s{i}: {{image: a, configs: [x{i}]}}\n",
        "configs:\n" + every(n, "  x{i}: {{content: 'password=hunter2{i}'}}\n"),
    ),
    "profiles": lambda n: services(n, "  s{i}: {{image: a, profiles: [p{i}, q]}}\n"),
    "unknown keys": lambda n: service("image: b", n, "    privilegd{i}: true\n"),
    "keys twice": lambda n: service("image: b", n, "    image: c\n"),
    "wrong types": lambda n: services(n, "  s{i}: {{image: [a], ports: 1}}\n"),
    "undefined names": lambda n: services(
        n, "  s{i}: {{image: a, networks: [x{i}], volumes: ['v{i}:/a']}}\n"
    ),
    "comments": lambda n: {"compose.yaml": "# a\n" * n + "services: {s: {image: a}}\n"},
    "comments that accept": lambda n: services(
        n, "  # tightship: ignore[root-user] -- a\n  s{i}: {{image: a}}\n"
    ),
    "blank lines": lambda n: {
        "compose.yaml": "services:\n  s:\n" + " \n" * 20 * n + "    image: a\n"
    },
    "broken lines": lambda n: services(n, "  s{i}: {{image: a]\n"),
    "nested lists": lambda n: {"compose.yaml": "x: " + "[" * n + "]" * n + "\n"},
    "nested mappings": lambda n: {
        "compose.yaml": "x-a:\n" + "".join(f"{' ' * i}a:\n" for i in range(1, n))
    },
    "files below one another": lambda n: {
        f"f{i}/compose.yaml": "services: {s: {image: a}}\n" for i in range(n)
    },
    "side files": lambda n: {
        f"compose.s{i}.yaml": f"services: {{s{i}: {{image: a}}}}\n" for i in range(n)
    },
    "included files": lambda n: {
        "compose.yaml": "include:\n" + every(n, "- f{i}.yaml\n"),
        **{f"f{i}.yaml": f"services: {{s{i}: {{image: a}}}}\n" for i in range(n)},
    },
    "patterns of .gitignore": lambda n: {
        "compose.yaml": "services: {s: {image: a}}\n",
        ".gitignore": every(n, "**/x{i}/*.y\n"),
    },
}
