"""The time and the size of the page for a browser, for a project of many services.

    python -m tests.bench.page [--services N]

It fails if the page takes more than 3 seconds or 2 megabytes for 500 services. The time is
that of a whole process, from its start; the fastest of three runs counts, since other
work on the machine can only add to it.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_RUNS = 3
_SECONDS, _BYTES, _SERVICES = 3.0, 2_000_000, 500
_IMAGES = ("nginx:1.29", "redis:7", "postgres:18", "example/app:1", "mariadb:11")


def project(services: int) -> str:
    """Return a Compose file in which services share networks, volumes and a socket."""
    lines = ["services:"]
    for number in range(services):
        lines += [
            f"  service-{number}:",
            f"    image: {_IMAGES[number % len(_IMAGES)]}",
            f"    networks: [net-{number % 25}, shared]",
            f"    environment: {{DB: service-{(number * 7) % services}}}",
            f"    volumes: ['data-{number % 40}:/data', './config-{number}:/config:ro']",
        ]
        if number % 3 == 0:
            lines.append(f"    ports: ['{8000 + number}:80']")
        if number % 50 == 7:
            lines.append("    privileged: true")
    lines += ["networks:", "  shared: {}", *(f"  net-{n}: {{}}" for n in range(25))]
    lines += ["volumes:", *(f"  data-{n}: {{}}" for n in range(40))]
    return "\n".join(lines) + "\n"


def measured(folder: Path) -> tuple[float, float, int]:
    """Return the seconds of one run, those of the processor, and the size of the page."""
    command = "import sys; from tightship.cli.main import main; sys.exit(main())"
    words = ["check", "--output-format", "html=page.html"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run([sys.executable, "-c", command, *words], cwd=folder)
    seconds = time.monotonic() - start
    assert done.returncode == 1
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used, (folder / "page.html").stat().st_size


def main() -> int:
    """Measure; return 1 if the page is too slow or too big."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=_SERVICES)
    services: int = parser.parse_args().services
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "compose.yaml").write_text(project(services))
        seconds, used, size = min(measured(folder) for _ in range(_RUNS))
    print(f"{services} services: {seconds:.2f} s, {used:.2f} s of CPU, {size:,} bytes")
    return int(services <= _SERVICES and (seconds > _SECONDS or size > _BYTES))


if __name__ == "__main__":
    sys.exit(main())
