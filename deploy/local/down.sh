#!/usr/bin/env bash
# Stops what up.sh started, in the reverse order and each in its own time. Data and logs stay in artifacts/local.
set -euo pipefail
source "$(dirname "$0")/processes.sh"

patience=40

# stop <part>...: all at once.
stop() {
  local part pid end=$((SECONDS + patience))
  for part in "$@"; do
    ! pid=$(pid_of "$part") || kill -TERM "$pid"
  done
  for part in "$@"; do
    while pid=$(pid_of "$part"); do
      if ((SECONDS > end)); then
        echo "$part (process $pid) has not stopped within $patience s." >&2
        exit 1
      fi
      sleep 0.2
    done
    rm -f "$state/run/$part.pid"
  done
}

running=0
for part in "${parts[@]}"; do
  ! pid_of "$part" >/dev/null || running=$((running + 1))
done
stop gateway1 gateway2
stop silo1 silo2 silo3
stop redis
echo "Stopped $running processes."
