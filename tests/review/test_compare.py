"""The comparison of two trees: what is the same service, who reaches whom, what is touched."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.review.trees import compared, shown, tree_of

from tightship.engine.change.spared import ChangedFiles
from tightship.engine.disk.git_tree import LINK, SUBMODULE, Entry, Listing, TreeFiles
from tightship.engine.disk.regular import Refusal
from tightship.engine.plan.git_tree import find_in_tree
from tightship.isolation import weakness
from tightship.isolation.state import State, direction
from tightship.text import Source
from tightship_annexes.review.compare import revision

if TYPE_CHECKING:
    from tightship.engine.plan.candidates import Candidate

EFFECTIVE = Path(__file__).parents[1] / "projects" / "effective"


def lines(before: str, after: str) -> list[str]:
    """Return the differences of two Compose files, without the name of the file."""
    found = shown(compared({"compose.yaml": before}, {"compose.yaml": after}))
    return [line.removeprefix("compose.yaml ").strip() for line in found]


# -- which service is which


def test_a_service_with_another_name_is_the_one_with_the_same_image_and_settings() -> None:
    old = "services:\n  a: {image: x:1, init: true, read_only: true}\n"
    new = old.replace("  a:", "  b:").replace(", read_only: true", "")
    assert lines(old, new) == [
        "b: renamed a",
        "RowChange(root file system: read-only -> writable, worse)",
    ]


@pytest.mark.parametrize(
    "new",
    [
        "services:\n  b: {image: y, init: true, read_only: true}\n",
        "services:\n  b: {image: x, tty: true, stdin_open: true, privileged: true}\n",
    ],
    ids=["another image", "other settings"],
)
def test_a_dissimilar_service_is_new(new: str) -> None:
    old = "services:\n  a: {image: x, init: true, read_only: true}\n"
    found = [line for line in lines(old, new) if "RowChange" not in line]
    assert found == ["b: new", "a: removed"]


def test_similar_services_are_each_paired_once_with_the_closest() -> None:
    old = "services:\n" + "".join(
        f"  old-{n}: {{image: x, environment: {{N: '{n}', M: m, O: o}}}}\n" for n in range(3)
    )
    assert lines(old, old.replace("old-", "new-")) == [
        f"new-{n}: renamed old-{n}" for n in range(3)
    ]


def test_an_overlay_of_an_unusual_name_is_compared_over_its_base() -> None:
    base = {"compose.yaml": "services:\n  web: {image: x}\n"}
    before = {**base, "hard.yml": "services:\n  web: {read_only: true}\n"}
    after = {**base, "hard.yml": "services:\n  web: {privileged: true}\n"}
    [one] = compared(before, after).services
    assert one.direction == "worse"


def test_a_new_service_is_worse_only_if_it_gives_away_the_host() -> None:
    old = "services:\n  a: {image: x}\n"
    fine = compared({"compose.yaml": old}, {"compose.yaml": f"{old}  b: {{image: y, pid: host}}\n"})
    assert [one.direction for one in fine.services] == ["neutral"]
    bad = compared(
        {"compose.yaml": old}, {"compose.yaml": f"{old}  b: {{image: y, volumes: ['/:/x']}}\n"}
    )
    assert [one.direction for one in bad.services] == ["worse"]


def test_the_same_user_from_the_service_or_from_the_image_is_no_difference() -> None:
    build = {"compose.yaml": "services: {x: {build: .}}\n"}
    before = {**build, "Dockerfile": "FROM alpine\nUSER 1000\n"}
    after = {
        "compose.yaml": "services: {x: {build: ., user: '1000'}}\n",
        "Dockerfile": "FROM alpine\n",
    }
    assert shown(compared(before, after)) == []
    plain = "services:\n  x: {image: httpd}\n"
    assert lines(plain, plain.replace("httpd}", "httpd, user: root}")) == []


# -- namespaces, networks, ports


SHARED = "services:\n  a: {image: x}\n  b: {image: y, network_mode: 'service:a'}\n"


def test_the_loss_of_a_sandbox_is_worse_though_only_the_host_has_it() -> None:
    plain = "services: {a: {image: x}}\n"
    boxed = "services: {a: {image: x, runtime: runsc}}\n"
    state = "gVisor, a kernel in user space, if the host's daemon has it under this name"
    assert f"RowChange(runtime: {state} -> none, worse)" in lines(boxed, plain)
    assert f"RowChange(runtime: none -> {state}, better)" in lines(plain, boxed)


def test_the_namespace_of_a_renamed_service_is_the_same() -> None:
    new = SHARED.replace("  a:", "  c:").replace("service:a", "service:c")
    assert lines(SHARED, new) == ["c: renamed a"]


def test_the_namespace_of_the_host_is_named_with_its_place() -> None:
    comparison = compared(
        {"compose.yaml": SHARED}, {"compose.yaml": SHARED.replace("'service:a'", "host")}
    )
    by_name = {one.name: one for one in comparison.services}
    [row] = by_name["b"].rows
    assert (row.mechanism, row.direction) == ("network namespace", "worse")
    assert row.before is not None
    assert row.before.text == "that of the service `a`"
    assert row.after.place is not None


NETWORKS = """\
services:
  front: {image: x, networks: [a]}
  api: {image: y, networks: [a, b]}
  db: {image: z, networks: [b]}
networks: {a: {}, b: {}}
"""


def test_reach_is_reported_at_the_reached_service() -> None:
    new = NETWORKS.replace("z, networks: [b]", "z, networks: [a, b]")
    assert lines(NETWORKS, new) == [
        "front: changed",
        "ReachChange(db: no -> yes)",
        "db: changed",
        "ReachChange(front: no -> yes)",
    ]


def test_an_internal_network_is_better() -> None:
    new = NETWORKS.replace(
        "b: {}", "b: {driver_opts: {com.docker.network.bridge.enable_icc: 'false'}}"
    )
    comparison = compared({"compose.yaml": NETWORKS}, {"compose.yaml": new})
    assert {one.name: one.direction for one in comparison.services} == {
        "api": "better",
        "db": "better",
    }


def test_a_network_with_another_name_is_no_change() -> None:
    new = NETWORKS.replace("[a", "[red").replace("{a: {}", "{red: {}")
    assert lines(NETWORKS, new) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("[]", "['80:80']", "none -> 80 on all interfaces, worse"),
        ("[]", "['127.0.0.1:80:80']", None),
        ("['127.0.0.1:80:80']", "['80:80']", "80 on 127.0.0.1 -> 80 on all interfaces, worse"),
        (
            "['80:80']",
            "['10.0.0.1:80:80']",
            "80 on all interfaces -> 80 on 10.0.0.1, better",
        ),
        (
            "['80:80']",
            "['81:80']",
            "80 on all interfaces -> 81 on all interfaces, neutral",
        ),
        ("['80-81:80-81']", "['80:80', '81:81']", None),
        ("['80:80']", "[{target: 80, published: '80'}]", None),
        ("['80:80']", "[{target: 80, published: '80', host_ip: '127.0.0.1'}]",
         "80 on all interfaces -> 80 on 127.0.0.1, better"),
        ("['127.0.0.1:80:80']", "[]", None),
    ],
)  # fmt: skip
def test_a_port_is_compared_by_its_target(old: str, new: str, found: str | None) -> None:
    text = "services: {{a: {{image: x, ports: {}}}}}\n"
    rows = [one for one in lines(text.format(old), text.format(new)) if "RowChange" in one]
    expected = [] if found is None else [f"RowChange(published port 80/tcp: {found})"]
    assert rows == expected


# -- directions


CAPS = "services: {{a: {{image: x, cap_drop: [ALL], cap_add: {}}}}}\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], ["CHOWN"], "worse"),
        (["CHOWN"], [], "better"),
        (["CHOWN"], ["KILL"], "neutral"),
        (["SYS_ADMIN"], ["SYS_ADMIN", "NET_ADMIN"], "worse"),
        (["ALL"], ["SYS_ADMIN"], "better"),
        (["CHOWN"], ["NET_ADMIN"], "worse"),
    ],
)
def test_more_capabilities_are_worse(old: list[str], new: list[str], expected: str) -> None:
    [_, row] = lines(CAPS.format(old), CAPS.format(new))
    assert row.endswith(f", {expected})")


def test_capabilities_that_a_short_text_leaves_out_count() -> None:
    names = ["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL"]
    [_, row] = lines(CAPS.format([*names, "MKNOD"]), CAPS.format([*names, "SETUID"]))
    assert row.endswith("and 1 more, neutral)")


@pytest.mark.parametrize("a", weakness.WEAKNESSES, ids=repr)
def test_directions_are_opposite_unless_the_points_are_equal(a: weakness.Weakness) -> None:
    for b in weakness.WEAKNESSES:
        if a.points == b.points:
            continue
        one, two = State("a", None, frozenset({a})), State("b", None, frozenset({b}))
        found = {direction("x", one, two), direction("x", two, one)}
        assert found == {"worse", "better"}


# -- projects


def test_a_file_that_holds_bases_only_is_no_project() -> None:
    old = "services: {a: {image: x, read_only: true}}\n"
    new = "services: {a: {extends: {file: base.yaml, service: b}}}\n"
    base = "services: {b: {image: x, read_only: true}}\n"
    tree = {"compose.yaml": new, "base.yaml": base}
    assert shown(compared({"compose.yaml": old}, tree)) == []
    assert shown(compared(tree, {"compose.yaml": old})) == []


def test_an_inline_dockerfile_is_named_by_its_place_in_the_compose_file() -> None:
    text = (
        "services:\n  a:\n    build:\n      dockerfile_inline: |\n"
        "        FROM alpine\n        USER {}\n"
    )
    comparison = compared(
        {"compose.yaml": text.format("1000")}, {"compose.yaml": text.format("root")}
    )
    [service] = comparison.services
    [row] = service.rows
    place = row.after.place
    assert place is not None
    assert place.source.name == "compose.yaml"
    assert place.source.point(place.start)[0] == 5


def test_only_projects_that_read_a_changed_file_are_compared() -> None:
    """What is left out is what would print nothing: tried on edits of many projects."""
    tree = tree_of(EFFECTIVE)
    names = [name for name in tree if not name.endswith((".json", ".txt"))]
    rng = random.Random(17)
    differ = 0
    for _ in range(5):
        after = dict(tree)
        for name in rng.sample(names, 3):
            kept = [line for line in tree[name].split("\n") if rng.random() < 0.9]
            after[name] = "\n".join(kept)
            if rng.random() < 0.2:
                del after[name]
        some, every = compared(tree, after), compared(tree, after, every=True)
        found = shown(some)
        assert {
            line for line in shown(every) if not line.startswith(("before:", "after:", "both:"))
        } == {line for line in found if not line.startswith(("before:", "after:", "both:"))}
        differ += bool(found)
    assert differ > 2


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("../b", {}),
        ("\\x2e\\x2e/b", {}),
        ("\\u002e./b", {}),
        ("${UP}/b", {"a/.env": "UP=..\n"}),
        ("${UP}${UP}/b", {"a/.env": "UP=.\n"}),
        ("${UP:-..}/b", {}),
        ("${UP:-.}${UP:-.}/b", {}),
        (".${UP:-.}/b", {}),
        ("${UP-.}./b", {}),
        ("/no/such/folder/b", {}),
        ("link", {"a/link": "-> ../b"}),
    ],
)
def test_a_project_that_leaves_its_folder_is_compared(path: str, more: dict[str, str]) -> None:
    """However the path to the Dockerfile is written."""
    tree = {"a/compose.yaml": f'services: {{x: {{build: "{path}"}}}}\n', **more}
    before = {**tree, "b/Dockerfile": "FROM alpine\nUSER 1000\n"}
    after = {**tree, "b/Dockerfile": "FROM alpine\nUSER root\n"}
    assert shown(compared(before, after))[0] == "a/compose.yaml x: changed "


@pytest.mark.parametrize(
    "text",
    [
        "include: [../b/part.yaml]\n",
        "include: [part.yaml]\n",
        "services: {x: {extends: {file: part.yaml, service: y}}}\n",
    ],
)
def test_a_project_that_others_lead_out_of_its_folder_is_compared(text: str) -> None:
    part = "services: {y: {extends: {file: ../b/part.yaml, service: y}}}\n"
    tree = {"a/compose.yaml": text, "a/part.yaml": part}
    base = "services: {y: {image: x, user: %s}}\n"
    before = {**tree, "b/part.yaml": base % "'1000'"}
    after = {**tree, "b/part.yaml": base % "root"}
    assert shown(compared(before, after))[0].startswith("a/compose.yaml ")


def test_a_project_that_stays_in_its_folder_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = {
        f"{name}/compose.yaml": "services: {x: {image: 'y:${TAG:-1}', env_file: e}}\n"
        for name in "abcd"
    }
    loaded = list[str]()
    real = revision.load_revision_project

    def load(disk: TreeFiles, candidate: Candidate, *given: Any) -> object:
        loaded.append(disk.name(candidate.path) or "")
        return real(disk, candidate, *given)

    monkeypatch.setattr(revision, "load_revision_project", load)
    after = {**tree, "b/compose.yaml": "services: {x: {image: y, pid: host}}\n"}
    assert len(compared(tree, after).services) == 1
    assert loaded == ["b/compose.yaml"] * 2
    after = {**tree, "compose.yaml": "include: [c/compose.yaml]\n"}
    assert shown(compared(tree, after)) == []


# -- trees


def files(tree: dict[str, tuple[str, str]]) -> TreeFiles:
    """Return the files of a tree of modes and texts."""
    entries = {name: Entry(mode, name) for name, (mode, _) in tree.items()}
    return TreeFiles("/no/such/folder", Listing(entries), lambda blob, _: tree[blob][1].encode())


def test_a_tree_is_read_as_a_disk_is() -> None:
    disk = files(
        {
            "a/b/compose.yaml": ("100644", "one"),
            "a/link": (LINK, "b"),
            "out": (LINK, "../x"),
            "round": (LINK, "round"),
            "sub": (SUBMODULE, ""),
        }
    )

    def read(name: str) -> str:
        found = disk.read(name)
        return found.text if isinstance(found, Source) else found.reason

    assert read("a/b/compose.yaml") == "one"
    assert read("a/link/compose.yaml") == "one"
    assert read("a/none") == "missing"
    assert read("a/b/compose.yaml/none") == "missing"
    assert read("a/b") == "directory"
    assert read("out/y") == "outside-root"
    assert read("round") == "not-readable"
    assert read("sub/compose.yaml") == "not-readable"
    assert read("/etc/passwd") == "outside-root"
    assert disk.exists("a/b")
    assert disk.exists("a/link/compose.yaml")
    assert disk.exists("sub/x"), "nobody can tell"
    assert not disk.exists("a/c")


def test_a_text_that_is_no_text_or_is_too_large_is_rejected() -> None:
    disk = TreeFiles(
        "/no/such/folder",
        Listing({"a": Entry("100644", "a"), "b": Entry("100644", "b")}),
        lambda blob, limit: b"x\0" if blob == "a" else b"x" * (limit + 1),
    )
    for name, reason in (("a", "not-text"), ("b", "too-large")):
        found = disk.read(name)
        assert isinstance(found, Refusal)
        assert found.reason == reason


def test_a_tree_is_searched_as_a_folder_is() -> None:
    text = "services:\n  a:\n    image: x\n"
    found = find_in_tree(
        files(
            {
                "b/compose.yaml": ("100644", text),
                "b/compose.override.yaml": ("100644", text),
                "a/stack.yml": ("100644", text),
                "a/values.yml": ("100644", "image: x\n"),
                "node_modules/compose.yaml": ("100644", text),
                ".github/workflows/docker-compose.yml": ("100644", text),
                "c/compose.yaml": (LINK, "../a/stack.yml"),
                "d/docker-compose.yml": (LINK, "../b/compose.yaml"),
                "d/gone-compose.yml": (LINK, "../none"),
                "e/.env": ("100644", "COMPOSE_FILE=one.yml:two.yml\n"),
                "e/one.yml": ("100644", text),
                "e/two.yml": ("100644", text),
                "x/compose.yaml": ("100644", text),
            }
        ),
        lambda path: "/x/" in path,
    )
    kinds = [(one.path.removeprefix("/no/such/folder/"), one.kind) for one in found]
    assert kinds == [
        ("a/stack.yml", "side"),
        ("b/compose.yaml", "main"),
        ("b/compose.override.yaml", "override"),
        ("c/compose.yaml", "main"),
        ("d/docker-compose.yml", "main"),
        ("e/one.yml", "main"),
        ("e/two.yml", "side"),
    ]


def test_a_change_touches_what_is_below_a_link_or_in_a_folder() -> None:
    disk = files({"a/b": ("100644", "x")})
    disk.read("a/b")
    disk.exists("c")
    assert ChangedFiles({"a/b"}).by(disk)
    assert ChangedFiles({"a"}).by(disk), "a link or a submodule may become another"
    assert ChangedFiles({"c/d"}).by(disk), "a folder comes with its first file"
    assert not ChangedFiles({"a/c", "b"}).by(disk)


def test_a_change_to_root_is_worse_where_capabilities_are_added() -> None:
    text = "services:\n  s: {image: x, cap_add: [SYS_ADMIN], user: %s}\n"
    old, new = ({"compose.yaml": text % user} for user in ('"1000"', "root"))
    worse = [line for line in shown(compared(old, new)) if "capabilities" in line]
    assert len(worse) == 1
    assert "worse" in worse[0]
    better = [line for line in shown(compared(new, old)) if "capabilities" in line]
    assert "better" in better[0]
    # Of Docker's own, a setuid program has the same: only the user changes.
    plain = text.replace("cap_add: [SYS_ADMIN], ", "")
    old, new = ({"compose.yaml": plain % user} for user in ('"1000"', "root"))
    assert not any("RowChange(capabilities" in line for line in shown(compared(old, new)))
