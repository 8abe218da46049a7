"""A file was checked alone, although Compose merges it over others that are not known.

A service of the file has no image and no build, or a command whose files are not known names
it. So the file is an overlay: Compose loads it after others, with `-f`. Tightship checks only
the settings in the overlay, since the other files may have the missing ones.

If a service of the overlay has an image, Tightship checks it completely.

## How to fix

Tell Tightship the files in the order in which Compose gets them: with `-f`, as `files` of
`[[roles]]` in the configuration, or with `COMPOSE_FILE` in `.env`.
"""

from tightship.rules import Bad, ComposeProject, Finding, Findings, Good, Span, rule


@rule(
    on=ComposeProject,
    when=("is_overlay",),
    severity="info",
    references=("Compose Specification, merge",),
    advice="check the files together, with `-f`, `COMPOSE_FILE` or `files` of"
    " `[[roles]]` in the configuration",
    examples=(
        Bad("""
            ==> compose.dev.yaml <==
            «»services:
              web: {read_only: true}
        """).because("The image of `web` is in no file here."),
        Good("""
            ==> compose.dev.yaml <==
            services:
              web: {read_only: true}
            ==> compose.yaml <==
            services: {web: {image: 'nginx:1.29'}}
        """).because("The files are checked together."),
    ),
)
def judged_as_overlay(project: ComposeProject) -> Findings:
    """Say that the files below an overlay are not known."""
    if not project.is_overlay:
        return
    file = project.files[0]
    start = file.root.span.start
    yield Finding(
        Span(file.stream.source, start, start),
        "this file is merged over others that are not known: only what it says itself was checked",
    )
