"""COPY puts a file with a secret into the image.

Anyone who can pull the image has the file, because every layer can be unpacked. A
later `RUN rm` does not help: it hides the file from containers, but the file stays in
the layer below. A private key that all containers of an image share protects none of
them.

The rule recognises secret files by name: private keys, `.env`, `.netrc`, credentials
of clouds, registries and databases. It also reports a file of any name that is copied
to a place for such files, such as `/root/.aws/credentials` or `/root/.ssh/id_rsa`. If
a known folder is copied, it reports the best-known of these names at its top level.
It ignores files that `.dockerignore` keeps out of the build.

## How to fix

Add the file and `.git` to `.dockerignore`: then `COPY . .` does not copy them. If
the build needs the file, mount it for one step: `RUN
--mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`. If the container needs it,
pass it at start, with `secrets:` or a volume. Replace a secret that was in an image
that others can pull.
"""

from __future__ import annotations

import posixpath

from tightship.dockerfile.build import Build
from tightship.dockerfile.shipped_stages import shipped_stages
from tightship.dockerfile.steps import Add, Copy, Run
from tightship.lazy.regex import regex
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Severity,
    passed,
    rule,
    with_defaults,
)
from tightship.values.secret_file import IN_FOLDERS, secret_file, secret_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.dockerfile.argument import Argument
    from tightship.dockerfile.build_context import BuildContext

_REMOTE = regex(r"[a-z]+://|git@")
_IMPORTERS = frozenset(("apt-key", "gpg", "gpg2", "rpm", "rpmkeys"))
_MOST_FOLDERS = 200  # each costs some reads of the disk


@rule(
    on=Build,
    severity=Severity.WARNING,
    severity_note="info for `.npmrc`, which may hold only settings, and in a stage whose"
    " files are only copied",
    cis=("4.10",),
    owasp=("R12",),
    cwe=(538,),
    references=(
        "Docker documentation, build secrets",
        "Docker documentation, .dockerignore files",
    ),
    aliases=("trivy:DS-0031",),
    advice="add the file to `.dockerignore`, and mount it where a step needs it",
    examples=(
        Bad(
            """
            FROM debian:13
            COPY package.json «.env» /app/
            COPY --chmod=600 «deploy/id_rsa» /root/.ssh/
            ADD [«"certs/*.key"», "/etc/ssl/private/"]
            """,
        ),
        Bad(
            {
                "compose.yaml": """
                services:
                  app:
                    build: .
                """,
                "Dockerfile": """
                FROM node:24
                COPY «.» /app
                """,
                ".env": """
                DB_PASSWORD=${PASSWORD}
                """,
                ".dockerignore": """
                node_modules
                """,
            },
            why="The build context is the project folder, which contains the `.env` of Compose.",
        ),
        Bad(
            """
            FROM node:24 AS build
            COPY package.json «.npmrc» /app/
            FROM nginx:1.29
            COPY --from=build /app/dist /usr/share/nginx/html
            """,
            severity=Severity.INFO,
        ),
        Bad(
            """
            FROM alpine/openssl AS keys
            RUN openssl genrsa -out /tls/server.key
            FROM nginx:1.29
            COPY --from=keys «/tls/server.key» /etc/nginx/
            """,
            why="The build creates the key once, and every container of the image has the same one.",
        ),
        Bad(
            """
            FROM debian:13
            COPY «deploy/aws» /root/.aws/credentials
            COPY «deploy_key» /root/.ssh/
            COPY «cluster.yaml» /root/.kube/config
            """,
            why="The destination shows what they are.",
        ),
        Good(
            """
            FROM debian:13
            COPY .env.example /app/.env
            COPY id_rsa.pub cert.pem ca.crt authorized_keys /etc/app/
            COPY nginx_signing.key /etc/apt/keyrings/
            """,
            why="These are templates and public files.",
        ),
        Good(
            {
                "compose.yaml": """
                services:
                  app:
                    build: .
                """,
                "Dockerfile": """
                FROM node:24
                COPY . /app
                """,
                ".env": "PORT=80\n",
                ".dockerignore": """
                .env*
                """,
            },
        ),
    ),
)
def secret_file_copied(build: Build) -> Findings:
    """Point at the file, or at the folder that holds it."""
    kept = public = None
    for step, source, path, what in _secrets(build):
        if path.endswith(".key"):
            public = _imported(build) if public is None else public
            if posixpath.basename(path) in public:
                continue
        kept = shipped_stages(build) if kept is None else kept
        into = "the image" if step.stage in kept else "the build's cache"
        place = step.destination.text if step.destination is not None else ""
        is_npmrc = any(one.endswith(".npmrc") for one in (path, place))
        is_sure = step.stage in kept and not is_npmrc
        is_named = path == source.text
        unless = "" if is_named else ": no `.dockerignore` excludes it"
        yield Finding(
            source.span,
            f"{step.name} puts `{path}` ({what}) into {into}{unless}"
            f"{with_defaults(source)}",
            severity=None if is_sure else Severity.INFO,
            because=passed(source),
        )


def _secrets(build: Build) -> Iterator[tuple[Copy | Add, Argument, str, str]]:
    """Yield the copies of secrets: the step, its source, the path, the kind of secret."""
    folders = 0
    for step in build.steps():
        if not isinstance(step, (Copy, Add)) or _is_of_foreign_image(step):
            continue
        to = step.destination
        for source in step.sources:
            text = source.text
            if not source.decided or _REMOTE.match(text):
                continue
            what = secret_file(text, to.text if to else "")
            if what is None and to is not None and to.decided:
                what = secret_place(to.text, text)
            if what is None and folders < _MOST_FOLDERS:
                folders += 1
                found = _in_folder(step, text)
                if found is not None:
                    yield step, source, found, secret_file(found) or ""
            elif what is not None and not _is_left_out(step, text):
                yield step, source, text, what


def _imported(build: Build) -> set[str]:
    """Return the names of files in steps that import public keys of packages."""
    found = set[str]()
    for step in build.steps():
        if not isinstance(step, Run):
            continue
        if any(call.program and call.program.name in _IMPORTERS for call in step.calls):
            for call in step.calls:
                found.update(
                    posixpath.basename(w.value or "") for w in call.command.words
                )
    return found


def _is_of_foreign_image(step: Copy | Add) -> bool:
    origin = step.origin if isinstance(step, Copy) else None
    return origin is not None and step.stage.build.stage(origin.text) is None


def _context(step: Copy | Add) -> BuildContext | None:
    return None if step.instruction.flag("from") else step.stage.build.context


def _is_left_out(step: Copy | Add, text: str) -> bool:
    context = _context(step)
    return context is not None and context.excluding(_inside(text)) is not None


def _in_folder(step: Copy | Add, text: str) -> str | None:
    """Return a file that surely contains a secret and is copied with its folder."""
    context = _context(step)
    if context is None or not context.is_certain or step.instruction.flag("exclude"):
        return None
    # The wildcard matches names with a leading dot too.
    folder = _inside(text.removesuffix("*"))
    return next(context.among(folder, IN_FOLDERS), None)


def _inside(text: str) -> str:
    """Return a path in the context; no source can leave it."""
    return posixpath.normpath("/" + text).lstrip("/")
