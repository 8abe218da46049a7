"""The image needs a setuid program, but `no-new-privileges` disables all of them.

With `no-new-privileges:true` the kernel ignores the set-user-id bit and file
capabilities. An entrypoint that calls `sudo` then fails, and a program with a file
capability runs without it.

## How to fix

Remove the option for this service, and drop unneeded capabilities instead. Or use an
image that needs no such program.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Verified, rule


@rule(
    on=Container,
    keys=("security_opt",),
    severity="warning",
    references=("Linux, PR_SET_NO_NEW_PRIVS(2const)",),
    checked=Verified(
        """
            $ docker compose --progress quiet up -d; docker compose exec files sh -c 'until pgrep -x syncthing >/dev/null; do sleep 1; done; grep CapPrm /proc/1/status'
          - CapPrm: 0000000000000000
          + CapPrm: 0000000000000009
            ==> compose.yaml <==
            services:
              files:
                image: syncthing/syncthing:1.29
                environment:
                  PCAP: cap_chown,cap_fowner+ep
          -     security_opt: ["no-new-privileges:true"]
        """,
        stand_in=True,
    ),
    examples=(
        Bad("""
            services:
              metrics:
                image: netdata/netdata:v2.7
                security_opt: [«no-new-privileges:true»]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                security_opt: ["no-new-privileges:true"]
        """),
    ),
)
def needed_setuid_blocked(container: Container) -> Findings:
    """Point at the option."""
    option = container.security.no_new_privileges
    needs = container.image_needs if option.is_surely(True) else None
    fact = needs.new_privileges if needs is not None else None
    if fact is None or not fact.needed:
        return
    yield Finding(option.span, f"`no-new-privileges` breaks {container.title}: {fact.why}")
