"""A bench that remembers which rules are silent finds what one does that asks all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightship.dockerfile.steps import Workdir
from tightship.engine.check import Run, named
from tightship.engine.discovery.find import Found
from tightship.engine.disk.files import Files
from tightship.engine.judge import Bench
from tightship.engine.settings.selection import Selection
from tightship.engine.silence import Silence
from tightship.rules import every_rule
from tightship.rules.kit import Severity, marked, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.rules.kit import Findings, Rule

ROOT = "/project"
_TOP = re.compile(r"^(?=[^\s#])", re.MULTILINE)
_SERVICE = re.compile(r"^(?=  [^\s#-])", re.MULTILINE)
_INSTRUCTION = re.compile(r"^(?=[A-Z#])", re.MULTILINE)


def examples(name: str) -> Iterator[str]:
    """Yield the files of a name in the examples of all rules."""
    for every in every_rule():
        is_own = (every.language == "dockerfile") is (name == "Dockerfile")
        for example in every.examples:
            files = example.files
            texts = {name: files} if isinstance(files, str) and is_own else files
            if isinstance(texts, dict) and name in texts:
                yield marked(texts[name])[0]


def blocks() -> tuple[list[str], list[str]]:
    """Return services, and what else a Compose file has, one by one."""
    services, sections = set[str](), set[str]()
    for text in examples("compose.yaml"):
        for part in filter(None, _TOP.split(text)):
            if part.startswith("services:\n"):
                services.update(filter(str.strip, _SERVICE.split(part[10:])))
            else:
                sections.add(part)
    return sorted(services), sorted(sections)


SERVICES, SECTIONS = blocks()
_SELDOM = st.integers(0, 9).map(lambda drawn: drawn == 9)
INSTRUCTIONS = sorted(
    {
        part if part.endswith("\n") else f"{part}\n"
        for text in examples("Dockerfile")
        for part in _INSTRUCTION.split(text)
        if part.strip()
    }
)
# What a service says, by key; much of it makes other services or sections matter.
_SAID = {
    "network_mode": ["service:web", "service:db", "host", "none"],
    "pid": ["service:db", "host"],
    "ipc": ["service:web", "shareable", "host"],
    "volumes_from": ["[web]", "[db:ro]"],
    "volumes": [
        "[data:/data]",
        "[/var/run/docker.sock:/var/run/docker.sock]",
        "[/:/a]",
    ],
    "environment": [
        "*it",
        "{PASSWORD: hunter2hunter2, DOCKER_HOST: tcp://web:2375}",
        "{PASSWORD: $SECRET, DOCKER_HOST: tcp://db:2375}",
    ],
    "logging": ["&it {driver: none}", "*it", "&other {driver: none}", "*other"],
    "networks": ["[back]", "[back, front]"],
    "configs": ["[settings]"],
    "env_file": [".env"],
    "build": [".", "{context: ., target: last}"],
    "image": ["built", "built:${TAG:-latest}", "debian:13", "tecnativa/socket-proxy"],
    "ports": ["['2375:2375']", "['127.0.0.1:5432:5432']"],
    "command": ["[dockerd, -H, 'tcp://0.0.0.0:2375']"],
    "user": ["${WHO:-0}", "$NOBODY", "'1000'", "root"],
    "privileged": ["true", "${PRIVILEGED:-false}"],
    "cap_add": ["[SYS_ADMIN]", "[NET_ADMIN, NET_RAW]"],
    "cap_drop": ["[ALL]"],
    "read_only": ["true", "false"],
    "<<": ["*it", "*web", "[*it, *web]"],
    "extends": ["web", "{service: db}"],
}
_HEADS = ["web:", "web: &web", "db:", "db: &it", "app:"]
_DEFINED = {
    "volumes": [
        "{data: {driver_opts: {type: none, o: bind, device: /}}}",
        "{data: {}}",
    ],
    "networks": [
        "{back: {external: true, name: host}}",
        "{back: {internal: true}, default: {internal: true}}",
        "{back: {}, front: *it}",
    ],
    "configs": ["{settings: {content: 'password: hunter2hunter2'}}"],
    "x-it": ["&it {DOCKER_HOST: 'tcp://web:2375', PASSWORD: hunter2hunter2}", "&it {}"],
    "x-other": ["&other {driver: local}", "&other *it", "{privileged: true}"],
}
_BESIDE = {
    ".env": ["WHO=0\nTAG=1\n", "WHO=1000\nPRIVILEGED=true\nSECRET=hunter2hunter2\n"],
    "Dockerfile": [
        "FROM a\nUSER 1000\n",
        "FROM a AS last\nENV DOCKER_HOST=tcp://db:2375\n",
    ],
    "other.yaml": ["services: {it: {image: built, build: .}}\n", "services: {}\n"],
}
# Services, and what is outside of them, that lead from one place of a file to another.
_SHORT = [
    "  web: *it",
    "  web: *other",
    "  web: &web {image: built, labels: {a: &key privileged}}",
    "  web: &web {image: built, labels: {a: &key init}}",
    "  db: *web",
    "  db: {image: built, *key : true}",
    "  db: {image: built, privileged: true, privileged: false}",
    "  db: {<<: *it, init: true}",
    "  db: {<<: [*other, *it], user: root}",
    "  db: !reset {image: built, privileged: true}",
    "  db: {image: built, read_only: !e!reset true, privileged: !e!reset true}",
    "  db:\n    image: built\n    *key: true",
    "  'web': {image: built, configs: [it], read_only: true}",
    "  db: {image: built, command: *it}",
    "  <<: *services",
    "  app: {image: built}  # << extends include",
]
_AROUND = [
    "x-it: &it {image: built, privileged: true}",
    "x-it: &it {image: built}",
    "x-other: &it {image: built, pid: host}",
    "x-other: &other {<<: *it, init: true}",
    "x-key: [&key privileged, &it dockerd]",
    "x-key: &it |+\n  dockerd -H tcp://0.0.0.0:2375\n\n",
    "x-services: &services\n  web: {image: built, privileged: true}",
    "configs: {it: {content: 'password: hunter2hunter2'}}",
    "# <<",
]
_TOPS = ["", "", "", "%TAG !e! !\n---\n", "%TAG !e! !x\n---\n", "\ufeff", "---\n"]
_RARE = [
    ": ] broken\n",
    "include: [other.yaml]\n",
    "---\nservices: {db: {pid: host}}\n",
]
_STEPS = [
    "SHELL ['pwsh', '-c']\n",
    'SHELL ["pwsh", "-c"]\n',
    "FROM debian:13 AS last\n",
    "FROM last\n",
    "ARG WHO=root\n",
    "ENV WHO=1000\n",
    "USER ${WHO}\n",
    "ONBUILD RUN sudo true\n",
    "RUN chmod 777 /data\n",
    "COPY --from=last --chmod=777 a /b\n",
    "COPY --chmod=`777 a /b\n",
]


def entries(
    draw: st.DrawFn, choices: dict[str, list[str]], indent: str, most: int
) -> str:
    """Draw what a mapping holds."""
    keys = draw(st.lists(st.sampled_from(sorted(choices)), max_size=most, unique=True))
    said = [(key, draw(st.sampled_from(choices[key]))) for key in keys]
    return "".join(f"{indent}{key}: {value}\n" for key, value in said)


def composed(draw: st.DrawFn) -> list[str]:
    heads = st.lists(
        st.sampled_from(_HEADS), max_size=3, unique_by=lambda head: head[:3]
    )
    services = [
        f"  {head}\n" + (entries(draw, _SAID, "    ", 4) or "    image: debian:13\n")
        for head in draw(heads)
    ]
    others = draw(st.lists(st.sampled_from(SERVICES), max_size=2))
    section = draw(st.lists(st.sampled_from(SECTIONS), max_size=1))
    rare = draw(st.lists(st.sampled_from(_RARE), max_size=1)) if draw(_SELDOM) else []
    defined = entries(draw, _DEFINED, "", 3)
    return [defined, "services:\n", *services, *others, *section, *rare]


def stages(draw: st.DrawFn) -> list[str]:
    step = st.one_of(st.sampled_from(INSTRUCTIONS), st.sampled_from(_STEPS))
    return ["FROM debian:13\n", *draw(st.lists(step, min_size=1, max_size=12))]


@st.composite
def edited(draw: st.DrawFn, name: str) -> list[str]:
    """Draw a text, and what becomes of it as parts of it come, go and change."""
    make = composed if name == "compose.yaml" else stages
    parts = make(draw)
    texts = ["".join(parts)]
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(parts) - 1))
        other = make(draw)
        new = draw(
            st.sampled_from([[], [parts[at], "# more\n"], [other[at % len(other)]]])
        )
        if parts[at] != "services:\n":
            parts = [*parts[:at], *new, *parts[at + 1 :]] or parts
        texts.append("".join(parts))
    return texts


def found(
    text: str, name: str, bench: Bench, version: int = 0, over: str = ""
) -> list[tuple[object, ...]]:
    path = f"{ROOT}/{name}"
    texts = {f"{ROOT}/{file}": beside[version] for file, beside in _BESIDE.items()}
    texts[path] = text
    if over:
        texts[f"{ROOT}/compose.override.yaml"] = over
    one = named(path)
    if name != "Dockerfile":
        one = Found(path, "named", path, "compose")
    return [
        (
            judged.rule.name,
            judged.severity,
            judged.span.order,
            judged.finding.message,
            [(other.span.order, other.message) for other in judged.finding.because],
            judged.fingerprint,
            [absorbed.rule.name for absorbed in judged.absorbed],
            judged.services,
            judged.finding.fix and [*map(repr, judged.finding.fix.edits)],
        )
        for verdict in Run(bench).judge(Files(ROOT, dict(texts)), one)
        for judged in verdict.findings
    ]


class Pair:
    """A bench that asks all rules, and one that remembers."""

    def __init__(self, rules: list[Rule]) -> None:
        self._plain = Bench(Selection(["strict"]), rules)
        self._remembering = self._plain.remembering(Silence())

    def agree(
        self,
        text: str,
        name: str = "compose.yaml",
        version: int = 0,
        over: str = "",
        *,
        times: int = 1,
    ) -> None:
        """Hold that both find the same; the more often, the more is known by then."""
        expected = found(text, name, self._plain, version, over)
        for _ in range(times):
            assert found(text, name, self._remembering, version, over) == expected


@st.composite
def rearranged(draw: st.DrawFn) -> list[str]:
    """Draw texts of which each has some lines of the one before it, perhaps elsewhere."""
    around = st.lists(st.sampled_from(_AROUND), max_size=3)
    services = st.lists(st.sampled_from(_SHORT), min_size=1, max_size=4)
    top, above, inside, below = "", draw(around), draw(services), draw(around)
    texts: list[str] = []
    for _ in range(draw(st.integers(2, 6))):
        lines = ["services:", *inside]
        texts.append(top + "\n".join([*above, *lines, *below]) + "\n")
        match draw(st.integers(0, 5)):
            case 0:
                top = draw(st.sampled_from(_TOPS))
            case 1:
                above, below = below, above
            case 2:
                above = draw(around)
            case 3:
                below = draw(around)
            case 4:
                inside = [*inside[1:], draw(st.sampled_from(_SHORT))]
            case _:
                inside = draw(st.permutations(inside))
    return texts


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return [*every_rule()]


@settings(max_examples=300)
@given(texts=rearranged())
def test_wherever_something_stands_that_a_service_refers_to_it_is_seen(
    texts: list[str], rules: list[Rule]
) -> None:
    pair = Pair(rules)
    for text in texts:
        pair.agree(text, times=2)


_PLAIN = "services:\n  db: {image: built}\n"
_KEYED = (
    "services:\n  db: {image: built, labels: {a: &key KIND}}\n"
    "  web:\n    image: built\n    *key: true\n"
)
_MERGED = "services:\n  web: {<<: *it, init: true}\n"
_TAGGED = (
    "services: {web: {image: built, read_only: !e!reset true, pid: !e!reset host}}\n"
)
_TWICE = "services:\n  web: {image: built, privileged: true, privileged: false}\n"
_STRONG = "x-it: &it {image: built, privileged: true}\n"
_PARTED = "x-it: &it {image: built}\n"


@pytest.mark.parametrize(
    "texts",
    [
        [
            f"{_STRONG}x-other: &other {{image: built}}\n{_PLAIN}"
            "  app: *other\n  web: *it\n"
        ],
        [
            _PLAIN.replace("{image", "&it {image") + "  web: *it\n",
            _PLAIN.replace("{image", "&it {pid: host, image") + "  web: *it\n",
        ],
        [_KEYED.replace("KIND", "init"), _KEYED.replace("KIND", "privileged")],
        [_STRONG + _PARTED + _MERGED, _STRONG + _MERGED + _PARTED],
        [f"{_TWICE}  db: {{image: built}}\n", f"{_TWICE}  db: {{image: built}} # <<\n"],
        [f"%TAG !e! {tag}\n---\n{_TAGGED}" for tag in ("!", "!x", "!")],
    ],
)
def test_what_a_place_means_is_seen_to_change(
    texts: list[str], rules: list[Rule]
) -> None:
    pair = Pair(rules)
    for text in texts:
        pair.agree(text, times=4)


def test_what_unfolds_to_very_much_is_cut_off_alike(rules: list[Rule]) -> None:
    many = ",".join(["a"] * 9_000)
    text = f"x-many: &many [{many}]\nservices:\n"
    text += "".join(f"  s{n}: {{image: built, command: *many}}\n" for n in range(12))
    text += "  last: {image: built, cap_add: [SYS_ADMIN], ports: ['22:22']}\n"
    bench = Bench(Selection(["strict"]), rules)
    assert "not-checked" in {name for name, *_ in found(text, "compose.yaml", bench)}
    Pair(rules).agree(text, times=3)


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile"])
@settings(max_examples=100)
@given(data=st.data())
def test_what_is_remembered_changes_nothing_in_what_is_found(
    name: str, data: st.DataObject, rules: list[Rule]
) -> None:
    pair = Pair(rules)
    for text in data.draw(edited(name)):
        pair.agree(text, name)


def said(choices: dict[str, list[str]], indent: str) -> list[str]:
    """Return each thing that a mapping may hold, by itself."""
    return [f"{indent}{key}: {value}\n" for key in choices for value in choices[key]]


@pytest.mark.parametrize("key", sorted(_SAID))
def test_whatever_changes_beside_a_service_is_seen(key: str, rules: list[Rule]) -> None:
    others = [f"  db:\n    image: built\n{one}" for one in said(_SAID, "    ")]
    others += [f"  db: &it\n{one}" for one in said(_SAID, "    ")]
    for value in _SAID[key]:
        pair = Pair(rules)
        own = f"    {key}: {value}\n"
        own += "" if key in ("image", "build") else "    image: built\n"
        plain = f"services:\n  web:\n{own}"
        pair.agree(plain, version=1, times=2)
        for other in others:
            pair.agree(plain + other)
            pair.agree(plain.replace("  web", f"{other}  web", 1))
        for one in (*said(_DEFINED, ""), *_RARE):
            pair.agree(plain + others[0] + one)
        for one in said(_DEFINED, ""):
            pair.agree(one + plain)
        for version in (0, 1, 0):  # of what lies beside it
            pair.agree(plain, version=version, times=4)


@pytest.mark.parametrize("key", sorted(_SAID))
def test_whatever_an_override_changes_is_seen(key: str, rules: list[Rule]) -> None:
    laid = [
        f"services:\n  {name}:\n{one}"
        for name in ("web", "db", '"w\\u0065b"')
        for one in (*said(_SAID, "    "), f"    {key}: !reset null\n")
    ]
    laid += [
        *said(_DEFINED, ""),
        *_RARE,
        f"services:\n  web: {{{key}: !override []}}\n",
    ]
    for value in _SAID[key]:
        pair = Pair(rules)
        own = f"    {key}: {value}\n"
        own += "" if key in ("image", "build") else "    image: built\n"
        plain = f"x-it: &it {{}}\nservices:\n  db: {{image: built}}\n  web:\n{own}"
        pair.agree(plain)
        pair.agree(plain, over="services: {}\n", times=3)
        for over in laid:
            pair.agree(plain, over=over)


def test_what_a_section_has_from_a_service_is_seen(rules: list[Rule]) -> None:
    pair = Pair(rules)
    for kind in ("{}", "{internal: true}", "{external: true, name: host}"):
        pair.agree(
            f"""\
services:
  web: {{image: debian:13, networks: [back], ports: ['5432:5432']}}
  db:
    image: debian:13
    x-network: &it {kind}
networks: {{back: *it}}
""",
            times=2,
        )


@pytest.mark.parametrize("other", [*_STEPS, "# escape=`\n", "FROM scratch\n"])
def test_whatever_changes_before_a_step_is_seen(other: str, rules: list[Rule]) -> None:
    pair = Pair(rules)
    for step in (*INSTRUCTIONS, *_STEPS):
        plain = f"FROM debian:13\n{step}"
        before = other + plain if other[0] == "#" else f"FROM debian:13\n{other}{step}"
        later = f"FROM debian:13\nONBUILD {step}"
        pair.agree(plain, "Dockerfile", times=2)
        for text in (before, f"{plain}{other}", later, plain):
            pair.agree(text, "Dockerfile")


def test_of_ever_new_contents_the_last_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tightship.engine.silence._MOST", 3)
    silence, asked = Silence(), list[str]()

    @rule(on=Workdir, severity=Severity.INFO, examples=())
    def silent(step: Workdir) -> Findings:
        asked.append(step.span.text)
        yield from ()

    remembering = Bench(Selection(["strict"]), [silent]).remembering(silence)
    for number in (1, 2, 1, 3, 4, 1, 2):
        found(f"FROM a\nWORKDIR /{number}\n", "Dockerfile", remembering)
    assert [text[-1] for text in asked] == ["1", "2", "3", "4", "2"]
