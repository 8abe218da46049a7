"""Platforms: ``os[(version)]/architecture/variant``, or one word of these."""

from __future__ import annotations

from tightship.lazy import regex

# From containerd, platforms: the words that may stand alone, and their other names.
_SYSTEMS = frozenset(
    (
        *("aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios"),
        *("js", "linux", "macos", "nacl", "netbsd", "openbsd", "plan9", "solaris"),
        *("windows", "zos"),
    )
)
_ARCHITECTURES = frozenset(
    (
        *("386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "ppc64"),
        *("ppc64le", "loong64", "mips", "mipsle", "mips64", "mips64le", "mips64p32"),
        *("mips64p32le", "ppc", "riscv", "riscv64", "s390", "s390x", "sparc"),
        *("sparc64", "wasm", "i386", "x86_64", "x86-64", "aarch64", "armhf", "armel"),
    )
)
_SAME = {
    "aarch64": "arm64",
    "armel": "arm",
    "armhf": "arm",
    "i386": "386",
    "macos": "darwin",
    "x86-64": "amd64",
    "x86_64": "amd64",
}
_SYSTEM = regex(r"[A-Za-z0-9_-]+(?:\([A-Za-z0-9_.%-]*(?:\+[A-Za-z0-9_.%-]+)*\))?")
_PART = regex(r"[A-Za-z0-9_.-]+")
_MOST_PARTS = 3


def platform_problem(text: str) -> str | None:
    """Return why BuildKit rejects a platform, or nothing."""
    system, *rest = parts = text.split("/")
    is_formed = len(parts) <= _MOST_PARTS and all(map(_PART.fullmatch, rest))
    if not is_formed or _SYSTEM.fullmatch(system) is None:
        return f"`{text}` is not a platform, such as `linux/amd64`"
    name = system.partition("(")[0].lower()
    if not rest and name not in _SYSTEMS and name not in _ARCHITECTURES:
        return f"`{text}` is not a platform: Docker does not know the system or architecture"
    return None


def names_of_platform(text: str) -> tuple[str, ...]:
    """Return Docker's names of system and architecture, if they are given.

    One word is either; an architecture alone means Linux.
    """
    first, *rest = text.lower().split("/")
    names = (first.partition("(")[0], *rest[:1])
    if not rest and first in _ARCHITECTURES:
        names = ("linux", first)
    return tuple(_SAME.get(name, name) for name in names)
