"""Where an image and what is in it come from, and what its build may do."""

from __future__ import annotations

from tightship.rules.dockerfile.supply_chain.add_instead_of_copy import (
    add_instead_of_copy,
)
from tightship.rules.dockerfile.supply_chain.base_image_without_digest import (
    base_image_without_digest,
)
from tightship.rules.dockerfile.supply_chain.download_piped_to_shell import (
    download_piped_to_shell,
)
from tightship.rules.dockerfile.supply_chain.host_network_build_step import (
    host_network_build_step,
)
from tightship.rules.dockerfile.supply_chain.insecure_build_step import (
    insecure_build_step,
)
from tightship.rules.dockerfile.supply_chain.latest_base_image import latest_base_image
from tightship.rules.dockerfile.supply_chain.package_signature_unchecked import (
    package_signature_unchecked,
)
from tightship.rules.dockerfile.supply_chain.tls_verification_disabled import (
    tls_verification_disabled,
)
from tightship.rules.dockerfile.supply_chain.unpinned_syntax_image import (
    unpinned_syntax_image,
)
from tightship.rules.dockerfile.supply_chain.untagged_base_image import (
    untagged_base_image,
)
from tightship.rules.dockerfile.supply_chain.unverified_remote_add import (
    unverified_remote_add,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    untagged_base_image,
    latest_base_image,
    base_image_without_digest,
    unpinned_syntax_image,
    unverified_remote_add,
    download_piped_to_shell,
    tls_verification_disabled,
    package_signature_unchecked,
    add_instead_of_copy,
    insecure_build_step,
    host_network_build_step,
)
