# Two commands on a fresh clone: `make prove` and `make test`. Each installs what it needs into .venv, once.
PYTHON ?= python3
JOBS ?= auto
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

TORCH ?= 2.13.0

# The lowest z3, sympy and networkx that pyproject.toml allows, and the newest there are.
LOWEST = $(shell $(PYTHON) -c 'import tomllib; needs = tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"]; \
	print(*(need.replace(">=", "==") for need in needs if need.startswith(("z3-solver", "sympy", "networkx"))))')
NEWEST = --upgrade z3-solver sympy networkx
# So many per cent of the lines of the packages must be reached by the fast tests without a time limit of their own. What
# takes seconds, such as the dear claims, is reached by make slow.
FLOOR := 90
UNTIMED := "not slow and not torch and not timed"
# The modules whose examples say something only where PyTorch is installed.
OF_TORCH := constructions/models/torch_module.py constructions/training/torch_model.py
OF_BOUNDS = $(shell grep -rl --include='test_*.py' 'mark\.bounds' tests)

# Python's own files of compiled modules spare each of the many processes a second, whatever the shell has been told.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: venv prove test coverage slow torch bounds second second-new lint reference release pythons map clean

venv: $(VENV)/installed

$(VENV)/created:
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: pyproject.toml | $(VENV)/created
	$(PIP) install -e .
	touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/created
	$(PIP) install -e '.[dev]'
	touch $@ $(VENV)/installed

prove: $(VENV)/installed
	$(BIN)/querygrad prove

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope

coverage: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadscope -m $(UNTIMED) \
	  --cov --cov-report=term:skip-covered --cov-fail-under=$(FLOOR)

slow: $(VENV)/installed-dev
	$(BIN)/python -m pytest -o addopts= -p pytester --import-mode=importlib -q -n $(JOBS) --dist loadscope -m "slow and not torch" || [ $$? -eq 5 ]

torch: $(VENV)/installed-dev
	$(PIP) install 'torch==$(TORCH)'
	$(BIN)/python -m pytest -o addopts= --import-mode=importlib -q -m torch
	$(BIN)/python -m pytest -o addopts= --import-mode=importlib -q --doctest-modules $(OF_TORCH)

$(VENV)/lowest/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)/lowest
	$(VENV)/lowest/bin/python -m pip --disable-pip-version-check --quiet install -e '.[test]' $(LOWEST)
	touch $@

$(VENV)/newest/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)/newest
	$(VENV)/newest/bin/python -m pip --disable-pip-version-check --quiet install -e '.[test]' $(NEWEST)
	touch $@

bounds: $(VENV)/lowest/installed $(VENV)/newest/installed
	for which in lowest newest; do \
	  $(VENV)/$$which/bin/python -c 'from importlib.metadata import version as v; print(*(f"{n} {v(n)}" for n in ("z3-solver", "sympy", "networkx")))' \
	  && $(VENV)/$$which/bin/python -m pytest -o addopts= --import-mode=importlib -q -n $(JOBS) --dist loadscope -m bounds $(OF_BOUNDS) \
	  || exit 1; \
	done

# A second solver, asked everything that z3 is asked (some minutes), and put on record; or only what is new and 100 drawn.
second: $(VENV)/installed-dev
	@$(BIN)/querygrad prove --second cvc5 --json $(VENV)/second.json; code=$$?; \
	$(BIN)/python -m verify.reports.second $(VENV)/second.json > $(VENV)/second_opinion.txt \
	&& cp $(VENV)/second_opinion.txt proofs_notes/ || exit 4; exit $$code

second-new: $(VENV)/installed-dev
	$(BIN)/querygrad prove --second cvc5 --second-seconds 4 --drawn 100

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The schemas of everything that commands write as JSON, by their files.
OF_SCHEMAS := proofs_notes/schemas
SCHEMAS = $(patsubst $(OF_SCHEMAS)/%.schema.json,%,$(wildcard $(OF_SCHEMAS)/*.schema.json))

reference: $(VENV)/installed
	for page in cli.md api.md querygrad.1; do \
	  $(BIN)/python -m verify.reports.reference $$page > $(VENV)/$$page && cp $(VENV)/$$page proofs_notes/reference/ || exit 1; \
	done
	for name in $(SCHEMAS); do \
	  $(BIN)/python -m verify.reports.schemas $$name > $(VENV)/schema.json && cp $(VENV)/schema.json $(OF_SCHEMAS)/$$name.schema.json || exit 1; \
	done

# A release as its users get it: wheel and sdist, looked at, and the wheel in an environment that has nothing else; then
# with the extras the transcripts of the notes, with the newest dependencies, and with the lowest that pyproject.toml allows.
EXTRAS := onnx,pytest
ALL_LOWEST = $(shell $(PYTHON) -c 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	extras = project["optional-dependencies"]; needs = [*project["dependencies"], *extras["onnx"], *extras["pytest"]]; \
	print(*(need.replace(">=", "==") for need in needs))')
TRIED := $(addprefix proofs_notes/,pytest.md ci.md notebooks.md elsewhere.md computation.md release.md)
TRY = QUERYGRAD_CACHE=$(CURDIR)/$(VENV)/kept $(VENV)/empty/bin/python tests/house/transcripts.py $(TRIED)

release: $(VENV)/installed-dev
	rm -rf $(VENV)/dist $(VENV)/empty $(VENV)/kept
	$(BIN)/python -m build --outdir $(VENV)/dist .
	$(BIN)/python -m twine check --strict $(VENV)/dist/*
	$(BIN)/check-wheel-contents $(VENV)/dist/*.whl
	$(PYTHON) -m venv $(VENV)/empty
	$(VENV)/empty/bin/python -m pip --disable-pip-version-check --quiet install $(VENV)/dist/*.whl
	cd $(VENV)/empty && bin/querygrad doctor && bin/querygrad prove sigma.figure
	test -f $(VENV)/empty/share/man/man1/querygrad.1
	$(VENV)/empty/bin/python -m pip --disable-pip-version-check --quiet install "$$(echo $(VENV)/dist/*.whl)[$(EXTRAS)]"
	$(VENV)/empty/bin/python -m pip check
	$(TRY)
	$(VENV)/empty/bin/python -m pip --disable-pip-version-check --quiet install "$$(echo $(VENV)/dist/*.whl)[$(EXTRAS)]" $(ALL_LOWEST)
	cd $(VENV)/empty && bin/querygrad doctor
	$(TRY)

# The wheel with each newer Python that there is, on the path or in pyenv, and the newest dependencies that it can have.
NEWER := 3.12 3.13 3.14

pythons: $(VENV)/installed-dev
	rm -rf $(VENV)/dist
	$(BIN)/python -m build --outdir $(VENV)/dist .
	for version in $(NEWER); do \
	  found=$$(python$$version -c 'import sys; print(sys.executable)' 2>/dev/null || \
	    ls -d "$$(pyenv root 2>/dev/null)"/versions/$$version.*/bin/python 2>/dev/null | tail -1); \
	  if [ -z "$$found" ]; then echo "NOT TRIED: there is no Python $$version here"; continue; fi; \
	  rm -rf $(VENV)/empty $(VENV)/kept \
	  && "$$found" -m venv $(VENV)/empty \
	  && $(VENV)/empty/bin/python -m pip --disable-pip-version-check --quiet install "$$(echo $(VENV)/dist/*.whl)[$(EXTRAS)]" \
	  && $(VENV)/empty/bin/python -m pip check \
	  && (cd $(VENV)/empty && bin/querygrad doctor && bin/querygrad prove sigma.figure) \
	  && $(TRY) && echo "tried with $$($(VENV)/empty/bin/python -V)" || exit 1; \
	done

map: $(VENV)/installed
	@$(BIN)/querygrad map --markdown > $(VENV)/map.md; code=$$?; \
	case $$code in 0|1|3) cp $(VENV)/map.md proofs_notes/map.md;; esac; exit $$code

clean:
	rm -rf $(VENV)
