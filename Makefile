# Bootstrap only: makes .venv from the hash-locked file, then calls `minato`.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help report test lint lab lock rehearse bench clean

help:  ## show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

report: $(INSTALLED)  ## set up, run all notebooks, render the pages (the main job)
	@$(BIN)/minato report $(EDITION)

test: $(INSTALLED)  ## run the whole test suite
	@$(BIN)/python -m pytest

lint: $(INSTALLED)  ## check style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

lab: .venv-lab/.installed  ## open JupyterLab on the notebooks, with the kernel of .venv
	@.venv-lab/bin/jupyter lab --config=notebooks/jupyter_server_config.py notebooks

lock:  ## resolve the newest versions into the lock files (needs uv)
	uv pip compile --universal --fork-strategy fewest --generate-hashes --no-annotate --no-header --python-version 3.11 \
	  --upgrade --extra test pyproject.toml -o requirements.lock
	echo jupyterlab | uv pip compile --universal --fork-strategy fewest --generate-hashes --no-annotate --no-header --python-version 3.11 \
	  --upgrade --constraint requirements.lock - -o requirements-lab.lock

rehearse: $(INSTALLED)  ## build and test with the newest versions of everything, and say what moved
	@$(BIN)/python tools/rehearse.py

bench: $(INSTALLED)  ## measure the speed of every way side by side, for docs/performance*.md (a quarter of an hour)
	@$(BIN)/python benchmarks/report_speed.py --write && $(BIN)/python benchmarks/areas_speed.py --dask --write

clean:  ## remove the environments and everything built, not the published editions
	rm -rf .venv .venv-lab build .pytask

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Use: make PYTHON=/path/to/python3.12 ...")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-lab/.installed: requirements-lab.lock $(INSTALLED)
	$(PYTHON) -m venv --clear .venv-lab
	.venv-lab/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-lab.lock
	$(BIN)/python -m ipykernel install --prefix .venv-lab --name python3 --display-name "Python 3 (minato)"
	@touch $@
