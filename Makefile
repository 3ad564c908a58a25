# What a newcomer types: `make demo`, `make test`. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DISTRIBUTIONS := $(wildcard setup.cfg plugins/*/setup.cfg adapters/*/setup.cfg)

.PHONY: setup demo test test-newest lock lint bench lines messages refusals direct-acts clean

setup: $(VENV)/.ready

# What is locked, with its hashes, then linli's own distributions. uv does in seconds what pip does in minutes.
$(VENV)/.ready: requirements.lock requirements.txt pyproject.toml $(DISTRIBUTIONS)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "linli needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >$(VENV)/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -r requirements.txt
	touch $@

# Takes the newest of everything that is allowed into the lock. Run `make test-newest` first, and read the diff.
lock: setup
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command 'make lock' requirements.txt --output-file requirements.lock
	grep -v "^-e " requirements.lock >requirements.lock.new && mv requirements.lock.new requirements.lock

demo: setup
	$(BIN)/linli demo

test: setup
ifdef MOMENT
	$(BIN)/python tests/moment/run.py "$(MOMENT)" "$(SHARE)" "$(SEED)"
else
	$(BIN)/python -m pytest -n 2 --dist worksteal
endif

# The newest and the oldest that setup.cfg allows, each with an environment of its own. What they find is mended before
# the lock is renewed.
test-newest: $(VENV)/.ready
	$(call tried-with,highest)
	$(call tried-with,lowest-direct)

define tried-with
$(BIN)/uv venv --quiet --clear --seed --python $(BIN)/python $(VENV)-$(1)
$(BIN)/uv pip install --quiet --python $(VENV)-$(1)/bin/python --upgrade --resolution $(1) -r requirements.txt
$(VENV)-$(1)/bin/python -m pytest -n 2 --dist worksteal
endef

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m benchmarks

# Lines of source that are not blank, by distribution.
lines:
	$(PYTHON) -m benchmarks.lines

messages: setup
	$(BIN)/python -m linli._testing.messages core/linli $(patsubst %/__init__.py,%,$(wildcard adapters/*/src/*/__init__.py)) plugins/*/src/linli_* docs/tutorial/linli-snow/src/linli_snow

refusals: setup
	$(BIN)/python -m linli._testing.refusals core/linli $(patsubst %/__init__.py,%,$(wildcard adapters/*/src/*/__init__.py)) plugins/*/src/linli_*

direct-acts: setup
	$(BIN)/python -m linli._testing.direct_acts

clean:
	rm -rf $(VENV) $(VENV)-highest $(VENV)-lowest-direct build dist
