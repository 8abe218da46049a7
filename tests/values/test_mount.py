from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, strategies as st

from tightship.values.mount import Mount, is_pipe, parse, parse_tmpfs

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.values.conftest import Case, Compose


def as_printed(mount: Mount, source: str | None) -> dict[str, Any]:
    """Show a mount as ``docker-compose config`` prints it."""
    bind = mount.kind in ("bind", "npipe")
    shown: dict[str, Any] = {"type": "bind" if bind else "volume"}
    if source:
        shown["source"] = source
    shown["target"] = mount.target
    if mount.read_only:
        shown["read_only"] = True
    options: dict[str, Any] = {"create_host_path": True} if bind else {}
    if mount.selinux:
        options["selinux"] = mount.selinux
    if mount.propagation:
        options["propagation"] = mount.propagation
    if bind or options:
        shown["bind"] = options
    return shown


def without_volume(printed: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in printed.items() if key != "volume"}


@pytest.mark.parametrize(
    "name", ["35-volumes_opts", "92-oneletter-vol", "93-two-letter", "105-volume-shortforms"]
)
def test_recorded_volumes_are_read_as_compose_does(
    oracle: Callable[[str], Case], name: str
) -> None:
    case = oracle(name)
    written = yaml.safe_load(case.files["compose.yaml"])["services"]["s"]["volumes"]
    # Compose expands the home folder of whoever runs it; the last of one target wins.
    by_target = {}
    for short in written:
        mount = parse(short)
        source = (mount.source or "").replace("~", "/root")
        by_target[mount.target] = as_printed(mount, source)
    printed = case.service()["volumes"]
    assert by_target == {p["target"]: without_volume(p) for p in printed}


def test_a_path_with_a_slash_and_no_dot_is_an_undefined_volume(
    oracle: Callable[[str], Case],
) -> None:
    assert "undefined volume data/sub" in oracle("94-undefined-vol").stderr
    assert parse("data/sub:/data").kind == "volume"


Read = tuple[str, str | None, str, bool]

READ: dict[str, Read] = {
    "a": ("anonymous", None, "a", False),
    "ab": ("anonymous", None, "ab", False),
    ":": ("anonymous", None, ":", False),
    "/a/b/": ("anonymous", None, "/a/b", False),
    "~/x": ("anonymous", None, "~/x", False),
    "/": ("anonymous", None, "/", False),
    "data:/x": ("volume", "data", "/x", False),
    "data:/x:ro,nocopy": ("volume", "data", "/x", True),
    "/a:/b:rw,ro": ("bind", "/a", "/b", True),
    "/a:/b:ro,rw": ("bind", "/a", "/b", False),
    "/a:/b:RO": ("bind", "/a", "/b", False),
    "/a:/b: ro": ("bind", "/a", "/b", False),
    "/a:/b:ro,": ("bind", "/a", "/b", True),
    "/a:/b/../../c/": ("bind", "/a", "/c", False),
    "/a:b": ("bind", "/a", "b", False),
    "c:\\x:/y:ro": ("bind", "c:\\x", "/y", True),
    "C:/a:d:/b:ro": ("bind", "C:/a", "d:/b", True),
    "é:/x": ("anonymous", None, "é:/x", False),
    "//./pipe/docker_engine://./pipe/docker_engine": (
        "npipe",
        "//./pipe/docker_engine",
        "/pipe/docker_engine",
        False,
    ),
}
REFUSED = ["", ":/a", "/a:", "/a::ro", "/a:/b:", "/a:/b:ro:x", "::::"]


@pytest.mark.parametrize("short", READ)
def test_a_short_form_is_parsed(short: str) -> None:
    mount = parse(short)
    assert (mount.kind, mount.source, mount.target, mount.read_only) == READ[short]
    assert mount.problem is None
    assert mount.undecided == frozenset()


@pytest.mark.parametrize("short", REFUSED)
def test_a_rejected_form_has_a_problem(short: str) -> None:
    assert parse(short).problem


@pytest.mark.parametrize("short", READ)
def test_the_record_of_short_forms_still_holds(compose: Compose, short: str) -> None:
    mount = parse(short)
    [printed] = compose({"volumes": [short]})["volumes"]
    assert without_volume(printed) == as_printed(mount, mount.source)


@pytest.mark.parametrize("short", REFUSED[1:])
def test_compose_still_rejects_them(compose: Compose, short: str) -> None:
    assert compose({"volumes": [short]}) is None


def test_combined_short_forms_are_read_as_compose_does(compose: Compose) -> None:
    sources = ["/a", "//b/", "data", "c:/x", "C:\\x", "/é", "/srv/../a"]
    targets = ["/t", "t", "d:/t", "/t/./u/", "/../t", "t/..", "\\t"]
    options = ["", ":ro", ":rw", ":z,ro", ":Z,rslave", ":shared,private", ":nocopy,x"]
    shorts = [
        source + ":" + target + option
        for source in sources
        for target in targets
        for option in options
    ]
    random.Random(5).shuffle(shorts)
    last = {parse(short).target: short for short in shorts}
    printed = compose({"volumes": shorts})["volumes"]
    assert {p["target"]: without_volume(p) for p in printed} == {
        target: as_printed(parse(short), parse(short).source) for target, short in last.items()
    }


def test_options_are_kept_as_written_and_known_by_place() -> None:
    short = "/a:/b:rshared,z,cached,z2"
    mount = parse(short)
    assert mount.options == ["rshared", "z", "cached", "z2"]
    assert (mount.propagation, mount.selinux) == ("rshared", "z")
    assert mount.option_span is not None
    start, end = mount.option_span
    assert short[start:end] == "rshared,z,cached,z2"
    assert parse("/a:/b").option_span is None


@pytest.mark.parametrize(
    ("short", "kind", "undecided"),
    [
        ("${DATA}:/data", "unknown", "source kind"),
        ("${DATA}/x:/data:ro", "bind", "source"),
        ("/srv/${X}:/data", "bind", "source"),
        ("./${X}:/data", "bind", "source"),
        ("vol${X}:/data", "volume", "source"),
        ("/a:${T}:ro", "bind", "target"),
        ("/a:/b${MODE}", "bind", "target options"),
        ("/a:/b:${MODE}", "bind", "options"),
        ("/a:/b:ro,${MODE}", "bind", "options"),
        ("${VOLUME}", "unknown", "source target kind options"),
        ("/x${VOLUME}", "anonymous", "source target kind options"),
        ("${A:-b:c}:/x", "unknown", "source kind"),
    ],
)
def test_a_hole_leaves_the_affected_parts_undecided(short: str, kind: str, undecided: str) -> None:
    mount = parse(short)
    assert mount.kind == kind
    assert mount.undecided == frozenset(undecided.split())


def test_a_pipe_of_windows_is_one_in_either_spelling() -> None:
    assert is_pipe("\\\\.\\pipe\\docker_engine")
    assert is_pipe("//./pipe/docker_engine")
    assert not is_pipe("/./pipe/docker_engine")
    mount = parse("\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine")
    assert mount.kind == "npipe"
    assert mount.target == "\\\\.\\pipe\\docker_engine"


def test_a_tmpfs_has_a_path_and_options() -> None:
    assert parse_tmpfs("/run") == ("/run", [])
    assert parse_tmpfs("/run:size=64m,mode=1777") == ("/run", ["size=64m", "mode=1777"])
    assert parse_tmpfs("/a,/b") == ("/a,/b", [])
    assert parse_tmpfs("/${A:-b}:exec") == ("/${A:-b}", ["exec"])
    assert parse_tmpfs("/run:") == ("/run", [])


@given(st.text(alphabet="ac:/.,~\\${}Aéz ro", max_size=24))
def test_any_text_can_be_read(short: str) -> None:
    mount = parse(short)
    if mount.option_span is not None:
        start, end = mount.option_span
        assert short[start:end].split(",") == mount.options
    if mount.source:
        assert short.startswith(mount.source)


def test_hostile_texts_cost_little() -> None:
    for text in (":" * 200_000, "a:" * 100_000, "/.." * 100_000, "${" * 100_000):
        parse(text)
        parse_tmpfs(text)
