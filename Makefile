# Two commands matter: `make demo` and `make test`. Each sets up all it needs.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= auto
# The seed of the wide tests' random draws: new ones each time, or those of a run that is to be repeated.
SEED    ?= fresh
SEEDED  := $(if $(filter fresh,$(SEED)),,--hypothesis-seed=$(SEED))
# What test and test-all take, and how they count coverage: a run of both need not do the same work twice.
# A file's tests stay in one process, so that what they share is made once.
SPREAD  := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
FAST    := not slow and not browser and not real_data and not service
TIERS   ?= not service
COVER   ?=

.PHONY: constraints kills help demo test test-all test-services check format golden coverage wheel bench system clean

help:
	@echo "make demo            write the IWM and QQQ article from simulated data to output/"
	@echo "make test            the tests that need Python and Pango only"
	@echo "make test-all        adds slow, browser and real-data tests, with fresh random draws"
	@echo "make test-services   adds tests against servers on this machine"
	@echo "make kills           kill -9 in the middle of sending, 200 times: what is lost, doubled, in doubt"
	@echo "make check           ruff, mypy, import contracts"
	@echo "make golden          rewrite the golden files from what the code gives now"
	@echo "make bench           what it costs, against quantstats and one worker; some minutes, into output/bench.md"
	@echo "make wheel           build the wheel into dist/"

demo: $(VENV)/.demo
	@$(BIN)/reportgen demo

test: $(VENV)/.dev
	@$(BIN)/python -m pytest $(SPREAD) -m "$(FAST)" $(COVER)

test-all: $(VENV)/.oracles
	@$(BIN)/python tools/chromium.py
	@$(BIN)/python tools/axe.py
	@REPORTGEN_HYPOTHESIS=fresh REPORTGEN_SEED=$(SEED) $(BIN)/python -m pytest $(SPREAD) -m "$(TIERS)" $(SEEDED) \
		--cov $(COVER) --cov-report=term --cov-fail-under=90

test-services: $(VENV)/.dev
	@$(BIN)/python tools/services.py
	@$(BIN)/python -m pytest -m "service" || [ $$? -eq 5 ]

# 200 kills over 10,000 recipients, under both policies for mails in doubt.
kills: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.kills

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/reportgen rules check

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

golden: $(VENV)/.dev
	@$(BIN)/python -m pytest -m "$(FAST)" --refresh-golden

wheel: $(VENV)/.dev
	@$(PIP) install -c constraints.txt build hatchling
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist

$(VENV)/.venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, and $(PYTHON) is older. Name another: make demo PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "No virtual environment could be made. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.demo: $(VENV)/.venv pyproject.toml constraints.txt
	@$(BIN)/python tools/pango.py
	@echo "Installing packages into $(VENV) ..."
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.venv pyproject.toml constraints.txt
	@$(BIN)/python tools/pango.py
	@echo "Installing packages into $(VENV) ..."
	@$(PIP) install -c constraints.txt -e '.[yahoo,parquet,cluster,delivery,web,dev]'
	@touch $@ $(VENV)/.demo

$(VENV)/.oracles: $(VENV)/.dev
	@$(PIP) install -c constraints.txt -e '.[yahoo,parquet,cluster,delivery,web,dev,oracles]'
	@touch $@

bench: $(VENV)/.oracles
	@$(BIN)/python -m benchmarks.bench

clean:
	@rm -rf $(VENV) dist build output .mypy_cache .ruff_cache .pytest_cache .coverage

# The versions that are installed now, after the tests have passed with them.
constraints: $(VENV)/.oracles
	@{ echo "# What we tested with: names and versions only. Refresh: make constraints"; \
		$(BIN)/python -m pip freeze --exclude-editable | grep -v '@'; } > constraints.new && mv constraints.new constraints.txt
