# Every target sets up what it needs: a virtual environment with the pinned packages, and for the
# tests a browser and the node packages. Needs Python 3.11 or newer, git and make, nothing else.

SHELL = /bin/sh
.SUFFIXES:
.DELETE_ON_ERROR:
.NOTPARALLEL:
# Tests start the program hundreds of times, and two runs share their modules: compile each once.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help site test check docs screenshots lock bench bench-full bench-peers reliability \
	vscode clean distclean \
	setup setup-browser \
	check-lint check-format check-types check-layers check-generated

VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
INSTALL = $(PIP) install --quiet --no-input
BROWSER = tests/browser
PEERS = bench/peers
VSCODE = editors/vscode
TODAY = 2026-11-24
TESTS =
# Processes for the tests: one a core.
JOBS = auto
# pytest ends with 5 when it selected nothing, as one of two runs may when TESTS says which.
NONE_IS_FINE = $(if $(TESTS),|| test $$? -eq 5)

# They write files of the repository from its source; each takes --check.
GENERATORS = tools/catalogue.py $(filter-out tools/generated_page.py,$(wildcard tools/*_page.py))

# An environment whose Python has gone, or that was moved here, works no more: make it anew.
ifneq ($(wildcard $(VENV)/.created),)
$(shell test "$$(cat $(VENV)/.created)" = '$(CURDIR)' && test -x $(BIN)/python || rm -rf $(VENV))
endif

help:
	@echo 'make site    build the demo workspace into output/'
	@echo 'make test    all tests; make test TESTS="-k money" for some'
	@echo 'make check   lint, format, types, layers, generated files; make -k check for all of them'
	@echo 'make docs    write the generated files anew; make screenshots: the pictures of the README'
	@echo 'make lock    pin the packages anew after a change in pyproject.toml;'
	@echo '             make lock UPGRADE=--upgrade for the newest of all'
	@echo 'make bench   measure in a quarter of an hour, and write docs/benchmarks.md; make bench-full:'
	@echo '             up to 100,000 customers; make bench-peers: install again what is compared with'
	@echo 'make reliability: try for hours to break it, and write docs/reliability.md'
	@echo 'make vscode  the extension for Visual Studio Code, checked, tested and packed as a .vsix'
	@echo 'make clean   remove what was built; make distclean: the environments too'

# Builds although records have problems, says so, and fails as the command does.
site: setup
	@status=0; \
	$(BIN)/tracker build --today $(TODAY) >/dev/null || status=$$?; \
	if [ $$status -le 1 ] && [ -f output/index.html ]; then \
		printf '%s\n' '$(CURDIR)/output/index.html'; \
	fi; \
	if [ $$status -eq 1 ]; then \
		echo 'records have problems: see them in output/problems.html, or with tracker check' >&2; \
	fi; \
	exit $$status

test: setup setup-browser
	$(BIN)/python -m pytest -m 'not browser' --numprocesses $(JOBS) $(or $(TESTS),--ignore $(BROWSER)) $(NONE_IS_FINE)
	$(BIN)/python -m pytest -m browser --numprocesses $(JOBS) $(or $(TESTS),$(BROWSER)) $(NONE_IS_FINE)

check: check-lint check-format check-types check-layers check-generated

check-lint: setup
	$(BIN)/ruff check .

check-format: setup
	$(BIN)/ruff format --check .

check-types: setup
	$(BIN)/mypy

check-layers: setup
	$(BIN)/python -m pytest -q tests/test_layers.py

check-generated: setup
	@set -e; for script in $(GENERATORS) tools/screenshots.py; do \
		echo "$(BIN)/python $$script --check"; $(BIN)/python $$script --check; \
	done

screenshots: setup setup-browser
	$(BIN)/python tools/screenshots.py

docs: setup
	@set -e; for script in $(GENERATORS); do \
		echo "$(BIN)/python $$script"; $(BIN)/python $$script; \
	done

lock: | $(VENV)/.created
	$(INSTALL) uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
		--group dev --all-extras $(UPGRADE) --output-file requirements.lock pyproject.toml

bench: setup $(PEERS)/.installed.json
	$(BIN)/python bench/run.py

bench-full: setup $(PEERS)/.installed.json
	$(BIN)/python bench/run.py --full

# What cannot be had is named, and left out of the results.
bench-peers: setup
	$(BIN)/python bench/install_peers.py

# What was found is written down whether or not all was well.
reliability: setup
	@status=0; $(BIN)/python -m trials --all || status=$$?; \
	$(BIN)/python tools/reliability_page.py && exit $$status

vscode: $(VSCODE)/node_modules/.installed
	@cd $(VSCODE) && PATH="$(CURDIR)/$(BIN):$$PATH" && export PATH && \
	npm run --silent check && npm test --silent && npm run --silent package

clean:
	find output -mindepth 1 ! -name .gitignore -delete
	find tracker tests tools bench trials -path $(PEERS)/.venv -prune -o \
		-name __pycache__ -prune -exec rm -rf {} +
	rm -rf .tracker-cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks build dist
	rm -rf $(VSCODE)/dist $(VSCODE)/*.vsix

distclean: clean
	rm -rf $(VENV) $(BROWSER)/node_modules $(VSCODE)/node_modules
	rm -rf $(PEERS)/.venv $(PEERS)/node_modules $(PEERS)/.installed.json

setup: $(VENV)/.installed

setup-browser: $(BROWSER)/node_modules/.installed
	@tools/install-browser.sh

$(VENV)/.created: tools/create-venv.sh
	@PYTHON='$(PYTHON)' tools/create-venv.sh $(VENV)
	@printf '%s\n' '$(CURDIR)' >$@

$(VENV)/.locked: requirements.lock $(VENV)/.created
	$(INSTALL) --require-hashes --requirement requirements.lock
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.locked
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(PEERS)/.installed.json: $(PEERS)/constraints.txt $(PEERS)/package-lock.json | $(VENV)/.installed
	$(BIN)/python bench/install_peers.py

%/node_modules/.installed: %/package-lock.json | $(VENV)/.locked
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix $* \
		--ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@
