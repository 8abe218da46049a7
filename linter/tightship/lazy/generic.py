"""A stand-in for ``typing.Generic``, whose import would slow every cold start."""

from __future__ import annotations


class Generic:
    """Takes parameters, as ``typing.Generic`` does, and ignores them."""

    __slots__ = ()

    def __class_getitem__(cls, _: object) -> type:
        return cls
