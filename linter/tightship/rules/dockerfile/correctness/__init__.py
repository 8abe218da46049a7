"""What BuildKit refuses, or does otherwise than it looks."""

from __future__ import annotations

from tightship.rules.dockerfile.correctness.copy_ignored_file import copy_ignored_file
from tightship.rules.dockerfile.correctness.deprecated_maintainer import (
    deprecated_maintainer,
)
from tightship.rules.dockerfile.correctness.legacy_key_value import legacy_key_value
from tightship.rules.dockerfile.correctness.no_healthcheck import no_healthcheck
from tightship.rules.dockerfile.correctness.relative_workdir import relative_workdir
from tightship.rules.dockerfile.correctness.repeated_instruction import (
    repeated_instruction,
)
from tightship.rules.dockerfile.correctness.shell_form_entrypoint import (
    shell_form_entrypoint,
)
from tightship.rules.dockerfile.correctness.undefined_variable import undefined_variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    copy_ignored_file,
    deprecated_maintainer,
    legacy_key_value,
    no_healthcheck,
    relative_workdir,
    repeated_instruction,
    shell_form_entrypoint,
    undefined_variable,
)
