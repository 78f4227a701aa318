# Anfang 暗访. `make help` says what there is.
#
# What a target needs and the machine has not is installed with apt where that is possible
# (as root, or with a sudo that asks nothing); elsewhere the line to type is printed.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8080
HOST ?= 127.0.0.1
DATA ?= data/demo
CARGO ?= cargo

# $(call need,PROGRAMS,PACKAGES): PROGRAMS are there afterwards, or one line says what is missing.
define need
	@missing=; for program in $(1); do command -v "$$program" >/dev/null 2>&1 || missing="$$missing $$program"; done; \
	if [ -n "$$missing" ]; then $(call install,$$missing,$(2)); fi; \
	for program in $(1); do command -v "$$program" >/dev/null 2>&1 \
		|| { echo "make: $$program is still missing" >&2; exit 1; }; done
endef

# $(call install,WHAT,PACKAGES): in a recipe's shell.
define install
	if ! command -v apt-get >/dev/null 2>&1; then \
		echo "make: missing:$(1). Install it, then try again." >&2; exit 1; \
	elif [ "$$(id -u)" -eq 0 ]; then root=; \
	elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then root=sudo; \
	else echo "make: missing:$(1). Type: sudo apt-get install -y $(2)" >&2; exit 1; fi; \
	echo "make: installing $(2)" >&2; \
	{ $$root apt-get update -qq && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2); } >/dev/null \
		|| { echo "make: apt could not install $(2)" >&2; exit 1; }
endef

.PHONY: help
help: ## Says what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: tools
tools:
	@command -v $(CARGO) >/dev/null 2>&1 \
		|| { echo "make: cargo is missing. Install Rust from https://rustup.rs, then try again." >&2; exit 1; }
	$(call need,cc make perl,build-essential perl)

# The app for phones and desks. `WEB=0` goes without: the binary then carries no pages.
WEB ?= 1
NODE_MIN := 20
WEB_SOURCES := $(shell find web \( -path web/node_modules -o -path web/dist -o -path web/tests -o -path web/tests-browser \) -prune -o -type f -print 2>/dev/null)
ifeq ($(WEB),0)
WEB_DIST :=
else
WEB_DIST := web/dist/index.html
endif

.PHONY: node
node:
	@major=$$(node --version 2>/dev/null | sed 's/^v//; s/\..*//'); \
	if [ "$${major:-0}" -lt $(NODE_MIN) ] || ! command -v npm >/dev/null 2>&1; then \
		echo "make: Node $(NODE_MIN) with npm is missing. Install it from https://nodejs.org, or go without the pages: WEB=0" >&2; exit 1; \
	fi

web/node_modules/.package-lock.json: web/package-lock.json | node
	@echo "make: installing what the web app is built with" >&2
	@cd web && npm ci --no-audit --no-fund --silent
	@touch $@

web/dist/index.html: $(WEB_SOURCES) docs/generated/openapi.json web/node_modules/.package-lock.json
	@cd web && npm run build --silent
	@touch $@ build.rs

.PHONY: web
web: web/dist/index.html ## Builds the app for phones and desks into web/dist

ifeq ($(WEB),0)
.PHONY: web-test browser-test
web-test browser-test:
	@echo "make: $@ left out, there are no pages (WEB=0)" >&2
else
.PHONY: web-test
web-test: web/dist/index.html
	@cd web && npm run check --silent && npm test --silent

CHROMIUM ?= /usr/bin/chromium
export CHROMIUM
# Given as a path, which is absolute wherever CARGO_TARGET_DIR points.
DEBUG_BINARY = $(abspath $(or $(CARGO_TARGET_DIR),target))/debug/anfang

.PHONY: browser-tools
browser-tools: tools openssl database-tools
	$(call need,$(CHROMIUM),chromium)
	@if ! ls /usr/share/fonts/*/noto/NotoSansCJK-Regular.ttc >/dev/null 2>&1; then $(call install, a Chinese font,fonts-noto-cjk fontconfig); fi
	@if ! ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1; then $(call install, libfaketime,libfaketime); fi

.PHONY: browser-test
browser-test: browser-tools web/dist/index.html ## The app in a browser against the binary of the tests, on SQLite and on PostgreSQL
	@$(CARGO) test --locked --no-run --quiet
	@if command -v WebKitWebDriver >/dev/null 2>&1 && command -v Xvfb >/dev/null 2>&1; then \
		cd web && ANFANG_BIN="$(DEBUG_BINARY)" npm run test:webkit --silent; \
	else echo "make: WebKit left out; for it too: apt-get install -y webkit2gtk-driver xvfb" >&2; fi
	@cd web && ANFANG_BIN="$(DEBUG_BINARY)" ANFANG_TEST_POSTGRES_SYNC=on ../tests/run-with-postgres.sh npm run test:browser --silent

.PHONY: screenshots
screenshots: browser-tools web/dist/index.html ## Takes the kept pictures of the key screens anew
	@$(CARGO) test --locked --no-run --quiet
	@cd web && ANFANG_BIN="$(DEBUG_BINARY)" npm run screenshots --silent
endif

.PHONY: run
run: tools $(WEB_DIST) ## Builds, fills a small county and serves it (PORT=8080 HOST=127.0.0.1 DATA=data/demo)
	@$(CARGO) build --release --locked
	@exec "$${CARGO_TARGET_DIR:-target}/release/anfang" demo --listen "$(HOST):$(PORT)" --data "$(DATA)"

.PHONY: build
build: tools $(WEB_DIST) ## Builds target/release/anfang
	@$(CARGO) build --release --locked

# Debug builds link the machine's OpenSSL where its headers are: from source it takes longer than all other crates.
# Release builds carry their own. `cargo` alone builds it from source too, and anew when it is called after `make`.
OPENSSL_DIR_OF = $(shell pkg-config --variable=$(1)dir openssl 2>/dev/null)
check test test-build browser-test screenshots generated: export OPENSSL_NO_VENDOR = $(if $(call OPENSSL_DIR_OF,lib),1,0)
check test test-build browser-test screenshots generated: export OPENSSL_INCLUDE_DIR = $(call OPENSSL_DIR_OF,include)
check test test-build browser-test screenshots generated: export OPENSSL_LIB_DIR = $(call OPENSSL_DIR_OF,lib)

.PHONY: openssl
openssl:
	@if ! pkg-config --exists openssl 2>/dev/null; then \
		( $(call install, headers of OpenSSL,libssl-dev pkg-config) ) 2>/dev/null || echo "make: OpenSSL is built from source, which takes minutes" >&2; \
	fi

.PHONY: check
check: tools openssl ## Formatting and lints, in a minute
	@$(CARGO) fmt --check
	@$(CARGO) clippy --locked --all-targets -- -D warnings

# The package would start a server of its own, which nobody asked for: it is told not to while it installs.
NO_CLUSTER := /etc/postgresql-common/createcluster.d/anfang-tests.conf

.PHONY: database-tools
database-tools:
	$(call need,setpriv,util-linux)
	@if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null 2>&1; then \
		if [ "$$(id -u)" -eq 0 ]; then as=; else as="sudo -n"; fi; \
		{ $$as mkdir -p $(dir $(NO_CLUSTER)) && echo 'create_main_cluster = false' | $$as tee $(NO_CLUSTER); } >/dev/null 2>&1 || true; \
		trap "$$as rm -f $(NO_CLUSTER) 2>/dev/null || true" EXIT; \
		$(call install, PostgreSQL,postgresql); \
	fi

.PHONY: test-tools
test-tools: tools database-tools
	$(call need,strace openssl,strace openssl)

.PHONY: test-build
test-build: check
	@$(CARGO) test --locked --no-run

.PHONY: test
test: test-tools $(WEB_DIST) ## Formatting, lints and every test, in Rust and in a browser, on SQLite and on PostgreSQL
# The compiler uses one core for long: the tests of the app run beside it.
	@$(MAKE) web-test & web=$$!; status=0; $(MAKE) test-build || status=$$?; wait $$web || status=$$?; exit $$status
# Tests wait for disks and databases: more of them at once than cores.
	@RUST_TEST_THREADS=$$((4 * $$(nproc))) tests/run-with-postgres.sh $(CARGO) test --locked --no-fail-fast
	@$(MAKE) browser-test

.PHONY: bench
bench: tools ## Benchmarks
	@$(CARGO) bench --locked

.PHONY: generated
generated: tools openssl ## Prints docs/generated anew from the tables of the code
	@UPDATE_GENERATED=1 $(CARGO) test --locked --test it -- document
