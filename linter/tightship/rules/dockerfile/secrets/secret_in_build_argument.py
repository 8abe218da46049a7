"""A secret is passed to the build as an argument.

Build arguments are not safe for secrets. Each `RUN` that sees one keeps it in the
history of the image, which `docker history` shows to anyone who can pull it, and it
stays in the build's cache, its records, and its complete provenance. A default in the
Dockerfile is visible to anyone who can read the repository.

The rule reports a name if BuildKit's own check lists it and its last word suggests a
secret: `NPM_TOKEN` and `DB_PASSWORD`, but not `CACHE_KEY` or the `GPG_KEY` of many
official images, which is the fingerprint of a public key. It reports a default if it is
usable as it is. It reports each argument once, where it first appears.

## How to fix

Mount the secret for the one step that needs it: `RUN
--mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci`, and pass it with `docker build
--secret id=npm_token,env=NPM_TOKEN` or `build.secrets` in Compose. For SSH use `RUN
--mount=type=ssh`. If the secret was a default, replace it, because others can know it.
"""

from tightship.rules import Arg, Argument, Bad, Build, Finding, Findings, Good, Iterator, Related, Severity, names_secret, passed, rule, secret_part, with_defaults  # fmt: skip

_MOST_PLACES = 20


@rule(
    on=Build,
    severity="warning",
    severity_note="info without a default: then only the person who builds reveals the secret",
    cwe=(798,),
    references=(
        "Docker documentation, build secrets",
        "Docker documentation, build checks, SecretsUsedInArgOrEnv",
    ),
    aliases=(
        "buildkit:SecretsUsedInArgOrEnv",
        "DL3064",
        "trivy:DS-0031",
        "semgrep:secret-in-build-arg",
        "tally:secrets-in-arg-or-env",
        "tally:prefer-secret-mounts-for-build-credentials",
    ),
    advice="mount it for the step that needs it, with `RUN --mount=type=secret`",
    examples=(
        Bad("""
            FROM node:24
            ARG NPM_TOKEN=«9f86d081884c7d65»
            ARG DB_PASSWORD="«hunter2»" REGISTRY=https://ci:«hunter2»@npm.example.com
            RUN ./build.sh $NPM_TOKEN ${DB_PASSWORD} ${REGISTRY}
        """),
        Bad("""
            FROM node:24
            ARG FAKE_TOKEN=«9f86d081884c7d65»
            ARG FAKE_PASSWORD=hunter2
        """).because("Arguments that nothing reads give one finding."),
        Bad("""
            ARG «GITHUB_TOKEN»
            FROM node:24 AS build
            ARG GITHUB_TOKEN
            ARG VERSION «SSH_PRIVATE_KEY»
            FROM nginx:1.29
            ARG SSH_PRIVATE_KEY=
        """).at("info", "A secret that is passed stays in the history."),
        Good("""
            FROM python:3.14
            ARG GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305
            ARG TOKEN_FILE=/run/secrets/token
            ARG SSH_KEY=/root/.ssh/deploy
            ARG AUTH_METHOD=oidc CACHE_KEY=1 PUBLIC_KEY API_VERSION
        """).because("These are public keys, paths, and settings."),
        Good("""
            # syntax=docker/dockerfile:1
            FROM node:24
            RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci
        """),
    ),
)
def secret_in_build_argument(build: Build) -> Findings:
    """Point at the default, or at the name, and never repeat the value."""
    seen: set[str] = set()
    groups: dict[tuple[str, str], list[_Default]] = {}
    for name, value in _arguments(build):
        text = value.text if value is not None else ""
        if value is None or not text:
            if names_secret(name.text) and name.text not in seen:
                yield Finding(
                    name.span,
                    f"a secret passed as `ARG {name.text}` stays in the history of the build",
                    severity=Severity.INFO,
                    advice=_advice(name.text),
                )
        elif value.decided:
            secret = secret_part(name.text, text)
            if secret is not None:
                # All that no word reads are one finding.
                is_read = _is_read(build, name.text)
                key = (name.text, secret) if is_read else ("", "")
                default = _Default(name.text, value, secret)
                groups.setdefault(key, []).append(default)
        seen.add(name.text)
    for group in groups.values():
        yield _of_defaults(group)


class _Default:
    """A default that is a secret, or has one as a part."""

    __slots__ = ("name", "secret", "value")

    def __init__(self, name: str, value: Argument, secret: str) -> None:
        self.name = name
        self.value = value
        self.secret = secret


def _is_read(build: Build, name: str) -> bool:
    """Return whether a word of the file reads a variable."""
    import re

    return re.search(rf"\$\{{?{re.escape(name)}\b", build.source.text) is not None


def _of_defaults(group: list[_Default]) -> Finding:
    first, *others = group
    names = dict.fromkeys(one.name for one in others if one.name != first.name)
    plural = "s" if len(names) > 1 else ""
    more = f" and {len(names)} more unused argument{plural}" if names else ""
    verb, whose = ("have", "their") if names else ("has", "its")
    is_part = first.secret != first.value.text and "://" in first.value.text
    what = "the password of a URL" if is_part else "a secret"
    return Finding(
        first.value.span.part(first.secret),
        f"`ARG {first.name}`{more} {verb} {what} as {whose} default{with_defaults(first.value)}",
        because=(
            *passed(first.value),
            *(
                Related(one.value.span, f"`ARG {one.name}` has one, too")
                for one in others[:_MOST_PLACES]
            ),
        ),
        secrets=tuple(place for one in group for place in one.value.written(one.secret)),
        advice=_advice(first.name),
    )


def _advice(name: str) -> str:
    mount = f"RUN --mount=type=secret,id={name.lower()},env={name} …"
    return f"mount it for the step that needs it: `{mount}`"


def _arguments(build: Build) -> Iterator[tuple[Argument, Argument | None]]:
    for pair in build.declared:
        yield (
            Argument(pair.name, build.escape, build.global_variable),
            Argument(pair.value, build.escape, build.global_variable)
            if pair.value is not None
            else None,
        )
    for step in build.steps():
        if isinstance(step, Arg):
            yield from ((pair.name, pair.value) for pair in step.pairs)
