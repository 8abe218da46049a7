"""Packages are installed without a signature check.

A package manager downloads packages from servers that it does not know, and runs
their scripts as root. This is safe only because a key that the system already has
signs each package, or the list of packages. Without the check, a mirror, a proxy, or
an attacker who answers for the server decides which code runs in the build and ends
up in the image.

TLS is no substitute: it identifies the mirror, but does not show that the mirror is
honest or intact. Many repositories still use plain HTTP, because they rely on
signatures alone.

A repository in a folder of the image itself (`deb [trusted=yes] file:/packages ./`)
is not reported. Packages that `apk` installs from the files of an earlier stage have no
signature unless the build makes one: the finding is then an info.

## How to fix

Remove the option, and give the package manager the key that signs the packages:
`signed-by=` in an APT source, `gpgkey=` in a `.repo` file, a file in `/etc/apk/keys`,
`rpm --import`. Copy the key from your repository, or check its fingerprint after the
download.
"""

from tightship.rules import SIGNATURE_VERIFICATION, Add, Bad, Copy, Finding, Findings, Good, Related, Run, Severity, Step, adds_own_packages, may_install, rule, verification_bypasses  # fmt: skip


@rule(
    on=(Run, Copy, Add),
    severity="warning",
    severity_note="info if an earlier stage made all packages that `apk` installs",
    cwe=(347,),
    references=(
        "apt-get(8), --allow-unauthenticated",
        "sources.list(5), trusted",
        "apk(8), --allow-untrusted",
        "dnf.conf(5), gpgcheck",
        "zypper(8), --no-gpg-checks",
        "rpm(8), --nosignature",
        "pacman.conf(5), SigLevel",
    ),
    aliases=(
        "checkov:CKV2_DOCKER_7",
        "checkov:CKV2_DOCKER_8",
        "checkov:CKV2_DOCKER_9",
        "checkov:CKV2_DOCKER_10",
        "checkov:CKV2_DOCKER_11",
    ),
    advice="remove the option, and install the key that signs the packages",
    examples=(
        Bad("""
            FROM debian:13.2
            RUN apt-get update && apt-get install -y «--allow-unauthenticated» nginx
        """),
        Bad("""
            FROM alpine:3.22 AS build
            RUN abuild -F
            FROM alpine:3.22
            COPY --from=build /packages/ /packages/
            RUN apk add «--allow-untrusted» /packages/*.apk
        """).at("info", "The packages come from this build, not from a mirror."),
        Bad("""
            FROM debian:13.2
            RUN echo "deb [arch=amd64 «trusted=yes»] https://example.com/apt stable main" \\
                > /etc/apt/sources.list.d/example.list
        """),
        Bad("""
            FROM alpine:3.22
            RUN apk add --no-cache «--allow-untrusted» glibc.apk
        """),
        Bad("""
            FROM rockylinux:9
            COPY <<EOF /etc/yum.repos.d/example.repo
            [example]
            baseurl=https://example.com/rpm
            «gpgcheck=0»
            EOF
            RUN dnf install -y «--nogpgcheck» example
        """),
        Good("""
            FROM debian:13.2
            COPY example.gpg /usr/share/keyrings/
            RUN echo "deb [signed-by=/usr/share/keyrings/example.gpg] https://example.com/apt stable main" \\
                > /etc/apt/sources.list.d/example.list
        """),
        Good("""
            FROM debian:13.2
            RUN echo "deb [trusted=yes] file:/packages ./" > /etc/apt/sources.list.d/local.list
        """).because("These packages are already in the image."),
        Good("""
            FROM opensuse/leap:15.6
            RUN zypper --gpg-auto-import-keys refresh
        """).because("Signatures are checked, with a key from an unverified download."),
        Good("""
            FROM rockylinux:9
            RUN rpm -qp --nosignature example.rpm
        """).because("This is a query and installs nothing."),
    ),
)  # fmt: skip
def package_signature_unchecked(step: Step) -> Findings:
    """Point at what turns the check of signatures off, once for each command."""
    for one in verification_bypasses(step, SIGNATURE_VERIFICATION):
        places = [off for off in one.places if may_install(off)]
        if not places:
            continue
        first, *others = places
        yield Finding(
            first.span,
            f"`{first.label}` makes {first.program} accept packages without a valid signature",
            severity=Severity.INFO if adds_own_packages(first, step) else None,
            because=tuple(Related(off.span, f"so does `{off.label}`") for off in others),
        )
