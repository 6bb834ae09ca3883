# shellcheck shell=bash disable=SC2154
# Hosts and the wires between them: each host is a network namespace, each wire a veth pair.
# Sourced by tools/lab/record; `$work` is the scenario's temporary folder.

namespace_prefix=tapdeck-$$
mac_addresses_used=0

set_up() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/tapdeck-lab.XXXXXX")
  chmod 755 "$work" # servers that give up root read their files here
  mac_addresses_used=0
}

our_namespaces() {
  ip netns list | awk -v prefix="$namespace_prefix-" 'index($1, prefix) == 1 {print $1}'
}

# Ends every process of ours, then removes the namespaces and all temporary files.
tear_down() {
  local namespace process
  for process in ${link_process:-} ${sampling_process:-}; do
    kill -KILL "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  link_process='' sampling_process=''
  for namespace in $(our_namespaces); do
    while [[ -n $(ip netns pids "$namespace") ]]; do
      ip netns pids "$namespace" | xargs --no-run-if-empty kill -KILL 2>/dev/null || true
      sleep 0.02
    done
    ip netns delete "$namespace" || true
  done
  [[ -z ${work:-} ]] || rm -rf "$work"
  work=
  [[ -z ${made_run_sshd:-} ]] || rmdir --ignore-fail-on-non-empty /run/sshd
  made_run_sshd=
}

# Runs a program on a host.
on() { # HOST COMMAND...
  local host=$1
  shift
  ip netns exec "$namespace_prefix-$host" "$@"
}

# Runs a program on a host in the background until it ends or the scenario does.
# Its process id is left in `$started`.
start() { # HOST COMMAND...
  local host=$1 program=$2
  shift
  ip netns exec "$namespace_prefix-$host" "$@" </dev/null >>"$work/$host-${program##*/}.log" 2>&1 &
  started=$!
  disown "$started" # the shell needn't announce its end
}

# Sets kernel settings on a host; one that this kernel doesn't know is passed over.
setting() { # HOST NAME=VALUE...
  local host=$1
  shift
  on "$host" sysctl --quiet --ignore --write "$@"
}

# A host with only IPv4, and Reno, which every kernel allows in a namespace whatever it prefers.
host() { # NAME
  ip netns add "$namespace_prefix-$1"
  setting "$1" net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 \
    net.ipv4.tcp_congestion_control=reno
  on "$1" ip link set lo up
}

next_mac_address() {
  mac_addresses_used=$((mac_addresses_used + 1))
  printf -v mac_address '02:00:00:00:00:%02x' "$mac_addresses_used"
}

offloads_off() { # HOST INTERFACE
  on "$1" ethtool -K "$2" tx off tso off gso off gro off >/dev/null
}

# A wire between two interfaces. Its addresses are the same in every recording and its kernels
# hand over whole packets with whole checksums.
wire() { # HOST_A INTERFACE_A HOST_B INTERFACE_B
  ip link add "$2" netns "$namespace_prefix-$1" type veth \
    peer name "$4" netns "$namespace_prefix-$3"
  next_mac_address
  on "$1" ip link set "$2" address "$mac_address"
  next_mac_address
  on "$3" ip link set "$4" address "$mac_address"
  offloads_off "$1" "$2"
  offloads_off "$3" "$4"
  on "$1" ip link set "$2" up
  on "$3" ip link set "$4" up
}

address() { # HOST INTERFACE ADDRESS/LENGTH...
  local host=$1 interface=$2 one
  shift 2
  for one in "$@"; do
    if [[ $one == *:* ]]; then
      on "$host" ip address add "$one" dev "$interface" nodad
    else
      on "$host" ip address add "$one" dev "$interface"
    fi
  done
}

# The lab's own program NAME, built by either preset; one of a single file (tools/lab/NAME.cpp) is
# otherwise compiled for the occasion. Its path is left in `$lab_program`.
find_lab_program() { # NAME
  local preset
  for preset in release dev; do
    lab_program=$repository/build/$preset/tapdeck-lab-${1//_/-}
    [[ ! -x $lab_program ]] || return 0
  done
  lab_program=$work/$1
  [[ ! -x $lab_program ]] || return 0
  g++ -std=c++20 -O1 -o "$lab_program" "$lab_folder/$1.cpp" 2>/dev/null ||
    fail 2 "tapdeck-lab-${1//_/-} isn't built: cmake --preset dev && cmake --build --preset dev"
}

# Switches IPv6 on, without router solicitations and without waiting for address conflicts.
# Call it before `wire`, and `let_ipv6_settle` after the last address.
with_ipv6() { # HOST...
  local host
  for host in "$@"; do
    setting "$host" net.ipv6.conf.default.accept_dad=0 \
      net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.accept_ra=0 \
      net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0
  done
}

# Kernels announce their multicast groups within two seconds of an address (RFC 3810 §9.11).
let_ipv6_settle() { sleep 3; }

# client 192.0.2.10 ── 192.0.2.20 server
two_hosts() {
  host client
  host server
  wire client eth0 server eth0
  address client eth0 192.0.2.10/24
  address server eth0 192.0.2.20/24
}

# client 2001:db8::10 ── 2001:db8::20 server
two_ipv6_hosts() {
  host client
  host server
  with_ipv6 client server
  wire client eth0 server eth0
  address client eth0 2001:db8::10/64
  address server eth0 2001:db8::20/64
  let_ipv6_settle
}

# client 192.0.2.10 ── 192.0.2.1 router 198.51.100.1 ── 198.51.100.20 server
routed_hosts() {
  host client
  host router
  host server
  wire client eth0 router eth0
  wire router eth1 server eth0
  address client eth0 192.0.2.10/24
  address router eth0 192.0.2.1/24
  address router eth1 198.51.100.1/24
  address server eth0 198.51.100.20/24
  setting router net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
  on client ip route add default via 192.0.2.1
  on server ip route add default via 198.51.100.1
}

# client 2001:db8:1::10 ── 2001:db8:1::1 router 2001:db8:2::1 ── 2001:db8:2::20 server
routed_ipv6_hosts() {
  host client
  host router
  host server
  with_ipv6 client router server
  wire client eth0 router eth0
  wire router eth1 server eth0
  setting router net.ipv6.conf.all.forwarding=1 net.ipv6.icmp.ratelimit=0
  address client eth0 2001:db8:1::10/64
  address router eth0 2001:db8:1::1/64
  address router eth1 2001:db8:2::1/64
  address server eth0 2001:db8:2::20/64
  on client ip route add default via 2001:db8:1::1
  on server ip route add default via 2001:db8:2::1
  let_ipv6_settle
}

# Waits until something listens on a port of a host.
wait_for_port() { # HOST tcp|udp PORT
  local attempt
  for ((attempt = 0; attempt < 100; ++attempt)); do
    [[ -z $(on "$1" ss --no-header --listening --numeric "--$2" "sport = :$3") ]] || return 0
    sleep 0.05
  done
  fail 3 "nothing listens on $2 port $3 of $1"
}
