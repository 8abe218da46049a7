"""A file that a service needs does not exist.

Compose reads the files of `env_file` and `label_file` before it starts anything. If one is
missing, it stops with an error, and no service of the project starts.

Such files are often created before the start and kept out of the repository, so this is
an info, and the rule ignores a file that `.gitignore` lists. It also ignores files outside
of the project, and those with `required: false`.

## How to fix

Create the file, correct its path, or write `required: false` for an `env_file` that may be
missing.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Iterator, MappingValue, ScalarValue, SequenceValue, Value, by_default, rule  # fmt: skip

_REMEDIES = {
    "env_file": "create it, correct the path, or write `required: false`",
    "label_file": "create it, or correct the path",
}
_YES = frozenset(("true", "yes", "on", "y", "1"))


@rule(
    on=Container,
    keys=("env_file", "label_file"),
    severity="info",
    references=(
        "Compose Specification, services, env_file and label_file",
        "Docker Compose 2.26.1, seen to reject these",
    ),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                env_file: «web.env»
                label_file: [«web.labels»]
        """),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                env_file:
                  - web.env
                  - /etc/web.env
                  - ${FILE}
                  - {path: local.env, required: false}
            ==> web.env <==
            TZ=UTC
        """),
    ),
)
def missing_file(container: Container) -> Findings:
    """Point at each path."""
    for key in ("env_file", "label_file"):
        for leaf in _paths(container.value(key)):
            if leaf.text and container.project.lacks(leaf):
                yield Finding(
                    leaf.span,
                    f"`{leaf.text}` does not exist{by_default(leaf.provenance)}, and"
                    f" Compose starts nothing without it; {_REMEDIES[key]}",
                )


def _paths(value: Value | None) -> Iterator[ScalarValue]:
    """Yield the paths that are surely required."""
    for item in value.items if isinstance(value, SequenceValue) else [value]:
        path = item
        if isinstance(item, MappingValue):
            path = item.get("path")
            if not _is_required(item.get("required")):
                continue
        if isinstance(path, ScalarValue) and not path.is_null:
            yield path


def _is_required(flag: Value | None) -> bool:
    if not isinstance(flag, ScalarValue) or flag.is_null:
        return True
    return flag.decided and flag.text.lower() in _YES
