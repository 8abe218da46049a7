"""Which files hold secrets, by their names."""

from __future__ import annotations

import pytest

from tightship.values.secret_file import IN_FOLDERS, secret_file


@pytest.mark.parametrize(
    "path",
    [
        "id_rsa",
        "./deploy/id_ed25519",
        "id_rsa*",
        ".ssh/",
        ".ssh/*",
        ".env",
        ".en[v]",
        ".env*",
        "app/.env.production",
        "config/prod.env",
        ".NETRC",
        "home/.aws/credentials",
        ".docker/config.json",
        ".kube/config",
        "*.key",
        "tls/server.key",
        "config/master.key",
        "server-key.pem",
        "privkey.pem",
        "certs/my_private_key.pem",
        "keystore.p12",
        "release.keystore",
        "gcp-service-account.json",
        "service_account-prod.json",
        "client_secret_123.apps.json",
        "infra/terraform.tfstate",
        "ssh_host_rsa_key",
        "../.git-credentials",
    ],
)
def test_secret(path: str) -> None:
    assert secret_file(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "*",
        "id_rsa.pub",
        ".ssh/config",
        ".ssh/known_hosts",
        ".env.example",
        ".env.local.sample",
        "dist.env",
        ".env.*",
        ".envrc",
        "env",
        "cert.pem",
        "ca.pem",
        "server.pem",
        "*.pem",
        "ca.crt",
        "public_key.pem",
        "public-key.pem",
        "nginx_signing.key",
        "docker.gpg.key",
        "LICENSE.key",
        "truststore.jks",
        "cacerts.p12",
        "debug.keystore",
        "credentials",
        "config.json",
        "monkey",
        "src/auth/token.ts",
        "package.json",
    ],
)
def test_no_secret(path: str) -> None:
    assert secret_file(path) is None


@pytest.mark.parametrize(
    "to", ["/etc/apt/trusted.gpg.d/", "/usr/share/keyrings/x.gpg", "/etc/pki/rpm-gpg/"]
)
def test_a_key_for_packages_is_public(to: str) -> None:
    assert secret_file("vendor.key", to) is None
    assert secret_file("vendor.key", "/etc/ssl/private/") is not None


@pytest.mark.parametrize("name", IN_FOLDERS)
def test_secret_files_in_folders_are_known_by_name(name: str) -> None:
    assert secret_file(name)


def test_a_long_path_takes_little_time() -> None:
    assert secret_file("service-" * 50_000 + "account.json") is not None
    assert secret_file("-account" * 50_000) is None
