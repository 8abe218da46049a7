"""Who the processes of a container run as."""

from __future__ import annotations

from tightship.compose.loading.tree import Leaf
from tightship.values import user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.field import Field


def is_surely_root(field: Field[str]) -> bool:
    """Tell whether a setting such as ``user`` surely names root.

    The part before the colon decides, be the group what it may.
    """
    return isinstance(field.source, Leaf) and user.is_root(field.source.text) is True
