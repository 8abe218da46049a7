"""The image tag moves, so each pull can run another image.

Without a tag, Docker uses `latest`, the image that was pushed last. Tags that name a
release line instead of a version move in the same way: `redis:alpine`,
`nginx:stable`, `node:lts`, `app:main`, `debian:sid`. Two hosts that start the same
file on different days run different software, and a rollback runs the same broken image
again. Anyone who gets push access to the repository once runs code in the next
deployment, and no line of the file changes.

A version as the tag (`nginx:1.29`) still moves, but only within that version. A digest
never moves.

## How to fix

Use the tag of the version that you tested. To fix every byte, add its digest:
`nginx:1.29@sha256:…`; `docker buildx imagetools inspect nginx:1.29` prints it.
"""

from tightship.rules import Bad, Buildable, Finding, Findings, Good, by_default, pulled_images, rule, tag_floats, tagged  # fmt: skip


@rule(
    on=Buildable,
    severity="info",
    cwe=(1357,),
    references=("Compose Specification, services, image",),
    aliases=("CL-0004", "dclint:service-image-require-explicit-tag"),
    absorbs_here=("image-without-digest",),
    examples=(
        Bad("""
            services:
              web:
                image: «nginx»
              db:
                image: «postgres:latest»
        """),
        Bad("""
            services:
              web: {image: «"registry.example:5000/web"»}
        """).because("The number is the registry's port."),
        Bad("""
            services:
              web:
                image: «nginx:${TAG:-latest}»
        """),
        Bad("""
            services:
              web:
                image: «nginx:stable-alpine»
                pre_start:
                  - image: «busybox»
                    command: touch /ready
              cache:
                image: «redis:alpine»
        """).because("The next version gets the same tag. Hooks have their own images."),
        Bad("""
            services:
              web:
                build:
                  context: .
                  additional_contexts:
                    base: docker-image://«alpine:latest»
        """).because("The image replaces a stage."),
        Good("""
            services:
              web:
                image: nginx:1.29
              db:
                image: debian:bookworm-slim
        """).because("The name of a release of Debian is a version."),
        Good("""
            services:
              web:
                image: nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000
        """).because("The digest decides, not the tag."),
        Good("""
            services:
              web:
                image: ${IMAGE}
              db:
                image: postgres:${TAG}
        """).because("The tag is not in the file."),
        Good("""
            services:
              web:
                build: .
                image: example/web
              worker:
                image: example/web
        """).because("The project builds the image, so its name does not select it."),
    ),
)
def mutable_image_tag(owner: Buildable) -> Findings:
    """Point at an image that is pulled by a tag without a version, or by none."""
    for pulled in pulled_images(owner):
        image = pulled.image
        if not image.is_by_tag:
            continue
        if image.tag in (None, "latest") or tag_floats(image):
            yield Finding(
                pulled.span,
                f"{pulled.use} `{tagged(image)}`{by_default(pulled.provenance)}"
                ", a tag that moves from image to image",
            )
