"""A repository with each kind of input that a command reads."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

from tests.frontends.image_archive import archives

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """\
version: "3"
services:
  web:
    image: nginx:1.27
    privileged: true
    ports: ["80:80"]
    depends_on: [db]
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: hunter2-hunter2}
    security_opt: ["seccomp:./seccomp.json"]
  app:
    build: ./app
    healthcheck: {test: ["CMD-SHELL", "curl -f $$HOST"]}
"""
DOCKERFILE = """\
FROM debian:10 AS base
RUN curl https://sh.example/x | sh && pip install flask==3.0
RUN [ "$A" == x ] && echo $B
COPY . /app
FROM base
MAINTAINER me
CMD app --port 80
"""
WORKFLOW = """\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    container: {image: "node:20", options: "--privileged"}
    steps: [{run: "docker build -t a app"}]
"""
TEXTS = {
    "compose.yaml": COMPOSE,
    "compose.override.yaml": "services: {web: {cap_add: [SYS_ADMIN]}}\n",
    ".env": "TAG=1\n",
    "VERSION": "1.4\n",
    "ours.yaml": "services: {ours: {image: 'registry.example/web:1.3'}}\n",
    "seccomp.json": '{"defaultAction": "SCMP_ACT_ALLOW"}\n',
    "app/Dockerfile": DOCKERFILE,
    "run.sh": "#!/bin/sh\ndocker run --privileged -v /:/host alpine:3.23\n",
    "README.md": "# A\n\n```sh\ndocker run -v /var/run/docker.sock:/s nginx:1.27\n```\n",
    ".github/workflows/ci.yml": WORKFLOW,
    ".devcontainer/devcontainer.json": '{"image": "node:20", "privileged": true}\n',
    "docker-bake.hcl": 'target "app" {\n  context = "app"\n  network = "host"\n}\n',
    "units/web.container": "[Container]\nImage=docker.io/nginx\nPodmanArgs=--privileged\n",
    "tightship.toml": (
        'front-ends = ["docker-run", "actions", "bake", "devcontainer", "quadlet", "documents"]\n'
        'select = ["default", "hygiene"]\nexclude = ["broken"]\n'
    ),
    "own.toml": (
        'names = ["acme/app"]\nsummary = "Our app"\nholds_for = "2"\nuser = { name = "1000", source = "ours" }\n'
        '[sources]\nours = "derived: our Dockerfile"\n'
    ),
    "corp.toml": (
        '[policy]\nname = "corp"\nversion = "1"\n\n'
        '[[rule]]\nid = "corp/own-registry"\nfor = "image"\nrequire.registry = "registry.example"\n'
        'message = "{reference} is not ours"\n'
        "[[rule.good]]\n\"compose.yaml\" = \"services: {a: {image: 'registry.example/b'}}\"\n"
        "[[rule.bad]]\n\"compose.yaml\" = \"services: {a: {image: 'b:1'}}\"\n"
    ),
    "other/.hadolint.yaml": "ignored: [DL3008]\n",
    "other/.tally.toml": '[rules]\nexclude = ["hadolint/DL3008"]\n',
    "other/.dclintrc.yaml": "rules: {no-version-field: 0}\n",
    "other/.compose-lint.yml": "rules: {CL-0001: {enabled: false}}\n",
    "other/kics.config": "exclude-queries: [451d79dc-0588-476a-ad03-3c7f0320abb3]\n",
    "other/.checkov.yaml": "skip-check: [CKV_DOCKER_3]\n",
    "other/.trivyignore": "AVD-DS-0002\n",
    "hadolint.json": json.dumps([
        {"file": "app/Dockerfile", "line": 6, "column": 1, "code": "DL4000", "level": "error"},
        {"file": "app/Dockerfile", "line": 2, "column": 1, "code": "DL3042", "level": "warning"},
    ]),
    "broken/compose.yaml": "services: {a: {image: [}}\n",
}  # fmt: skip
CHANGE = COMPOSE.replace("image: nginx:1.27", "image: nginx:1.27\n    pid: host")


def write_project(folder: Path) -> None:
    """Write the files, in a repository of Git with one commit, and a change behind it."""
    for name, text in TEXTS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    layers = [archives.layer({"etc/passwd": archives.Member(archives.PASSWD)})]
    config: dict[str, object] = {"User": "app", "ExposedPorts": {"80/tcp": {}}}
    (folder / "image.tar").write_bytes(archives.saved(layers, config))
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    for command in (
        "init --quiet --initial-branch=main",
        "add .",
        "-c user.name=a -c user.email=a@example.org commit --quiet --message=a",
    ):
        subprocess.run(["git", *command.split()], cwd=folder, env=environment, check=True)
    (folder / "compose.yaml").write_text(CHANGE, encoding="utf-8")
