"""Services, asked for their settings: what is there, absent, or undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from tightship.frontends.compose.service import Service


class Texts:
    """A disk that holds one file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> Source:
        return Source(path, self.text)


def project(text: str, *, complete: bool = True) -> ComposeProject:
    return ComposeProject(Loading(Texts(text)), ["compose.yaml"], complete=complete)


def service(body: str, *, complete: bool = True) -> Service:
    made = project(f"services:\n  s: {body}\n", complete=complete)
    return made.services["s"]


def test_an_absent_setting_points_at_the_service() -> None:
    found = service("{image: x}").flag("read_only")
    assert found.surely_absent
    assert found.span.text == "s"
    assert not found.could_be(True)


def test_an_absent_setting_of_an_incomplete_service_is_undecided() -> None:
    for found in (
        service("{extends: base}"),
        service("{image: x}", complete=False),
        project("include: [a.yaml]\nservices: {s: {image: x}}").services["s"],
    ):
        assert found.flag("read_only").could_be(True)
        assert not found.texts("cap_drop").decided


def test_a_written_setting_of_an_incomplete_service_is_decided() -> None:
    found = service("{extends: base, privileged: true, cap_add: [ALL]}")
    assert found.flag("privileged").is_surely(True)
    assert found.texts("cap_add").surely_holds("ALL")


def test_flags_read_as_compose_casts_them() -> None:
    body = "{a: true, b: 'TRUE', c: yes, d: 'no', e: '${X:-on}', f: '${X}'}"
    found = service(body)
    assert [found.flag(k).value for k in "abcdef"] == [True, True, True, False, True, None]
    assert not found.flag("f").decided


def test_null_counts_as_absent() -> None:
    assert service("{read_only: , cap_drop: ~}").flag("read_only").surely_absent
    assert not service("{cap_drop: ~}").texts("cap_drop").is_set


def test_a_size_is_in_bytes() -> None:
    found = service("{a: 64m, b: 1.5g, c: 512, d: '${M}', e: '${M:-1k}'}")
    assert [found.size(k).value for k in "abcde"] == [64 * 2**20, 3 * 2**29, 512, None, 1024]


def test_an_invalid_number_is_undecided() -> None:
    assert not service("{cpus: lots}").number("cpus").decided


def test_one_text_stands_for_a_list_of_one() -> None:
    assert [i.value for i in service("{tmpfs: /run}").texts("tmpfs").items] == ["/run"]


def test_a_list_with_a_variable_is_not_all_decided() -> None:
    found = service("{cap_drop: ['${CAP}', NET_RAW]}").texts("cap_drop")
    assert not found.all_decided
    assert found.surely_holds("NET_RAW")


def test_pairs_are_the_same_from_a_mapping_and_from_a_list() -> None:
    as_map = service("{environment: {A: b=c, N: 0x10, E: '', U: }}")
    as_list = service("{environment: ['A=b=c', 'N=16', 'E=', 'U']}")
    wanted = [("A", "b=c"), ("N", "16"), ("E", ""), ("U", None)]
    for found in (as_map, as_list):
        assert [(p.name, p.value.value) for p in found.pairs("environment")] == wanted


def test_a_name_without_a_value_comes_from_the_environment() -> None:
    [pair] = service("{environment: [TOKEN]}").pairs("environment")
    assert not pair.value.decided


def put(body: str, key: str, value: str) -> str:
    found = service(body)
    source = found.span.source
    return apply_edits(source, found.editor.put(key, value)).removeprefix("services:\n  s: ")


def test_put_adds_a_key_or_replaces_its_value() -> None:
    assert put("{image: x}", "read_only", "true") == "{image: x, read_only: true}\n"
    assert put("{read_only: false}", "read_only", "true") == "{read_only: true}\n"


def test_put_overrides_an_anchor_at_the_service() -> None:
    made = project(
        "x-soft: &soft {read_only: false}\nservices:\n  s:\n    <<: *soft\n    image: x\n"
    )
    found = made.services["s"]
    edited = apply_edits(found.span.source, found.editor.put("read_only", "true"))
    assert edited.endswith("    image: x\n    read_only: true\n")


def test_nothing_is_put_into_a_service_that_is_an_alias() -> None:
    made = project("x-s: &s {image: x}\nservices: {s: *s}\n")
    assert made.services["s"].editor.put("read_only", "true") == ()


def test_a_service_without_a_body_is_skipped() -> None:
    assert project("services: {s: , t: {image: x}}").services.keys() == {"t"}
