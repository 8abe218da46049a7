"""Docker discards the container's output.

With `driver: none` the daemon keeps nothing of a container's output, and `docker
logs` shows nothing. After a break-in there is no record of requests and responses, and
before it, nothing can raise an alarm.

## How to fix

Set `logging.driver: local`, which rotates by itself, or the driver of your log system. If a
service prints too much, lower its log level.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, by_default, rule


@rule(
    on=Container,
    keys=("logging",),
    severity="warning",
    fix="changes-behaviour",
    cwe=(778,),
    references=(
        "Compose Specification, services, logging",
        "Docker documentation, logging drivers",
    ),
    aliases=("CL-0014",),
    checked=Verified("""
      - $ docker run --name seen --log-driver none busybox echo hello
      + $ docker run --name seen busybox echo hello
        hello
        $ docker logs seen; docker rm seen
      - Error response from daemon: configured logging driver does not support reading
      + hello
        seen
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                logging:
          -       driver: «none»
          +       driver: local
        """),
        Bad("""
            x-quiet: &quiet {driver: «"none"»}
            services:
              web:
                image: nginx:1.29
                logging: *quiet
        """).because("The rule reports the anchor; check its users before you change it."),
        Good("""
            services:
              web:
                image: nginx:1.29
                logging:
                  driver: journald
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                logging:
                  driver: ${LOG_DRIVER}
        """),
    ),
)
def logging_disabled(container: Container) -> Findings:
    """Point at `driver: none`."""
    driver = container.text("logging", "driver")
    if not driver.is_surely("none"):
        return
    yield Finding(
        driver.span,
        f"the output of {container.title} is discarded" + by_default(driver.provenance),
        fix=Fix.changes(
            "Keep the log and rotate it",
            container.editor.set_nested(("logging",), {"driver": "local"}),
            may_break="a disk without room for 100 MB of logs",
        ),
    )
