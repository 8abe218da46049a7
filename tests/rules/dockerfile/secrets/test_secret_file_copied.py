"""The rule `secret-file-copied`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image
from tests.rules.dockerfile.secrets.conftest import PROJECT

from tightship.rules.dockerfile.secrets.secret_file_copied import secret_file_copied

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_a_stage_that_a_later_one_starts_from_is_part_of_its_image(found: Found) -> None:
    text = (
        "FROM a:1 AS tools\nCOPY .netrc /\n"
        "FROM a:1 AS base\nCOPY .env /\n"
        "FROM tools AS build\nCOPY .npmrc .pypirc /\n"
        "FROM base\nCOPY --from=build /out /\n"
    )
    assert found({"Dockerfile": text}, secret_file_copied) == [
        ("info", ".netrc"),
        ("warning", ".env"),
        ("info", ".npmrc"),
        ("info", ".pypirc"),
    ]


def test_a_stage_that_nothing_needs_is_an_image_of_its_own(found: Found) -> None:
    text = "FROM a:1 AS dev\nCOPY .env /\nFROM a:1\nRUN true\n"
    assert found({"Dockerfile": text}, secret_file_copied) == [("warning", ".env")]


@pytest.mark.parametrize(
    "body",
    [
        "COPY --from=example/keys:1 /id_rsa /root/.ssh/",
        "ADD https://example.com/id_rsa /root/.ssh/",
        "ADD git@example.com:me/project.git#main:.env /app",
        "COPY $FILE /app",
        "COPY <<.env /app/\nPORT=80\n.env",
        "COPY app.py .env",
        "COPY vendor.key /tmp/\nRUN apt-key add /tmp/vendor.key",
        "COPY vendor.key /tmp/\nRUN cat /tmp/vendor.key | gpg --dearmor > /usr/x",
        "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
    ],
)
def test_copied_files_without_secrets(body: str, found: Found) -> None:
    assert found(image(body), secret_file_copied) == []


def test_a_default_decides_what_is_copied(judge: Judge) -> None:
    body = "ARG KEY=id_rsa\nCOPY --chown=app ${KEY} /root/.ssh/"
    [one] = judge(image(body), [secret_file_copied])
    assert one.span.text == "${KEY}"
    assert one.finding.message.endswith(" (default of `ARG KEY`)")


def test_ignored_files_are_not_copied(found: Found) -> None:
    files = {
        "compose.yaml": PROJECT,
        **image("COPY keys/id_rsa .env certs/*.key /app/"),
        ".dockerignore": "**/*.key\n.env\n",
    }
    assert found(files, secret_file_copied) == [("warning", "keys/id_rsa")]


@pytest.mark.parametrize(
    ("source", "there"),
    [
        (".", ".env"),
        ("./", ".env"),
        ("*", ".env"),
        ("/", "id_rsa"),
        ("app", "app/.env.production"),
        ("app/*", "app/.netrc"),
        ("../app/", "app/.netrc"),
    ],
)
def test_a_copied_folder_includes_its_secrets(source: str, there: str, found: Found) -> None:
    content = {there: "PASSWORD=hunter2 # password\n"}
    files = {"compose.yaml": PROJECT, **image(f"COPY {source} /app/"), **content}
    assert found(files, secret_file_copied) == [("warning", source)]


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ("COPY src /app/", {".env": "x"}),
        ("COPY --exclude=.env . /app/", {".env": "x"}),
        ("COPY . /app/", {".env.example": "x", "id_rsa.pub": "x"}),
        ("COPY . /app/", {"sub/.env": "x"}),
        ("COPY . /app/", {".env": "x", ".dockerignore": "*\n!src\n"}),
        ("COPY . /app/", {".env": "x", "Dockerfile.dockerignore": ".env\n"}),
    ],
)
def test_a_copied_folder_without_secrets(body: str, more: dict[str, str], found: Found) -> None:
    files = {"compose.yaml": PROJECT, **image(body), **more}
    assert found(files, secret_file_copied) == []


ENV = "DB_PASSWORD=hunter2\n"


def test_a_dockerfile_alone_is_built_in_its_folder_or_above(found: Found) -> None:
    # Nothing keeps the file out, wherever the build starts.
    files = {**image("COPY . /app/"), ".env": ENV}
    assert found(files, secret_file_copied) == [("warning", ".")]
    files[".dockerignore"] = "node_modules\n"
    assert found(files, secret_file_copied) == [("warning", ".")]
    files[".dockerignore"] = ".env\n"
    assert found(files, secret_file_copied) == []


@pytest.mark.parametrize("source", ["src", "src/*"])
def test_the_context_of_a_dockerfile_alone_matters_to_one_source(found: Found, source: str) -> None:
    files = {**image(f"COPY {source} /app/"), "src/.env": ENV}
    assert found(files, secret_file_copied) == []
    files = {"compose.yaml": PROJECT, **files}
    assert found(files, secret_file_copied) == [("warning", source)]


def test_every_file_is_named_and_the_history_is_an_info(judge: Judge) -> None:
    files = {
        **image("COPY . /app/"),
        ".env": ENV,
        ".npmrc": "//r.corp.io/:_authToken=hunter2\n",
        "id_rsa": "-----BEGIN OPENSSH PRIVATE KEY-----\n",
    }
    [one] = judge(files, [secret_file_copied])
    assert one.finding.message == (
        "COPY puts `.env`, `.npmrc` and `id_rsa` into the image: no `.dockerignore` excludes them"
    )
    history = {**image("COPY . /app/"), ".git/HEAD": "ref: refs/heads/main\n"}
    [one] = judge(history, [secret_file_copied])
    assert one.severity.word == "info"
    assert "`.git` (the history of the repository)" in one.finding.message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", "PORT=3000\nDB_PASSWORD=\nTOKEN=${TOKEN}\n"),
        (".env", ""),
        (".npmrc", "save-exact=true\n//r/:_authToken=${NPM_TOKEN}\n"),
        ("server.key", "-----BEGIN CERTIFICATE-----\n"),
        ("id_rsa", "ssh-rsa AAAAB3 a@b\n"),
    ],
)
@pytest.mark.parametrize("source", [".", "{}"])
def test_a_file_without_a_secret_is_silent(
    found: Found, name: str, content: str, source: str
) -> None:
    files = {**image(f"COPY {source.format(name)} /app/"), name: content}
    assert found(files, secret_file_copied) == []


def test_a_public_key_of_openpgp_is_no_private_key(found: Found) -> None:
    body = "COPY jenkins.io-2026.key /k.pub"
    public = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n"
    assert found({**image(body), "jenkins.io-2026.key": public}, secret_file_copied) == []
    private = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nmQINBF\n"
    files = {**image(body), "jenkins.io-2026.key": private}
    assert found(files, secret_file_copied) == [("warning", "jenkins.io-2026.key")]


@pytest.mark.parametrize(
    ("steps", "severity"),
    [
        ("FROM a:1\nCOPY --from=b /app/dist /x", "info"),
        ("FROM a:1\nCOPY --from=b /app /app", "warning"),
        ("FROM a:1\nCOPY --from=b / /", "warning"),
        ("RUN rm .env\nFROM a:1\nCOPY --from=b /app /app", "info"),
        ("FROM b\nRUN x", "warning"),
    ],
)
def test_a_secret_of_a_build_stage_counts_if_copied_on(
    found: Found, steps: str, severity: str
) -> None:
    text = f"FROM a:1 AS b\nWORKDIR /app\nCOPY . .\n{steps}\n"
    files = {"Dockerfile": text, ".env": ENV, ".git/HEAD": "x"}
    assert found(files, secret_file_copied) == [(severity, ".")]


def test_the_history_in_a_build_stage_is_no_finding(found: Found) -> None:
    text = "FROM a:1 AS b\nCOPY . /src\nFROM a:1\nCOPY --from=b /src/dist /x\n"
    files = {"Dockerfile": text, ".git/HEAD": "x"}
    assert found(files, secret_file_copied) == []


def test_an_ignore_file_above_leaves_the_context_undecided(found: Found) -> None:
    files = {"app/Dockerfile": "FROM a:1\nCOPY . /app/\n", "app/.env": ENV}
    assert found(files, secret_file_copied) == [("warning", ".")]
    files[".dockerignore"] = "**/.env\n"
    assert found(files, secret_file_copied) == []


@pytest.mark.parametrize(
    ("source", "to"),
    [
        ("aws", "/root/.aws/credentials"),
        ("kube.yaml", "/home/app/.kube/config"),
        ("deploy_key", "/root/.ssh/"),
        ("key", "/root/.ssh/id_ed25519"),
        ("registry.json", "/root/.docker/config.json"),
        ("netrc", "/root/.netrc"),
    ],
)
def test_the_destination_says_what_a_file_is(found: Found, source: str, to: str) -> None:
    text = {"Dockerfile": f"FROM debian:13\nCOPY {source} {to}\n"}
    assert found(text, secret_file_copied) == [("warning", source)]


@pytest.mark.parametrize(
    ("source", "to"),
    [
        ("deploy_key.pub", "/root/.ssh/"),
        ("known_hosts", "/root/.ssh/"),
        ("ssh_config", "/root/.ssh/config"),
        ("config", "/root/.ssh/"),
        ("netrc.example", "/root/.netrc"),
        ("aws", "/root/.aws/config"),
        ("kubeconf", "/root/.kube/"),
        ("credentials", "/etc/app/"),
        ("$FILE", "/root/.netrc"),
    ],
)
def test_another_destination_decides_nothing(found: Found, source: str, to: str) -> None:
    text = {"Dockerfile": f"FROM debian:13\nARG FILE\nCOPY {source} {to}\n"}
    assert found(text, secret_file_copied) == []


GOOGLE = "ENV GOOGLE_APPLICATION_CREDENTIALS"


@pytest.mark.parametrize(
    "body",
    [
        f"COPY «sa.json» /app/\n{GOOGLE}=/app/sa.json",
        f"{GOOGLE}=/app/key.json\nCOPY «sa.json» $GOOGLE_APPLICATION_CREDENTIALS",
        f"WORKDIR /app\nCOPY a.txt «sa.json» ./\n{GOOGLE}=/app/sa.json",
        f"WORKDIR /app\nCOPY «sa.json» .\n{GOOGLE}=sa.json",
        "ARG NETRC=/tmp/login\nADD «login» /tmp/login\nRUN curl https://corp.io",
    ],
)
def test_a_variable_says_that_a_file_holds_secrets(body: str, found: Found) -> None:
    plain = body.replace("«", "").replace("»", "")
    source = body[body.index("«") + 1 : body.index("»")]
    assert found(image(plain), secret_file_copied) == [("warning", source)]


@pytest.mark.parametrize(
    "body",
    [
        f"COPY sa.json /app/\n{GOOGLE}=/run/secrets/sa.json",
        f"COPY sa.example.json /app/sa.json\n{GOOGLE}=/app/sa.json",
        f"COPY *.json /app/\n{GOOGLE}=/app/sa.json",
        f"COPY sa.json $PLACE\n{GOOGLE}=$PLACE",
        "COPY sa.json /app/\n# GOOGLE_APPLICATION_CREDENTIALS=/app/sa.json",
    ],
)
def test_a_variable_for_another_file_says_nothing(body: str, found: Found) -> None:
    assert found(image(body), secret_file_copied) == []


def test_settings_of_npm_under_another_name_are_an_info(found: Found) -> None:
    text = {"Dockerfile": "FROM debian:13\nCOPY npmrc /root/.npmrc\n"}
    assert found(text, secret_file_copied) == [("info", "npmrc")]


MOUNT = "RUN --mount=type=secret,id=npmrc"


@pytest.mark.parametrize(
    ("step", "place"),
    [
        (f"{MOUNT} cp /run/secrets/npmrc /root/.npmrc && npm ci", "/root/.npmrc"),
        (f"{MOUNT},target=/s install -m 600 /s /etc/s", "/etc/s"),
        (f"{MOUNT} cat /run/secrets/npmrc > /root/.npmrc", "/root/.npmrc"),
        (f"{MOUNT},env=TOK echo //r/:_authToken=$TOK > ~/.npmrc", "~/.npmrc"),
        (f"{MOUNT},env=TOK printenv TOK > /etc/token", "/etc/token"),
        (f'{MOUNT} echo "t=$(cat /run/secrets/npmrc)" > ~/.npmrc', "~/.npmrc"),
        (f"{MOUNT},target=/s printf %s `cat /s` >> /etc/s", "/etc/s"),
        (f'{MOUNT},target=/s echo "$(</s)" > /etc/s', "/etc/s"),
    ],
)
def test_a_mounted_secret_that_is_copied_stays_in_the_image(
    judge: Judge, step: str, place: str
) -> None:
    [one] = judge(image(step), [secret_file_copied])
    assert (one.severity.word, one.span.text) == ("warning", place)
    assert "the mounted secret `npmrc`" in one.finding.message


@pytest.mark.parametrize(
    "step",
    [
        f"{MOUNT} cp /run/secrets/npmrc /root/.npmrc && npm ci && rm /root/.npmrc",
        f"{MOUNT} cp /run/secrets/npmrc /root/.npmrc && npm ci && rm -rf /root",
        f"{MOUNT} cp /run/secrets/npmrc /root/.npmrc && npm ci && rm -f $FILES",
        f"{MOUNT} cp /run/secrets/npmrc /dev/shm/x && npm ci",
        f"{MOUNT},target=/root/.npmrc npm ci",
        f"{MOUNT} cat /run/secrets/npmrc | npm login",
        f"{MOUNT},env=TOK echo $TOKEN > /x",
        f"{MOUNT},env=TOK printenv PATH > /x",
        f'{MOUNT} echo "$(cat /run/secrets/npmrc.example)" > /x',
        f'{MOUNT} TOKEN="$(cat /run/secrets/npmrc)" npm ci > /log',
        "RUN cp /run/secrets/npmrc /root/.npmrc",
    ],
)
def test_a_mounted_secret_that_does_not_stay(found: Found, step: str) -> None:
    assert found(image(step), secret_file_copied) == []


def test_a_mounted_secret_in_a_build_stage_is_an_info(found: Found) -> None:
    text = f"FROM a:1 AS b\n{MOUNT} cp /run/secrets/npmrc /x\nFROM a:1\nCOPY --from=b /y /\n"
    assert found({"Dockerfile": text}, secret_file_copied) == [("info", "/x")]


def test_a_key_in_another_folder_of_the_build_is_found(found: Found) -> None:
    files = {
        "compose.yaml": "services: {a: {build: {context: ., additional_contexts: {k: ../k}}}}\n",
        "Dockerfile": "FROM a:1\nCOPY --from=k id_rsa /root/.ssh/id_rsa\n",
    }
    assert found(files, secret_file_copied) == [("warning", "id_rsa")]
    del files["compose.yaml"]  # `k` is an image then
    assert found(files, secret_file_copied) == []
