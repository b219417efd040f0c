# `make demo` and `make test` set up what they need by themselves, from locked and hashed requirements.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: help runtime dev demo test test-faults test-long check check-long check-deploy format wire protos docs deploy golden lock clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s'|'

runtime: ## .venv with what a running system needs
	@$(PYTHON) tools/environment.py runtime

dev: ## .venv with what tests and checks need besides
	@$(PYTHON) tools/environment.py dev

demo: runtime ## the whole system with a sample agency; ARGS=--exit ends after the tour
	@$(BIN)/retainer demo $(ARGS)

test: dev ## the tests that everybody runs, within six minutes
	@$(BIN)/pytest -n 2 --dist loadgroup -m "not long and not faults" $(ARGS)

test-faults: dev ## all that we promise is broken at in short form, within ten minutes; writes docs/reliability.md
	@$(BIN)/python -m tools.reliability $(ARGS)

test-long: dev ## all tests, in full; writes docs/reliability.md
	@HYPOTHESIS_PROFILE=long $(BIN)/pytest -n 2 --dist loadgroup -m "not promise" $(ARGS)
	@$(BIN)/python -m tools.reliability --full $(ARGS)

check: dev ## ruff, types, import rules, protos, drift, golden events
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.protos
	$(BIN)/python -m tools.wire --check
	$(BIN)/python -m tools.api --check
	$(BIN)/python -m tools.events --check
	$(BIN)/python -m tools.asyncapi --check
	$(BIN)/pytest -q tests/chassis/test_golden.py

check-deploy: dev ## checkov over the rendered overlays; installs it into build/ the first time
	$(BIN)/python -m tools.checkov

check-long: check ## check, and what is known of flaws in our code and in what we depend on (needs the network)
	$(BIN)/python -m tools.audit

format: dev ## put right what a tool can put right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m tools.protos --write

wire: dev ## generate wire/ from proto/
	$(BIN)/python -m tools.wire

protos: dev ## lint and format of proto/
	$(BIN)/python -m tools.protos

docs: dev ## docs/api.md from the protos and the rules, docs/events.md from the catalogs
	$(BIN)/python -m tools.api
	$(BIN)/python -m tools.events
	$(BIN)/python -m tools.asyncapi

deploy: dev ## what deploy/ says of the code: users of the bus
	$(BIN)/python -m tools.deploy

golden: dev ## write the golden samples of new events
	$(BIN)/python -m chassis.golden tests/golden $(foreach s,contracts timelog billing notify,services.$(s).__main__:CATALOG)

lock: dev ## lock requirements/*.in anew; needs uv
	uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements/runtime.in -o requirements/runtime.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes -c requirements/runtime.txt requirements/traces.in -o requirements/traces.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --override requirements/overrides.txt requirements/dev.in -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes requirements/checkov.in -o requirements/checkov.txt

clean: ## everything that can be made again
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis
