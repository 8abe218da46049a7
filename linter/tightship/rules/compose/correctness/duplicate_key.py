"""A key or an item appears twice, and Compose rejects the file.

In YAML, each key may appear once in a mapping. Compose rejects a file with a duplicate
and starts nothing. Tools that accept it use the last one, so a reviewer may read a
`privileged: false` that has no effect.

The same holds for the items of some lists, such as `security_opt` and `group_add`
(verified with docker-compose 2.26.1). Two `<<` in one mapping are duplicates, too.

## How to fix

Keep the right one and remove the other. To merge several anchors, use one key: `<<:
[*a, *b]`; the first one wins.
"""

from tightship.rules import Bad, ComposeFile, Edit, Finding, Findings, Fix, Good, Related, Verified, Violation, YamlMapping, YamlNode, YamlSequence, remove_entry, remove_item, rule  # fmt: skip


@rule(
    on=ComposeFile,
    when=("violations",),
    severity="error",
    fix="keeps-behaviour",
    references=("YAML 1.2, chapter 3.2.1.1: keys are unique",),
    aliases=("dclint:invalid-yaml", "dclint:invalid-schema"),
    advice="keep one of the two; to merge several anchors, write `<<: [*a, *b]`",
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - yaml: unmarshal errors:
      -   line 5: mapping key "privileged" already defined at line 4
      + accepted
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx
                privileged: true
                «privileged»: false
        """).because("Only the author knows which one is right."),
        Bad("""
            services:
              web:
                image: nginx
                init: true
          -     «init»: true
        """).because("Both values are the same here."),
        Bad("""
            services:
              web:
                image: nginx
          -     security_opt: ["no-new-privileges:true", «"no-new-privileges:true"»]
          +     security_opt: ["no-new-privileges:true"]
        """),
        Good("""
            x-limits: &limits {mem_limit: 64m}
            x-hard: &hard {read_only: true}
            services:
              web:
                image: nginx
                <<: [*limits, *hard]
        """),
    ),
)
def duplicate_key(file: ComposeFile) -> Findings:
    """Point at the second of two equal keys or items."""
    values: dict[int, dict[int, YamlNode]] = {}
    for violation in file.violations:
        if violation.kind not in ("duplicate-key", "duplicate-item"):
            continue
        edit, first = _removal(violation, values), violation.first
        yield Finding(
            violation.span,
            violation.message,
            fix=Fix.corrects("Remove the duplicate", (edit,)) if edit else None,
            because=(Related(first.span, "it is first set here"),) if first else (),
        )


def _removal(violation: Violation, values: dict[int, dict[int, YamlNode]]) -> Edit | None:
    """Return the edit that removes the second, if both have the same value.

    ``values`` is a cache: the values of mappings, by mapping and key.
    """
    node, parent, first = violation.node, violation.parent, violation.first
    if isinstance(parent, YamlSequence):
        return remove_item(parent, node)
    if isinstance(parent, YamlMapping) and first is not None:
        if id(parent) not in values:
            values[id(parent)] = {id(name): value for name, value in parent.entries}
        one, other = values[id(parent)][id(first)], values[id(parent)][id(node)]
        if (one.tag, one.span.text) == (other.tag, other.span.text):
            return remove_entry(parent, node)
    return None
