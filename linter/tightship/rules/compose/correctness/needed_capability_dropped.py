"""The container drops a capability that its image needs.

`cap_drop: [ALL]` is the right start, but the image may need some capabilities back. Many
images start as root, make their own account the owner of the data, and continue as that
account: they need `CHOWN`, `SETUID` and `SETGID`. Some fail only at the second start,
when the data already belongs to that account. If hardening breaks a service, people often
remove all hardening.

Tightship knows the needs of well-known images, each with its source; `tightship image
NAME` prints them. The rule reports nothing if the service sets another command or
entrypoint.

## How to fix

Add the capability under `cap_add`, and keep `cap_drop: [ALL]`.
"""

from tightship.rules import DEFAULT_CAPABILITIES, Bad, Container, Finding, Findings, Fix, Good, Verified, rule  # fmt: skip


@rule(
    on=Container,
    keys=("cap_drop",),
    severity="warning",
    fix="changes-behaviour",
    references=("Compose Specification, services, cap_drop", "Linux, capabilities(7)"),
    checked=Verified(
        """
      - $ docker compose --progress quiet up -d; until docker compose logs 2>&1 | grep -o -m 1 'setgid.*'; do sleep 1; done
      - setgid(101) failed (1: Operation not permitted)
      + $ docker compose --progress quiet up -d; docker compose exec web curl -sI --retry 9 --retry-connrefused http://localhost | head -n 1
      + HTTP/1.1 200 OK
        """,
        stand_in=True,
    ),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                cap_drop: «[ALL]»
          -     cap_add: [CHOWN, SETUID]
          +     cap_add: [CHOWN, SETUID, SETGID]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                cap_drop: [ALL]
                cap_add: [CHOWN, SETGID, SETUID]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                cap_drop: [ALL]
                entrypoint: /my-own-start
        """).because("The entrypoint of the image does not run, so its needs are unknown."),
        Good("""
            services:
              web:
                image: nginx:1.29
                user: "101"
                cap_drop: [ALL]
        """).because("The first process is not root, and changes no owners and no users."),
    ),
)
def needed_capability_dropped(container: Container) -> Findings:
    """Point at `cap_drop`, and name what is missing with the reasons."""
    capabilities = container.capabilities
    if not (capabilities.dropped.is_set and capabilities.dropped.all_decided):
        return
    needs = container.image_needs
    if needs is None or not capabilities.added.all_decided:
        return
    held = capabilities.bounding
    if "DAC_READ_SEARCH" in held:
        # It opens what DAC_OVERRIDE opens, for reading (capabilities(7)).
        held |= {"DAC_OVERRIDE"}
    # Others are missing without `cap_drop`, too.
    missing = [
        fact for fact in needs.certain_capabilities if fact.name in DEFAULT_CAPABILITIES - held
    ]
    if not missing:
        return
    names = [fact.name for fact in missing]
    again = " on a restart" if all(fact.at == "restart" for fact in missing) else ""
    yield Finding(
        capabilities.dropped.span,
        f"{container.title} drops {', '.join(f'`{name}`' for name in names)},"
        f" which its image needs{again}: {missing[0].why}",
        fix=lambda: Fix.changes(f"Add {', '.join(names)}", container.editor.add("cap_add", *names)),
    )
