"""The image's environment contains a secret.

`ENV` stores its values in the configuration of the image. Anyone who can pull the
image reads them with `docker inspect`, every process of every container gets them,
and many crash reports contain them. A later `ENV` or `unset` changes the environment
of the container, but the secret stays in the history.

The rule reports a usable value under the name of a secret, a password in a URL, and a
build argument that is passed on (`ENV NPM_TOKEN=$NPM_TOKEN`): its value stays in the
image. It ignores empty values, paths as in `…_FILE`, and placeholders.

## How to fix

Remove it from the image, and pass it to the container at start, as a file if
possible: with `secrets:` in Compose and a variable such as `DB_PASSWORD_FILE`. If
only the build needs it, mount it for one step: `RUN --mount=type=secret,id=npm_token
…`. Then replace the secret, because it is known.
"""

from tightship.rules import Argument, Bad, Build, Env, Finding, Findings, Good, Pair, Severity, Variable, VariableRead, names_secret, passed, rule, secret_part, shipped_stages, variable_holds_secret, with_defaults  # fmt: skip


@rule(
    on=Build,
    severity="warning",
    severity_note="info for a build argument in a stage whose files are only copied",
    cwe=(798,),
    references=(
        "Dockerfile reference, ENV",
        "Docker documentation, build checks, SecretsUsedInArgOrEnv",
    ),
    aliases=(
        "buildkit:SecretsUsedInArgOrEnv",
        "DL3064",
        "trivy:DS-0031",
        "tally:secrets-in-arg-or-env",
        "tally:prefer-secret-mounts-for-build-credentials",
    ),
    advice="remove it from the image, and pass it at start, such as with `secrets:` in Compose",
    examples=(
        Bad("""
            FROM debian:13
            ENV DB_PASSWORD=«hunter2» DB_USER=app
            ENV API_TOKEN «9f86d081884c7d65»
            ENV DATABASE_URL="postgres://app:«hunter2»@db/app"
        """),
        Bad("""
            FROM node:24
            ARG NPM_TOKEN
            ARG DEFAULT=hunter2
            ENV NPM_TOKEN=«${NPM_TOKEN}» DB_PASSWORD=«$DEFAULT»
        """).because("The value of the build argument stays in the image."),
        Bad("""
            FROM node:24 AS build
            ARG NPM_TOKEN
            ENV NPM_TOKEN=«$NPM_TOKEN»
            FROM nginx:1.29
            COPY --from=build /app/dist /usr/share/nginx/html
        """).at("info", "The variable is not in the image, but it is in the build's cache."),
        Good("""
            FROM python:3.14
            ENV GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305
            ENV DB_PASSWORD="" DB_PASSWORD_FILE=/run/secrets/db_password
            ENV TOKEN_TTL=3600 AUTH_METHOD=oidc API_TOKEN=<token> SECRET_KEY=/run/key
        """),
        Good("""
            FROM example/app:2.4
            ENV DB_PASSWORD=$PASSWORD_OF_BASE
        """).because("Only the base image knows the value."),
    ),
)
def secret_in_image_environment(build: Build) -> Findings:
    """Point at the value, and never repeat it."""
    kept = None
    for step in build.steps():
        for pair in step.pairs if isinstance(step, Env) else ():
            value = pair.value
            if value is None:
                continue
            passed = _passed(pair.name.text, value)
            if passed is not None:
                kept = shipped_stages(build) if kept is None else kept
                severity = None if step.stage in kept else Severity.INFO
                yield Finding(
                    value.span,
                    f"`ENV {pair.name.text}` keeps the value of `ARG {passed.name}` in the image"
                    if severity is None
                    else f"`ENV {pair.name.text}` keeps the value of"
                    f" `ARG {passed.name}` in the build's cache",
                    severity=severity,
                )
            else:
                yield from _plain(pair, value)


def _plain(pair: Pair, value: Argument) -> Findings:
    text = value.text
    secret = secret_part(pair.name.text, text) if value.decided else None
    if secret is None or _is_reported_elsewhere(value):
        return
    is_part = secret != text and "://" in text
    what = "the password of a URL" if is_part else "a secret"
    yield Finding(
        value.span.part(secret),
        f"`ENV {pair.name.text}` puts {what} into the image{with_defaults(value)}",
        because=passed(value),
        secrets=value.written(secret),
    )


def _passed(name: str, value: Argument) -> Variable | None:
    """Return the build argument without a value that provides a secret."""
    for read in value.reads:
        variable = read.variable
        if variable is None or not read.counts or _only_asks(read, value):
            continue
        is_open = not (variable.text and variable.decided)
        is_passed = variable.kind in ("argument", "given")
        is_secret = names_secret(name) or names_secret(variable.name)
        if is_open and is_passed and is_secret:
            return variable
    return None


def _only_asks(read: VariableRead, value: Argument) -> bool:
    """Return whether a read is ``${X:+…}``, which only shows that X is set."""
    operator = value.raw[read.start : read.end].removeprefix("${" + read.name)
    return operator.startswith(("+", ":+"))


def _is_reported_elsewhere(value: Argument) -> bool:
    """Return whether the secret comes from another ENV, which is reported itself."""
    variables = (read.variable for read in value.reads if read.counts)
    return any(
        variable is not None
        and variable.kind == "environment"
        and variable_holds_secret(variable.name, variable.text or "")
        for variable in variables
    )
