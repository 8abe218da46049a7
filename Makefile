# One command for each thing that a developer does; CI does the same things.
# The first use makes a virtual environment in .venv and installs Tightship into it.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
READY := .venv/ready
SITE_READY := .venv/site-ready
# Material for MkDocs would print a note about its successor before each build.
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs

.PHONY: demo test test-exhaustive test-editors lab lab-quick lab-images lab-needs attack shapes lint check format bench site clean

# Lint the project of the README; the first time installs what that needs, and no more.
demo: $(INSTALLED)
	@$(BIN)/tightship check tests/projects/first-look || [ $$? = 1 ]

test: $(READY)
	$(BIN)/pytest -n auto -q

# Every test, and ten times as many examples of each property: linter/docs/testing.md.
test-exhaustive: $(READY)
	$(BIN)/pytest -n auto -q --exhaustive

# Editors themselves, as far as they are to be had; screenshots of VS Code are in
# tests/editors/artefacts afterwards.
test-editors: $(READY)
	tests/editors/install.sh
	$(BIN)/pytest tests/editors --editors -q -rs

# A real Docker engine, where it can be installed: renews isolation.json, images.json and
# networks.json in tests/oracles, tries the premises of rules and the commands on their
# pages, and prints what changed. The quick part renews nothing and ends after five minutes;
# where no engine can run, it prints the reason and succeeds.
lab: $(READY)
	tests/lab/install.sh
	$(BIN)/python -m tests.lab.renew

lab-quick: $(READY)
	tests/lab/install.sh
	$(BIN)/pytest tests/lab --lab --lab-minutes 4.5 -q -rs $(if $(DOCKER_HOST),,-n 2)

# Does a service of each well-known image work after Tightship's fixes, and what the README
# and the pages of rules show? `ONLY=nginx` tries one image. The second renews tests/oracles/hardening.json: what each image needs at least.
lab-images: $(READY)
	tests/lab/install.sh
	$(BIN)/python -m tests.lab.fixes $(addprefix --only ,$(ONLY))
	$(if $(ONLY),,$(BIN)/python -m tests.lab.shown)

lab-needs: $(READY)
	tests/lab/install.sh
	$(BIN)/python -m tests.lab.measure $(addprefix --only ,$(ONLY))

# Everything that a hostile repository, client or moment may do: mutated files, paths out of
# the root, traps for Git, kills, malformed messages. Prints figures and the seeds, and ends
# each attack after MINUTES; `SEED=7` repeats a run. `make test` has a short part of it.
MINUTES ?= 20
attack: $(READY)
	$(BIN)/pytest tests/attack --attack --attack-minutes $(MINUTES) \
		$(addprefix --attack-seed ,$(SEED)) -q -rs

# How the time of a check grows with files of hostile shapes, and its peak of memory.
shapes: $(READY)
	$(BIN)/python -m tests.bench.shapes

lint: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

# Everything that CI checks.
check: lint test-exhaustive

format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# How fast Tightship and its language server are beside their peers, which are installed
# into .bench.
bench: $(READY)
	$(PYTHON) -m tests.bench.bench

# The documentation as a site, in build/site; a warning fails.
site: $(SITE_READY)
	$(MKDOCS) build --strict --quiet --config-file linter/site/mkdocs.yml
	@echo 'The site is in build/site. To look at it:'
	@echo '    $(PYTHON) -m http.server --bind 127.0.0.1 --directory build/site'

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(INSTALLED): pyproject.toml
	@echo 'Installing Tightship into .venv, which takes about ten seconds ...'
	@$(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@touch $@

$(READY): pyproject.toml
	$(PYTHON) -m venv .venv
	$(PIP) --upgrade pip
	$(PIP) --editable '.[dev]'
	@touch $(INSTALLED) $(SITE_READY) $@

$(SITE_READY): pyproject.toml
	@$(PYTHON) -m venv .venv
	@$(PIP) --editable '.[site]'
	@touch $(INSTALLED) $@

clean:
	rm -rf .venv .bench build/site .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf vscode-ext/node_modules vscode-ext/dist vscode-ext/bundled/libs
	rm -rf tests/editors/workbench/node_modules tests/editors/artefacts tests/editors/.installed tests/report/artefacts
