# One word a task. Every target sets up what it needs: Debian packages from packaging/apt-*.txt, Python packages
# from packaging/requirements.lock (with hashes), in .venv.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
OFFSCREEN := QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test check shots bench soak deb deb-test format lock clean setup setup-build setup-test

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: setup ## The kiosk with every device simulated, a back office and the dock
	$(BIN)/zuil demo

test: setup-test ## Every test
	$(OFFSCREEN) $(BIN)/pytest -n 3 --dist loadgroup

check: setup-test ## Lint, types, layers, QML
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.house
	$(BIN)/pyside6-qmllint -W 0 -I kiosk/ui/qml kiosk/ui/qml/*/*.qml

shots: setup-test ## Every screen and paper as pictures in build/shots
	$(OFFSCREEN) $(BIN)/python -m kiosk.demo.shots --out build/shots

bench: setup-test ## The figures of docs/benchmarks.md, measured here and now
	$(OFFSCREEN) $(BIN)/python -m tests.bench

soak: setup-test ## Long runs: thousands of kills and visits
	$(OFFSCREEN) $(BIN)/python -m tests.soak

deb: setup-build ## The Debian package of a column, in build
	/usr/bin/python3 packaging/deb/build.py

deb-test: setup-test ## The package's whole life in a clean Debian, with its own systemd
	$(BIN)/python -m tests.package

format: setup-test ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: setup-test ## Resolve the dependencies of pyproject.toml anew
	$(BIN)/pip-compile -q --extra dev --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o packaging/requirements.lock pyproject.toml

clean: ## Remove everything that was made here
	rm -rf $(VENV) build var *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

setup: $(STAMPS)/python
setup-build: $(STAMPS)/apt-build $(STAMPS)/apt-run
setup-test: $(STAMPS)/apt-test $(STAMPS)/python

$(STAMPS)/apt-build $(STAMPS)/apt-run $(STAMPS)/apt-test: $(STAMPS)/apt-%: packaging/apt-%.txt packaging/install-apt
	packaging/install-apt $<
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: packaging/requirements.lock pyproject.toml | $(STAMPS)/apt-build $(STAMPS)/apt-run
	test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --require-hashes -r packaging/requirements-build.lock
	$(BIN)/pip install -q --require-hashes --no-build-isolation -r packaging/requirements.lock
	$(BIN)/pip install -q --no-build-isolation --no-deps -e .
	@mkdir -p $(STAMPS) && touch $@
