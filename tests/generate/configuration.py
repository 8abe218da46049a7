"""The schema of the configuration, and the generated parts of its page."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.generate.command import printed
from tests.generate.configuration_schema import schema
from tests.generate.pages import DOCS, table, with_block

from tightship.config.keys import PLATFORMS, with_options
from tightship.config.settings import LOWERINGS
from tightship.config.text import toml_value
from tightship.engine.settings.selection import DEFAULT, STRICT, plain
from tightship.lazy.modules import facts
from tightship.rules import every_option, every_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.config.key import Key

PAGE = DOCS / "configuration.md"
_COMPOSE = "services: {web: {image: nginx:1.29}}\n"
_WRONG = 'ignore = ["root-usr"]\nfail_on = "error"\n'


def schema_file() -> dict[Path, str]:
    """Return the JSON schema of the configuration."""
    return {DOCS / "tightship.schema.json": json.dumps(made_schema(), indent=2) + "\n"}


def made_schema() -> dict[str, Any]:
    """Return the schema, with the words that select rules."""
    rules = every_rule()
    themes = [name for rule in rules for name in (rule.theme, plain(rule.theme))]
    words = {DEFAULT, STRICT, *(rule.name for rule in rules), *themes}
    aliases = {alias for rule in rules for alias in rule.aliases}
    return schema(sorted(words), sorted(aliases), with_options(every_option()))


def page() -> dict[Path, str]:
    """Return the page with all keys, what a host lowers, and the output of a wrong file."""
    text = PAGE.read_text("utf-8")
    rows = _rows(with_options(every_option()))
    text = with_block(text, "keys", table(("key", "example", "meaning"), rows))
    text = with_block(text, "host", _host())
    text = with_block(text, "platforms", _platforms())
    return {PAGE: with_block(text, "output of a wrong file", _output_of_a_wrong_file())}


def _rows(keys: tuple[Key, ...], of: str = "") -> list[str]:
    found = list[str]()
    for key in keys:
        name = f"`{of}{key.name}`"
        example = f"`{key.example}`" if key.example else ""
        default = "" if key.default is None else f" Default: `{toml_value(key.default)}`."
        needed = " Required." if key.needed else ""
        found.append(f"| {name} | {example} | {key.sentences}{default}{needed} |")
        found += _rows(key.keys, f"{of}{key.name}.")
    return found


def _platforms() -> str:
    """Return the table of platforms: their evidence, and what they provide."""
    known = [(name, facts(f"platforms/{name}")) for name in PLATFORMS]
    rows = [
        f"| `{name}`: {one['name']} | {_evidence(one['evidence'])} |"
        f" {_parts(one['provided'])} | {one['source'].replace('*', '&#42;')} |"
        for name, one in known
    ]
    return table(("platform", "evidence", "provides", "source"), rows)


def _parts(provided: Mapping[str, tuple[str, ...]]) -> str:
    kinds = (f"{kind} {', '.join(f'`{one}`' for one in parts)}" for kind, parts in provided.items())
    return "; ".join(kinds)


def _evidence(signs: Mapping[str, Any]) -> str:
    found = [f"`{signs['manifest']}` with `{signs['holds']}`"] if "manifest" in signs else []
    found += [f"the key `{one}`" for one in signs.get("keys", ())]
    comments = " or ".join(f"`{one}`" for one in signs.get("comments", ()))
    found += [f"two of the comments {comments}"] if comments else []
    found += [f"the text `{one}`" for one in signs.get("texts", ())]
    return ", ".join(found)


def _host() -> str:
    rows = (
        f"| `{one.key} = {' | '.join(map(_value, one.values))}` |"
        f" {', '.join(f'[{name}](rules/{name}.md)' for name in one.rules)} |"
        f" {one.why} | {one.source} |"
        for one in LOWERINGS
    )
    made = table(("host", "rules", "why", "source"), rows)
    return made.replace(' | "', ' \\| "')


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def _output_of_a_wrong_file() -> str:
    with TemporaryDirectory() as folder:
        (Path(folder) / ".git").mkdir()
        (Path(folder) / "compose.yaml").write_text(_COMPOSE, encoding="utf-8")
        (Path(folder) / "tightship.toml").write_text(_WRONG, encoding="utf-8")
        done = printed(Path(folder), "check")
    assert done.returncode == 2, done.stdout
    return f"```console\n$ tightship check\n{done.stderr}```\n"
