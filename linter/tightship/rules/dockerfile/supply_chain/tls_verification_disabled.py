"""TLS verification is disabled.

Without this check, TLS encrypts but does not identify the server. An attacker between
the build and the server (a proxy, a router, a machine in the same network, a poisoned
name server) can answer in its place with another certificate. The attacker then
controls the download: packages, scripts, or keys that verify others. The attacker
also gets the tokens in the request.

A setting in `ENV`, or in a configuration file, also affects later programs and the
container: with `NODE_TLS_REJECT_UNAUTHORIZED=0`, an attacker can read and change
every connection of the application.

The rule ignores requests to the container itself, such as a health check to
`https://localhost`, and `curl -k` with `http://` URLs only, because there is no
certificate to check.

## How to fix

Remove the option. If your own authority signed the server's certificate, add the
authority: copy it to `/usr/local/share/ca-certificates/` and run
`update-ca-certificates`, or pass it with `curl --cacert`, `pip --cert`, `npm config
set cafile`, `git -c http.sslCAInfo`, or `NODE_EXTRA_CA_CERTS`. In a minimal image,
install the package `ca-certificates`.
"""

from tightship.rules import CERTIFICATE_VERIFICATION, Add, Arg, Bad, Cmd, Copy, Entrypoint, Env, Finding, Findings, Good, Healthcheck, Related, Run, Step, is_harmless, passed, rule, verification_bypasses, with_defaults  # fmt: skip


@rule(
    on=(Run, Env, Arg, Copy, Add, Cmd, Entrypoint, Healthcheck),
    severity="warning",
    cwe=(295,),
    references=(
        "curl(1), --insecure",
        "wget(1), --no-check-certificate",
        "pip documentation, --trusted-host",
        "git-config(1), http.sslVerify",
        "npm documentation, config, strict-ssl",
        "Node.js documentation, NODE_TLS_REJECT_UNAUTHORIZED",
        "dnf.conf(5), sslverify",
        "apt-transport-https(1), Verify-Peer",
    ),
    aliases=(
        "checkov:CKV2_DOCKER_2",
        "checkov:CKV2_DOCKER_3",
        "checkov:CKV2_DOCKER_4",
        "checkov:CKV2_DOCKER_5",
        "checkov:CKV2_DOCKER_6",
        "checkov:CKV2_DOCKER_12",
        "checkov:CKV2_DOCKER_13",
        "checkov:CKV2_DOCKER_14",
        "checkov:CKV2_DOCKER_15",
        "checkov:CKV2_DOCKER_16",
    ),
    advice="remove the option; add your own authority with"
    " `update-ca-certificates` or `curl --cacert`",
    examples=(
        Bad("""
            FROM debian:13.2
            RUN curl «-fsSLk» https://example.com/tool.tar.gz | tar xz -C /opt
            RUN wget «--no-check-certificate» https://example.com/tool.deb
        """),
        Bad("""
            FROM node:24
            ENV «NODE_TLS_REJECT_UNAUTHORIZED=0»
            RUN npm config set «strict-ssl false» && npm ci
        """),
        Bad("""
            FROM python:3.14
            RUN pip install «--trusted-host pypi.example» -r requirements.txt
            RUN git «-c http.sslVerify=false» clone https://git.example/lib.git
        """),
        Bad("""
            FROM rockylinux:9
            RUN echo "«sslverify=false»" >> /etc/yum.conf
        """),
        Bad("""
            FROM alpine/git:2.49
            ENV «GIT_SSL_NO_VERIFY=false»
        """).because("Git only checks whether the variable exists."),
        Good("""
            FROM debian:13.2
            COPY authority.crt /usr/local/share/ca-certificates/
            RUN update-ca-certificates && curl -fsSL https://example.com/tool.tar.gz -o tool
        """),
        Good("""
            FROM debian:13.2
            HEALTHCHECK CMD curl -fk https://localhost:8443/health || exit 1
        """).because("The container connects to itself."),
        Good("""
            FROM debian:13.2
            RUN echo "curl -k https://example.com" > /usage.txt
        """).because("The command is only text here."),
    ),
)
def tls_verification_disabled(step: Step) -> Findings:
    """Point at what turns the check of certificates off, once for each command."""
    # A health check mostly queries its own container, even as `https://$HOST`.
    is_local = isinstance(step, Healthcheck)
    for one in verification_bypasses(step, CERTIFICATE_VERIFICATION):
        places = [off for off in one.places if not is_harmless(off, unless_known=is_local)]
        if not places:
            continue
        first, *others = places
        yield Finding(
            first.span,
            f"{first.program} accepts any certificate: `{first.label}` turns the"
            " verification off" + (with_defaults(one.value) if one.value is not None else ""),
            because=(
                *(passed(one.value) if one.value is not None else ()),
                *(Related(off.span, f"{off.program} too: `{off.label}`") for off in others),
            ),
        )
