"""Shapes of Dockerfiles that a hostile author may choose, by their number of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def every(n: int, *lines: str) -> str:
    """Return lines n times over; ``{i}`` is the number, ``{j}`` the one before."""
    return "".join(line.format(i=i, j=i - 1) + "\n" for i in range(1, n + 1) for line in lines)


def chain(n: int, *lines: str) -> str:
    """Return stages that are each based on the one before, with lines in each."""
    return "FROM alpine:3.22 AS s0\n" + every(n, "FROM s{j} AS s{i}", *lines)


OURS = "# tightship: ignore[world-writable-path] they are shared"

DOCKERFILES: dict[str, Callable[[int], str]] = {
    "stages": lambda n: every(n, "FROM alpine:3.22 AS s{i}"),
    "stages of one name": lambda n: every(n, "FROM alpine:3.22 AS s"),
    "names in capitals": lambda n: every(n, "FROM alpine:3.22 AS S{i}"),
    "a chain": chain,
    "a chain with a variable": lambda n: chain(n, "ENV A{i}=$A{j}", "ARG B={i}"),
    "a chain with a command": lambda n: chain(n, "ENTRYPOINT a", "CMD b"),
    "a chain with users": lambda n: chain(n, "RUN useradd u{i}", "USER u{i}"),
    "a chain with files": lambda n: chain(n, "COPY --from=s{j} .env /etc/passwd"),
    "a chain with volumes": lambda n: chain(n, "VOLUME /a{i}", "EXPOSE 22"),
    "a chain with shells": lambda n: chain(n, 'SHELL ["bash", "-c"]', "RUN a | b"),
    "a chain with triggers": lambda n: chain(n, "ONBUILD ENV A=$B"),
    "arguments before": lambda n: every(n, "ARG A{i}=$A{j}") + "FROM a:$A1\n",
    "arguments before, each used": lambda n: every(n, "ARG A{i}=1") + every(n, "FROM a:$A{i}"),
    "arguments": lambda n: "FROM a:1\n" + every(n, "ARG A{i}=$A{j}"),
    "one argument": lambda n: "FROM a:1\n" + every(n, "ARG A=$A"),
    "variables": lambda n: "FROM a:1\n" + every(n, "ENV A{i}=$A{j}"),
    "one variable": lambda n: "FROM a:1\n" + every(n, "ENV PATH=/a:$PATH"),
    "unset variables": lambda n: "FROM scratch\n" + every(n, "WORKDIR /a$B{i}"),
    "copies": lambda n: "FROM a AS b\nFROM c\n" + every(n, "COPY --from=b d e"),
    "copies from images": lambda n: "FROM a\n" + every(n, "COPY --from=b{i} c d"),
    "copies from no stage": lambda n: (
        every(n, "FROM a:1 AS build{i}") + every(n, "COPY --from=biuld{i} c d")
    ),
    "mounts": lambda n: "FROM a AS b\n" + every(n, "RUN --mount=from=b,target=/c d"),
    "commands": lambda n: "FROM a:1\n" + every(n, "RUN chmod 777 /a{i} && sudo b"),
    "one command": lambda n: "FROM a:1\nRUN a" + " \\\n && apt-get install b" * n,
    "downloads": lambda n: "FROM a:1\nRUN b" + " && curl http://c -o d && sh d" * n,
    "users": lambda n: "FROM scratch\n" + every(n, "RUN adduser u{i}", "USER u{i}"),
    "secrets": lambda n: "FROM a:1\n" + every(n, "COPY id_rsa /a{i}/.ssh/id_rsa"),
    "volumes": lambda n: "FROM a:1\n" + every(n, "VOLUME /a{i}", "RUN touch /a{i}/b"),
    "triggers": lambda n: "FROM a:1\n" + every(n, "ONBUILD COPY b{i} c"),
    "comments": lambda n: "FROM a:1\n" + every(n, "# a"),
    "comments that accept": lambda n: "FROM a:1\n" + every(n, OURS) + "RUN a\n",
    "comments above findings": lambda n: "FROM a:1\n" + every(n, OURS, "RUN chmod 777 /b"),
    "comments above stages": lambda n: every(n, OURS, "FROM a"),
    "comments of peers": lambda n: (
        "FROM a:1\n"
        + every(
            n,
            "# hadolint stage ignore=DL3004,DL{i}",
            "# kics-scan disable=a{i}",
            "# trivy:ignore:DS-0010",
            "RUN sudo a # nosem: a{i} # nosem",
        )
    ),
    "comments of peers on one line": lambda n: "FROM a:1\n# a" + " # nosem" * 9 * n,
    "comments for the file": lambda n: (
        "FROM a:1\n" + every(n, OURS.replace("ignore", "ignore-file"), "RUN chmod 777 /b")
    ),
}
