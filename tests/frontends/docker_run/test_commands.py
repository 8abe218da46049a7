"""The commands that start containers, in all files that may have some."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from tests.frontends.docker_run.commands_of import settings_of, shown

from tightship.frontends.invocations.commands import engine_commands
from tightship.frontends.invocations.kinds import script_kind_of
from tightship.frontends.invocations.scripts import scripts_of
from tightship.text import Source


@pytest.mark.parametrize(
    "line",
    [
        "docker run x:1",
        "docker container run x:1",
        "docker create x:1",
        "docker --context far -H tcp://a:1 run x:1",
        "docker --host=tcp://a:1 container create x:1",
        "sudo -E docker run x:1",
        "env A=b timeout 5 nerdctl -n k8s.io run x:1",
        "exec /usr/bin/podman --root /a run x:1",
        "winpty docker run x:1",
        "$DOCKER run x:1",
        "${CONTAINER_DOCKER_BIN:-docker} run x:1",
        "$SUDO docker run x:1",
        "id=$(docker run x:1)",
        "if ! docker run x:1; then exit; fi",
        "bash -c 'docker run x:1'",
        "cat <<A | sh\ndocker ps\nA\ndocker run \\\n  x:1",
        'quietly() { "$@" >/dev/null; }\nquietly docker run x:1',
        'quietly() { "$@" >/dev/null; }\nquietly $SUDO docker run x:1',
    ],
)
def test_a_command_is_found(line: str) -> None:
    [made] = settings_of(f"{line}\n")
    assert shown(made) == {"image": "x:1"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("start.sh", "docker run \\\n  --privileged \\\n  x:1\n"),
        ("start.md", "```sh\n$ docker run --privileged x:1\n```\n"),
        ("Makefile", "a:\n\tdocker run \\\n\t  --privileged \\\n\t  x:1\n"),
        ("a.service", "[Service]\nExecStart=/bin/docker run \\\n  --privileged \\\n  x:1\n"),
    ],
)
def test_the_line_ends_of_windows_are_part_of_no_word(name: str, text: str) -> None:
    [made] = settings_of(text.replace("\n", "\r\n"), name)
    assert shown(made) == {"privileged": "true", "image": "x:1"}


@pytest.mark.parametrize(
    "line",
    [
        "echo docker run x:1",
        "echo 'docker run x:1'",
        "# docker run x:1",
        "archery docker run x:1",
        "docker compose run web",
        "docker-compose run web",
        "docker exec a docker run x:1",
        "docker image run x:1",
        "cat <<A\ndocker run x:1\nA",
        "$DOCKER_COMPOSE run web",
        "docker ps",
    ],
)
def test_other_commands_are_none(line: str) -> None:
    assert settings_of(f"{line}\n") == []


TEXTS = {
    "start.sh": "docker run --privileged x:1\n",
    "tool": "#!/usr/bin/env bash\ndocker run --privileged x:1\n",
    "Makefile": "start:\n\t@docker run \\\n\t  --privileged $(IMAGE)\n",
    "rules.mk": "RUN := docker run --privileged x:1\n",
    ".github/workflows/a.yml": "jobs:\n  a:\n    steps:\n      - run: |\n          docker run \\\n"
    "            --privileged ${{ matrix.image }} true\n",
    ".gitlab-ci.yml": "a:\n  script:\n    - docker run --privileged x:1\n",
    "package.json": '{"scripts": {"start": "docker run --privileged -e \\"A=b\\" x:1"}}\n',
    "app.service": "[Service]\nExecStart=-/usr/bin/docker run --rm \\\n  --privileged x:1\n",
    "README.md": "# Use\n\n```console\n$ docker run --privileged x:1\n```\n",
    "t.bats": '#!/usr/bin/env bats\n@test "a" {\n  run docker run --privileged x:1\n}\n',
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_command_has_its_place_in_each_kind_of_file(name: str) -> None:
    text = TEXTS[name]
    [made] = settings_of(text, name)
    entry = made.table.entries["privileged"]
    assert text[entry.key.span.start : entry.key.span.end] == "--privileged"
    assert made.flag("privileged").is_surely(True)
    assert made.span.text.split()[-1] == "run"
    assert made.complete


def test_prose_is_no_command() -> None:
    assert settings_of("Use `docker run --privileged x:1` here.\n", "README.md") == []
    assert settings_of("docker run --privileged x:1\n", "notes.txt") == []


def test_containers_have_the_names_of_commands_or_images() -> None:
    text = "docker run --name web a/b:1\ndocker run a/b:1\ndocker run a/b:2\ndocker run $X\n"
    assert [one.name for one in settings_of(text)] == ["web", "b", "b-2", "$X"]


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("gcr.io/a/b:$TAG", "b"),
        ("a/b:$X-1@sha256:$Y", "b"),
        ("$REGISTRY:5000/a/b", "b"),
        ('a/b:"$TAG"', "b"),
        ('a/"$B"', "a/$B"),
        ("gcr.io/a/b-$B:latest", "b-$B"),
        ("a/b-${B:-c}", "b-c"),
        ("a/b-${B:-$C}", "a/b-${B:-$C}"),
    ],
)
def test_a_container_has_the_known_name_of_its_image(image: str, name: str) -> None:
    assert [one.name for one in settings_of(f"docker run {image}\n")] == [name]


@pytest.mark.parametrize("text", ["A=x:1\ndocker run -d $A", "A=docker\n$A run -d x:1"])
def test_a_command_ends_where_it_is_written(text: str) -> None:
    [made] = settings_of(f"{text}\n")
    assert made.extent.text == text.partition("\n")[2]


@pytest.mark.parametrize(
    "label", ["", "\r", "sh", "{.bash}", "console", "shell-session", "sh title=a"]
)
def test_a_block_of_commands_has_a_label_or_none(label: str) -> None:
    text = f"```{label}\n$ docker run x:1\n```\n"
    assert [shown(one) for one in settings_of(text, "a.md")] == [{"image": "x:1"}]


@pytest.mark.parametrize("label", ["powershell", "yaml", "python", "shellcheck", "dockerfile"])
def test_a_block_of_another_language_has_no_commands(label: str) -> None:
    text = f"```{label}\ndocker run x:1\n```\nA docker run y:1\n```\ndocker run z:1\n```\n"
    assert [shown(one) for one in settings_of(text, "a.md")] == [{"image": "z:1"}]


INDENTED = "    $ docker run x:1\n"


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (f"Run it:\n\n{INDENTED}", True),
        ("\n\tdocker run x:1\n\n\tdocker ps\n", True),
        (f"Run it:\n{INDENTED}", False),
        (f"- A list:\n\n{INDENTED}", False),
        (f"1. A list:\n\n   more\n\n{INDENTED}", False),
        (f"- A list:\n\n    {INDENTED}", True),
        (f"- A list\n\nText\n\n{INDENTED}", True),
        (f"```yaml\na: |\n\n{INDENTED}```\n", False),
    ],
)
@pytest.mark.parametrize("name", ["a.md", "README.MD"])
def test_an_indented_block_is_one_of_commands_but_a_paragraph_of_a_list(
    text: str, is_found: bool, name: str
) -> None:
    found = [shown(one) for one in settings_of(text, name)]
    assert found == [{"image": "x:1"}] * is_found


def test_other_words_that_a_reader_fills_in() -> None:
    [made] = settings_of("```\ndocker run [...] -e A=1 x:1 --key MASTER_KEY [...]\n```\n", "a.md")
    assert not made.complete
    assert shown(made)["command"] == ["--key", "${_}", "${_}"]
    [made] = settings_of("```\ndocker run -v path/to/a:/b -v c:/d x:1\n```\n", "a.md")
    assert shown(made)["volumes"] == ["${_}:/b", "c:/d"]
    [made] = settings_of('```\ndocker run -v "%cd%/a:/b" x:1"\n\nmore\n```\n', "a.md")
    assert shown(made) == {"volumes": ["${_}"], "image": "${_}"}
    assert made.name == "x:1"
    [made] = settings_of("```\ndocker run --rm <image:tag> -c <a/b:c> x\n```\n", "a.md")
    assert shown(made) == {"image": "${_}", "command": ["-c", "${_}", "x"]}


def test_what_a_reader_fills_in_is_unknown() -> None:
    text = "```sh\n# don't forget\ndocker run -v <a-path>:/b x:<version> <in\n```\n"
    [made] = settings_of(text, "a.md")
    assert shown(made) == {"volumes": ["${_}:/b"], "image": "x:${_}"}
    assert made.name == "x"
    [made] = settings_of("```\n# docker run [OPTIONS] IMAGE[:TAG] [ARG...]\n```\n", "a.md")
    assert shown(made)["image"] == "${_}"
    assert not made.complete


def test_a_template_of_a_document_is_unknown() -> None:
    text = "```\ndocker run -v {{ a }}/x:/b {% if c %} x:{{ v }}\n```\n"
    [made] = settings_of(text, "a.md")
    assert shown(made) == {"volumes": ["${a}/x:/b"], "image": "${_}", "command": ["x:${v}"]}
    assert not made.complete


def test_specifiers_and_comments_of_a_unit() -> None:
    text = (
        "[Service]\nExecStart=/bin/docker run --name %n -e A=50%% \\\n"
        "  # the data\n  -v %h/%i:/a -v %t/b:/b \\\n  x:1\nExecStop=docker stop %n\n"
    )
    [made] = settings_of(text, "a@.service")
    assert shown(made) == {
        "container_name": "${_}",
        "environment": ["A=50%"],
        "volumes": ["~/${_}:/a", "${XDG_RUNTIME_DIR}/b:/b"],
        "image": "x:1",
    }
    assert made.name == "x"
    assert made.complete


@pytest.mark.parametrize(
    "text",
    [
        "ssh host docker run --privileged x:1",
        'ssh -p 22 -i key "me@$HOST" "cd /srv && sudo docker run --privileged x:1"',
        "ssh -t host -- 'docker run --privileged x:1'",
        "ssh host -p 22 -t docker run --privileged x:1",
        "ssh host <<'EOF'\nexport A=b\ndocker run --privileged x:1\nEOF",
        "ssh host sudo bash -s <<EOF\ndocker run --privileged x:1\nEOF",
        "for h in a b; do ssh $h docker run --privileged x:1; done",
    ],
)
def test_a_command_on_another_host_is_one(text: str) -> None:
    [made] = settings_of(f"{text}\n")
    assert shown(made) == {"privileged": "true", "image": "x:1"}
    assert made.span.text == "docker run"
    [first, made] = settings_of(f"docker run y:1\n{text}\n")
    assert first.name == "y"


def test_few_hosts_are_followed() -> None:
    assert len(settings_of(f"{'ssh a ' * 3}docker run x:1\n")) == 1
    assert settings_of(f"{'ssh a ' * 4000}docker run x:1\n") == []


@pytest.mark.parametrize(
    "text", ["ssh docker run x:1", "ssh host", "ssh -N -L 1:2:3 host", "ssh host docker build ."]
)
def test_other_commands_of_ssh_start_nothing_that_is_known(text: str) -> None:
    assert [one.name for one in settings_of(f"{text}\ndocker run last:1\n")] == ["last"]


def test_a_comment_in_backquotes_is_no_word() -> None:
    [made] = settings_of("docker run `# for the web` -p 80:80 \\\n  `# the image` x:1 a\n")
    assert shown(made) == {"ports": ["80:80"], "image": "x:1", "command": ["a"]}
    [made] = settings_of("docker run `flags` -p 80:80 x:1\n")
    assert not made.complete


@pytest.mark.parametrize(
    ("word", "user"),
    [
        ('"$(id -u):$(id -g)"', "${UID}:${GID}"),
        ("`id -u`", "${UID}"),
        ("$(whoami)", "${USER}"),
        ("$(other)", "${_}"),
    ],
)
def test_who_runs_a_script_is_a_known_variable(word: str, user: str) -> None:
    [made] = settings_of(f"docker run --user {word} x:1\n")
    assert shown(made)["user"] == user


def test_who_runs_make_is_a_known_variable() -> None:
    [made] = settings_of(
        "a:\n\tdocker run -u $(shell id -u) -v $(shell pwd)/a:/b x:1\n", "Makefile"
    )
    assert shown(made) == {"user": "${UID}", "volumes": ["./a:/b"], "image": "x:1"}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.sh", 'docker run -v "$GITHUB_WORKSPACE/a":/b x:1\n'),
        (".gitlab-ci.yml", "a: {script: ['docker run -v $CI_PROJECT_DIR/a:/b x:1']}\n"),
        ("a.yml", "a: 'docker run -v ${{ github.workspace }}/a:/b x:1'\n"),
    ],
)
def test_the_folder_of_a_ci_is_that_of_the_project(name: str, line: str) -> None:
    [made] = settings_of(line, name)
    assert shown(made)["volumes"] == ["./a:/b"]


@pytest.mark.parametrize("image", ["IMAGE", "YOUR_IMAGE:TAG", "REGISTRY/IMAGE", "IMAGE:$TAG"])
def test_an_image_in_capitals_is_for_readers_of_documents_alone(image: str) -> None:
    [made] = settings_of(f"```sh\ndocker run -e A=B {image} RUN\n```\n", "a.md")
    assert shown(made)["image"] == "${_}"
    assert made.name == image
    [made] = settings_of(f"docker run {image}\n")
    assert shown(made)["image"] != "${_}"


def test_a_parameter_of_circleci_is_unknown_and_no_heredoc() -> None:
    text = "a:\n  - run: |\n      docker run << parameters.image >> << pipeline.number >> x\n"
    [made] = settings_of(text, ".circleci/config.yml")
    assert shown(made) == {"image": "${_}", "command": ["${_}", "x"]}


@pytest.mark.parametrize(("name", "image"), [("env.APP", "${_}"), ("inputs.flags", "x:1")])
def test_the_name_of_an_expression_is_its_last_part(name: str, image: str) -> None:
    [made] = settings_of(f"a: docker run ${{{{ {name} }}}} x:1\n", "a.yml")
    assert shown(made)["image"] == image


@pytest.mark.parametrize(
    ("line", "is_brief"),
    [
        ("docker run --rm -v $PWD:/src golang:1.25 go test", True),
        ("docker run golang:1.25 go test", True),
        ("docker run --rm golang:1.25", True),
        ("docker run --rm -d nginx:1.29", False),
        ("docker run --rm -p 80:80 nginx:1.29", False),
        ("docker run --rm --network host nginx:1.29", False),
        ("docker run nginx:1.29", False),
    ],
)
def test_a_container_that_runs_one_command_is_brief(line: str, is_brief: bool) -> None:
    [made] = settings_of(f"{line}\n")
    assert made.is_brief is is_brief
    [unit] = settings_of(f"[Service]\nExecStart=/usr/bin/{line}\n", "a.service")
    assert not unit.is_brief


@settings(max_examples=300)
@given(st.text(alphabet="docker run-pv$\"'\\\n\t (){}[]&|;<>=:/#`@\r\0é", max_size=200))
def test_any_text_is_read_and_each_place_is_in_it(text: str) -> None:
    for name in ("a.sh", "Makefile", "a.yaml", "a.service", "a.md"):
        source = Source(name, text)
        assert script_kind_of(name, text) is not None
        for script in scripts_of(source):
            for command in engine_commands(script):
                assert 0 <= command.span.start <= command.whole.end <= len(text)
