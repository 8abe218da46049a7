"""Links for the references of rules, made of their text: no rule writes an address.

The addresses are in ``facts/references.toml``. A reference begins with its source, and names
the part of it after a comma, such as ``moby 26.1.5, oci/caps/utils.go``. What has no certain
address stays text.
"""

from __future__ import annotations

import re

from tightship.lazy import cache, regex
from tightship.lazy.modules import facts

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
    if source in ("Compose Build Specification", "Compose Deploy Specification"):
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
