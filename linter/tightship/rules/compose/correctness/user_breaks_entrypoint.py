"""The image has to start as root, but `user` sets another user.

Some entrypoints prepare files, ports or accounts as root before they switch to their
own account. As another user, they stop with an error. Other images support any user;
`tightship image NAME` shows whether an image does.

## How to fix

Remove `user`: the entrypoint switches to its own user. Drop unneeded capabilities
with `cap_drop: [ALL]` and `cap_add`. Or meet the condition in the message, for another user.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Verified, is_surely_another, rule  # fmt: skip


@rule(
    on=Container,
    keys=("user",),
    severity="warning",
    references=("Compose Specification, services, user",),
    checked=Verified(
        r"""
            $ docker compose --progress quiet run --rm web nginx -t 2>&1 | grep -o '[^ ]* failed (.*\|test is successful'
          - "/run/nginx.pid" failed (13: Permission denied)
          + test is successful
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
          -     user: "1000:1000"
        """,
        stand_in=True,
    ),
    examples=(
        Bad("""
            services:
              web:
                image: gitea/gitea:1.24
                user: «"1000:1000"»
        """),
        Good("""
            services:
              db:
                image: postgres:18
                user: "1000:1000"
        """),
        Good("""
            services:
              web:
                image: example/web:1
                user: "1000:1000"
        """).because("Nothing is known about this image."),
    ),
)
def user_breaks_entrypoint(container: Container) -> Findings:
    """Point at `user`."""
    needs = container.image_needs if is_surely_another(container.user) else None
    fact = needs.other_user if needs is not None else None
    if fact is None or fact.works:
        return
    yield Finding(
        container.user.span,
        f"{container.title} does not start as `{container.user.value}`:"
        f" {fact.needs or 'its entrypoint has to start as root'}",
    )
