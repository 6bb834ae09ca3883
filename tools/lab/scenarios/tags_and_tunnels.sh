# shellcheck shell=bash disable=SC2154
# VLAN tags and a tunnel. The kernel needs no VLAN support: each host talks through a tap, and a
# forwarder beside it pushes the tags on the way to the wire and pops them on the way back.

# client 192.0.2.10 (tap host0) ── forwarder ── tagged wire ── forwarder ── (tap host0) 192.0.2.20
two_tagged_hosts() { # ETHERTYPE:VLAN...
  local host last=10
  host client
  host server
  find_lab_program tag_forwarder
  wire client trunk0 server trunk0
  for host in client server; do
    on "$host" ip link set trunk0 mtu 1508
    start "$host" "$lab_program" host0 trunk0 "$@"
    wait_for_line "$work/$host-${lab_program##*/}.log" 'forwarding'
    next_mac_address
    on "$host" ip link set host0 address "$mac_address" up
    address "$host" host0 "192.0.2.$last/24"
    last=20
  done
}

scenario vlan "nginx curl ping" \
  "HTTP and ping in VLAN 10: every frame carries an 802.1Q tag"
record_vlan() {
  two_tagged_hosts 8100:10
  start_nginx server
  capture client trunk0
  on client ping -q -c 2 -i 0.2 192.0.2.20 >/dev/null
  fetch client http://192.0.2.20/ http://192.0.2.20/numbers.txt
}

scenario qinq "nginx curl ping" \
  "HTTP and ping with two tags on every frame: 802.1ad VLAN 100 outside, 802.1Q VLAN 10 inside"
record_qinq() {
  two_tagged_hosts 88a8:100 8100:10
  start_nginx server
  capture client trunk0
  on client ping -q -c 2 -i 0.2 192.0.2.20 >/dev/null
  fetch client http://192.0.2.20/ http://192.0.2.20/numbers.txt
}

scenario vxlan_tunnel "nginx curl ping" \
  "HTTP and ping inside a VXLAN tunnel (VNI 42) between two hosts"
record_vxlan_tunnel() {
  two_hosts
  join_tunnel client 192.0.2.20 10.42.0.10/24
  join_tunnel server 192.0.2.10 10.42.0.20/24
  start_nginx server
  capture client eth0
  on client ping -q -c 2 -i 0.2 10.42.0.20 >/dev/null
  fetch client http://10.42.0.20/numbers.txt
}

join_tunnel() { # HOST OTHER_END ADDRESS/LENGTH
  next_mac_address
  on "$1" ip link add tunnel0 address "$mac_address" type vxlan id 42 dstport 4789 remote "$2" \
    dev eth0
  offloads_off "$1" tunnel0
  on "$1" ip link set tunnel0 up
  address "$1" tunnel0 "$3"
}
