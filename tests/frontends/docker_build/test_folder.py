"""The folder in which a command builds, and so its Dockerfile."""

from __future__ import annotations

from functools import partial

import pytest
from tests.frontends.docker_build.builds_of import builds_of, dockerfiles
from tests.steps import steps

from tightship.model.build import BuildSection

OWN = "tools/Dockerfile"
CASES: list[tuple[str, str, list[str], str | None]] = [
    # A script starts where its user is: at the root, or next to it.
    ("tools/a.sh", "docker build .", ["Dockerfile"], "Dockerfile"),
    ("tools/a.sh", "docker build .", [OWN], OWN),
    ("tools/a.sh", "docker build .", ["Dockerfile", OWN], None),
    ("tools/a.sh", "docker build .", [], None),
    ("tools/a.sh", "docker build -f tools/Dockerfile .", [OWN], OWN),
    ("tools/a.sh", "docker build -f Dockerfile ..", ["Dockerfile"], None),
    ("a/b/a.sh", "docker build -f x/Dockerfile ..", ["a/b/x/Dockerfile"], "a/b/x/Dockerfile"),
    ("a.sh", "docker build -f Dockerfile ../..", ["Dockerfile"], None),
    # Its own `cd` counts, where it holds for certain.
    ("a.sh", "cd tools\ndocker build .", ["Dockerfile", OWN], OWN),
    ("a.sh", "cd tools && docker build .", ["Dockerfile", OWN], OWN),
    ("a.sh", "pushd tools; docker build .", ["Dockerfile", OWN], OWN),
    ("a.sh", "(cd tools && docker build .)", ["Dockerfile", OWN], OWN),
    ("a.sh", "(cd tools)\ndocker build .", ["Dockerfile", OWN], "Dockerfile"),
    ("a.sh", "x=$(cd tools && pwd)\ndocker build .", ["Dockerfile", OWN], "Dockerfile"),
    ("a.sh", "if x; then cd tools; fi\ndocker build .", ["Dockerfile", OWN], None),
    ("a.sh", "if x; then cd tools; docker build .; fi", ["Dockerfile", OWN], OWN),
    ("a.sh", "f() { cd tools; }\ndocker build .", ["Dockerfile", OWN], None),
    ("a.sh", "cd $A\ndocker build .", ["Dockerfile"], None),
    ("a.sh", "cd /src\ndocker build .", ["Dockerfile"], None),
    ("a.sh", "cd\ndocker build .", ["Dockerfile"], None),
    ("a.sh", "pushd tools; popd; docker build .", ["Dockerfile"], None),
    ("tools/a.sh", 'cd "$(dirname "$0")"\ndocker build .', ["Dockerfile", OWN], OWN),
    ("tools/a.sh", "cd ${0%/*}/..\ndocker build .", ["Dockerfile", OWN], "Dockerfile"),
    ("tools/a.sh", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."\ndocker build .',
     ["Dockerfile", OWN], "Dockerfile"),
    ("tools/a.sh", 'cd "$(git rev-parse --show-toplevel)"\ndocker build .',
     ["Dockerfile", OWN], "Dockerfile"),
    # So does a variable with the folder of the script.
    ("tools/a.sh", 'DIR="$(cd "$(dirname "$0")" && pwd)"\ndocker build "$DIR"',
     ["Dockerfile", OWN], OWN),
    ("tools/a.sh", 'D=$( cd "$(dirname "${BASH_SOURCE[0]}")/.." >/dev/null 2>&1 && pwd -P )\n'
     'R=$D/tools\ndocker build "${R}/.."', ["Dockerfile", OWN], "Dockerfile"),
    ("tools/a.sh", 'readonly DIR=$(dirname "$(readlink -f "$0")")\ncd "$DIR"/..\ndocker build .',
     ["Dockerfile", OWN], "Dockerfile"),
    ("tools/a.sh", 'DIR=$(dirname $0)\ndocker build -f $DIR/x/Dockerfile $DIR/..',
     ["tools/x/Dockerfile"], "tools/x/Dockerfile"),
    ("tools/a.sh", 'TOP=$(git rev-parse --show-toplevel)\ndocker build "$TOP"',
     ["Dockerfile", OWN], "Dockerfile"),
    ("tools/a.sh", 'DIR=$(dirname $0)\nDIR=x\ndocker build "$DIR"', [OWN], None),
    ("tools/a.sh", 'DIR=$(dirname $0)\nfor DIR in a; do docker build "$DIR"; done', [OWN], None),
    ("tools/a.sh", 'DIR=$(dirname $0)\ntrue && DIR=x\ndocker build "$DIR"', [OWN], None),
    ("tools/a.sh", 'A=$B\nB=$A\ndocker build "$A"', [OWN], None),
    ("tools/a.sh", 'DIR=$(dirname $0)\ndocker build -f Dockerfile "$DIR"',
     ["Dockerfile", OWN], None),
    # A Makefile and `package.json` start next to them, and jobs of a CI at the root.
    ("tools/Makefile", "a:\n\tdocker build .", ["Dockerfile", OWN], OWN),
    ("tools/Makefile", "a:\n\tcd .. && docker build .", ["Dockerfile", OWN], "Dockerfile"),
    ("tools/package.json", '{"scripts": {"a": "docker build ."}}', ["Dockerfile", OWN], OWN),
    (".github/workflows/a.yml", "run: docker build .", ["Dockerfile", OWN], "Dockerfile"),
    (".github/workflows/a.yml", "{working-directory: tools, run: docker build .}",
     ["Dockerfile", OWN], None),
    ("tools/tasks.yml", "cmd: docker build .", ["Dockerfile", OWN], None),
    # Podman looks for a Containerfile first.
    ("a.sh", "podman build .", ["Dockerfile", "Containerfile"], "Containerfile"),
    ("a.sh", "podman build .", ["Dockerfile"], "Dockerfile"),
    ("a.sh", "docker build .", ["Containerfile"], None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "names", "expected"), CASES)
def test_the_dockerfile_is_certain_or_unknown(
    name: str, text: str, names: list[str], expected: str | None
) -> None:
    assert dockerfiles(f"{text}\n", name, names) == [expected]


def test_a_remote_context_has_no_folder() -> None:
    [made] = builds_of("docker build https://example.com/a.git#main\n", names=())
    section = BuildSection(made)
    assert section.remote is not None
    assert section.remote.text == "https://example.com/a.git#main"


def test_many_commands_take_linear_time() -> None:
    small, large = (
        steps(partial(builds_of, "cd a\ndocker build $A .\n" * times)) for times in (400, 1_600)
    )
    assert large < 5 * small
