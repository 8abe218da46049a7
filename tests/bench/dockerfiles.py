"""How fast Tightship is on Dockerfiles, beside hadolint and tally."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter

from tests.bench.measure import Command, compare, measure

SMALL = """\
FROM alpine:3.20
RUN apk add --no-cache curl
CMD ["curl", "--version"]
"""

TYPICAL = """\
# syntax=docker/dockerfile:1
ARG PYTHON=3.12

FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 \\
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN apt-get update \\
    && apt-get install -y --no-install-recommends gcc libpq-dev \\
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt ./
RUN python -m venv /venv \\
    && /venv/bin/pip install -r requirements.txt
COPY . .
RUN /venv/bin/pip install . && /venv/bin/python -m compileall -q /venv

FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.title="shop" \\
      org.opencontainers.image.licenses="MIT"
ARG VERSION=dev
ENV PATH=/venv/bin:$PATH \\
    SHOP_VERSION=$VERSION
RUN apt-get update \\
    && apt-get install -y --no-install-recommends libpq5 curl \\
    && rm -rf /var/lib/apt/lists/*
RUN set -eu; \\
    groupadd --gid 1000 shop; \\
    useradd --uid 1000 --gid shop --create-home shop; \\
    for folder in data cache; do \\
        install -d -o shop -g shop "/srv/$folder"; \\
    done
COPY --from=build --chown=root:root /venv /venv
COPY docker/entrypoint.sh /usr/local/bin/
RUN chmod 755 /usr/local/bin/entrypoint.sh && curl --version > /srv/curl.txt
USER shop
WORKDIR /srv
EXPOSE 8000
HEALTHCHECK --interval=30s CMD curl -fsS http://localhost:8000/health || exit 1
ENTRYPOINT ["entrypoint.sh"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "shop.wsgi"]
"""

LINES = (
    'RUN apt-get update && apt-get install -y "package-{0}"',
    "ENV NAME_{0}=value",
    "COPY --chown=1000:1000 file-{0} /srv/{0}/",
    "WORKDIR /srv/{0}",
)


def bench(floor: dict[str, Command], tools: dict[str, Command], corpus: Path, runs: int) -> None:
    """Print the figures of every case."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, text in (("small", SMALL), ("typical", TYPICAL)):
            file = place / name / "Dockerfile"
            file.parent.mkdir()
            file.write_text(text, encoding="utf-8")
            lines = text.count("\n")
            print(f"\nOne cold Dockerfile ({name}, {lines} lines), {runs} runs each")
            compare({**floor, **working(tools, [str(file)])}, runs)
        files = copied(corpus, place / "corpus")
        if files:
            print(f"\n{len(files)} Dockerfiles (a corpus), one process")
            compare(working(tools, files), max(3, runs // 5))
            with_shellcheck(tools, files, max(3, runs // 5))
        else:
            print(f"\nno Dockerfiles below {corpus}: name a folder with --dockerfiles")
        print("\nOne ever longer Dockerfile")
        growth(tools["tightship"], place / "long")


def with_shellcheck(tools: dict[str, Command], files: list[str], runs: int) -> None:
    """Print the figures with ShellCheck, beside hadolint, which has it as a library.

    Two processors may work at once, so the time that passes counts as well.
    """
    select = ["--select", "default,shellcheck"]
    commands = {"tightship": [*tools["tightship"], *select]}
    if "hadolint" in tools:
        commands["hadolint"] = tools["hadolint"]
    commands = working(commands, files)
    print(f"\n{len(files)} Dockerfiles (a corpus), with ShellCheck")
    compare(commands, runs)
    passed: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            start = perf_counter()
            measure(command)
            passed[name].append(perf_counter() - start)
    for name, seconds in passed.items():
        print(f"  {name:14}{statistics.median(seconds) * 1000:9.1f} ms pass")


def copied(corpus: Path, folder: Path) -> list[str]:
    """Copy the Dockerfiles of a corpus; return them.

    Not their modes: of many files of which one may be executed, tally checks none.
    """
    found = sorted(path for path in corpus.rglob("Dockerfile") if path.is_file())
    for number, path in enumerate(found):
        copy = folder / f"{number:04}" / "Dockerfile"
        copy.parent.mkdir(parents=True)
        shutil.copyfile(path, copy)
    return sorted(map(str, folder.rglob("Dockerfile")))


def working(tools: dict[str, Command], files: list[str]) -> dict[str, Command]:
    """Return the commands for files, but for those of peers that check none of them."""
    commands: dict[str, Command] = {}
    for name, command in tools.items():
        done = subprocess.run([*command, *files], capture_output=True)
        if name == "tightship" or done.returncode in (0, 1):
            commands[name] = [*command, *files]
        else:
            print(f"  {name} ends with {done.returncode} here, so it is left out")
    return commands


def growth(command: Command, folder: Path) -> None:
    """Print the processor time for ever more instructions in one file."""
    folder.mkdir()
    file = folder / "Dockerfile"
    file.write_text("FROM alpine:3.20\n", encoding="utf-8")
    start, _ = measure([*command, str(file)])
    for count in (1_000, 10_000, 100_000):
        lines = (LINES[number % len(LINES)].format(number) for number in range(1, count))
        file.write_text("\n".join(("FROM alpine:3.20", *lines, "")), encoding="utf-8")
        cpu, peak = measure([*command, str(file)])
        each = (cpu - start) * 1000 / count
        print(
            f"  {count:7} instructions {cpu / 1000:8.2f} s CPU"
            f" {each:8.1f} us each {peak / 1024:8.1f} MiB"
        )
