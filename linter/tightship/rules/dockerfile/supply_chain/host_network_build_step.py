"""A build step uses the host's network.

A build runs code from many sources: the base image, packages, maintainer scripts. In
the host's network namespace, that code reaches services that listen only on the host's
loopback interface, such as databases and agents that trust every client, and it can
open ports on the host while the step runs.

BuildKit runs such a step only if the build has the entitlement `network.host`, so
everyone who builds the file has to grant it.

## How to fix

Remove the flag: a step has its own network, with access to the internet. For a proxy
or a private package registry, use build arguments such as `HTTP_PROXY`, `--add-host`
or a DNS name that works from a container. If a step needs no network, use
`--network=none`.
"""

from tightship.rules import Bad, Finding, Findings, Fix, Good, Run, Verified, remove_flag, rule


@rule(
    on=Run,
    severity="warning",
    fix="tightens",
    cwe=(653,),
    references=("Dockerfile reference, RUN --network",),
    checked=Verified(
        """
      - $ printf 'FROM busybox\\nRUN --network=host cat /proc/net/dev\\n' >Dockerfile
      + $ printf 'FROM busybox\\nRUN cat /proc/net/dev\\n' >Dockerfile
        $ docker buildx build --allow network.host --progress plain --no-cache . 2>&1 | grep -o docker0:
      - docker0:
        """,
        note="The first build sees the host's bridge `docker0`, and the second does not.",
    ),
    when=("instruction.flags",),
    examples=(
        Bad("""
            FROM python:3.14
          - RUN «--network=host» pip install --no-cache-dir /src
          + RUN pip install --no-cache-dir /src
        """),
        Good("""
            FROM python:3.14
            RUN --network=none pip install --no-index /src
            RUN --network=default pip install --no-cache-dir /src
            RUN docker build --network=host .
        """).because("The last one is an option of another program."),
    ),
)
def host_network_build_step(run: Run) -> Findings:
    """Point at the flag that gives a step the host's network."""
    flag = run.instruction.flag("network")
    if flag is None or flag.value is None or flag.value.value != "host":
        return
    yield Finding(
        flag.span,
        "this step of the build has the host's network",
        fix=Fix.tightens(
            "Run the step in its own network",
            remove_flag(run.instruction, "network", run.stage.build.escape),
            may_break="steps that reach services on the host's loopback interface",
        ),
    )
