# The habits of this project. `make run` and `make test` need nothing but Python 3.11 or newer.

# The first interpreter that is new enough; set PYTHON to choose another one.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$name; break; }; done)
BIN := .venv/bin
CODE := cbt itembank proctor reports migrations tests
TYPED := $(sort $(foreach folder,$(CODE) bench wsgi.py,$(if $(shell find $(folder) -name '*.py' 2>/dev/null | head -n 1),$(folder))))
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PARTS := check-lint check-format check-types check-imports check-templates check-spelling check-dead check-dependencies
WORKERS ?= 2
CLEAN_ROOM := env -u CBT_HOME -u CBT_PORT -u CBT_HOST -u CBT_DATABASE_URL -u CBT_REDIS_URL -u CBT_PUBLIC_URL

.DEFAULT_GOAL := help
.PHONY: help run test check bench faults screenshots docs clean lock install develop $(PARTS)

help: ## list these
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

run: install ## the demonstration centre on http://127.0.0.1:8000 (CBT_PORT), its data under var/ (CBT_HOME)
	@exec $(BIN)/cbt serve --demo

test: check ## everything static, then every test
	$(CLEAN_ROOM) $(BIN)/python -m pytest -n $(WORKERS) --dist=loadfile

check: develop ## everything static: lint, format, types, imports, templates, spelling, dead code, dependencies
	@$(MAKE) --no-print-directory --keep-going --output-sync=target --jobs 4 $(PARTS)

bench: develop ## the published figures: load, start rush, drawing, grading, sheets
	@if [ -d bench ]; then $(BIN)/python -m bench; else echo "no benchmarks yet"; fi

faults: develop ## the slow tests: killed processes, cut lines, full disks
	$(CLEAN_ROOM) $(BIN)/python -m pytest -m slow --timeout 3600

screenshots: develop ## take the pictures of docs/ anew
	$(CLEAN_ROOM) CBT_SCREENSHOTS=docs/screenshots $(BIN)/python -m pytest tests/browser

docs: develop ## write the pages that repeat the code: commands, refusals
	@$(BIN)/python -m tests.architecture.reference

lock: ## renew requirements.lock and requirements-dev.lock (needs uv)
	uv pip compile $(LOCK) --upgrade --group install pyproject.toml -o requirements.lock
	uv pip compile $(LOCK) --upgrade --group install --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

LOCK := --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11

clean: ## remove what was built; data under var/ stays
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# Installing. A stamp is written last, so that a run that was broken off is taken up again by the next one.

install: .venv/.requirements
develop: .venv/.requirements-dev

.venv/.requirements: requirements.lock
	@[ -n "$(PYTHON)" ] || { echo "cbt needs Python 3.11 or newer; none was found (set PYTHON=/path/to/python3)" >&2; exit 1; }
	@[ -x $(BIN)/python ] && $(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "making .venv with $(PYTHON)"; \
		$(PYTHON) -m venv --clear .venv >.venv.log 2>&1; } || { rm -rf .venv .venv.log; \
		echo "$(PYTHON) cannot make a virtual environment; install its venv module (Debian: apt install python3-venv)" >&2; exit 1; }
	@rm -f .venv.log; echo "installing the locked requirements"
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.requirements-dev: requirements-dev.lock .venv/.requirements
	@echo "installing the tools for development"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

# The parts of `make check`; each can be called alone.

check-lint:
	@$(BIN)/ruff check --quiet .

check-format:
	@$(BIN)/ruff format --quiet --check . || { echo "run: .venv/bin/ruff format ."; exit 1; }

check-types:
	@$(BIN)/mypy --no-error-summary $(TYPED)

check-imports:
	@$(BIN)/lint-imports --no-logo >.imports.log 2>&1 || { cat .imports.log; rm -f .imports.log; exit 1; }; rm -f .imports.log

check-templates:
	@$(BIN)/djlint --quiet --lint $(wildcard cbt itembank proctor reports)

check-spelling:
	@$(BIN)/codespell

check-dead:
	@$(BIN)/vulture

check-dependencies:
	@$(BIN)/deptry --no-ansi . 2>&1 | grep -v '^\(Assuming\|Scanning\|Success\|$$\)' && exit 1 || true
