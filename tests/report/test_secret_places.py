"""No place in which a secret may be is shown by any output."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from lsprotocol import types
from tests.checking import check
from tests.lsp.desk import client

from tightship.cli.main import main
from tightship.engine.settings.selection import STRICT
from tightship.report.formats import FORMATS
from tightship.report.redaction import redacted
from tightship_lsp.features.code_actions import code_actions
from tightship_lsp.features.code_lens import code_lenses
from tightship_lsp.features.hover import hover
from tightship_lsp.session import Session
from tightship_lsp.uri import uri_of

# Each «0» is a place for a secret of its own.
COMPOSE = """\
x-shared: &shared {DB_PASSWORD: «0»}
services:
  db:
    image: mysql:8.4
    privileged: true
    environment:
      MYSQL_PASSWORD: «0»
      MYSQL_ROOT_PASSWORD: ${ROOT:-«0»}
      URL: "postgres://app:«0»@db/app"
      DSN: "app:«0»@tcp(db:3306)/app"
      JDBC: "jdbc:postgresql://db/app?user=app&password=«0»"
      BASIC_AUTH: "admin:«0»"
      CONFIG: |
        password = «0»
        url: amqp://u:«0»@mq
    labels: {db.password: «0»}
    annotations: ["api.token=«0»"]
    command: [--user, root, "--password=«0»"]
    healthcheck: {test: ["CMD", "mysqladmin", "-p«0»", "ping"]}
    deploy: {labels: {app.secret: «0»}}
    logging: {driver: splunk, options: {splunk-token: «0»}}
  cache:
    image: redis:8
    environment: ["DB_PASSWORD=«0»", 'API_TOKEN="«0»"']
    command: redis-server --requirepass «0»
    healthcheck: {test: "redis-cli -a «0» ping"}
    env_file: db.env
    privileged: true
  shell:
    image: alpine:3.23
    command: ["-p", "«0»"]
    entrypoint:
      - mysql
      - -p«0»
    privileged: true
  list:
    image: alpine:3.23
    command:
      - mongosh
      - -p
      - «0»
    healthcheck:
      test: ["CMD", "curl", "-u", "elastic:«0»", "http://es:9200"]
    deploy: {labels: ["x=y"]}
    pre_stop: [{command: ["curl", "-H", "Authorization: Bearer «0»", "http://h"]}]
    post_start: [{command: [x, --token, «0»], environment: {DB_PASSWORD: «0»}}]
    environment: {<<: *shared, A: b, JAVA_OPTS: "-Xmx1g -Ddb.password=«0»"}
  web:
    build:
      context: https://ci:«0»@git.corp.io/app.git
      args: {NPM_TOKEN: «0»}
      labels: ["build.secret=«0»"]
      cache_to: ["type=s3,bucket=b,secret_access_key=«0»"]
      additional_contexts: {a: "https://ci:«0»@git.corp.io/b.git"}
    volumes: [media:/m]
    configs: [settings]
  local: {build: .}
  plugin: {provider: {type: aws, options: {api_token: «0»}}}
  inline:
    build:
      context: .
      dockerfile_inline: |
        FROM alpine
        ENV API_PASSWORD=«0»
        RUN mysql -uroot -p«0»
volumes:
  media:
    driver_opts: {type: cifs, o: "username=u,password=«0»", device: "//h/s"}
  remote: {driver: sshfs, driver_opts: {sshcmd: "u@h:/x", password: «0»}}
configs:
  settings: {content: "[db]\\npassword = «0»\\n"}
secrets:
  held: {content: "«0»"}
# DB_PASSWORD: «0»
"""
DOCKERFILE = """\
FROM alpine
ARG DB_PASSWORD=«0»
ARG MIRROR=https://ci:«0»@mirror.corp.io/
ENV API_TOKEN=«0» OTHER_PASSWORD="«0»"
ENV OLD_PASSWORD «0»
LABEL db.password=«0»
# mysql -p«0»
RUN mysql -uroot \\
    -p«0» -e x && chmod 777 /x
RUN echo 'root:«0»' | chpasswd
RUN git clone https://ci:«0»@git.corp.io/a.git && curl -u ci:«0» https://x.corp.io
RUN PGPASSWORD=«0» psql -c x
RUN curl -H "X-Api-Key: «0»" https://x.corp.io && htpasswd -bc /x admin «0»
RUN echo "machine h login u password «0»" > /root/.netrc
RUN <<EOF
export DB_PASSWORD=«0»
sshpass -p «0» ssh h
EOF
COPY <<EOF /etc/app.conf
password = «0»
EOF
HEALTHCHECK CMD redis-cli -a «0» ping
ENTRYPOINT ["app", "--token", "«0»"]
CMD ["sqlcmd", "-S", "db", "-U", "sa", "-P", "«0»"]
"""
VARIABLES = """\
DB_PASSWORD=«0»
API_TOKEN="«0»"
URL=redis://:«0»@cache
"""
PLACES = {"compose.yaml": COMPOSE, "Dockerfile": DOCKERFILE, "db.env": VARIABLES}
_SECRETS = st.from_regex(r"[a-zA-Z]{3}[a-zA-Z!+*]{2,6}[0-9][a-z]{1,3}", fullmatch=True)


class Project:
    """A folder with a secret in each place, and what has leaked of them."""

    def __init__(self, folder: Path, secret: str) -> None:
        self.folder, self.secrets = folder, dict[str, str]()
        self._secret = secret
        for name, text in PLACES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Write a file, with a secret of its own in each place."""
        self._name = name
        (self.folder / name).write_text(re.sub("«0»", self._new, text))

    def _new(self, found: re.Match[str]) -> str:
        value = f"{self._secret}q{len(self.secrets)}q"
        text = found.string
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.end()]
        self.secrets[value] = f"{self._name}: {line.strip()}"
        return value

    def leaks(self, text: str) -> list[str]:
        """Return the places whose secrets a text shows."""
        return [place for value, place in self.secrets.items() if value in text]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path, "hunter2N")


@given(_SECRETS)
@settings(max_examples=settings().max_examples // 8, suppress_health_check=[HealthCheck.too_slow])
def test_the_texts_of_a_report_have_no_secret_in_any_place(secret: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder), secret)
        for verdict in check([folder], [STRICT]):
            shown = redacted(verdict)
            places = [judged.span.source for judged in shown.findings]
            for source in {one.name: one for one in (*shown.sources, *places)}.values():
                assert project.leaks(source.text) == []


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_secret_in_any_place(
    project: Project, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    main(["check", "-v", "--select", "strict", "--output-format", form])
    out, err = capsys.readouterr()
    assert "privileged" in out
    assert project.leaks(out + err) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["harden"],
        ["map"],
        ["map", "--output-format", "json"],
        ["explain"],
        ["explain", "--output-format", "json"],
        ["explain", "--isolation"],
        ["explain", "--isolation", "shell"],
        ["explain", "--isolation", "--output-format", "json"],
    ],
    ids=" ".join,
)
def test_no_command_shows_a_secret_in_any_place(
    project: Project, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    # Compose rejects the content of a secret, and with it the project.
    file = project.folder / "compose.yaml"
    file.write_text(re.sub("secrets:\n.*\n", "", file.read_text()))
    main(arguments)
    out, err = capsys.readouterr()
    assert "shell" in out
    assert project.leaks(out + err) == []


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_no_comparison_shows_a_secret_in_any_place(
    project: Project, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    after = project.folder / "after"
    after.mkdir()
    for name in PLACES:
        text = (project.folder / name).read_text().replace("privileged: true", "init: true")
        text = re.sub(r"secrets:\n.*\n", "", text)
        (project.folder / name).write_text(text.replace("init: true", "privileged: true"))
        (after / name).write_text(text)
    main(["diff", "compose.yaml", "after/compose.yaml", "--output-format", form])
    out, err = capsys.readouterr()
    assert "shell" in out
    assert project.leaks(out + err) == []


def test_no_hover_lens_or_title_of_a_code_action_shows_a_secret(project: Project) -> None:
    project.write(".env", "ROOT=«0»\nDB_PASSWORD=«0»\n")
    project.write(
        "compose.override.yaml",
        "services: {db: {environment: {MYSQL_PASSWORD: '${DB_PASSWORD}'}}}\n",
    )
    session = Session()
    session.add_folders([uri_of(str(project.folder))])
    for name in ("compose.yaml", "compose.override.yaml", "Dockerfile"):
        text, uri = ((project.folder / name).read_text(), uri_of(str(project.folder / name)))
        language = "dockerfile" if name == "Dockerfile" else "dockercompose"
        session.put(uri, language, 1, text)
        shown = [str(code_lenses(session, uri))]
        lines = text.split("\n")
        every = types.Range(types.Position(0, 0), types.Position(len(lines), 0))
        asked = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), every, types.CodeActionContext([])
        )
        actions = code_actions(session, asked, client())
        shown += [action.title for action in actions or ()]
        for row, line in enumerate(lines):
            for column in range(0, len(line), 4):
                at = types.Position(row, column)
                shown.append(str(hover(session, uri, at, markdown=True)))
        assert project.leaks("\n".join(shown)) == []
        assert "In effect: `****`" in "\n".join(shown) or name == "Dockerfile"
