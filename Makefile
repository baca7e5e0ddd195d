# make run, make test, make check: each sets up what it needs, once.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
OUT := out
ARGS ?=
# A change of these, or a new version at the head of the changelog, installs the package again.
SETUP := pyproject.toml constraints.txt
VERSION := $(shell sed -n 's/^\#\# \[\([0-9][^]]*\)\].*/\1/p' CHANGELOG.md | head -n 1)
INSTALLED := $(VENV)/.installed-$(VERSION)

# The first of these that is Python 3.11 or newer and can make an environment; PYTHON=... overrules.
PYTHONS := python3 python3.13 python3.12 python3.11 python
FIT := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

.PHONY: help run test check format bench train constraints clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(INSTALLED) ## De-identify sample_data/ into out/ and say where the report lies
	@if [ -e $(OUT) ] && [ ! -f $(OUT)/phisweep-report/run.json ]; then \
		echo "make run: $(OUT)/ is there and holds no report of phisweep, so it is left alone." \
			"Move it away, or name another folder: make run OUT=elsewhere." >&2; exit 2; fi
	@rm -rf -- $(OUT)
	@$(BIN)/phisweep deid sample_data --exclude '*.py' --exclude README.md --exclude gold.jsonl -o $(OUT) $(ARGS)
	@echo "The audit report: $(abspath $(OUT))/phisweep-report/report.html"

test: $(VENV)/.dev ## Run the tests (ARGS="-k dates" chooses)
	@$(BIN)/python -m pytest -q -n auto $(ARGS)

check: $(VENV)/.dev ## Format, lint, types, import contracts, and every rule's own examples
	@$(BIN)/ruff format --check --quiet . || { echo "make check: make format would mend this." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python sample_data/generate.py --check
	@$(BIN)/phisweep rules check

format: $(VENV)/.dev ## Let ruff format the code and mend what it can
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(VENV)/.bench ## Measure speed and memory beside its peers (ARGS="--gigabyte 1" adds memory)
	@$(BIN)/python benchmarks/run.py $(ARGS)

# Real clinical sentences for training (training/README.md); labelled text of one's own to measure on.
CARRIERS ?=
MEASURE ?=
TRAIN := build/train
MODEL := models/names
train: $(VENV)/.train ## Train the names model anew (CARRIERS=FILE, two hours on two cores)
	@mkdir -p $(TRAIN)
	@cd training && set -x && py=../$(BIN)/python && \
	$$py -m corpus.generate ../$(TRAIN)/train.jsonl --count 50000 --seed 1 $(if $(CARRIERS),--carriers $(abspath $(CARRIERS))) && \
	$$py -m corpus.generate ../$(TRAIN)/held.jsonl --count 2500 --seed 7 --part held $(if $(CARRIERS),--carriers $(abspath $(CARRIERS))) && \
	$$py train.py ../$(TRAIN)/train.jsonl ../$(TRAIN)/names.pt && \
	$$py export.py ../$(TRAIN)/names.pt ../$(MODEL) && \
	$$py calibrate.py ../$(TRAIN)/held.jsonl ../$(MODEL) && \
	$$py gate.py ../$(TRAIN)/train.jsonl ../$(MODEL) ../$(TRAIN)/names.pt $(if $(CARRIERS),--carriers $(abspath $(CARRIERS))) && \
	$$py pin.py ../$(MODEL) && \
	$$py evaluate.py heldout/*.txt $(foreach f,$(MEASURE),$(abspath $(f))) --engine full --json ../$(TRAIN)/full.json && \
	$$py evaluate.py heldout/*.txt $(foreach f,$(MEASURE),$(abspath $(f))) --engine rules --json ../$(TRAIN)/rules.json && \
	$$py card.py ../$(MODEL) ../$(TRAIN)/full.json ../$(TRAIN)/rules.json

constraints: ## Resolve everything anew and write constraints.txt
	@rm -rf build/constraints; python=$$($(find_python)) && "$$python" -m venv build/constraints
	@build/constraints/bin/python -m pip install --quiet --upgrade pip
	@build/constraints/bin/python -m pip install --quiet '.[all]' hatchling editables --group dev --group bench
	@{ sed -n '/^#/p' constraints.txt; build/constraints/bin/python -m pip freeze --exclude phisweep; } > build/constraints.txt
	@mv build/constraints.txt constraints.txt && rm -rf build/constraints
	@echo "constraints.txt is new: make check test bench, then read its diff."

clean: ## Remove the environment, caches and out/ (if phisweep wrote it)
	@if [ -f $(OUT)/phisweep-report/run.json ]; then rm -rf -- $(OUT); fi
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp for each layer of the environment, so that it is built once.
$(VENV)/.venv:
	@python=$$($(find_python)) && echo "Making the environment in $(VENV) with $$("$$python" --version) ..." && \
		"$$python" -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.3' # the first to know --group and --build-constraint
	@touch $@

$(INSTALLED): $(VENV)/.venv $(SETUP)
	@echo "Installing phisweep (a minute or two, once) ..."
	@$(PIP) install --constraint constraints.txt --build-constraint constraints.txt --editable '.[all]'
	@touch $@

$(VENV)/.dev: $(INSTALLED)
	@echo "Installing what tests and checks need ..."
	@$(PIP) install --constraint constraints.txt --group dev
	@$(PIP) install --no-deps pycanon==1.3.6 statsmodels==0.15.0 # what risk is checked against, and a public table; what they would bring is not needed
	@touch $@

$(VENV)/.bench: $(INSTALLED)
	@$(PIP) install --constraint constraints.txt --group bench
	@touch $@

$(VENV)/.train: $(INSTALLED)
	@$(PIP) install --group train
	@touch $@

define find_python
for each in $(or $(PYTHON),$(PYTHONS)); do \
	if "$$each" -c '$(FIT)' >/dev/null 2>&1; then echo "$$each"; exit 0; fi; done; \
echo "phisweep needs Python 3.11 or newer with its venv module, and none of these is: $(or $(PYTHON),$(PYTHONS))." \
	"Install one (Debian: apt-get install python3 python3-venv; macOS: brew install python)," \
	"or name it: make PYTHON=/path/to/python3." >&2; exit 1
endef
