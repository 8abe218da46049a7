"""Packages of the distribution are installed without a version.

The same Dockerfile installs other versions tomorrow: a build that worked fails, or an image
behaves differently although the file is the same. The file does not show which
version an image has.

Distributions remove old versions from their servers, so you have to update pinned
versions often. Another way is to pin the base image by digest and use a snapshot of
the package server; then disable this rule. The rule says nothing about `pacman`, whose
servers have one version of each package. It reads packages in a variable if the script, ENV or
ARG decides its value. The version of a module of dnf is its stream, `nodejs:20`.

## How to fix

Add the version: `apt-get install -y curl=8.14.1-2`, `apk add curl=8.14.1-r2`, `dnf
install -y curl-8.12.1`, `zypper install -y curl=8.14.1`.
"""

from tightship.rules import Bad, Finding, Findings, Good, Run, rule

_IDS = {
    "DL3008": "apt apt-get aptitude",
    "DL3018": "apk",
    "DL3033": "yum",
    "DL3037": "zypper",
    "DL3041": "dnf microdnf tdnf",
    "kics:965a08d7": "apt apt-get aptitude",
    "kics:93d88cf7": "dnf",
    "kics:d3499f6d": "apk",
    "kics:6452c424": "yum",
    "kics:562952e4": "zypper",
}


@rule(
    on=Run,
    severity="info",
    references=("Docker, Building best practices, version pinning",),
    aliases=(*_IDS,),
    advice="add the version that you tested",
    examples=(
        Bad("""
            FROM debian:13
            RUN apt-get update && apt-get install -y «curl» jq=1.7.1-6
        """),
        Bad("""
            FROM alpine:3.22
            RUN apk add --no-cache --virtual .build «gcc» musl-dev
        """),
        Bad("""
            FROM debian:13
            RUN tools='«gcc» make'; apt-get install -y $tools && make && apt-get purge -y $tools
        """),
        Good("""
            FROM debian:13
            ARG VERSION=1.7.1-6
            RUN apt-get update && apt-get install -y jq=${VERSION} ./local.deb
        """),
        Good("""
            FROM rockylinux:9
            RUN dnf install -y nginx-1.20.1 && dnf install -y $PACKAGES
        """).because("The variable is unknown, and may contain versions."),
    ),
)
def unpinned_system_package(run: Run) -> Findings:
    """Point at the first package of each command without a version."""
    for command in run.package_commands:
        manager = command.manager
        if not manager.is_system or manager.name == "pacman" or command.only_shows:
            continue
        if command.unpinned:
            first, *others = command.unpinned
            more = f" and {len(others)} more are" if others else " is"
            yield Finding(
                first.word.span,
                f"`{first.word.value}`{more} installed without a fixed version",
                known_as=command.known_as(_IDS),
            )
