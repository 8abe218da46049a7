"""What a change does is the same next to a service that Compose rejects."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.frontends.compose.refused_services import FILES, FINE, KINDS, SETTINGS, VOLUMES, projects
from tests.review.trees import compared, shown


@given(projects(), st.sampled_from(sorted(KINDS)), st.sampled_from(SETTINGS))
def test_a_change_of_another_service_is_the_same_next_to_it(text: str, kind: str, new: str) -> None:
    changed = text.replace("  s0: {", f"  s0: {{{new}, " if new not in text else "  s0: {")
    duplicate = (
        changed.partition("\n")[2].partition("\n")[0].count(f"{new.partition(':')[0]}: ") > 1
    )
    if duplicate:
        return
    alone = compared({"compose.yaml": text + VOLUMES}, {"compose.yaml": changed + VOLUMES})
    bad = KINDS[kind].text + VOLUMES
    both = compared({"compose.yaml": text + bad, **FILES}, {"compose.yaml": changed + bad, **FILES})
    about = [(one.name, one.direction, one.kind, len(one.rows)) for one in alone.services]
    assert about == [
        (one.name, one.direction, one.kind, len(one.rows))
        for one in both.services
        if one.name != "bad"
    ]
    assert {one.side for one in both.gaps} <= {"both"}


def side(settings: str) -> dict[str, str]:
    return {"compose.yaml": f"{FINE}  bad: {{image: x, {settings}}}\n"}


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        # What is written in a rejected service counts, on one side or on both.
        ("imagee: y", "imagee: y, privileged: true", "worse"),
        ("imagee: y, privileged: true", "imagee: y", "better"),
        ("imagee: y, read_only: true", "imagee: y", "worse"),
        ("user: '1'", "imagee: y, user: '1', pid: host", "worse"),
        ("imagee: y, user: '1'", "user: '1', pid: host", "worse"),
        ("imagee: y", "imagee: y, volumes: ['/var/run/docker.sock:/s']", "worse"),
        ("imagee: y, volumes: ['/:/host']", "imagee: y", "better"),
        # A name that is spelled right now has an effect.
        ("privilged: true", "privileged: true", "worse"),
        ("read_onyl: true", "read_only: true", "better"),
        ("read_only: true", "read_onyl: true", "worse"),
        ("privileged: [y]", "privileged: true", "worse"),
    ],
)
def test_what_is_written_in_it_is_compared(before: str, after: str, direction: str) -> None:
    found = compared(side(before), side(after))
    assert [(one.name, one.direction) for one in found.services] == [("bad", direction)]
    assert found.gaps


@pytest.mark.parametrize("change", [("imagee: y", "tty: true"), ("tty: true", "imagee: y")])
def test_a_rejection_alone_changes_no_isolation(change: tuple[str, str]) -> None:
    found = compared(*map(side, change))
    assert found.services == ()
    assert [one.side for one in found.gaps] in (["before"], ["after"])


def test_another_reason_is_a_new_gap() -> None:
    found = compared(side("imagee: y"), side("prots: []"))
    assert [one.side for one in found.gaps] == ["before", "after"]


def test_a_gap_stays_one_where_the_main_file_gets_another_name() -> None:
    before = side("imagee: y")
    after = {"docker-compose.yml": before["compose.yaml"]}
    assert [one.side for one in compared(before, after).gaps] == ["both"]


def test_a_service_that_loses_all_its_settings_is_not_removed() -> None:
    before, after = side("user: '1'"), {"compose.yaml": f"{FINE}  bad:\n"}
    assert shown(compared(before, after))[:-1] == []
    [new] = compared(after, side("privileged: true")).services
    assert (new.kind, new.direction) == ("new", "worse")


def test_a_rejected_project_leaves_the_others() -> None:
    other = {"other/compose.yaml": "services: {x: {image: y}}\n"}
    worse = {"other/compose.yaml": "services: {x: {image: y, privileged: true}}\n"}
    for text in ("services: [\n", "services: 5\n", "include: [compose.yaml]\nservices: {}\n"):
        broken = {"compose.yaml": text}
        found = compared({**broken, **other}, {**broken, **worse}, every=True)
        assert [one.name for one in found.services] == ["x"]
        assert {one.side for one in found.gaps} == {"both"}
        assert [one.is_compared for one in found.projects] == [False, True]


def test_a_new_overlay_is_compared_next_to_a_rejected_service() -> None:
    main = FINE + KINDS["unknown key"].text
    overlay = "services: {web: {privileged: true}}\n"
    before = {"compose.yaml": main}
    found = compared(before, {**before, "compose.prod.yaml": overlay})
    assert [one.name for one in found.services if one.direction == "worse"] == ["web"]
