"""Variables have no value, so Compose puts an empty text in their place.

For `${TAG}` without a value in `.env` or the environment, Compose prints a warning and
continues with an empty text: `image: alpine:${TAG}` is then invalid, `user: ${WEB_UID}` is
the user of the image, and `./${NAME}:/data` mounts the whole folder. The warning is easy to
miss, and a pipeline that lacks one variable starts other containers than yours.

Your shell may set the variables: Tightship reads them only with
`--env-from-process`. There is one finding for each project, with the names of all such
variables and the first use of each. Rules about a value with such a variable report
nothing, because it is unknown. But `privileged: "${X}true"` is `true` without the variable, and
`${X}/:/data` mounts `/`: what gives something away that way is reported.

The rule ignores variables with a default (`${TAG:-1}`) or an error (`${TAG:?}`), those
that Compose or a login sets (`COMPOSE_PROJECT_NAME`, `HOME`, `PWD`, `USER`), and `$$`,
which is a literal `$`.

## How to fix

Give each variable a value in `.env`, a default (`${TAG:-1.29}`), or an error for those
that must have a value (`${TAG:?set a tag}`). Write `$$NAME` for a variable of the
container's own shell.
"""

from itertools import islice

from tightship.rules import ALWAYS_SET, Bad, Finding, Findings, Good, Related, UnsetVariables, rule

_MOST_SHOWN = 10


@rule(
    on=UnsetVariables,
    severity="info",
    references=(
        "Compose Specification, interpolation",
        "Docker Compose 2.26.1, seen to warn; compose-go, template/template.go",
    ),
    advice="set it in `.env`, or write a default, `${NAME:-value}`, or `${NAME:?}`",
    examples=(
        Bad("""
            services:
              web:
                image: «nginx:${TAG}»
                user: ${WEB_UID}
        """).because("One finding names `TAG` and `WEB_UID`."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:${TAG}
                user: ${WEB_UID:-1000}
                environment: [TOKEN]
                command: sh -c 'echo $$HOSTNAME'
            ==> .env <==
            TAG=1.29
        """),
    ),
)
def unset_variable(unset: UnsetVariables) -> Findings:
    """Point at the first text with such a variable, and show the first use of others."""
    places = {
        name: span
        for name, span in unset.places.items()
        if name not in ALWAYS_SET and name not in unset.required
    }
    if not places:
        return
    shown = [f"`{name}`" for name in islice(places, _MOST_SHOWN)]
    more = len(places) - len(shown)
    words = shown if not more else [*shown, f"{more} more"]
    names = " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
    one = len(places) == 1
    first, *others = islice(places.items(), _MOST_SHOWN)
    yield Finding(
        first[1],
        f"{names} {'has' if one else 'have'} no value in the files: unless your"
        " environment sets"
        f" {'it' if one else 'them'}, Compose puts an empty text there",
        because=tuple(Related(span, f"`{name}` is first used here") for name, span in others),
    )
