.DEFAULT_GOAL := help
.PHONY: help setup run app test test-all check fast slow second docs mutate benchmark baselines answers-check messages notebooks lock format clean

.NOTPARALLEL: # each step relies on the one before

BIN := .venv/bin

# Tests start many processes: without bytecode kept, each would compile the package's and the tests' source again.
unexport PYTHONDONTWRITEBYTECODE

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

setup: ## .venv/ with the locked dependencies and this checkout; PYTHON=... to choose the Python
	@tools/venv.sh .venv 3.11 3.12 3.13

run: setup ## the flagship study
	$(BIN)/coprod-sim

app: setup ## the dashboard, served to this machine's browser alone; PORT=... for another port than 8765
	$(BIN)/coprod-sim app $(if $(PORT),port=$(PORT))

test: setup check fast ## format, lint, types, layers, words, and the fast tests

test-all: test slow second ## the same, then the slow tests, then the fast tests on a second Python

check:
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	git ls-files -z | xargs -0 $(BIN)/codespell

fast:
	$(BIN)/python -m pytest -m "not slow" -n auto --dist worksteal

slow:
	$(BIN)/python -m pytest -m slow -n auto --dist worksteal

second:
	@tools/second.sh

docs: setup ## the documentation as a site, build/site/index.html; warnings are errors
	$(BIN)/python -m sphinx -c docs -b html -E -a -W -n --keep-going -q -d build/doctrees . build/site

messages: setup ## catalogues of translations brought up to date with what is shown, and compiled
	@$(BIN)/python tools/messages.py

baselines: setup ## what the model gives, for tests to hold it to: renewed; BECAUSE="what changed and why" for CHANGELOG.md
	$(BIN)/python tests/baseline_runs.py --because "$$BECAUSE"

answers-check: ## which answers of experiments another model made than today's; fails if there are any
	@$(BIN)/python experiments/make_readme.py --check

notebooks: setup ## the notebooks run anew, and saved with what they show
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False notebooks/*.ipynb

mutate: setup ## whether tests notice a rule that was changed: 200 mutations drawn by SEED, by default 1; at most 30 minutes, idle
	$(BIN)/python tools/mutate.py $(if $(SEED),--seed $(SEED))

benchmark: setup ## how fast the model is, against an earlier one and the machine, and a million elders; about half an hour, idle
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/run.py --million
	$(BIN)/python benchmarks/table.py

lock: ## requirements.lock anew from pyproject.toml, keeping versions where they still fit; UPGRADE=1 for the newest
	@tools/lock.sh $(if $(UPGRADE),--upgrade)

format: setup ## format and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## everything that can be made again: environments, caches, build artefacts; not results/
	rm -rf .venv .venv-* build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
