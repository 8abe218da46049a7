"""The key `version` is obsolete, and Compose ignores it.

Compose has ignored `version` since the Compose Specification replaced the numbered
formats, and Docker Compose warns about it in every run. Compose reads a file with
`version: "2"` by the same rules as any other (verified with docker-compose 2.26.1).

This is not a weakness, but a permanent warning hides the next one.

## How to fix

Remove the line.
"""

from tightship.rules import Bad, ComposeFile, Finding, Findings, Fix, Good, YamlMapping, remove_entry, rule  # fmt: skip


@rule(
    on=ComposeFile,
    when=("version",),
    severity="info",
    fix="keeps-behaviour",
    references=("Compose Specification, version and name top-level elements",),
    aliases=("dclint:no-version-field",),
    tags=("unnecessary",),
    examples=(
        Bad("""
          - «version»: "3.8"
          -
            services:
              web:
                image: nginx
        """),
        Good("""
            name: shop
            services:
              web:
                image: nginx
        """),
    ),
)
def obsolete_version(file: ComposeFile) -> Findings:
    """Point at the key `version` of the top level."""
    if isinstance(file.root, YamlMapping) and file.version is not None:
        edit = remove_entry(file.root, file.version)
        yield Finding(
            file.version.span,
            "Compose ignores `version`",
            fix=Fix.keeps("Remove `version`", (edit,)) if edit else None,
        )
