# Two commands on a fresh clone: `make prove` and `make test`. Each installs what it needs into .venv, once.
PYTHON ?= python3
JOBS ?= auto
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

TORCH ?= 2.13.0

.PHONY: venv prove test slow torch lint map clean

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

slow: $(VENV)/installed-dev
	$(BIN)/python -m pytest -o addopts= --import-mode=importlib -q -n $(JOBS) --dist loadscope -m "slow and not torch" || [ $$? -eq 5 ]

torch: $(VENV)/installed-dev
	$(PIP) install 'torch==$(TORCH)'
	$(BIN)/python -m pytest -o addopts= --import-mode=importlib -q -m torch

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

map: $(VENV)/installed
	@$(BIN)/querygrad map --markdown > $(VENV)/map.md; code=$$?; \
	case $$code in 0|1|3) cp $(VENV)/map.md proofs_notes/map.md;; esac; exit $$code

clean:
	rm -rf $(VENV)
