# What a newcomer types: `make demo`, `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DISTRIBUTIONS := $(wildcard setup.cfg plugins/*/setup.cfg adapters/*/setup.cfg)

.PHONY: setup demo test lint bench messages clean

setup: $(VENV)/.ready

# uv and a recent setuptools first: building twenty editable distributions in isolation takes minutes.
$(VENV)/.ready: requirements.txt pyproject.toml $(DISTRIBUTIONS)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "linli needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade uv "setuptools>=77"
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation -r requirements.txt
	touch $@

demo: setup
	$(BIN)/linli demo

test: setup
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m benchmarks

messages: setup
	$(BIN)/python -m linli.testing.messages core/linli adapters/*/src/* plugins/*/src/linli_* docs/tutorial/linli-snow/src/linli_snow

clean:
	rm -rf $(VENV) build dist
