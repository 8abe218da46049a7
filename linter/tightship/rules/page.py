"""A rule as a page: for ``tightship rule``, for hovers and for the web.

No rule writes an address: links are made of the text of its references, by
``facts/references.toml``. A reference begins with its source, and names the part of it after
a comma, such as ``moby 26.1.5, oci/caps/utils.go``. What has no certain address stays text.
"""

from __future__ import annotations

import re
from functools import cache

from tightship.lazy import TYPE_CHECKING, regex
from tightship.lazy.modules import facts
from tightship.rules.catalogues import controls_of
from tightship.rules.definition import FORMER_NAMES
from tightship.rules.example import Bad, Good, Verified, marked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeVar

    from tightship.config.key import Key
    from tightship.rules.definition import Rule
    from tightship.rules.example import Unverified

    E = TypeVar("E", Bad, Good)

# What the lab records in tests/oracles/isolation.json.
ENGINE = "Docker Engine 26.1.5 (Compose 2.26.1, Linux 6.18)"


def page(rule: Rule) -> str:
    """Render a rule as Markdown."""
    return rule.own_page or "\n".join(_lines(rule)) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield f"# {rule.name}"
    yield ""
    note = f" ({rule.severity_note})" if rule.severity_note else ""
    yield f"Severity: {rule.severity.word}{note}  "
    yield f"Theme: {rule.theme.replace('_', ' ')}  "
    yield f"Set: {rule.set}  "
    yield f"Fix: {rule.fix.words if rule.fix else 'manual'}"
    yield ""
    yield rule.doc
    yield ""
    if rule.options:
        yield from _options(rule)
    yield "## Examples"
    for example in rule.examples:
        yield ""
        yield f"{_verdict(rule, example)} {example.why}".rstrip()
        yield from _files(rule, example.files)
        if isinstance(example, Bad) and example.fixed is not None:
            yield ""
            yield "After the fix:"
            yield from _files(rule, example.fixed)
    yield ""
    if rule.checked is not None:
        yield from _checked(rule, rule.checked)
    yield "## References"
    yield ""
    yield from (f"- {one.reference}" for one in controls_of(rule.name))
    yield from (f"- {cwe(number)}" for number in rule.cwe)
    yield from (f"- {linked(reference)}" for reference in rule.references)
    if rule.absorbs or rule.absorbs_here:
        absorbed = (f"`{name}`" for name in (*rule.absorbs, *rule.absorbs_here))
        yield ""
        yield f"Includes the findings of {', '.join(absorbed)}."
    yield from _other_names(rule)


def _other_names(rule: Rule) -> Iterator[str]:
    former = FORMER_NAMES.get(rule.name)
    others = [alias for alias in rule.aliases if alias != former]
    if others:
        yield ""
        yield f"Names in other linters: {', '.join(f'`{a}`' for a in others)}."
    if former:
        yield ""
        yield f"Former name: `{former}`, which still selects and accepts."


def _checked(rule: Rule, checked: Verified | Unverified) -> Iterator[str]:
    yield "## Checked"
    yield ""
    if not isinstance(checked, Verified):
        yield f"From the sources below, not seen on a running engine: {checked.why}."
        yield ""
        return
    shown, control = files_to_run(rule, checked)
    where = where_control = ""
    if checked.files is not None:
        where = where_control = ", with these files"
    elif shown:
        fixed = _first(rule, Bad).fixed is not None
        where = ", with the first example"
        where_control = ", after its fix" if fixed else ", with the first “Not found” example"
    if checked.stand_in:
        where = f", on a stand-in image built from Debian packages{where}"
    yield f"Seen on {ENGINE}{where}:"
    if checked.files is not None:
        yield from _files(rule, shown)
    yield from _console(checked.shown)
    yield f"For comparison{where_control}:"
    if checked.files is not None:
        yield from _files(rule, control)
    yield from _console(checked.control)
    if checked.note:
        yield checked.note
        yield ""
    if shown and "config" not in checked.shown:
        yield "`docker compose down` cleans up after these commands."
        yield ""


def _console(transcript: str) -> Iterator[str]:
    from textwrap import dedent

    yield ""
    yield "```console"
    yield dedent(transcript).strip()
    yield "```"
    yield ""


def files_to_run(rule: Rule, seen: Verified) -> tuple[dict[str, str], dict[str, str]]:
    """Return the files next to which commands show a claim, and those of the control.

    Commands that do not call Compose need none.
    """
    if seen.files is None and "docker compose" not in seen.shown:
        return {}, {}
    bad = _first(rule, Bad)
    shown, control = seen.files or (bad.files, bad.fixed or _first(rule, Good).files)
    return _plain(shown), _plain(control)


def _first(rule: Rule, kind: type[E]) -> E:
    return next(one for one in rule.examples if isinstance(one, kind))


def _plain(files: str | dict[str, str]) -> dict[str, str]:
    by_path = files if isinstance(files, dict) else {"compose.yaml": files}
    return {path: marked(text)[0] for path, text in by_path.items()}


def _options(rule: Rule) -> Iterator[str]:
    from tightship.config.text import toml_key

    yield "## Options"
    yield ""
    yield "```toml"
    yield f"[rules.{toml_key(rule.name)}]"
    yield from (f"{option.name} = {option.example}" for option in rule.options)
    yield "```"
    yield ""
    for option in rule.options:
        yield f"- `{option.name}`: {option.sentences}{_default(option)}"
    yield ""


def _default(option: Key) -> str:
    if option.default is None:
        return " The rule is off until this is set."
    from tightship.config.text import toml_value

    return f" By default: `{toml_value(option.default)}`."


def _verdict(rule: Rule, example: Good | Bad) -> str:
    if isinstance(example, Good):
        return "Not found."
    if example.severity not in (None, rule.severity):
        article = "a" if example.severity.word == "warning" else "an"
        return f"Found, as {article} {example.severity.word}."
    return "Found."


def _files(rule: Rule, files: str | dict[str, str]) -> Iterator[str]:
    for path, text in files.items() if isinstance(files, dict) else [("", files)]:
        yield ""
        if path:
            yield f"`{path}`:"
            yield ""
        yield f"```{_language(rule, path)}"
        yield marked(text)[0].rstrip()
        yield "```"


def _language(rule: Rule, path: str) -> str:
    """Return the language of an example: that of its file, or of the rule."""
    if "Dockerfile" in path or (not path and rule.language == "dockerfile"):
        return "dockerfile"
    ending = path.rpartition(".")[2] or "yaml"
    return ending if ending in ("yaml", "toml", "json", "sh") else "text"


_DOCKER = "https://docs.docker.com"
_COMPOSE = f"{_DOCKER}/reference/compose-file"
_CHAPTERS = ("include", "interpolation", "merge", "fragments", "secrets", "develop")
_PAGE = regex(r"\b([A-Za-z][\w.-]*)\((\d)(?:const)?\)")
_PATH = regex(r"[\w.-]+(?:/[\w.-]+)+\.(?:go|json|c|rst|txt)\b")
_CHECK = regex(r"\b[A-Z]\w*[a-z][A-Z]\w*\b")
# Programs whose manuals Debian has; the others are in the Linux man-pages.
_OF_DEBIAN = regex(r"apt|sources\.list|curl|wget|dnf|rpm|zypper|ssh-agent|sudo")
_ELSEWHERE = ("Xsecurity", "pacman.conf", "apk", "container_selinux")


def linked(reference: str) -> str:
    """Return a reference in Markdown, with links where the address is certain."""
    source = reference.partition(",")[0]
    tree = _addresses("trees").get(source)
    if tree and _PATH.search(reference):
        return _PATH.sub(lambda path: f"[{path[0]}]({tree}/{path[0]})", reference)
    before, comma, checks = reference.partition("build checks, ")
    if comma:
        return before + comma + _CHECK.sub(_build_check, checks)
    address = _address(reference, source)
    if address:
        return f"[{reference}]({address})"
    return _PAGE.sub(_manual, reference)


def cwe(number: int) -> str:
    """Return a number of the Common Weakness Enumeration, with its link."""
    return f"[CWE-{number}](https://cwe.mitre.org/data/definitions/{number}.html)"


@cache
def _addresses(table: str) -> dict[str, str]:
    """Return the addresses of a table of the facts."""
    found: dict[str, str] = facts("references")[table]
    return found


def _address(reference: str, source: str) -> str:
    for start, address in _addresses("documents").items():
        if reference.startswith(start):
            return address
    if reference.startswith("CVE-"):
        return f"https://www.cve.org/CVERecord?id={reference}"
    part = reference[len(source) + 2 :]
    if source == "Dockerfile reference":
        word = re.match(r"[A-Z]{3,}\b", part)
        anchor = f"#{word[0].lower()}" if word else ""
        return f"{_DOCKER}/reference/dockerfile/{anchor}"
    if source in [f"Compose {one} Specification" for one in ("Build", "Deploy", "Develop")]:
        key = re.match(r"[a-z_]+", part)
        page = source.split()[1].lower()
        return f"{_COMPOSE}/{page}/#{key[0]}" if key else f"{_COMPOSE}/{page}/"
    if source == "Compose Specification":
        return _COMPOSE + _chapter(part)
    return ""


def _chapter(part: str) -> str:
    first, _, rest = part.partition(", ")
    if first == "services":
        key = re.match(r"[a-z_]+", rest)
        return f"/services/#{key[0]}" if key else "/services/"
    chapter = first.split(" ")[0]
    return f"/{chapter}/" if chapter in _CHAPTERS else "/"


def _build_check(name: re.Match[str]) -> str:
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", name[0])
    page = "-".join(word.lower() for word in words)
    return f"[{name[0]}]({_DOCKER}/reference/build-checks/{page}/)"


def _manual(page: re.Match[str]) -> str:
    name, section = page[1], page[2]
    if name in _ELSEWHERE:
        return page[0]
    if _OF_DEBIAN.match(name):
        return f"[{page[0]}](https://manpages.debian.org/{name}.{section})"
    suffix = f"{section}const" if page[0].endswith("const)") else section
    address = f"https://man7.org/linux/man-pages/man{suffix}/{name}.{suffix}.html"
    return f"[{page[0]}]({address})"
