"""The keys of ``build`` (Compose Build Specification)."""

from __future__ import annotations

from tightship.frontends.compose.specification.shape import (
    BOOLEAN,
    BOOLEAN_OR_STRING,
    HOSTS,
    PAIRS,
    SCALAR,
    SIZE,
    STRING,
    STRING_OR_LIST,
    STRINGS,
    TEXT,
    ULIMITS,
    UNIQUE_STRINGS,
    Shape,
    grants,
)

BUILD = Shape(
    what="a build",
    keys={
        "additional_contexts": Shape(
            items=Shape(TEXT, form="context"), each=STRING, canonical="pairs", unique="name"
        ),
        "args": PAIRS,
        "cache_from": STRINGS,
        "cache_to": STRINGS,
        "context": STRING.but(default="."),
        "dockerfile": STRING.but(default="Dockerfile"),
        "dockerfile_inline": STRING,
        "entitlements": STRINGS,
        "extra_hosts": HOSTS,
        "isolation": STRING,
        "labels": PAIRS,
        "network": STRING,
        "no_cache": BOOLEAN,
        "no_cache_filter": STRING_OR_LIST,
        "platforms": STRINGS,
        "privileged": BOOLEAN,
        "provenance": BOOLEAN_OR_STRING,
        "pull": BOOLEAN,
        "sbom": BOOLEAN_OR_STRING,
        "secrets": grants("a secret of a build", ""),
        "shm_size": SIZE,
        "ssh": Shape(items=Shape(TEXT, form="ssh"), each=SCALAR, canonical="pairs", distinct=True),
        "tags": UNIQUE_STRINGS,
        "target": STRING,
        "ulimits": ULIMITS,
    },
    lone="context",
)
