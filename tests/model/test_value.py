"""The effective tree: aliases, merge keys and variables, each with its provenance."""

from __future__ import annotations

import pytest

from tightship.model.reading import Reading, Step, Variables
from tightship.model.value import MappingValue, ScalarValue, SequenceValue, value
from tightship.syntax.yaml.read import read
from tightship.text import Source


def tree(text: str, **variables: str) -> MappingValue:
    stream = read(Source("compose.yaml", text))
    top = value(stream.documents[0], (), Reading(Variables(variables)))
    assert isinstance(top, MappingValue)
    return top


def leaf(found: object) -> ScalarValue:
    assert isinstance(found, ScalarValue)
    return found


def text(top: MappingValue, *path: str) -> str:
    return leaf(top.get(*path)).text


def steps(top: MappingValue, *path: str) -> list[tuple[str, str]]:
    return [(s.kind, s.name) for s in leaf(top.get(*path)).provenance]


HARD = """
x-hard: &hard {read_only: true, user: "1000", deploy: {limits: 1}}
x-soft: &soft {read_only: false, init: true}
"""


def test_own_keys_of_a_mapping_win_over_merged_ones() -> None:
    top = tree(HARD + "s: {read_only: no, <<: *hard}")
    assert text(top, "s", "read_only") == "no"
    assert text(top, "s", "user") == "1000"


def test_the_first_of_several_merged_mappings_wins() -> None:
    top = tree(HARD + "s: {<<: [*hard, *soft]}")
    assert text(top, "s", "read_only") == "true"
    assert text(top, "s", "init") == "true"


def test_a_merge_is_shallow() -> None:
    top = tree(HARD + "s: {<<: *hard, deploy: {}}")
    assert top.get("s", "deploy", "limits") is None


def test_a_merged_value_knows_its_anchor_and_where_it_is_written() -> None:
    top = tree(HARD + "s: {<<: *hard}")
    assert steps(top, "s", "user") == [("merge", "hard")]
    assert leaf(top.get("s", "user")).span.text == '"1000"'


def test_a_merge_of_a_merge_has_both_steps() -> None:
    top = tree(HARD + "x-more: &more {<<: *hard, tty: true}\ns: {<<: *more}")
    assert steps(top, "s", "user") == [("merge", "more"), ("merge", "hard")]
    assert steps(top, "s", "tty") == [("merge", "more")]


def test_an_alias_stands_for_its_target() -> None:
    top = tree("x-caps: &caps [ALL]\ns: {cap_drop: *caps}")
    items = top.get("s", "cap_drop")
    assert isinstance(items, SequenceValue)
    assert leaf(items.items[0]).text == "ALL"
    assert [s.kind for s in items.items[0].provenance] == ["alias"]


def test_only_written_keys_are_own_keys() -> None:
    top = tree(HARD + "s: {<<: *hard, tty: true}\nt: *hard")
    s, t = top.get("s"), top.get("t")
    assert isinstance(s, MappingValue)
    assert isinstance(t, MappingValue)
    assert (s.owns("tty"), s.owns("user"), t.owns("user")) == (True, False, False)


def test_a_variable_without_a_value_leaves_a_hole() -> None:
    found = leaf(tree("a: x/${NAME}/y").get("a"))
    assert (found.text, found.decided, found.templated) == ("x/${NAME}/y", False, True)


def test_a_default_decides_and_is_in_the_provenance() -> None:
    top = tree("a: ${NAME:-there}")
    assert leaf(top.get("a")).decided
    assert text(top, "a") == "there"
    assert steps(top, "a") == [("default", "NAME")]


def test_a_variable_with_a_value_decides() -> None:
    top = tree("a: ${NAME:-there}", NAME="here")
    assert text(top, "a") == "here"
    assert steps(top, "a") == []


@pytest.mark.parametrize("written", ["", "~", "null", "Null"])
def test_null_is_recognised_in_every_spelling(written: str) -> None:
    assert leaf(tree(f"a: {written}\n").get("a")).is_null


def test_a_quoted_null_is_a_text() -> None:
    assert not leaf(tree('a: "null"').get("a")).is_null


def test_a_reset_key_is_gone_and_a_reset_item_too() -> None:
    top = tree("a: !reset [x]\nb: [!reset x, y]\nc: !override z")
    assert top.get("a") is None
    items = top.get("b")
    assert isinstance(items, SequenceValue)
    assert [leaf(item).text for item in items.items] == ["y"]
    assert text(top, "c") == "z"


def test_overridden_values_are_kept() -> None:
    top = tree(HARD + "s: {<<: [*soft, *hard], init: false}")
    lost = [leaf(v).text for v in leaf(top.get("s", "read_only")).overridden]
    assert lost == ["true"]
    assert [leaf(v).text for v in leaf(top.get("s", "init")).overridden] == ["true"]


def test_a_plain_number_reads_as_compose_reads_it_and_a_quoted_one_as_written() -> None:
    top = tree("a: 0x10\nb: '0x10'\nc: !!str 0x10")
    assert [leaf(top.get(k)).content for k in "abc"] == ["16", "0x10", "0x10"]


def test_an_alias_bomb_costs_only_what_is_read() -> None:
    lines = ["x0: &x0 [a, a, a, a, a, a, a, a, a]"]
    for n in range(1, 30):
        lines.append(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]")
    top = tree("\n".join([*lines, "s: {volumes: *x29}"]))
    volumes = top.get("s", "volumes")
    assert isinstance(volumes, SequenceValue)
    assert len(volumes.items) == 9


def test_many_aliases_of_a_long_list_end_with_a_gap_instead_of_memory() -> None:
    long = "x: &x [" + ", ".join(["a"] * 10_000) + "]\n"
    uses = "".join(f"s{n}: *x\n" for n in range(50))
    top = tree(long + uses)
    seen = 0
    for n in range(50):
        items = top.get(f"s{n}")
        assert isinstance(items, SequenceValue)
        seen += len(items.items)
    assert seen <= 100_000
    assert len(top.reading.bounds.gaps) == 1
    assert "aliases" in top.reading.bounds.gaps[0].reason


def test_a_mapping_that_merges_itself_ends() -> None:
    top = tree("a: &a\n  b: 1\n  <<: *a\n")
    assert text(top, "a", "b") == "1"


def test_an_alias_without_an_anchor_is_null() -> None:
    assert leaf(tree("a: *nowhere").get("a")).is_null


@pytest.mark.parametrize("kind", ["alias", "merge", "extends"])
def test_a_value_that_others_share_is_not_own(kind: str) -> None:
    stream = read(Source("compose.yaml", "s: {user: root}"))
    node = stream.documents[0]
    step = Step(kind, "base", node.span)
    shared = value(node, (step,), Reading(Variables({})))
    assert not shared.is_own
    assert value(node, (), Reading(Variables({}))).is_own


@pytest.mark.parametrize("kind", ["default", "variable", "include"])
def test_a_value_with_a_variable_or_of_an_included_file_is_own(kind: str) -> None:
    node = read(Source("compose.yaml", "s: {user: root}")).documents[0]
    assert value(node, (Step(kind, "NAME", node.span),), Reading(Variables({}))).is_own
