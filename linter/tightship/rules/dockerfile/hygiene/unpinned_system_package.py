"""Packages of the distribution are installed without a version.

The same Dockerfile installs other versions tomorrow: a build that worked fails, or an image
behaves differently although the file is the same. The file does not show which
version an image has.

Distributions remove old versions from their servers, so you have to update pinned
versions often. Another way is to pin the base image by digest and use a snapshot of
the package server; then disable this rule.

## How to fix

Add the version: `apt-get install -y curl=8.14.1-2`, `apk add curl=8.14.1-r2`, `dnf
install -y curl-8.12.1`, `zypper install -y curl=8.14.1`.
"""

from tightship.rules import Bad, Finding, Findings, Good, PackageCommand, Run, ShellWord, regex, rule  # fmt: skip

_VERBS = frozenset(("install", "add", "in", "reinstall"))
_PINNED = {
    "apt": regex(r".*[=/].*|.*\.deb|.*-"),
    "apk": regex(r".*[=<>~/].*|.*\.apk|!.*"),
    "yum": regex(r".*-[0-9~^*].*|.*\.rpm|.*[:/].*|@.*"),
    "zypper": regex(r".*[=<>].*|.*-[0-9].*|.*\.rpm|.*[:/].*"),
}


@rule(
    on=Run,
    severity="info",
    references=("Docker, Building best practices, version pinning",),
    aliases=(
        "DL3008",
        "DL3018",
        "DL3033",
        "DL3037",
        "DL3041",
        "kics:965a08d7",
        "kics:93d88cf7",
        "kics:d3499f6d",
        "kics:6452c424",
        "kics:562952e4",
    ),
    advice="add the version, such as `curl=8.14.1-2`",
    examples=(
        Bad("""
            FROM debian:13
            RUN apt-get update && apt-get install -y «curl» jq=1.7.1-6
        """),
        Bad("""
            FROM alpine:3.22
            RUN apk add --no-cache --virtual .build «gcc» musl-dev
        """),
        Good("""
            FROM debian:13
            ARG VERSION=1.7.1-6
            RUN apt-get update && apt-get install -y jq=${VERSION} ./local.deb
        """),
        Good("""
            FROM rockylinux:9
            RUN dnf install -y nginx-1.20.1 && dnf install -y $PACKAGES
        """).because("The variable may contain versions."),
    ),
)
def unpinned_system_package(run: Run) -> Findings:
    """Point at the first package of each command without a version."""
    for call in run.calls:
        command = PackageCommand.of(call)
        if (
            command is None
            or command.verb.value not in _VERBS
            or command.only_shows
            or command.program.name == "aptitude"
        ):
            continue
        open_ones = [word for word in command.operands if not _is_pinned(command, word)]
        if open_ones:
            first = open_ones[0]
            others = len(open_ones) - 1
            more = f" and {others} more are" if others else " is"
            yield Finding(first.span, f"`{first.value}`{more} installed without a fixed version")


def _is_pinned(command: PackageCommand, word: ShellWord) -> bool:
    """Return whether a package has a version, or may have one."""
    if word.value is None or not word.value:
        return True
    return _PINNED[command.family].fullmatch(word.value) is not None
