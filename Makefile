# Limes: the commands of the house. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
CARGO ?= cargo
NPM ?= npm
FOLD := $(CURDIR)/target/fold.json
# Arguments of the demo: make demo DEMO='--speed 4 --from notice'
DEMO ?=
# Arguments of the bench of crossings
HOURS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test check bench bench-crossings tools map

help: ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: map ## Run the service with the exercise playing on http://127.0.0.1:8080
	$(CARGO) run --release --quiet -- demo $(DEMO)

test: tools map ## Run every test, the browser's included; installs what is missing
	$(CARGO) fmt --check
	$(CARGO) test --locked --no-run
	cd web-map && $(NPM) run --silent check
	@# The browser's tests mostly wait: they run beside the service's.
	@set -m; export LIMES_BIN=$(CURDIR)/target/debug/limes; \
	(cd web-map && $(NPM) run e2e) >target/e2e.log 2>&1 & pages=$$!; \
	trap 'kill -- -$$pages 2>/dev/null || true' EXIT; \
	LIMES_FOLD_FILE=$(FOLD) $(CARGO) test --locked; \
	wait $$pages || { cat target/e2e.log; exit 1; }; \
	cat target/e2e.log
	cd web-map && LIMES_FOLD_FILE=$(FOLD) $(NPM) test

check: ## Lints, documentation without warnings, licences and advisories
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --locked
	cd web-map && $(NPM) run --silent check
	@command -v cargo-deny >/dev/null || { echo "cargo-deny is missing: cargo install --locked cargo-deny"; exit 1; }
	$(CARGO) deny check licenses bans sources
	@if $(CARGO) deny fetch db >/dev/null 2>&1; then $(CARGO) deny check advisories; \
	else echo "advisories: their database cannot be reached from here; not checked"; fi

bench: ## Measure; the figures stand in docs/BENCHMARKS.md
	$(CARGO) bench --locked

bench-crossings: ## Measure the crossings against simulated truth (HOURS='--hours 1000' for the long run)
	$(CARGO) bench --locked --bench crossings -- $(HOURS)

tools: ## Install what the tests need
	@bash .ci/tools

map: web-map/dist/index.html ## Build the map

web-map/dist/index.html: $(shell git ls-files web-map 2>/dev/null | grep -v -E '^web-map/(e2e|test|dev)/')
	cd web-map && $(NPM) ci --no-audit --no-fund
	cd web-map && $(NPM) run build
	@touch $@
