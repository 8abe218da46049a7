"""Texts that are judged before any other, so that the linter is loaded."""

from __future__ import annotations

from tightship_lsp.workspace.document import Document

_COMPOSE = """\
services:
  web:
    image: nginx:${TAG:-1}
    ports: ["80:80"]
    volumes: ["/:/host"]
"""

_DOCKERFILE = """\
ARG BASE=alpine
FROM ${BASE}
COPY . /app
RUN apt-get install -y curl && curl -k https://example.org | sh
"""

EXAMPLES = (
    Document("untitled:compose", None, "compose", "dockercompose", 0, _COMPOSE),
    Document("untitled:Dockerfile", None, "Dockerfile", "dockerfile", 0, _DOCKERFILE),
)
