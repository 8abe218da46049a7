"""The IPv6 address of a published port has no brackets.

In `::1:8080:80`, the colons of the address look like separators. Compose 2.26.1
rejects the file ("too many colons in address"). Later releases may accept
the entry; the first such release is not known.

## How to fix

Write the address in brackets, which every release reads in the same way: `[::1]:8080:80`.
"""

from tightship.rules import Bad, Finding, Findings, Fix, Good, Port, ScalarValue, Verified, by_default, rule  # fmt: skip


@rule(
    on=Port,
    when=("is_on_ipv6",),
    severity="warning",
    fix="keeps-behaviour",
    references=(
        "Compose 2.26.1, seen to reject it",
        "go-connections 0.4.0, nat/nat.go, ParsePortSpec",
    ),
    checked=Verified("""
        $ docker compose --progress quiet up -d && echo started
      - Invalid ip address ::1: address ::1:: too many colons in address
      + started
        ==> compose.yaml <==
        services:
          app:
            image: busybox
      -     ports: ["::1:8080:80"]
      +     ports: ["[::1]:8080:80"]
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
          -     ports: [«"::1:8080:80"»]
          +     ports: ["[::1]:8080:80"]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                ports:
                  - "[::1]:8080:80"
                  - {target: 443, published: "8443", host_ip: "::1"}
        """),
    ),
)
def port_address_without_brackets(port: Port) -> Findings:
    """Point at an entry of the short syntax with such an address."""
    leaf, address = port.published.value, port.parsed.host_ip or ""
    if not isinstance(leaf, ScalarValue) or not port.is_on_ipv6 or leaf.text[:1] == "[":
        return
    written = f"[{address}]{leaf.text[len(address) :]}"
    yield Finding(
        leaf.span,
        f"Compose 2.26.1 rejects `{leaf.text}`, whose IPv6 address has no"
        f" brackets{by_default(leaf.provenance)}; write `{written}`",
        fix=Fix.corrects(
            "Put the address in brackets",
            port.container.editor.replace_item("ports", leaf, written),
        ),
    )
