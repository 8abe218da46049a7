"""The container shares the host's name with the host.

With `uts: host`, both have the same host name. The container always knows the name of the
machine, and can change it with `SYS_ADMIN`, which confuses logs, certificates and cluster
members. Few services need it.

## How to fix

Remove `uts`. If the service has to know a name, set `hostname`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, YamlText, by_default, rule


@rule(
    on=Container,
    keys=("uts",),
    severity="info",
    fix="tightens",
    cwe=(653,),
    references=("Compose Specification, services, uts", "Linux, uts_namespaces(7)"),
    examples=(
        Bad("""
            services:
              agent:
                image: agent:7
          -     uts: «host»
        """),
        Good("""
            services:
              agent:
                image: agent:7
                hostname: agent.example.org
        """),
    ),
)
def host_uts_namespace(container: Container) -> Findings:
    """Point at `uts`."""
    namespace = container.namespace("uts")
    if not namespace.is_host:
        return
    yield Finding(
        namespace.span,
        f"{container.title} shares the host name with the"
        f" host{by_default(namespace.setting.provenance)}",
        fix=Fix.tightens(
            "Give the service its own host name",
            container.editor.remove("uts") or container.editor.put("uts", YamlText("")),
            may_break=f"{container.title}, if it reports under the host's name: set `hostname`",
        ),
    )
