"""Who the processes of an image's containers are."""

from __future__ import annotations

from tightship.rules.dockerfile.users.image_runs_as_root import image_runs_as_root
from tightship.rules.dockerfile.users.sudo_in_image import sudo_in_image
from tightship.rules.dockerfile.users.unknown_user_name import unknown_user_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (image_runs_as_root, unknown_user_name, sudo_in_image)
