"""The container's log can fill the host's disk.

Docker's default logging driver, `json-file`, writes the container's output to a file on
the host, without a size limit (moby 26.1.5, daemon/logger/jsonfilelog/jsonfilelog.go).
Anyone who can make the service write log lines, such as any client of a web server, can
make that file grow until the disk is full and the host's other services stop.

## How to fix

Set `max-size` and `max-file` below `logging.options`, or set
`logging.driver: local`, which keeps five compressed files of 20 MB by default. This is not necessary if the configuration of the daemon limits the
log of all containers.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, YamlText, by_default, rule


@rule(
    on=Container,
    severity="info",
    strict=True,
    fix="tightens",
    cwe=(770,),
    references=(
        "Compose Specification, services, logging",
        "moby 26.1.5, daemon/logger/jsonfilelog/jsonfilelog.go",
    ),
    examples=(
        Bad("""
            services:
              «web»:
                image: nginx:1.29
          +     logging:
          +       driver: json-file
          +       options:
          +         max-size: 10m
          +         max-file: "3"
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                logging:
                  driver: «json-file»
                  options:
                    max-file: "5"
          +         max-size: 10m
        """).because("Without `max-size` the first file never ends."),
        Good("""
            services:
              web:
                image: nginx:1.29
                logging:
                  options: {max-size: 10m, max-file: "3"}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                logging:
                  driver: local
        """).because("This driver rotates by itself."),
        Good("""
            services:
              web:
                image: nginx:1.29
                logging:
                  driver: ${LOG_DRIVER}
        """),
    ),
)
def unlimited_log(container: Container) -> Findings:
    """Point at the driver, or at the service that names none."""
    driver = container.text("logging", "driver")
    if not driver.surely_absent and not driver.is_surely("json-file"):
        return
    if not container.text("logging", "options", "max-size").surely_absent:
        return
    bound = {"max-size": "10m"}
    if container.value("logging", "options", "max-file") is None:
        bound["max-file"] = YamlText("3")
    edits = (
        container.editor.set_nested((), {"logging": {"driver": "json-file", "options": {**bound}}})
        if container.value("logging") is None
        else container.editor.set_nested(("logging", "options"), {**bound})
    )
    yield Finding(
        driver.span,
        f"the log of {container.title} grows without limit" + by_default(driver.provenance),
        fix=Fix.tightens(
            "Rotate the log", edits, may_break="a program that reads older logs on the host"
        ),
    )
