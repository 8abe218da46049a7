"""No facts of the user's own take a finding away, or make one less grave."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.conftest import CORPUS

from tightship.api import check_texts
from tightship.images import facts
from tightship.images.conditions import AS_ROOT, CONFIGURED, NOT_AS_ROOT
from tightship.images.facts import ImageFamily, derived
from tightship.images.format import problems
from tightship.images.lookup import shared_file
from tightship.images.toml_file import Measurement, facts_file, updated
from tightship.text import Source

IMAGES = ["nginx:1.29", "postgres:16", "acme/web:2", "node:22", "redis", "grafana/grafana:11.2.0"]
SETTINGS: dict[str, object] = {
    "user": "1000",
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "tmpfs": ["/tmp", "/var/lib"],
    "command": ["serve", "--all"],
    "ports": ["8080:80"],
    "mem_limit": "16m",
    "volumes": ["./:/data", "data:/var/lib/postgresql/data"],
}
MEASURED = st.builds(
    Measurement,
    st.sampled_from(IMAGES),
    st.just("2026-11-29"),
    user=st.sampled_from([None, "1000"]),
    command=st.sampled_from([None, ("serve", "--all"), ("serve",)]),
)
WHEN = st.sampled_from([(), (AS_ROOT,), (NOT_AS_ROOT,), (CONFIGURED,)])


def of(kind: type[facts.Fact], /, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Return no facts, an empty aspect, or facts of a kind."""
    source = st.sampled_from([derived("a script"), facts.Source("documented", "our wiki")])
    one = st.builds(kind, source, WHEN, **fields)
    return st.none() | st.lists(one, max_size=2).map(tuple)


PATHS = st.sampled_from(["/tmp", "/var/lib", "/data", "/var/lib/postgresql/data", "/etc/nginx"])
WHY = st.just("it says so")
FAMILIES = st.builds(
    ImageFamily,
    st.just(()),
    st.just("an image"),
    st.just("all"),
    programs=st.sampled_from([None, (), ("serve",)]),
    measured=st.none() | MEASURED,
    user=of(facts.User, name=st.sampled_from(["root", "app", "1000:1000"])),
    accounts=of(facts.Account, name=st.just("app"), uid=st.just(5), gid=st.just(5)),
    steps_down=of(facts.StepDown, by=st.just("gosu")),
    ports=of(facts.Port, number=st.just(80), speaks=st.just("HTTP")),
    volumes=of(facts.Volume, path=PATHS),
    writes=of(facts.Write, path=PATHS, why=WHY, kind=st.sampled_from(facts.KINDS)),
    contents=of(facts.Content, path=PATHS, why=WHY),
    capabilities=of(facts.Capability, name=st.sampled_from(["CHOWN", "SYS_ADMIN"]), why=WHY),
    read_only=of(facts.ReadOnly, works=st.booleans(), why=WHY),
    new_privileges=of(facts.NewPrivileges, needed=st.booleans(), why=WHY),
    other_user=of(facts.OtherUser, works=st.booleans()),
    memory=of(facts.Memory, floor=st.sampled_from(["8m", "900g"]), load=WHY, grows=st.booleans()),
    open_ports=of(facts.OpenPort, port=st.just(80), what=WHY),
    grants=of(facts.DocumentedPrivilege, key=st.just("cap_add"), value=st.just("ALL"), why=WHY),
)


@st.composite
def files_of_facts(draw: st.DrawFn) -> dict[str, ImageFamily]:
    made = dict[str, ImageFamily]()
    names = st.lists(st.sampled_from(["a", "b", *IMAGES]), min_size=1, max_size=4)
    for number, name in enumerate(draw(names)):
        family = draw(FAMILIES)
        if ":" in name or name == "redis":
            family.names = (name.partition(":")[0],)
        else:
            family.service = name
        made[f"f{number}"] = family
    return made


def found(texts: dict[str, str]) -> dict[tuple[str, ...], int]:
    """Return the severity of each finding by its rule, its place and its text."""
    levels = {"info": 0, "warning": 1, "error": 2}
    return {
        (one.rule, one.path, str(one.start), one.message): levels[one.severity]
        for one in check_texts(texts).findings
    }


def assert_nothing_is_hidden(texts: dict[str, str], families: dict[str, ImageFamily]) -> None:
    before = found(texts)
    after = found({**texts, "tightship-facts.toml": facts_file(families)})
    assert before.keys() <= after.keys()
    assert all(after[one] >= severity for one, severity in before.items())


@given(
    st.dictionaries(
        st.sampled_from(["a", "b"]),
        st.tuples(st.sampled_from([*IMAGES, ""]), st.sets(st.sampled_from([*SETTINGS]))),
        min_size=1,
    ),
    files_of_facts(),
)
def test_facts_take_no_finding_away(
    services: dict[str, tuple[str, set[str]]], families: dict[str, ImageFamily]
) -> None:
    project: dict[str, Any] = {
        "services": {
            name: {
                **({"image": image} if image else {"build": "."}),
                **{key: SETTINGS[key] for key in sorted(keys)},
            }
            for name, (image, keys) in services.items()
        },
        "volumes": {"data": {}},
    }
    dockerfile = 'FROM node:22\nCOPY . /app\nCMD ["node", "/app/x.js"]\n'
    texts = {"compose.yaml": json.dumps(project), "Dockerfile": dockerfile}
    assert_nothing_is_hidden(texts, families)


@given(files_of_facts(), st.data())
def test_facts_take_no_finding_of_real_projects_away(
    families: dict[str, ImageFamily], data: st.DataObject
) -> None:
    files = sorted(CORPUS.glob("**/compose.y*ml"))[:60]
    if not files:
        pytest.skip("there is no corpus here")
    text = data.draw(st.sampled_from(files)).read_text("utf-8", "replace")
    assert_nothing_is_hidden({"compose.yaml": text}, families)


@given(files_of_facts(), files_of_facts())
def test_what_is_written_is_valid_and_an_update_replaces_its_keys_only(
    families: dict[str, ImageFamily], others: dict[str, ImageFamily]
) -> None:
    text = facts_file(families)
    assert problems(Source("facts.toml", text), shared_file) == []
    new = {f'{key} é"x': family for key, family in others.items()}
    both = updated(text, new)
    assert problems(Source("facts.toml", both), shared_file) == []
    assert both.startswith(text.rstrip("\n"))
    assert updated(both, new) == both
    assert updated(updated(both, families), families) == updated(both, families)
