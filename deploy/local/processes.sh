# What up.sh and down.sh share. To be sourced.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
state=$root/artifacts/local

# The parts in the order of their start.
parts=(redis silo1 silo2 silo3 gateway1 gateway2)

# What the command line of a part holds: its process number alone may be somebody else's by now.
mark_of() {
  case $1 in
    redis) echo redis-server ;;
    silo*) echo "$state/bin/silo/Presence.Silo.dll" ;;
    gateway*) echo "$state/bin/gateway/Presence.Gateway.dll" ;;
  esac
}

# Prints the process number of a part that runs; fails when it does not.
pid_of() {
  local pid
  [[ -f $state/run/$1.pid ]] || return
  pid=$(<"$state/run/$1.pid")
  [[ $(ps -o args= -p "$pid" 2>/dev/null) == *"$(mark_of "$1")"* ]] && echo "$pid"
}
