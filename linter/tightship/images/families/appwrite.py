"""Appwrite.

The command decides whether the image runs the server or a worker. The services share
`/storage`, which holds uploads, functions and certificates.
"""

from __future__ import annotations

from tightship.images.facts import Port, Write, derived
from tightship.images.family import Family

_DOCKERFILE = derived("appwrite/appwrite@0cefd0615350, Dockerfile")

FAMILY = Family(
    names=("appwrite/appwrite",),
    summary="Appwrite, a backend for applications",
    holds_for="version 1 and later",
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    writes=(
        Write("/storage/uploads", "uploads", _DOCKERFILE, kind="data"),
        Write("/storage/imports", "data that are being imported", _DOCKERFILE, kind="data"),
        Write("/storage/cache", "pictures that were made smaller", _DOCKERFILE, kind="data"),
        Write("/storage/config", "configuration", _DOCKERFILE, kind="data"),
        Write("/storage/certificates", "certificates", _DOCKERFILE, kind="data"),
        Write("/storage/functions", "functions", _DOCKERFILE, kind="data"),
    ),
)
