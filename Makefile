# make run    starts everything on this machine and stays up; Ctrl-C stops it
# make demo   plays the story of the leaking restaurant, step by step, and ends
# make test   lint, types, import rules and every quick test
# make test-browser  walks through the console in Chromium

BIN := .venv/bin
INSTALLED := .venv/installed
PEERS := .venv/peers
WALKERS := .venv/walkers

CONSOLE := services/gateway/console
BUILT := $(CONSOLE)/dist/index.html

.PHONY: help install broker prometheus console run demo test test-all test-browser screenshots lint format bench bench-grown bench-lists bench-timers bench-live soak simulate faults faults-quick lock clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# Python's packages and RabbitMQ at the same time: both take a minute, and neither needs the other.
SETUP = $(MAKE) --silent --no-print-directory --jobs=2 $(INSTALLED)

install:
	@$(SETUP) broker prometheus

# Again only when what is locked, or how it is installed, has changed.
$(INSTALLED): requirements-dev.lock tools/setup/python.sh
	@tools/setup/python.sh
	@touch $@

# RabbitMQ from Debian's package, unless there is one.
broker:
	@tools/setup/rabbitmq.sh

# Prometheus from Debian's package, unless there is one; the tests of the alert rules need it.
prometheus:
	@tools/setup/prometheus.sh

# The pages that people see, again only when their sources or the API they speak have changed.
console: $(BUILT)

$(BUILT): tools/setup/console.sh $(INSTALLED) $(shell find $(CONSOLE) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -name schema.d.ts -not -name openapi.json) $(wildcard services/*/service.py services/*/schemas.py shared/web/*.py shared/access/policy.py)
	@tools/setup/console.sh

# AMQP_URL and DATABASE_URL take real servers instead of private ones; with AMQP_URL no RabbitMQ is installed.
run demo:
	@$(SETUP) $(if $(AMQP_URL),,broker)
	@$(if $(filter run,$@),$(MAKE) --silent --no-print-directory console)
	@$(BIN)/whistle $@

test: install lint
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder

test-all: install lint
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder -m ''

# What walks through the console, beside what everything needs.
$(WALKERS): requirements-browser.lock $(INSTALLED)
	@$(BIN)/pip install --disable-pip-version-check --progress-bar off --quiet --require-hashes --requirement $<
	@touch $@

# The console in Debian's Chromium, walked through by people, on the real running system.
test-browser: install console $(WALKERS)
	@tools/setup/chromium.sh
	@tools/setup/caddy.sh
	@$(BIN)/python -m pytest -m browser tests/browser

# Every page as a small picture in docs/screenshots/.
screenshots: install console $(WALKERS)
	@tools/setup/chromium.sh
	@$(BIN)/python -W ignore -m tests.browser.screenshots

lint: $(INSTALLED)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(INSTALLED)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# What bench compares with, beside what everything needs.
$(PEERS): requirements-bench.lock $(INSTALLED)
	@$(BIN)/pip install --disable-pip-version-check --progress-bar off --quiet --require-hashes --requirement $<
	@touch $@

bench: install $(PEERS)
	@$(BIN)/python -W ignore -m tests.bench

# Five hundred open pages: how long a change takes to reach them, and what each costs the gateway.
bench-live: install
	@$(BIN)/python -W ignore -m tests.bench.live

# Half an hour of steady work: does anything grow? MINUTES and RATE (lives a second) change it.
soak: install $(PEERS)
	@$(BIN)/python -W ignore -m tests.bench.soak

# The supervisor's page with ten thousand cases and with a million.
bench-timers: install
	@$(BIN)/python -W ignore -m tests.bench.timers

bench-lists: install
	@$(BIN)/python -m tests.bench.overview

# A whistle, and every list, with two million cases in the tables; CLOSED, OPEN, SMALL and ROUNDS say otherwise.
bench-grown: install
	@$(BIN)/python -W ignore -m tests.bench.grown

# Histories in a simulated world, in which everything befalls the system; SEEDS says how many, SEED shows one.
simulate: install
	@$(BIN)/python -u -W ignore -m tests.simulation

# What befalls real processes: everything ten times over five thousand cases, most of an hour; TIMES, CASES and SEED.
faults: install
	@$(BIN)/python -u -W ignore -m tests.faults

# One kill of each service, of the broker and of the database, and one poison, in three minutes.
faults-quick: install
	@QUICK=1 $(BIN)/python -u -W ignore -m tests.faults

# Resolves pyproject.toml into the three lock files again.
lock: $(INSTALLED)
	@tools/setup/lock.sh

# Everything that can be made again; ./var, with the data, stays.
clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis reports
