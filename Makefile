# What can be done here. All that is needed beforehand is Python 3.11 or newer, pip and make.

PYTHON ?= python3
PYTEST ?= -n 3 --dist loadfile --no-loadscope-reorder

VENV := .venv
BIN := $(VENV)/bin
PIP := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python
INSTALL := $(PIP) install --quiet --require-hashes
STATIC := src/plantrack/pages/static/manifest.json
PACKAGE := $(PIP) install --quiet --no-deps --no-build-isolation --editable .
LOCK := $(VENV)/locker/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help demo test check assets screens docs bench soak lock clean

help:  ## List what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/can-run  ## Build an invented partnership and serve it, to be tried as anybody in it
	@$(BIN)/plantrack demo

test: check $(VENV)/can-browse  ## Run every check and every test, on SQLite and on a real PostgreSQL
	$(BIN)/python -m pytest -m "not soak" $(PYTEST)

check: $(VENV)/can-develop  ## Check style, types and which module may import which
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --quiet --check
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-cache --no-logo

assets: $(STATIC)  ## Build the style sheets and scripts of the pages

screens: $(VENV)/can-browse  ## Take a picture of every page, wide and narrow, into build/screens
	PYTHONPATH=tests:. $(BIN)/python -m pages.screens build/screens

docs: $(VENV)/can-develop  ## Write docs/events.md again from the events themselves
	$(BIN)/python docs/make_events.py

bench: $(VENV)/can-develop  ## Measure how fast it is on this machine
	$(BIN)/python -m bench

soak: $(VENV)/can-develop  ## Run the tests that take long
	$(BIN)/python -m pytest -m soak

lock: $(BIN)/python  ## Choose versions again for the lock files (asks the package index)
	$(PYTHON) -m venv --without-pip $(VENV)/locker
	$(PYTHON) -m pip --python $(VENV)/locker/bin/python install --quiet pip pip-tools
	$(LOCK) --output-file requirements-build.txt requirements-build.in
	$(LOCK) --output-file requirements.txt pyproject.toml
	$(LOCK) --output-file requirements-dev.txt requirements-dev.in

clean:  ## Remove what was installed and built here
	rm -rf $(VENV) $(dir $(STATIC)) build dist src/*.egg-info .mypy_cache .pytest_cache .ruff_cache

# Debian's python3 makes virtual environments without pip unless another package is installed, so
# the pip that is already there installs into ours. A stamp file says what has been installed.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv --without-pip $(VENV)

# Nothing of Node.js is needed beforehand: it comes as a package, and npm's packages by its lock file.
$(STATIC): $(wildcard assets/*.* assets/.npmrc) requirements-build.txt | $(BIN)/python
	$(INSTALL) --requirement requirements-build.txt
	$(BIN)/python assets/build.py
	@touch $@

$(VENV)/can-run: requirements.txt requirements-build.txt pyproject.toml | $(STATIC)
	$(INSTALL) --requirement requirements.txt --requirement requirements-build.txt
	$(PACKAGE)
	@touch $@

# Tests with a browser, and the checker of HTML, take Debian's Chromium and Java; npm's packages come by
# their lock file. Where one of them cannot be installed its tests are left out, and say so.
$(VENV)/can-browse: $(wildcard assets/checks/*.json assets/checks/.npmrc) | $(VENV)/can-develop
	@$(call debian,chromium,chromium fonts-liberation)
	@$(call debian,java,default-jre-headless)
	@$(BIN)/python assets/npm.py assets/checks || echo "Tests of what pages are held to are left out."
	@touch $@

debian = command -v $(1) >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && \
	apt-get install -y -qq --no-install-recommends $(2); } \
	|| echo "There is no $(1) here: tests that need it are left out."

$(VENV)/can-develop: requirements-dev.txt pyproject.toml | $(STATIC)
	$(INSTALL) --requirement requirements-dev.txt
	$(PACKAGE)
	@touch $@
