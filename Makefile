# Everything a person does with a checkout of Trim. `make help` lists it.

.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin

# Nothing here asks a question or needs a terminal, a HOME or a network but the package index of pip and of Debian.
export PIP_NO_INPUT := 1

# Two workers: the suite is laid out for a machine with two cores. WORKERS=0 runs in one process, for a debugger.
WORKERS ?= 2
TESTS ?= tests
PYTEST := $(BIN)/python -m pytest --numprocesses $(WORKERS)

.PHONY: help setup setup-run setup-browser run test test-all coverage check format drawings pictures bench lock wheel clean

help:  ## Show this list.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

setup:  ## Build .venv for development from the hash-locked requirements; see to Pango.
	@scripts/setup_venv.sh dev
	@scripts/setup_system.sh

setup-run:
	@scripts/setup_venv.sh run
	@scripts/setup_system.sh

setup-browser: setup
	@scripts/setup_system.sh browser

run: setup-run  ## Serve a demonstration on http://127.0.0.1:8000 (PORT changes it); keeps its data.
	@$(BIN)/trim demo --if-missing
	@TRIM_SERVE_WORKER=1 exec $(BIN)/trim serve

test: setup-browser  ## Run the tests on SQLite and PostgreSQL (TESTS=path narrows it, WORKERS=0 debugs).
	$(PYTEST) --dist worksteal -m "not large" $(TESTS)

test-all: setup-browser  ## Run the long tests that `make test` leaves out.
	$(PYTEST) --dist loadgroup -m "large and not hours" $(TESTS)

coverage: setup-browser  ## Measure the branches covered of domain, engine and use cases; fail under 95 %.
	$(PYTEST) --dist worksteal -m "not large" --cov=trim --cov-report= $(TESTS)
	$(BIN)/python -m coverage report --include='trim/domain/*,trim/engine/*,trim/usecases/*' --fail-under=95 --skip-covered

check: setup  ## Check format, lint, types, import contracts, file sizes, translations and links.
	@scripts/check.sh

format: setup  ## Put the code into its one format.
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

drawings: setup  ## Draw the pictures and tables of the documents anew out of packs and tables.
	$(BIN)/python scripts/draw.py

pictures: setup-browser  ## Photograph the pages of a demonstration into pictures/.
	$(BIN)/python scripts/pictures.py

bench: setup  ## Run every benchmark in its quick form.
	@scripts/bench.sh

lock:  ## Resolve the requirements anew and write the locks.
	@scripts/lock.sh

wheel: setup  ## Build the source archive and the wheel into dist/.
	@rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

clean:  ## Remove what was built; instance/ with its data stays.
	rm -rf .venv build dist htmlcov pictures .coverage .coverage.* .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
