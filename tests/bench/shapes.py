"""How the time of a check grows with files of shapes that a hostile author may choose.

For each shape: its size n, the seconds of CPU at n and at 2n, the peak of memory, and the
exponent: 1 is time that grows as the file does, 2 is time that grows with its square.

    python -m tests.bench.shapes [NAME …] [--size N]
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

from tightship.engine.check import check
from tightship.engine.settings.selection import Selection

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


def ports(n: int, text: str) -> dict[str, str]:
    """Return a Compose file of a service with n ports."""
    head = "services:\n  s:\n    image: a:1\n    ports:\n"
    return {"compose.yaml": head + every(n, f"    - {text}\n")}


SHAPES: dict[str, Callable[[int], dict[str, str]]] = {
    "services in a line": lambda n: {
        "compose.yaml": "services: {" + every(n, "s{i}: {{image: a}}, ") + "}\n"
    },
    "rich services": lambda n: services(
        n, _RICH, "volumes: {v: {}}\nnetworks: {n: {}}\n"
    ),
    "services with replicas": lambda n: services(
        n, "  s{i}: {{image: a:1, ports: ['{port}:80'], deploy: {{replicas: 2}}}}\n"
    ),
    "services that share a value": lambda n: {
        "compose.yaml": "x-a: &a {privileged: true, deploy: {replicas: 2}}\nservices:\n"
        + every(n, "  s{i}: {{<<: *a, image: a:1, ports: ['80:80']}}\n")
    },
    "documents": lambda n: {
        "compose.yaml": every(n, "---\nservices:\n  s{i}: {{image: a}}\n")
    },
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
}


def write(folder: Path, files: dict[str, str]) -> None:
    """Write the files of a shape."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def seconds(name: str, n: int) -> float:
    """Return the seconds of CPU that a check of a shape takes."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), SHAPES[name](n))
        before = time.process_time()
        for verdict in check([folder], Selection(["strict"])):
            if verdict.failure is not None:
                raise verdict.failure
        return time.process_time() - before


def measured(name: str, n: int) -> tuple[float, float]:
    """Return the seconds of a check, and its peak of memory in MiB.

    Each is measured in a process of its own, since a peak never goes down.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, name, n).result()


def _measured(name: str, n: int) -> tuple[float, float]:
    seconds(name, 5)  # loads what is loaded once
    took = seconds(name, n)
    return took, getrusage(RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the growth of each shape, or of those that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SHAPES))
    parser.add_argument("--size", type=int, default=200, help="n (default: 200)")
    options = parser.parse_args()
    head = f"{'shape':40}{'n':>6}{'s':>8}{'2n: s':>8}{'exponent':>10}{'MiB':>7}"
    print(head, flush=True)
    for name in options.names or SHAPES:
        small, _ = measured(name, options.size)
        large, peak = measured(name, 2 * options.size)
        growth = math.log2(large / small)
        figures = f"{small:8.2f}{large:8.2f}{growth:10.2f}{peak:7.0f}"
        print(f"{name:40}{options.size:6}{figures}", flush=True)


if __name__ == "__main__":
    main()
