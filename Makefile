# Two commands do it all on a fresh machine: `make run` and `make test`.
# The newest that all wheels of the lock are there for comes first; PYTHON=… overrides.
PYTHON ?= python3.14 python3.13 python3.12 python3.11 python3 python
SERVES := import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
PY := .venv/bin/python
SOURCES := app tests migrations
POOLED := tests/journeys/test_a_mall_runs_a_day.py \
	$(patsubst %,tests/races/test_%.py,issuing calling midnight timeouts)

.PHONY: run test test-browser test-postgres test-pooler image-check clients contract fuzz check bench fix openapi examples released papers migration lock clean

.venv/ready: requirements-dev.lock
	@for each in $(PYTHON); do if "$$each" -c "$(SERVES)" 2>/dev/null; then \
		echo "Making the environment in .venv with $$each (a minute or so) …"; exec "$$each" -m venv --clear .venv; \
	fi; done; echo "No Python from 3.11 on (with its venv) was found. Tried: $(PYTHON)" >&2; exit 1
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv/ready  ## serve the demo mall on 127.0.0.1:8000
	@exec $(PY) -m app serve

test: .venv/ready  ## run the suite; the browser, made-up requests and other servers are steps of their own
	@$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest
	@$(PY) -m coverage combine -q
	@for each in domain actions queries; do $(PY) -m coverage report --include="app/$$each/*" || exit 1; done

test-browser: .venv/ready  ## the pages in a real browser; as root it installs Debian's where there is none
	@command -v $${MPP_CHROMIUM:-chromium} >/dev/null || \
		(apt-get update -q && apt-get install -yq --no-install-recommends chromium fonts-liberation)
	$(PY) -m pytest tests/browser -n 0

fuzz: .venv/ready  ## made-up requests by every role against a live server; MPP_FUZZ_EXAMPLES=… for more of them
	$(PY) -m pytest tests/fuzz -n 2

test-postgres: .venv/ready  ## run the suite (or TESTS) on Debian's PostgreSQL, installed where missing
	tests/with_postgres.sh $(PY) -m pytest $(TESTS)

test-pooler: .venv/ready  ## run the main job and the crowds through Debian's PgBouncer, in transaction mode
	tests/with_postgres.sh --pooler $(PY) -m pytest $(POOLED)

clients: .venv/ready  ## write the TypeScript and the Python client into clients/, and build their packages; needs Node.js and npm
	clients/build.sh $(PY)

contract: .venv/ready  ## lint the document, build the clients and play with them, generate in other ways; needs Java, too
	clients/check.sh $(PY)

image-check: .venv/ready  ## build and start the image without an engine, and read compose.yaml with Debian's docker-compose
	tests/image.sh $(PY)

check: .venv/ready  ## format, lint, types, import contracts, contract freshness
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PY) -m app openapi --check

bench: .venv/ready  ## measure issuing, calling and the board beside what the database alone can do; as root it installs Debian's wrk
	@command -v wrk >/dev/null || (apt-get update -q && apt-get install -yq --no-install-recommends wrk)
	$(PY) -m bench

fix: .venv/ready  ## mend what a machine can mend
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

openapi: .venv/ready  ## write openapi/openapi.json from the code
	$(PY) -m app openapi

examples: .venv/ready  ## play the story on the demo again, and keep what the program says as the examples of the document
	MPP_TEST_RENEW_EXAMPLES=1 $(PY) -m pytest -q -n 0 tests/examples
	$(PY) -m app openapi

released: .venv/ready  ## keep the document as the released one, which later ones must not break
	$(PY) -m tests.breaks

papers: .venv/ready  ## write the lifecycle drawings of ARCHITECTURE.md from the code
	$(PY) -m tests.papers

migration: .venv/ready  ## name=… : begin a migration from what the models say
	$(PY) -m app migration "$(name)"

lock: .venv/ready  ## make the hashed lock files anew
	.venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
	.venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 clients/requirements.in -o clients/requirements.lock

clean:
	rm -rf .coverage* .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
