"""Docker rejects the user or group of the container.

The Docker Engine accepts numbers from 0 to 2147483647, and names in the `/etc/passwd` and
`/etc/group` of the image. It starts no container with any other user or group. An image
from `scratch` has neither file, unless a step copies one into it.

## How to fix

Use a number in that range, such as `1000:1000`. An image from `scratch` has no user
names: use numbers.
"""

from tightship.rules import Add, Bad, Container, Copy, Finding, Findings, Good, Setting, Stage, Verified, by_default, could_create, regex, rule  # fmt: skip

_NUMBER = regex(r"[+-]?[0-9]{1,64}")
_HIGHEST = 2**31 - 1


@rule(
    on=Container,
    keys=("user", "group_add"),
    severity="error",
    references=(
        "Docker Engine 26.1.5 and Compose 2.26.1, seen to reject these",
        "moby/sys/user, user.go, GetExecUser and GetAdditionalGroups",
    ),
    advice="use a number in that range, such as `1000:1000`",
    checked=Verified("""
      - $ docker run --rm --user 4294967295 busybox echo started
      - docker: Error response from daemon: uids and gids must be in range 0-2147483647.
      + $ docker run --rm --user 2147483647 busybox echo started
      + started
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                user: «"4294967295"»
                group_add: [«"-1"»]
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              web: {build: ., user: «app»}
            ==> Dockerfile <==
            FROM scratch
            COPY app /app
            ENTRYPOINT ["/app"]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                user: "2147483647:${GROUP}"
                group_add: [video, 44]
        """),
        Good("""
            ==> compose.yaml <==
            services:
              web: {build: ., user: app}
            ==> Dockerfile <==
            FROM scratch
            COPY passwd /etc/passwd
            COPY app /app
            ENTRYPOINT ["/app"]
        """),
    ),
)
def invalid_user(container: Container) -> Findings:
    """Point at `user`, and at each item of `group_add`."""
    user, groups = container.user, container.texts("group_add").items
    if user.value:
        names = zip(("user", "group"), user.value.split(":"), strict=False)
        yield from _rejected(container, user, list(names))
    for item in groups:
        if item.value is not None:
            named = [("group", item.value)]
            yield from _rejected(container, item, named, is_required=True)


def _rejected(
    container: Container,
    setting: Setting[str],
    names: list[tuple[str, str]],
    *,
    is_required: bool = False,
) -> Findings:
    for kind, name in names:
        if _NUMBER.fullmatch(name):
            if 0 <= int(name) <= _HIGHEST:
                continue
            what = f"`{name}` is not between 0 and {_HIGHEST}; use a number in this range"
        elif container.stage is not None and _has_no(container.stage, name):
            what = f"its image is built from `scratch` and has no {kind} `{name}`; write a number"
        elif name != name.strip():
            what = f"there is no {kind} `{name}` with a blank; remove the blank"
        elif not name and is_required:
            what = "a group has no name; remove it"
        else:
            continue
        yield Finding(
            setting.span,
            f"{container.title} will not start: {what}{by_default(setting.provenance)}",
        )
        return


def _has_no(stage: Stage, name: str) -> bool:
    """Tell whether no step of an image from ``scratch`` may bring a user or a group."""
    if not name or name == "root" or not stage.is_from_scratch:
        return False
    copied = (
        step.destination
        for one in stage.ancestry
        for step in one.steps
        if isinstance(step, (Add, Copy))
    )
    return not could_create(stage, name) and not any(
        path is None or not path.decided or "etc" in path.text for path in copied
    )
