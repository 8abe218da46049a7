"""Messages about values from variables: which variables, and who sets them."""

from __future__ import annotations

from tightship.findings import Related

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.argument import Argument
    from tightship.model.reading import Step


def by_default(provenance: tuple[Step, ...]) -> str:
    """Return the end of a message about a value of this provenance.

    It names the variables whose default is used (``${NAME:-value}``), and those that a
    file such as ``.env`` sets. The text is empty where no variable is involved.
    """
    words = dict.fromkeys(
        f"default of `${{{step.name}}}`" if step.kind == "default" else from_file(step)
        for step in provenance
        if step.kind in ("default", "variable")
    )
    return f" ({', '.join(words)})" if words else ""


def from_file(step: Step) -> str:
    """Return how a message names a variable that a file sets."""
    return f"`${{{step.name}}}` from `{step.span.source.name}`"


def with_defaults(argument: Argument) -> str:
    """Return the end of a message about a word of a Dockerfile that an ARG decides.

    It names the ARGs whose default is used, and those that a service's `build.args`
    set: another build may take another value. The text is empty where there is none.
    """
    words = dict.fromkeys(
        f"`{variable.name}` from the service's `args`"
        if variable.kind == "given"
        else f"default of `ARG {variable.name}`"
        for read in argument.reads
        if read.counts
        and not read.defaulted
        and (variable := read.variable) is not None
        and variable.kind in ("argument", "given")
        and variable.text is not None
    )
    return f" ({', '.join(words)})" if words else ""


def passed(*arguments: Argument) -> tuple[Related, ...]:
    """Return the `build.args` of services that decide words of a Dockerfile."""
    spans = dict.fromkeys(
        variable.span
        for argument in arguments
        for read in argument.reads
        if read.counts
        and not read.defaulted
        and (variable := read.variable) is not None
        and variable.kind == "given"
        and variable.text is not None
        and variable.span is not None
    )
    return tuple(Related(span, "the service passes this", role="origin") for span in spans)
