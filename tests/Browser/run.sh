#!/bin/sh
# Runs the tests that need a client: the pages and the JavaScript client in Chromium, the clients of others against this server, the quick starts.
#   tests/Browser/run.sh [file ...]
# PRESENCE_DLL     the published server (default artifacts/standalone/Presence.Standalone.dll)
# PRESENCE_SEEDS   directory of the texts whose client must work unchanged (default ../shared/seeds; absent: those tests are skipped)
# CHROMIUM         the browser (default /usr/bin/chromium)
set -eu
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --no-audit --no-fund
(cd ../../clients/js && { [ -d node_modules ] || npm ci --no-audit --no-fund; } && npm run build)
[ $# -gt 0 ] || set -- ./*.test.mjs
exec node --experimental-websocket --test --test-concurrency=1 --test-timeout=420000 "$@"
