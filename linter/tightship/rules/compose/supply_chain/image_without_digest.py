"""The image has no digest, so its tag can move to another image.

A tag is a pointer that anyone with push access to the repository can move, by mistake
or after an attacker takes over the account. The next pull then brings other code under
the same name. A digest is the hash of the image's manifest: it always names the same
image, and the engine verifies it.

## How to fix

Append the digest to the tag that you tested: `NAME:TAG@sha256:…`. The tag stays for
people to read, and tools such as Renovate and Dependabot move both together.
"""

from tightship.rules import Bad, Buildable, Finding, Findings, Good, by_default, pulled_images, rule, tagged  # fmt: skip


@rule(
    on=Buildable,
    severity="info",
    strict=True,
    references=("Compose Specification, services, image",),
    aliases=("CL-0019",),
    examples=(
        Bad("""
            services:
              web:
                image: «nginx:1.29»
              cache:
                image: «redis:${REDIS_VERSION:-8}»
        """),
        Good("""
            services:
              web:
                image: nginx:1.29@sha256:0000000000000000000000000000000000000000000000000000000000000000
        """),
        Good("""
            services:
              web:
                build: .
                image: example/web:2.4
        """).because("The project builds the image: the tag only names the result."),
        Good("""
            services:
              web:
                image: nginx:${TAG}
        """).because("The variable may hold a digest."),
    ),
)
def image_without_digest(owner: Buildable) -> Findings:
    """Point at an image that is pulled by a tag alone."""
    for pulled in pulled_images(owner):
        image = pulled.image
        if not image.digest and "digest" not in image.undecided:
            yield Finding(
                pulled.span,
                f"{pulled.use} `{tagged(image)}`, whose tag can move"
                f"{by_default(pulled.provenance)}",
            )
