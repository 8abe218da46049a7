"""What BuildKit refuses, or does otherwise than it looks."""

from __future__ import annotations

from tightship.rules.dockerfile.correctness.constant_platform import constant_platform
from tightship.rules.dockerfile.correctness.copy_ignored_file import copy_ignored_file
from tightship.rules.dockerfile.correctness.deprecated_maintainer import (
    deprecated_maintainer,
)
from tightship.rules.dockerfile.correctness.duplicate_stage_name import (
    duplicate_stage_name,
)
from tightship.rules.dockerfile.correctness.empty_continuation import (
    empty_continuation,
)
from tightship.rules.dockerfile.correctness.host_mapping_in_expose import (
    host_mapping_in_expose,
)
from tightship.rules.dockerfile.correctness.inconsistent_casing import (
    inconsistent_casing,
)
from tightship.rules.dockerfile.correctness.invalid_dockerfile import (
    invalid_dockerfile,
)
from tightship.rules.dockerfile.correctness.legacy_key_value import legacy_key_value
from tightship.rules.dockerfile.correctness.no_healthcheck import no_healthcheck
from tightship.rules.dockerfile.correctness.redundant_platform import redundant_platform
from tightship.rules.dockerfile.correctness.relative_workdir import relative_workdir
from tightship.rules.dockerfile.correctness.repeated_instruction import (
    repeated_instruction,
)
from tightship.rules.dockerfile.correctness.reserved_stage_name import (
    reserved_stage_name,
)
from tightship.rules.dockerfile.correctness.shell_form_entrypoint import (
    shell_form_entrypoint,
)
from tightship.rules.dockerfile.correctness.undefined_argument_in_from import (
    undefined_argument_in_from,
)
from tightship.rules.dockerfile.correctness.undefined_stage import (
    undefined_stage,
)
from tightship.rules.dockerfile.correctness.undefined_variable import undefined_variable
from tightship.rules.dockerfile.correctness.unknown_instruction import (
    unknown_instruction,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    copy_ignored_file,
    deprecated_maintainer,
    duplicate_stage_name,
    empty_continuation,
    inconsistent_casing,
    invalid_dockerfile,
    legacy_key_value,
    no_healthcheck,
    relative_workdir,
    repeated_instruction,
    reserved_stage_name,
    shell_form_entrypoint,
    undefined_argument_in_from,
    undefined_stage,
    undefined_variable,
    unknown_instruction,
    constant_platform,
    redundant_platform,
    host_mapping_in_expose,
)
