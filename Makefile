# make run    install into .venv, fetch the 3D viewer script if possible, open the dashboard
# make test   the same with test tools and a browser, then every check and test
# make coverage  which lines of the core its own tests run; below the floor in pyproject.toml it fails
# make screenshots  pictures of all pages, light and dark, wide and narrow, into ./screenshots
# make docs   guide, papers and API reference as a site in ./site
# make timings  how long a visitor waits for each view, beside the targets
# make clean  remove what the two made

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: run test lint coverage viewer browser screenshots docs timings clean

run: $(VENV)/installed viewer
	$(BIN)/rbfscope app --port $(PORT)

PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

# The core's tests count its lines on the way, which makes them about a third slower; the others go without.
test: $(VENV)/installed-test viewer browser lint coverage
	$(PYTEST) --ignore=tests/rbfcore

coverage: $(VENV)/installed-test
	$(PYTEST) tests/rbfcore --cov --cov-report=term

lint: $(VENV)/installed-test node_modules/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm run --silent lint

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rbfscope needs Python 3.11 or newer; set PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[test]'
	touch $@

$(VENV)/installed-docs: $(VENV)/installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[docs]'
	touch $@

# Linters of the dashboard's scripts. Nothing that a user runs needs npm.
node_modules/installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo 'make lint checks the scripts in dashboard/static with npm, which is not here: install Node.js 18.18 or newer (on Debian: apt install npm), then run it again' >&2; exit 1; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The dashboard works without the viewer script (gallery, charts and figures draw by themselves), so a failure only warns.
viewer: $(VENV)/installed
	@$(BIN)/rbfscope fetch-viewer || echo 'No 3D viewer script: the inspector draws without 3Dmol. Later: rbfscope fetch-viewer'

browser: $(VENV)/installed-test
	@$(BIN)/python tests/browser/install.py

screenshots: $(VENV)/installed-test viewer browser
	$(BIN)/python -m tests.browser.screenshots screenshots

docs: $(VENV)/installed-docs
	mkdir -p .docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	@echo 'The site is in ./site: open site/index.html, or serve it with python3 -m http.server -d site'

timings: $(VENV)/installed-test viewer browser
	$(BIN)/python -m tests.browser.timings

clean:
	rm -rf $(VENV) node_modules dashboard/static/vendor dashboard/static/prepared tests/browser/vendor screenshots .docs site .pytest_cache .ruff_cache .mypy_cache .hypothesis .coverage
