"""What tests of rules about secrets in images share."""

from __future__ import annotations

PROJECT = "services:\n  app: {build: .}\n"
