#!/usr/bin/env bash
# Lint the document, generate three clients from it, compile them, and play the main job with each on a live server.
# Usage: clients/check.sh python  (the project's own; tools are installed beside this file, as the locks say)
set -euo pipefail
python=$(realpath -s "$1")
cd "$(dirname "$0")"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true PATH="$PWD/node_modules/.bin:$PWD/.venv/bin:$PATH"
document=../openapi/openapi.json port=${PORT:-8917} username=petugas.disdukcapil.1

npm ci --silent
test -x .venv/bin/python || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock

redocly lint --config redocly.yaml "$document"
spectral lint --fail-severity warn --ruleset .spectral.yaml "$document"

rm -rf generated && mkdir generated
openapi-typescript "$document" -o generated/schema.d.ts
openapi-ts --input "$document" --output generated/hey >generated/hey.log || { cat generated/hey.log; exit 1; }
openapi-python-client generate --path "$document" --meta none --output-path generated/mpp_client --config python/config.yaml
tsc -p tsconfig.json
python -m compileall -q generated/mpp_client

data=$(mktemp -d)
(cd .. && MPP_DATA_DIR="$data" exec "$python" -m app serve --port "$port") >"$data/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" || true; rm -rf "$data"' EXIT
export BASE="http://127.0.0.1:$port" USERNAME=$username PASSWORD
for _ in $(seq 300); do
	kill -0 "$server" || { cat "$data/server.log"; exit 1; }
	curl -sf "$BASE/health/ready" >/dev/null && break
	sleep 0.2
done
PASSWORD=$(python -c "
import json, sys
cast = json.load(open(sys.argv[1]))
print(next(each['password'] for each in cast['accounts'] if each['username'] == '$username'))" "$data/demo.json")

node generated/js/typescript/main_job.js
node generated/js/hey_api/main_job.js
PYTHONPATH=generated python python/main_job.py
PYTHONPATH=generated python python/new_values.py "$document"
