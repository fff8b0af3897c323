# Bootstrap only: makes .venv from the hash-locked file, then calls `minato`.
PYTHON ?= python3
BIN := .venv/bin
# `make report PYTHON=…` means that Python; without it any .venv that is whole will do.
THIS := $(if $(filter command line environment,$(origin PYTHON)),--this-python)
INSTALL = @$(PYTHON) -I -S tools/install.py $(THIS)
export MINATO_WHEELHOUSE = $(WHEELHOUSE)
# Compiled files are kept, whatever the caller's setting: without them every import costs three times as much.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help report verify test lint lab docs lock rehearse rehearse-install bench clean

help:  ## show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-17s %s\n", $$1, $$2}'

report: .venv  ## set up, run all notebooks, render the pages (the main job)
	@$(BIN)/minato report $(EDITION)

verify: .venv  ## set up and verify what is published; builds nothing here (EDITION=2024)
	@$(BIN)/minato verify $(EDITION)

test: .venv-test  ## run the whole test suite
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: .venv-test  ## check style, types and the floors of the rooms
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

lab: .venv-lab  ## open JupyterLab on the notebooks, with the kernel of .venv
	@.venv-lab/bin/jupyter lab --config=notebooks/jupyter_server_config.py --LabApp.default_url=/lab/tree/notebooks

UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --only-binary :all: --generate-hashes \
  --no-annotate --no-header --python-version 3.11 --upgrade
docs: .venv-docs  ## make the guides and the API one site that needs no network: build/docs/index.html
	@.venv-docs/bin/sphinx-build -W --keep-going -q docs build/docs && echo build/docs/index.html

lock: .venv  ## resolve the newest versions into the lock files
	$(UV_COMPILE) --group installer -o requirements-installer.lock
	$(UV_COMPILE) pyproject.toml --group build --group test -o requirements-test.lock
	$(UV_COMPILE) pyproject.toml --group build --constraint requirements-test.lock -o requirements.lock
	$(UV_COMPILE) pyproject.toml --group build --group docs --constraint requirements-test.lock -o requirements-docs.lock
	printf 'jupyterlab\nnbdime\nargon2-cffi-bindings<26  # 26.2 has no wheel for Intel Macs\n' | $(UV_COMPILE) --constraint requirements.lock - -o requirements-lab.lock

rehearse: .venv-test  ## build and test with the newest versions of everything, and say what moved
	@$(BIN)/python tools/rehearse.py

rehearse-install:  ## install with old and new pips, beside newer releases, and without a network
	@$(PYTHON) tools/rehearse_install.py

bench: .venv-test  ## measure the speed of every way side by side, for docs/performance*.md (a quarter of an hour)
	@$(BIN)/python benchmarks/report_speed.py --write && $(BIN)/python benchmarks/areas_speed.py --dask --write

clean:  ## remove the environments and everything built, not the published editions
	rm -rf .venv .venv-lab .venv-docs build .pytask

.PHONY: .venv .venv-test .venv-lab .venv-docs
.venv:
	$(INSTALL) .venv requirements.lock --package

.venv-test: .venv
	$(INSTALL) .venv requirements-test.lock

.venv-lab: .venv
	$(INSTALL) .venv-lab requirements-lab.lock
	@$(BIN)/python -m ipykernel install --prefix .venv-lab --name python3 --display-name "Python 3 (minato)" >/dev/null

.venv-docs:
	$(INSTALL) .venv-docs requirements-docs.lock --package
