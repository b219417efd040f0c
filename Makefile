# One command each. `make demo` and `make test` set up what they need by themselves.

PY := .venv/bin/python

.PHONY: wire protos
wire: ## generate wire/ from proto/
	$(PY) -m tools.wire

protos: ## lint and format of proto/
	$(PY) -m tools.protos
