"""An environment variable disables TLS verification.

TLS protects a connection only if the client knows whose certificate it got. With
`NODE_TLS_REJECT_UNAUTHORIZED=0`, `GIT_SSL_NO_VERIFY`, `PYTHONHTTPSVERIFY=0` and similar
variables, a program accepts any certificate. An attacker who redirects its connections,
on a shared network or by a forged DNS answer, reads and changes all its traffic,
including passwords and updates. The variable applies to each process of the container.

The finding is a warning for a variable that concerns all connections of a program. It is
an info for a variable of one application, such as `VAULT_SKIP_VERIFY`, whose connections
may stay on networks of the project. The rule knows these variables from documentation: a
name such as `…_ALLOW_INSECURE` can mean plain HTTP or a login without TLS.

## How to fix

Remove the variable. Give the container the certificate of the authority that signed the
server's certificate: mount it, and name it in `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE` or
`GIT_SSL_CAINFO`.
"""

from tightship.rules import CERTIFICATE_VERIFICATION, Bad, Container, Finding, Findings, Good, SettingPair, Severity, Unverified, by_default, bypass_by_variable, is_harmless, rule  # fmt: skip


# Each variable that the rule knows has one of these in its name.
_PARTS = ("VERIFY", "INSECURE", "TLS_REJECT", "STRICT_SSL", "TRUSTED_HOST")


@rule(
    on=Container,
    keys=("environment", "env_file"),
    when=tuple(f"environment:{part}" for part in _PARTS),
    severity="warning",
    severity_note="info for a variable of one application",
    cwe=(295,),
    references=(
        "Node.js documentation, NODE_TLS_REJECT_UNAUTHORIZED",
        "Git documentation, GIT_SSL_NO_VERIFY",
        "PEP 493, PYTHONHTTPSVERIFY",
    ),
    advice="remove the variable; trust your own authority with"
    " `NODE_EXTRA_CA_CERTS` or `SSL_CERT_FILE`",
    checked=Unverified("it needs a server with an unsigned certificate"),
    examples=(
        Bad("""
            services:
              web:
                image: node:24
                environment:
                  NODE_TLS_REJECT_UNAUTHORIZED: «0»
              ci:
                image: alpine/git:2.49
                environment: [«GIT_SSL_NO_VERIFY=true»]
        """),
        Bad("""
            services:
              web:
                image: example/web:1
                environment:
                  OCIS_INSECURE: «"true"»
        """).at("info"),
        Good("""
            services:
              web:
                image: node:24
                environment:
                  NODE_TLS_REJECT_UNAUTHORIZED: 1
                  NODE_EXTRA_CA_CERTS: /etc/ssl/authority.crt
                  OCIS_INSECURE: ${INSECURE}
        """),
        Good("""
            services:
              mail:
                image: axllent/mailpit:v1.27
                environment:
                  MP_SMTP_AUTH_ALLOW_INSECURE: 1
        """).because("Mailpit accepts a login without TLS; no certificate is left unverified."),
    ),
)
def tls_verification_disabled_in_environment(container: Container) -> Findings:
    """Point at the value of each variable."""
    for pair in container.pairs("environment"):
        yield from _judge(container, pair)
    for file in container.env_files:
        for pair in file.pairs():
            yield from _judge(container, pair)


def _judge(container: Container, pair: SettingPair) -> Findings:
    setting = pair.value
    value = setting.value
    if value is None:
        return
    off = bypass_by_variable(pair.name, value, setting.span, CERTIFICATE_VERIFICATION)
    if off is not None and not is_harmless(off):
        yield Finding(
            setting.span,
            f"`{pair.name}` disables TLS verification in"
            f" {container.title}{by_default(setting.provenance)}",
        )
    elif _accepts_any_certificate(pair.name, value):
        yield Finding(
            setting.span,
            f"`{pair.name}` disables TLS verification in"
            f" {container.title}{by_default(setting.provenance)}",
            severity=Severity.INFO,
        )


def _accepts_any_certificate(name: str, value: str) -> bool:
    if "VERIFY" not in name and "INSECURE" not in name:
        return False
    from tightship.rules import accepts_any_certificate  # rare

    return accepts_any_certificate(name, value)
