"""For any text: no exception, only files below the root, and an end in good time."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.bounded import within
from tests.engine.roles.trees_of_texts import shown, tree_with

from tightship.engine.disk.names import names_on_disk
from tightship.engine.roles.chains import chains
from tightship.engine.roles.tree import MAX_BYTES, tree_on_disk
from tightship.frontends.invocations.kinds import kind_of

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "up.sh", "a/run", "Makefile", "a/b.mk", ".github/workflows/a.yml", ".env", "justfile",
    "package.json", ".devcontainer/devcontainer.json", "README.md", "a.rst", "a.go", "a.py",
    "a.ts", "hard.yml", "Jenkinsfile", "Taskfile.yml",
)  # fmt: skip
PIECES = st.sampled_from([
    "docker compose", "docker-compose ", "docker", " stack deploy ", "-f ", "--file=", " -c ",
    "compose.yaml", "hard.yml", "../../x.yml", "/etc/x.yml", "~/x.yml", " up", "\n", "\\\n", "\t",
    " ", "$A", "${A[@]}", "${A:-", "}", "$(", ")", "`", '"', "'", "A=", "A+=(", "(", "cd ..", "cd /",
    "cd docker", ";", "&&", "||", "|", "if ", "then ", "else ", "fi", "for f in ", "do ", "done",
    "f() {", "}", "$@", "case x in", "*)", "esac", "<<E\n", "E\n", "COMPOSE_FILE=", "export ", ":",
    "```\n", "    ", "#", "//", "[", "]", "{", ",", "up:", "ifdef X\n", "endif\n", "define x\n",
    "$(foreach a,b,", "$(A:%=-f %)", "include a/b.mk\n", "run: ", "script:\n", "- ", "{{", "}}", "%s",
    "services:\n", '"dockerComposeFile": [', "\0", "\r", "\x1f", "\x01", "é", "\ud800", "source up.sh\n",
])  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200))

LINE_END = re.compile(r"\r\n|\r|\n")  # as editors count them


@given(st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=4))
def test_any_text_gives_chains_of_files_below_the_root(texts: dict[str, str]) -> None:
    tree = tree_with(texts)
    for chain in chains(tree):
        inside = (
            *chain.files,
            chain.directory,
            *chain.env_files,
            chain.project_directory or tree.root,
        )
        for path in inside:
            assert os.path.normpath(path) == path
            assert path == tree.root or path.startswith(f"{tree.root}/")
        place, _, line = chain.evidence.place.rpartition(":")
        assert place in tree.names
        assert 1 <= int(line) <= len(LINE_END.findall(tree.included(place).text)) + 1
        assert "\n" not in chain.evidence.message


LONG = 200_000
HOSTILE = {
    "self reference": ("Makefile", "A = $(A) $(A)\nup:\n\tdocker compose $(A) up\n"),
    "references that double": (
        "Makefile",
        "".join(f"A{n} = $(A{n + 1}) $(A{n + 1})\n" for n in range(60))
        + "up:\n\tdocker compose $(A0) up\n",
    ),
    "a value that doubles": (
        "Makefile",
        "A := x\n" + "A := $(A) $(A)\n" * 60 + "up:\n\tdocker compose $(A) up\n",
    ),
    "many branches": (
        "Makefile",
        "".join(f"ifdef X{n}\nA += -f {n}.yml\nendif\n" for n in range(500))
        + "up:\n\tdocker compose $(A) up\n",
    ),
    "many recipes": ("Makefile", "up:\n" + "\tdocker compose -f $(A) up\n" * 20_000),
    "open references": ("Makefile", "up:\n\tdocker compose " + "$(" * LONG),
    "colons": ("Makefile", "compose " + ":" * LONG + "\n" + "a " * LONG),
    "includes of itself": ("Makefile", "include Makefile\nup: ; docker compose up\n"),
    "long shell": ("up.sh", "docker compose -f hard.yml up\n" * 30_000),
    "a variable that doubles": ("up.sh", "A=docker\\ compose\n" + 'A="$A$A"\n' * 60 + "$A up\n"),
    "forms that multiply": (
        "up.sh",
        "".join(f"if x; then A{n}=1; else A{n}=2; fi\n" for n in range(100))
        + "docker compose " + "".join(f"$A{n}" for n in range(100)) + " up\n",
    ),
    "many variables": ("up.sh", "".join(f"A{n}=1 && \\\n" for n in range(9_000)) + "docker compose up"),
    "calls of itself": ("up.sh", "f() { f; f; docker compose $@ up; }\nf -f hard.yml\n"),
    "calls that double": (
        "up.sh",
        "".join(f"f{n}() {{ f{n + 1}; f{n + 1}; }}\n" for n in range(40)) + "f0 # docker compose \n",
    ),
    "sources itself": ("up.sh", ". ./up.sh\ndocker compose up\n" * 50),
    "nested deeply": ("up.sh", "$(" * LONG + "docker compose up"),
    "nested braces": ("up.sh", "docker compose " + "${A:-" * LONG),
    "loops": ("up.sh", "for i in 1 2 3 4 5 6 7 8 9; do " * 30 + "docker compose up"),
    "evals": ("up.sh", "eval \"docker compose up; " * 50),
    "quotes": ("README.md", "docker compose " + "'\"`" * LONG),
    "fences": ("README.md", "```\ndocker compose up\n" * 20_000),
    "indented": ("README.md", "    docker compose -f hard.yml up\nx\n" * 20_000),
    "options": ("README.md", "-f a " * LONG + "compose"),
    "placeholders": ("README.md", "docker compose " + "<a" * LONG + "{" * LONG + "[" * LONG),
    "literals": ("a.go", "compose" + '"a.yml",' * LONG),
    "open literals": ("a.go", "compose" + '"a.yml" ' * LONG + "f(" * LONG),
    "long literals": ("a.go", "compose" + "a" * LONG + '"' + "f('" * LONG),
    "yaml": (".gitlab-ci.yml", "a:\n- docker compose up\n" * 20_000),
    "aliases": (".gitlab-ci.yml", "a: &a [compose]\n" + "".join(
        f"b{n}: &b{n} [*b{n - 1}, *b{n - 1}]\n" for n in range(1, 60))),
    "expressions": (".gitlab-ci.yml", "a: docker compose " + "${{ " * LONG),
    "devcontainer": (".devcontainer.json", '"dockerComposeFile": [' * 20_000 + "compose"),
    "dotenv": (".env", "# " * LONG + "COMPOSE_FILE=" + ":" * LONG),
    "a comment that goes on": ("up.sh", "# docker compose \\\n" * 20_000),
    "just": ("justfile", "a := 'docker compose'\n" + "{{ a }}" * LONG),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_text_ends_in_good_time(case: str) -> None:
    name, text = HOSTILE[case]
    with within(5):
        chains(tree_with({name: text}))


def test_a_self_reference_of_make_does_not_hide_the_other_files() -> None:
    tree = tree_with({"Makefile": "A = $(A) -f hard.yml\nup:\n\tdocker compose $(A) up\n"})
    [chain] = chains(tree)
    assert chain.files == (tree.path("hard.yml"),)
    assert not chain.is_whole


def test_the_end_of_a_large_file_is_not_read_and_that_is_said() -> None:
    script = "docker compose -f hard.yml up\n" + "#" * MAX_BYTES
    tree = tree_with({"up.sh": script, "b.sh": "docker compose -f compose.yaml up\n"})
    assert len(chains(tree)) == 2
    [left] = tree.unread
    assert left.place == "up.sh"
    assert "has more than 1,000,000 bytes" in left.message


def test_too_many_commands_are_left_out_in_one_line() -> None:
    loop = "for i in 1 2 3 4 5 6 7 8 9; do\n" * 4 + "docker compose -f hard.yml up\n" + "done\n" * 4
    tree = tree_with({f"{name}.sh": loop for name in "abcdefgh"})
    chains(tree)
    left = [one for one in tree.unread if "commands of scripts were followed" in one.message]
    assert [one.place for one in left] == ["."]


def test_a_variable_with_too_many_values_is_unknown() -> None:
    script = "".join(f"if x; then A={n}.yml; fi\n" for n in range(20))
    found = chains(tree_with({"up.sh": f"{script}docker compose -f $A -f hard.yml up\n"}))
    assert not all(one.is_whole for one in found)


def test_many_options_that_a_script_may_add_are_each_in_a_chain() -> None:
    names = [f"{n}.yml" for n in range(9)]
    head = "".join(f"if x; then A+=(-f {name}); fi\n" for name in names)
    script = f'A=(-f compose.yaml)\n{head}docker compose "${{A[@]}}" up\n'
    found = [shown(one) for one in chains(tree_with({"up.sh": script, **dict.fromkeys(names, "")}))]
    assert {"compose.yaml", f"compose.yaml {' '.join(names)}"} <= {*found}
    assert found[-1] == "?"


def test_links_are_not_followed_and_nothing_outside_is_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    root = tmp_path / "root"
    root.mkdir()
    outside.mkdir()
    (outside / "up.sh").write_text("docker compose -f compose.yaml up")
    (root / "compose.yaml").touch()
    (root / "linked").symlink_to(outside)
    (root / "up.sh").symlink_to(outside / "up.sh")
    os.mkfifo(root / "pipe.sh")
    tree = tree_on_disk(str(root), names_on_disk(str(root)))
    assert not chains(tree)
    assert {*tree.names} == {"compose.yaml", "linked", "up.sh", "pipe.sh"}


def test_a_buffer_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "up.sh").write_text("docker compose -f a.yml up")
    buffers = {str(tmp_path / "up.sh"): "docker compose -f b.yml up"}
    [chain] = chains(tree_on_disk(str(tmp_path), names_on_disk(str(tmp_path)), buffers))
    assert chain.files == (str(tmp_path / "b.yml"),)


def test_folders_of_other_people_are_not_searched(tmp_path: Path) -> None:
    for folder in ("node_modules/a", ".git", ".github/workflows"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "up.sh").write_text("docker compose -f a.yml up")
    assert len(chains(tree_on_disk(str(tmp_path), names_on_disk(str(tmp_path))))) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a/Makefile", "makefile"), ("a/.env.test", "dotenv"), ("prod.env", "dotenv"),
        ("compose.yaml", "structure"), ("bin/up", "script"), ("a.png", None), ("a.lock", None), ("a/pnpm-lock.yaml", None),
        ("a.css", None), ("a/env.sh", "shell"), ("Makefile.md", "markdown"),
        ("Makefile.common", "makefile"), (".env.example", "dotenv"), ("a.service", "unit"),
        ("Jenkinsfile.ci", "lines"), ("README.MD", "markdown"), ("b/package.json", "structure"), ("a/README.md", "markdown"), ("a/b.go", "code"),
    ],
)  # fmt: skip
def test_kinds_by_name(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind
