# Everything a developer or an administrator does by hand. `make` lists it.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
.DEFAULT_GOAL := help
.PHONY: help setup run demo test check bench lock translations legal migration pictures clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make .venv with everything in it; the others do this by themselves

$(READY): requirements.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh $(VENV)
	@touch $(READY)

run: $(READY) ## start Kopkoffie; an empty database gets the demo, with DEMO=no an administrator
	@$(BIN)/kopkoffie run

demo: $(READY) ## fill an empty database with the demo, without starting
	@$(BIN)/kopkoffie demo

test: $(READY) ## all tests, on SQLite and PostgreSQL and in Chromium
	@sh tools/chromium.sh
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(READY) ## layout, lint, types, layers, translations, migrations
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_translations.py tests/crm/migrations

bench: $(READY) ## measure, each figure beside its floor
	@sh tools/chromium.sh
	$(BIN)/python -m bench.import_companies
	$(BIN)/python -m bench.desk
	$(BIN)/python -m bench.search
	$(BIN)/python -m bench.lists
	$(BIN)/python -m bench.board
	$(BIN)/python -m bench.matching
	$(BIN)/python -m bench.queue
	$(BIN)/python -m bench.scheduler

lock: $(READY) ## pin the newest allowed versions, with hashes
	$(BIN)/uv pip compile pyproject.toml --upgrade --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
		--quiet --output-file requirements.lock

translations: $(READY) ## put new texts in the catalogues, take out unused ones, tell what is missing
	$(BIN)/python -m tools.translations

legal: $(READY) ## write docs/bellen-mag.md, the table for a lawyer, from the rules
	$(BIN)/python -m tools.legal_table

migration: $(READY) ## write a migration from the models: make migration m="add a column"
	$(BIN)/python -m tools.migration "$(m)"
	$(BIN)/ruff check --quiet --fix crm/migrations/versions
	$(BIN)/ruff format --quiet crm/migrations/versions

pictures: $(READY) ## take the pictures of the handbook afresh, from a demo in Chromium
	@sh tools/chromium.sh
	$(BIN)/python -m tools.pictures

clean: ## remove what can be made again; never data
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
