"""Linux has no capability of this name.

The Docker Engine fails to create the container. People then often comment out a
mistyped `cap_drop` to get the service running, and the container keeps capabilities
that it should lose.

## How to fix

Use a name from capabilities(7). Case does not matter, and the prefix `CAP_` is optional. All of them together are `ALL`; there is no `CAP_ALL`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, by_default, closest_capability, is_known_capability, rule  # fmt: skip


@rule(
    on=Container,
    keys=("cap_add", "cap_drop"),
    severity="error",
    fix="keeps-behaviour",
    references=("Linux, capabilities(7)", "moby 26.1.5, oci/caps/utils.go"),
    checked=Verified("""
      - $ docker run --rm --cap-drop NET_RAWS busybox echo started
      - docker: Error response from daemon: invalid CapDrop: unknown capability: "CAP_NET_RAWS".
      + $ docker run --rm --cap-drop NET_RAW busybox echo started
      + started
    """),
    examples=(
        Bad("""
            services:
              vpn:
                image: openvpn
                cap_add:
          -       - «"NET_ADMNI"»
          +       - "NET_ADMIN"
        """),
        Bad("""
            services:
              web:
                image: nginx
          -     cap_drop: [«CAP_ALL»]
          +     cap_drop: [ALL]
        """),
        Bad("""
            services:
              web:
                image: nginx
                cap_drop: [«NETWORK»]
        """).because("No name is close enough to suggest."),
        Good("""
            services:
              web:
                image: nginx
                cap_drop: [all]
                cap_add: [CAP_CHOWN, setuid, "${MORE}"]
        """),
    ),
)
def unknown_capability(container: Container) -> Findings:
    """Point at each item of `cap_add` and `cap_drop` that names none."""
    for key in ("cap_add", "cap_drop"):
        for item in container.texts(key).items:
            name = item.value
            if name is None or is_known_capability(name):
                continue
            guess = closest_capability(name)
            hint = f"; did you mean `{guess}`?" if guess else ""
            edits = container.editor.replace_item(key, item.source, guess or "")
            yield Finding(
                item.span,
                f"`{name}` is not a Linux capability{by_default(item.provenance)}{hint}",
                fix=Fix.corrects(f"Write `{guess}`", edits) if guess else None,
            )
