# shellcheck shell=bash disable=SC2034
# Two hosts joined by a wire, for the scripts beside it: network namespaces that go when the script ends.
# Sourced with the options read.

# Another build can be measured: BUILD=build/dev.
tapdeck=${BUILD:=build/release}/tapdeck
bench=$BUILD/tapdeck-bench

remove_wire() {
  local host
  for host in "$sender" "$receiver"; do
    ip netns pids "$host" 2>/dev/null | xargs --no-run-if-empty kill -KILL || true
    ip netns delete "$host" 2>/dev/null || true
  done
  rm -rf "$folder"
}

# Sets sender and receiver, which call their ends eth0, and makes folder one of this script's own.
lay_wire() {
  local host
  install_missing iproute2 procps tcpdump wireshark-common
  [[ -x $tapdeck && -x $bench ]] || fail "build it first: cmake --preset release && cmake --build --preset release"
  folder=$(mktemp --directory "$folder/tapdeck-wire-XXXXXX")
  sender=tapdeck-wire-$$-a
  receiver=tapdeck-wire-$$-b
  trap remove_wire EXIT
  ip netns add "$sender"
  ip netns add "$receiver"
  ip link add eth0 netns "$sender" type veth peer name eth0 netns "$receiver"
  for host in "$sender" "$receiver"; do
    ip netns exec "$host" sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1
    ip -n "$host" link set eth0 up
  done
}

listens() { until grep -qs 'listening on' "$1"; do sleep 0.05; done; } # FILE
