# shellcheck shell=bash disable=SC2154
# ARP, neighbour discovery, ping and fragments.

scenario arp_and_ping "ping" \
  "ARP for a host that answers, three pings to it, then three ARP requests for an address that nobody has"
record_arp_and_ping() {
  two_hosts
  capture client eth0
  on client ping -q -c 3 -i 0.2 192.0.2.20 >/dev/null
  on client ping -q -c 1 -W 4 192.0.2.30 >/dev/null || true
}

scenario neighbour_discovery_and_ping "ping" \
  "IPv6 neighbour solicitation and advertisement, then three pings"
record_neighbour_discovery_and_ping() {
  two_ipv6_hosts
  capture client eth0
  on client ping -q -c 3 -i 0.2 2001:db8::20 >/dev/null
}

# Sends datagrams of several sizes from one port to a server that returns each.
echo_datagrams() { # SOCAT_ADDRESS_OF_SERVER SIZE...
  local server=$1 size
  shift
  seq 1 3000 >"$work/numbers.txt"
  for size in "$@"; do
    head -c "$size" "$work/numbers.txt"
    sleep 0.2
  done | on client socat -b 9000 -t 0.3 - "$server" >/dev/null
}

scenario udp_fragments_ipv4 "socat" \
  "UDP datagrams of 1472, 1473, 4000 and 8000 bytes, each returned: whole, then as 2, 3 and 6 fragments"
record_udp_fragments_ipv4() {
  two_hosts
  start server socat -b 9000 UDP4-LISTEN:7000 PIPE
  wait_for_port server udp 7000
  capture client eth0
  echo_datagrams UDP4:192.0.2.20:7000 1472 1473 4000 8000
}

scenario udp_fragments_ipv6 "socat" \
  "UDP datagrams of 1452, 1453, 4000 and 8000 bytes over IPv6, each returned: whole, then in fragments"
record_udp_fragments_ipv6() {
  two_ipv6_hosts
  start server socat -b 9000 UDP6-LISTEN:7000 PIPE
  wait_for_port server udp 7000
  capture client eth0
  echo_datagrams 'UDP6:[2001:db8::20]:7000' 1452 1453 4000 8000
}
