"""Every key of the configuration: its form, its purpose, its default.

The check of files, the JSON schema for editors, the file that `tightship init` writes and
the table of the documentation are made from this table alone.
"""

from __future__ import annotations

from tightship.config.key import Key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tightship.config.key import Option

SEVERITIES = ("error", "warning", "info")
FRONT_ENDS = ("actions", "bake", "devcontainer", "docker-run", "documents", "quadlet")
"""What is checked by choice: workflows, targets of bake files, containers for development,
commands that start containers or build images, those in documentation, and units of Podman."""

PLATFORMS = (
    *("casaos", "coolify", "cosmos", "dokploy", "portainer", "runtipi", "swarm", "umbrel"),
)
"""The names of the platforms whose parts are known, in `facts/platforms`."""

_PARTS = {
    "services": ("Services without `image` and `build`, or of another file.", '["app_proxy"]'),
    "networks": ("Networks that the files do not define.", '["proxy", "tenant-*"]'),
    "volumes": ("Volumes that the files do not define.", '["media"]'),
    "secrets": ("Secrets that the files do not define.", '["tls-*"]'),
    "configs": ("Configs that the files do not define.", '["site"]'),
    "variables": ("Variables that the environment sets.", '["APP_*"]'),
    "keys": (
        "Keys that another program reads: a name, or a path such as `services.*.routes`.",
        '["routes"]',
    ),
    "files": ("Files that `env_file` names and nobody commits.", '["stack.env"]'),
}
PROVIDED = (
    Key(
        "platform",
        "choice",
        "The platform that runs the files; `auto` finds it by its manifest or its keys.",
        '"umbrel"',
        default="auto",
        choices=("auto", "none", *PLATFORMS),
    ),
    *(Key(name, "names", about, example) for name, (about, example) in _PARTS.items()),
)
"""The keys of the table `provided`, whose names may hold `*` and `?`."""

_REASON = Key(
    "reason",
    "text",
    "The reason, for later readers.",
    '"an old image, to be replaced by April"',
    needed=True,
)

_PER_PATH = (
    Key(
        "paths",
        "patterns",
        "Files and folders, as in a `.gitignore`, relative to this file.",
        '["examples/**"]',
        needed=True,
    ),
    Key("select", "words", "Run only these rules there.", '["default"]'),
    Key("ignore", "words", "Accept the findings of these rules there.", '["root-user"]'),
    Key(
        "severity", "severities", "The severity of their findings there.", '{ filesystem = "info" }'
    ),
    Key(
        "provided",
        "table",
        "The parts that something else provides there, as in `[provided]`.",
        '{ networks = ["proxy"] }',
        keys=PROVIDED,
    ),
    _REASON,
)

_PER_SERVICE = (
    Key(
        "services",
        "names",
        "Names of services; `*` matches any text, `?` one character.",
        '["db*"]',
        needed=True,
    ),
    Key("files", "patterns", "Only in these Compose files (default: in all).", '["app/**"]'),
    Key(
        "ignore",
        "words",
        "Accept the findings of these rules on the services.",
        '["writable-root-filesystem"]',
    ),
    Key(
        "severity",
        "severities",
        "The severity of their findings on the services.",
        '{ resources = "info" }',
    ),
    _REASON,
)

_PROJECT = (
    Key(
        "files",
        "paths",
        "Compose files, merged in this order, as `docker compose -f` does.",
        '["compose.yaml", "compose.prod.yaml"]',
        needed=True,
    ),
    Key("env-files", "paths", "The source of variables (default: .env).", '["prod.env"]'),
    Key("name", "text", "The name of the project.", '"shop"'),
)

_PLATFORM = (
    Key(
        "paths",
        "patterns",
        "The Compose files that the platform runs, as in a `.gitignore` (default: all).",
        '["apps/*/compose.yaml"]',
    ),
    Key("before", "paths", "Compose files that each of them is merged over.", '["base.yaml"]'),
    Key("after", "paths", "Compose files that are merged over each of them.", '["limits.yaml"]'),
    Key("env-files", "paths", "The variables that the platform sets.", '["platform.env"]'),
)

LOADINGS = ("alone", "overlay", "part", "supplied", "template", "other")
PURPOSES = ("product", "development", "test", "fixture", "build", "example", "vendored")

_PROBE = (
    Key("service", "text", "The service of a Compose file.", '"web"', needed=True),
    Key(
        "command",
        "text",
        "A command for `sh`, which has to succeed; the service is at `localhost`.",
        '"curl -fsS http://localhost:8080/login"',
        needed=True,
    ),
    Key(
        "image",
        "text",
        "The image that the command runs in, which has to be there (default: that of the service).",
        '"curlimages/curl:8.16.0"',
    ),
)

_ROLES = (
    Key("paths", "patterns", "Files and folders, as in a `.gitignore`.", '["deploy/test/**"]'),
    Key(
        "loading",
        "choice",
        "How Compose loads the files: as a project, over others, as a part of others, as a"
        " project that a platform completes, after a template is filled in, or never.",
        '"alone"',
        choices=LOADINGS,
    ),
    Key(
        "purpose",
        "choice",
        "The purpose of the files. Vendored ones are not checked unless they are named.",
        '"product"',
        choices=PURPOSES,
    ),
    Key(
        "files",
        "paths",
        "Compose files that form a project, merged in this order.",
        '["compose.yaml", "compose.prod.yaml"]',
    ),
    Key("env-files", "paths", "The source of its variables (default: .env).", '["prod.env"]'),
    Key("name", "text", "The name of that project.", '"shop"'),
)

_HOST = (
    Key(
        "rootless",
        "flag",
        "Whether dockerd runs as an ordinary user (rootless mode).",
        "true",
        default=False,
    ),
    Key(
        "userns-remap",
        "flag",
        "Whether dockerd gives containers a user namespace (`userns-remap`).",
        "true",
        default=False,
    ),
    Key(
        "lsm",
        "choice",
        "The security module that confines containers, or none.",
        '"apparmor"',
        default="unknown",
        choices=("apparmor", "selinux", "none", "unknown"),
    ),
)

KEYS = (
    Key(
        "select",
        "words",
        "The rules to run: rules, themes, sets (default, hygiene, shellcheck, strict),"
        " ids of other linters."
        " `--select` replaces it.",
        '["default", "no-healthcheck"]',
        default=("default",),
    ),
    Key(
        "ignore",
        "words",
        "The rules not to run. `--ignore` adds to it.",
        '["unlimited-log", "supply_chain"]',
        default=(),
    ),
    Key(
        "severity",
        "severities",
        "The severity of the findings of a rule, or of all rules of a theme: error,"
        " warning or info.",
        '{ root-user = "error", resources = "info" }',
        default={},
    ),
    Key(
        "fail-on",
        "choice",
        "The lowest severity that gives exit code 1. `--fail-on` replaces it.",
        '"error"',
        default="warning",
        choices=(*SEVERITIES, "never"),
    ),
    Key(
        "front-ends",
        "several",
        "More input than Compose files and Dockerfiles: containers of workflows, for"
        " development, of commands in scripts and CI or in documents, and of units of Podman;"
        " images that these commands and bake files build.",
        '["docker-run"]',
        default=(),
        choices=FRONT_ENDS,
    ),
    Key(
        "exclude",
        "patterns",
        "Files and folders to skip in a folder, as in a `.gitignore`, relative to this file.",
        '["vendor/", "*.example.yaml"]',
        default=(),
    ),
    Key(
        "target",
        "choice",
        "The lowest isolation grade that a service may have, for the rule"
        " `grade-below-target`. `--target` replaces it.",
        '"B"',
        choices=("A", "B", "C", "D", "E"),
        option=("grade-below-target", "grade"),
    ),
    Key(
        "trusted-registries",
        "registries",
        "Trusted sources of images, for the rule `untrusted-registry`: a registry, or a"
        " path in it; `*` matches any part of a name.",
        '["docker.io/library", "ghcr.io/example/*"]',
        option=("untrusted-registry", "trusted"),
    ),
    Key(
        "require-reason",
        "flag",
        "Whether a suppression comment needs a reason.",
        "true",
        default=False,
    ),
    Key(
        "accept-new-suppressions",
        "flag",
        "Whether a change may accept findings by new comments and exceptions, each with a"
        " reason; never an error. A change is judged by this key as it was before.",
        "true",
        default=False,
    ),
    Key(
        "baseline",
        "path",
        "A file of known findings, which are not reported again. `--baseline` replaces it."
        " The default is `tightship-baseline.json` in the current folder or at the project root,"
        " if it exists.",
        '"tightship-baseline.json"',
    ),
    Key(
        "facts",
        "paths",
        "Files of facts about images, for fixes, in addition to `tightship-facts.toml` next to"
        " the Compose files. `--facts` adds to it.",
        '["facts/shop.toml"]',
        default=(),
    ),
    Key(
        "policies",
        "paths",
        "Policies that the files have to obey. Nothing else in the settings weakens them, but a"
        " change can remove this key: in CI, use `--policy-from`.",
        '["policy.toml"]',
        default=(),
    ),
    Key(
        "host",
        "table",
        "The daemon's host. It lowers the severity of findings that the host makes impossible.",
        keys=_HOST,
    ),
    Key(
        "provided",
        "table",
        "The parts that something else than the files provides: they need no definition.",
        keys=PROVIDED,
    ),
    Key("rules", "rules", "Options of rules, in a table for each rule."),
    Key(
        "roles",
        "tables",
        "The roles of files, in place of those that the repository shows.",
        keys=_ROLES,
    ),
    Key(
        "project",
        "tables",
        "Files that form a project, as `files` in `[[roles]]`. They replace the files that Compose"
        " loads from their folder automatically.",
        keys=_PROJECT,
    ),
    Key(
        "platform",
        "tables",
        "The files that a platform merges with each Compose file, and the variables that it"
        " sets, so that files are judged as they run.",
        keys=_PLATFORM,
    ),
    Key(
        "probe",
        "tables",
        "Commands that show `tightship try` that a service works. Each runs in a separate"
        " container, in the network of the copy.",
        keys=_PROBE,
    ),
    Key("per-path", "tables", "Different settings for some files.", keys=_PER_PATH),
    Key("per-service", "tables", "Different settings for some services.", keys=_PER_SERVICE),
)


def with_options(options: Mapping[str, tuple[Option[Any], ...]]) -> tuple[Key, ...]:
    """Return the keys, with those of rules; ``options`` has them by rule."""
    tables = tuple(
        Key(rule, "table", f"Options of `{rule}`.", keys=keys) for rule, keys in options.items()
    )
    return tuple(
        Key(key.name, "table", key.about, keys=tables) if key.form == "rules" else key
        for key in KEYS
    )
