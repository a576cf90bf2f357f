#!/usr/bin/env bash
# The cluster on a laptop: Redis, three silos and two gateways on this machine. Needs the .NET SDK and redis-server; installs nothing.
#
#   deploy/local/up.sh             start, from the builds that are there; publishes them when they are absent
#   deploy/local/up.sh --publish   publish anew, then start
#
# Settings in the environment (Presence__GracePeriod=2s) reach every process. Everything is kept in artifacts/local.
# PORT_OFFSET is added to every port, for where one of them is taken.
set -euo pipefail
source "$(dirname "$0")/processes.sh"

offset=${PORT_OFFSET:-0}
redis_port=$((6390 + offset))
ports=("$redis_port")
for port in 11121 11122 11123 30021 30022 30023 8080 8090 8081 8091 8082 8083 8084; do ports+=($((port + offset))); done
patience=60

fail() {
  echo "$*" >&2
  exit 1
}

listens() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

check() {
  local part port
  for part in "${parts[@]}"; do
    ! pid_of "$part" >/dev/null || fail "The cluster runs already: $part is process $(pid_of "$part"). Stop it with deploy/local/down.sh."
  done
  command -v dotnet >/dev/null || fail "dotnet is absent: install the .NET SDK that global.json names."
  command -v redis-server >/dev/null || fail "redis-server is absent: install Redis 6.2 or later (apt install redis-server, brew install redis)."
  for port in "${ports[@]}"; do
    ! listens "$port" || fail "Somebody else listens at port $port, which the cluster needs."
  done
}

publish() {
  local program
  for program in Silo Gateway; do
    if [[ ${1-} == --publish || ! -f $state/bin/${program,,}/Presence.$program.dll ]]; then
      echo "Publishing $program ..."
      dotnet publish "$root/src/$program" -c Release -v quiet --nologo -o "$state/bin/${program,,}"
    fi
  done
}

# launch <part> <command>...
launch() {
  local part=$1
  shift
  nohup "$@" </dev/null >"$state/log/$part.log" 2>&1 &
  echo $! >"$state/run/$part.pid"
}

launch_redis() {
  launch redis redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$state/redis" --appendonly yes --appendfsync everysec --save ""
}

# launch_silo <number>
launch_silo() {
  Presence__Cluster__SiloPort=$((11120 + $1 + offset)) Presence__Cluster__GatewayPort=$((30020 + $1 + offset)) \
    Presence__Cluster__SiloName="silo$1" Presence__ManagementUrl="http://localhost:$((8081 + $1 + offset))" \
    launch "silo$1" dotnet "$(mark_of silo)"
}

# launch_gateway <number>
launch_gateway() {
  Presence__ManagementUrl="http://localhost:$((8071 + 10 * $1 + offset))" \
    launch "gateway$1" dotnet "$(mark_of gateway)" --urls "http://localhost:$((8070 + 10 * $1 + offset))"
}

is_ready() {
  local status
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return
  printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  read -r _ status _ <&3
  [[ $status == 200 ]]
}

# await <part> <test>...: until the test succeeds; ends everything when the part does, or when it takes too long.
await() {
  local part=$1 end=$((SECONDS + patience))
  shift
  until ("$@") 2>/dev/null; do
    # By its number alone: on a busy machine it may not be the program that it is to become yet.
    if ! kill -0 "$(<"$state/run/$part.pid")" 2>/dev/null || ((SECONDS > end)); then
      tail -n 20 "$state/log/$part.log" >&2
      "$root/deploy/local/down.sh" >&2
      fail "$part did not start: see $state/log/$part.log."
    fi
    sleep 0.2
  done
}

check
mkdir -p "$state"/{bin,log,run,redis}
publish "$@"

export ASPNETCORE_ENVIRONMENT=Development Presence__Cluster__Redis=localhost:$redis_port
launch_redis
await redis listens "$redis_port"
for i in 1 2 3; do launch_silo "$i"; done
for i in 1 2 3; do await "silo$i" is_ready "$((8081 + i + offset))"; done
for i in 1 2; do launch_gateway "$i"; done
for i in 1 2; do await "gateway$i" is_ready "$((8071 + 10 * i + offset))"; done

cat <<END
Ready.
  gateways   http://localhost:$((8080 + offset))  http://localhost:$((8090 + offset))   (health and metrics at $((8081 + offset)) and $((8091 + offset)))
  silos      health and metrics at http://localhost:$((8082 + offset)), $((8083 + offset)) and $((8084 + offset))
  Redis      localhost:$redis_port
  logs       $state/log
Stop it with deploy/local/down.sh.
END
