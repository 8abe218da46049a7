# One command for each thing that a developer does; CI does the same things.
# The first use creates a virtual environment in .venv and installs Tightship into it.

PYTHON ?= python3
BIN := .venv/bin
# Tests start the command hundreds of times, and each start would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE
INSTALLED := .venv/installed
READY := .venv/ready
SITE_READY := .venv/site-ready
# Material for MkDocs would print a note about its successor before each build.
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs

.PHONY: demo playground site test test-exhaustive test-editors test-playground test-fleet generate lab lab-quick lab-images lab-needs attack shapes lint check format bench clean

# The session of the README's picture; the first run installs only the needed packages.
demo: $(INSTALLED)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh linter/docs/pictures/demo.sh

test: $(READY)
	$(BIN)/pytest -n auto -q

# Every test, and ten times as many examples of each property: linter/docs/testing.md.
test-exhaustive: $(READY)
	$(BIN)/pytest -n auto -q --exhaustive

# The real editors, if they can be installed; screenshots of VS Code are then in
# tests/editors/artefacts.
test-editors: $(READY)
	tests/editors/install.sh
	$(BIN)/pytest tests/editors --editors -q -rs

# The playground in a headless Chromium: linter/docs/playground.md. axe-core looks at it, and
# later runs of all tests also have it for reports and the site.
test-playground: playground
	cd tests/accessibility && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	$(BIN)/pytest tests/site/playground --playground -q -rs

# The example of linter/docs/fleet.md on Apache Spark, with two worker processes. Without Java
# it prints that and succeeds.
test-fleet: $(READY)
	@if command -v java >/dev/null; then $(PIP) --editable '.[dev,fleet]'; fi
	$(BIN)/pytest tests/ecosystem/test_fleet.py --fleet -q -rs

# A real Docker engine, if it can be installed: updates isolation.json, images.json,
# networks.json, seccomp.json and capabilities.json in tests/oracles, tests the premises of
# rules and the commands on their pages, and prints the changes. The quick part updates
# nothing and ends after five minutes; if no engine can run, it prints the reason and succeeds.
lab: $(READY)
	tests/lab/install.sh
	$(BIN)/python -m tests.lab.renew

lab-quick: $(READY)
	tests/lab/install.sh
	$(BIN)/pytest tests/lab --lab --lab-minutes 4.5 -q -rs $(if $(DOCKER_HOST),,-n 2)

# Tests whether a service of each well-known image works after Tightship's fixes, and whether
# the examples of the README and of rule pages work. `ONLY=nginx` tests one image. The second
# target updates tests/oracles/hardening.json: the smallest needs of each image.
lab-images: $(READY)
	tests/lab/install.sh
	$(BIN)/python -m tests.lab.fixes $(addprefix --only ,$(ONLY))
	$(if $(ONLY),,$(BIN)/python -m tests.lab.shown)

lab-needs: $(READY)
	tests/lab/install.sh
	$(BIN)/python -m tests.lab.measure $(addprefix --only ,$(ONLY))

# Attacks by hostile repositories and clients, and interruptions: mutated files, paths out of
# the root, traps for Git, kills, malformed messages. Prints figures and the seeds, and ends
# each attack after MINUTES; `SEED=7` repeats a run. `make test` runs a short part of it.
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

# Write all that is made from rules, images, options, formats and commands: indices, pages,
# tables, schemas, the manual page, pictures. Ten seconds, without a network.
generate: $(READY)
	$(BIN)/python -m tests.generate

format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The speed of Tightship and its language server next to that of other linters, which are
# installed into .bench.
bench: $(READY)
	$(PYTHON) -m tests.bench.bench

# The documentation as a site, in build/site, with the playground if npm is here; a warning
# fails.
site: $(SITE_READY)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory playground; \
	else echo 'npm is not here, so the site has no playground'; fi
	$(MKDOCS) build --strict --quiet --config-file linter/site/mkdocs.yml
	@echo 'The site is in build/site. To look at it:'
	@echo '    $(PYTHON) -m http.server --bind 127.0.0.1 --directory build/site'

PLAYGROUND := linter/site/playground
NODE_MODULES := $(PLAYGROUND)/node_modules/.package-lock.json

# The linter in the browser: a folder of static files, in linter/site/playground/dist.
playground: $(INSTALLED) $(NODE_MODULES)
	$(BIN)/python $(PLAYGROUND)/packages.py $(PLAYGROUND)/node_modules/.packages
	cd $(PLAYGROUND) && npm run --silent check && node build.mjs node_modules/.packages/*

$(NODE_MODULES): $(PLAYGROUND)/package-lock.json
	cd $(PLAYGROUND) && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

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
	rm -rf linter/site/playground/node_modules linter/site/playground/dist
	rm -rf tests/accessibility/node_modules
	rm -rf tests/editors/workbench/node_modules tests/editors/artefacts tests/editors/.installed tests/review/artefacts
