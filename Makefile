# What a person types. Everything is made inside this folder; `make clean` leaves nothing behind.
# Debian 12 with python3, make and git is enough to start; PYTHON=… names another interpreter.

.DEFAULT_GOAL := setup
.PHONY: setup demo test bench campaign lock format clean dev browser wheel
.NOTPARALLEL:

PY := .venv/bin/python
RUNTIME := .venv/.runtime
DEV := .venv/.dev
PEERS := .venv-peers/.peers
PANEL := service/panel/vendor/preact.module.js

setup: $(RUNTIME) $(PANEL)

# PORT=… of the panel; 0 for any that is free.
demo: setup
	.venv/bin/avctl demo $(if $(PORT),--port $(PORT))

dev: setup $(DEV) $(PEERS)

browser:
	@tools/browser.sh

test: dev browser
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	@tools/test.sh

bench: dev
	$(PY) -m tests.bench

SEEDS ?= 10000
campaign: dev
	$(PY) -m tests.campaign --seeds $(SEEDS) --report docs/campaign.md \
		--command "make campaign$(if $(filter 10000,$(SEEDS)),, SEEDS=$(SEEDS))"

lock:
	tools/lock.sh $(if $(UPGRADE),--upgrade)

format: $(RUNTIME) $(DEV)
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

# For machines without this checkout: it carries the panel, so nobody needs Node there.
wheel: setup
	.venv/bin/hatchling build -t wheel

clean:
	rm -rf .venv .venv-peers .venv-node node_modules service/panel/vendor build dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): pyproject.toml requirements/runtime.txt requirements/build.txt tools/setup.sh tools/common.sh
	tools/setup.sh runtime
	@touch $@

$(DEV): $(RUNTIME) requirements/dev.txt
	tools/setup.sh dev
	@touch $@

$(PEERS): requirements/peers.txt tools/setup.sh tools/common.sh
	tools/setup.sh peers
	@touch $@

$(PANEL): package.json package-lock.json requirements/node.txt tools/panel.sh tools/common.sh
	tools/panel.sh
