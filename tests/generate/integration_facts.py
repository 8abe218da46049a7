"""The facts about Tightship that editors, CI services and package managers ask for.

Everything in ``linter/docs/integrations`` is generated from them. A fact that the product
or its metadata has comes from there.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from tightship import REPOSITORY, __version__
from tightship.findings import Severity

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

CONTACT = ""
"""The mail address of the authors, which packages show; empty if there is none."""

UNPUBLISHED = "https://example.org/OWNER/tightship"
"""The address in files that must have one, until there is a real one."""

DESCRIPTION = "Shows where Docker Compose files and Dockerfiles can isolate containers better"
SHORT_DESCRIPTION = "Linter for the isolation of containers"

PATTERNS = {
    "dockerfile": [
        *("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile"),
        *("Containerfile", "Containerfile.*"),
    ],
    "dockercompose": [
        *("compose.yaml", "compose.yml", "compose.*.yaml", "compose.*.yml"),
        *("docker-compose.yaml", "docker-compose.yml"),
        *("docker-compose.*.yaml", "docker-compose.*.yml"),
    ],
}
"""Patterns of file names, by the id of the language in the protocol of servers."""

LINE = r"^(.+?):(\d+):(\d+): (error|warning|info): (.*) \[([a-z0-9-]+)\]$"
"""A line of the format ``concise``: file, line, column, severity, message, rule."""


class Integration(NamedTuple):
    """An entry of the page: where it goes, and what was checked here."""

    host: str
    files: str
    line: str
    checked: str


def facts(repository: str = REPOSITORY) -> dict[str, object]:
    """Return what the templates can name."""
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    return {
        "name": PROJECT["name"],
        "title": "Tightship",
        "description": DESCRIPTION,
        "short_description": SHORT_DESCRIPTION,
        "version": __version__,
        "license": PROJECT["license"],
        "repository": repository or UNPUBLISHED,
        # Of the release, once it is published.
        "source": "SOURCE_ADDRESS",
        "source_digest": "SOURCE_SHA256",
        "server": ["tightship", "lsp"],
        "scripts": PROJECT["scripts"],
        "dependencies": PROJECT["dependencies"],
        "nix_dependencies": ["pyyaml", "ruamel-yaml"],
        "pythons": [
            one.rpartition(" ")[2]
            for one in PROJECT["classifiers"]
            if one.startswith("Programming Language :: Python :: 3.")
        ],
        "severities": [one.word for one in sorted(Severity, reverse=True)],
        "patterns": PATTERNS,
        "file_name_regexes": [
            one.replace(".", r"\.").replace("*", ".*")
            for globs in PATTERNS.values()
            for one in globs
        ],
        "matcher": LINE,
        "errorformat": "%f:%l:%c: %t%*[^:]: %m",
        "hooks": hooks[hooks.index("- id: ") :].rstrip("\n"),
        "integrations": INTEGRATIONS,
    }


INTEGRATIONS = [
    Integration(
        "pre-commit",
        "[.pre-commit-hooks.yaml](../../../.pre-commit-hooks.yaml)",
        "`repo:`, `rev:` and `id: tightship`: [in pull requests and before commits](../ci.md)",
        "the real pre-commit runs both hooks on commits",
    ),
    Integration(
        "pre-commit, a mirror",
        "[pre-commit-mirror/](pre-commit-mirror/pyproject.toml)",
        "the same, with the address of the mirror",
        "manifest: pre-commit's own validation; the package builds",
    ),
    Integration(
        "GitHub Actions",
        "[action.yml](../../../action.yml)",
        "`uses: OWNER/tightship@REVISION`",
        "schema of actions; every step runs as the runner does it",
    ),
    Integration(
        "GitHub, problem matcher",
        "[github/problem-matcher.json](github/problem-matcher.json)",
        '`echo "::add-matcher::problem-matcher.json"`, then `tightship check --output-format concise`',
        "JavaScript's regular expressions on real output",
    ),
    Integration(
        "GitLab, CI/CD component",
        "[gitlab/templates/tightship.yml](gitlab/templates/tightship.yml)",
        "`include: [{component: ADDRESS/tightship@VERSION}]`",
        "schema of GitLab's CI files, for both documents",
    ),
    Integration(
        "MegaLinter, plugin",
        "[megalinter/](megalinter/tightship.megalinter-descriptor.yml)",
        "`PLUGINS: [ADDRESS]`",
        "documented keys, and the patterns of names; not run",
    ),
    Integration(
        "reviewdog",
        "[reviewdog/.reviewdog.yml](reviewdog/.reviewdog.yml)",
        "`tightship check --output-format sarif --fail-on never \\| reviewdog -f=sarif`",
        "Vim, whose error formats reviewdog reads, on real output",
    ),
    Integration(
        "Docker",
        "`docker-tightship`, which the package brings",
        '`ln -s "$(command -v docker-tightship)" ~/.docker/cli-plugins/`, then `docker tightship check`',
        "the real Docker command line, 26.1",
    ),
    Integration(
        "mason.nvim",
        "[mason/package.yaml](mason/package.yaml)",
        "`:MasonInstall tightship`",
        "documented keys; not run",
    ),
    Integration(
        "nvim-lspconfig",
        "[neovim/lsp/tightship.lua](neovim/lsp/tightship.lua)",
        "`vim.lsp.enable('tightship')`",
        "Neovim 0.11 shows the findings of a project",
    ),
    Integration(
        "none-ls",
        "[neovim/lua/null-ls/](neovim/lua/null-ls/builtins/diagnostics/tightship.lua)",
        "`null_ls.builtins.diagnostics.tightship`",
        "Neovim reads real output with it; the plugin itself is a stand-in",
    ),
    Integration(
        "ALE",
        "[vim/ale_linters/](vim/ale_linters/dockerfile/tightship.vim)",
        "none: ALE finds `tightship`",
        "Vim 9.1 with ALE 4.0 knows both linters",
    ),
    Integration(
        "lsp-mode",
        "[emacs/lsp-tightship.el](emacs/lsp-tightship.el)",
        "`M-x lsp`",
        "Emacs 30.1 with lsp-mode 9.0 compiles it without a warning, and has the client",
    ),
    Integration(
        "Helix",
        "[helix/languages.toml](helix/languages.toml)",
        "none: Helix finds `tightship`",
        "Helix 25.01 names the server; [editors](../editors.md) has the same lines",
    ),
    Integration(
        "Zed",
        "[zed/](zed/extension.toml)",
        "`zed: extensions`, Tightship",
        "syntax, and keys of the manifest; not built",
    ),
    Integration(
        "JetBrains, with LSP4IJ",
        "[jetbrains-lsp4ij/](jetbrains-lsp4ij/template.json)",
        "**New Language Server**, **Import template**",
        "documented keys, and the patterns of names; not run",
    ),
    Integration(
        "VS Code, VSCodium, Cursor",
        "[vscode-ext/](../../../vscode-ext/README.md)",
        "**Extensions**, Tightship",
        "the packaged extension in the workbench itself",
    ),
    Integration(
        "Homebrew",
        "[homebrew/tightship.rb](homebrew/tightship.rb)",
        "`brew install tightship`",
        "syntax, with a parser of Ruby; not built",
    ),
    Integration(
        "Nix",
        "[nix/flake.nix](nix/flake.nix)",
        "`nix run ADDRESS -- check`",
        "syntax, with a parser of Nix; not built",
    ),
    Integration(
        "conda",
        "[conda/recipe.yaml](conda/recipe.yaml)",
        "`conda install tightship`",
        "rattler-build renders it; it has the dependencies of the package",
    ),
    Integration(
        "Image",
        "[linter/Dockerfile](../../Dockerfile)",
        '`docker run --rm --network none --read-only --volume "$PWD:/work:ro" tightship`',
        "Tightship's strict rules find nothing; its steps run",
    ),
]
"""What the page lists, in its order."""
