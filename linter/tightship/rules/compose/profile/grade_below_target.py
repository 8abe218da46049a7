"""The isolation of a service is below the target.

The isolation profile of a service has a grade from A to F: each weakness costs
points, and one that gives control of the host makes it F. `tightship explain
--isolation` prints the profile, and [the page on profiles](../profile.md) has the
table of points.

A *target* is the lowest grade that a project accepts. With it, a project can improve
step by step without getting worse again. The rule is off until a target is set: by
`target = "B"` in the configuration, or by `--target B`.

A grade that depends on unknown facts, such as the user of an unknown image, is a
range. The finding is an info if only the worst case is below the target.

## How to fix

Run `tightship harden`, which writes the settings that are known to work. `tightship
explain --isolation NAME` shows the points of each weakness. For a service that needs
more rights, set its own target:

```toml
target = "B"

[rules.grade-below-target]
services = { agent = "E" }
```
"""

from tightship.rules import GRADES, Bad, Container, Finding, Findings, Good, Option, Options, Profile, Severity, Unverified, Wildcard, is_below, rule  # fmt: skip

_TARGETS = GRADES[:-1]
_MOST_NAMED = 4

GRADE = Option(
    "grade",
    "choice",
    str,
    "The lowest grade of isolation that a service may have.",
    '"B"',
    choices=_TARGETS,
)
SERVICES = Option[list[tuple[Wildcard, str]]](
    "services",
    "choices",
    lambda given: [(Wildcard(name), grade) for name, grade in given.items()],
    "The target of some services, by name; `*` matches any part of it.",
    '{ "agent-*" = "E" }',
    default={},
    choices=GRADES,
)


@rule(
    on=Container,
    severity="error",
    severity_note="info if unknown facts decide",
    cwe=(653,),
    references=("Tightship, profile: grades",),
    options=(GRADE, SERVICES),
    advice="apply known fixes with `tightship harden`; `tightship explain"
    " --isolation` shows the points",
    checked=Unverified("it compares a grade with the configuration"),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              «web»:
                image: nginx:1.29
            ==> tightship.toml <==
            target = "B"
        """),
        Bad("""
            ==> compose.yaml <==
            services:
              «app»:
                image: example/app:1.2
                read_only: true
                mem_limit: 256m
                pids_limit: 100
            ==> tightship.toml <==
            target = "C"
        """).at("info", "The user of this image is unknown, and root costs four points."),
        Good("""
            ==> compose.yaml <==
            services:
              web:
                image: nginx:1.29
                cap_drop: [ALL]
                cap_add: [CHOWN, SETGID, SETUID]
                read_only: true
                tmpfs: [/run, /var/cache/nginx]
                security_opt: ["no-new-privileges:true"]
                mem_limit: 256m
                pids_limit: 2048
            ==> tightship.toml <==
            target = "B"
        """),
        Good("""
            ==> compose.yaml <==
            services:
              agent-host:
                image: example/agent:4
                pid: host
            ==> tightship.toml <==
            target = "B"

            [rules.grade-below-target]
            services = { "agent-*" = "F" }
        """).because("A target of F accepts everything."),
    ),
)
def grade_below_target(container: Container, options: Options) -> Findings:
    """Point at the service, with the weaknesses that cost most."""
    target = _target(container.name, options[GRADE], options[SERVICES])
    profile = Profile(container)
    if not is_below(profile.worst, target):
        return
    if is_below(profile.best, target):
        yield Finding(
            container.span,
            f"{container.title} has grade {profile.grade}, below the target"
            f" {target}: {_costs(profile)}",
        )
        return
    yield Finding(
        container.span,
        f"{container.title} may be below the target {target}: its grade is"
        f" between {profile.best} and {profile.worst}",
        severity=Severity.INFO,
    )


def _target(name: str, usual: str, services: list[tuple[Wildcard, str]]) -> str:
    return next((grade for one, grade in services if one.matches(name)), usual)


def _costs(profile: Profile) -> str:
    names = [one.name for one in profile.weaknesses]
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
