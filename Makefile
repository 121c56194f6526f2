# Two commands are enough for a newcomer: `make render` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV   ?= .venv
RECIPE ?= recipes/indoor.yaml
BIN    := $(VENV)/bin

.PHONY: help render test test-blender test-slow lint format schema docs gallery-scenes bench clean
.DEFAULT_GOAL := help

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp stands for an environment whose requirements are those of pyproject.toml.
$(VENV)/.render: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[render]'
	touch $@

$(VENV)/.dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[render,dev]'
	touch $@ $(VENV)/.render

render: $(VENV)/.render ## Render recipes/indoor.yaml into out/indoor, pack it and make its gallery
	$(BIN)/synthgen render $(RECIPE)

test: $(VENV)/.dev ## Run the tests
	$(BIN)/python -m pytest -m 'not slow'

test-blender: $(VENV)/.dev ## Run only the tests that need bpy (PYTHON and VENV choose another Python)
	$(BIN)/python -m pytest -m 'blender and not slow'

test-slow: $(VENV)/.dev ## Run the heavier tests
	$(BIN)/python -m pytest -m slow

lint: $(VENV)/.dev ## Check style and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: $(VENV)/.dev ## Write recipes/recipe.schema.json
	$(BIN)/synthgen schema > recipes/recipe.schema.json

docs: $(VENV)/.dev ## Write the pages that are made from tables
	$(BIN)/python -m synthgen.inspect.catalogue > docs/channels.md

gallery-scenes: $(VENV)/.render ## Render the pictures of docs/scenes.md (FOLDER=PATH: models of your own too)
	$(BIN)/python docs/scene_grids.py $(if $(FOLDER),--folder $(FOLDER))

bench: $(VENV)/.dev ## Run every benchmark and write benchmarks/results
	for program in benchmarks/*.py; do $(BIN)/python $$program || exit 1; done

clean: ## Remove the environment and what was made
	rm -rf $(VENV) out build dist
