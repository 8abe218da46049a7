"""Each place where an engine may start something is a container, a build, a remark or a gap."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.frontends.docker_run.commands_of import NoFiles

from tightship.frontends.docker_build.project import declare
from tightship.model.file_project import FileProject
from tightship.text import Source

START = "docker run --privileged last:1"


def project_of(text: str, name: str = "run.sh") -> FileProject:
    project = FileProject(Source(name, text), NoFiles())
    declare(project)
    return project


def is_said(text: str, name: str = "run.sh") -> bool:
    """Return whether the last start of a file is a container, or has a gap at its place."""
    project, at = project_of(text, name), text.rindex("docker")
    in_gap = any(one.span.start <= at < one.span.end for one in project.gaps)
    return in_gap or any(
        one.text("image").value == "last:1" and one.text("privileged").value == "true"
        for one in project.services.values()
    )


WRAPPED = [
    'run_step "x" -- {}', "retry 3 {}", "with_log {}", "watch {}", "flock /l {}",
    "find . -exec {} ;", 'sg docker -c "{}"', "systemd-run {}", "cat <<E | sh\n{}\nE",
    'echo "{}" | sh', "trap '{}' EXIT", "cat <<E | ssh a\n{}\nE", "parallel ::: '{}'",
    "su a -c '{}'", "f docker $OPTS $COMMAND; {}", 'f() {{ echo "{}"; }}\nf | sh', 'f() {{ echo "{}"; }}\neval "$(f)"',
    "{{ echo '{}'; }} | bash", "echo '{}' > later.sh", "cat > later.sh <<E\n{}\nE",
    "eval '{}'", "x='{}'\n$other", "python3 -c 'run(\"{}\")'", "echo $(retry {})",
    'echo "$(echo "{}" | sh)"', "bash -c \"echo '{}'\" | sh", "unclosed='\n{}\n",
    "sh -c \"sh -c 'sh -c \\\"sh -c \\\\\\\"{}\\\\\\\"\\\"'\"", "pwsh -c '{}'",
]  # fmt: skip


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_a_start_behind_any_word_is_said(wrapped: str) -> None:
    assert is_said(f"docker run a:1\n{wrapped.format(START)}\n")


@pytest.mark.parametrize(
    "text",
    [
        "$(command -v docker) run --privileged last:1\n",
        "alias d=docker\nd run --privileged last:1\n",
        'alias d="docker run --privileged"\nd last:1\n',
        '"docker" "run" --privileged last:1\n',
        "docker --context a \\\n  run --privileged last:1\n",
        "docker $VERB --privileged last:1\n",
        "buildah from --privileged last:1\n".replace("buildah", "/usr/bin/docker"),
    ],
)
def test_a_start_by_another_name_is_said(text: str) -> None:
    assert is_said(text)


UNREAD = [
    "docker exec --privileged c sh", "docker -H a container exec -it --privileged c sh",
    "docker compose exec --privileged web sh", "docker compose -f a.yaml run --rm -v /:/h web",
    "docker-compose run -v/:/h web", "docker service create --mount type=bind,src=/,dst=/h v",
    "docker service update --mount-add type=bind,src=/,dst=/h s", "podman kube play x.yaml",
    "docker volume create -o type=none -o o=bind --opt device=/ hr", "buildah run c sh",
    "buildah bud -v /:/h .", "buildah from --cap-add ALL v", "ctr -n k8s.io run --privileged v c",
    "crictl run c.json p.json", "podman container runlabel install v",
    "docker plugin install --grant-all-permissions p", "docker buildx bake --set a.network=host",
    'd() { docker "$@"; }\nd run --privileged v', "docker {run,--privileged,v}",
    "docker run {--privileged,-it} v", '"${ENGINE}" run --privileged v', "$CRI run v",
    "for o in --privileged; do docker run $o v; done", "alias d=docker\nd run --privileged v",
    "podman container clone c --run", "docker @a", "docker buildx bake -f ci.hcl",
    "docker buildx bake https://git.example/x.git", "docker buildx bake --file=$F a",
    "curl --unix-socket /var/run/docker.sock -d '{}' \\\n  http://d/v1.48/containers/create",
]  # fmt: skip


@pytest.mark.parametrize("text", UNREAD)
def test_what_no_reader_understands_is_a_gap(text: str) -> None:
    assert project_of(f"{text}\n").gaps


@pytest.mark.parametrize("engine", ["podman-remote", "finch", "/usr/bin/podman-remote"])
def test_an_engine_that_is_like_another_is_read(engine: str) -> None:
    [service] = project_of(f"{engine} run --privileged v:1\n").services.values()
    assert service.text("privileged").value == "true"


@pytest.mark.parametrize(
    "text",
    [
        "docker buildx bake -f docker-bake.ci.hcl -f compose.yml a",
        "docker buildx bake --metadata-file m.json a",
        "curl --unix-socket /var/run/docker.sock http://d/containers/json",
        "npm install docker @types/docker",
    ],
)
def test_what_starts_nothing_or_is_read_is_no_gap(text: str) -> None:
    assert not project_of(f"{text}\n").gaps


def test_the_name_of_a_function_is_no_engine() -> None:
    assert not project_of("a=$(__docker-services_with build)\n").gaps
    assert project_of("a=$(docker build --privileged=$X .)\n${DOCKER} run $X\n").gaps


LISTS = [
    "a:\n  command: [docker, run, --privileged, v]\n",
    'a:\n  argv: ["docker","run","v"]\n',
    "a:\n  argv:\n    - docker\n    - run\n    - --privileged\n",
    "a:\n  command: docker\n  args: [run, --privileged, v]\n",
    "- community.docker.docker_container:\n    name: a\n    privileged: true\n",
    "- podman_container:\n    name: a\n",
    "- docker_compose_v2:\n    project_src: a\n    files: [b.txt]\n",
    "- docker_compose:\n    definition:\n      services: {}\n",
    "- docker_container:\n    name: a\n- docker_network:\n    state: absent\n",
]
NO_LISTS = [
    "- docker_compose_v2:\n    project_src: a\n",
    "- docker_compose_v2:\n    files: [b.txt]\n    state: absent\n",
    "- docker_container:\n    name: a\n    state: absent\n- a: b\n",
    "a:\n  docker_container:\n    redirect: community.docker.docker_container\n",
    "a:\n  needs: [lint, docker, build]\n",
    "a:\n  tags:\n    - docker\n    - build\n",
    "a:\n  image: docker\n  script:\n    - docker ps\n",
]


@pytest.mark.parametrize("text", LISTS + NO_LISTS)
def test_a_command_that_is_a_list_is_a_gap(text: str) -> None:
    assert bool(project_of(text, "a.yml").gaps) is (text in LISTS)


@pytest.mark.parametrize(
    "before",
    [
        "echo a b c\n" * 40_000,
        "for a in b; do c; done\n" * 12_000,
        "cat <<E\na\nE\n" * 25_000,
        f"case a in\n{'a) b;;' * 25_000}\nesac\n",
        "true | " * 49_999,
        "if a; then\n" * 41,
    ],
    ids=["commands", "loops", "heredocs", "branches", "pipes", "nesting"],
)
def test_a_start_behind_a_bound_is_said(before: str) -> None:
    assert is_said(f"#!/bin/bash\ndocker run a:1\n{before}{START}\n")
    assert is_said(f"#!/bin/bash\n{before}{START}\n")
    assert is_said(f"```sh\n{before}{START}\n```\n", "a.md")


@pytest.mark.parametrize("sign", ["`", "^"])
@pytest.mark.parametrize("label", ["sh", "powershell", "bat", ""])
def test_lines_of_another_shell_are_a_gap_and_no_container(sign: str, label: str) -> None:
    text = f"```{label}\ndocker run {sign}\n  --privileged {sign}\n  last:1\n```\n"
    project = project_of(text, "a.md")
    assert not project.services
    [gap] = project.gaps
    assert gap.span.text == "docker"
    assert "another shell" in gap.reason


@pytest.mark.parametrize(
    "text",
    [
        "docker ps\ndocker login -u a\ndocker --context b info\n",
        "_call docker $docker_options ps -a\nf docker ${OPTS} $flags images\n",
        "apt-get install docker create-it\nls /var/run/docker.sock run\n",
        f"# {START}\n  # {START}\nls # {START}\n",
        f'echo "{START}"\nprintf "%s" "{START}" >&2\n',
        f"usage() {{\n  cat <<E\n{START}\nE\n}}\nusage\n",
        "docker-compose run a\ndocker compose build b\n",
        "docker compose run --rm web pytest -v\ndocker compose down -v\n",
        "docker compose $FILES up -d\ndocker stack deploy -c a.yml s\n",
        "docker exec -it a cmd --privileged\ndocker exec --privileged=false a sh\n",
        "docker volume create a\ndocker volume create -o type=tmpfs a\n",
        "docker service update --image a:2 a\ndocker network create a\n",
        "docker buildx bake -f a-bake.hcl\ndocker buildx create --use\n",
        f'if a; then echo "{START}" | sed s/a/b/ > /dev/null; fi\n',
    ],
)
def test_what_starts_nothing_is_no_gap(text: str) -> None:
    project = project_of(text)
    assert not project.gaps
    assert not project.services


PARTS = st.sampled_from(
    ["'", '"', "`", "$(", ")", "{", "}", "\n", ";", "|", "&&", " ", "if ", "then ", "fi\n", "a ",
     "<<E\n", "\nE\n", "case a in ", "esac\n", "f() ", "\\", "sh -c ", "eval ", "for a in b; do "]
)  # fmt: skip


@given(st.lists(PARTS, max_size=25), st.lists(PARTS, max_size=10))
def test_no_start_is_lost(before: list[str], after: list[str]) -> None:
    assert is_said(f"{''.join(before)}\n{START}\n{''.join(after)}\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("run.sh", "docker run ${OPTS:---privileged} last:1\n"),
        ("run.sh", "for o in --privileged; do docker run $o last:1; done\n"),
        ("run.sh", 'set -- --privileged\ndocker run "$@" last:1\n'),
        ("run.sh", "f() { docker run $O last:1; }\nO=--privileged\nf\n"),
        ("a.yml", "env: {O: --privileged}\na: {run: 'docker run $O last:1'}\n"),
        ("Makefile", "O = -d\nO += --privileged\na:\n\tdocker run $(O) last:1\n"),
        ("Makefile", "a: O = --privileged\na:\n\tdocker run $(O) last:1\n"),
        ("Makefile", "ifdef A\nO = --privileged\nendif\na:\n\tdocker run $(O) last:1\n"),
        ("Makefile", f"define R\n{START}\nendef\na:\n\t$(R)\n"),
        ("Makefile", "R = docker run --privileged $(1)\na:\n\t$(call R,last:1)\n"),
        ("Makefile", f"X := $(shell {START})\n"),
        ("Makefile", f"X != {START}\n"),
        ("Makefile", "a:\n\t$(foreach i,last:1,docker run --privileged $(i);)\n"),
        ("Makefile", f"a:\n\t @{START}\n"),
        ("Makefile", f"a:\n\t - {START}\n"),
        ("a.service", f"[Service]\nExecStart=/bin/retry /usr/bin/{START}\n"),
    ],
)
def test_flags_that_are_not_known_are_no_clean_container(name: str, text: str) -> None:
    project, line = project_of(text, name), text.count("\n", 0, text.rindex("docker"))
    in_gap = any(one.span.source.point(one.span.start)[0] == line for one in project.gaps)
    assert in_gap or is_said(text, name)


@pytest.mark.parametrize("verb", ['"run"', "'run'"])
def test_a_verb_in_quotes_is_the_verb(verb: str) -> None:
    assert is_said(f"docker {verb} --privileged last:1\n")


def test_a_builder_is_no_container() -> None:
    project = project_of("docker buildx create --name $NAME || docker builder create $NAME\n")
    assert project.gaps == []
