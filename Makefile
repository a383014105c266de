# Every command of the house; `make help` lists them.
# `make run` and `make test` need Linux, make and Python 3.11 or newer, nothing else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
UV ?= $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)
# any PostgreSQL 15+ where the user may create databases; the suite makes its own and removes it
TEST_POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
PYTEST := $(RUN) -m pytest -q -n 2 --dist loadfile
TEMPLATES = $(shell find src -path '*/templates/*' -name '*.html')

export PYTHONPATH := $(CURDIR)/src

##@ Use

.PHONY: run
run: $(VENV)/.run-ready  ## start web and worker with a demo site; PORT=8001 chooses another port
	@exec $(RUN) -m yingsheng.ops serve --prepare --demo --host $(HOST) --port $(PORT)

.PHONY: doctor
doctor: $(VENV)/.run-ready  ## say in plain words what is misconfigured
	@$(RUN) -m yingsheng.ops doctor

##@ Prove

.PHONY: test
test: $(VENV)/.dev-ready  ## the whole suite on SQLite, browser stories included
	@without=""; said=""; \
	if [ "$$CI" != "true" ]; then \
	  if [ -z "$(CHROMIUM)" ]; then without="not browser"; said="chromium"; fi; \
	  if ! command -v msgfmt >/dev/null; then without="$${without:+$$without and }not gettext"; said="$$said gettext"; fi; \
	fi; \
	$(PYTEST) -m "$$without" || exit 1; \
	if [ -n "$$said" ]; then \
	  echo "Left out, because this machine lacks it: $$said. To run everything (Debian): apt install $$said"; fi

.PHONY: check
check: $(VENV)/.dev-ready  ## what CI runs: everything below, on both databases
	@for step in needs format lint types walls migrations templates translations trace test-sqlite test-postgres; do \
	  echo "== $$step"; $(MAKE) "check-$$step" || { echo "make check stopped at: $$step"; exit 1; }; \
	done

.PHONY: check-needs
check-needs:
	@[ -n "$(CHROMIUM)" ] || { echo "No Chromium: the browser stories cannot run. Debian: apt install chromium"; exit 1; }
	@command -v msgfmt >/dev/null || { echo "No gettext: catalogues cannot be checked. Debian: apt install gettext"; exit 1; }
	@command -v pdftotext >/dev/null || { echo "No pdftotext: sheets cannot be read back. Debian: apt install poppler-utils"; exit 1; }
	@$(RUN) -c 'import os, psycopg; psycopg.connect(os.environ["URL"], connect_timeout=5).close()' 2>/dev/null || { \
	  echo "No PostgreSQL answers where TEST_POSTGRES_URL points to. Start one and name it:"; \
	  echo "  make check TEST_POSTGRES_URL=postgres://user:password@host:5432/postgres"; exit 1; }
check-needs: export URL = $(TEST_POSTGRES_URL)

.PHONY: check-format check-lint check-types check-walls
check-format:
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make fix"; exit 1; }
check-lint:
	@$(BIN)/ruff check --quiet .
check-types:
	@YINGSHENG_DATA=var/check $(BIN)/mypy
check-walls:
	@$(BIN)/lint-imports --no-logo

.PHONY: check-migrations check-templates check-translations check-trace
check-migrations:
	@YINGSHENG_DATA=var/check $(RUN) -m yingsheng.ops manage makemigrations --check --dry-run
check-templates:
	@$(BIN)/djade --target-version 5.2 --check $(TEMPLATES) || { echo "Run: make fix"; exit 1; }
check-translations:
	@YINGSHENG_DATA=var/check $(RUN) -m yingsheng.ops translations --check
check-trace:
	@YINGSHENG_DATA=var/check $(RUN) -m yingsheng.ops trace --quiet

.PHONY: check-test-sqlite check-test-postgres
check-test-sqlite:
	@env -u DATABASE_URL $(PYTEST)
check-test-postgres:
	@DATABASE_URL="$(TEST_POSTGRES_URL)" $(PYTEST)

.PHONY: cover
cover: $(VENV)/.dev-ready  ## branch coverage of kernel, base and rules
	@$(PYTEST) --cov --cov-report=term

.PHONY: trace
trace: $(VENV)/.dev-ready  ## for each rule: content, process, code, tests; MODULE=C for one module
	@YINGSHENG_DATA=var/check $(RUN) -m yingsheng.ops trace $(if $(MODULE),--module $(MODULE))

.PHONY: bench
bench: $(VENV)/.dev-ready  ## measure speed and print a table; BENCH="1000 1000000" chooses the numbers of cases
	@rm -rf var/bench; YINGSHENG_DATA=var/bench $(RUN) -m yingsheng.ops bench $(BENCH)

##@ Work

.PHONY: fix
fix: $(VENV)/.dev-ready  ## format code and templates, mend what can be mended
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djade --target-version 5.2 $(TEMPLATES) || true

.PHONY: translations
translations: $(VENV)/.dev-ready  ## bring the catalogues in line with the code and compile them (needs gettext)
	@YINGSHENG_DATA=var/check $(RUN) -m yingsheng.ops translations

.PHONY: lock
lock:  ## resolve the dependencies of pyproject.toml anew into requirements/ (needs uv)
	@command -v $(UV) >/dev/null || { echo "uv is needed to resolve dependencies: pip install uv"; exit 1; }
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 pyproject.toml --group dev -o requirements/dev.txt
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 pyproject.toml -c requirements/dev.txt -o requirements/run.txt

.PHONY: screenshots
screenshots: $(VENV)/.dev-ready  ## take the pictures of the README from a fresh demo site (needs Chromium)
	@$(RUN) docs/dev/screenshots.py

FONT := src/yingsheng/ui/static/vendor/noto/NotoSansSC-subset.woff2
.PHONY: font
font: $(VENV)/.dev-ready  ## cut the Chinese font of the sheets anew from Noto Sans CJK (Debian: fonts-noto-cjk)
	@mkdir -p var; $(RUN) -c 'import itertools; \
	  pairs = (bytes(two).decode("gb2312", "ignore") for two in itertools.product(range(161, 248), range(161, 255))); \
	  print("".join(map(chr, range(32, 127))) + "·…—©®§°±×÷☐☑□■✓→←↑↓℃㎡" + "".join(pairs))' > var/font.txt
	@$(BIN)/pyftsubset /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc --font-number=2 --text-file=var/font.txt \
	  --flavor=woff2 --layout-features= --no-hinting --output-file=$(FONT)

.PHONY: setup
setup: $(VENV)/.dev-ready  ## the virtual environment with everything a developer needs

.PHONY: clean
clean:  ## remove the virtual environment and caches, never data
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/check

.PHONY: help
help:
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {split($$1, name, ":"); printf "  make %-14s %s\n", name[1], $$2}' $(MAKEFILE_LIST)

# -- the virtual environment -------------------------------------------------------------------------------

$(VENV)/pyvenv.cfg:
	@found=""; for each in $(PYTHON) python3.14 python3.13 python3.12 python3.11; do \
	  if command -v $$each >/dev/null 2>&1 && $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    found=$$each; break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "Yingsheng needs Python 3.11 or newer. 需要 Python 3.11 或更新的版本。"; exit 1; fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "This Python cannot make virtual environments. 缺少 venv。Debian/Ubuntu: apt install python3-venv"; exit 1; fi; \
	$$found -m venv $(VENV)

$(VENV)/.run-ready: requirements/run.txt | $(VENV)/pyvenv.cfg
	@echo "Installing what the program needs (once, about a minute) 正在安装依赖……"
	@$(RUN) -m pip --version >/dev/null 2>&1 || $(RUN) -m ensurepip --upgrade >/dev/null
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-input --prefer-binary --no-deps --require-hashes -r requirements/run.txt
	@$(MAKE) $(BIN)/yingsheng
	@touch $@

$(VENV)/.dev-ready: requirements/dev.txt $(VENV)/.run-ready
	@echo "Installing what developing needs (once) 正在安装开发工具……"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-input --prefer-binary --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

# `.venv/bin/yingsheng` without a build: the package is run where it lies
$(BIN)/yingsheng: Makefile
	@$(RUN) -c 'import sysconfig, pathlib; pathlib.Path(sysconfig.get_path("purelib"), "yingsheng.pth").write_text("$(CURDIR)/src\n")'
	@printf '#!%s\nfrom yingsheng.ops.cli import main\n\nraise SystemExit(main())\n' "$(CURDIR)/$(RUN)" > $@
	@chmod +x $@
