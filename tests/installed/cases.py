"""Each command with each kind of input, form of report and change that it makes."""

from __future__ import annotations

from tests.installed.inputs import COMPOSE, DOCKERFILE

from tightship.annexes import COMMANDS
from tightship.cli.main import _COMMANDS
from tightship.report.formats import FORMATS

# By the exit code that shows that they did what they are here for.
LINES = {
    0: (
        *("check --show-files", "check --write-baseline", "check --add-ignores compose.yaml"),
        "check --force-exclude --fix --quiet --fail-on never compose.yaml",
        "diff HEAD app",
        *("harden", "harden --output-format json", "harden app/Dockerfile"),
        *("harden --write", "harden web --to hard.yaml"),
        *("map", "map web", "map --output-format mermaid", "map --output-format json"),
        *("explain", "explain web ports", "explain --show-secrets db"),
        *("explain app/Dockerfile", "explain compose.override.yaml"),
        *("explain --isolation", "explain --isolation web", "explain --output-format json"),
        "explain --isolation --output-format json",
        *("convert run.sh", "convert README.md:4"),
        *(f"controls --output-format {name}" for name in ("text", "json", "html", "sarif")),
        *(f"controls --evidence --catalogue {name}" for name in ("cis", "owasp", "nist", "bsi")),
        "controls --policy corp.toml",
        *("rule", "rule capabilities", "rule CL-0007", "rule --output-format json"),
        "rule --new corp",
        *("policy test corp.toml", "policy docs corp.toml"),
        *("image", "image postgres", "image redis --output-format json"),
        *("image --from image.tar", "image --from image.tar --output-format toml"),
        *("image --validate own.toml", "init"),
        *("config", "config app --output-format json", "config --select strict"),
        *(
            "migrate --compare hadolint.json --output-format json",
            "migrate --compare hadolint.json",
        ),
        *("completion bash", "completion zsh", "completion fish"),
        *("lsp --version", "--version", "--help"),
        *(f"{name} --help" for name in (*_COMMANDS, *COMMANDS)),
    ),
    1: (
        *("check", "check compose.yaml", "check app/Dockerfile", "check run.sh"),
        *("check .github/workflows/ci.yml", "check .devcontainer/devcontainer.json"),
        *("check docker-bake.hcl", "check units/web.container"),
        "check -v --select strict --extend-select shellcheck compose.yaml",
        "check -f compose.yaml -f compose.override.yaml --target A",
        *("check --statistics", "check --facts own.toml"),
        *("check --fix", "check --fix --all-fixes -v", "check --all-fixes --diff"),
        "check compose.yaml --policy-from HEAD:corp.toml",
        *("check --changed-since HEAD", "check --settings-of HEAD"),
        "check --force-exclude --quiet compose.yaml",
        *("check -", "check --stdin-filename Dockerfile -"),
        *(f"check --output-format {name}" for name in FORMATS),
        *(f"diff HEAD --output-format {name}" for name in ("text", "json", "markdown")),
        "harden web db --diff",
        "policy explain corp.toml corp/own-registry nginx:1.27",
    ),
    2: (
        *("check broken/compose.yaml", "check broken", "check nothing"),
        *("rule nothing", "image nothing", "nothing"),
        *("image --validate corp.toml", "policy test own.toml"),
        "check --policy corp.toml",  # a file that a change can edit
        *("try --yes", "try --clean"),  # which find no engine
    ),
}
# In the folder `other`, which has no settings of its own.
ELSEWHERE = {0: ("migrate", "migrate --write"), 2: ("check", "init")}
OWN_RULES = {
    0: ("rule --test corp", "rule --rules-from corp corp"),
    1: ("check --rules-from corp ours.yaml",),
}
TYPED = {"check -": COMPOSE, "check --stdin-filename Dockerfile -": DOCKERFILE}
