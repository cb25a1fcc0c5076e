#!/usr/bin/env bash
# Write the TypeScript and the Python client from the document, and build their packages.
# Usage: clients/build.sh python  (the project's own; tools are installed beside this file, as the locks say)
set -euo pipefail
python=$(realpath -s "$1")
cd "$(dirname "$0")"
export PATH="$PWD/node_modules/.bin:$PWD/.venv/bin:$PATH"
document=$(realpath ../openapi/openapi.json)

npm ci --silent
test -x .venv/bin/python || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock

# without a word but their own, so that a warning is seen
rm -rf typescript/dist typescript/*.tgz python/dist python/mpp_client/generated
openapi-typescript "$document" -o typescript/src/schema.ts >/dev/null
tsc -p typescript/tsconfig.json
(cd typescript && npm pack --silent)
openapi-python-client generate --path "$document" --meta none --fail-on-warning \
	--output-path python/mpp_client/generated --config python/generator.yaml
.venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w python/dist ./python
