"""Variables by which applications accept any certificate, each with its source.

Names alone do not tell: ``MP_SMTP_AUTH_ALLOW_INSECURE`` (Mailpit) allows a login without
TLS, ``ARGOCD_SERVER_INSECURE`` serves plain HTTP.
"""

from __future__ import annotations

from tightship.lazy import regex

_APPLICATIONS = {
    # Environment variables in the documentation of each application.
    "HashiCorp Vault": "VAULT_SKIP_VERIFY",
    "OpenBao": "BAO_SKIP_VERIFY",
    "Nomad": "NOMAD_SKIP_VERIFY",
    "authentik, outposts": "AUTHENTIK_INSECURE",
    "ownCloud Infinite Scale": "OCIS_INSECURE",
    "OpenCloud": "OC_INSECURE",
    "Trivy": "TRIVY_INSECURE SCANNER_TRIVY_INSECURE",
    "MinIO client": "MC_INSECURE",
    "Watchtower": "WATCHTOWER_NOTIFICATION_EMAIL_SERVER_TLS_SKIP_VERIFY",
    "OAuth2 Proxy": "OAUTH2_PROXY_SSL_INSECURE_SKIP_VERIFY"
    " OAUTH2_PROXY_SSL_UPSTREAM_INSECURE_SKIP_VERIFY",
    "Authelia": "AUTHELIA_NOTIFIER_SMTP_TLS_SKIP_VERIFY"
    " AUTHELIA_AUTHENTICATION_BACKEND_LDAP_TLS_SKIP_VERIFY"
    " AUTHELIA_STORAGE_POSTGRES_TLS_SKIP_VERIFY"
    " AUTHELIA_STORAGE_MYSQL_TLS_SKIP_VERIFY"
    " AUTHELIA_SESSION_REDIS_TLS_SKIP_VERIFY",
    "Drone": "DRONE_RPC_SKIP_VERIFY DRONE_WEBHOOK_SKIP_VERIFY"
    " DRONE_BITBUCKET_SERVER_SKIP_VERIFY DRONE_STASH_SKIP_VERIFY"
    " DRONE_ENV_PLUGIN_SKIP_VERIFY DRONE_REGISTRY_PLUGIN_SKIP_VERIFY"
    " DRONE_VALIDATE_PLUGIN_SKIP_VERIFY DRONE_GITEA_SKIP_VERIFY"
    " DRONE_GITEE_SKIP_VERIFY DRONE_GITHUB_SKIP_VERIFY DRONE_GITLAB_SKIP_VERIFY"
    " DRONE_GOGS_SKIP_VERIFY",
    "Woodpecker": "WOODPECKER_GITEA_SKIP_VERIFY WOODPECKER_FORGEJO_SKIP_VERIFY"
    " WOODPECKER_GITHUB_SKIP_VERIFY WOODPECKER_GITLAB_SKIP_VERIFY",
    "Grafana": "GF_SMTP_SKIP_VERIFY GF_AUTH_GENERIC_OAUTH_TLS_SKIP_VERIFY_INSECURE",
    "Traefik": "TRAEFIK_SERVERSTRANSPORT_INSECURESKIPVERIFY",
}
_NAMES = frozenset(" ".join(_APPLICATIONS.values()).split())
# What Go and JavaScript read as true.
_TRUE = regex("(?i)1|t|true|yes|on")


def accepts_any_certificate(name: str, value: str) -> bool:
    """Return whether a variable makes an application accept any certificate."""
    return name in _NAMES and _TRUE.fullmatch(value) is not None
