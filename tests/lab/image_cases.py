"""Dockerfiles written by hand: what chance seldom makes. The last stage is built."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from tests.lab.dockerfiles import BASE

CASES: dict[str, str | tuple[str, dict[str, str]]] = {
    "an entry point resets the command of an image": f"""
        FROM {BASE} AS last
        ENTRYPOINT ["own"]
        """,
    "an entry point keeps the command of its stage": f"""
        FROM {BASE} AS last
        CMD ["own"]
        ENTRYPOINT ["own"]
        """,
    "an entry point of a trigger resets the command": """
        FROM scratch AS base
        CMD ["below"]
        ONBUILD ENTRYPOINT ["trigger"]
        FROM base AS last
        """,
    "a trigger runs in the next stage only": """
        FROM scratch AS base
        ONBUILD ENV A=1
        ONBUILD USER app
        FROM base AS middle
        FROM middle AS last
        ENV B=$A
        """,
    "a trigger sees the arguments of its stage": (
        """
        ARG G=global
        FROM scratch AS base
        ARG A=below
        ONBUILD ARG G
        ONBUILD ENV X=$G-$A
        FROM base AS last
        """,
        {"A": "passed"},
    ),
    "an argument of the file is asked for": """
        ARG G=global
        FROM scratch AS last
        ENV BEFORE=[$G]
        ARG G
        ENV AFTER=[$G]
        """,
    "an argument that is passed and not declared": (
        "FROM scratch AS last\nENV X=[$A]\nUSER ${A:-app}\n",
        {"A": "root"},
    ),
    "a predefined argument that is passed and not declared": (
        "FROM scratch AS last\nENV X=[$HTTP_PROXY]\nARG HTTP_PROXY\nENV Y=[$HTTP_PROXY]\n",
        {"HTTP_PROXY": "http://proxy"},
    ),
    "an argument that is passed empty": (
        "FROM scratch AS last\nARG A=default\nENV X=[$A] Y=${A:-or} Z=${A-or}\n",
        {"A": ""},
    ),
    "an argument does not hide the environment that comes later": (
        "FROM scratch AS last\nARG A=1\nENV A=2\nARG A=3\nENV B=$A\n",
        {"A": "4"},
    ),
    "a platform argument is given": (
        "FROM scratch AS last\nARG TARGETARCH\nENV X=$TARGETARCH\n",
        {"TARGETARCH": "pdp11"},
    ),
    "all in one instruction": """
        FROM scratch AS last
        ENV A=1
        ENV A=2 B=$A
        LABEL a=$A b=$B
        ARG X=1 Y=$X
        ENV C=$Y
        """,
    "old forms": """
        FROM scratch AS last
        ENV A  one   two "three"
        LABEL a one two
        MAINTAINER me
        """,
    "a workdir of pieces": """
        FROM scratch AS base
        WORKDIR /a
        WORKDIR b/../c
        FROM base AS last
        WORKDIR ./d/
        WORKDIR ../..//e
        """,
    "the last shell": """
        FROM scratch AS base
        CMD before
        SHELL ["/bin/bash", "-c"]
        FROM base AS last
        ENTRYPOINT after
        HEALTHCHECK --interval=1h0m1s CMD check || exit 1
        """,
    "no health check": """
        FROM scratch AS base
        HEALTHCHECK --retries=2 CMD ["check"]
        FROM base AS last
        HEALTHCHECK NONE
        """,
    "ports of a value": """
        FROM scratch AS last
        ARG P="80 81/udp"
        EXPOSE $P 1000-1002/tcp 5${Q:+0}3/UDP
        """,
    "words with quotes": r"""
        FROM scratch AS last
        ENV A="a\"b" B='$A\n' C=\$A D=a\\b E="\a" F=$'x'
        LABEL "a b"='c d' e=f\ g
        """,
    "a heredoc is no instruction": """
        FROM scratch AS last
        COPY <<A <<"B" /x/
        USER root
        $P
        A
        CMD no
        B
        USER app
        """,
    "a stage hides an image": """
        FROM scratch AS debian
        USER app
        FROM debian AS last
        """,
    "a stage of the same name": """
        FROM scratch AS s
        USER one
        FROM s AS s
        USER two
        FROM s AS last
        """,
    "a user of nothing": "FROM scratch AS last\nUSER app\nUSER $NONE\n",
    "a user of two words": "FROM scratch AS last\nUSER app user\n",
    "refused: a port of letters": "FROM scratch AS last\nEXPOSE http\n",
    "refused: a variable that is asked for": "FROM scratch AS last\nENV A=${B:?needed}\n",
}


def cases() -> list[dict[str, Any]]:
    """Return them as records that have yet to be built."""
    found: list[dict[str, Any]] = []
    for name, given in CASES.items():
        text, args = (given, {}) if isinstance(given, str) else given
        record: dict[str, Any] = {"name": name, "text": dedent(text).lstrip("\n")}
        if args:
            record["args"] = args
        found.append({**record, "images": {"last": None}})
    return found
