"""What configuration files say, and what is said of those that make no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.bounded import within
from tests.config.conftest import WORDS, dumped, problems, settings

from tightship.config.key import ConfigError
from tightship.config.keys import KEYS
from tightship.config.read import MAX_CHARACTERS, read
from tightship.findings import Severity
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.config.key import ConfigProblem, Key
    from tightship.config.settings import Settings

EVERYTHING = """\
select = ["strict"]
ignore = ["no-healthcheck", "Supply_Chain", "DL3006"]
severity = { root-user = "error", filesystem = "info" }
fail-on = "never"
exclude = ["vendor/", "!vendor/ours"]
trusted-registries = ["docker.io/library", "*.example.com:5000"]
require-reason = true
baseline = "ci/baseline.json"
[host]
rootless = true
userns-remap = false
lsm = "selinux"
[[project]]
files = ["compose.yaml", "compose.prod.yaml"]
env-files = ["prod.env"]
name = "shop"
[[probe]]
service = "web"
command = "curl -fsS http://localhost/"
image = "curl:1"
[[per-path]]
paths = ["examples/**"]
select = ["secrets"]
ignore = ["root-user"]
severity = { secrets = "info" }
reason = "shown, not run"
[[per-service]]
services = ["db*"]
files = ["compose.yaml"]
ignore = ["writable-root-filesystem"]
reason = "its data"
"""


def test_every_key_is_read() -> None:
    found = settings(EVERYTHING)
    assert found.select == ("strict",)
    assert found.ignore == ("no-healthcheck", "Supply_Chain", "DL3006")
    assert found.severity == {"root-user": Severity.ERROR, "filesystem": Severity.INFO}
    assert found.fail_on == "never"
    assert found.exclude == ("vendor/", "!vendor/ours")
    assert found.trusted_registries == ("docker.io/library", "*.example.com:5000")
    assert found.require_reason
    assert found.baseline == "ci/baseline.json"
    host = found.host
    assert (host.rootless, host.userns_remap, host.lsm) == (True, False, "selinux")
    [project] = found.projects
    assert project.files == ("compose.yaml", "compose.prod.yaml")
    assert (project.env_files, project.name) == (("prod.env",), "shop")
    [probe] = found.probe
    assert (probe.service, probe.image) == ("web", "curl:1")
    assert probe.command == "curl -fsS http://localhost/"
    [path] = found.per_path
    assert (path.paths, path.select) == (("examples/**",), ("secrets",))
    assert (path.ignore, path.reason) == (("root-user",), "shown, not run")
    assert path.severity == {"secrets": Severity.INFO}
    assert path.services is None
    [service] = found.per_service
    assert (service.services, service.paths) == (("db*",), ("compose.yaml",))
    assert service.ignore == ("writable-root-filesystem",)


def test_unset_keys_have_their_defaults() -> None:
    found = settings("")
    assert (found.select, found.fail_on) == (("default",), "warning")
    assert found.trusted_registries is None
    assert not found.host.rootless
    assert found.host.lsm == "unknown"


def test_a_setting_knows_its_place() -> None:
    found = settings(EVERYTHING)
    place = found.place("host", "lsm")
    assert place is not None
    assert place.source.point(place.start) == (11, 0)
    assert found.per_service[0].place.source.point(found.per_service[0].place.start) == (26, 2)
    assert settings("").place("host", "lsm") is None


def test_a_pyproject_has_a_table_for_it() -> None:
    text = '[project]\nname = "x"\n[tool.tightship]\nfail-on = "info"\n'
    found = settings(text, "a/pyproject.toml")
    assert found.fail_on == "info"
    place = found.place("fail-on")
    assert place is not None
    assert place.source.point(place.start) == (3, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[project]\nname = "tightship"\ndependencies = ["tightship"]\n',
        "[tool.ruff]\nfail-on = 1\n",
        "[tool]\n",
        '[project]\ntightship = "tool.tightship"\n',
    ],
)
def test_a_pyproject_without_that_table_is_not_ours(text: str) -> None:
    assert read(Source("pyproject.toml", text), "/", WORDS) is None


@pytest.mark.parametrize(
    "text",
    [
        "[tool.tightship]\nfail-on = 'info'",
        "[tool]\ntightship.fail-on = 'info'",
        "tool.tightship.fail-on = 'info'",
        "tool = { tightship = { fail-on = 'info' } }",
        '["tool"."tightship"]\nfail-on = "info"',
        " [ tool . tightship ]\nfail-on = 'info'",
    ],
)
def test_the_table_may_be_written_in_every_way(text: str) -> None:
    assert settings(text, "pyproject.toml").fail_on == "info"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("selct = []", "1:1: unknown key `selct` here; did you mean `select`?"),
        ("fail_on = 1", "1:1: unknown key `fail_on` here; did you mean `fail-on`?"),
        ('select = "strict"', "1:10: `select` has to be a list of texts"),
        ("select = ['strict', 3]", "1:21: each of `select` has to be a text"),
        (
            "ignore = [\n  'root-usr',\n]",
            "2:3: unknown rule, theme or set `root-usr`; did you mean `root-user`?",
        ),
        ("ignore = ['DL9999']", "1:11: unknown rule, theme or set `DL9999`"),
        ("ignore = ['']", "1:11: this is empty"),
        ('ignore = ["a\\u0000"]', "1:11: this has a NUL character"),
        (
            "fail-on = 'warnin'",
            "1:11: `fail-on` has to be `error`, `warning`, `info` or `never`; did you mean `warning`?",
        ),
        (
            "severity = { root-user = 'fatal' }",
            "1:26: `root-user` has to be `error`, `warning` or `info`",
        ),
        (
            "severity = { nothing-there = 'info' }",
            "1:14: unknown rule, theme or set `nothing-there`",
        ),
        (
            "severity.root-user = { a = 1 }",
            "1:22: `root-user` has to be `error`, `warning` or `info`",
        ),
        ("require-reason = 1", "1:18: `require-reason` has to be true or false"),
        ("host = true", "1:8: `host` has to be a table"),
        ("[host]\nrotless = true", "2:1: unknown key `rotless` here; did you mean `rootless`?"),
        ("[per-path]", "1:2: `per-path` has to be `[[per-path]]` tables"),
        ("per-service = [1]", "1:16: each of `per-service` has to be a table"),
        (
            "[[per-path]]\npaths = ['a']\nignore = ['root-user']",
            "1:3: `per-path` needs `reason`: the reason, for later readers",
        ),
        (
            "trusted-registries = ['library']",
            "1:23: `library` names no registry, since it has no dot: did you mean"
            " `docker.io/library`?",
        ),
        (
            "trusted-registries = ['https://ghcr.io']",
            "1:23: a registry is named without a scheme, as in an image's name",
        ),
        (
            "baseline = '/etc/passwd'",
            "1:12: paths are relative to the folder of this file, with `/`",
        ),
        ("exclude = ['../x']", "1:12: patterns begin at the folder of this file, and"),
        ("exclude = ['#x']", "1:12: this matches no file"),
        ("[[project]]\nfiles = []", "2:9: `files` has to be a list of one text at least"),
        (
            "[[per-path]]\npaths = []\nreason = 'x'",
            "2:9: `paths` has to be a list of one text at least",
        ),
        ("a = 1\na = 2", "2:6: this is not TOML: cannot overwrite a value"),
        ("\n= 1", "2:1: this is not TOML: invalid statement"),
    ],
)
def test_invalid_values_are_reported_with_their_place(text: str, wanted: str) -> None:
    [problem] = problems(text)
    assert problem.startswith(f"tightship.toml:{wanted}")


def test_all_problems_are_reported_in_the_order_of_the_text() -> None:
    found = problems("[host]\nlsm = 1\nx = 1\n[[project]]\nfiles = 1\nnam = 'a'\n")
    lines = [problem.split(":")[1] for problem in found]
    assert lines == ["2", "3", "5", "6"]


def test_an_overlong_file_is_rejected() -> None:
    [problem] = problems("#" * (MAX_CHARACTERS + 1))
    assert "longer than" in problem


def test_places_are_correct_after_an_error() -> None:
    found = problems("ignore = ['', 3, 'root-usr']")
    assert [one.split(":")[2] for one in found] == ["11", "15", "18"]


@pytest.mark.parametrize(
    "text",
    [
        "exclude = [" + "'*a*',\n" * 2_001 + "]",
        "[[per-path]]\nreason = 'x'\npaths = [" + "'*',\n" * 1_500 + "]\n"
        "[[per-path]]\nreason = 'x'\npaths = [" + "'*',\n" * 1_500 + "]\n",
        "[[per-service]]\nreason = 'x'\nservices = [" + "'a*',\n" * 300 + "]\n",
        "trusted-registries = [" + "'a.b',\n" * 300 + "]",
        "[[project]]\nfiles = ['a']\n" * 600,
        "ignore = [" + "'users',\n" * 2_100 + "]",
    ],
)
def test_the_number_of_entries_is_limited(text: str) -> None:
    assert any("there are more than" in one for one in problems(text))


def test_many_problems_take_no_time() -> None:
    with within(3):
        assert len(problems("ignore = [" + "'root-usr',\n" * 1_999 + "]")) == 50
        assert len(problems("".join(f"selec{n} = 1\n" for n in range(9_000)))) == 50


def names(keys: tuple[Key, ...]) -> list[str]:
    return [name for key in keys for name in (key.name, *names(key.keys))]


words = st.sampled_from(
    [*names(KEYS), "root-user", "secrets", "strict", "error", "a/b", "../..", "docker.io"]
)
values = st.recursive(
    st.booleans() | st.integers() | words | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def attempt(source: Source) -> tuple[Settings | None, list[ConfigProblem]]:
    try:
        return read(source, "/", WORDS), []
    except ConfigError as error:
        return None, list(error.problems)


@given(st.dictionaries(words, values, max_size=5))
def test_any_tables_give_settings_or_problems_with_places(table: dict[str, object]) -> None:
    text = "".join(f"{dumped(key)} = {dumped(value)}\n" for key, value in table.items())
    source = Source("tightship.toml", text)
    found, wrong = attempt(source)
    assert (found is None) == bool(wrong)
    for problem in wrong:
        assert problem.span.source is source
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
    if found is not None:
        assert {key for key in table if found.place(key)} == set(table)


@given(st.text(max_size=60))
def test_any_text_gives_settings_or_problems(text: str) -> None:
    found, wrong = attempt(Source("tightship.toml", text))
    assert (found is None) == bool(wrong)
    attempt(Source("pyproject.toml", text))
