"""Messages and findings that several rules share."""

from __future__ import annotations

from tightship.findings import Finding, Fix, Related, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.argument import Argument
    from tightship.isolation.buildable import Buildable
    from tightship.isolation.capabilities import AddedCapability
    from tightship.isolation.mounts import Mount
    from tightship.model.reading import Step


_WORDS = {"default": "default of `${{{}}}`", "unset": "`${{{}}}` is unset"}


def by_default(provenance: tuple[Step, ...]) -> str:
    """Return the end of a message about a value of this provenance.

    It names the variables whose default is used (``${NAME:-value}``), those without a value,
    and those that a file such as ``.env`` sets. The text is empty where no variable is involved.
    """
    words = dict.fromkeys(
        _WORDS[step.kind].format(step.name) if step.kind in _WORDS else from_file(step)
        for step in provenance
        if step.kind in ("default", "unset", "variable")
    )
    return f" ({', '.join(words)})" if words else ""


def in_later_build(finding: Finding) -> Finding:
    """Return a finding about a trigger of ONBUILD, which only later builds run."""
    message = f"in each image that is built from this one: {finding.message}"
    return finding.replaced(message=message)


def from_file(step: Step) -> str:
    """Return how a message names a variable that a file sets."""
    return f"`${{{step.name}}}` from `{step.span.source.name}`"


def with_defaults(argument: Argument) -> str:
    """Return the end of a message about a word of a Dockerfile that an ARG decides.

    It names the ARGs whose default is used, and those that the build passes: another
    build may take another value. The text is empty where there is none.
    """
    words = dict.fromkeys(
        f"`{variable.name}` from a build argument"
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
    """Return the build arguments that decide words of a Dockerfile."""
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
    return tuple(Related(span, "the build passes this", role="origin") for span in spans)


def granted(
    grant: AddedCapability,
    ability: str,
    severity: Severity,
    *,
    may_break: str,
    because: tuple[Related, ...] = (),
    known_as: tuple[str, ...] | None = None,
) -> Finding:
    """Return the finding that a container can do something by an added capability."""
    return Finding(
        grant.span,
        f"{grant.container.title} can {ability}{by_default(grant.setting.provenance)}{grant.limit}",
        severity=grant.severity(severity),
        fix=grant.without(may_break=may_break),
        because=because,
        known_as=known_as,
    )


def entitled(
    owner: Buildable, entitlement: str, ability: str, *, may_break: str
) -> Iterator[Finding]:
    """Yield the finding that a build has an entitlement."""
    entry = owner.texts("build", "entitlements").surely_holds(entitlement)
    if entry is not None:
        edits = owner.editor.remove_nested_item(("build", "entitlements"), entry)
        yield Finding(
            entry.span,
            f"the build of {owner.title} may {ability}{by_default(entry.provenance)}",
            fix=Fix.tightens("Remove the entitlement", edits, may_break=may_break),
        )


def unknown_socket(mount: Mount, what: str) -> Finding:
    """Return the finding that an unknown path is mounted where a socket is expected."""
    return Finding(
        mount.span,
        f"{mount.container.title} commands {what} if the path that is mounted as"
        f" `{mount.target}` is its socket: only a run knows the path",
        severity=Severity.WARNING,
        because=mount.because,
    )
