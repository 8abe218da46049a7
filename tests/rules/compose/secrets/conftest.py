"""What tests of rules about secrets share."""

from __future__ import annotations

from tests.rules.conftest import rules_of

from tightship.rules.any.secrets.secret_literal import secret_literal

COMPOSE_RULES = rules_of("compose", "secrets")

RULES = (*COMPOSE_RULES, secret_literal)

# Put together here, so that no scanner of this repository takes it for a real one.
TOKEN = "ghp_" + "aZ3kL9mQ7xR2vB8nC4tY6wE1sD5fG0hJqPuI"

ENV_FILE = "services:\n  s: {image: x, env_file: s.env}\n  t: {image: x, env_file: s.env}\n"
