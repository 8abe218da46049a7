"""Variables, arrays and functions that a script calls in place of an engine."""

from __future__ import annotations

import pytest
from tests.frontends.docker_run.commands_of import containers_of, settings_of, shown

from tightship.text import apply_edits

KNOWN = [
    'RUN="docker run --privileged"\n$RUN x:1',
    'RUN="docker run --privileged"\nsudo $RUN x:1',
    'RUN="docker run"\nRUN="$RUN --privileged"\nRUN+=" x:1"\n$RUN',
    "export ENGINE=podman\n$ENGINE run --privileged x:1",
    'E=${E:-docker}\n"$E" run --privileged x:1',
    ': "${E:=docker}"\n"$E" run --privileged x:1',
    '"${E:-podman}" run --privileged x:1',
    "E=$(command -v docker)\n$E run --privileged x:1",
    "if a; then E=podman; else E=docker; fi\n$E run --privileged x:1",
    'c=(docker run --privileged)\n"${c[@]}" x:1',
    'c=(\n  docker run\n  --privileged\n)\nc+=(x:1)\nexec "${c[@]}"',
    'a=(--privileged)\ndocker run "${a[@]}" x:1',
    'f() {\n  local a=(--privileged)\n  docker run "${a[@]}" x:1\n}\nf',
    'f() {\n  local r="docker run --privileged"\n  $r x:1\n}\nf',
    'f() { docker run --privileged "$@"; }\nf x:1',
    'f() { docker run "$@"; }\nif f --privileged x:1; then true; fi',
    'f() { shift; docker run --privileged "$1"; }\nf a x:1',
    'C="docker run --privileged x:1"\neval "$C"',
    'C="docker run --privileged x:1"\nbash -c "$C"',
]


@pytest.mark.parametrize("text", KNOWN)
def test_the_words_of_an_alias_are_those_of_the_command(text: str) -> None:
    [made] = settings_of(f"{text}\n")
    assert shown(made) == {"privileged": "true", "image": "x:1"}
    assert made.complete


@pytest.mark.parametrize(
    "text",
    [
        "DOCKER ?= docker\na:\n\t$(DOCKER) run --privileged x:1\n",
        "ENGINE := podman\na:\n\t@$(ENGINE) run --privileged x:1\n",
        "T = /usr/bin/docker\nR = ${T} run --privileged x:1\n",
    ],
)
def test_a_variable_of_make_may_be_an_engine(text: str) -> None:
    [made] = settings_of(text, "Makefile")
    assert shown(made) == {"privileged": "true", "image": "x:1"}


UNSURE = [
    'c=(docker run)\nif a; then c+=(--privileged); fi\n"${c[@]}" x:1',
    'c=(docker run)\n[ -t 0 ] && c+=(--privileged)\n"${c[@]}" x:1',
    'c=(docker run)\nf() { "${c[@]}" x:1; }\nc+=(--privileged)\nf',
    'R="docker run"\nfor R in a b; do true; done\n$R x:1',
    'C="docker run -e \'A=b c\' x:1"\neval "$C"',
    "if [ -t 0 ]; then O=-it; fi\ndocker run $O x:1",
    'O="--net=host"\nif a; then O="-p 80:80"; fi\ndocker run $O $IMAGE',
    'f() { [ "$1" ] && shift; docker run "$@"; }\nf a x:1',
]


@pytest.mark.parametrize("text", UNSURE)
def test_what_only_some_runs_add_may_be_any_words(text: str) -> None:
    [made] = settings_of(f"{text}\n")
    assert not made.complete
    assert made.flag("privileged").value is None


@pytest.mark.parametrize(
    "text",
    [
        'A="docker run x:1"\necho "$A"',
        'if a; then A="true"; else A="docker run"; fi\n$A x:1',
        "E=cargo\n$E run x:1 # docker",
        'A="docker"\n$B run x:1',
    ],
)
def test_other_variables_are_no_engine(text: str) -> None:
    assert settings_of(f"{text}\n") == []


@pytest.mark.parametrize("folder", ["$(PWD)", "${PWD}", "$(CURDIR)", "${CURDIR}", "$(shell pwd)"])
def test_the_folder_of_a_makefile_has_many_names(folder: str) -> None:
    [made] = settings_of(f"a:\n\tdocker run -v {folder}/a:${{TO}} x:1\n", "Makefile")
    assert shown(made)["volumes"] == ["./a:${TO}"]


def test_a_function_starts_a_container_for_each_call() -> None:
    text = 'f() {\n  docker run --pid host "$@"\n}\nf --rm a:1\nf b:2 sh\n'
    first, second = settings_of(text)
    assert shown(first) == {"pid": "host", "image": "a:1"}
    assert shown(second) == {"pid": "host", "image": "b:2", "command": ["sh"]}
    assert (first.span.text, first.extent.text) == ("f", "f --rm a:1")
    source = first.span.source
    assert apply_edits(source, first.editor.put("read_only", "true")) == text.replace(
        "--rm", "--rm --read-only"
    )


def test_a_command_in_a_variable_has_the_places_of_its_words() -> None:
    text = 'RUN="docker run --pid host -v $PWD:/a"\n$RUN x:1\n'
    [one] = containers_of(text)
    assert one.text("pid").span.text == "host"
    assert [volume.source for volume in one.volumes] == ["."]
    assert one.span.text == "$RUN"
