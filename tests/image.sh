#!/usr/bin/env bash
# image.sh PYTHON: what stands in Dockerfile and compose.yaml, tried where there is no container engine. As root.
set -euo pipefail
cd "$(dirname "$0")/.."
needed=
command -v mmdebstrap >/dev/null || needed=mmdebstrap
command -v docker-compose >/dev/null || needed="$needed docker-compose"
if [ -n "$needed" ]; then
    echo "Installing $needed …" >&2
    apt-get update -qq >&2
    # shellcheck disable=SC2086  # two words are two packages
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $needed >&2
fi
# docker-compose holds it to the compose specification's schema and fills in the settings; one that lacks is refused
export MPP_SECRET_KEY=secret MPP_ISSUER=https://api.mall.example POSTGRES_PASSWORD=secret
docker-compose -f compose.yaml config --quiet
for name in MPP_SECRET_KEY MPP_ISSUER POSTGRES_PASSWORD; do
    if env -u "$name" docker-compose -f compose.yaml config --quiet 2>/dev/null; then
        echo "compose.yaml starts without $name" >&2
        exit 1
    fi
done
unset MPP_SECRET_KEY MPP_ISSUER POSTGRES_PASSWORD
folder=$(mktemp -d /tmp/mpp-image.XXXXXX)
trap 'rm -rf "$folder"' EXIT
tests/with_postgres.sh "$1" tests/replay_dockerfile.py "$folder"
