"""Invocations of Compose, from each kind of file."""

from __future__ import annotations

import pytest
from tests.engine.roles.trees_of_texts import chains_of, merged, shown

BOTH = "compose.yaml hard.yml"
DOCKER = "docker/base.yml docker/dev.yml"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("docker compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("docker-compose --file=compose.yaml -fhard.yml up", [BOTH]),
        ("podman-compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("podman compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("nerdctl compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("docker --context far compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("docker stack deploy -c compose.yaml --prune -c hard.yml shop", [BOTH]),
        ("sudo -E env A=b time docker compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("docker compose -f compose.yaml logs -f hard.yml", ["compose.yaml"]),
        ("docker compose up", ["compose.yaml"]),
        ("docker compose version", []),
        ("which docker-compose", []),
        ('FILES="-f compose.yaml -f hard.yml"; docker compose $FILES up', [BOTH]),
        ('COMPOSE="docker compose -f compose.yaml"\n$COMPOSE -f hard.yml up', [BOTH]),
        ('A=(-f compose.yaml)\nA+=(-f hard.yml)\ndocker compose "${A[@]}" up', [BOTH]),
        ("F=hard\ndocker compose -f compose.yaml -f $F.yml up", [BOTH]),
        ("docker compose -f ${X:-compose.yaml} -f hard.yml up", [BOTH]),
        ("COMPOSE_FILE=compose.yaml:hard.yml docker compose up", [BOTH]),
        ("export COMPOSE_FILE=compose.yaml:hard.yml\ndocker compose up", [BOTH]),
        ("export COMPOSE_FILE=compose.yaml:hard.yml", [BOTH]),
        (
            "COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=compose.yaml,hard.yml\ndocker compose up",
            [BOTH],
        ),
        ("COMPOSE_FILE=compose.yaml\nCOMPOSE_FILE+=:hard.yml\ndocker compose up", [BOTH]),
        ("cd docker && docker compose -f base.yml -f dev.yml up", [DOCKER]),
        ("(cd docker; docker compose -f base.yml -f dev.yml up)", [DOCKER]),
        ("cd docker || exit 1\ndocker compose -f base.yml -f dev.yml up", [DOCKER]),
        (
            "(cd docker)\ndocker compose -f compose.yaml -f hard.yml up",
            [BOTH],
        ),
        ('bash -c "docker compose -f compose.yaml -f hard.yml up"', [BOTH]),
        ("C='docker compose -f compose.yaml -f hard.yml up'\neval \"$C\"", [BOTH]),
        ("alias dc='docker compose -f compose.yaml -f hard.yml'", [BOTH]),
        ("ssh far <<END\ndocker compose -f compose.yaml -f hard.yml up\nEND", [BOTH]),
        ("run() { docker compose -f compose.yaml -f hard.yml \"$@\"; }\nrun up", [BOTH]),
        ("run() { docker compose -f compose.yaml -f \"$1\" up; }\nrun hard.yml", [BOTH]),
        ("run() { docker compose -f compose.yaml -f hard.yml \"$@\"; }", [BOTH]),
        ("for f in compose.yaml hard.yml; do A=\"$A -f $f\"; done\ndocker compose $A up", [BOTH]),
        ("for f in docker/*.yml; do A+=\" -f $f\"; done\ndocker compose $A up", [DOCKER]),
        ("A='-f compose.yaml'\n[ $X ] && A=\"$A -f hard.yml\"\ndocker compose $A up",
         [BOTH, "compose.yaml"]),
        ("if x; then A='-f compose.yaml -f hard.yml'; else A='-f hard.yml'; fi\n"
         "docker compose $A up", [BOTH, "hard.yml"]),
        ("docker compose -f compose.yaml ${HARD:+-f hard.yml} up", ["compose.yaml", BOTH]),
        ("A=compose.yaml\n[ $X ] && A=hard.yml\nexport F=$A\ndocker compose -f $F up",
         ["hard.yml", "compose.yaml"]),
        ("A=()\n[[ -f compose.yaml ]] && A+=(-f compose.yaml)\n"
         "[ -e hard.yml ] && A+=(-f hard.yml)\ndocker compose ${A[@]} up", [BOTH]),
        ("A=compose.yaml\nif test -f hard.yml; then A+=:hard.yml; fi\n"
         "COMPOSE_FILE=$A docker compose up", [BOTH]),
        ("if [ -f .local ]; then A='-f hard.yml'; fi\ndocker compose -f compose.yaml $A up",
         [BOTH, "compose.yaml"]),
        ("echo 'COMPOSE_FILE=compose.yaml;hard.yml' >> .env", [BOTH]),
        ("echo COMPOSE_FILE=compose.yaml:hard.yml >> $GITHUB_ENV", [BOTH]),
        ("A=$0\ncd ${A%/*}/docker\ndocker compose -f base.yml -f dev.yml up", [DOCKER]),
        ("cd $(dirname $1)\ndocker compose -f hard.yml up", ["hard.yml ?"]),
        ("A+=('-f compose.yaml')\nA+=('-f hard.yml')\nDC=\"env X=1 docker-compose ${A[@]}\"",
         [BOTH]),
        ("A='-f compose.yaml'\nfor f in \"$@\"; do A+=\" -f docker/d$f.yml\"; done\n"
         "docker compose $A up", ["compose.yaml docker/dev.yml", "compose.yaml"]),
        ("A=(hard docker/dev)\nfor f in \"${A[@]}\"; do B+=(-f $f.yml); done\n"
         "docker compose -f compose.yaml \"${B[@]}\" up", ["compose.yaml hard.yml docker/dev.yml"]),
        ("case $1 in a) F=compose.yaml;; *) F=hard.yml;; esac\ndocker compose -f $F up",
         ["compose.yaml", "hard.yml"]),
    ],
)  # fmt: skip
def test_shell(script: str, expected: list[str]) -> None:
    assert merged("up.sh", script) == expected


@pytest.mark.parametrize(
    "script",
    [
        'docker compose -f "$X" -f hard.yml up',
        "docker compose -f $(find-it) -f hard.yml up",
        "docker compose -f *.yaml -f hard.yml up",
        "docker compose $OPTIONS -f hard.yml up",
        "docker compose -f /srv/compose.yaml -f hard.yml up",
        "docker compose -f ../compose.yaml -f hard.yml up",
        "docker compose -f - -f hard.yml up",
        "read X\ndocker compose -f $X -f hard.yml up",
        'cd "$SOMEWHERE"\ndocker compose -f hard.yml up',
        "# compose\n$TOOL -f hard.yml -f $X up",
    ],
)
def test_what_a_script_leaves_open_is_not_whole(script: str) -> None:
    assert merged("up.sh", script) == ["hard.yml ?"]


HERE = 'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\n'


@pytest.mark.parametrize(
    "script",
    [
        f'{HERE}docker compose -f "$HERE/base.yml" -f "$HERE/dev.yml" up',
        f'{HERE}cd "$HERE/.."\ndocker compose -f docker/base.yml -f docker/dev.yml up',
        'cd "$(dirname "$0")"\ndocker compose -f base.yml -f dev.yml up',
        "cd ${0%/*}/..\ndocker compose -f docker/base.yml -f docker/dev.yml up",
        "R=$(git rev-parse --show-toplevel)\ndocker compose -f $R/docker/base.yml"
        " -f $R/docker/dev.yml up",
        "docker compose -f base.yml -f dev.yml up",
        "docker compose -f docker/base.yml -f docker/dev.yml up",
        "docker compose -f $PWD/docker/base.yml -f $PWD/docker/dev.yml up",
    ],
)
def test_paths_are_relative_to_the_folder_of_the_command_or_the_script(script: str) -> None:
    assert merged("docker/up.sh", script) == [DOCKER]


def test_a_sourced_file_sets_variables() -> None:
    texts = {
        "up.sh": ". ./common.sh\ndocker compose $FILES up",
        "common.sh": "# of Compose\nFILES='-f compose.yaml -f hard.yml'",
    }
    places = [(shown(one), one.evidence.place) for one in chains_of(texts)]
    assert sorted(places) == [(BOTH, "common.sh:2"), (BOTH, "up.sh:2")]


@pytest.mark.parametrize(
    ("makefile", "expected"),
    [
        ("up:\n\tdocker compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("up: ; docker compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("up:\n\t@docker compose -f compose.yaml \\\n\t  -f hard.yml up", [BOTH]),
        ("A := -f compose.yaml -f hard.yml\nup:\n\tdocker compose $(A) up", [BOTH]),
        ("A = $(B)\nB = -f compose.yaml -f hard.yml\nup:\n\tdocker compose ${A} up", [BOTH]),
        ("A = -f compose.yaml\nA += -f hard.yml\nup:\n\tdocker compose $(A) up", [BOTH]),
        ("A ?= hard.yml\nup:\n\tdocker compose -f compose.yaml -f $(A) up", [BOTH]),
        ("L = compose.yaml hard.yml\nup:\n\tdocker compose $(addprefix -f ,$(L)) up", [BOTH]),
        ("L = compose.yaml hard.yml\nup:\n\tdocker compose $(L:%=-f %) up", [BOTH]),
        ("L = compose hard\nup:\n\tdocker compose -f compose.yaml"
         " $(foreach f,hard,-f $(f).yml) up", [BOTH]),
        ("up:\n\tA=hard.yml; docker compose -f compose.yaml -f $$A up", [BOTH]),
        ("up:\n\tcd docker && docker compose -f base.yml -f dev.yml up", [DOCKER]),
        ("up:\n\tcd docker\n\tdocker compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("up:\n\tdocker compose -f $(CURDIR)/compose.yaml -f $(PWD)/hard.yml up", [BOTH]),
        ("export COMPOSE_FILE := compose.yaml:hard.yml\nup:\n\tdocker compose up", [BOTH]),
        ("A = -f compose.yaml\nifdef X\nA += -f hard.yml\nendif\nup:\n\tdocker compose $(A) up",
         [BOTH, "compose.yaml"]),
        ("ifeq ($(X),1)\nA = compose.yaml\nelse\nA = hard.yml\nendif\n"
         "up:\n\tdocker compose -f $(A) up", ["compose.yaml", "hard.yml"]),
        ("up:\n\tdocker compose $(if $(X),-f compose.yaml,-f hard.yml) up",
         ["compose.yaml", "hard.yml"]),
        ("A = $(A) -f compose.yaml\nup:\n\tdocker compose $(A) -f hard.yml up",
         ["compose.yaml hard.yml ?"]),
        ("up:\n\tdocker compose -f $(X) -f hard.yml up", ["hard.yml ?"]),
        ("up:\n\t @ - docker compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("up: ; @docker compose -f compose.yaml -f hard.yml up", [BOTH]),
        ("A = -f compose.yaml\\\n\t-f hard.yml # both\nup:\n\tdocker compose $(A) up", [BOTH]),
        ("up: A = -f compose.yaml -f hard.yml\nup:\n\tdocker compose $(A) up", [BOTH]),
        ("A = -f compose.yaml\nup: A += -f hard.yml\nup:\n\tdocker compose $(A) up\n"
         "down:\n\tdocker compose $(A) down", [BOTH, "compose.yaml"]),
        ("all: A = -f compose.yaml -f hard.yml\nall: up\nup:\n\tdocker compose $(A) up",
         ["?", BOTH]),
        ("up:\n\tdocker compose -f $(shell find-it) -f hard.yml up", ["hard.yml ?"]),
    ],
)  # fmt: skip
def test_makefile(makefile: str, expected: list[str]) -> None:
    assert merged("Makefile", makefile) == expected


def test_an_included_makefile_sets_variables() -> None:
    texts = {
        "Makefile": "include vars.mk\nup:\n\t$(DC) -f hard.yml up",
        "vars.mk": "DC = docker compose --project-directory . -f compose.yaml",
    }
    assert [shown(one) for one in chains_of(texts)] == [BOTH]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - run: |\n"
         "          docker compose -f compose.yaml \\\n            -f hard.yml up\n"),
        (".github/workflows/ci.yml", "env: {COMPOSE_FILE: 'compose.yaml:hard.yml'}\n"
         "jobs:\n  a:\n    steps:\n      - run: docker compose up\n"),
        (".github/workflows/ci.yml", "env: {F: hard.yml}\njobs:\n  a:\n    steps:\n"
         "      - run: docker compose -f compose.yaml -f ${{ env.F }} up\n"),
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - with:\n"
         "          compose-file: |\n            compose.yaml\n            hard.yml\n"),
        (".github/actions/up/action.yml", "inputs:\n  files: {default: 'compose.yaml:hard.yml'}\n"
         "runs:\n  steps:\n    - env:\n        COMPOSE_FILE: ${{ inputs.files }}\n"
         "      run: docker compose up\n"),
        (".gitlab-ci.yml", "up:\n  script:\n    - A='-f compose.yaml -f hard.yml'\n"
         "    - docker compose $A up\n"),
        (".circleci/config.yml", "jobs:\n  a:\n    steps:\n      - run:\n"
         "          command: docker-compose -f compose.yaml -f hard.yml up\n"),
        ("Jenkinsfile", "sh 'docker compose -f compose.yaml -f hard.yml up'"),
        ("Jenkinsfile", 'sh """\n  docker compose -f compose.yaml -f hard.yml up\n"""'),
        ("package.json", '{"scripts": {"up": "docker compose -f compose.yaml -f hard.yml up"}}'),
        ("package.json", '{"scripts": {"x": "docker compose --file=compose.yaml --file hard.yml up"}}'),
        ("app.service", "[Service]\nExecStart=-/usr/bin/docker compose \\\n  -f compose.yaml"
         " \\\n  -f hard.yml up\n"),
        ("app.service", "# docker compose -f compose.yaml -f hard.yml up\n[Service]\n"),
        ("README.md", "1. Start:\n   ```sh\n   $ A=compose.yaml\n   ok\n"
         "   $ docker compose -f $A -f hard.yml up\n   ```\n"),
        ("README.md", "~~~~\n~~~\n# docker compose -f compose.yaml -f hard.yml up\n~~~~\n"),
        ("Taskfile.yml", "vars: {A: hard.yml}\ntasks:\n  up:\n    cmds:\n"
         "      - docker compose -f compose.yaml -f {{.A}} up\n"),
        ("justfile", "a := 'hard.yml'\nup:\n  docker compose -f compose.yaml -f {{ a }} up\n"),
        (".env", "COMPOSE_FILE=compose.yaml:hard.yml\n"),
        (".env", "COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE='compose.yaml,hard.yml' # both\n"),
        (".env.example", "# COMPOSE_FILE=compose.yaml:hard.yml\n"),
        ("README.md", "Run `docker compose -f compose.yaml -f hard.yml up`. Don't wait."),
        ("README.md", "It's:\n```sh\n$ docker compose -f compose.yaml \\\n    -f hard.yml up\nok\n```"),
        ("README.md", "<code>docker compose -f compose.yaml -f hard.yml up</code>"),
        ("README.rst", "Run::\n\n    docker compose -f compose.yaml \\\n      -f hard.yml up\n"),
        ("INSTALL.txt", "First, docker-compose -f compose.yaml -f hard.yml, then wait"),
        ("docs/a/b.md", "    docker compose -f compose.yaml -f hard.yml up"),
        ("README.md", "Set `COMPOSE_FILE=compose.yaml:hard.yml`."),
        ("hard.yml", "# docker compose -f compose.yaml -f hard.yml up\nservices: {}\n"),
        ("a_test.go", 'Suite([]string{"compose.yaml", "hard.yml"})'),
        ("a_test.go", 'Up(filepath.Join("compose.yaml"), filepath.Join("hard.yml")) // compose'),
        ("a.py", 'run(["docker", "compose", "-f", "compose.yaml", "-f", "hard.yml", "up"])'),
        ("a.py", 'run("docker compose -f compose.yaml -f hard.yml up", shell=True)'),
        ("a.py", 'DockerCompose(".", compose_file_name=["compose.yaml", "hard.yml"])'),
        ("a.ts", "new DockerComposeEnvironment('.', ['compose.yaml', 'hard.yml'])"),
        ("a.java", 'new ComposeContainer(new File("compose.yaml"), new File("hard.yml"))'),
        ("a.js", "env.compose(path.join(dir, 'compose.yaml'), path.join(dir, 'hard.yml'))"),
        ("README.md", '```\nA=(-f compose.yaml)\nA+=(-f hard.yml)\ndocker compose "${A[@]}" up\n```'),
        ("README.md", "```\ndc() { docker compose -f compose.yaml -f hard.yml $@; }\n```"),
        ("README.md", "`docker compose -f compose.yaml -f hard.yml [OPTIONS] up {service}`"),
        (".drone.yml", 'a: [sh, -c, "docker compose -f compose.yaml -f hard.yml up"]'),
        (".drone.yml", "a: [docker, compose, -f, compose.yaml, -f, hard.yml, up]"),
        ("a.ts", "dockerCompose(['-f', 'compose.yaml', '-f', 'hard.yml', 'up'])"),
    ],
)  # fmt: skip
def test_other_files(name: str, text: str) -> None:
    assert merged(name, text) == [BOTH]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (".github/workflows/ci.yml", "jobs:\n  a:\n    steps:\n      - working-directory: docker\n"
         "        run: docker compose -f base.yml -f dev.yml up\n", [DOCKER]),
        (".github/workflows/ci.yml", "on: push\nenv: {A: '${{ matrix.a }}'}\njobs:\n  a:\n"
         "    steps:\n      - run: docker compose -f $A -f hard.yml up\n", ["hard.yml ?"]),
        ("docker/README.md", "```\ndocker compose -f base.yml -f dev.yml up\n```", [DOCKER]),
        ("README.md", "`docker compose -f <file> -f hard.yml up`", ["hard.yml ?"]),
        (".devcontainer/devcontainer.json", '{"dockerComposeFile": ["../docker/base.yml",\n'
         '  // more\n  "../docker/dev.yml",]}', [DOCKER]),
        (".devcontainer.json", '{"dockerComposeFile": "hard.yml"}', ["hard.yml"]),
        (".devcontainer.json", '{"dockerComposeFile": []}', []),
        ("a.py", 'NAMES = ["compose.yaml", "missing.yml"]  # compose', []),
        ("a.py", 'f"docker compose -f {path} -f hard.yml up"', ["hard.yml ?"]),
        ("a.png", "docker compose -f compose.yaml -f hard.yml up", []),
        ("b.sh", "\0docker compose -f compose.yaml -f hard.yml up", []),
    ],
)  # fmt: skip
def test_places_and_limits(name: str, text: str, expected: list[str]) -> None:
    assert merged(name, text) == expected


def test_options_are_those_of_the_command() -> None:
    script = (
        "cd docker\ndocker compose --env-file a.env --env-file=../b.env --profile x --profile y"
        " -p shop --project-directory .. -f base.yml up"
    )
    [chain] = chains_of({"up.sh": script})
    root = chain.files[0].removesuffix("/docker/base.yml")
    assert chain.directory == f"{root}/docker"
    assert chain.env_files == (f"{root}/docker/a.env", f"{root}/b.env")
    assert (chain.profiles, chain.name) == (("x", "y"), "shop")
    assert chain.project_directory == root


@pytest.mark.parametrize(
    ("name", "text", "place", "message", "kind"),
    [
        ("Makefile", "up:\n\tdocker compose -f hard.yml up -d", "Makefile:2",
         "`make up` runs `docker compose -f hard.yml up -d`", "command"),
        ("up.sh", "\nX=hard.yml\ndocker compose -f $X -f $Y up", "up.sh:3",
         "runs `docker compose -f hard.yml -f … up`", "command"),
        ("package.json", '{\n"scripts": {\n"up": "docker compose -f hard.yml up"}}',
         "package.json:3", "`npm run up` runs `docker compose -f hard.yml up`", "command"),
        ("README.md", "\n\n`docker compose -f hard.yml up`", "README.md:3",
         "documents `docker compose -f hard.yml up`", "document"),
        (".env", "\nCOMPOSE_FILE=hard.yml", ".env:2", "`COMPOSE_FILE` is `hard.yml`", "setting"),
        (".env", "#COMPOSE_FILE=hard.yml", ".env:1", "`COMPOSE_FILE` is `hard.yml`", "document"),
        (".devcontainer.json", '{"dockerComposeFile": "hard.yml"}', ".devcontainer.json:1",
         "`dockerComposeFile` is `hard.yml`", "setting"),
        ("a.py", '["compose.yaml", "hard.yml"]', "a.py:1",
         "lists `compose.yaml`, `hard.yml`", "list"),
    ],
)  # fmt: skip
def test_evidence(name: str, text: str, place: str, message: str, kind: str) -> None:
    [chain] = chains_of({name: text})
    assert (chain.evidence.place, chain.evidence.message, chain.kind) == (place, message, kind)


def test_the_same_evidence_is_listed_once() -> None:
    command = "docker compose -f compose.yaml -f hard.yml up"
    [chain] = chains_of({"a.md": f"`{command}` or `{command}`"})
    assert not chain.also


def test_a_parameter_of_circleci_is_unknown_and_no_heredoc() -> None:
    text = "jobs: {a: {steps: [{run: docker compose -f << parameters.a >> -f hard.yml up}]}}"
    assert merged(".circleci/config.yml", text) == ["hard.yml ?"]


def test_a_stack_is_told_apart() -> None:
    [chain] = chains_of({"up.sh": "docker stack deploy -c hard.yml shop"})
    assert chain.is_stack


def test_evidence_repeats_no_secret() -> None:
    command = "docker compose -f compose.yaml -f hard.yml run -e DB_PASSWORD=hunter2 web"
    (chain,) = chains_of({"Makefile": f"up:\n\t{command}\n"})
    assert chain.evidence.message == f"`make up` runs `{command.replace('hunter2', '****')}`"
