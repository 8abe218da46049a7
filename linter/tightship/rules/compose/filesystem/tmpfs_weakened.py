"""A tmpfs allows more than it has to.

Docker mounts a `tmpfs` with `noexec`, `nosuid` and `nodev`, so that what is written
there can be neither run as a program nor used as a device. The options `exec`, `suid`
and `dev` undo that. A scratch directory that allows `exec` is the first place for an
attacker's tools in a service whose root file system is read-only.

## How to fix

Remove the option. A few services do run what they unpack into `/tmp`; for them keep
`exec` on the one path that needs it.
"""

from __future__ import annotations

from tightship.compose.loading.tree import Items, Leaf
from tightship.isolation.container import Container
from tightship.rules.kit import (
    Applicability,
    Bad,
    Finding,
    Findings,
    Fix,
    Good,
    Severity,
    by_default,
    rule,
)
from tightship.values.mount import parse_tmpfs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.loading.tree import Value
    from tightship.text import Edit

_WEAK = ("exec", "suid", "dev")


@rule(
    on=Container,
    keys=("tmpfs",),
    severity=Severity.INFO,
    strict=True,
    fix=Applicability.UNSAFE,
    owasp=("R8",),
    cwe=(732,),
    references=(
        "Compose Specification, services, tmpfs",
        "moby 26.1.5, daemon/oci_linux.go, withMounts",
    ),
    aliases=("CL-0022",),
    examples=(
        Bad(
            """
            services:
              web:
                image: web
                tmpfs:
                  - /run
                  - «/tmp:size=64m,exec,suid»
            """,
            fixed="""
            services:
              web:
                image: web
                tmpfs:
                  - /run
                  - /tmp:size=64m
            """,
        ),
        Bad(
            """
            services:
              web: {image: web, tmpfs: «"/tmp:exec"»}
            """,
            fixed="""
            services:
              web: {image: web, tmpfs: "/tmp"}
            """,
        ),
        Good(
            """
            services:
              web:
                image: web
                tmpfs: ["/tmp:exec,noexec,size=64m", "/run:${OPTIONS}"]
            """,
            why="Of `exec` and `noexec` the last one counts.",
        ),
    ),
)
def tmpfs_weakened(container: Container) -> Findings:
    """Point at each tmpfs with a weakening option."""
    for item in container.service.texts("tmpfs").items:
        path, options = parse_tmpfs(item.value or "")
        weak = [word for word in _WEAK if _last_word(options, word)]
        if not weak:
            continue
        kept = ",".join(option for option in options if option not in weak)
        yield Finding(
            item.span,
            f"tmpfs `{path}` of service `{container.name}` allows"
            f" {' and '.join(f'`{word}`' for word in weak)}{by_default(item.provenance)}",
            fix=Fix.unsafe(
                "Leave out " + " and ".join(f"`{word}`" for word in weak),
                _rewrite(container, item.source, f"{path}:{kept}" if kept else path),
                may_break=f"a service that runs what it writes to `{path}`",
            ),
        )


def _last_word(options: list[str], word: str) -> bool:
    said = [option for option in options if option in (word, f"no{word}")]
    return said[-1:] == [word]


def _rewrite(container: Container, item: Value | None, text: str) -> tuple[Edit, ...]:
    service = container.service
    if not isinstance(item, Leaf) or item.templated:
        return ()
    if isinstance(service.value("tmpfs"), Items):
        return service.replace_item("tmpfs", item, text)
    return service.put("tmpfs", text) if service.table.owns("tmpfs") else ()
