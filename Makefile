# demo  drawings -> trained network -> verified phone models -> runs/demo/report.html
# test  the default test suite        check  lint, types, tests: what CI runs
# clean the environment, the caches and what the demo made; never your own data and runs
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DEMO   := runs/demo

.PHONY: demo test check clean

demo: $(VENV)/installed
	$(BIN)/python -m benchmarks.demo --out $(DEMO)

test: $(VENV)/installed
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist loadfile

check: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(MAKE) test

clean:
	rm -rf $(VENV) $(DEMO) data/openmoji-64 ios_demo_assets/.build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The stamp is written last: an interrupted installation is repeated, a finished one reused.
$(VENV)/installed: pyproject.toml requirements.txt .ci/fitting
	$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.exit(None if sys.version_info >= (3, 11) else f"error: Nurie needs Python 3.11 or newer, received {v}; name one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python .ci/fitting > $(VENV)/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@
