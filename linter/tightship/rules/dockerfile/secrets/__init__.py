"""Secrets that an image, or its history, gives away."""

from __future__ import annotations

from tightship.rules.dockerfile.secrets.secret_file_copied import secret_file_copied
from tightship.rules.dockerfile.secrets.secret_in_build_argument import (
    secret_in_build_argument,
)
from tightship.rules.dockerfile.secrets.secret_in_image_environment import (
    secret_in_image_environment,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    secret_in_image_environment,
    secret_in_build_argument,
    secret_file_copied,
)
