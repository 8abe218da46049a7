from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.values.secret import (
    is_placeholder_or_reference,
    is_secret_name,
    known_token,
    looks_like_secret,
    url_credentials,
)


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD",
        "POSTGRES_PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "PGPASSWORD",
        "WEBPASSWORD",
        "DB_PASSWD",
        "SMTP_PASS",
        "PIHOLE_PW",
        "MYSQL_PWD",
        "dbPassword",
        "spring.datasource.password",
        "GF_SECURITY_ADMIN_PASSWORD",
        "JWT_SECRET",
        "JWT_SECRET_KEY",
        "SECRET_KEY_BASE",
        "CLIENT_SECRET",
        "API_KEY",
        "apiKey",
        "OPENAI_APIKEY",
        "AWS_SECRET_ACCESS_KEY",
        "PRIVATE_KEY",
        "WG_PRIVATE_KEY_BASE64",
        "ENCRYPTION_KEY",
        "MEILI_MASTER_KEY",
        "APP_KEY",
        "NEO4J_AUTH",
        "AZURE_STORAGE_KEY",
        "GOOGLE_SERVICE_ACCOUNT_KEY",
        "NPM_CONFIG__AUTH",
        "SLACK_BOT_TOKEN",
        "ADMIN_TOKEN_2",
        "REGISTRY_CREDENTIALS",
        "--requirepass",
    ],
)
def test_a_name_that_ends_in_a_secret_word_holds_a_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "POSTGRES_PASSWORD_FILE",
        "GF_SECURITY_ADMIN_PASSWORD__FILE",
        "PASSWORD_HASH",
        "PASSWORD_MIN_LENGTH",
        "SECRET_FORCED_LANGUAGE",
        "SECRET_LOCAL_HOSTNAME",
        "SECRETS_DIR",
        "SECRET_NAME",
        "TOKEN_TTL",
        "ETCD_INITIAL_CLUSTER_TOKEN",
        "TOKEN_EXPIRY",
        "TOKEN_URL",
        "ACCESS_TOKEN_LIFETIME",
        "MAX_TOKENS",
        "TOKENIZERS_PARALLELISM",
        "PUBLIC_KEY",
        "NOPASSWD",
        "STRIPE_PUBLIC_API_KEY",
        "LICENSE_KEY",
        "SORT_KEY",
        "SSH_AUTH_SOCK",
        "AWS_ACCESS_KEY_ID",
        "MINIO_ACCESS_KEY",
        "POSTGRES_HOST_AUTH_METHOD",
        "ALLOW_EMPTY_PASSWORD",
        "MIN_PASSWORD",
        "BYPASS",
        "COMPASS",
        "PWD",
        "KEY",
        "KEYCLOAK_USER",
        "CREDENTIAL_STORE",
        "AUTHOR",
        "PASSWORD" * 1000,
    ],
)
def test_other_names_hold_no_secret(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "null",
        "None",
        "true",
        "yes",
        "0",
        "/run/secrets/db-password",
        "./secrets/token",
        "~/.ssh/id_rsa",
        "C:\\keys\\a",
        "config/jwt/private.pem",
        "%kernel.project_dir%/config/jwt/private.pem",
        "%env(SECRET)%",
        "<MY-CF-API-TOKEN>",
        "<PRIVKEY>",
        "[your key]",
        "__SECRET__",
        "@@TOKEN@@",
        "xxxxxxxx",
        "********",
        "...",
        "{{ vault_password }}",
        "a{{ b }}c",
        "{% token %}",
        "${DB_PASSWORD}",
        "prefix-${X}",
        "$DB_PASSWORD",
        "$(cat /run/secrets/x)",
        "`cat x`",
        "vault:secret/data/db#password",
        "op://vault/item/field",
        "ref+awsssm://x",
        "arn:aws:secretsmanager:eu:1:secret:x",
        "ENC[AES256,data:x]",
        "https://auth.example.org/token",
        "$2a$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$m=65540",
        "{SSHA}abc",
        "ssh-rsa AAAAB3 a@b",
        "-----BEGIN PUBLIC KEY-----\nMIIB",
        "-----BEGIN CERTIFICATE-----\nMIIB",
    ],
)
def test_values_that_are_not_secrets_themselves(value: str) -> None:
    assert is_placeholder_or_reference(value)
    assert not looks_like_secret("DB_PASSWORD", value)


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "changeme",
        "123456",
        "pa$word",
        "correct horse",
        "mysecretpassword",
        "my-secret-pw",
        "/9j4AAQSk+Zz==",
        "base64:abc",
        "P@ss:w0rd",
        "neo4j/letmein",
        "a%b",
    ],
)
def test_default_and_weak_passwords_are_secrets(value: str) -> None:
    assert not is_placeholder_or_reference(value)
    assert looks_like_secret("DB_PASSWORD", value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOCKER_INFLUXDB_INIT_ADMIN_TOKEN", "my-super-secret-auth-token"),
        ("VAULT_DEV_ROOT_TOKEN_ID", "myroot"),
        ("ADMIN_TOKEN", "your-admin-token"),
        ("POSTGRES_PASSWORD", "test"),
        ("AWS_SECRET_ACCESS_KEY", "minio123"),
        ("STRIPE_API_KEY", "sk_test_4eC39HqLyjWDarjtT1zdp7dc"),
        ("SMTP_PASSWORD", "hunter2"),
        ("MAILU_SECRET", "your-secret"),
    ],
)
def test_values_that_the_container_uses_as_a_secret(name: str, value: str) -> None:
    assert looks_like_secret(name, value)


# What other linters took for secrets in published Compose files.
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_PASSWORD", "/run/secrets/db-password"),
        ("SECRET_FORCED_LANGUAGE", "en"),
        ("SECRET_LOCAL_HOSTNAME", "0.0.0.0"),
        ("JWT_SECRET_KEY", "%kernel.project_dir%/config/jwt/private.pem"),
        ("MAIL_PASSWORD", "null"),
        ("DB_PASSWORD", "none"),
        ("CF_API_TOKEN", "<MY-CF-API-TOKEN>"),
        ("PRIVKEY", "<PRIVKEY>"),
        ("PASSWORD_HASH", "$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234"),
        ("PASSWORD", "$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234"),
        ("POSTGRES_PASSWORD_FILE", "/run/secrets/db-password"),
        ("TOKEN_TTL", "3600"),
        ("POSTGRES_HOST_AUTH_METHOD", "trust"),
        ("PUBLIC_KEY", "c29tZSBwdWJsaWMga2V5"),
        ("LICENSE_KEY", "eu01xx0123456789"),
        ("ALLOW_EMPTY_PASSWORD", "yes"),
        ("MYSQL_RANDOM_ROOT_PASSWORD", "1"),
        ("VITE_MAPBOX_TOKEN", "eyJ1Ijoib3JnIn0.abc"),
        ("REACT_APP_API_KEY", "9f86d081884c7d65"),
        ("STRIPE_API_KEY", "pk_test_TYooMQauvdEDq54NiTphI7jx"),
        ("MAPBOX_TOKEN", "pk.eyJ1Ijoib3JnIn0.x-y_z"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_SECRET_KEY", "dummy"),
        ("SMTP_PASSWORD", "your-smtp-password"),
        ("EMAIL_HOST_PASSWORD", "your_app_password"),
    ],
)
def test_false_positives_of_other_linters_are_silent(name: str, value: str) -> None:
    assert not looks_like_secret(name, value)
    assert known_token(value) is None
    assert url_credentials(value) is None


def test_placeholders_for_a_key_are_no_token() -> None:
    for value in ("your-api-key", "YOUR_TOKEN", "insert here", "put-your-key-here"):
        assert not looks_like_secret("CF_API_TOKEN", value)
    # A password takes whatever it is given.
    assert looks_like_secret("POSTGRES_PASSWORD", "your-password")
    assert looks_like_secret("ADMIN_TOKEN", "changeme")
    assert looks_like_secret("API_KEY", "mythical0123")


@pytest.mark.parametrize(
    "value",
    [
        *("invalid", "INVALID", "not-set", "NOT_USED", "not configured", "unused"),
        *("XXX-XXX", "xxxx-xxxx-xxxx", "***-***", "<PRIVKEY>", "sk-xxxxxxxx", "x-x"),
    ],
)
def test_a_sentinel_is_no_secret_under_any_name(value: str) -> None:
    for name in ("POSTGRES_PASSWORD", "API_KEY", "PRIVKEY"):
        assert not looks_like_secret(name, value)


@pytest.mark.parametrize(
    "value", ["dummy", "fake", "fake123", "sk-placeholder", "no-token", "no_api_key", "replaceme"]
)
def test_a_sentinel_is_no_token_but_works_as_a_password(value: str) -> None:
    assert not looks_like_secret("CF_API_TOKEN", value)
    assert not looks_like_secret("OAUTH_CLIENT_SECRET", value)
    assert looks_like_secret("POSTGRES_PASSWORD", value)


def test_the_end_of_its_name_is_no_key_to_elsewhere() -> None:
    assert not looks_like_secret("SCI_CLIENT_SECRET", "client-secret")
    assert not looks_like_secret("APP_API_KEY", "apikey")
    assert looks_like_secret("SCI_CLIENT_SECRET", "s3cret")
    assert looks_like_secret("DB_PASSWORD", "password")


@pytest.mark.parametrize(
    "value", ["changeme", "change-me", "nothing", "fakir77", "hunter-xx", "invalid7"]
)
def test_values_that_work_as_a_secret(value: str) -> None:
    for name in ("POSTGRES_PASSWORD", "API_KEY"):
        assert looks_like_secret(name, value)


# Made up here, so that no text in the repository is a token by itself.
TOKENS = {
    "AWS access key": "AKIA" + "QWERTYUIOPASDF27",
    "GitHub token": "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5",
    "GitLab token": "glpat-" + "x7Kq2Lm9Pz4Rt6Wv8Yb1",
    "Slack token": "xoxb-" + "1234567890-abcdefGHIJKLmnop",
    "Slack webhook": "hooks.slack.com/services/" + "T01ABCDEF/B01GHIJKL/x7Kq2Lm9Pz4Rt6Wv8Yb1aaaa",
    "Stripe key": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "Google API key": "AIza" + "SyD3xAmPl3K3yF0rT3st1ng0nlyQwErTy12",
    "npm token": "npm_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5",
    "PyPI token": "pypi-AgE" + "IcHlwaS5vcmcCJDAwMTIzNDU2Nzg5YWJjZGVmZ2hpamtsbW5vcHFy",
    "Docker Hub token": "dckr_pat_" + "x7Kq2Lm9Pz4Rt6Wv8Yb1aC3dE5f",
    "DigitalOcean token": "dop_v1_" + "0123456789abcdef" * 4,
    "SendGrid key": "SG."
    + "x7Kq2Lm9Pz4Rt6Wv8Yb1aC"
    + "."
    + "x7Kq2Lm9Pz4Rt6Wv8Yb1aCx7Kq2Lm9Pz4Rt6Wv8Yb12",
    "Hugging Face token": "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH",
    "Anthropic key": "sk-ant-" + "api03-x7Kq2Lm9Pz4Rt6Wv8Yb1aCx7Kq2Lm9Pz4Rt6Wv",
    "OpenAI key": "sk-" + "x7Kq2Lm9Pz4Rt6Wv8Yb1" + "T3BlbkFJ" + "x7Kq2Lm9Pz4Rt6Wv8Yb1",
    "Tailscale key": "tskey-auth-" + "k123456CNTRL-x7Kq2Lm9Pz4Rt6",
    "Vault token": "hvs." + "x7Kq2Lm9Pz4Rt6Wv8Yb1aC3d",
    "age identity": "AGE-SECRET-KEY-1"
    + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
    + "QPZRY9X8GF2TVDW0S3JN54KHCE",
    "Telegram bot token": "123456789:AA" + "Hx7Kq2Lm9Pz4Rt6Wv8Yb1aCx7Kq2Lm9Pz",
}


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_is_known_by_its_shape_anywhere_in_a_text(kind: str) -> None:
    token = TOKENS[kind]
    text = f"curl -H 'X: {token}' end"
    found = known_token(text)
    assert found is not None
    assert found.kind == kind
    assert text[found.start : found.end] == token


@pytest.mark.parametrize("kind", TOKENS)
def test_a_part_of_a_token_or_of_a_word_is_no_token(kind: str) -> None:
    token = TOKENS[kind]
    assert known_token("z" + token) is None
    assert known_token(token[:12]) is None


def test_a_private_key_is_known_by_its_first_line_and_content() -> None:
    first = "-----BEGIN " + "OPENSSH PRIVATE KEY-----"
    body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"
    for text in (f"{first}\n{body}", f"{first}\\n{body}", f"x: {first} {body}"):
        found = known_token(text)
        assert found is not None
        assert found.kind == "private key"
        assert text[found.start : found.end] == first
    assert known_token(f"grep -q '{first}' file") is None
    assert known_token(first.replace("PRIVATE", "PUBLIC") + "\n" + body) is None


def test_tokens_of_documentation_do_not_count() -> None:
    assert known_token("AKIA" + "IOSFODNN7EXAMPLE") is None
    assert known_token("ghp_" + "x" * 36) is None
    real = TOKENS["npm token"]
    found = known_token("ghp_" + "x" * 36 + " " + real)
    assert found is not None
    assert found.kind == "npm token"


@pytest.mark.parametrize(
    ("value", "password"),
    [
        ("postgres://app:hunter2@db:5432/app", "hunter2"),
        ("redis://:hunter2@cache", "hunter2"),
        ("jdbc:mysql://root:hunter2@db/x", "hunter2"),
        ("git clone https://bot:hunter2@example.org/x.git", "hunter2"),
        ("http://a/b https://u:hunter2@h", "hunter2"),
        ("app:hunter2@tcp(db:3306)/app", "hunter2"),
        ("Server=db;User=sa;Password=hunter2;", "hunter2"),
        ("jdbc:postgresql://db/x?user=app&password=hunter2", "hunter2"),
        ("amqp://${USER}:hunter2@mq", "hunter2"),
        ("a://u:${X}@h b://u:hunter2@h", "hunter2"),
    ],
)
def test_a_password_in_a_connection_string_is_found(value: str, password: str) -> None:
    found = url_credentials(value)
    assert found is not None
    assert value[slice(*found)] == password


@pytest.mark.parametrize(
    "value",
    [
        "postgres://db:5432/app",
        "postgres://app@db/app",
        "postgres://app:${DB_PASSWORD}@db/app",
        "postgres://app:$DB_PASSWORD@db/app",
        "postgres://app:<password>@db/app",
        "postgres://app:***@db/app",
        "postgres://app:{{password}}@db/app",
        "http://host:8080/path?mail=a@b",
        "http://host:8080 mail a@b",
        "user@example.org",
        "12:30:45",
        "image:tag@sha256:abcdef",
        "Server=db;Password=${PW};",
    ],
)
def test_a_connection_string_without_a_literal_password_is_no_secret(value: str) -> None:
    assert url_credentials(value) is None


@given(st.text(alphabet="aA0_-$%{}<>/:@. xk\n", max_size=40))
def test_any_text_can_be_searched(text: str) -> None:
    looks_like_secret(text, text)
    looks_like_secret("PASSWORD", text)
    assert known_token(text) is None
    found = url_credentials(text)
    assert found is None or text[found[1]] in "@&;" or found[1] == len(text)


def test_hostile_texts_cost_little() -> None:
    for part in ("a", "://a:", "a:b@", "%a", "{{", "/a", "$(", "<", "xoxb-", "a.", "A_"):
        text = part * 60_000
        is_secret_name(text)
        is_secret_name(text[:200])
        is_placeholder_or_reference(text)
        known_token(text)
        url_credentials(text)
    for start in ("-----BEGIN ", "sk-", "ghp_a", "pypi-AgE", "?password="):
        known_token(start * 30_000)
        url_credentials(start * 30_000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASIC_AUTH", "admin:hunter22"),
        ("BUNDLE_GITHUB__COM", "12cd1234abcd1234abcd1234:x-oauth-basic"),
        ("BUNDLE_GEMS__EXAMPLE__COM", "reader:s3cretpassw"),
        ("APP_HTTP_AUTH", "someone@example.com:p4ss"),
        ("basicAuth", "a:b;c;d"),
    ],
)
def test_a_login_is_a_secret(name: str, value: str) -> None:
    assert looks_like_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASIC_AUTH", "true"),
        ("BUNDLE_LOCAL__RACK", "/src/rack"),
        ("BUNDLE_GITHUB__COM", "$TOKEN:x-oauth-basic"),
        ("BUNDLE_BUILD__NOKOGIRI", "--with-xml2=/usr"),
        ("BASIC_AUTH", "proxy:8080"),
        ("BASIC_AUTH", "admin:$apr1$x$y"),
        ("BASIC_AUTH", "admin:<password>"),
        ("BASIC_AUTH", "https://example.com"),
        ("HTTP_AUTHORS", "admin:hunter22"),
        ("SERVER", "admin:hunter22"),
    ],
)
def test_other_pairs_are_no_login(name: str, value: str) -> None:
    assert not looks_like_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_API_KEY", "user_provided"),  # LibreChat
        ("ANTHROPIC_API_KEY", '"user_provided"'),
        ("X_API_KEY", '""'),
        ("X_API_KEY", "''"),
        ("DB_PASSWORD", '""'),
        ("DB_PASSWORD", '"<your password>"'),
        ("DB_PASSWORD", "\"'${X}'\""),
        ("LIMITER_GET_TOKEN", "3"),
        ("API_KEY", "1000"),
    ],
)
def test_values_that_are_marked_as_no_secret(name: str, value: str) -> None:
    assert not looks_like_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", '"hunter2"'),
        ("DB_PASSWORD", "3"),
        ("DB_PASSWORD", "1234"),
        ("ADMIN_TOKEN", "1234"),
        ("JWT_SECRET", "1234"),
        ("API_TOKEN", "12345678"),
        ("DB_PASSWORD", '"'),
    ],
)
def test_short_and_quoted_values_that_work_as_passwords(name: str, value: str) -> None:
    assert looks_like_secret(name, value)


def test_a_placeholder_account_has_no_password() -> None:
    assert url_credentials("postgresql://placeholder:placeholder@db/x") is None
    assert url_credentials("postgresql://dummy:dummy@localhost/x") is None
    assert url_credentials("postgresql://app:placeholder@db/x") == (17, 28)
    assert url_credentials("postgresql://app:app@db/x") == (17, 20)
