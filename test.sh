#!/usr/bin/env bash
# Builds and tests everything on a machine with the .NET 10 SDK and Node 20; installs what else it needs (Chromium, Redis, curl, ps, npm packages).
# The last line says how many tests passed, failed and were skipped.
set -uo pipefail
cd "$(dirname "$0")"
# One compiler for all projects, where each would warm up its own; it is sent away after the build.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 UseSharedCompilation=true
results=artifacts/test-results
rm -rf "$results" && mkdir -p "$results"
failed_steps=0
has_failed=0

step() { # NAME COMMAND...: a step that counts as one failed test when it fails
  local name=$1; shift
  echo "== $name, after $SECONDS s"
  if ! "$@"; then
    echo "FAILED: $name"
    failed_steps=$((failed_steps + 1))
    has_failed=1
    return 1
  fi
}

install() { # COMMAND PACKAGE: unless the command is there
  command -v "$1" >/dev/null && return 0
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq && $sudo apt-get install -y -qq "$2" >"$results/apt.log" 2>&1 || { cat "$results/apt.log"; return 1; }
}

logged() { # NAME COMMAND...: also into a file, from which failures and counts are read
  local log=$results/$1.txt; shift
  "$@" >"$log" 2>&1
  local code=$?
  cat "$log"
  return $code
}

dotnet_tests() { # FOLDER PROJECT...: one after another, with their results in a folder of their own
  local dlls=() project folder=$1; shift
  for project in "$@"; do dlls+=("tests/$project/bin/Release/net10.0/Presence.$project.dll"); done
  dotnet test "${dlls[@]}" --logger trx --results-directory "$results/$folder" --blame-hang-timeout 5m
}

other_projects() { # all that have tests, but for those named
  local file
  for file in $(grep -l xunit.runner.visualstudio tests/*/*.csproj); do basename "$(dirname "$file")"; done | grep -vxF "$(printf '%s\n' "$@")"
}

client_tests() {
  (cd clients/js && npm ci --no-audit --no-fund && npm test)
}

tests() { # NAME COMMAND...: a step whose failed tests are counted themselves
  step "$1 tests" logged "$1-tests" "${@:2}" || failed_steps=$((failed_steps - 1))
}

failures() { # the names of what failed, once more where they are found
  grep -hE "^  Failed [A-Z]|Cleanup Failure" "$results"/*-tests.txt 2>/dev/null
  grep -hE "^ *not ok " "$results"/*-tests.txt 2>/dev/null
  cat tests/Conformance/bin/Release/net10.0/*.errors.txt 2>/dev/null
}

count() { # ATTRIBUTE: the sum over all result files of .NET, from their counters
  local sum=0 n
  while read -r n; do sum=$((sum + n)); done < <(grep -hoE "<Counters [^>]*" "$results"/*/*.trx 2>/dev/null | grep -oE " $1=\"[0-9]+\"" | grep -oE "[0-9]+")
  echo "$sum"
}

node_count() { # WORD: from the closing lines of node's runner
  grep -hE "^(# |ℹ )$1 [0-9]+" "$results"/{browser,client}-tests.txt 2>/dev/null | grep -oE "[0-9]+" | awk '{s+=$1} END {print s+0}'
}

step "install Chromium" install chromium chromium
step "install Redis" install redis-server redis-server
step "install curl" install curl curl
step "install ps" install ps procps
if step "build" dotnet build Presence.sln -c Release -v quiet; then
  dotnet build-server shutdown --vbcscompiler >/dev/null
  # Style and analyzers are errors of the build already.
  step "format" dotnet format whitespace . --folder --verify-no-changes --exclude artifacts clients/js/node_modules tests/Browser/node_modules
  for program in Standalone Silo Gateway; do
    step "publish $program" dotnet publish "src/$program" -c Release --no-build -o "artifacts/${program,,}" -v quiet
  done
  export PRESENCE_DLL="$PWD/artifacts/standalone/Presence.Standalone.dll"
  tests "acceptance" dotnet_tests acceptance Acceptance.Tests
  # The standalone program compiles everything once and fully (docs/decisions/0005). Started for a few seconds each, many times, it need not.
  export DOTNET_TieredCompilation=1
  cluster=(Cluster.Tests Client.Tests)
  tests "cluster" dotnet_tests cluster "${cluster[@]}"
  tests "browser" bash tests/Browser/run.sh
  # What measures no times computes while the clients wait.
  logged other-tests dotnet_tests others $(other_projects Acceptance.Tests "${cluster[@]}") >/dev/null & others=$!
  tests "client" client_tests
  step "other tests" wait "$others" || failed_steps=$((failed_steps - 1))
  cat "$results/other-tests.txt"
fi

executed=$(count executed); total=$(count total); passed=$(count passed)
browser_failed=$(node_count fail)
passed=$((passed + $(node_count pass)))
failed=$((executed - $(count passed) + browser_failed + failed_steps))
skipped=$((total - executed + $(node_count skipped)))
# A runner that died before it could count anything is a failure too.
for runner in browser client; do
  grep -qE "^(# |ℹ )pass [1-9]" "$results/$runner-tests.txt" 2>/dev/null || failed=$((failed + 1))
done
[ "$executed" -gt 0 ] && [ "$failed" -ge "$has_failed" ] || failed=$((failed + 1))
failures
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
