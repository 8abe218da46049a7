"""The memory limit is lower than the configured heap of the service.

The kernel ends a container that takes more memory than its limit. If the heap of a Java
virtual machine, or the cache of a database, may grow beyond the limit, the service is
killed when it is busy, or while it starts.

## How to fix

Raise the limit above the heap, with room for threads, code and buffers: Java needs about
1.5 times the heap. Or reduce the heap.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Unverified, asked_heap, by_default, rule  # fmt: skip


@rule(
    on=Container,
    keys=("mem_limit", "deploy"),
    severity="warning",
    fix="changes-behaviour",
    references=("Compose Specification, services, mem_limit", "Linux, cgroup v2, memory.max"),
    checked=Unverified("no program of the lab fills a heap"),
    examples=(
        Bad("""
            services:
              app:
                image: example/app:1
                environment:
                  JAVA_TOOL_OPTIONS: -Xmx2g
          -     mem_limit: «1g»
          +     mem_limit: 4g
        """),
        Bad("""
            services:
              app:
                image: example/app:1
                command: java -Xms256m -Xmx768m -jar app.jar
                deploy:
                  resources:
                    limits:
          -           memory: «512M»
          +           memory: 2g
        """),
        Good("""
            services:
              app:
                image: example/app:1
                environment:
                  JAVA_TOOL_OPTIONS: -Xmx2g
                mem_limit: 3g
        """),
        Good("""
            services:
              app:
                image: example/app:1
                environment:
                  JAVA_TOOL_OPTIONS: -Xmx${HEAP}
                mem_limit: 1g
        """).because("The value is known only at run time, so the rule reports nothing."),
    ),
)
def memory_limit_below_heap(container: Container) -> Findings:
    """Point at the limit."""
    limits = container.limits
    limit = limits.memory.setting
    asked = asked_heap(container) if limit.value is not None else None
    if asked is None or limit.value is None or limit.value >= asked.size:
        return
    yield Finding(
        limit.span,
        f"the memory limit of {container.title} is lower than the heap of"
        f" {asked.text} that `{asked.setting}` asks for{by_default(limit.provenance)}",
        fix=lambda: Fix.changes(
            f"Raise the limit to {asked.limit}",
            limits.put({"memory": asked.limit}),
            may_break="a host that has less memory than that",
        ),
    )
