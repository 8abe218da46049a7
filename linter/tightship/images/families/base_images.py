"""Base images: distributions, languages, and what builds with them.

They start as root. The project decides what runs in them, so only the user is known.
Only `node` has an unprivileged account: set `USER node` in a Dockerfile, or
`user: node` in Compose.
"""

from __future__ import annotations

from tightship.images.conditions import tags
from tightship.images.facts import Account, User, derived, documented
from tightship.images.family import Family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.images.conditions import Condition

_COMMITS = {
    "alpine": "alpinelinux/docker-alpine@7d63673353bd, x86_64/Dockerfile",
    "amazoncorretto": "corretto/corretto-docker@7075fecda59b, 8/jdk/al2023/Dockerfile",
    "bash": "tianon/docker-bash@2b927ed0d7d1, 5.3/Dockerfile",
    "buildpack-deps": "docker-library/buildpack-deps@1f4fe499c668, debian/trixie/Dockerfile",
    "busybox": "docker-library/busybox@9c2087811429, latest/glibc/Dockerfile",
    "composer": "composer/docker@e1056b5bda92, latest/Dockerfile",
    "eclipse-temurin": "adoptium/containers@d8d18d67a32e, 25/jdk/ubuntu/resolute/Dockerfile",
    "golang": "docker-library/golang@7aa947b3fda4, 1.27/trixie/Dockerfile",
    "hello-world": "docker-library/hello-world@a1942f2745e7, amd64/Dockerfile",
    "maven": "carlossg/docker-maven@1efa2614402e, eclipse-temurin-26-noble/Dockerfile",
    "node": "nodejs/docker-node@6f0689e04494, 26/trixie/Dockerfile",
    "openjdk": "docker-library/openjdk@da2d75fdafc1, 27/oraclelinux10/Dockerfile",
    "pypy": "docker-library/pypy@84c50d19b0b9, 3.11/trixie/Dockerfile",
    "python": "docker-library/python@4f07059567fa, 3.14/trixie/Dockerfile",
    "ruby": "docker-library/ruby@d55e25ae7098, 4.0/trixie/Dockerfile",
    "rust": "rust-lang/docker-rust@7668ee290612, stable/trixie/Dockerfile",
}
# Read without a commit: none of their Dockerfiles has a USER.
_REPOSITORIES = {
    "almalinux": "AlmaLinux/container-images",
    "amazonlinux": "amazonlinux/container-images",
    "archlinux": "archlinux/archlinux-docker",
    "centos": "CentOS/sig-cloud-instance-images",
    "debian": "debuerreotype/docker-debian-artifacts",
    "elixir": "erlef/docker-elixir",
    "erlang": "erlang/docker-erlang-otp",
    "fedora": "fedora-cloud/docker-brew-fedora",
    "gcc": "docker-library/gcc",
    "haskell": "haskell/docker-haskell",
    "julia": "docker-library/julia",
    "nvidia/cuda": "gitlab.com/nvidia/container-images/cuda",
    "oraclelinux": "oracle/container-images",
    "perl": "Perl/docker-perl",
    "rockylinux": "rocky-linux/sig-cloud-instance-images",
    "swift": "swiftlang/swift-docker",
    "ubuntu": "cloud-images/+oci/ubuntu-base",
}
_GRADLE = derived("gradle/docker-gradle@528a647c5a65, jdk25-resolute/Dockerfile")

_DISTROLESS_BASES = derived("GoogleContainerTools/distroless@fd67bd583717, base/base.bzl")
_DISTROLESS = tuple(
    f"gcr.io/distroless/{kind}{release}"
    for kind in (
        *("static", "base", "base-nossl", "cc", "python3"),
        *("java", "java-base", "java11", "java17", "java21", "java25"),
        *("nodejs", "nodejs18", "nodejs20", "nodejs22", "nodejs24"),
    )
    for release in ("", "-debian11", "-debian12", "-debian13")
)

NAMES = (*_COMMITS, *_REPOSITORIES, *_DISTROLESS, "gradle")


def family(name: str) -> Family:
    """Return the family of one of the names."""
    if name in _DISTROLESS:
        return _distroless(name)
    accounts: tuple[Account, ...] | None = None
    when: tuple[Condition, ...] = ()
    if name == "gradle":
        # Early versions had `USER gradle`.
        source, when = _GRADLE, (tags(">=6"),)
    elif name in _COMMITS:
        source = derived(_COMMITS[name])
    else:
        source = documented(f"{_REPOSITORIES[name]}, Dockerfile: no USER")
    if name == "node":
        accounts = (Account("node", 1000, 1000, source),)
    return Family(
        names=(name,),
        summary=f"a base image, `{name}`",
        holds_for="all versions",
        programs=(),
        user=(User("root", source, *when),),
        accounts=accounts,
    )


def _distroless(name: str) -> Family:
    source = _DISTROLESS_BASES
    return Family(
        names=(name,),
        summary=f"a base image without a shell, `{name}`",
        holds_for="all versions",
        programs=(),
        user=(User("nonroot", source, tags("nonroot")), User("root", source, tags("!nonroot"))),
        accounts=(Account("nonroot", 65532, 65532, source, tags("nonroot")),),
    )
