"""USER names a user that the image does not have.

The engine looks up the name in the image's `/etc/passwd` when a container or the next
RUN starts. If it is missing, both fail: `unable to find user app: no matching entries
in passwd file`. People then often remove the line to make it work, and the image runs
as root.

The rule checks stages from `scratch` and from official images whose users are known. It
reports nothing after a step that may create a user: one that installs a package, runs a
script, or copies files to the folder of `/etc/passwd`.

## How to fix

Create the user first, or use a number: it needs no entry, and Kubernetes can verify
that it is not root:

    RUN useradd --system --no-log-init --uid 10001 app
    USER 10001:10001

In an image from `scratch`, use a number, or copy an `/etc/passwd`: `COPY --from=build
/etc/passwd /etc/passwd`.
"""

from tightship.rules import Bad, Finding, Findings, Good, Stage, User, could_create, could_have_user, names_root, passed, rule, user_name_of, with_defaults  # fmt: skip


@rule(
    on=User,
    severity="info",
    strict=True,
    references=("Dockerfile reference, USER", "moby, daemon: getUser; moby/sys/user: GetExecUser"),
    aliases=("DL3066",),
    advice="create the user first, or use a number, which needs no entry",
    examples=(
        Bad("""
            FROM python:3.14-slim
            RUN useradd --uid 10001 app
            USER «ap»
        """),
        Bad("""
            FROM golang:1.25 AS build
            RUN go build -o /app
            FROM scratch
            COPY --from=build /app /srv/app
            USER «nobody:nobody»
        """).because("An image from `scratch` has no users."),
        Good("""
            FROM python:3.14-slim
            RUN useradd --uid 10001 app
            USER app
        """),
        Good("""
            FROM node:24
            USER node
        """).because("The official image has this user."),
        Good("""
            FROM debian:13
            RUN apt-get update && apt-get install -y tor
            USER debian-tor
        """).because("A package may create users."),
        Good("""
            FROM scratch
            COPY --from=build /etc/passwd /etc/
            USER app
        """),
        Good("""
            FROM example.com/runtime
            USER app
        """).because("The users of another image are unknown."),
        Good("""
            FROM scratch
            USER 65532:65532
        """),
    ),
)
def unknown_user_name(step: User) -> Findings:
    """Point at a name that is surely in no `/etc/passwd` of the image."""
    value, stage = step.value, step.stage
    if value is None or not value.decided:
        return
    # A later build can create the user.
    if stage.deferred or stage.build.file.template is not None or stage.system == "windows":
        return
    name = user_name_of(value)
    if not name or name.lstrip("+-").isdigit() or names_root(name):
        return
    if _could_be_in_base(stage, name) or could_create(stage, name):
        return
    base = stage.image.familiar if stage.image else "scratch"
    yield Finding(
        value.span,
        f"user `{name}` is unknown to the image: no step creates it, and"
        f" `{base}` does not have it{with_defaults(value)}",
        because=passed(value),
    )


def _could_be_in_base(stage: Stage, name: str) -> bool:
    if stage.is_from_scratch:
        return False
    return stage.image is None or could_have_user(stage.image, name)
