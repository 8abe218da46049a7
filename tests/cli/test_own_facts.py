"""Facts of the user's own: what they add to fixes, for which services, and what refuses them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from tests.bounded import within

from tightship.images.own_facts import text_digest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import InFolder

WEB = 'services:\n  web:\n    image: acme/web:2\n    command: ["serve", "--all"]\n'
BUILT = 'services:\n  web:\n    build: .\n    command: ["serve", "--all"]\n'
DOCKERFILE = "FROM acme/base:1\nCOPY . /app\n"
FACTS = """\
format = 2

[families.web]
service = "web"
summary = "the service `web`"
holds_for = "acme/web:2"
writes = [
  { path = "/var/cache/web", why = "temporary files", options = ["uid=101"] },
  { path = "/data", why = "what it keeps", kind = "data" },
]
volumes = []
capabilities = { name = "SETUID", why = "workers are another user" }
read_only = { works = true }
new_privileges = { needed = false }
memory = { floor = "23m", processes = 12, load = "the probes of the trial" }

[families.web.measured]
image = "acme/web:2"
date = "2026-11-29"
engine = "Docker Engine 26.1.5"
exercised = ["port 80 answers"]
kept = ["NET_RAW: `ping` holds it"]
command = ["serve", "--all"]
"""
OF_IMAGE = FACTS.replace('[families.web]\nservice = "web"', '[families."acme/web"]').replace(
    "families.web.measured", 'families."acme/web".measured'
)
DIGEST = f"sha256:{'0a' * 32}"
RULES = {
    "writable-root-filesystem",
    "default-capabilities-kept",
    "privilege-escalation-allowed",
    "unlimited-resources",
}


def hardened(in_folder: InFolder, *words: str) -> dict[str, Any]:
    """Return the plan for the service ``web``."""
    assert in_folder("harden", *words, "--output-format", "json") == 0
    services: list[dict[str, Any]] = json.loads(in_folder.out)["services"]
    assert len(services) == 1
    return services[0]


def grades(in_folder: InFolder, *words: str) -> dict[str, str]:
    """Return the grade of the user's own facts behind each patch."""
    return {
        patch["rule"]: source["grade"]
        for patch in hardened(in_folder, *words)["patches"]
        for source in patch["sources"]
        if source["file"]
    }


@pytest.mark.parametrize("facts", [FACTS, OF_IMAGE], ids=["service", "image"])
def test_facts_next_to_the_compose_file_bring_every_fix(in_folder: InFolder, facts: str) -> None:
    in_folder.write("compose.yaml", WEB)
    assert grades(in_folder) == {}
    before = {rule: severity for _, severity, rule in in_folder.rules()}
    in_folder.write("tightship-facts.toml", facts)
    assert grades(in_folder) == dict.fromkeys(RULES, "measured")
    settings = {
        key: value
        for patch in hardened(in_folder)["patches"]
        for key, value in patch["settings"].items()
    }
    assert settings == {
        "read_only": "true",
        "tmpfs": ["/var/cache/web:uid=101"],
        "volumes": ["web-data:/data"],
        "cap_drop": ["ALL"],
        "cap_add": ["SETUID"],
        "security_opt": ["no-new-privileges:true"],
        "mem_limit": "256m",
        "pids_limit": "2048",
    }
    after = {rule: severity for _, severity, rule in in_folder.rules()}
    assert before.keys() == after.keys()
    assert {before[rule] for rule in RULES} == {"info"}
    assert {after[rule] for rule in RULES} == {"warning"}


def proofs(in_folder: InFolder) -> dict[str, str]:
    """Return what the patches for the service ``web`` say of themselves, by their rules."""
    return {one["rule"]: one["proof"] for one in hardened(in_folder)["patches"]}


WORDS = 'used = ["capabilities", "read_only"]\nanswers = ["new_privileges"]\n'


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (FACTS, ("starts", "starts", "starts", "starts")),
        (FACTS + WORDS, ("used", "used", "answers", "starts")),
        (OF_IMAGE + WORDS, ("answers", "answers", "answers", "starts")),
        (
            FACTS.replace('{ name = "SETUID", why = "workers are another user" }', "[]")
            + WORDS.replace('"capabilities", ', ""),
            ("starts", "used", "answers", "starts"),
        ),
    ],
    ids=["before there were words", "of the service", "of its image", "no capability"],
)
def test_a_patch_says_how_far_a_trial_exercised_it(
    in_folder: InFolder, facts: str, words: tuple[str, ...]
) -> None:
    in_folder.write("compose.yaml", WEB)
    in_folder.write("tightship-facts.toml", facts)
    rules = (
        *("default-capabilities-kept", "writable-root-filesystem"),
        *("privilege-escalation-allowed", "unlimited-resources"),
    )
    said = [f"{word} in a trial on 2026-11-29" for word in words]
    assert proofs(in_folder) == dict(zip(rules, said, strict=True))
    in_folder("explain", "--isolation", "web")
    assert ("used: read-only root" in in_folder.out or "used: cap" in in_folder.out) is (
        "used" in words
    )


@pytest.mark.parametrize("name", ["sarif", "json", "html", "markdown"])
def test_each_report_has_the_word(in_folder: InFolder, name: str) -> None:
    in_folder.write("compose.yaml", WEB)
    in_folder.write("tightship-facts.toml", FACTS + WORDS)
    in_folder("check", "--output-format", name)
    assert "used in a trial on 2026-11-29" in in_folder.out
    assert "answers in a trial on 2026-11-29" in in_folder.out


def test_facts_of_another_version_have_no_word(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", WEB.replace("acme/web:2", "acme/web:3"))
    in_folder.write("tightship-facts.toml", FACTS + WORDS)
    assert {*proofs(in_folder).values()} == {"from your facts"}


def test_nobody_is_told_to_try_again_what_a_trial_has_left(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", WEB)
    in_folder("harden")
    assert "`tightship try` can find out more" in in_folder.out
    facts = FACTS.replace("read_only = { works = true }", "read_only = { works = false }")
    in_folder.write("tightship-facts.toml", facts)
    in_folder("harden")
    assert "does not run read-only" in in_folder.said
    assert "can find out more" not in in_folder.out
    in_folder.write("compose.yaml", WEB.replace("web:2", "web:3"))
    in_folder("harden")
    assert "`tightship try` can find out more" in in_folder.out


def test_reports_say_when_and_with_what_and_where_it_is_written(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", WEB)
    in_folder.write("tightship-facts.toml", FACTS)
    said = "measured on 2026-11-29 with acme/web:2, Docker Engine 26.1.5, by tightship-facts.toml:3"
    in_folder("harden")
    assert f"  {said}\n" in in_folder.out
    in_folder("explain", "--isolation", "web")
    assert f"  facts: {said}\n  exercised: port 80 answers\n" in in_folder.out
    assert "  kept, not exercised: NET_RAW: `ping` holds it\n" in in_folder.out
    in_folder("explain", "--isolation", "web", "--output-format", "json")
    assert json.loads(in_folder.out)["services"][0]["facts"][0] == f"facts: {said}"
    assert in_folder("image", "acme/web:3") == 0
    assert in_folder.out.startswith("# web (tightship-facts.toml:3)\n")
    assert f"1. {said.replace('measured on', 'measured: on')}\n" in in_folder.out
    in_folder("image", "acme/web", "--output-format", "json")
    [row] = json.loads(in_folder.out)["images"]
    assert row["measured"]["exercised"] == ["port 80 answers"]
    assert row["read_only"][0]["file"] == "tightship-facts.toml:3"


MEASURED = 'date = "2026-11-29"\n'
LOWER = [
    ("acme/web:2", "acme/web:3", "", "`web:3`"),
    ("acme/web:2", f"acme/web:2@{DIGEST}", f'digest = "sha256:{"0b" * 32}"\n', "`web@sha256"),
    ('"--all"', '"--some"', "", "this command"),
    ("    command", "    user: '5:5'\n    command", 'user = "6:6"\n', "this user"),
    (
        "    command",
        "    entrypoint: [serve]\n    command",
        'entrypoint = ["serve", "x"]\n',
        "this",
    ),
]


@pytest.mark.parametrize(("old", "new", "measured", "said"), LOWER)
def test_another_version_or_other_settings_have_a_lower_grade(
    in_folder: InFolder, old: str, new: str, measured: str, said: str
) -> None:
    in_folder.write("compose.yaml", WEB.replace(old, new))
    in_folder.write("tightship-facts.toml", FACTS.replace(MEASURED, MEASURED + measured))
    assert grades(in_folder) == dict.fromkeys(RULES, "derived")
    in_folder("harden")
    assert "derived from facts measured on 2026-11-29 with acme/web:2" in in_folder.said
    assert f", but not with {said}" in in_folder.said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (MEASURED, f'{MEASURED}digest = "{DIGEST}"\n'),
        (
            f'image = "acme/web:2"\n{MEASURED}',
            f'image = "acme/web:1@{DIGEST}"\n{MEASURED}digest = "sha256:{"0c" * 32}"\n',
        ),
    ],
    ids=["of the image", "in the reference"],
)
def test_the_digest_tells_more_than_the_tag(in_folder: InFolder, old: str, new: str) -> None:
    assert old in FACTS
    in_folder.write("compose.yaml", WEB.replace("acme/web:2", f"acme/web:latest@{DIGEST}"))
    in_folder.write("tightship-facts.toml", FACTS.replace(old, new))
    assert grades(in_folder) == dict.fromkeys(RULES, "measured")


REFUSED = [
    ("acme/web:2", "acme/other:2", "its image was `acme/web` when it was measured"),
    ('"serve"', '"work"', "it ran `serve` when it was measured"),
    ('    command: ["serve", "--all"]\n', "", "it ran `serve` when it was measured"),
    ("    command", "    user: '5'\n    command", "its user was that of the image when"),
    ("    command", "    entrypoint: [/x]\n    command", "it ran `serve` when it was measured"),
    ("image: acme/web:2", "build: .", "its image was `acme/web` when it was measured"),
]


@pytest.mark.parametrize(("old", "new", "said"), REFUSED)
def test_facts_about_another_program_image_or_user_do_not_hold(
    in_folder: InFolder, old: str, new: str, said: str
) -> None:
    assert old in WEB
    in_folder.write("compose.yaml", WEB.replace(old, new))
    in_folder.write("Dockerfile", DOCKERFILE)
    in_folder.write("tightship-facts.toml", FACTS)
    assert grades(in_folder) == {}
    in_folder("harden")
    assert f"tightship-facts.toml:3 does not hold for it: {said}" in in_folder.said


def test_facts_about_a_built_service_hold_for_its_dockerfile(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", BUILT)
    in_folder.write("Dockerfile", DOCKERFILE)
    digest = text_digest(DOCKERFILE)
    assert digest == text_digest(DOCKERFILE.replace("\n", "\r\n"))
    facts = FACTS.replace(MEASURED, f'{MEASURED}dockerfile = "{digest}"\n')
    in_folder.write("tightship-facts.toml", facts)
    assert grades(in_folder) == dict.fromkeys(RULES, "measured")
    in_folder.write("Dockerfile", f"{DOCKERFILE}RUN make\n")
    assert grades(in_folder) == dict.fromkeys(RULES, "derived")
    in_folder("harden")
    assert "but not with this text of `Dockerfile`" in in_folder.said


def test_facts_about_a_base_image_hold_for_what_is_built_on_it(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", "services:\n  web:\n    build: .\n")
    in_folder.write("Dockerfile", 'FROM acme/base:1\nUSER 5\nENTRYPOINT ["/bin/app"]\n')
    assert grades(in_folder) == {}
    assert hardened(in_folder)["patches"] == []
    in_folder.write(
        "tightship-facts.toml",
        '[families."acme/base"]\nsummary = "a base"\nholds_for = "all"\nprograms = []\n'
        'user = { name = "root", source = "us" }\n[families."acme/base".sources]\n'
        'us = "documented: our wiki"\n',
    )
    rules = {patch["rule"] for patch in hardened(in_folder)["patches"]}
    assert "default-capabilities-kept" in rules


@pytest.mark.parametrize(("command", "known"), [("app", True), ("--port=5", True), ("sh", False)])
def test_facts_about_an_image_hold_for_its_programs(
    in_folder: InFolder, command: str, known: bool
) -> None:
    in_folder.write("compose.yaml", WEB.replace('["serve", "--all"]', f'["{command}"]'))
    in_folder.write(
        "tightship-facts.toml",
        'names = ["acme/web"]\nsummary = "a"\nholds_for = "all"\nprograms = ["app"]\n'
        'new_privileges = { needed = false, source = "us" }\n'
        'sources.us = "derived: acme-web.tar"\n',
    )
    found = grades(in_folder)
    assert found == ({"privilege-escalation-allowed": "derived"} if known else {})


def test_what_tightship_knows_to_be_needed_stays(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", "services:\n  web:\n    image: postgres:16\n")
    usual = {patch["rule"]: patch["settings"] for patch in hardened(in_folder)["patches"]}
    facts = FACTS.replace("acme/web:2", "postgres:16").replace('command = ["serve", "--all"]\n', "")
    in_folder.write("tightship-facts.toml", facts)
    found = {patch["rule"]: patch["settings"] for patch in hardened(in_folder)["patches"]}
    assert found.keys() == usual.keys()
    needed = {"DAC_OVERRIDE", "SETGID", "SETUID"}
    assert needed <= set(usual["default-capabilities-kept"]["cap_add"])
    # It changes owners in some set-ups only: that, the run knows better.
    assert set(found["default-capabilities-kept"]["cap_add"]) == needed
    paths = {item.partition(":")[0] for item in found["writable-root-filesystem"]["tmpfs"]}
    assert "/var/cache/web" in paths


def test_where_facts_contradict_those_of_tightship_the_source_says_so(in_folder: InFolder) -> None:
    image = "gitlab/gitlab-ce:17.0.0-ce.0"
    in_folder.write("compose.yaml", f"services:\n  web:\n    image: {image}\n")
    known = in_folder("image", "gitlab/gitlab-ce")
    assert known == 0
    assert "- does not work" in in_folder.out
    facts = FACTS.replace("acme/web:2", image).replace('command = ["serve", "--all"]\n', "")
    in_folder.write("tightship-facts.toml", facts)
    sources = [
        source["where"]
        for patch in hardened(in_folder)["patches"]
        for source in patch["sources"]
        if source["file"]
    ]
    assert any(where.endswith(" says the opposite") for where in sources)


def test_a_privilege_that_the_service_lacks_is_not_granted(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", WEB)
    facts = FACTS.replace('name = "SETUID"', 'name = "SYS_ADMIN"')
    in_folder.write("tightship-facts.toml", facts)
    [patch] = [p for p in hardened(in_folder)["patches"] if "cap_drop" in p["settings"]]
    assert patch["settings"] == {"cap_drop": ["ALL"]}


def test_facts_that_forbid_a_fix_leave_the_finding_as_grave(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", "services:\n  web:\n    image: nginx:1.29\n")
    before = in_folder.rules()
    facts = FACTS.replace("acme/web:2", "nginx:1.29").replace('command = ["serve", "--all"]\n', "")
    facts = facts.replace("works = true", 'works = false, why = "it writes everywhere"')
    in_folder.write("tightship-facts.toml", facts)
    assert in_folder.rules() == before
    assert "writable-root-filesystem" not in grades(in_folder)
    in_folder("harden")
    assert "does not run read-only: it writes everywhere; " in in_folder.said
    assert " says the opposite" in in_folder.said


def test_a_configuration_names_files_of_facts_below_its_root(in_folder: InFolder) -> None:
    in_folder.write("shop/compose.yaml", WEB)
    in_folder.write("shared/images.toml", OF_IMAGE)
    in_folder.write("tightship.toml", 'facts = ["shared/images.toml"]\n')
    assert grades(in_folder, "shop/compose.yaml") == dict.fromkeys(RULES, "measured")
    # A service of another folder is another service.
    in_folder.write("shared/images.toml", FACTS)
    assert grades(in_folder, "shop/compose.yaml") == {}
    assert grades(in_folder, "shop/compose.yaml", "--facts", "shared/images.toml") == dict.fromkeys(
        RULES, "measured"
    )


def test_only_the_user_names_facts_outside_of_the_root(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", WEB)
    in_folder.write("../out.toml", OF_IMAGE)
    (in_folder.folder / ".git").mkdir()
    in_folder.write("tightship.toml", 'facts = ["../out.toml"]\n')
    assert in_folder("check") == 2
    assert "tightship.toml:1:10: `../out.toml` is outside the project root" in in_folder.err
    for options in (("--config", "tightship.toml"), ("--no-config", "--facts", "../out.toml")):
        assert grades(in_folder, *options) == dict.fromkeys(RULES, "measured")


WRONG = [
    ("format = 2", "format = 3", "1:10: `format` has to be `1` or `2`"),
    ('service = "web"', 'service = "a b"', "4:11: `service` has to be the name of a service"),
    ('service = "web"', 'service = "web"\nnames = ["a"]', "a service or about images, not both"),
    (MEASURED, "", "17:15: `measured` needs `date`"),
    ("2026-11-29", "yesterday", "19:8: `date` has to be a day such as `2026-11-29`"),
    ("engine =", "motor =", "unknown key `motor` here; known are `image`, `date`"),
    ("/data", "/${HOME}", "`path` has to be an absolute path"),
    ('"/data"', '"/data\\n"', "`path` has to be an absolute path"),
    ("temporary files", "\\u001b[31m", "this text has a control character"),
    ("NET_RAW: `ping` holds it", "a \\u202e b", "this text has a control character"),
    ("read_only = {", 'like = "../../x/y"\nread_only = {', "there is no file of facts `../../x`"),
    ("read_only = {", 'like = "w"\nread_only = {', "`sets` has no `w`"),
    ("works = true", 'works = true, when = "tag >=x"', "`>=x` needs a version such as `18`"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_a_wrong_file_is_an_error_with_its_line(
    in_folder: InFolder, old: str, new: str, said: str
) -> None:
    assert old in FACTS
    in_folder.write("compose.yaml", WEB)
    in_folder.write("tightship-facts.toml", FACTS.replace(old, new))
    for words in (("check",), ("harden",), ("explain", "--isolation"), ("map",)):
        assert in_folder(*words) == 2
        assert "tightship-facts.toml:" in in_folder.err
        assert said in in_folder.err


def test_a_missing_file_that_settings_name_is_an_error_there(in_folder: InFolder) -> None:
    in_folder.write("compose.yaml", WEB)
    in_folder.write("tightship.toml", 'facts = ["none.toml"]\n')
    assert in_folder("check") == 2
    assert "tightship.toml:1:10: `none.toml` does not exist" in in_folder.err


def _deep(folder: Path) -> None:
    (folder / "tightship-facts.toml").write_text(f"a = {'[' * 5000}{']' * 5000}\n")


def _binary(folder: Path) -> None:
    (folder / "tightship-facts.toml").write_bytes(bytes(range(256)) * 10)


def _huge(folder: Path) -> None:
    (folder / "tightship-facts.toml").write_text("#" * 20_000_000)


def _long(folder: Path) -> None:
    (folder / "tightship-facts.toml").write_text(f"{FACTS}{'#' * 300_000}\n")


def _link(folder: Path) -> None:
    outside = folder.parent / "out.toml"
    outside.write_text(FACTS)
    (folder / ".git").mkdir()
    (folder / "tightship-facts.toml").symlink_to(outside)


def _folder(folder: Path) -> None:
    (folder / "tightship-facts.toml").mkdir()


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "tightship-facts.toml")


def _circle(folder: Path) -> None:
    sets = "".join(f'[sets.s{n}]\nlike = ["s{n + 1}", "s{n + 1}"]\n' for n in range(60))
    text = FACTS.replace('service = "web"', 'service = "web"\nlike = "s0"')
    (folder / "tightship-facts.toml").write_text(f"{text}{sets}[sets.s60]\n")


def _doubling(folder: Path) -> None:
    sets = "".join(
        f'[sets.s{n}]\nports = [{{ like = "s{n + 1}" }}, {{ like = "s{n + 1}" }}]\n'
        for n in range(60)
    )
    text = FACTS.replace('service = "web"', 'service = "web"\nports = { like = "s0" }')
    (folder / "tightship-facts.toml").write_text(f"{text}{sets}[sets.s60]\nports = []\n")


def _many(folder: Path) -> None:
    families = "".join(f"[families.a{n}]\n" for n in range(9_000))
    (folder / "tightship-facts.toml").write_text(families)


HOSTILE = [_deep, _binary, _huge, _long, _link, _folder, _circle, _doubling, _many]


@pytest.mark.parametrize("make", [*HOSTILE, *([_pipe] if hasattr(os, "mkfifo") else [])])
def test_a_hostile_file_is_refused_soon(in_folder: InFolder, make: Any) -> None:
    in_folder.write("compose.yaml", WEB)
    make(in_folder.folder)
    with within(3):
        assert in_folder("check") == 2
    assert "tightship-facts.toml" in in_folder.err
    assert "Traceback" not in in_folder.err
