# Everything from a fresh clone, with nothing but Python 3.11+, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run demo test test-all lint types imports unit bench-read bench-triage bench-store samples lock docs wheel-test clean

run: $(STAMP)  ## the main job on the embedded sample papers, offline
	$(BIN)/vlmingest demo --out vlmingest-demo

demo: run

$(STAMP): requirements.lock requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

test: lint types imports unit  ## everything that CI checks

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

unit: $(STAMP)
	$(BIN)/pytest -n 2 -m "not slow" --cov --cov-report=term:skip-covered --cov-fail-under=80

test-all: $(STAMP) lint types imports  ## with the slow tests
	$(BIN)/pytest -n 2 --cov --cov-report=term:skip-covered

docs: $(STAMP)  ## what is generated: schema.sql, the CLI reference, the field reference, the JSON Schema
	$(BIN)/python tools/make_schema.py
	$(BIN)/python tools/make_docs.py

samples: $(STAMP)  ## typesets the sample papers again
	$(BIN)/python tools/make_samples.py

bench-read: $(STAMP)  ## reading: cost beside pdfium and pypdf, and quality on ../shared
	$(BIN)/python tools/bench_read.py
	$(BIN)/python tools/agree_read.py

wheel-test: $(STAMP)  ## builds the wheel and runs the demo from it in a clean environment
	bash tools/wheel_test.sh

lock: $(STAMP)  ## rewrites the pins from the current environment
	$(BIN)/python tools/make_lock.py

clean:
	rm -rf $(VENV) build dist vlmingest-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
