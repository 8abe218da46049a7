"""Each command with each kind of input, form of report and change that it makes."""

from __future__ import annotations

from tests.installed.inputs import COMPOSE, DOCKERFILE

from tightship.report.formats import FORMATS

CHECKS = (
    "check",
    "check compose.yaml",
    "check app/Dockerfile",
    "check run.sh",
    "check .github/workflows/ci.yml",
    "check .devcontainer/devcontainer.json",
    "check docker-bake.hcl",
    "check units/web.container",
    "check broken",
    "check nothing",
    "check -v --select strict --extend-select shellcheck compose.yaml",
    "check -f compose.yaml -f compose.override.yaml --target A",
    "check --statistics",
    "check --show-files",
    "check --fix",
    "check --fix --all-fixes -v",
    "check --all-fixes --diff",
    "check --write-baseline",
    "check --add-ignores compose.yaml",
    "check --policy corp.toml",
    "check --policy-from HEAD:corp.toml",
    "check --facts own.toml",
    "check --changed-since HEAD",
    "check --settings-of HEAD",
    "check --force-exclude --quiet compose.yaml",
    "check --force-exclude --fix --quiet --fail-on never compose.yaml",
    "check -",
    "check --stdin-filename Dockerfile -",
    *(f"check --output-format {name}" for name in FORMATS),
)
OTHERS = (
    *(f"diff HEAD --output-format {name}" for name in ("text", "json", "markdown")),
    "diff HEAD app",
    *("harden", "harden web db --diff", "harden --output-format json"),
    *("harden --write", "harden web --to hard.yaml", "harden app/Dockerfile"),
    *("map", "map web", "map --output-format mermaid", "map --output-format json"),
    *("explain", "explain web ports", "explain app/Dockerfile", "explain compose.override.yaml"),
    *("explain --output-format json", "explain --show-secrets db"),
    *("explain --isolation", "explain --isolation web", "explain --isolation --output-format json"),
    *("convert run.sh", "convert README.md:4"),
    *(f"controls --output-format {name}" for name in ("text", "json", "html", "sarif")),
    *(f"controls --evidence --catalogue {name}" for name in ("cis", "owasp", "nist", "bsi")),
    "controls --policy corp.toml",
    *("rule", "rule capabilities", "rule CL-0007", "rule --output-format json", "rule --new corp"),
    *("rule --test corp", "rule nothing"),
    *(
        "policy test corp.toml",
        "policy docs corp.toml",
        "policy explain corp.toml own-registry web",
    ),
    *("image", "image postgres", "image redis --output-format json", "image nothing"),
    *("image --from image.tar", "image --from image.tar --output-format toml"),
    *("image --validate own.toml", "image --validate corp.toml"),
    *("config", "config app --output-format json", "config --select strict"),
    "init",
    *("migrate --compare hadolint.json", "migrate --compare hadolint.json --output-format json"),
    *("try --yes", "try --clean"),
    *("completion bash", "completion zsh", "completion fish"),
    *("lsp --version", "--version", "--help", "nothing"),
)
# In the folder `other`, which has no settings of its own.
ELSEWHERE = ("migrate", "migrate --write", "init", "check")
TYPED = {"check -": COMPOSE, "check --stdin-filename Dockerfile -": DOCKERFILE}
