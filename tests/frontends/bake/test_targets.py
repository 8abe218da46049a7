"""What is known of targets, by the defaults of variables, and what only a run knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.bounded import within
from tests.frontends.bake.targets_of import UNKNOWN, project_of, settings_of, targets_of

from tightship.frontends.names import is_bake
from tightship.model.build import BuildSection

if TYPE_CHECKING:
    from collections.abc import Callable


def args_of(text: str) -> object:
    [target] = targets_of(text).values()
    return target["args"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("docker-bake.hcl", True),
        ("a/docker-bake.override.hcl", True),
        ("docker-bake.json", True),
        ("docker-bake.ci.hcl", True),
        ("bake.hcl", True),
        ("a.bake.hcl", True),
        ("ci-bake.hcl", True),
        ("bake/main.hcl", False),
        ("bakery.hcl", False),
        ("main.hcl", False),
        ("docker-bake.yaml", False),
    ],
)
def test_a_file_is_known_by_its_name(name: str, expected: bool) -> None:
    assert is_bake(name) is expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("V", UNKNOWN),
        ('"a-${V}"', UNKNOWN),
        ("upper(V)", UNKNOWN),
        ("NOWHERE", UNKNOWN),
        ("timestamp()", UNKNOWN),
        ('V == "" ? "a" : "b"', UNKNOWN),
        ("target.b.args.A", UNKNOWN),
        ("SELF", UNKNOWN),
        ('"%{ if true }a%{ endif }"', UNKNOWN),
        ("[1, 2][5]", UNKNOWN),
        ("1 / 0", UNKNOWN),
        ("-true", UNKNOWN),
        ("try(V, D)", "d"),
        ("D", "d"),
        ('"${D}$D"', "d$D"),
        ('"${OTHER}"', "d2"),
        ('"a\\nb-${D}"', "a\nb-d"),
    ],
)
def test_what_only_a_run_decides_is_unknown(written: str, expected: str) -> None:
    text = f"""
    variable "V" {{}}
    variable "D" {{ default = "d" }}
    variable "OTHER" {{ default = "${{D}}2" }}
    variable "SELF" {{ default = "${{SELF}}" }}
    target "a" {{ args = {{ A = {written} }} }}
    """
    assert args_of(text) == {"A": expected}


def test_a_value_names_the_variables_whose_defaults_decide() -> None:
    text = """
    variable "A" { default = "a" }
    variable "B-C" { default = "b" }
    target "x" { args = { X = upper("${A}-${B-C}"), Y = A } }
    """
    [made] = settings_of(text).values()
    first, second = (pair.value for pair in made.pairs("build", "args"))
    assert (first.value, sorted(one.name for one in first.provenance)) == ("A-B", ["A", "B_C"])
    assert [one.kind for one in second.provenance] == ["default"]
    # A variable alone is at the place of its default, where a secret would be.
    start = text.index('"a"') + 1
    assert (second.span.start, second.span.text) == (start, "a")


@pytest.mark.parametrize(
    "body",
    [
        'inherits = ["nowhere"]',
        "inherits = V",
        "args = V",
        "contexts = V",
        "dockerfile = V",
        "context = V",
        'dockerfile = "a-${V}"',
        'matrix = V\nname = "x"',
    ],
)
def test_a_target_of_which_a_part_is_unknown_builds_nothing_for_sure(body: str) -> None:
    [made] = settings_of(f'variable "V" {{}}\ntarget "a" {{\n{body}\n}}\n').values()
    assert not BuildSection(made).is_decided


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('target "a" {}', ["a"]),
        ('target "base" {}\ntarget "a" { inherits = ["base"] }', ["a"]),
        (
            'target "b" {}\ntarget "a" { inherits = ["b"] }\ngroup "g" { targets = ["b"] }',
            ["b", "a"],
        ),
        (
            'target "b" {}\ntarget "a" {\ninherits = ["b"]\ncontexts = { x = "target:b" }\n}',
            ["b", "a"],
        ),
        ('target "a" { inherits = ["b"] }\ntarget "b" { inherits = ["a"] }', []),
        ('group "g" { targets = ["a"] }', []),
        ("target {}", []),
    ],
)
def test_what_others_only_inherit_from_is_not_built(text: str, names: list[str]) -> None:
    assert [*settings_of(text)] == names


@pytest.mark.parametrize(
    ("name", "text", "files", "expected"),
    [
        ("docker-bake.hcl", "", ["Dockerfile"], "Dockerfile"),
        ("docker-bake.hcl", 'context = "a"', ["a/Dockerfile"], "a/Dockerfile"),
        ("docker-bake.hcl", 'context = "a"\ndockerfile = "b/D"', ["a/b/D"], "a/b/D"),
        ("docker-bake.hcl", 'context = "a"\ndockerfile = "../D"', ["D"], "D"),
        ("docker-bake.hcl", 'context = "cwd://a"', ["a/Dockerfile"], "a/Dockerfile"),
        ("docker-bake.hcl", "", [], "Dockerfile"),
        ("x/docker-bake.hcl", "", ["x/Dockerfile", "Dockerfile"], "x/Dockerfile"),
        ("x/docker-bake.hcl", "", ["Dockerfile"], "Dockerfile"),
        ("x/ci.bake.hcl", "", ["x/Dockerfile", "Dockerfile"], None),
        ("x/ci.bake.hcl", "", ["Dockerfile"], "Dockerfile"),
        ("x/docker-bake.hcl", "", [], None),
    ],
)
def test_a_path_starts_in_the_folder_in_which_bake_runs(
    name: str, text: str, files: list[str], expected: str | None
) -> None:
    others = dict.fromkeys(files, "FROM alpine\n")
    [made] = settings_of(f'target "a" {{\n{text}\n}}\n', name, others).values()
    section = BuildSection(made)
    assert (section.dockerfile if section.is_decided else None) == expected


def test_bad_syntax_is_a_gap_with_its_place() -> None:
    project = project_of('target "a" {\n  args = {\n    A = \n  }\n}\ntarget "b" {}\n')
    assert [*project.images] == ["a", "b"]
    [gap] = project.gaps
    assert gap.reason == "this part was not checked: a value is missing here"
    assert gap.span.source.point(gap.span.start)[0] == 2
    assert project.images["a"].may_have("build")


def test_a_matrix_of_any_size_is_bounded() -> None:
    axis = ", ".join(f'"{one}"' for one in range(40))
    text = (
        f'target "a" {{\nname = "a-${{x}}-${{y}}"\nmatrix = {{ x = [{axis}], y = [{axis}] }}\n}}\n'
    )
    project = project_of(text)
    assert len(project.images) == 500
    assert [one.reason for one in project.gaps] == ["only the first 500 targets were checked"]


SHAPES: dict[str, Callable[[int], str]] = {
    "inherits": lambda n: "".join(
        f'target "t{i}" {{ inherits = ["t{i - 1}", "t{i - 2}"] }}\n' for i in range(n)
    ),
    "variables": lambda n: (
        "".join(f'variable "v{i}" {{ default = "${{v{i - 1}}}${{v{i - 1}}}" }}\n' for i in range(n))
        + f'target "a" {{ args = {{ A = v{n - 1} }} }}\n'
    ),
    "functions": lambda n: (
        "".join(
            f'function "f{i}" {{\nparams = [a]\nresult = f{i - 1}(f{i - 1}(a))\n}}\n'
            for i in range(n)
        )
        + f'target "a" {{ args = {{ A = f{n - 1}("x") }} }}\n'
    ),
    "members": lambda n: 'target "a" { args = { A = b' + ".c" * n + " } }\n",
    "sums": lambda n: 'target "a" { args = { A = 1' + " + 1" * n + " } }\n",
    "groups": lambda n: "".join(f'group "g" {{ targets = ["t{i}"] }}\n' for i in range(n)),
    "loops": lambda n: (
        'target "a" { tags = ' + "[for x in " * min(n, 30) + '["a"]' + " : x]" * min(n, 30) + " }\n"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape_takes_bounded_time(shape: str) -> None:
    with within(8):
        project_of(SHAPES[shape](400))


WORDS = ["target ", "variable ", "group ", "function ", '"a" ', '"b" ', "{", "}", "\n", " = ", "a", "b",
         "[", "]", '"${a}"', '"a"', "args", "inherits", "matrix", "name", "contexts", "default",
         "targets", "dockerfile-inline", "<<E\n", "E\n", "1", ", ", "upper(", ")", "null"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=50))
def test_any_words_are_read(words: list[str]) -> None:
    targets_of("".join(words))
    targets_of('target "a" {\n' + "".join(words))


def test_a_list_of_blocks_in_json_has_those_of_each() -> None:
    text = '{"target": [{"a": {"target": "x"}}, {"b": {"target": "y"}}]}'
    found = targets_of(text, "docker-bake.json")
    assert {name: one["target"] for name, one in found.items()} == {"a": "x", "b": "y"}
