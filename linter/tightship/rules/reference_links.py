"""Links for the references of rules, made of their text: no rule writes an address.

A reference begins with its source, and names the part of it behind a comma, such as
``moby 26.1.5, oci/caps/utils.go``. What has no address of which we are certain stays text.
"""

from __future__ import annotations

import re

from tightship.lazy import regex

_COMPOSE = "https://docs.docker.com/reference/compose-file"
_DOCKER = "https://docs.docker.com"
_GITHUB = "https://github.com"

_FILES = {
    "moby 26.1.5": f"{_GITHUB}/moby/moby/blob/v26.1.5",
    "moby/profiles": f"{_GITHUB}/moby/profiles/blob/main",
    "compose-go": f"{_GITHUB}/compose-spec/compose-go/blob/main",
    "docker/compose": f"{_GITHUB}/docker/compose/blob/main",
    "runc 1.1": f"{_GITHUB}/opencontainers/runc/blob/release-1.1",
    "go-connections 0.4.0": f"{_GITHUB}/docker/go-connections/blob/v0.4.0",
    "BuildKit": f"{_GITHUB}/moby/buildkit/blob/master",
    "Linux": f"{_GITHUB}/torvalds/linux/blob/master",
}
"""The source trees, at the release that the claims were read in where one is named."""

_DOCUMENTS = {
    "Docker documentation, .dockerignore files": "/build/concepts/context/#dockerignore-files",
    "Docker documentation, AppArmor": "/engine/security/apparmor/",
    "Docker documentation, Bind mounts": "/engine/storage/bind-mounts/",
    "Docker documentation, Building best practices": "/build/building/best-practices/",
    "Docker, Building best practices": "/build/building/best-practices/",
    "Docker documentation, Docker daemon attack surface": "/engine/security/#docker-daemon-attack-surface",
    "Docker documentation, Host network driver": "/engine/network/drivers/host/",
    "Docker documentation, Isolate containers with a user": "/engine/security/userns-remap/",
    "Docker documentation, Port publishing": "/engine/network/port-publishing/",
    "Docker documentation, Seccomp": "/engine/security/seccomp/",
    "Docker documentation, build context": "/build/concepts/context/",
    "Docker documentation, build secrets": "/build/building/secrets/",
    "Docker documentation, docker container run": "/reference/cli/docker/container/run/",
    "Docker documentation, docker volume create": "/reference/cli/docker/volume/create/",
    "Docker documentation, how to use secrets": "/compose/how-tos/use-secrets/",
    "Docker documentation, logging drivers": "/engine/logging/configure/",
    "Docker documentation, multi-stage builds": "/build/building/multi-stage/",
    "Docker documentation, object labels": "/engine/manage-resources/labels/",
    "Docker documentation, packet filtering": "/engine/network/packet-filtering-firewalls/",
    "Docker documentation, protect the Docker daemon": "/engine/security/protect-access/",
    "Dockerfile reference, .dockerignore": "/build/concepts/context/#dockerignore-files",
}
_OTHERS = {
    "OCI ": f"{_GITHUB}/opencontainers/image-spec/blob/main/annotations.md",
    "distribution/reference": f"{_GITHUB}/distribution/reference/blob/main/regexp.go",
    "moby 28.2, libnetwork/drivers/bridge": f"{_GITHUB}/moby/moby/tree/v28.2.0/libnetwork/drivers/bridge",
    "PEP 493": "https://peps.python.org/pep-0493/",
    "YAML 1.2": "https://yaml.org/spec/1.2.2/",
    "YAML, merge key": "https://yaml.org/type/merge.html",
    "Git documentation": "https://git-scm.com/docs/git",
    "GNU Coreutils": "https://www.gnu.org/software/coreutils/manual/coreutils.html",
    "GNU Wget": "https://www.gnu.org/software/wget/manual/wget.html",
    "ShellCheck's wiki": "https://www.shellcheck.net/wiki/",
    "Node.js": "https://nodejs.org/api/cli.html",
}
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
    if source in _FILES and _PATH.search(reference):
        return _PATH.sub(lambda path: f"[{path[0]}]({_FILES[source]}/{path[0]})", reference)
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


def owasp(number: str) -> str:
    """Return a rule of OWASP's cheat sheet, such as ``R8``, with its link."""
    address = "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html"
    return f"[OWASP Docker Security Cheat Sheet, rule {number.removeprefix('R')}]({address})"


def cis(number: str) -> str:
    """Return a recommendation of the CIS Docker Benchmark, with the benchmark's link."""
    address = "https://www.cisecurity.org/benchmark/docker"
    return f"[CIS Docker Benchmark 1.6, {number}]({address})"


def _address(reference: str, source: str) -> str:
    for start, path in _DOCUMENTS.items():
        if reference.startswith(start):
            return _DOCKER + path
    for start, address in _OTHERS.items():
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
