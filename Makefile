# make pdf      the sample edition in dist/
# make test     all tests that belong to every change
# make check    lint, types and the import rule
# make bench    speed, growth and lines, side by side with plain WeasyPrint and others (long)
# make test-volumes, make fuzz    the long tests
# make test-browser    what a person does in a browser, whole volumes included
# make clean    takes away what was made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-for-tests

.PHONY: pdf test check bench fuzz test-volumes test-browser clean system system-test
.DELETE_ON_ERROR:

pdf: $(STAMP) system
	$(BIN)/edition build content --out dist

test: $(TEST_STAMP) system system-test
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(TEST_STAMP)
	$(BIN)/ruff check edition tests
	$(BIN)/ruff format --check edition tests
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_house.py

bench: $(TEST_STAMP) system
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench_rebuild
	$(BIN)/python -m tests.bench_preview
	$(BIN)/python -m tests.bench_preview_memory
	$(BIN)/python -m tests.bench_growth
	$(BIN)/python -m tests.bench_lines
	$(BIN)/python -m tests.bench_depth
	$(BIN)/python -m tests.bench_proofreading

fuzz: $(TEST_STAMP) system
	PYTHONPATH=. $(BIN)/python tests/typeset/fuzz.py --notes 20000 --jobs 2

test-volumes: $(TEST_STAMP) system system-test
	$(BIN)/python -m pytest -m volumes

test-browser: $(TEST_STAMP) system system-test
	$(BIN)/python -m pytest -m browser

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find dist -mindepth 1 ! -name .gitkeep -delete

# Python packages, into a folder of the project's own.

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is `$(PYTHON) --version 2>&1`. Try: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || .ci/system-packages python3-venv
	$(PYTHON) -m venv $(VENV)

$(STAMP): pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(TEST_STAMP): pyproject.toml $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# System packages: looked for each time, asked for by name, installed where that is allowed.

system:
	@.ci/system-packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-linuxlibertine fonts-texgyre

system-test:
	@.ci/system-packages fonts-dejavu-core
	@.ci/system-packages --wanted default-jdk-headless libjaxb-java poppler-utils libgs-common chromium
