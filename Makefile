# Two commands for a newcomer: `make journal` and `make test`. `make` alone lists the others.
# They need Python 3.11, 3.12 or 3.13 with venv, and nothing else: the environment is made from requirements.lock.
# Where uv is (https://docs.astral.sh/uv), it does the same ten times faster and brings a Python if none is there.
# ARGS goes to the command: make test ARGS='-m "not slow" tests/test_cli.py'

SHELL  := /bin/bash
PYTHON ?=                 # empty: the first of python3.11, python3.12, python3.13, python3 that will do
VENV   := .venv
BIN    := $(VENV)/bin

# The names of the stamps carry the checksum of what the environment was made from: it is made once, and again
# when that content changes or the checkout moves, but not because git gave the same file a new date.
LOCKED    := $(VENV)/.locked-$(shell { echo "$(CURDIR)"; cat requirements.lock; } | cksum | cut -d' ' -f1)
INSTALLED := $(VENV)/.installed-$(shell cksum pyproject.toml | cut -d' ' -f1)

# Tests run side by side, a file at a time, on as many cores as there are, up to four: each may start a TensorFlow.
# In conftest.py's order: the files that take long are begun first.
WORKERS := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help journal test check network cron lint lab pad browser lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

journal: $(INSTALLED)  ## run the ink2tex series (ink to an exported recogniser) and archive it under runs/
	@$(BIN)/tegashiki run ink2tex --profile quick $(ARGS)
	@echo "Next, write a formula with pen, finger or mouse, and see what the released recogniser reads: make pad"

test: $(INSTALLED) browser  ## the whole test-suite
	@$(BIN)/python -m pytest $(WORKERS) -m "not network" $(ARGS)

check: lint  ## while working: lint, and the tests that start no process, no browser and no network
	@$(BIN)/python -m pytest -q $(WORKERS) -m "not slow and not browser and not training and not process and not network" $(ARGS)

network: $(INSTALLED)  ## the tests that ask a package registry: the lock elsewhere, the newest of everything
	@$(BIN)/python -m pytest -m network $(ARGS)

lint: $(INSTALLED)  ## ruff over the package, the tests and the notebooks
	@$(BIN)/ruff check .

cron: $(INSTALLED)  ## print a crontab line and a systemd timer that run the series here every night
	@$(BIN)/tegashiki cron $(ARGS)

lab: $(INSTALLED)  ## open the notebooks in JupyterLab
	@$(BIN)/jupyter lab notebooks

# node_modules is made again when package-lock.json changes, as .venv is for requirements.lock.
MODULES := node_modules/.locked-$(shell cksum package-lock.json 2>/dev/null | cut -d' ' -f1)

pad: $(INSTALLED) $(MODULES)  ## open the handwriting pad in the browser (ARGS='--build DIR': as a page for any host)
	@$(BIN)/tegashiki pad $(ARGS)

$(MODULES):
	@command -v npm >/dev/null || { echo "make: npm is missing; install Node.js 20 or later (Debian: apt-get install nodejs npm)" >&2; exit 1; }
	@npm ci --silent
	@touch $@

browser:  ## what the tests that drive a browser need: Chromium and node_modules; without, they are skipped
	@if command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "browser: installing Debian's chromium"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends chromium; } >/dev/null \
	    || echo "browser: NOT INSTALLED (apt-get failed): the tests that drive a browser will be skipped" >&2; \
	else echo "browser: NOT INSTALLED (needs root and apt-get): the tests that drive a browser will be skipped" >&2; fi
	@$(MAKE) --no-print-directory $(MODULES) || echo "browser: NO node_modules: the tests of the pad will be skipped" >&2

EXTRAS := cpu notebook signs images store sweep dev

lock:  ## resolve requirements.lock and environment.yml anew from pyproject.toml (needs uv; see CONTRIBUTING.md)
	@command -v uv >/dev/null || { echo "make lock: uv is missing; install it with: pip install uv" >&2; exit 1; }
	@uv pip compile pyproject.toml --universal --python-version 3.11 $(foreach one,$(EXTRAS),--extra $(one)) \
	  --generate-hashes --no-header --no-annotate --quiet $(UPGRADE) -o requirements.lock
	@{ sed '/^      # From requirements.lock/q' environment.yml; \
	  sed -n 's/^\([^ #].*==.*\) \\$$/      - \1/p' requirements.lock; } > environment.yml.new
	@mv environment.yml.new environment.yml

clean:  ## remove the environment and the caches, never a run
	@rm -rf $(VENV) .pytest_cache .ruff_cache *.egg-info
	@find tegashiki tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(LOCKED):
	@.ci/environment $(VENV) $(PYTHON)
	@touch $@

$(INSTALLED): $(LOCKED)
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.installed-*
	@touch $@
