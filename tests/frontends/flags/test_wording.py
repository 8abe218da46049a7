"""What rules say about keys of Compose, as each file without Compose has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.frontends.docker_run.commands_of import NoFiles, settings_of
from tests.frontends.translations import NAMES, translated

from tightship.frontends.actions.project import declare as declare_actions
from tightship.frontends.devcontainer.project import declare as declare_devcontainer
from tightship.frontends.quadlet.project import declare as declare_units
from tightship.model.file_project import FileProject
from tightship.text import Source

if TYPE_CHECKING:
    from pathlib import Path

DECLARE = {
    "actions": declare_actions,
    "devcontainer": declare_devcontainer,
    "quadlet": declare_units,
}
WORDS = {
    "set `read_only: true`": (
        "set `--read-only`",
        "set `options: --read-only`",
        'set `"runArgs": ["--read-only"]`',
        "set `ReadOnly=true`",
    ),
    "set `cap_drop: [ALL, NET_RAW]`": (
        "set `--cap-drop ALL --cap-drop NET_RAW`",
        "set `options: --cap-drop ALL --cap-drop NET_RAW`",
        'set `"runArgs": ["--cap-drop", "ALL", "--cap-drop", "NET_RAW"]`',
        "set `DropCapability=ALL DropCapability=NET_RAW`",
    ),
    "set `security_opt: [no-new-privileges:true]`": (
        "set `--security-opt no-new-privileges:true`",
        "set `options: --security-opt no-new-privileges:true`",
        'set `"runArgs": ["--security-opt", "no-new-privileges:true"]`',
        "set `NoNewPrivileges=true`",
    ),
    "remove `network_mode` and `pid`": (
        "remove `--network` and `--pid`",
        "remove `--network` and `--pid`",
        "remove `--network` and `--pid`",
        "remove `Network` and `--pid`",
    ),
    "list them under `ports`, not `privileged`": (
        "list them with `--publish`, not `--privileged`",
        "list them with `ports`, not `--privileged`",
        "list them with `appPort`, not `privileged`",
        "list them with `PublishPort`, not `--privileged`",
    ),
    "set `ulimits.nofile` or `logging.driver: local`": (
        "set `--ulimit nofile` or `--log-driver local`",
        "set `--ulimit nofile` or `options: --log-driver local`",
        'set `--ulimit nofile` or `"runArgs": ["--log-driver", "local"]`',
        "set `Ulimit=nofile` or `LogDriver=local`",
    ),
}


@pytest.mark.parametrize("text", WORDS)
def test_a_key_is_what_the_file_has_for_it(text: str) -> None:
    service = {"image": "nginx:1.29"}
    [command] = settings_of(translated("docker-run", service))
    found = [command.worded(text)]
    for front_end, declare in DECLARE.items():
        project = FileProject(Source(NAMES[front_end], translated(front_end, service)), NoFiles())
        declare(project)
        [settings] = project.services.values()
        found.append(settings.worded(text))
    assert tuple(found) == WORDS[text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Give the service its own network", "Give the container its own network"),
        (
            "Services join that service with `pid: service:a`",
            "Containers join that container with `--pid container:a`",
        ),
        ("see `unauthenticated-service`, a systemd-service", None),
        ("container `dns` and user `user`; `other`, `x-own: 1`, `", None),
        ("a `tmpfs` at `/run`", None),
        ("Use Docker's seccomp profile", None),
        ("`privileged: false`", "`--privileged=false`"),
    ],
)
def test_names_and_other_words_stay(text: str, expected: str | None) -> None:
    [command] = settings_of("docker run x:1\n")
    assert command.worded(text) == (text if expected is None else expected)


def test_what_is_dockers_is_podmans_there_but_for_the_daemon() -> None:
    [command] = settings_of("podman run x:1\n")
    assert command.worded(
        "keeps Docker's default, which Docker does not let the Docker daemon"
    ) == ("keeps Podman's default, which Podman does not let the Docker daemon")


SECRETS = {
    "a.sh": ("docker run -e {}={} x:1\n", "`--env-file`"),
    "b.sh": ("podman run -e {}={} x:1\n", "`--secret`"),
    "web.container": ("[Container]\nImage=x:1\nEnvironment={}={}\n", "`Secret=NAME"),
    ".github/workflows/a.yml": (
        "jobs: {{a: {{container: {{image: x:1, env: {{ {}: {} }}}}}}}}\n",
        "`${{ secrets.NAME }}`",
    ),
    ".devcontainer.json": (
        '{{"image": "x:1", "containerEnv": {{"{}": "{}"}}}}\n',
        "`${localEnv:NAME}`",
    ),
}


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("variable", "value"), [("DB_PASSWORD", "tr0ub4dor"), ("POSTGRES_HOST_AUTH_METHOD", "trust")]
)
def test_a_secret_is_kept_as_the_file_can(
    name: str, variable: str, value: str, tmp_path: Path
) -> None:
    text, kept = SECRETS[name]
    (tmp_path / ".git").mkdir()
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.format(variable, value))
    [verdict] = check([str(path)], ("literal-secret-in-environment", "empty-password-allowed"))
    [one] = verdict.findings
    assert kept in one.advice
    assert "`secrets:`" not in one.advice
