"""A service runs software whose support has ended.

A vulnerability that is found after that day stays open: the vendor publishes no fix, and a
new pull changes nothing. The tag names the software and its base: `postgres:17-bullseye`
is PostgreSQL 17 on Debian 11, and the rule checks both.

The dates come from the vendors and are part of Tightship, so a check needs no network. A
finding appears on the day after the end of the support that everyone gets: Debian's
long-term support counts, but Ubuntu's extended support does not, because it requires a
subscription. The rule checks official images and Microsoft's images of .NET, if the tag
names a version and the end of its support is certain.

## How to fix

Move to a supported version. The finding names the one with the longest support, as far as
vendors have announced it. A new version of a database often does not start on old data:
dump and restore the data, or use the upgrade tool of the database.

If you pay for extended support, or if an old version has to stay, name the image in
`allowed`. With `grace-days`, findings appear some days after the end of support.
"""

from tightship.rules import ALLOWED, GRACE, Bad, Buildable, Finding, Findings, Good, Options, Unverified, by_default, pulled_images, rule, tagged, what_ended  # fmt: skip


@rule(
    on=Buildable,
    severity="warning",
    cwe=(1104,),
    references=("the lifecycle pages of the vendors",),
    options=(ALLOWED, GRACE),
    checked=Unverified("the dates are those that vendors publish"),
    advice="move to a supported version; if it has data, make a backup first",
    examples=(
        Bad("""
            services:
              db:
                image: «postgres:9.4»
              old:
                image: «ubuntu:xenial»
              web:
                image: «nginx:stable-alpine3.8»
        """).because("The last one is a new nginx on Alpine Linux 3.8."),
        Bad("""
            services:
              cache:
                image: «redis:${REDIS_VERSION:-3.2}»
        """),
        Good("""
            services:
              db:
                image: postgres:${TAG}
              web:
                image: nginx:stable
              app:
                image: ghcr.io/example/python:2.7
        """).because("The file has no version, or another vendor's version."),
        Good("""
            ==> compose.yaml <==
            services:
              db:
                image: postgres:9.6-alpine3.12
            ==> tightship.toml <==
            [rules.image-past-end-of-life]
            allowed = ["postgres:9.6*"]
        """).because("The configuration allows this image."),
    ),
)
def image_past_end_of_life(owner: Buildable, options: Options) -> Findings:
    """Point at an image whose tag names a cycle that has ended."""
    for pulled in pulled_images(owner):
        ended = what_ended(pulled.image, options)
        if ended:
            yield Finding(
                pulled.span,
                f"{pulled.use} `{tagged(pulled.image)}`{by_default(pulled.provenance)}: {ended}",
                cause=(tagged(pulled.image),),
            )
