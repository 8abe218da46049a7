"""A file was checked alone, although Compose merges it onto another.

A service of the file has no image and no build, or refers to something that the main
file defines. So the file is an overlay: Compose loads it after the main file, with
`-f`. Tightship checks only the settings in the overlay, since the other file may have
the missing ones.

If a service of the overlay has an image and the main file does not have the service,
Tightship checks it completely.

## How to fix

Check the files together, in the order in which Compose gets them: with `-f`, as a
project in the configuration, or with `COMPOSE_FILE` in `.env`.
"""

from tightship.rules import Bad, ComposeProject, Finding, Findings, Good, Span, rule


@rule(
    on=ComposeProject,
    when=("is_overlay",),
    severity="info",
    references=("Compose Specification, merge",),
    advice="check the files together, with `-f`, `COMPOSE_FILE` or a"
    " `[[project]]` of the configuration",
    examples=(
        Bad(
            {
                "compose.dev.yaml": """
                «»services:
                  web: {read_only: true}
""",
                "compose.yaml": "services: {web: {image: nginx}}\n",
            }
        ).because("The image of `web` is in `compose.yaml`."),
        Good(
            {
                "compose.prod.yaml": "services: {web: {image: 'nginx:1.29'}}\n",
                "compose.yaml": "services: {app: {build: .}}\n",
            }
        ).because("The file is complete by itself."),
    ),
)
def judged_as_overlay(project: ComposeProject) -> Findings:
    """Name the files that are judged together."""
    below = project.overlay_of
    if below is None:
        return
    file = project.files[0]
    start = file.root.span.start
    whole = "the other files were not found"
    if below:
        files = " ".join(f"-f {name}" for name in (*below, *project.paths))
        whole = f"`tightship check {files}` checks the whole project"
    yield Finding(
        Span(file.stream.source, start, start),
        f"this file was checked alone, as an overlay; {whole}",
    )
