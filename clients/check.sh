#!/usr/bin/env bash
# Lint the document, build the clients and play with them on a live server; generate in three more ways without a warning.
# Usage: clients/check.sh python  (the project's own)
set -euo pipefail
python=$(realpath -s "$1")
cd "$(dirname "$0")"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true PATH="$PWD/node_modules/.bin:$PWD/.venv/bin:$PATH"
document=../openapi/openapi.json port=${PORT:-8917}

./build.sh "$python"

redocly lint --config redocly.yaml "$document"
spectral lint --fail-severity warn --ruleset .spectral.yaml "$document"

rm -rf generated && mkdir generated
openapi-ts --input "$document" --output generated/hey >generated/hey.log || { cat generated/hey.log; exit 1; }
tsc -p tsconfig.json
for language in kotlin dart; do
	log="generated/$language.log"
	openapi-generator-cli generate -i "$document" -g "$language" --model-name-mappings on=On -o "generated/$language" \
		>"$log" 2>&1 || { cat "$log"; exit 1; }
	if grep -E "WARN|ERROR" "$log" | grep -v "OpenAPI 3.1 support is still in beta"; then exit 1; fi
done

.venv/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps python/dist/*.whl
python new_values.py "$document"

data=$(mktemp -d)
(cd .. && MPP_DATA_DIR="$data" exec "$python" -m app serve --port "$port") >"$data/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" || true; rm -rf "$data"' EXIT
export BASE="http://127.0.0.1:$port" CAST="$data/demo.json"
for _ in $(seq 300); do
	kill -0 "$server" || { cat "$data/server.log"; exit 1; }
	curl -sf "$BASE/health/ready" >/dev/null && break
	sleep 0.2
done

node typescript/dist/test/day.js
python python/tests/day.py
node generated/js/hey_api/main_job.js
