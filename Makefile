# Two commands for a newcomer: `make demo` and `make test`. Both set up what they need, and do it once.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/ready
TESTS_READY := $(VENV)/ready-for-tests

.PHONY: help demo test coverage check bench bench-model samples picture gallery screenshots html container-lint locks fresh lock clean

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

$(READY): requirements.lock requirements-build.lock pyproject.toml scripts/setup.sh
	@bash scripts/setup.sh $(VENV)

$(TESTS_READY): $(READY) requirements-dev.lock
	@bash scripts/setup.sh $(VENV) tests
	@touch $@

demo: $(READY) ## the main job on a made-up mailbox: no account, no network
	@$(VENV)/bin/assistant demo --out demo-out

test: $(TESTS_READY) ## set up, run the checks, run the tests
	@bash scripts/system-packages.sh
	@$(MAKE) --no-print-directory check
	@$(PY) -m pytest -q -n 2 --dist worksteal

coverage: $(TESTS_READY) ## run the tests slowly, and hold the goals: every branch of core/ and store/
	@bash scripts/system-packages.sh
	@$(PY) -m pytest -q --cov=assistant --cov-report=
	@$(PY) scripts/coverage_goals.py

check: $(TESTS_READY) ## lint, format, types, layers, dead code
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/mypy --no-error-summary
	@$(VENV)/bin/lint-imports --no-logo | tail -n 3
	@$(VENV)/bin/vulture

bench: $(TESTS_READY) ## the measurements, beside peers
	@for b in $(filter-out bench/__init__.py,$(wildcard bench/*.py)); do echo "== $$b"; $(PY) -m bench.$$(basename $$b .py) || exit 1; done

bench-model: $(TESTS_READY) ## the demo with a real model: LLAMA_SERVER=/path/llama-server GGUF=/path/model.gguf make bench-model
	@$(PY) -m bench.model

samples: $(TESTS_READY) ## print forty drafts of the offline writer
	@$(PY) -m tests.samples

picture: $(TESTS_READY) ## make the README's pictures from the demo (needs Debian's chromium)
	@PYTHONPATH=. $(PY) scripts/screenshots.py docs/images nobody --top 1400 --widths 360 --schemes light
	@PYTHONPATH=. $(PY) scripts/picture.py docs/images

gallery: $(TESTS_READY) ## render every state of digest and transcript into gallery-out
	@PYTHONPATH=. $(PY) -c "from pathlib import Path; from tests.gallery import write_gallery; print(len(write_gallery(Path('gallery-out'))), 'pages in gallery-out')"

screenshots: $(TESTS_READY) ## pictures of the gallery, light and dark, wide and phone (needs Debian's chromium)
	@PYTHONPATH=. $(PY) scripts/screenshots.py gallery-out

html: $(TESTS_READY) ## html-validate, axe-core and caniemail's data over the gallery (needs node and chromium)
	@bash scripts/system-packages.sh
	@PYTHONPATH=. $(PY) scripts/html_checks.py

container-lint: $(TESTS_READY) ## hadolint over the container file (fetched once, by hash)
	@bash scripts/container-lint.sh $(PY)

locks: $(TESTS_READY) ## does each lock hold all it needs, and does pip of several years take it?
	@bash scripts/locks.sh $(PY)

fresh: ## before a release: demo and test as the first thing on Debian 12 and 13 (needs root and debootstrap)
	@bash scripts/fresh.sh

lock: ## make the lock files anew
	@bash scripts/lock.sh

clean: ## remove what make made
	@rm -rf $(VENV) .tools node_modules demo-out gallery-out dist .mypy_cache .ruff_cache .pytest_cache .coverage .import_linter_cache .hypothesis
