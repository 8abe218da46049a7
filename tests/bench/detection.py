"""What Tightship and its peers find in small projects: prints the table of a page.

Each case is a project with one weakness, and the same project without it. A tool *finds* the
weakness if it reports one of the ids for the first project and not for the second; it gives a
*false* finding if it reports it for the second one, where Docker does nothing weak. The ids
are those of the tool's own documentation for this weakness. Tools without an id for it have
no check, and a case in the other language is none of theirs.

    python -m tests.bench.detection
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from tests.bench import peers


class Case:
    """A weak project and a sound one, the files to name, and the ids of each tool."""

    def __init__(self, title: str, weak: dict[str, str], sound: dict[str, str], **ids: str) -> None:
        self.title = title
        self.weak = weak
        self.sound = sound
        self.ids = {tool.replace("_", "-"): pattern for tool, pattern in ids.items()}


WEB = "services:\n  web:\n    image: example/web:1.4\n"
PRIVILEGED = {"tightship": "privileged-container", "compose_lint": "CL-0002"}
ROOT_IMAGE = {
    "tightship": "image-runs-as-root",
    "hadolint": "DL3002",
    "tally": "DL3002|stateful-root-runtime",
}

CASES = (
    Case(
        "`privileged: true`",
        {"compose.yaml": WEB + "    privileged: true\n"},
        {"compose.yaml": WEB},
        **PRIVILEGED,
    ),
    Case(
        "the same, set by an override file",
        {"compose.yaml": WEB, "compose.override.yaml": "services: {web: {privileged: true}}\n"},
        {
            "compose.yaml": WEB + "    privileged: true\n",
            "compose.override.yaml": "services: {web: {privileged: false}}\n",
        },
        **PRIVILEGED,
    ),
    Case(
        "the same, by an anchor and `<<`",
        {
            "compose.yaml": "x-base: &base {privileged: true}\n"
            "services:\n  web: {<<: *base, image: 'example/web:1.4'}\n"
        },
        {
            "compose.yaml": "x-base: &base {privileged: true}\n"
            "services:\n"
            "  web: {<<: *base, image: 'example/web:1.4', privileged: false}\n"
        },
        **PRIVILEGED,
    ),
    Case(
        "the same, by the default of a variable",
        {"compose.yaml": WEB + "    privileged: ${P:-true}\n"},
        {"compose.yaml": WEB + "    privileged: ${P:-true}\n", ".env": "P=false\n"},
        **PRIVILEGED,
    ),
    Case(
        "the host's processes, by `pid: service:…`",
        {
            "compose.yaml": WEB + "    pid: host\n"
            "  app:\n    image: example/app:1.4\n    pid: service:web\n"
        },
        {"compose.yaml": WEB + "    pid: host\n"},
        tightship=r"compose\.yaml:7:.*host-pid-namespace",
        compose_lint=r"(?m)^\s+7\b.*CL-0010",
    ),
    Case(
        "the Docker socket, by a named volume",
        {
            "compose.yaml": WEB + "    volumes: ['run:/sock']\n"
            "volumes:\n  run:\n    driver_opts:\n"
            "      {type: none, o: bind, device: /var/run/docker.sock}\n"
        },
        {"compose.yaml": WEB + "    volumes: ['run:/sock']\nvolumes: {run: {}}\n"},
        tightship="docker-socket-mounted",
        compose_lint="CL-0001",
    ),
    Case(
        "`systempaths=unconfined`",
        {"compose.yaml": WEB + "    security_opt: ['systempaths=unconfined']\n"},
        {"compose.yaml": WEB},
        tightship="system-paths-unmasked",
    ),
    Case(
        "a tag that moves, from `.env`",
        {
            "compose.yaml": "services: {web: {image: 'example/web:${TAG}'}}\n",
            ".env": "TAG=latest\n",
        },
        {"compose.yaml": "services: {web: {image: 'example/web:${TAG}'}}\n", ".env": "TAG=1.4\n"},
        tightship="mutable-image-tag",
        compose_lint="CL-0004",
        dclint="service-image-require-explicit-tag",
    ),
    Case(
        "an unknown key",
        {"compose.yaml": WEB + "    privileg: true\n"},
        {"compose.yaml": WEB},
        tightship="unknown-key",
        dclint="invalid-schema",
    ),
    Case(
        "an image that runs as root",
        {"Dockerfile": "FROM alpine:3.22\nRUN adduser -D app\nUSER root\n"},
        {"Dockerfile": "FROM alpine:3.22\nRUN adduser -D app\nUSER app\n"},
        **ROOT_IMAGE,
    ),
    Case(
        "the same, for a service that sets another user",
        {
            "compose.yaml": "services: {web: {build: .}}\n",
            "Dockerfile": "FROM alpine:3.22\nUSER root\n",
        },
        {
            "compose.yaml": "services: {web: {build: ., user: '1000'}}\n",
            "Dockerfile": "FROM alpine:3.22\nUSER root\n",
        },
        **ROOT_IMAGE,
    ),
    Case(
        "`cd` in RUN",
        {"Dockerfile": "FROM alpine:3.22\nRUN cd /srv && touch a\nUSER 1000\n"},
        {"Dockerfile": "FROM alpine:3.22\nWORKDIR /srv\nRUN touch a\nUSER 1000\n"},
        tightship="cd-in-run",
        hadolint="DL3003",
        tally="DL3003|prefer-workdir",
    ),
    Case(
        "an unquoted variable in a script of RUN",
        {"Dockerfile": "FROM alpine:3.22\nRUN x=a; rm -- $1 $x\nUSER 1000\n"},
        {"Dockerfile": 'FROM alpine:3.22\nRUN x=a; rm -- "$1" "$x"\nUSER 1000\n'},
        tightship="SC2086",
        hadolint="SC2086",
        tally="SC2086",
    ),
    Case(
        "the order of keys and services",
        {"compose.yaml": "services:\n  web: {image: 'a/b:1'}\n  app: {image: 'a/b:1'}\n"},
        {"compose.yaml": "services:\n  app: {image: 'a/b:1'}\n  web: {image: 'a/b:1'}\n"},
        dclint="services-alphabetical-order",
    ),
    Case(
        "lines of a Dockerfile that could be one heredoc",
        {
            "Dockerfile": "FROM alpine:3.22\nRUN apk add a && \\\n    apk add b && \\\n"
            "    apk add c && \\\n    apk add d\nUSER 1000\n"
        },
        {"Dockerfile": "FROM alpine:3.22\nRUN apk add a\nUSER 1000\n"},
        tally="prefer-run-heredoc",
    ),
)

MARKS = {(True, False): "yes", (True, True): "false finding", (False, False): "no"}


def main() -> None:
    """Run every tool on every case; print its version, and the table."""
    ours = [str(peers.SCRIPTS / "tightship"), "check", "--no-config"]
    ours += ["--select", "strict,hygiene,shellcheck", "--output-format", "concise"]
    tools = {"tightship": ours, **peers.of_compose_files(), **peers.of_dockerfiles()}
    tools.pop("tally (no SC)", None)
    print(f"| what | {' | '.join(tools)} |")
    print(f"|---|{'---|' * len(tools)}")
    for case in CASES:
        cells = (cell(case, tool, command) for tool, command in tools.items())
        print(f"| {case.title} | {' | '.join(cells)} |")


def cell(case: Case, tool: str, command: list[str]) -> str:
    """Return what a tool makes of a case."""
    if tool not in case.ids:
        return "–"

    def reports(files: dict[str, str]) -> bool:
        return bool(re.search(case.ids[tool], printed(tool, command, files)))

    found = reports(case.weak), reports(case.sound)
    return MARKS.get(found, "the wrong one")


def printed(tool: str, command: list[str], files: dict[str, str]) -> str:
    """Return what a tool prints about a project, or about the file that it reads of it."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text, "utf-8")
        arguments: list[str] = []
        if tool == "hadolint":
            arguments = ["Dockerfile"]
        elif tool != "tightship":
            arguments = ["compose.yaml" if "compose.yaml" in files else "Dockerfile"]
        done = subprocess.run(
            [*command, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        return done.stdout


if __name__ == "__main__":
    main()
