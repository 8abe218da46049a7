"""What the text of a script shows of its variables: its folder, constants and defaults."""

from __future__ import annotations

import pytest
from tests.frontends.docker_run.commands_of import containers_of, settings_of, shown

from tightship.model.value import ScalarValue

DIRECTORY = 'DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\n'


def hostname(text: str, name: str = "a/start.sh") -> str:
    [made] = settings_of(text, name)
    value = made.value("hostname")
    assert isinstance(value, ScalarValue)
    return value.node.value


@pytest.mark.parametrize(
    ("before", "word", "expected"),
    [
        ("", '"${X:-a}"', "${X:-a}"),
        ("", "${X-a}", "${X-a}"),
        ("", "${X:=a.b}", "${X:-a.b}"),
        ("", '${X:-"a"}', "${X:-a}"),
        ("", "${X:-$Y}", "${X}"),
        ("", "${X:-a b}", "${X}"),
        ("", "${X:+a}", "${X}"),
        ('X="${X:-a}"\n', '"$X"', "${X:-a}"),
        (': "${X:=a}"\n', "$X", "${X:-a}"),
        ("export X=${X-a}\n", "$X", "${X-a}"),
        ("X=${X:-a}\nX=$(b)\n", "$X", "${X}"),
        ("X=$(b)\n", "${X:-a}", "${X}"),
        ("X=${Y:-a}\n", "$X", "${X}"),
        ("while read X; do :; done\n", "${X:-a}", "${X}"),
        ("case $1 in -x) X=$2;; esac\n", "${X:-a}", "${X}"),
        ("if [ $1 ]; then X=$2; fi\n", "${X:-a}", "${X}"),
        ("readonly X='a.b'\n", '"$X"', "a.b"),
        ("declare -r X=a\n", "$X", "a"),
        ("readonly X=a$Y\n", "$X", "${X}"),
        ("X=a\nf() {\n", "$X", "a"),
        ("if b; then\nX=a\nfi\nf() {\n", "$X", "${X}"),
        ("if b; then\n  c\nfi\nX=a\nf() {\n", "$X", "a"),
        ("g() {\nX=a\n}\nf() {\n", "$X", "${X}"),
        ("X=a\nX=b\nf() {\n", "$X", "${X}"),
        ("cat >d <<E\nX=a\nE\nf() {\n", "$X", "${X}"),
        ("X=a  # b\nf() {\n", "$X", "a"),
    ],
)
def test_a_variable_has_its_constant_or_its_default(before: str, word: str, expected: str) -> None:
    if before.endswith("{\n"):  # where values are otherwise unknown
        before, word = f"# X\n{before}", f"{word} -e X x:1\n}}\nf #"
    assert hostname(f"{before}docker run --hostname {word} x:1\n") == expected


def test_a_constant_holds_from_where_it_is_given() -> None:
    text = "f() {\ndocker run --hostname $X x:1\n}\nX=a\nf\n"
    assert hostname(text) == "${X}"


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("X = a.b", "${X:-a.b}"),
        ("X ?= a", "${X:-a}"),
        ("export X := a", "${X:-a}"),
        ("X = $(Y)", "${X}"),
        ("X = $(Y):$(Z)\nY = a/b\nZ ?= 1", "${X:-a/b:1}"),
        ("X = $(Y)\nY = $(X)", "${X}"),
        ("X = a\nX += b", "${X}"),
        ("ifdef Y\nX = a\nendif", "${X}"),
        ("ifdef Y\nendif\nX = a", "${X:-a}"),
        ("X = a\nb: X = c", "${X}"),
    ],
)
def test_a_variable_of_make_has_its_one_value_as_a_default(definition: str, expected: str) -> None:
    text = f"{definition}\nc:\n\tdocker run --hostname $(X) x:1\n"
    assert hostname(text, "Makefile") == expected


@pytest.mark.parametrize("key", ["env: {X: b}", "variables: {X: b}", "X: b"])
def test_a_key_of_a_workflow_may_give_a_variable_its_value(key: str) -> None:
    text = f"{key}\nrun: 'docker run --hostname ${{X:-a}} x:1'\n"
    assert hostname(text, "a.yml") == "${X}"


@pytest.mark.parametrize(
    ("name", "before", "source", "expected"),
    [
        ("a/start.sh", DIRECTORY, '"$DIR"', "."),
        ("a/start.sh", DIRECTORY, '"${DIR}/data"', "./data"),
        ("a/start.sh", "ROOT=$(git rev-parse --show-toplevel)\n", "$ROOT/b", "./../b"),
        ("start.sh", "ROOT=$(git rev-parse --show-toplevel)\n", "$ROOT/b", "./b"),
        ("a/start.sh", DIRECTORY + "DIR=$1\n", "$DIR", "${DIR}"),
    ],
)
def test_the_folder_of_a_script_is_known(
    name: str, before: str, source: str, expected: str
) -> None:
    [made] = settings_of(f"{before}docker run -v {source}:/b x:1\n", name)
    assert shown(made)["volumes"] == [f"{expected}:/b"]


def test_a_default_is_a_setting_and_a_part_of_a_name() -> None:
    text = (
        "docker run --network ${NET:-host} --ulimit nofile=${N:-5} ghcr.io/${IMAGE:-a/web}:$TAG\n"
        "docker run -p ${P:-80}:80 x:1\n"
    )
    container, other = containers_of(text)
    assert container.name == "web"
    assert container.text("network_mode").value == "host"
    [port] = other.ports
    assert port.parsed.published == "80"
    assert shown(container.settings)["ulimits"] == {"nofile": {"soft": "5", "hard": "5"}}  # type: ignore[arg-type]
