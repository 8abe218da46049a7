"""References of rules are links where the address is certain."""

from __future__ import annotations

import re

import pytest

from tightship.rules import every_rule
from tightship.rules.page import linked, page

DOCS = "https://docs.docker.com"
MOBY = "https://github.com/moby/moby/blob/v26.1.5"

# Seen by ourselves, facts of our own, and documents that move.
WITHOUT = re.compile(
    r".*seen to |Tightship|Debian, base-passwd|Docker Official Images|docker-compose 2"
    r"|BuildKit, frontend|go-selinux|moby/sys|moby, daemon|runc 1.1, libcontainer/specconv"
    r"|(Elasticsearch|Neo4j|Redis|MySQL|Traefik|npm|pip|GitHub)\b|Linux, cgroup v2"
    r"|the lifecycle pages of the vendors"
    r"|(X Window System|apk\(8\)|container-selinux|pacman.conf)"
)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        (
            "Compose Specification, services, cap_add",
            f"({DOCS}/reference/compose-file/services/#cap_add)",
        ),
        ("Compose Specification, include", f"({DOCS}/reference/compose-file/include/)"),
        (
            "Compose Deploy Specification, resources",
            f"({DOCS}/reference/compose-file/deploy/#resources)",
        ),
        ("Dockerfile reference, ADD --checksum", f"({DOCS}/reference/dockerfile/#add)"),
        (
            "BuildKit, build checks, JSONArgsRecommended",
            f"({DOCS}/reference/build-checks/json-args-recommended/)",
        ),
        ("moby 26.1.5, oci/oci.go, X", f"[oci/oci.go]({MOBY}/oci/oci.go), X"),
        (
            "Linux, capabilities(7)",
            "[capabilities(7)](https://man7.org/linux/man-pages/man7/capabilities.7.html)",
        ),
        ("apt-get(8), --yes", "[apt-get(8)](https://manpages.debian.org/apt-get.8)"),
        ("CVE-2022-0492", "(https://www.cve.org/CVERecord?id=CVE-2022-0492)"),
    ],
)
def test_a_reference_leads_to_its_source(reference: str, expected: str) -> None:
    assert expected in linked(reference)


def test_each_path_of_a_source_tree_is_a_link() -> None:
    text = linked("moby 26.1.5, oci/caps/utils.go, daemon/oci_linux.go")
    assert text.count(f"({MOBY}/") == 2


def test_other_references_are_links() -> None:
    texts = {text for rule in every_rule() for text in rule.references}
    plain = {text for text in texts if "](https://" not in linked(text)}
    assert {text for text in plain if not WITHOUT.match(text)} == set()
    assert len(plain) < len(texts) / 6


def test_the_numbers_of_standards_are_links() -> None:
    for rule in every_rule():
        shown = page(rule).partition("## References")[2]
        for line in shown.splitlines():
            assert not line.startswith(("- CIS", "- OWASP", "- CWE"))
