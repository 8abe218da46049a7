"""The texts of generated repositories: what every one of them has, and templates of the rest.

Eight Compose files and four Dockerfiles are the same in all sizes. A Makefile, a script, a
loop, a package.json, a workflow and a README name some of them; the others nobody names.
"""

from __future__ import annotations

_SERVICE = """\
  {name}:
    image: {image}
    ports: ["127.0.0.1:{port}:{port}"]
    environment:
      LOG_LEVEL: info
      STORE_ADDRESS: store:{port}
    volumes: ["{name}-data:/data"]
    restart: unless-stopped
"""


def _compose(services: dict[str, str], more: str = "") -> str:
    """Return a Compose file of services and their images, with the lines of further ones."""
    parts = [
        _SERVICE.format(name=name, image=image, port=4_000 + 10 * number)
        for number, (name, image) in enumerate(services.items())
    ]
    volumes = "".join(f"  {name}-data:\n" for name in services)
    return f"services:\n{''.join(parts)}{more}volumes:\n{volumes}"


_DOCKERFILE = """\
FROM {base} AS build
WORKDIR /src
COPY . .
RUN {build}

FROM {runtime}
RUN apt-get update && \\
    apt-get install -y --no-install-recommends ca-certificates curl && \\
    rm -rf /var/lib/apt/lists/*
COPY --from=build /src/out /opt/app
EXPOSE 8080
HEALTHCHECK CMD curl -f http://localhost:8080/health || exit 1
USER 1000
ENTRYPOINT ["/opt/app/serve"]
"""

COMPOSE_FILES = {
    "compose.yaml": _compose(
        {"store": "postgres:17", "cache": "redis:8"},
        "  api:\n    build: .\n    depends_on: [store, cache]\n",
    ),
    "deploy/compose.yaml": _compose(
        {"gateway": "nginx:1.29", "queue": "rabbitmq:4", "worker": "example/worker:1.4"}
    ),
    "deploy/compose.dev.yaml": (
        "services:\n"
        "  gateway:\n    volumes: ['../web:/usr/share/nginx/html:ro']\n"
        "  worker:\n    build: {context: .., dockerfile: deploy/docker/worker.Dockerfile}\n"
        "    environment: {LOG_LEVEL: debug}\n"
    ),
    "deploy/compose.observability.yaml": _compose(
        {"metrics": "prom/prometheus:v3.5.0", "dashboards": "grafana/grafana:12.1.0"}
    ),
    "tests/integration/docker-compose.yml": _compose(
        {"broker": "apache/kafka:4.1.0", "search": "elasticsearch:9.1.3"}
    ),
    "tests/integration/docker-compose.postgres.yml": _compose({"database": "postgres:17"}),
    "services/billing/docker-compose.yml": _compose(
        {"ledger": "mysql:9.4", "mail": "axllent/mailpit:v1.27"},
        "  billing:\n    build: .\n    depends_on: [ledger]\n",
    ),
    "examples/quickstart/compose.yaml": _compose({"app": "example/app:2.0"}),
}
DOCKERFILES = {
    "Dockerfile": _DOCKERFILE.format(
        base="golang:1.25", build="make build", runtime="debian:13-slim"
    ),
    "deploy/docker/worker.Dockerfile": _DOCKERFILE.format(
        base="maven:3.9-eclipse-temurin-21",
        build="mvn --batch-mode package",
        runtime="debian:13-slim",
    ),
    "services/billing/Dockerfile": _DOCKERFILE.format(
        base="python:3.13", build="pip install --target out .", runtime="python:3.13-slim"
    ),
    "tests/integration/Dockerfile": _DOCKERFILE.format(
        base="node:22", build="npm ci && npm run build", runtime="node:22-slim"
    ),
}
CALLERS = {
    "Makefile": """\
OBSERVABILITY := -f deploy/compose.yaml -f deploy/compose.observability.yaml
include scripts/common.mk

.PHONY: dev observed images
dev: ## Start what developers need
	docker compose -f deploy/compose.yaml -f deploy/compose.dev.yaml up --detach

observed:
	docker compose $(OBSERVABILITY) up

images:
	docker build --file services/billing/Dockerfile --tag example/billing:$(VERSION) services/billing
""",
    "scripts/common.mk": (
        "VERSION ?= $(shell git describe --tags)\n"
        "GOFLAGS ?= -trimpath\n\n"
        "build:\n\tgo build $(GOFLAGS) -o out/serve ./cmd/serve\n"
    ),
    "tests/integration/run.sh": """\
#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for database in postgres; do
  files=(-f docker-compose.yml -f "docker-compose.${database}.yml")
  docker compose "${files[@]}" up --wait
  go test -tags integration ./...
  docker compose "${files[@]}" down --volumes
done
""",
    "package.json": """\
{
  "name": "example",
  "private": true,
  "scripts": {
    "build": "tsc --build",
    "start:deps": "docker compose up --detach store cache",
    "test": "vitest run"
  }
}
""",
    ".github/workflows/images.yml": """\
name: images
on: {push: {branches: [main]}}
jobs:
  worker:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: docker/build-push-action@v6
        with:
          file: deploy/docker/worker.Dockerfile
          push: true
          tags: example/worker:latest
      - run: ./tests/integration/run.sh
""",
    "README.md": (
        "# Example\n\nStart the dependencies, then the server:\n\n"
        "```console\n$ docker compose up --detach\n$ make build && out/serve\n```\n"
    ),
}

CODE = {
    "go": (
        'package {a}\n\nimport (\n\t"context"\n\t"fmt"\n)\n',
        """
// {A}{B} finds the {c} of a {a}, and creates it if there is none.
func (s *{A}Service) {A}{B}(ctx context.Context, {c} string) (*{B}, error) {{
	found, err := s.{b}.Get(ctx, {c})
	if err != nil {{
		return nil, fmt.Errorf("get {b} %q: %w", {c}, err)
	}}
	if found == nil {{
		found = &{B}{{Name: {c}, Limit: {n}}}
	}}
	return found, s.{b}.Put(ctx, found)
}}
""",
    ),
    "java": (
        "package org.example.{a};\n\nimport java.util.List;\nimport java.util.Optional;\n",
        """
    /**
     * Returns the {b} of a {a}, unless it has more than {n} entries.
     */
    public Optional<{B}> {c}{B}(final List<{A}> entries, final String {c}) {{
        Objects.requireNonNull({c}, "{c} must not be null");
        if (entries.size() > {n}) {{
            log.warn("Too many entries of {{}} for {{}}", entries.size(), {c});
            return Optional.empty();
        }}
        return entries.stream().filter(e -> e.name().equals({c})).map({A}::{b}).findFirst();
    }}
""",
    ),
    "ts": (
        "import {{ {A}, {B} }} from '../{a}/{b}';\n",
        """
export async function {c}{B}({a}: {A}, limit = {n}): Promise<{B}[]> {{
  const response = await fetch(`/api/{b}/${{{a}.id}}?limit=${{limit}}`);
  if (!response.ok) {{
    throw new Error(`{b} ${{{a}.id}}: ${{response.status}}`);
  }}
  const found: {B}[] = await response.json();
  return found.filter((one) => one.{c} !== undefined);
}}
""",
    ),
    "py": (
        '"""The {a} of the {b}."""\n\nfrom __future__ import annotations\n\nimport logging\n',
        """
def {c}_{b}({a}: {A}, *, limit: int = {n}) -> list[{B}]:
    \"\"\"Return the {b} of the {a}, at most so many.\"\"\"
    found = []
    for one in {a}.{b}:
        if one.{c} is None:
            logger.debug("no {c} in %s", one)
            continue
        found.append({B}(one.{c}, source={a}.name))
    return found[:limit]
""",
    ),
    "sh": (
        '#!/usr/bin/env bash\nset -euo pipefail\ncd "$(dirname "$0")/.."\n',
        """
{c}_{b}() {{
  local {a}="${{1:?{a} is missing}}"
  if [[ ! -d "out/${a}" ]]; then
    mkdir -p "out/${a}"
  fi
  for one in "{b}"/*.{c}; do
    go run ./cmd/{c} --limit {n} "$one" > "out/${a}/$(basename "$one").json"
  done
}}
{c}_{b} "$@"
""",
    ),
    "mk": (
        "{A}_VERSION ?= 1.{n}\n",
        """
.PHONY: {a}-{b}
{a}-{b}: $(wildcard {b}/*.go)
	go build -ldflags "-X main.version=$({A}_VERSION)" -o out/{a}-{b} ./cmd/{c}
	@echo "{a}-{b} is built"
""",
    ),
    "md": (
        "# {A} {B}\n",
        """
## {B} of {a} {n}

The {c} of a {a} is kept in its {b}. When a {b} is removed, its {c} stays until the next
sweep, which happens every {n} minutes. See the [{b}](../{b}.md) for its settings.

```go
found, err := service.{A}{B}(ctx, "{c}")
```
""",
    ),
    "yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {a}-{b}\nspec:\n",
        """\
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {a}-{b}-{n}
  labels: {{app.kubernetes.io/name: {a}, app.kubernetes.io/component: {c}}}
data:
  {b}.limit: "{n}"
  {c}.address: {a}.{b}.svc.cluster.local
  image: {{{{ .Values.{a}.image }}}}
""",
    ),
    "workflow": (
        "name: {a} {b}\non: [push, pull_request]\njobs:\n",
        """\
  {a}-{b}-{n}:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-go@v6
        with: {{go-version-file: go.mod}}
      - name: {A} {b}
        run: |
          make {a}-{b}
          go test ./{a}/{c}/...
""",
    ),
    "json": (
        '{{"name": "{a}-{b}", "entries": [\n',
        '  {{"{a}": "{b}", "{c}": {n}, "tags": ["{b}", "{c}"], "enabled": true}},\n',
    ),
    "package": (
        '{{\n  "name": "@example/{a}-{b}",\n  "version": "1.{n}.0",\n  "scripts": {{\n',
        '    "{a}:{b}:{n}": "tsc --project {a}/{b} && node out/{c}.js --limit {n}",\n',
    ),
    "env": ("LOG_LEVEL=info\n", "{A}_{B}={c}-{n}\n"),
    "proto": (
        'syntax = "proto3";\npackage example.{a};\n',
        "\nmessage {A}{B}{n} {{\n  string {b} = 1;\n  repeated {B} {c} = 2;\n  int64 limit = 3;\n}}\n",
    ),
    "properties": ("# {A} {B}\n", "{a}.{b}.{c}={n}\n"),
    "css": (".{a} {{}}\n", ".{a}-{b} .{c} {{\n  margin: {n}px;\n  display: flex;\n}}\n"),
    "svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">\n',
        '  <path d="M{n} 0 L{n} {n} L0 {n} Z" id="{a}-{b}-{c}" fill="none"/>\n',
    ),
}
"""Of each kind of file: how it begins, and what is repeated until it is long enough."""

MENTIONS = {
    "sh": (
        'docker compose -f "{b}/docker-compose.{c}.yml" up --detach --wait\n',
        'docker-compose -f "${{COMPOSE_FILE:-docker-compose.{a}.yml}}" run --rm {b} {c}\n',
        'compose="docker compose --project-name {a}"\n$compose up -d {b}\n$compose logs {b}\n',
        'docker build --tag "example/{a}:$(git rev-parse HEAD)" --build-arg {B}={n} {b}\n',
        'docker run --rm -v "$PWD:/src" example/{a}:1.{n} {c} /src/{b}\n',
    ),
    "mk": (
        "{b}-up:\n\tdocker compose -f {a}/docker-compose.yml up --detach {b}\n",
        "{b}-image:\n\tdocker build --tag example/{b}:$({A}_VERSION) --file {b}/Dockerfile.{c} {b}\n",
    ),
    "md": (
        "\nTo try it:\n\n```console\n$ docker compose up --detach {a}\n$ curl localhost:{n}\n```\n",
        "\nWith Docker: `docker run --rm -p 8080:{n} example/{a}:latest`. Compose works, too.\n",
    ),
    "workflow": (
        "  {a}-{c}-services:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: docker compose -f {a}/{b}/docker-compose.ci.yml up --detach --wait\n",
        "  {a}-{c}-image:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: docker build --tag example/{a}:${{{{ github.sha }}}} {a}/{b}\n",
    ),
    "package": ('    "up:{a}": "docker compose --file {a}/compose.{b}.yaml up --detach",\n',),
    "py": (
        '\ndef start_{b}() -> None:\n    subprocess.run(["docker", "compose", "up", "-d", "{b}"])\n',
        "\n# The container of the {b} is started by docker-compose in {a} (see its README).\n",
    ),
    "go": (
        "\n// The tests of {b} need the containers of {a}: run docker compose up first.\n",
        '\nvar {c}Command = []string{{"docker", "run", "--rm", "example/{a}:1.{n}"}}\n',
    ),
    "java": ("\n    // Starts the {b} in a container, as docker-compose does for the {a}.\n",),
    "ts": (
        "\nexport const with{B} = compose(with{A}, memo);\n",
        "\nrender(<{A} limit={{{n}}} />, {{ container: document.body }});\n",
    ),
    "yaml": ("  # The same values are in docker-compose.{a}.yml.\n",),
}
"""What some files of a kind have in addition: mentions of Compose, and of images."""
