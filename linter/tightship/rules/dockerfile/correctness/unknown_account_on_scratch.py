"""The image has no users and groups, but the Dockerfile names one.

An image from `scratch` has no `/etc/passwd` and no `/etc/group` unless a step copies
them. When the container or the next RUN starts, the engine looks up the name in
`USER` there and fails (`unable to find user app`). `COPY --chown` and `ADD --chown`
with a name fail in the build. People then often remove the line to make it work, and
the image runs as root.

## How to fix

Use numbers, which need no entry: `USER 65532:65532`, `COPY --chown=65532:65532`. Or
copy the files from another stage: `COPY --from=build /etc/passwd /etc/group /etc/`.
"""

from tightship.rules import Add, Argument, Bad, Copy, Finding, Findings, Good, Step, User, could_create, passed, rule, with_defaults  # fmt: skip


@rule(
    on=(User, Add, Copy),
    severity="warning",
    references=("Dockerfile reference, USER and COPY --chown", "moby/sys/user: GetExecUser"),
    absorbs_here=("unknown-user-name",),
    aliases=("tally:named-identity-in-passwdless-stage",),
    when=("stage.is_from_scratch",),
    examples=(
        Bad("""
            FROM golang:1.25 AS build
            RUN go build -o /app
            FROM scratch
            COPY --from=build --chown=«app» /app /srv/app
            USER «nobody:nobody»
        """),
        Bad("""
            FROM scratch
            COPY app /app
            USER «65532:nogroup»
        """).because("The group is looked up as well."),
        Good("""
            FROM golang:1.25 AS build
            FROM scratch
            COPY --from=build /etc/passwd /etc/group /etc/
            COPY --from=build --chown=app:app /app /srv/app
            USER app
        """),
        Good("""
            FROM scratch
            COPY --chown=65532:65532 app /app
            USER 65532:65532
        """),
        Good("""
            FROM debian:13
            USER nobody
        """).because("The image has its own accounts."),
    ),
)
def unknown_account_on_scratch(step: Step) -> Findings:
    """Point at the account whose user or group is a name."""
    stage = step.stage
    if not stage.is_from_scratch or stage.system == "windows":
        return
    # A later build can add an account behind the USER, but not before the files.
    if stage.build.file.template is not None or (stage.deferred and isinstance(step, User)):
        return
    account: Argument | None = None
    if isinstance(step, User):
        account = step.value
    elif isinstance(step, (Add, Copy)):
        account = step.flag("chown")
    if account is None or not account.decided:
        return
    names = _names(account)
    if not names or any(could_create(stage, name) for name in names):
        return
    yield Finding(
        account.span,
        f"`{names[0]}` is unknown to the image: `scratch` has no accounts, and no step"
        f" adds any{with_defaults(account)}",
        because=passed(account),
    )


def _names(account: Argument) -> list[str]:
    """Return the parts that are names; root is known without an entry."""
    parts = account.text.split(":")[:2]
    return [part for part in parts if part and part != "root" and not part.lstrip("+-").isdigit()]
